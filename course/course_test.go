package course_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"nghe/course"
)

const today = course.Day("2026-11-24")

func number(n int64) *int64 { return &n }

func TestStanding(t *testing.T) {
	for _, c := range []struct {
		why  string
		c    course.Course
		want course.Standing
	}{
		{"deadline ahead", course.Course{Status: course.Enrolling, Deadline: "2026-12-01"}, course.Open},
		{"deadline today", course.Course{Status: course.Enrolling, Deadline: today}, course.Open},
		{"deadline yesterday", course.Course{Status: course.Enrolling, Deadline: "2026-11-23"}, course.Past},
		{"deadline over, though it begins later", course.Course{Status: course.Enrolling, Deadline: "2026-11-23", Start: "2026-12-10"}, course.Past},
		{"deadline this month", course.Course{Status: course.Enrolling, Deadline: "2026-11"}, course.Open},
		{"deadline last month", course.Course{Status: course.Enrolling, Deadline: "2026-10"}, course.Past},
		{"begins later", course.Course{Status: course.Enrolling, Start: "2026-11-25"}, course.Open},
		{"begins today", course.Course{Status: course.Enrolling, Start: today}, course.Past},
		{"begins some day of this month", course.Course{Status: course.Enrolling, Start: "2026-11"}, course.Unsure},
		{"began last month", course.Course{Status: course.Enrolling, Start: "2026-10"}, course.Past},
		{"is over", course.Course{Status: course.Enrolling, Deadline: "2026-12", End: "2026-11-01"}, course.Past},
		{"no day at all, seen lately", course.Course{Status: course.Enrolling, CheckedOn: "2026-11-01"}, course.Unsure},
		{"no day at all, seen long ago", course.Course{Status: course.Enrolling, CheckedOn: "2026-09-01"}, course.Past},
		{"no day at all, published long ago", course.Course{Status: course.Enrolling, SourceDate: "2025-11"}, course.Past},
		{"no day at all, entered lately", course.Course{Status: course.Enrolling, UpdatedAt: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)}, course.Unsure},
		{"nothing known", course.Course{}, course.Past},
		{"unknown status, deadline ahead", course.Course{Status: course.Unknown, Deadline: "2026-12-01"}, course.Unsure},
		{"planned", course.Course{Status: course.Planned, Start: "2027-01"}, course.Soon},
		{"planned long ago", course.Course{Status: course.Planned, Start: "2026-01"}, course.Past},
		{"full", course.Course{Status: course.Full, Start: "2026-12-01"}, course.Taken},
		{"as many as seats", course.Course{Status: course.Enrolling, Deadline: "2026-12-01", Quota: number(30), Registered: number(30)}, course.Taken},
		{"seats left", course.Course{Status: course.Enrolling, Deadline: "2026-12-01", Quota: number(30), Registered: number(29)}, course.Open},
		{"running", course.Course{Status: course.Running, Deadline: "2026-12-01"}, course.Past},
		{"cancelled", course.Course{Status: course.Cancelled, Deadline: "2026-12-01"}, course.Past},
	} {
		if got := c.c.Standing(today); got != c.want {
			t.Errorf("%s: standing %d, want %d", c.why, got, c.want)
		}
	}
}

func TestDays(t *testing.T) {
	for _, d := range []course.Day{"", "2026-11", "2026-02-28", "2028-02-29"} {
		if !d.Valid() {
			t.Errorf("%q is no day", d)
		}
	}
	for _, d := range []course.Day{"2026", "2026-13", "2026-02-29", "20/11/2026", "2026-1-1"} {
		if d.Valid() {
			t.Errorf("%q is a day", d)
		}
	}
}

