package store_test

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"nghe/bot"
	"nghe/course"
	"nghe/dialog"
	"nghe/people"
	"nghe/store"
)

func TestCourses(t *testing.T) { onEach(t, coursesSuite) }

func coursesSuite(t *testing.T, db *store.DB) {
	ctx := t.Context()
	if all, change, err := db.Courses(ctx); len(all) != 0 || change != 0 || err != nil {
		t.Errorf("an empty store has %v, %d, %v", all, change, err)
	}
	days := int64(30)
	first := []course.Course{
		{ID: "b", Title: "Nấu ăn “ơ” <b>", Trade: "nau-an", Days: &days, Papers: []string{"đơn", "ảnh"}, Invented: true},
		{ID: "a", Trade: "han", Status: course.Enrolling, Deadline: "2026-12"},
	}
	put := func(courses []course.Course, at time.Time, want store.Counts) {
		t.Helper()
		if n, err := db.PutCourses(ctx, courses, at); n != want || err != nil {
			t.Errorf("%+v, %v, want %+v", n, err, want)
		}
	}
	put(first, noon, store.Counts{New: 2})
	all, change, err := db.Courses(ctx)
	if err != nil || len(all) != 2 || all[0].ID != "a" || change == 0 {
		t.Fatalf("%+v %d %v", all, change, err)
	}
	want := first[0]
	want.UpdatedAt = noon
	if !reflect.DeepEqual(all[1], want) {
		t.Errorf("%+v, want %+v", all[1], want)
	}

	// The same again is no change; what is different is one.
	put(first, noon.Add(time.Hour), store.Counts{Same: 2})
	if again, _ := db.CoursesChange(ctx); again != change {
		t.Errorf("change %d after %d, and nothing is different", again, change)
	}
	first[1].Status = course.Full
	put(append(first, course.Course{ID: "c"}), noon.Add(time.Hour), store.Counts{New: 1, Changed: 1, Same: 1})
	if again, _ := db.CoursesChange(ctx); again <= change {
		t.Errorf("change %d after %d", again, change)
	}
	if all, _, _ := db.Courses(ctx); len(all) != 3 || !all[0].UpdatedAt.Equal(noon.Add(time.Hour)) || !all[1].UpdatedAt.Equal(noon) {
		t.Errorf("%+v", all)
	}

	// All or nothing.
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := db.PutCourses(ended, []course.Course{{ID: "d"}}, noon); err == nil {
		t.Error("put though the context ended")
	}
	if all, _, _ := db.Courses(ctx); len(all) != 3 {
		t.Error("half of it was put")
	}
}

// Another process sees what was imported.
func TestCoursesChangeIsSeenByOtherProcesses(t *testing.T) {
	dir := t.TempDir()
	var dbs [2]*store.DB
	for i := range dbs {
		db, err := store.Open(t.Context(), dir, noon)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		dbs[i] = db
	}
	var last int64
	for i := range 3 {
		if _, err := dbs[0].PutCourses(t.Context(), []course.Course{{ID: fmt.Sprint(i)}}, noon); err != nil {
			t.Fatal(err)
		}
		n, err := dbs[1].CoursesChange(t.Context())
		if err != nil || n <= last {
			t.Errorf("change %d after %d, %v", n, last, err)
		}
		last = n
	}
	if all, _, err := dbs[1].Courses(t.Context()); len(all) != 3 || err != nil {
		t.Errorf("%v %v", all, err)
	}
}

func wish(id string, c bot.Contact, courseID, trade, place string) course.Interest {
	return course.Interest{ID: id, Channel: c.Channel, Contact: c.ID, Course: courseID, Trade: trade, Place: place, Name: "An", Phone: "0", BirthYear: 1990,
		Village: "thôn", Remind: true, State: course.New, Source: course.FromTalk, Consent: "words", CreatedAt: noon, UpdatedAt: noon}
}

func TestInterests(t *testing.T) { onEach(t, interestsSuite) }

