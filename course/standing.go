package course

import "time"

// Standing is what may be told of a class on a day.
type Standing int

// The standings, the least welcome first.
const (
	Past   Standing = iota // over, begun, cancelled, or too old to be believed
	Taken                  // no seat is free; it has not begun
	Soon                   // planned, not yet enrolling
	Unsure                 // perhaps open: no day is known that says so
	Open                   // one can register
)

// Fresh is for how long an announcement without any day is believed. A class
// that enrols is seldom open for longer.
const Fresh = 60 * 24 * time.Hour

// Standing says how the class stands on a day. What is written in it counts
// less than its days: an announcement that says "enrolling" for ever is not
// open for ever.
func (c *Course) Standing(on Day) Standing { return c.standing(on, fresh(on)) }

// fresh gives the day since which an announcement without days is believed.
func fresh(on Day) Day { return DayOf(on.Time().Add(-Fresh)) }

func (c *Course) standing(on, freshSince Day) Standing {
	switch c.Status {
	case Running, Finished, Cancelled:
		return Past
	}
	switch {
	case c.Deadline.over(on), c.End.over(on):
		return Past
	case c.Deadline == "" && c.Start != "" && (c.Start.over(on) || c.Start == on):
		return Past // begun, as far as anybody knows
	case c.Deadline == "" && c.Start == "" && c.seen() < freshSince:
		return Past
	}
	dated := c.Deadline != "" || c.Start != "" && !c.Start.MonthOnly()
	switch {
	case c.Status == Full, c.Quota != nil && c.Registered != nil && *c.Registered >= *c.Quota:
		return Taken
	case c.Status == Planned:
		return Soon
	case c.Status == Enrolling && dated:
		return Open
	}
	return Unsure
}

// seen is the last day on which somebody looked at the announcement.
func (c *Course) seen() Day {
	seen := max(c.CheckedOn, c.SourceDate)
	if seen == "" && !c.UpdatedAt.IsZero() {
		seen = DayOf(c.UpdatedAt)
	}
	return seen
}