// What is not known is null, by a name that stays.
func TestJSON(t *testing.T) {
	b, err := json.Marshal(course.Course{ID: "x", Trade: "nau-an"})
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(b, &fields); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	for name, v := range fields {
		if name != strings.ToLower(name) {
			t.Errorf("name %q", name)
		}
		switch {
		case name == "id" || name == "trade" || name == "invented":
		case v != nil:
			t.Errorf("%s is %v, and nobody said so", name, v)
		}
	}
	if len(fields) != reflect.TypeFor[course.Course]().NumField() || fields["invented"] != false {
		t.Errorf("%d fields: %s", len(fields), b)
	}
}

func TestJSONComesBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := some(r, "a")
		b, err := json.Marshal(c)
		if err != nil {
			r.Fatal(err)
		}
		var back course.Course
		if err := json.Unmarshal(b, &back); err != nil {
			r.Fatal(err)
		}
		if !reflect.DeepEqual(c, back) {
			r.Errorf("%+v\nbecame\n%+v", c, back)
		}
	})
}

var places = []string{"ba-che", "tien-yen", "dam-ha", "co-to", ""}

// some gives any course.
func some(r *rapid.T, id string) course.Course {
	day := rapid.SampledFrom([]course.Day{"", "2026-10", "2026-11", "2026-11-24", "2026-12-01", "2027-02"})
	n := rapid.Custom(func(r *rapid.T) *int64 {
		if rapid.Bool().Draw(r, "known") {
			return number(rapid.Int64Range(0, 50).Draw(r, "n"))
		}
		return nil
	})
	return course.Course{
		ID: id, Title: rapid.String().Draw(r, "title"), Trade: rapid.SampledFrom([]string{"nau-an", "han"}).Draw(r, "trade"),
		Level: rapid.SampledFrom(append([]course.Level{""}, course.Levels...)).Draw(r, "level"), Status: rapid.SampledFrom(course.Statuses).Draw(r, "status"),
		Place: rapid.SampledFrom(places).Draw(r, "place"), Start: day.Draw(r, "start"), End: day.Draw(r, "end"), Deadline: day.Draw(r, "deadline"),
		Quota: n.Draw(r, "quota"), Registered: n.Draw(r, "registered"), CheckedOn: day.Draw(r, "checked"), Invented: rapid.Bool().Draw(r, "invented"),
	}
}

func TestFind(t *testing.T) {
	open := func(id, trade, place string, change func(*course.Course)) course.Course {
		c := course.Course{ID: id, Trade: trade, Place: place, Status: course.Enrolling, Deadline: "2026-12-10"}
		if change != nil {
			change(&c)
		}
		return c
	}
	k := course.NewCatalogue([]course.Course{
		open("far", "nau-an", "dam-ha", nil),
		open("nowhere", "nau-an", "", nil),
		open("here-late", "nau-an", "ba-che", func(c *course.Course) { c.Deadline = "2026-12-20" }),
		open("here-soon", "nau-an", "ba-che", func(c *course.Course) { c.Status = course.Planned }),
		open("here", "nau-an", "ba-che", func(c *course.Course) { c.Level = course.Elementary }),
		open("next", "nau-an", "tien-yen", func(c *course.Course) { c.Level = course.Secondary; c.Start = "2027-01-10" }),
		open("gone", "nau-an", "ba-che", func(c *course.Course) { c.Deadline = "2026-01-01" }),
		open("weld", "han", "ba-che", func(c *course.Course) { c.Start = "2026-12" }),
		open("far", "nau-an", "dam-ha", func(c *course.Course) { c.Title = "the last of two counts" }),
	})
	near := []string{"ba-che", "tien-yen", "dam-ha"}
	for _, c := range []struct {
		why  string
		q    course.Query
		want string
	}{
		{"nearest first, then what is open, then what closes first", course.Query{Trades: []string{"nau-an"}, Near: near, Least: course.Soon}, "here here-late here-soon next far nowhere"},
		{"anywhere", course.Query{Trades: []string{"nau-an"}, Least: course.Open}, "far nowhere here next here-late"},
		{"any trade", course.Query{Near: near, Least: course.Open}, "weld here here-late next far nowhere"},
		{"two trades, one of them twice", course.Query{Trades: []string{"han", "nau-an", "han"}, Near: near[:1], Least: course.Open}, "weld here here-late far nowhere next"},
		{"from a level on", course.Query{Trades: []string{"nau-an"}, From: course.Elementary, Near: near, Least: course.Open}, "here here-late next far nowhere"},
		{"up to a level", course.Query{Trades: []string{"nau-an"}, To: course.Elementary, Near: near, Least: course.Open}, "here here-late far nowhere"},
		{"beginning in the new year", course.Query{After: "2027-01-01", Near: near, Least: course.Open}, "here here-late next far nowhere"},
		{"past ones too", course.Query{Trades: []string{"nau-an"}, Near: near[:1]}, "here here-late here-soon gone far nowhere next"},
		{"no such trade", course.Query{Trades: []string{"phi-cong"}}, ""},
	} {
		c.q.On = today
		var ids []string
		for _, m := range k.Find(c.q) {
			ids = append(ids, m.Course.ID)
		}
		if got := strings.Join(ids, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.why, got, c.want)
		}
	}
	if k.Course("far").Title == "" || k.Course("nobody") != nil || len(k.All()) != 8 {
		t.Error("the catalogue holds something else")
	}
}

