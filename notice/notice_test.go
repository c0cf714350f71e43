package notice_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"nghe/content"
	"nghe/course"
	"nghe/notice"
)

var update = flag.Bool("update", false, "write what is told as what should be")

var library = sync.OnceValue(content.MustBuiltin)

const today = course.Day("2026-11-30")

func n(x int64) *int64 { return &x }

// known are classes as they are announced.
var known = map[string]course.Course{
	"full": {ID: "na-01", Title: "Lớp Kỹ thuật chế biến món ăn K2", Trade: "nau-an", Status: course.Enrolling, Place: "ba-che", Venue: "Nhà văn hoá thôn Khe Lò", Deadline: "2026-12-12", Start: "2027-01-04",
		Duration: "3 tháng", Days: n(60), Schedule: "T2-T6, 7h30-11h00", Fee: n(0), Benefits: []string{"Hỗ trợ tiền ăn 50.000 đồng/ngày", "Tiền đi lại 300.000 đ/khoá nếu nhà cách 15 km"},
		Who: []string{"Lao động nông thôn", "Người DTTS"}, MinAge: n(16), Papers: []string{"Đơn đăng ký", "Bản sao CCCD"}, Provider: "TT GDNN-GDTX Ba Chẽ", ContactName: "Chị Lan", ContactPhone: "0912 345 678", ContactPlace: "UBND xã Ba Chẽ", Certificate: "Chứng chỉ sơ cấp"},
	"bare":      {ID: "b", Title: "Hàn", Trade: "han", Status: course.Enrolling, Start: "2027-01-10"},
	"fee":       {ID: "f", Title: "Lái máy xúc, máy ủi", Trade: "lai-may-thi-cong", Status: course.Enrolling, Place: "dam-ha", Deadline: "2026-12-05", Fee: n(2_500_000), Duration: "1,5 tháng", ContactPhone: "0203.3825.678"},
	"soon":      {ID: "s", Title: "Lớp trồng nấm", Trade: "trong-nam", Status: course.Planned, Place: "tien-yen", Start: "2027-02"},
	"cancelled": {ID: "c", Title: "Lớp may công nghiệp", Trade: "may", Status: course.Cancelled, Place: "ba-che", ContactPhone: "0912345678"},
	"invented":  {ID: "i", Title: "Lớp ví dụ: Nấu ăn", Trade: "nau-an", Status: course.Enrolling, Place: "ba-che", Deadline: "2026-12-12", Invented: true},
	"past":      {ID: "p", Title: "Lớp cũ", Trade: "nau-an", Status: course.Enrolling, Deadline: "2026-11-01"},
}

// What is read out and what is pinned up, as it should be (testdata).
func TestTexts(t *testing.T) {
	for name, c := range known {
		var b strings.Builder
		loud := notice.Loud(library(), c, today)
		fmt.Fprintf(&b, "Đọc loa, %d giây:\n%s\n\nDán bảng:\n", notice.Seconds(loud), strings.Join(loud, "\n"))
		if board := notice.Pin(library(), c, today); board != nil {
			fmt.Fprintf(&b, "%s\n%s\n", board.Head, board.Title)
			if board.Note != "" {
				fmt.Fprintf(&b, "! %s\n", board.Note)
			}
			for _, l := range board.Big {
				fmt.Fprintf(&b, "* %s: %s\n", l.Label, l.Text)
			}
			for _, l := range board.Lines {
				fmt.Fprintf(&b, "%s: %s\n", l.Label, l.Text)
			}
			fmt.Fprintf(&b, "Hỏi: %s\n", board.Ask)
		}
		file := filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil || string(want) != b.String() {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, &b, want)
		}
	}
}

// Whatever an office typed: it is read within a minute, without a figure, a sign
// or an abbreviation, and the notice stays one sheet.
func TestAnyClassCanBeRead(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"", "TT GDNN-GDTX Tiên Yên", "8h-11h30, T2 đến CN", "1.500.000đ/tháng", "0912.345.678 hoặc 0203 3825 678", "hỗ trợ 100% học phí", "https://example.com/a?b=1", "12/12/2026", "99/99/2026", "K25", "123456789012345678901234567890",
		strings.Repeat("rất dài ", 60), "xã/phường", "<b>đậm</b>", "LĐ-TB&XH", "2,5 triệu",
	}))
	day := rapid.SampledFrom([]course.Day{"", "2026-12", "2026-12-12", "2027-04-04", "2028-10-25"})
	rapid.Check(t, func(r *rapid.T) {
		draw := func(what string) string { return text.Draw(r, what) }
		c := course.Course{Title: draw("title"), Trade: rapid.SampledFrom([]string{"", "nau-an", "tho-lo"}).Draw(r, "trade"), Place: rapid.SampledFrom([]string{"", "ba-che", "co-to"}).Draw(r, "place"),
			Status: rapid.SampledFrom(course.Statuses).Draw(r, "status"), Venue: draw("venue"), Deadline: day.Draw(r, "deadline"), Start: day.Draw(r, "start"), Duration: draw("duration"), Schedule: draw("schedule"),
			Benefits: []string{draw("benefit"), draw("benefit")}, Who: []string{draw("who")}, Papers: []string{draw("papers")}, Fee: rapid.SampledFrom([]*int64{nil, n(0), n(1_234_567)}).Draw(r, "fee"),
			ContactName: draw("name"), ContactPhone: draw("phone"), ContactPlace: draw("at"), Invented: rapid.Bool().Draw(r, "invented"), CheckedOn: today}
		loud := notice.Loud(library(), c, today)
		if s := notice.Seconds(loud); s > notice.MaxSeconds {
			r.Errorf("%d seconds: %q", s, loud)
		}
		for _, s := range loud {
			if i := strings.IndexFunc(s, func(x rune) bool {
				return !unicode.IsLetter(x) && !unicode.IsMark(x) && !strings.ContainsRune(" ,.:", x)
			}); i >= 0 {
				r.Errorf("%q can't be read at %q", s, s[i:])
			}
		}
		if standing := c.Standing(today); (loud == nil) != (c.Status != course.Cancelled && standing <= course.Taken) {
			r.Errorf("standing %d: %q", standing, loud)
		}
		if b := notice.Pin(library(), c, today); b != nil {
			for _, l := range append(b.Lines, b.Big...) {
				if len([]rune(l.Text)) > 200 {
					r.Errorf("%s is too long for a sheet: %s", l.Label, l.Text)
				}
			}
		}
	})
}
