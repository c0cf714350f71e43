package handoff

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"nghe/content"
)

// Hours are when a queue is worked on.
type Hours struct {
	shifts  []content.Shift
	zone    *time.Location
	holiday func(time.Time) bool
}

// Hours gives those of a queue.
func (d *Desk) Hours(q *content.Queue) Hours {
	holiday := d.Holiday
	if holiday == nil {
		holiday = func(time.Time) bool { return false }
	}
	return Hours{q.Shifts(), d.Zone, holiday}
}

// longestOff is more days than any row of days without work.
const longestOff = 60

// each calls do with the shifts from a time on, until it says false.
func (h Hours) each(from time.Time, do func(begin, end time.Time) bool) {
	local := from.In(h.zone)
	for day := range longestOff {
		y, m, d := local.AddDate(0, 0, day).Date()
		noon := time.Date(y, m, d, 12, 0, 0, 0, h.zone)
		if h.holiday(noon) {
			continue
		}
		for _, s := range h.shifts {
			if s.Day != noon.Weekday() {
				continue
			}
			begin, end := time.Date(y, m, d, 0, s.From, 0, 0, h.zone), time.Date(y, m, d, 0, s.To, 0, 0, h.zone)
			if end.After(from) && !do(begin, end) {
				return
			}
		}
	}
}

// Open says whether it is worked on at a time.
func (h Hours) Open(at time.Time) (open bool) {
	h.each(at, func(begin, _ time.Time) bool {
		open = !begin.After(at)
		return false
	})
	return open
}

// Next gives when it is worked on next: the time itself when it is then. The
// zero time: not in the next months.
func (h Hours) Next(at time.Time) (next time.Time) {
	h.each(at, func(begin, _ time.Time) bool {
		if next = begin; begin.Before(at) {
			next = at
		}
		return false
	})
	return next
}

// Add gives when so much working time has gone by.
func (h Hours) Add(at time.Time, work time.Duration) (end time.Time) {
	h.each(at, func(begin, closes time.Time) bool {
		if begin.Before(at) {
			begin = at
		}
		if end = begin.Add(work); !end.After(closes) {
			return false
		}
		work -= closes.Sub(begin)
		end = closes
		return true
	})
	return end
}

// Between gives how much working time lies between two times.
func (h Hours) Between(from, to time.Time) (work time.Duration) {
	h.each(from, func(begin, end time.Time) bool {
		if !begin.Before(to) {
			return false
		}
		if begin.Before(from) {
			begin = from
		}
		if end.After(to) {
			end = to
		}
		work += end.Sub(begin)
		return true
	})
	return work
}

var dayNames = []string{"Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"}

// String says them as people read them: “thứ Hai đến thứ Sáu, 7:30–11:30 và
// 13:30–17:00”.
func (h Hours) String() string {
	var groups []string // days with the same hours, in a row
	for i := 0; i < len(dayNames); {
		day := (i + 1) % 7 // the week begins with Monday
		hours := h.ofDay(day)
		j := i + 1
		for j < len(dayNames) && hours != "" && h.ofDay((j+1)%7) == hours {
			j++
		}
		if hours != "" {
			days := dayNames[day]
			if j > i+1 {
				days += " đến " + dayNames[j%7]
			}
			groups = append(groups, days+", "+hours)
		}
		i = j
	}
	return strings.Join(groups, "; ")
}

func (h Hours) ofDay(day int) string {
	var parts []string
	for _, s := range h.shifts {
		if int(s.Day) == day {
			parts = append(parts, fmt.Sprintf("%d:%02d–%d:%02d", s.From/60, s.From%60, s.To/60, s.To%60))
		}
	}
	return strings.Join(slices.Compact(parts), " và ")
}

// moment tells a time to a person: “8:00 thứ Hai 30/11”.
func (d *Desk) moment(t time.Time) string {
	t = t.In(d.Zone)
	return fmt.Sprintf("%d:%02d %s %d/%d", t.Hour(), t.Minute(), dayNames[t.Weekday()], t.Day(), int(t.Month()))
}

// day tells a day to a person: “thứ Hai 30/11/2026”.
func (d *Desk) day(t time.Time) string {
	t = t.In(d.Zone)
	return fmt.Sprintf("%s %d/%d/%d", dayNames[t.Weekday()], t.Day(), int(t.Month()), t.Year())
}
