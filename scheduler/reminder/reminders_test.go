package reminder_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/content"
	"nghe/course"
	"nghe/people"
	"nghe/scheduler/reminder"
	"nghe/store"
)

// world is a store with classes and people, and a clock that is turned by hand.
type world struct {
	*testing.T
	db      *store.DB
	lib     *content.Library
	courses *course.Catalogue
	now     time.Time
	skew    time.Duration // of the store's clock
	open    map[bot.Contact]bool
	notices []reminder.Notice
	*reminder.Reminders
}

// records have the clock of the test.
type records struct {
	*store.DB
	w *world
}

func (r records) Clock(context.Context) (time.Time, error) { return r.w.now.Add(r.w.skew), nil }

// Tell is the office: one notice of a name.
func (w *world) Tell(_ context.Context, n reminder.Notice) (bool, error) {
	for _, there := range w.notices {
		if there.Name == n.Name {
			return false, nil
		}
	}
	w.notices = append(w.notices, n)
	return true, nil
}

func newWorld(t *testing.T, now string) *world {
	db, err := store.Open(t.Context(), t.TempDir(), on(t, now))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := &world{T: t, db: db, lib: content.MustBuiltin(), courses: course.NewCatalogue(nil), now: on(t, now), open: map[bot.Contact]bool{}}
	w.Reminders = w.process()
	return w
}

// process is another of several processes: it remembers nothing.
func (w *world) process() *reminder.Reminders {
	library, courses := func() *content.Library { return w.lib }, func() *course.Catalogue { return w.courses }
	return &reminder.Reminders{
		Desk:    &broadcast.Desk{Records: w.db, Library: library, Courses: courses, Zone: zone},
		Records: records{w.db, w}, Library: library, Courses: courses, Staff: w,
		Unfinished: func(_ context.Context, c bot.Contact, _ time.Time) (bool, error) { return w.open[c], nil },
		Zone:       zone, Log: slog.New(slog.NewTextHandler(w.Output(), nil)), Now: func() time.Time { return w.now },
	}
}

func (w *world) classes(all ...course.Course) {
	w.Helper()
	for i := range all {
		all[i].UpdatedAt = w.now
	}
	w.courses = course.NewCatalogue(all)
}

