package daily

import (
	"fmt"
	"time"
)

// Day is a day of the province as one number: 20261130. Days compare as numbers.
type Day int64

// DayOf gives the day of a time that is already in the province's zone.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day(y*10000 + int(m)*100 + d)
}

// Time gives the day's beginning in a zone.
func (d Day) Time(zone *time.Location) time.Time {
	return time.Date(int(d/10000), time.Month(d/100%100), int(d%100), 0, 0, 0, 0, zone)
}

// Add gives the day so many days later.
func (d Day) Add(days int) Day { return DayOf(d.Time(time.UTC).AddDate(0, 0, days)) }

// Days counts the days from d to last, both with it; 0 when last is earlier.
func (d Day) Days(last Day) int {
	return max(0, int(last.Time(time.UTC).Sub(d.Time(time.UTC)).Hours()/24)+1)
}

// String writes it as forms do: “2026-11-30”.
func (d Day) String() string { return fmt.Sprintf("%04d-%02d-%02d", d/10000, d/100%100, d%100) }

// ParseDay reads what String writes.
func ParseDay(s string) (Day, bool) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, false
	}
	return DayOf(t), true
}
