package store_test

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"nghe/course"
	"nghe/staff"
	"nghe/store"
)

func TestOfficer(t *testing.T) { onEach(t, officerSuite) }

// What an officer is about is kept for a time; what they do is done and noted
// once, however many processes carry out the same turn.
func officerSuite(t *testing.T, db *store.DB) {
	ctx := t.Context()
	o := newOffice(t, db)
	m := o.officer(o.begin(), "lan")
	if body, err := db.OfficerChat(ctx, m.ID, noon); body != nil || err != nil {
		t.Fatalf("%s, %v", body, err)
	}
	for _, text := range []string{`{"a":1}`, `{"b":2}`} {
		if err := db.PutOfficerChat(ctx, m.ID, []byte(text), noon, noon.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if body, err := db.OfficerChat(ctx, m.ID, noon); !bytes.Equal(body, []byte(text)) || err != nil {
			t.Errorf("%s, %v", body, err)
		}
	}
	if body, err := db.OfficerChat(ctx, m.ID, noon.Add(time.Hour)); body != nil || err != nil {
		t.Errorf("after its end: %s, %v", body, err)
	}

	c := course.Course{ID: "han-1", Title: "Lớp hàn", Trade: "han", Status: course.Enrolling}
	before, err := db.CoursesChange(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			if err := db.AnnounceCourse(ctx, "terminal:7 course", c, staff.NewEntry(m, noon, "course.add", "course:han-1", c.Title)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	kept, change, err := db.Courses(ctx)
	if err != nil || len(kept) != 1 || kept[0].Title != c.Title || change != before+1 {
		t.Errorf("%d classes, change %d after %d, %v", len(kept), change, before, err)
	}
	entries, err := o.Records.Entries(ctx, staff.Query{About: "course:han-1", Limit: 10})
	if err != nil || len(entries) != 1 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
	// Another turn is another change.
	c.Title = "Lớp hàn hơi"
	if err := db.AnnounceCourse(ctx, "terminal:8 course", c, staff.NewEntry(m, noon, "course.edit", "course:han-1", c.Title)); err != nil {
		t.Fatal(err)
	}
	if kept, _, err := db.Courses(ctx); err != nil || len(kept) != 1 || kept[0].Title != c.Title {
		t.Errorf("%v, %v", kept, err)
	}
}
