package reminder

import (
	"strings"
	"time"

	"nghe/content"
	"nghe/course"
)

// Item is something that is due.
type Item struct {
	Reminder *content.Reminder
	Course   *course.Course // nil: about no class
	Bank     *BankDay       // the day it is about; nil: about none
	// About is the day, or the time, that it is about: with it the name is
	// another each time.
	About string
	// At is when it is due, Until when it is of no more use.
	At, Until time.Time
}

// Name makes it happen once: the broadcast has it.
func (i *Item) Name() string {
	parts := []string{i.Reminder.ID}
	if i.Course != nil {
		parts = append(parts, i.Course.ID)
	}
	if i.Bank != nil {
		parts = append(parts, i.Bank.Place)
	}
	return strings.Join(append(parts, i.About), "/")
}

// Late says that it is of no more use.
func (i *Item) Late(now time.Time) bool { return !i.Until.After(now) }

// missed says that it came too late, and that it need not have: what it is about
// was known when it was due, and there was somebody to tell it.
func (i *Item) missed(begun, now time.Time) bool {
	return i.Late(now) && !i.At.Before(begun) && (i.Course == nil || !i.Course.UpdatedAt.After(i.At))
}

// lookBack is for how long it is noticed that something was missed.
const lookBack = 30 * 24 * time.Hour

// Known is what due work is computed from.
type Known struct {
	Reminders []*content.Reminder
	Switches  map[string]Switch // by the id of the reminder
	Courses   []course.Course
	Seen      map[string]Seen
	BankDays  []BankDay
	Begun     time.Time // when the records were
	Resumed   time.Time // since when they are in use again after a backup was restored; zero: always
	Zone      *time.Location
}

// Due gives what is due at a time and not over for longer than a month, in
// order of the reminders. What is late is in it.
func Due(k Known, now time.Time) []Item {
	now = now.In(k.Zone)
	var all []Item
	add := func(i Item) {
		if i.At.Before(k.Switches[i.Reminder.ID].At) {
			return // it was off then
		}
		if i.At.Before(k.Resumed) {
			return // it may have been told already, and that be lost
		}
		if i.At.After(now) || i.Until.Before(now.Add(-lookBack)) || !i.Until.After(i.At) || i.Late(now) && !i.missed(k.Begun, now) {
			return
		}
		all = append(all, i)
	}
	for _, r := range k.Reminders {
		switch {
		case !IsOn(r, k.Switches):
		case r.OfClass():
			for n := range k.Courses {
				if i, ok := k.ofClass(r, &k.Courses[n]); ok {
					add(i)
				}
			}
		case r.What == content.ByBankDay:
			for _, i := range k.ofBank(r, now) {
				add(i)
			}
		case r.What == content.ByYear:
			for year := now.Year() - 1; year <= now.Year(); year++ {
				day, _ := time.Parse("01-02", r.Day)
				add(k.on(r, time.Date(year, day.Month(), day.Day(), 0, 0, 0, 0, k.Zone), ""))
			}
		default:
			// Only the last time counts: what was to be told before it is in it.
			if at := r.Last(now); !at.IsZero() {
				add(Item{Reminder: r, About: at.Format("2006-01-02T15:04"), At: at, Until: at.Add(r.Useful())})
			}
		}
	}
	return all
}

// IsOn says whether a reminder is told: as staff switched it, else as content has
// it.
func IsOn(r *content.Reminder, switches map[string]Switch) bool {
	if s, ok := switches[r.ID]; ok {
		return s.On
	}
	return r.On != nil && *r.On
}

// on gives something that is due on a day.
func (k *Known) on(r *content.Reminder, day time.Time, about string) Item {
	at := r.Next(day)
	if about == "" {
		about = day.Format(time.DateOnly)
	}
	return Item{Reminder: r, About: about, At: at, Until: at.Add(r.Useful())}
}

// ofClass gives when a reminder of a class is due. There is none when the day
// that it hangs on is not known, or when the class, as it stands then, has
// nothing of it to tell.
func (k *Known) ofClass(r *content.Reminder, c *course.Course) (i Item, ok bool) {
	day, offset, last := c.Deadline, -r.Days, time.Time{}
	switch r.What {
	case content.ByFreed, content.ByOpening:
		return k.sinceSeen(r, c)
	case content.ByStart:
		day = c.Start
	case content.ByStarted:
		day, offset = c.Start, r.Days
	case content.ByEnd:
		day, offset = c.End, r.Days
	}
	if day == "" || day.MonthOnly() || c.Status == course.Cancelled {
		return i, false
	}
	about := k.midnight(day)
	due := about.AddDate(0, r.Months, offset)
	i = k.on(r, due, string(day))
	i.Course = c
	switch r.What {
	case content.ByClosing:
		last = about.AddDate(0, 0, 1)
		standing := c.Standing(course.DayOf(i.At))
		ok = standing == course.Open || standing == course.Unsure
	case content.ByPapers:
		last = about.AddDate(0, 0, 1)
		ok = c.Status != course.Finished && c.Status != course.Running && len(c.Papers) > 0
	case content.ByStart:
		last = due.AddDate(0, 0, 1) // the text says "tomorrow"
		ok = c.Status != course.Finished && c.Status != course.Running
	case content.ByStarted:
		ok = c.Status != course.Finished && c.Status != course.Planned
	default:
		ok = true
	}
	if !last.IsZero() && last.Before(i.Until) {
		i.Until = last
	}
	return i, ok
}

// sinceSeen is ofClass for what hangs on how a class was seen to stand.
func (k *Known) sinceSeen(r *content.Reminder, c *course.Course) (i Item, ok bool) {
	since := k.Seen[c.ID].OpenAt
	if r.What == content.ByFreed {
		since = k.Seen[c.ID].FreedAt
	}
	if since.IsZero() {
		return i, false
	}
	since = since.In(k.Zone)
	at := r.Next(since)
	i = Item{Reminder: r, Course: c, About: since.Format("2006-01-02T15:04"), At: at, Until: at.Add(r.Useful())}
	if r.What == content.ByOpening {
		i.About = "open" // once in the life of a class
	}
	if day := c.Deadline; day != "" && !day.MonthOnly() {
		if last := k.midnight(day).AddDate(0, 0, 1); last.Before(i.Until) {
			i.Until = last
		}
	}
	return i, c.Standing(course.DayOf(i.At)) == course.Open
}

// midnight is when a day begins in the province.
func (k *Known) midnight(d course.Day) time.Time {
	y, m, day := d.Time().Date()
	return time.Date(y, m, day, 0, 0, 0, 0, k.Zone)
}
