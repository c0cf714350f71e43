package broadcast

import (
	"time"

	"nghe/content"
)

// Calendar says when it is quiet.
type Calendar struct {
	Zone     *time.Location
	Holidays []*content.Holiday
}

// Holiday says whether a day is one.
func (c Calendar) Holiday(at time.Time) bool {
	at = at.In(c.Zone)
	today := julian(at)
	for _, h := range c.Holidays {
		for year := at.Year() - 1; year <= at.Year()+1; year++ {
			first, ok := holidayOf(h, year)
			if ok && today >= first-h.Before && today <= first+h.After {
				return true
			}
		}
	}
	return false
}

// holidayOf gives the day of a holiday in a year.
func holidayOf(h *content.Holiday, year int) (julianDay int, ok bool) {
	for layout, text := range map[string]string{"2006-01-02": h.Date, "01-02": h.Day} {
		t, err := time.Parse(layout, text)
		switch {
		case text == "" || err != nil:
		case h.Date != "":
			return julian(t), t.Year() == year
		default:
			return julian(time.Date(year, t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)), true
		}
	}
	if t, err := time.Parse("01-02", h.Lunar); err == nil {
		return julian(lunarDay(year, int(t.Month()), t.Day())), true
	}
	return 0, false
}

// longestQuiet is longer than any row of holidays.
const longestQuiet = 60 // days

// Quiet says whether nobody may be written to at a time, and until when.
func (c Calendar) Quiet(r Rules, at time.Time) (until time.Time, quiet bool) {
	local := at.In(c.Zone)
	minutes := Clocktime(local.Hour()*60 + local.Minute())
	if !c.Holiday(local) && minutes >= r.DayBegins && minutes < r.DayEnds {
		return time.Time{}, false
	}
	next := local
	if minutes >= r.DayBegins {
		next = next.AddDate(0, 0, 1)
	}
	for range longestQuiet {
		if !c.Holiday(next) {
			break
		}
		next = next.AddDate(0, 0, 1)
	}
	y, m, d := next.Date()
	return time.Date(y, m, d, int(r.DayBegins)/60, int(r.DayBegins)%60, 0, 0, c.Zone), true
}

// UsefulDays is for how long a broadcast without a day of its own is worth
// sending.
const usefulDays = 14

// endOf gives the end of a day in the province.
func (c Calendar) endOf(day time.Time) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, 23, 59, 59, 0, c.Zone)
}