func interestsSuite(t *testing.T, db *store.DB) {
	ctx := t.Context()
	an, binh := somebody(), somebody()
	put := func(i course.Interest, want string) {
		t.Helper()
		kept, err := db.PutInterest(ctx, i)
		if err != nil || kept.ID != want {
			t.Errorf("kept %+v, %v, want %s", kept, err, want)
		}
	}
	first := wish("1", an, "c", "han", "ba-che")
	put(first, "1")
	put(first, "1")                                 // the same turn again
	put(wish("2", an, "c", "han", "dam-ha"), "1")   // the same course, now from elsewhere
	put(wish("3", binh, "c", "han", "ba-che"), "3") // somebody else
	put(wish("4", an, "", "han", "ba-che"), "4")    // any class
	put(wish("5", an, "", "han", "ba-che"), "4")    // the same
	son := wish("9", an, "c", "han", "ba-che")
	son.Whom = "con trai"
	put(son, "9")
	put(wish("6", an, "", "han", "dam-ha"), "6") // elsewhere
	paper := wish("7", bot.Contact{}, "c", "han", "ba-che")
	paper.Source = course.FromPaper
	put(paper, "7")
	paper.ID = "8"
	put(paper, "8") // people without a phone are not told apart by contact

	mine, err := db.Interests(ctx, an)
	if err != nil || ids(mine) != "1 4 6 9" || !reflect.DeepEqual(mine[0], first) {
		t.Errorf("%s %+v %v", ids(mine), mine[0], err)
	}
	for _, c := range []struct{ course, trade, place, want string }{
		{"c", "", "", "1 3 7 8 9"}, {"", "han", "dam-ha", "6"}, {"", "", "", "1 3 4 6 7 8 9"}, {"x", "", "", ""},
	} {
		if got, err := db.InterestsIn(ctx, c.course, c.trade, c.place); ids(got) != c.want || err != nil {
			t.Errorf("%+v: %s, %v", c, ids(got), err)
		}
	}
	if gone, err := db.DropInterest(ctx, binh, "1"); gone || err != nil {
		t.Errorf("somebody else dropped it: %v %v", gone, err)
	}
	for i := range 2 {
		if gone, err := db.DropInterest(ctx, an, "1"); gone != (i == 0) || err != nil {
			t.Errorf("dropped: %v %v", gone, err)
		}
	}
}

func ids(list []course.Interest) string {
	var all []string
	for _, i := range list {
		all = append(all, i.ID)
	}
	return strings.Join(all, " ")
}

// Of many taps at a time one registers.
func TestInterestOnceAmongMany(t *testing.T) { onEach(t, interestOnceAmongManySuite) }

func interestOnceAmongManySuite(t *testing.T, db *store.DB) {
	an := somebody()
	var wg sync.WaitGroup
	kept := make([]string, 8)
	for i := range kept {
		wg.Go(func() {
			k, err := db.PutInterest(t.Context(), wish(fmt.Sprint(i), an, "c", "han", ""))
			if err != nil {
				t.Error(err)
			}
			kept[i] = k.ID
		})
	}
	wg.Wait()
	for _, id := range kept {
		if id != kept[0] {
			t.Errorf("kept %v", kept)
		}
	}
	if n := count(t, db, "interest"); n != 1 {
		t.Errorf("%d wishes", n)
	}
}

// Wishes are part of what a person sees, and go with everything else.
func TestInterestsAreExportedAndErased(t *testing.T) { onEach(t, interestsAreExportedAndErasedSuite) }

