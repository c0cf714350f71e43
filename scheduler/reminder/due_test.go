package reminder_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nghe/content"
	"nghe/course"
	"nghe/scheduler/reminder"
)

var zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)

// on reads a time of the province.
func on(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

var builtin = sync.OnceValue(content.MustBuiltin)

// shipped gives built-in reminders by name, all without a name.
func shipped(t testing.TB, ids ...string) (all []*content.Reminder) {
	t.Helper()
	for _, r := range builtin().Reminders {
		if len(ids) == 0 || slices.Contains(ids, r.ID) {
			all = append(all, r)
		}
	}
	return all
}

// told gives the names of what is due, those that are late with "late ".
func told(items []reminder.Item, now time.Time) string {
	var names []string
	for _, i := range items {
		name := i.Name()
		if i.Late(now) {
			name = "late " + name
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// What is due of a class, by the reminders as they are shipped.
func TestDueOfClass(t *testing.T) {
	number := func(n int64) *int64 { return &n }
	open := course.Course{ID: "na", Trade: "nau-an", Status: course.Enrolling, Deadline: "2026-12-15", Start: "2026-12-20", End: "2027-03-20", Papers: []string{"đơn"}}
	with := func(change func(*course.Course)) course.Course { c := open; change(&c); return c }
	late := with(func(c *course.Course) { c.UpdatedAt = on(t, "2026-12-09 12:00") })
	seen := map[string]reminder.Seen{"na": {OpenAt: on(t, "2026-12-01 20:50"), FreedAt: on(t, "2026-12-05 20:50")}}
	for _, c := range []struct {
		why, id string
		course  course.Course
		now     string
		want    string
	}{
		{"a minute before", "closes-7", open, "2026-12-08 07:59", ""},
		{"at its minute", "closes-7", open, "2026-12-08 08:00", "closes-7/na/2026-12-15"},
		{"made up a day later", "closes-7", open, "2026-12-09 08:00", "closes-7/na/2026-12-15"},
		{"two days later", "closes-7", open, "2026-12-10 08:00", "late closes-7/na/2026-12-15"},
		{"a month after it was over", "closes-7", open, "2027-01-10 08:00", ""},
		{"entered after it was due, still of use", "closes-7", late, "2026-12-09 13:00", "closes-7/na/2026-12-15"},
		{"entered after it was due, of no more use", "closes-7", late, "2026-12-10 13:00", ""},
		{"the last evening", "closes-1", open, "2026-12-15 07:59", "closes-1/na/2026-12-15"},
		{"a day after", "closes-1", open, "2026-12-16 00:00", "late closes-1/na/2026-12-15"},
		{"moved to another day: another reminder", "closes-7", with(func(c *course.Course) { c.Deadline = "2026-12-16" }), "2026-12-09 08:00", "closes-7/na/2026-12-16"},
		{"no deadline known", "closes-7", with(func(c *course.Course) { c.Deadline = "" }), "2026-12-08 08:00", ""},
		{"only the month known", "closes-7", with(func(c *course.Course) { c.Deadline = "2026-12" }), "2026-12-08 08:00", ""},
		{"cancelled", "closes-7", with(func(c *course.Course) { c.Status = course.Cancelled }), "2026-12-08 08:00", ""},
		{"full", "closes-7", with(func(c *course.Course) { c.Quota, c.Registered = number(30), number(30) }), "2026-12-08 08:00", ""},
		{"planned, not enrolling", "closes-7", with(func(c *course.Course) { c.Status = course.Planned }), "2026-12-08 08:00", ""},
		{"papers, though it is full", "papers-3", with(func(c *course.Course) { c.Status = course.Full }), "2026-12-12 08:30", "papers-3/na/2026-12-15"},
		{"no papers wanted", "papers-3", with(func(c *course.Course) { c.Papers = nil }), "2026-12-12 08:30", ""},
		{"starts tomorrow", "starts-1", open, "2026-12-19 08:00", "starts-1/na/2026-12-20"},
		{"not on the day itself: the text says tomorrow", "starts-1", open, "2026-12-20 00:01", "late starts-1/na/2026-12-20"},
		{"has begun", "starts-1", with(func(c *course.Course) { c.Status = course.Running }), "2026-12-19 08:00", ""},
		{"three days in", "started-3", open, "2026-12-23 18:00", "started-3/na/2026-12-20"},
		{"the evening of the next day", "ended", open, "2027-03-21 18:00", "ended/na/2027-03-20"},
		{"three months after", "ended-3-months", open, "2027-06-20 18:00", "ended-3-months/na/2027-03-20"},
		{"six months after", "ended-6-months", open, "2027-09-20 18:00", "ended-6-months/na/2027-03-20"},
		{"a seat came free in the evening: the next quarter of the day", "freed", open, "2026-12-06 07:00", "freed/na/2026-12-05T20:50"},
		{"and not before", "freed", open, "2026-12-06 06:59", ""},
		{"it came to be open", "opened", open, "2026-12-02 09:00", "opened/na/open"},
		{"and was full when that was to be told", "opened", with(func(c *course.Course) { c.Status = course.Full }), "2026-12-02 09:00", ""},
	} {
		known := reminder.Known{Reminders: shipped(t, c.id), Courses: []course.Course{c.course}, Seen: seen, Zone: zone}
		now := on(t, c.now)
		if got := told(reminder.Due(known, now), now); got != c.want {
			t.Errorf("%s, %s: due %q, want %q", c.id, c.why, got, c.want)
		}
		// The zone of the caller does not matter.
		if got := told(reminder.Due(known, now.UTC()), now); got != c.want {
			t.Errorf("%s, %s, in UTC: due %q, want %q", c.id, c.why, got, c.want)
		}
	}
}

func TestDueByTheCalendar(t *testing.T) {
	bank := reminder.BankDay{Place: "ba-che", Day: 12, At: on(t, "2026-11-11 12:00")}
	off := false
	reminders := append(shipped(t, "new-classes", "unfinished", "facts-review", "report-begin", "report-agencies"),
		&content.Reminder{ID: "off", On: &off, What: content.ByWeek, When: "0 9 * * 1", UsefulHours: 30})
	for _, c := range []struct{ now, want string }{
		{"2026-11-23 08:59", "unfinished/2026-11-22T09:00 late, facts-review/2026-11-23T08:00, report-begin/2026-11-01"},
		{"2026-11-23 09:00", "new-classes/2026-11-23T09:00, unfinished/2026-11-23T09:00, facts-review/2026-11-23T08:00, report-begin/2026-11-01"},
		{"2026-11-14 09:00", "unfinished/2026-11-14T09:00, report-begin/2026-11-01"},
		{"2026-12-10 09:00", "report-begin/2026-11-01 late, report-agencies/2026-12-03 late"},
	} {
		now := on(t, c.now)
		got := told(reminder.Due(reminder.Known{Reminders: reminders, Zone: zone}, now), now)
		for name := range strings.SplitSeq(c.want, ", ") {
			if base, isLate := strings.CutSuffix(name, " late"); isLate {
				name = "late " + base
			}
			if !slices.Contains(strings.Split(got, ", "), name) {
				t.Errorf("at %s: %q, and not %q", c.now, got, name)
			}
		}
		if strings.Contains(got, "off/") {
			t.Error("what is switched off is due")
		}
	}

	// What was over before there was anybody to tell it was not missed.
	now := on(t, "2026-12-20 10:00")
	if got := told(reminder.Due(reminder.Known{Reminders: shipped(t, "report-begin", "report-agencies"), Begun: now, Zone: zone}, now), now); got != "" {
		t.Errorf("at the first start: %q", got)
	}

	day := shipped(t, "bank-1")
	// What was due before a backup was put to use may have been told already.
	restored, later := reminder.Known{Reminders: day, BankDays: []reminder.BankDay{bank}, Zone: zone}, on(t, "2026-12-11 08:30")
	if got := told(reminder.Due(restored, later), later); got == "" {
		t.Error("nothing is due to begin with")
	}
	restored.Resumed = on(t, "2026-12-11 08:10")
	if got := told(reminder.Due(restored, later), later); got != "" {
		t.Errorf("after a backup was restored: %q", got)
	}
	for _, c := range []struct{ now, want string }{
		{"2026-12-11 07:59", ""},
		{"2026-12-11 08:00", "bank-1/ba-che/2026-12-12"},
		{"2026-12-12 00:00", "late bank-1/ba-che/2026-12-12"},
		{"2026-11-12 08:00", ""}, // entered the day before, too late to be told
	} {
		now := on(t, c.now)
		if got := told(reminder.Due(reminder.Known{Reminders: day, BankDays: []reminder.BankDay{bank}, Zone: zone}, now), now); got != c.want {
			t.Errorf("bank, at %s: %q, want %q", c.now, got, c.want)
		}
	}
}

// What staff switched counts more than content; what was due while a reminder was
// off is not made up for.
func TestSwitches(t *testing.T) {
	reminders := shipped(t, "report-begin") // on, the first of November at 8
	now, since := on(t, "2026-11-01 09:00"), on(t, "2026-10-01 00:00")
	for _, c := range []struct {
		name string
		s    *reminder.Switch
		due  bool
	}{
		{"nobody switched", nil, true},
		{"off", &reminder.Switch{At: since}, false},
		{"on before it was due", &reminder.Switch{On: true, At: since}, true},
		{"on only afterwards", &reminder.Switch{On: true, At: on(t, "2026-11-01 08:30")}, false},
	} {
		known := reminder.Known{Reminders: reminders, Begun: since, Zone: zone, Switches: map[string]reminder.Switch{}}
		if c.s != nil {
			known.Switches["report-begin"] = *c.s
		}
		if due := reminder.Due(known, now); (len(due) > 0) != c.due {
			t.Errorf("%s: %v", c.name, told(due, now))
		}
	}
}
