package advice_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"nghe/advice"
	"nghe/course"
	"nghe/demo"
	"nghe/dialog"
)

// computeOf runs a function over some classes.
func computeOf(t testing.TB, k *course.Catalogue, name string, s scope) dialog.Values {
	t.Helper()
	v, err := advice.Functions(lib, k)[name](s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// some gives n open classes of a trade, each at another place.
func some(n int, trade string, change func(i int, c *course.Course)) *course.Catalogue {
	var all []course.Course
	for i := range n {
		c := course.Course{ID: fmt.Sprint(trade, "-", i), Title: fmt.Sprint("Lớp ", i), Trade: trade, Place: lib.Places[i].ID, Level: course.Short, Status: course.Enrolling, Deadline: "2026-12-15"}
		if change != nil {
			change(i, &c)
		}
		all = append(all, c)
	}
	return course.NewCatalogue(all)
}

// Only what helps to choose is asked.
func TestCoursesAskTheFewest(t *testing.T) {
	skipped := dialog.Skipped()
	for _, c := range []struct {
		why   string
		k     *course.Catalogue
		slots dialog.Values
		need  string
		found string
	}{
		{"nothing there: nothing to ask", some(0, "han", nil), nil, "", "no"},
		{"one class: nothing to ask", some(1, "han", nil), nil, "", "yes"},
		{"two: where", some(2, "han", nil), nil, "place", ""},
		{"five, and no place wanted", some(5, "han", nil), dialog.Values{"place": skipped}, "", "yes"},
		{"many: which trade", some(9, "han", nil), nil, "trade", ""},
		{"many of any trade: where", some(9, "han", nil), dialog.Values{"trade": skipped}, "place", ""},
		{"many alike: no more to ask", some(9, "han", nil), dialog.Values{"trade": skipped, "place": dialog.Text("ba-che")}, "", "yes"},
		{"many, short and long", some(9, "han", func(i int, c *course.Course) {
			if i%2 == 0 {
				c.Level = course.College
			}
		}), dialog.Values{"trade": skipped, "place": skipped}, "course_level", ""},
		{"many, in different months", some(9, "han", func(i int, c *course.Course) { c.Start = course.Day(fmt.Sprintf("2027-%02d-01", 1+i)) }),
			dialog.Values{"trade": skipped, "place": skipped}, "course_from", ""},
		{"many, and all was asked", some(9, "han", func(i int, c *course.Course) { c.Start = course.Day(fmt.Sprintf("2027-%02d-01", 1+i)) }),
			dialog.Values{"trade": skipped, "place": skipped, "course_level": skipped, "course_from": skipped}, "", "yes"},
		{"none of the trade", some(9, "han", nil), dialog.Values{"trade": dialog.Text("nau-an")}, "", "no"},
		{"none so long: the others", some(3, "han", nil), dialog.Values{"trade": dialog.Text("han"), "place": skipped, "course_level": dialog.Text("long")}, "", "yes"},
	} {
		v := computeOf(t, c.k, "courses", scope{values: c.slots, at: today})
		if v["need"].Text() != c.need || v["found"].Text() != c.found {
			t.Errorf("%s: need %q, found %q", c.why, v["need"].Text(), v["found"].Text())
		}
	}
}

func TestCoursesShowTheNearestFive(t *testing.T) {
	k := some(20, "han", nil)
	v := computeOf(t, k, "courses", scope{values: dialog.Values{"trade": dialog.Text("han"), "place": dialog.Text(lib.Places[7].ID), "course_level": dialog.Skipped(), "course_from": dialog.Skipped()}, at: today})
	cards, offers := v["cards"].Show().Cards, v["offers"].List()
	if len(cards) != 5 || cards[0].Title != "Lớp 7" || !strings.Contains(cards[0].Text, "ngay nơi") || !strings.Contains(cards[1].Text, "cách khoảng") {
		t.Errorf("%+v", cards)
	}
	if offers[0] != "flow:course?course=han-7" || offers[5] != "flow:register?wish_trade=han" {
		t.Errorf("%q", offers)
	}
}

// Every class, whatever is known of it: nothing is made up, every label fits a
// button, every text a bubble.
func TestAnyCourseCanBeTold(t *testing.T) {
	invented := demo.Courses(lib, today)
	rapid.Check(t, func(r *rapid.T) {
		c := invented[rapid.IntRange(0, len(invented)-1).Draw(r, "course")]
		for _, forget := range []func(){func() { c.Place = "" }, func() { c.Fee = nil }, func() { c.Deadline = "" }, func() { c.Start = "" }, func() { c.Duration = "" }, func() { c.Title = strings.Repeat("dài ", 29) }, func() { c.Invented = false }} {
			if rapid.Bool().Draw(r, "forget") {
				forget()
			}
		}
		k := course.NewCatalogue([]course.Course{c})
		whole := advice.WithCourses(lib, k)
		for _, slot := range []string{"course", "join", "for_course"} {
			if label := whole.ValueName(slot, c.ID); label == c.ID || utf8.RuneCountInString(label) > 30 {
				r.Errorf("%s is called %q", slot, label)
			}
			if label := whole.ValueName(slot, "gone"); label != "gone" {
				r.Errorf("a class that is gone is called %q", label)
			}
		}
		v, err := advice.Functions(lib, k)["course"](scope{values: dialog.Values{"course": dialog.Text(c.ID), "place": dialog.Text("ba-che")}, at: today})
		if err != nil {
			r.Fatal(err)
		}
		text := v["result"].Text()
		for bubble := range strings.SplitSeq(text, "\n\n") {
			if n := utf8.RuneCountInString(bubble); n > 900 {
				r.Errorf("a bubble of %d characters: %s", n, bubble)
			}
		}
		if c.Invented != strings.Contains(text, "không có thật") {
			r.Errorf("invented is %v: %s", c.Invented, text)
		}
		if c.Fee == nil != strings.Contains(text, "ưa rõ học phí") {
			r.Errorf("fee %v: %s", c.Fee, text)
		}
		if strings.Contains(text, "{ask}") || strings.Contains(text, "{list}") || strings.Contains(text, "{day}") {
			r.Errorf("a place is not filled: %s", text)
		}
	})
}

// A class answers what it can of the support's questions; what the person says
// counts more; and the sum is that of its days and cost.
func TestSupportForACourse(t *testing.T) {
	days, fee := int64(60), int64(2_500_000)
	k := course.NewCatalogue([]course.Course{{ID: "x", Title: "Lớp hàn", Trade: "han", Level: course.Elementary, Days: &days, Fee: &fee, Status: course.Enrolling, Deadline: "2026-12-15"}})
	slots := dialog.Values{"for_course": dialog.Text("x"), "work": dialog.List("rural"), "papers": dialog.List(), "area": dialog.Text("no"), "distance": dialog.Number(3)}
	v := computeOf(t, k, "support", scope{values: slots, at: today})
	if v["need"].Text() != "" || !strings.Contains(v["result"].Text(), "5.500.000") || !strings.Contains(v["for_class"].Text(), "Lớp hàn") {
		t.Errorf("%v", v)
	}
	slots["days"] = dialog.Number(10)
	if v := computeOf(t, k, "support", scope{values: slots, at: today}); !strings.Contains(v["result"].Text(), "3.000.000") {
		t.Errorf("their own 10 days don't count: %v", v["result"])
	}
	delete(slots, "for_course")
	if v := computeOf(t, k, "support", scope{values: slots, at: today}); v["for_class"].Text() != "" || v["need"].Text() != "cost" {
		t.Errorf("without a class: %v", v)
	}
}

func TestWishNamesWhatItIsFor(t *testing.T) {
	k := course.NewCatalogue([]course.Course{
		{ID: "open", Title: "Lớp hàn", Trade: "han", Status: course.Enrolling, Deadline: "2026-12-15"},
		{ID: "over", Title: "Lớp cũ", Trade: "han", Status: course.Enrolling, Deadline: "2026-01-15"},
		{ID: "long", Title: "Lớp dài", Trade: "han", Level: course.College, Status: course.Enrolling, Deadline: "2026-12-15"},
	})
	for _, c := range []struct {
		slots                   dialog.Values
		standing, subject, next string
	}{
		{dialog.Values{"join": dialog.Text("open")}, "open", "lớp “Lớp hàn”", "flow:support?for_course=open"},
		{dialog.Values{"join": dialog.Text("long")}, "open", "lớp “Lớp dài”", "flow:loan"},
		{dialog.Values{"join": dialog.Text("over")}, "past", "lớp “Lớp cũ”", "flow:register?wish_trade=han"},
		{dialog.Values{"join": dialog.Text("nosuch"), "trade": dialog.Text("han")}, "gone", "", "flow:course"},
		{dialog.Values{"trade": dialog.Text("nuoi-ong"), "place": dialog.Text("ba-che")}, "none", "học nghề nuôi ong lấy mật, ở xã Ba Chẽ", "flow:support"},
		{dialog.Values{}, "none", "", "flow:course"},
	} {
		v := computeOf(t, k, "wish", scope{values: c.slots, at: today})
		if v["standing"].Text() != c.standing || v["subject"].Text() != c.subject || v["offers"].List()[0] != c.next {
			t.Errorf("%v: %v", c.slots, v)
		}
	}
}

// Whatever an effect gave, the wishes are told, at most six of them.
func TestWishes(t *testing.T) {
	item := "01234567890123456789ABCDEF|gone|han|ba-che|con trai"
	v := computeOf(t, some(0, "han", nil), "wishes", scope{values: dialog.Values{"wish_list": dialog.List(slices.Repeat([]string{item}, 9)...)}, at: today})
	whole := advice.WithCourses(lib, some(0, "han", nil))
	if lines := strings.Split(v["wishes"].Text(), "\n"); len(lines) != 6 || !strings.Contains(lines[5], "6. Học nghề") || !strings.Contains(lines[0], "(cho con trai)") {
		t.Errorf("%q", v["wishes"].Text())
	}
	for _, offer := range v["offers"].List() {
		_, value, _ := strings.Cut(offer, "=")
		if len(offer) > 64 || whole.ValueName("wish", value) == value {
			t.Errorf("offer %s is called %q", offer, whole.ValueName("wish", value))
		}
	}
	for _, foreign := range []string{"", "yes", "1-", "7-01234567890123456789ABCDEF", "1-short"} {
		if name := whole.ValueName("wish", foreign); name != foreign {
			t.Errorf("%q is called %q", foreign, name)
		}
	}
	if v := computeOf(t, some(0, "han", nil), "wishes", scope{values: dialog.Values{"wish_list": dialog.Text("yes")}, at: today}); v["wishes"].Text() != "" {
		t.Errorf("%v", v)
	}
}

// What a conversation computes of 5,000 classes.
func BenchmarkCourses(b *testing.B) {
	var all []course.Course
	for i := range 5000 {
		all = append(all, course.Course{ID: fmt.Sprint("c", i), Title: "Lớp", Trade: lib.Trades[i%len(lib.Trades)].ID, Place: lib.Places[i%len(lib.Places)].ID, Level: course.Levels[i%5], Status: course.Enrolling, Deadline: "2026-12-15"})
	}
	f := advice.Functions(lib, course.NewCatalogue(all))["courses"]
	s := scope{values: dialog.Values{"trade": dialog.Skipped(), "place": dialog.Text("ba-che"), "course_level": dialog.Skipped(), "course_from": dialog.Skipped()}, at: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)}
	for b.Loop() {
		if _, err := f(s); err != nil {
			b.Fatal(err)
		}
	}
}