// Whatever is asked: nothing twice, nothing that does not fit, nothing open
// that is over, and the nearest first.
func TestFindProperties(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var all []course.Course
		for i := range rapid.IntRange(0, 30).Draw(r, "n") {
			all = append(all, some(r, fmt.Sprint("c", i)))
		}
		q := course.Query{On: today, Near: places[:4], Least: rapid.SampledFrom([]course.Standing{course.Past, course.Soon, course.Open}).Draw(r, "least")}
		found := course.NewCatalogue(all).Find(q)
		seen := map[string]bool{}
		for i, m := range found {
			c := m.Course
			if seen[c.ID] || m.Standing < q.Least || m.Standing != c.Standing(today) {
				r.Errorf("%+v", m)
			}
			seen[c.ID] = true
			if m.Standing == course.Open && (c.Deadline != "" && c.Deadline < "2026-11" || c.Status != course.Enrolling) {
				r.Errorf("open: %+v", c)
			}
			if i > 0 && uint(found[i-1].Rank) > uint(m.Rank) {
				r.Errorf("%d comes after %d", m.Rank, found[i-1].Rank)
			}
		}
		for _, c := range all {
			if !seen[c.ID] && c.Standing(today) >= q.Least {
				r.Errorf("%s was left out", c.ID)
			}
		}
	})
}

// thousands gives 5,000 courses all over 54 places.
func thousands() ([]course.Course, []string) {
	var near []string
	for i := range 54 {
		near = append(near, fmt.Sprint("place-", i))
	}
	chance := rand.New(rand.NewPCG(1, 2))
	courses := make([]course.Course, 5000)
	for i := range courses {
		courses[i] = course.Course{
			ID: fmt.Sprint("course-", i), Trade: fmt.Sprint("trade-", chance.IntN(60)), Place: near[chance.IntN(54)], Status: course.Enrolling,
			Level: course.Levels[chance.IntN(5)], Deadline: course.Day(fmt.Sprintf("2026-12-%02d", 1+chance.IntN(28))),
		}
	}
	return courses, near
}

func BenchmarkFind(b *testing.B) {
	courses, near := thousands()
	k := course.NewCatalogue(courses)
	for _, c := range []struct {
		name string
		q    course.Query
	}{
		{"all of 5000", course.Query{On: today, Near: near, Least: course.Soon}},
		{"one trade of 60", course.Query{On: today, Near: near, Trades: []string{"trade-7"}, Least: course.Soon}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if len(k.Find(c.q)) < 10 {
					b.Fatal("too few")
				}
			}
		})
	}
}

func BenchmarkNewCatalogue(b *testing.B) {
	courses, _ := thousands()
	for b.Loop() {
		course.NewCatalogue(slices.Clone(courses))
	}
}
