package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"nghe/course"
	"nghe/staff"
	"nghe/store"
)

func TestInterestsOfStaff(t *testing.T) { onEach(t, interestsOfStaff) }

func interestsOfStaff(t *testing.T, db *store.DB) {
	ctx := t.Context()
	note := func(did, about string) staff.Entry {
		return staff.NewEntry(staff.Member{ID: "m", Name: "Lan"}, noon, did, about, "x")
	}
	var all []course.Interest
	for i := range 6 {
		all = append(all, course.Interest{
			ID: fmt.Sprint("w", i), Trade: []string{"han", "may"}[i%2], Place: []string{"ba-che", "ky-thuong", "tien-yen"}[i%3], Course: []string{"c1", ""}[i/3],
			Name: fmt.Sprint("Người ", i), State: course.New, Source: course.FromPaper, Consent: "giấy", EnteredBy: "m", CreatedAt: noon.Add(time.Duration(-i) * time.Hour), UpdatedAt: noon,
		})
	}
	if err := db.AddInterests(ctx, all, note("interest.import", "interest:")); err != nil {
		t.Fatal(err)
	}
	find := func(s course.Search, want string) []course.Interest {
		t.Helper()
		found, err := db.FindInterests(ctx, s)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, i := range found {
			ids = append(ids, i.ID)
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%+v: %s, want %s", s, got, want)
		}
		return found
	}
	got := find(course.Search{}, "w5 w4 w3 w2 w1 w0") // the oldest first
	if got[5].EnteredBy != "m" || got[5].Consent != "giấy" {
		t.Errorf("%+v", got[5])
	}
	find(course.Search{Trade: "han"}, "w4 w2 w0")
	find(course.Search{Trade: "han", Course: "c1"}, "w2 w0")
	find(course.Search{Place: "ba-che"}, "w3 w0")
	find(course.Search{Within: &course.Within{Places: []string{"ba-che"}, Courses: []string{"c1"}}}, "w3 w2 w1 w0")
	find(course.Search{Within: &course.Within{Places: []string{"ba-che"}}}, "w3 w0")
	find(course.Search{Within: &course.Within{}}, "")
	// Page by page: nobody is left out, nobody comes twice.
	var seen []string
	after := ""
	for {
		page, err := db.FindInterests(ctx, course.Search{After: after, Limit: 4})
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, i := range page {
			seen = append(seen, i.ID)
		}
		after = page[len(page)-1].Key()
	}
	if strings.Join(seen, " ") != "w5 w4 w3 w2 w1 w0" {
		t.Errorf("page by page %v", seen)
	}
	find(course.Search{After: "' OR 1=1 --"}, "w5 w4 w3 w2 w1 w0")

	moves := []course.Move{{ID: "w0", From: course.New, To: course.Contacted}, {ID: "w1", From: course.New, To: course.Dropped, Why: "xa quá"}}
	if n, err := db.MoveInterests(ctx, moves, noon, note("interest.move", "interest:w0")); n != 2 || err != nil {
		t.Errorf("%d moved, %v", n, err)
	}
	// Once more: they are not as they were read, nothing moves, nothing is noted.
	if n, err := db.MoveInterests(ctx, moves, noon, note("interest.move", "interest:w0")); n != 0 || err != nil {
		t.Errorf("%d moved again, %v", n, err)
	}
	if entries, err := db.Staff().Entries(ctx, staff.Query{About: "interest:w0", Limit: 9}); len(entries) != 1 || err != nil {
		t.Errorf("%v, %v", entries, err)
	}
	tally, err := db.CountInterests(ctx, course.Search{Course: "c1", State: course.New, After: "x y"})
	if err != nil || tally[course.New] != 1 || tally[course.Contacted] != 1 || tally[course.Dropped] != 1 {
		t.Errorf("%v, %v", tally, err)
	}
	byCourse, err := db.CountByCourse(ctx)
	if err != nil || len(byCourse) != 1 || byCourse["c1"].Active() != 2 || byCourse["c1"].All() != 2 {
		t.Errorf("%v, %v", byCourse, err)
	}
	some, err := db.InterestsByID(ctx, []string{"w1", "nobody", "w0"})
	if err != nil || len(some) != 2 || some[0].Why != "xa quá" {
		t.Fatalf("%+v, %v", some, err)
	}
	is := some[1]
	is.Name, is.Phone = "Tên mới", "0912345678"
	if won, err := db.EditInterest(ctx, some[1], is, noon.Add(time.Minute), note("interest.edit", "interest:w0")); !won || err != nil {
		t.Errorf("%v, %v", won, err)
	}
	if won, err := db.EditInterest(ctx, some[1], is, noon.Add(2*time.Minute), note("interest.edit", "interest:w0")); won || err != nil {
		t.Errorf("edited what somebody else had edited: %v, %v", won, err)
	}
	if got := find(course.Search{State: course.Contacted}, "w0"); got[0].Name != "Tên mới" {
		t.Errorf("%+v", got)
	}
	if err := db.PutPapers(ctx, []string{"w1", "w0"}, course.Complete, noon.Add(3*time.Minute), note("interest.papers", "interest:w0")); err != nil {
		t.Error(err)
	}
	if all, err := db.InterestsByID(ctx, []string{"w0", "w1", "w2"}); err != nil || all[0].Papers != course.Complete || all[1].Papers != course.Complete || all[2].Papers != "" || all[0].Name != "Tên mới" {
		t.Errorf("%+v, %v", all, err)
	}
	if entries, err := db.Staff().Entries(ctx, staff.Query{Did: "interest.papers", Limit: 9}); len(entries) != 1 || err != nil {
		t.Errorf("%v, %v", entries, err)
	}
	// One that can't be kept keeps the others out, and its entry.
	if err := db.AddInterests(ctx, []course.Interest{{ID: "w9", State: course.New, CreatedAt: noon, UpdatedAt: noon}}, note("interest.add", "interest:w9"), note("interest.add", "interest:w9")); err != nil {
		t.Error(err)
	}
	twice := note("interest.add", "interest:w10")
	if err := db.AddInterests(ctx, []course.Interest{{ID: "w10", State: course.New, CreatedAt: noon, UpdatedAt: noon}}, twice, twice); err == nil {
		t.Error("an entry was written twice")
	}
	if left, _ := db.InterestsByID(ctx, []string{"w10"}); len(left) != 0 {
		t.Errorf("half of it was kept: %v", left)
	}

	// Courses and their entries are one, too.
	k := course.Course{ID: "c1", Title: "Lớp hàn"}
	if _, err := db.PutCourses(ctx, []course.Course{k}, noon, twice, twice); err == nil {
		t.Error("an entry was written twice")
	}
	if courses, _, _ := db.Courses(ctx); len(courses) != 0 {
		t.Errorf("half of it was kept: %v", courses)
	}
	if _, err := db.PutCourses(ctx, []course.Course{k}, noon, note("course.add", "course:c1")); err != nil {
		t.Error(err)
	}
	entries, err := db.Staff().Entries(ctx, staff.Query{Did: "course.", Limit: 9})
	if err != nil || !slices.ContainsFunc(entries, func(e staff.Entry) bool { return e.About == "course:c1" }) {
		t.Errorf("%v, %v", entries, err)
	}
}
