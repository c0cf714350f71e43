package console_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"nghe/course"
	"nghe/staff"
)

// Every number of the first page, counted by hand: what closes within a week, what
// may open, who has no seat, who was not seen to, and which commune should open
// which class next.
func TestHomeTellsWhatIsThere(t *testing.T) {
	w := needy(t)
	day := func(days int) course.Day { return course.DayOf(time.Now().In(zone).AddDate(0, 0, days)) }
	count := func(n int64) *int64 { return &n }
	if _, err := w.db.PutCourses(t.Context(), []course.Course{
		{ID: "soon", Title: "Lớp điện", Trade: "dien-cong-nghiep", Status: course.Enrolling, Deadline: day(7), Place: "tien-yen", Provider: "Trường A"},
		{ID: "later", Title: "Lớp nấu ăn", Trade: "nau-an", Status: course.Enrolling, Deadline: day(8), Place: "tien-yen", Provider: "Trường A"},
		{ID: "over", Title: "Lớp pha chế", Trade: "pha-che", Status: course.Finished, Deadline: day(3), Place: "tien-yen", Provider: "Trường A"},
		{ID: "full", Title: "Lớp lái máy", Trade: "may-cong-trinh", Status: course.Planned, Deadline: day(60), Place: "dam-ha", Provider: "Trường B", Quota: count(2), Least: count(4)},
	}, time.Now()); err != nil {
		t.Fatal(err)
	}
	var wishes []course.Interest
	for i := range 5 { // two have a seat, three wait, and with the first four it may open
		wishes = append(wishes, course.Interest{ID: fmt.Sprint("full", i), Place: "dam-ha", Trade: "may-cong-trinh", Course: "full", State: course.New, Source: course.FromPaper, Consent: "giấy", CreatedAt: time.Now(), UpdatedAt: time.Now()})
	}
	if err := w.db.AddInterests(t.Context(), wishes); err != nil {
		t.Fatal(err)
	}
	if err := w.learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	home := func(r staff.Role, s staff.Scope) (tiles, all string) {
		t.Helper()
		_, text := w.ask("GET", "/console/", w.as(r, s), "")
		return plain(text, "Lớp học và nguyện vọng</h2>", "</main>"), text
	}
	// New: 20 for bees in Ba Chẽ and 7 beside it, 31 for sewing, 3 for the class of
	// welding, 2 of unknown place, 5 for the full class.
	tiles, text := home(staff.Administrator, province)
	if want := "68 nguyện vọng mới, chưa ai liên lạc 1 lớp hết hạn đăng ký trong 7 ngày 1 lớp đủ người để mở 3 người chờ vì hết chỗ"; !strings.HasPrefix(tiles, want) {
		t.Errorf("%q is not at the start of %q", want, tiles)
	}
	for heading, want := range map[string][]string{
		`id="next"`:                {"Xem nhu cầu", "1. May công nghiệp, Phường Đông Triều", "31 người đang chờ", "2. Nuôi ong", "31 người đang chờ", "Xã Ba Chẽ 24, Xã Kỳ Thượng 7"},
		`id="ready"`:               {"Lớp lái máy", "5 người ghi, cần 4"},
		"Sắp hết hạn đăng ký</h2>": {"Lớp điện"},
	} {
		told := plain(text, heading, "<h2")
		for _, x := range want {
			_, after, found := strings.Cut(told, x)
			if !found {
				t.Errorf("%s: %q is not, or not in its order, in %q", heading, x, told)
			}
			told = after
		}
	}
	// Who works for a commune is told of that commune alone.
	tiles, text = home(staff.Administrator, staff.Scope{Places: []string{"dam-ha"}})
	if want := "5 nguyện vọng mới, chưa ai liên lạc 0 lớp hết hạn đăng ký trong 7 ngày 1 lớp đủ người để mở 3 người chờ vì hết chỗ"; !strings.HasPrefix(tiles, want) {
		t.Errorf("%q is not at the start of %q", want, tiles)
	}
	if strings.Contains(text, `id="next"`) {
		t.Error("a commune where too few wait is told to open a class")
	}
}
