package reminder

import (
	"fmt"
	"time"

	"nghe/content"
	"nghe/course"
)

// BankDay is when the policy bank comes to a commune, as an officer entered it.
// Of places without one nobody knows.
type BankDay struct {
	Place string // id in content/places.yaml
	Day   int    // of each month
	Hours string // "từ 8 giờ", "" = not known
	Where string // "" = not known
	By    string // who entered it
	At    time.Time
}

// Check says what is impossible in it.
func (b BankDay) Check() error {
	if b.Day < 1 || b.Day > 28 {
		// A month without the day would have no meeting.
		return fmt.Errorf("ngày giao dịch phải từ 1 đến 28 hằng tháng, không phải %d", b.Day)
	}
	return nil
}

// Next gives the next one on or after a day, in the zone of the time.
func (b BankDay) Next(on time.Time) time.Time {
	y, m, d := on.Date()
	if d > b.Day {
		m++
	}
	return time.Date(y, m, b.Day, 0, 0, 0, 0, on.Location())
}

// ofBank gives the reminders of bank days: those of this month and the next.
func (k *Known) ofBank(r *content.Reminder, now time.Time) (all []Item) {
	for _, b := range k.BankDays {
		next := b.Next(now.AddDate(0, -1, 0))
		for ; !next.After(now.AddDate(0, 0, r.Days)); next = next.AddDate(0, 1, 0) {
			i := k.on(r, next.AddDate(0, 0, -r.Days), string(course.DayOf(next)))
			i.Place = b.Place
			if last := next.AddDate(0, 0, 1); last.Before(i.Until) {
				i.Until = last
			}
			if !i.At.Before(b.At) { // entered in time
				all = append(all, i)
			}
		}
	}
	return all
}