func (w *world) wish(contact, courseID, trade string, state course.State, remind bool) bot.Contact {
	w.Helper()
	c := bot.Contact{Channel: "telegram", ID: contact}
	_, err := w.db.PutInterest(w.Context(), course.Interest{ID: fmt.Sprintf("%s %s %s", contact, courseID, trade), Channel: c.Channel, Contact: c.ID, Course: courseID, Trade: trade, Place: "ba-che",
		Remind: remind, State: state, Source: course.FromTalk, Consent: "Đồng ý?", CreatedAt: w.now, UpdatedAt: w.now})
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// look looks at a time, and gives what was told since the last time, and how
// many people each is planned for.
func (w *world) look(at string) string {
	w.Helper()
	w.now = on(w.T, at)
	before := w.told()
	if err := w.Look(w.Context()); err != nil {
		w.Fatal(err)
	}
	return strings.TrimPrefix(strings.TrimPrefix(w.told(), before), ", ")
}

func (w *world) told() string {
	all, err := w.db.Broadcasts(w.Context(), 1000)
	if err != nil {
		w.Fatal(err)
	}
	var names []string
	for i := range all {
		b := all[len(all)-1-i] // the oldest first
		names = append(names, fmt.Sprint(b.Name, " ", b.Planned))
	}
	return strings.Join(names, ", ")
}

func (w *world) text(name string) string {
	all, err := w.db.Broadcasts(w.Context(), 1000)
	if err != nil {
		w.Fatal(err)
	}
	for _, b := range all {
		if b.Name == name {
			text := b.Text
			for _, o := range b.Options {
				text += " [" + o.Label + " " + o.Tap + "]"
			}
			return text
		}
	}
	return ""
}

func (w *world) expect(at, want string) {
	w.Helper()
	if got := w.look(at); got != want {
		w.Errorf("at %s: told %q, want %q", at, got, want)
	}
}

var cooking = course.Course{ID: "na-01", Title: "Lớp nấu ăn", Trade: "nau-an", Place: "ba-che", Venue: "Nhà văn hoá", Status: course.Enrolling, Deadline: "2026-12-15", Start: "2026-12-20", End: "2027-03-20",
	Schedule: "sáng thứ 2", Papers: []string{"đơn đăng ký", "căn cước"}, ContactName: "cô Hoa"}

// A class from its deadline to half a year after its end, looked at by two
// processes in turn: each reminder once, to whom it is for.
func TestClassFromBeginningToEnd(t *testing.T) {
	w := newWorld(t, "2026-11-25 10:00")
	w.wish("an", "na-01", "nau-an", course.New, true)
	w.wish("binh", "na-01", "nau-an", course.New, false) // did not want to be reminded
	chi := w.wish("chi", "na-01", "nau-an", course.Enrolled, true)
	w.wish("dung", "", "nau-an", course.New, true) // waits for a class
	w.classes(cooking)
	w.expect("2026-11-25 10:00", "") // it is seen to be open; that is told at nine
	for _, step := range []struct{ at, want string }{
		{"2026-11-26 09:00", "opened/na-01/open 1"},
		{"2026-12-08 07:59", ""},
		{"2026-12-08 08:00", "closes-7/na-01/2026-12-15 1"},
		{"2026-12-12 08:30", "closes-3/na-01/2026-12-15 1, papers-3/na-01/2026-12-15 1"},
		{"2026-12-14 08:00", "closes-1/na-01/2026-12-15 1"},
		{"2026-12-19 12:00", "starts-1/na-01/2026-12-20 1"},
	} {
		w.expect(step.at, step.want)
		w.Reminders = w.process() // another process, or this one begun anew
		w.expect(step.at, "")
	}
	if _, err := w.db.MoveInterest(t.Context(), chi, "na-01", nil, course.Started, "", w.now); err != nil {
		t.Fatal(err)
	}
	w.expect("2026-12-23 19:00", "started-3/na-01/2026-12-20 1")
	w.expect("2027-03-21 19:00", "ended/na-01/2027-03-20 1")
	w.expect("2027-06-20 19:00", "ended-3-months/na-01/2027-03-20 1")
	w.expect("2027-09-21 19:00", "ended-6-months/na-01/2027-03-20 1")
	if got, want := w.text("starts-1/na-01/2026-12-20"), "Ngày mai 20/12/2026 khai giảng lớp “Lớp nấu ăn”.\nNơi học: Nhà văn hoá, xã Ba Chẽ.\nGiờ học: sáng thứ 2.\nMang theo giấy bút và: đơn đăng ký, căn cước.\nHỏi thêm: cô Hoa. [Chưa đi học được flow:said?said=na-01.notyet] [Tôi thôi không học flow:said?said=na-01.left]"; got != want {
		t.Errorf("%q\nwant\n%q", got, want)
	}
	all, err := w.db.Broadcasts(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		if b.Author != broadcast.Clock || b.Purpose != broadcast.PurposeWish || b.State != broadcast.Sending || !b.UsefulUntil.After(b.At) {
			t.Errorf("%s: %+v", b.Name, b)
		}
	}
}

// What nobody was there to tell in time is given up and counted, and stays so.
func TestLateIsDroppedAndCounted(t *testing.T) {
	w := newWorld(t, "2026-11-25 10:00")
	w.wish("an", "na-01", "nau-an", course.New, true)
	w.wish("binh", "na-01", "nau-an", course.Contacted, true)
	w.classes(cooking)
	w.expect("2026-11-25 10:00", "")
	w.expect("2026-12-13 12:00", "closes-3/na-01/2026-12-15 2") // closes-7 came too late, this does not
	w.expect("2026-12-14 01:00", "")
	sums, err := w.db.Sums(t.Context(), time.Time{}.AddDate(1970, 0, 0))
	if s := sums["closes-7"]; err != nil || s.Late != 1 || s.LatePeople != 2 || s.Told != 0 {
		t.Errorf("closes-7: %+v %v", s, err)
	}
	if s := sums["closes-3"]; s.Told != 1 || s.Planned != 2 || s.Late != 0 {
		t.Errorf("closes-3: %+v", s)
	}
	// The clock is turned back: it stays given up.
	w.Reminders = w.process()
	w.expect("2026-12-09 07:00", "")
	w.now = on(t, "2026-12-20 10:00")
	w.Reminders = w.process()
	w.expect("2026-12-20 10:00", "") // nobody is enrolled: nothing is told, and noted as that
	if sums, err = w.db.Sums(t.Context(), time.Time{}.AddDate(1970, 0, 0)); err != nil || sums["starts-1"].Nobody != 1 || sums["closes-1"].Late != 1 {
		t.Errorf("%+v %v", sums, err)
	}
}

// A clock that is not the store's does nothing, and says so once.
func TestWrongClock(t *testing.T) {
	w := newWorld(t, "2026-12-08 08:00")
	w.wish("an", "na-01", "nau-an", course.New, true)
	w.classes(cooking)
	for _, skew := range []time.Duration{-3 * time.Minute, 121 * time.Second, 24 * time.Hour} {
		w.skew = skew
		if err := w.Look(t.Context()); !errors.Is(err, reminder.ErrClock) {
			t.Errorf("%v off: %v", skew, err)
		}
	}
	if got := w.told(); got != "" {
		t.Errorf("told %q", got)
	}
	w.skew = -119 * time.Second
	w.expect("2026-12-08 08:00", "closes-7/na-01/2026-12-15 1")
}

func TestSeatFreed(t *testing.T) {
	w := newWorld(t, "2026-11-25 10:00")
	w.wish("an", "na-01", "nau-an", course.New, true)
	full := cooking
	full.Status = course.Full
	w.classes(full)
	w.expect("2026-11-25 10:00", "")
	w.now = on(t, "2026-11-26 10:00")
	w.classes(cooking)
	w.expect("2026-11-26 10:01", "")
	w.expect("2026-11-26 10:15", "freed/na-01/2026-11-26T10:01 1")
}

// News of the week go to whom one of the classes fits, once.
func TestNewClassesOfTheWeek(t *testing.T) {
	w := newWorld(t, "2026-11-25 10:00") // a Wednesday
	follow := func(id, trade, place string) {
		c := bot.Contact{Channel: "telegram", ID: id}
		if err := w.db.Follow(t.Context(), people.Person{ID: id, Profile: []byte("{}"), UpdatedAt: w.now}, c, people.Following{Trade: trade, Place: place, At: w.now}, nil, people.Consent{Purpose: people.PurposeNews, Words: "Đồng ý?", GivenAt: w.now}); err != nil {
			t.Fatal(err)
		}
	}
	follow("an", "", "")
	follow("binh", "nau-an", "ba-che")
	follow("chi", "nau-an", "co-to")
	follow("dung", "han", "")
	w.classes(cooking)
	w.expect("2026-11-25 10:00", "")
	w.expect("2026-11-30 09:00", "new-classes/2026-11-30T09:00 2")
	if got, want := w.text("new-classes/2026-11-30T09:00"), "Tuần qua có lớp mới hợp với điều bạn muốn nghe:\n• Lớp nấu ăn, xã Ba Chẽ, 15/12/2026 [Tìm lớp học nghề flow:course]"; got != want {
		t.Errorf("%q", got)
	}
	w.expect("2026-12-07 09:00", "") // nothing new
}

func TestUnfinishedTalk(t *testing.T) {
	w := newWorld(t, "2026-11-25 10:00")
	an := w.wish("an", "na-01", "nau-an", course.New, true)
	binh := w.wish("binh", "na-01", "nau-an", course.New, true)
	w.open[an], w.open[binh] = true, false
	w.expect("2026-11-25 10:00", "")
	w.expect("2026-11-26 09:00", "") // not yet a day
	w.expect("2026-11-27 09:00", "unfinished/2026-11-27T09:00 1")
	w.expect("2026-11-28 09:00", "")
	if got := w.text("unfinished/2026-11-27T09:00"); !strings.Contains(got, "do:resume") {
		t.Errorf("%q", got)
	}
}

func TestOfficeIsTold(t *testing.T) {
	w := newWorld(t, "2026-11-02 08:00")
	w.lib.Facts[0].ReviewBy = "2026-11-10"
	for range 2 {
		w.look("2026-11-02 08:00") // a Monday
		w.Reminders = w.process()
	}
	if len(w.notices) != 2 {
		t.Fatalf("%+v", w.notices)
	}
	facts, report := w.notices[0], w.notices[1]
	if facts.Name != "facts-review/2026-11-02T08:00" || facts.Roles[0] != "editor" || !strings.Contains(facts.Text, w.lib.Facts[0].ID) {
		t.Errorf("%+v", facts)
	}
	if report.Name != "report-begin/2026-11-01" || report.Roles[0] != "administrator" || !strings.Contains(report.Text, "2026") {
		t.Errorf("%+v", report)
	}
}
