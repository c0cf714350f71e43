package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"nghe/course"
	"nghe/scheduler/reminder"
	"nghe/staff"
)

// peopled is a console with two classes and four people in two communes.
func peopled(t *testing.T) *world {
	w := newWorld(t)
	ctx := t.Context()
	if _, err := w.db.PutCourses(ctx, []course.Course{
		{ID: "near", Code: "near", Title: "Lớp ở Ba Chẽ", Trade: "han", Status: course.Enrolling, Deadline: "2099-01-01", Place: "ba-che", Provider: "Trường A"},
		{ID: "far", Code: "far", Title: "Lớp ở Tiên Yên", Trade: "han", Status: course.Enrolling, Deadline: "2099-01-01", Place: "tien-yen", Provider: "Trường B"},
	}, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := w.learn(ctx); err != nil {
		t.Fatal(err)
	}
	var all []course.Interest
	for i, x := range []struct{ place, course string }{{"ba-che", "near"}, {"ba-che", ""}, {"tien-yen", "far"}, {"tien-yen", "near"}} {
		all = append(all, course.Interest{ID: fmt.Sprint("w", i), Trade: "han", Place: x.place, Course: x.course, Name: fmt.Sprint("Người số ", i), Phone: "0912345678", State: course.New, Source: course.FromPaper, Consent: "giấy", CreatedAt: time.Now(), UpdatedAt: time.Now()})
	}
	if err := w.db.AddInterests(ctx, all); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) states() string {
	w.t.Helper()
	all, err := w.db.InterestsByID(w.t.Context(), []string{"w0", "w1", "w2", "w3"})
	if err != nil {
		w.t.Fatal(err)
	}
	var states []string
	for _, i := range all {
		states = append(states, string(i.State))
	}
	return strings.Join(states, " ")
}

// Who works for a commune sees and moves the people of that commune and those
// who wish for its classes, and no others; nothing gets past that by an address
// or a form made by hand.
func TestScope(t *testing.T) {
	w := peopled(t)
	may := w.as(staff.Officer, staff.Scope{Places: []string{"ba-che"}})
	school := w.as(staff.Officer, staff.Scope{Org: "Trường B"})
	counsellor := w.as(staff.Counsellor, staff.Scope{Places: []string{"tien-yen"}})
	for name, c := range map[string]struct {
		cookie string
		sees   string
	}{"commune": {may, "0 1 3"}, "school": {school, "2"}, "counsellor": {counsellor, "2 3"}} {
		for _, path := range []string{"/console/interests", "/console/interests?place=", "/console/interests?q=0912345678"} {
			_, text := w.ask("GET", path, c.cookie, "")
			for i := range 4 {
				if sees := strings.Contains(text, fmt.Sprint("Người số ", i)); sees != strings.Contains(c.sees, fmt.Sprint(i)) {
					t.Errorf("%s at %s sees %d: %v", name, path, i, sees)
				}
			}
		}
		for i := range 4 {
			answer, _ := w.ask("GET", fmt.Sprint("/console/interests/w", i), c.cookie, "")
			if want := map[bool]int{true: 200, false: 403}[strings.Contains(c.sees, fmt.Sprint(i))]; answer.StatusCode != want {
				t.Errorf("%s opens w%d: %d", name, i, answer.StatusCode)
			}
		}
	}

	move := func(ids ...string) string {
		return url.Values{"id": ids, "to": {"contacted"}}.Encode()
	}
	if answer, _ := w.ask("POST", "/console/interests/move", may, move("w0", "w2")); answer.StatusCode != http.StatusForbidden || w.states() != "new new new new" {
		t.Errorf("moved somebody else's: %d, %s", answer.StatusCode, w.states())
	}
	if answer, _ := w.ask("POST", "/console/interests/move", may, move("w0", "w3", "nobody")); answer.StatusCode != http.StatusSeeOther || w.states() != "contacted new new contacted" {
		t.Errorf("%d, %s", answer.StatusCode, w.states())
	}
	entries, err := w.db.Staff().Entries(t.Context(), staff.Query{Did: "interest.move", Limit: 9})
	if err != nil || len(entries) != 2 || entries[0].Detail != "Mới → Đã liên lạc" {
		t.Errorf("%+v, %v", entries, err)
	}

	// Classes: everybody sees them; one's own are changed, and stay one's own.
	if answer, _ := w.ask("GET", "/console/courses/far", may, ""); answer.StatusCode != 200 {
		t.Errorf("a class of others: %d", answer.StatusCode)
	}
	for path, want := range map[string]int{"/console/courses/far/edit": 403, "/console/courses/far/cancel": 403, "/console/courses/near/edit": 200, "/console/courses/near/cancel": 200, "/console/courses/nosuch/edit": 404} {
		if answer, _ := w.ask("GET", path, may, ""); answer.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, answer.StatusCode, want)
		}
	}
	for _, path := range []string{"/console/courses/far", "/console/courses/far/open", "/console/courses/far/cancel"} {
		if answer, _ := w.ask("POST", path, may, "why=x"); answer.StatusCode != 403 {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
	form := url.Values{"nghe": {"hàn"}, "tinh-trang": {"Đang nhận"}, "xa-phuong": {"Xã Tiên Yên"}, "ten-lop": {"Lớp mới"}}
	if answer, text := w.ask("POST", "/console/courses", may, form.Encode()); answer.StatusCode != 422 || !strings.Contains(text, "ngoài phạm vi") || !strings.Contains(text, "Lớp mới") {
		t.Errorf("a class elsewhere: %d", answer.StatusCode)
	}
	form.Set("xa-phuong", "Xã Ba Chẽ")
	if answer, _ := w.ask("POST", "/console/courses", may, form.Encode()); answer.StatusCode != 303 {
		t.Errorf("a class at home: %d", answer.StatusCode)
	}
	// An edit that carries a class away is refused, too.
	near := w.courses.Load().Course("near")
	form.Set("xa-phuong", "Xã Tiên Yên")
	form.Set("seen", near.UpdatedAt.Format("20060102150405.000"))
	if answer, text := w.ask("POST", "/console/courses/near", may, form.Encode()); answer.StatusCode != 422 || !strings.Contains(text, "ngoài phạm vi") {
		t.Errorf("a class carried away: %d", answer.StatusCode)
	}
	// Of two who edit at the same time the second is told.
	form.Set("xa-phuong", "Xã Ba Chẽ")
	form.Set("ma-lop", "near")
	for i, want := range []int{303, 422} {
		answer, text := w.ask("POST", "/console/courses/near", may, form.Encode())
		if answer.StatusCode != want || i == 1 && !strings.Contains(text, "có người khác đã sửa") {
			t.Errorf("edit %d: %d", i, answer.StatusCode)
		}
	}

	// An editor keeps classes and sees nobody.
	editor := w.as(staff.Editor, province)
	if _, text := w.ask("GET", "/console/courses/near", editor, ""); strings.Contains(text, "Người số") || strings.Contains(text, "0912345678") {
		t.Error("an editor sees people")
	}
	if answer, _ := w.ask("GET", "/console/interests", editor, ""); answer.StatusCode != 403 {
		t.Errorf("an editor among the wishes: %d", answer.StatusCode)
	}
	// What is taken out is within the scope, and noted.
	if answer, body := w.ask("GET", "/console/interests/export.xlsx?course=near", may, ""); answer.StatusCode != 200 || !strings.HasPrefix(body, "PK") {
		t.Errorf("export: %d", answer.StatusCode)
	}
	if answer, _ := w.ask("GET", "/console/interests/export.xlsx", counsellor, ""); answer.StatusCode != 403 {
		t.Errorf("export by a counsellor: %d", answer.StatusCode)
	}
	entries, err = w.db.Staff().Entries(t.Context(), staff.Query{Did: "interest.export", Limit: 9})
	if err != nil || len(entries) != 1 || entries[0].About != "course:near" || entries[0].Detail != "xuất danh sách 2 người" {
		t.Errorf("%+v, %v", entries, err)
	}
}

// What the office is told stands on the first page of those whom it concerns,
// until its day, whether they have a chat or not.
func TestThingsToDo(t *testing.T) {
	w := newWorld(t)
	now := time.Now()
	for _, n := range []reminder.Notice{
		{Name: "a/1", Roles: []string{"editor"}, Text: "Có 3 dữ kiện", At: now, Until: now.Add(time.Hour)},
		{Name: "b/1", Roles: []string{"administrator"}, Text: "Báo cáo cơ quan", At: now, Until: now.Add(time.Hour)},
		{Name: "c/1", Roles: []string{"administrator"}, Province: true, Text: "Báo cáo tỉnh", At: now, Until: now.Add(time.Hour)},
		{Name: "d/1", Roles: []string{"administrator"}, Text: "Đã qua", At: now, Until: now.Add(-time.Hour)},
	} {
		if _, _, err := w.db.PutNotice(t.Context(), n); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		role  staff.Role
		scope staff.Scope
		sees  string
	}{
		{staff.Editor, province, "Có 3 dữ kiện"},
		{staff.Administrator, province, "Báo cáo cơ quan, Báo cáo tỉnh"},
		{staff.Administrator, staff.Scope{Places: []string{"ba-che"}}, "Báo cáo cơ quan"},
		{staff.Viewer, province, ""},
	} {
		_, text := w.ask("GET", "/console/", w.as(c.role, c.scope), "")
		var sees []string
		for _, what := range []string{"Có 3 dữ kiện", "Báo cáo cơ quan", "Báo cáo tỉnh", "Đã qua"} {
			if strings.Contains(text, what) {
				sees = append(sees, what)
			}
		}
		if strings.Join(sees, ", ") != c.sees || strings.Contains(text, "Việc cần làm") != (c.sees != "") {
			t.Errorf("%s %+v sees %q", c.role, c.scope, sees)
		}
	}
	// Who may not invite is not told to.
	if _, text := w.ask("GET", "/console/", w.as(staff.Officer, province), ""); strings.Contains(text, "Mời thêm cán bộ") {
		t.Error("an officer is asked to invite members")
	}
	if _, text := w.ask("GET", "/console/", w.as(staff.Administrator, province), ""); !strings.Contains(text, "Mời thêm cán bộ") {
		t.Error("an administrator is not asked to invite members")
	}
}