func interestsAreExportedAndErasedSuite(t *testing.T, db *store.DB) {
	ctx := t.Context()
	book := people.Book{Records: db.People([]byte("key"))}
	stranger, known, other := somebody(), somebody(), somebody()
	for i, c := range []bot.Contact{stranger, known, other} {
		if _, err := db.PutInterest(ctx, wish(fmt.Sprint("wish-", i), c, "c", "han", "")); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.Keep(ctx, known, bot.Keeping{Words: "remember?", Profile: dialog.Values{"place": dialog.Text("ba-che")}, At: noon}); err != nil {
		t.Fatal(err)
	}
	for c, want := range map[bot.Contact][]string{stranger: {`"wish-0"`, `"consent":"words"`, `"phone":"0"`}, known: {`"wish-1"`, `"remember?"`, `"ba-che"`}} {
		data, err := book.Export(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range want {
			if !strings.Contains(string(data), part) {
				t.Errorf("export of %s lacks %s: %s", c, part, data)
			}
		}
	}
	if err := book.Delete(ctx, stranger, noon); err != nil {
		t.Fatal(err)
	}
	if err := book.Withdraw(ctx, known, noon); err != nil {
		t.Fatal(err)
	}
	for _, c := range []bot.Contact{stranger, known} {
		if data, err := book.Export(ctx, c); data != nil || err != nil {
			t.Errorf("%s still has %s, %v", c, data, err)
		}
	}
	if left, err := db.InterestsIn(ctx, "", "", ""); ids(left) != "wish-2" || err != nil {
		t.Errorf("left: %s, %v", ids(left), err)
	}
}

func BenchmarkCourses(b *testing.B) {
	db := openDB(b)
	courses := make([]course.Course, 5000)
	for i := range courses {
		courses[i] = course.Course{ID: fmt.Sprint("c", i), Title: "Kỹ thuật chế biến món ăn", Trade: "nau-an", Place: "ba-che", Status: course.Enrolling, Deadline: "2026-12-20"}
	}
	for b.Loop() {
		courses[0].Title += "." // something is different each time
		if _, err := db.PutCourses(b.Context(), courses, noon); err != nil {
			b.Fatal(err)
		}
		if _, _, err := db.Courses(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCoursesChange(b *testing.B) {
	db := openDB(b)
	for b.Loop() {
		if _, err := db.CoursesChange(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

func TestOnlyInvented(t *testing.T) {
	db := openDB(t)
	ctx := t.Context()
	real := func(want store.Real) {
		t.Helper()
		if got, err := db.Real(ctx); got != want || err != nil {
			t.Errorf("%+v, %v, want %+v", got, err, want)
		}
	}
	real(store.Real{})
	c := bot.Contact{Channel: "web", ID: "demo-1"}
	invented := people.Person{ID: people.InventedPrefix + "1", Contacts: []bot.Contact{c}, Profile: []byte("{}"), CreatedAt: noon, UpdatedAt: noon,
		Consents: []people.Consent{{Purpose: people.PurposeRemember, Words: "x", GivenAt: noon}}}
	w := wish("demo-1", c, "c", "han", "")
	w.Source = course.FromDemo
	for range 2 { // harmless when done again
		if err := db.Fill(ctx, []people.Person{invented}, []course.Interest{w}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := db.PutCourses(ctx, []course.Course{{ID: "c", Invented: true}}, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Sessions().Save(ctx, turn(c, 0, "1", "an invented person talks")); err != nil {
		t.Fatal(err)
	}
	if p, err := db.People(nil).Find(ctx, c); err != nil || !reflect.DeepEqual(*p, invented) {
		t.Errorf("%+v %v", p, err)
	}
	real(store.Real{})

	an := somebody()
	if err := (people.Book{Records: db.People(nil)}).Keep(ctx, an, bot.Keeping{At: noon}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Sessions().Save(ctx, turn(an, 0, "1", "x")); err != nil {
		t.Fatal(err)
	}
	if _, err := db.PutInterest(ctx, wish("w", an, "c", "han", "")); err != nil {
		t.Fatal(err)
	}
	if _, err := db.PutCourses(ctx, []course.Course{{ID: "d"}}, noon); err != nil {
		t.Fatal(err)
	}
	real(store.Real{People: 1, Talks: 1, Courses: 1, Wishes: 1})
}
