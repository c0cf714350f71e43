package demo_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"nghe/content"
	"nghe/course"
	"nghe/daily"
	"nghe/demo"
	"nghe/people"
	"nghe/unanswered"
)

var (
	now = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	lib = content.MustBuiltin()
)

func TestCoursesAreMarkedAndPossible(t *testing.T) {
	all := demo.Courses(lib, now)
	standings := map[course.Standing]int{}
	ids := map[string]bool{}
	for _, c := range all {
		standings[c.Standing(course.DayOf(now))]++
		if !c.Invented || !strings.HasPrefix(c.Title, "Lớp ví dụ") || c.ContactPhone != "" || c.ContactName != "" || ids[c.ID] {
			t.Errorf("%+v", c)
		}
		ids[c.ID] = true
		if lib.Trade(c.Trade) == nil || lib.Place(c.Place) == nil || !c.Start.Valid() || !c.Deadline.Valid() || !c.End.Valid() {
			t.Errorf("%+v", c)
		}
	}
	for s := course.Past; s <= course.Open; s++ {
		if standings[s] < 3 {
			t.Errorf("only %d courses have the standing %d", standings[s], s)
		}
	}
	if !reflect.DeepEqual(all, demo.Courses(lib, now)) {
		t.Error("another call invents others")
	}
	many := demo.ManyCourses(lib, 300, now)
	if len(many) != 300 || !reflect.DeepEqual(many[:len(all)], all) || many[299].ID == many[298].ID {
		t.Error("many are others")
	}
	next := demo.Courses(lib, now.AddDate(0, 0, 1))
	if next[0].ID != all[0].ID || next[0].Trade != all[0].Trade {
		t.Error("on the next day they are others")
	}
}

func TestPeopleAreMarked(t *testing.T) {
	courses := demo.Courses(lib, now)
	all, wishes := demo.People(lib, courses, 1, 101, "telegram", now)
	contacts := map[string]bool{}
	for i, p := range all {
		c := p.Contacts[0]
		if !strings.HasPrefix(p.ID, people.InventedPrefix) || contacts[c.ID] || c.Channel != "telegram" || strings.Trim(c.ID, "0123456789") != "" {
			t.Errorf("%+v", p)
		}
		contacts[c.ID] = true
		if w := wishes[i]; w.Contact != c.ID || w.Source != course.FromDemo || w.Phone != "" || !strings.Contains(w.Name, "ví dụ") || lib.Trade(w.Trade) == nil {
			t.Errorf("%+v", w)
		}
	}
	// However they are called for, the same person comes out.
	some, _ := demo.People(lib, courses, 50, 60, "telegram", now)
	if !reflect.DeepEqual(some, all[49:59]) {
		t.Error("invented one by one they are others")
	}
}

// The same day invents the same counts and questions; all are marked, in the past,
// and make a funnel that loses people on the way.
func TestInventedCounts(t *testing.T) {
	counts := demo.Counts(lib, now)
	if !maps.Equal(counts, demo.Counts(lib, now)) {
		t.Error("the same call invents other counts")
	}
	var sums []daily.Sum
	for k, n := range counts {
		if k.Channel != daily.Invented || k.Day > 20261124 || k.Day < 20260901 || n <= 0 {
			t.Errorf("%+v: %d", k, n)
		}
		sums = append(sums, daily.Sum{Key: k, N: n})
	}
	f := daily.FunnelOf("loan", nil, sums)
	if f.Started < 100 || f.Ended == 0 || f.Ended >= f.Started || len(f.Steps) < 5 {
		t.Errorf("%+v", f)
	}
	var turns int64
	days := map[daily.Day]bool{}
	for k, n := range demo.ManyCounts(lib, 20_000, now) {
		if k.Channel != daily.Invented || k.Day > 20261124 || k.Day < 20251125 {
			t.Errorf("%+v: %d", k, n)
		}
		if k.Kind == daily.Turns {
			turns += n
		}
		days[k.Day] = true
	}
	if turns < 20_000 || turns > 20_500 || len(days) < 60 {
		t.Errorf("%d turns in %d days", turns, len(days))
	}
	if many := demo.ManyUnanswered(20_000, now); len(many) < len(demo.Unanswered(now))+180 || !slices.Equal(many, demo.ManyUnanswered(20_000, now)) {
		t.Errorf("%d questions of many turns, or others with each call", len(many))
	}
	asked := demo.ManyUnanswered(20_000, now)
	if few := demo.Unanswered(now); len(few) < 50 || !slices.Equal(few, demo.Unanswered(now)) {
		t.Errorf("%d questions, or others with each call", len(asked))
	}
	for _, a := range asked {
		if a.Channel != daily.Invented || a.Day > 20261124 || unanswered.Scrub(a.Text.Text, nil) != a.Text.Text {
			t.Errorf("%+v", a)
		}
	}
}
