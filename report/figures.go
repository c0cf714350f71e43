package report

import (
	"time"

	"nghe/course"
	"nghe/daily"
	"nghe/handoff"
)

// Span is a time of a report, in whole days of the province, both with it.
type Span struct{ From, To daily.Day }

// Year is the year of the plan's reports: from 1 December of the year before to
// 30 November, so that they are ready before 10 December (KH 01/KH-UBND, II.13).
func Year(y int) Span {
	return Span{daily.Day((y-1)*10000 + 1201), daily.Day(y*10000 + 1130)}
}

// YearOf is the report's year that a day lies in.
func YearOf(d daily.Day) int {
	if d%10000 >= 1201 {
		return int(d/10000) + 1
	}
	return int(d / 10000)
}

// YearDue is the year whose report is on the desk: until 20 December, when the
// province's is due, it is the one that has just ended.
func YearDue(d daily.Day) int {
	if d%10000 >= 1201 && d%10000 <= 1220 {
		return int(d / 10000)
	}
	return YearOf(d)
}

// Before is the same time one year earlier.
func (s Span) Before() Span {
	back := func(d daily.Day) daily.Day { return daily.DayOf(d.Time(time.UTC).AddDate(-1, 0, 0)) }
	return Span{back(s.From), back(s.To)}
}

// Months gives the first day of the span and of each month that begins in it.
func (s Span) Months() []daily.Day {
	all := []daily.Day{s.From}
	for t := s.From.Time(time.UTC); ; {
		t = time.Date(t.Year(), t.Month()+1, 1, 0, 0, 0, 0, time.UTC)
		if daily.DayOf(t) > s.To {
			return all
		}
		all = append(all, daily.DayOf(t))
	}
}

// Bounds is when the span begins and when it is over, in a zone.
func (s Span) Bounds(zone *time.Location) (from, before time.Time) {
	return s.From.Time(zone), s.To.Add(1).Time(zone)
}

// Asked says of what figures are wanted.
type Asked struct {
	Span
	Zone  *time.Location
	Scope Scope
	// Cohort wants to know of wishes that were left in the span what became of
	// them until now; else what happened in the span counts.
	Cohort bool
}

// Scope is whose figures they are: of who lives at the places, and of the classes
// and cases of an organisation. All is the whole province.
type Scope struct {
	All     bool
	Places  []string
	Org     string
	Courses []string // of the organisation
}

// Within bounds wishes to the scope; nil is all.
func (s Scope) Within() *course.Within {
	if s.All {
		return nil
	}
	return &course.Within{Places: s.Places, Courses: s.Courses}
}

// By is what figures are told apart by.
type By string

// The ways.
const (
	ByPlace  By = "place"
	ByTrade  By = "trade"
	ByLevel  By = "level"
	ByCourse By = "course"
	BySex    By = "sex"   // Women, as far as it was agreed to be kept
	ByGroup  By = "group" // of content.Groups, ManyGroups
	ByMonth  By = "month" // its number in Span.Months
)

const (
	Women      = "women"
	ManyGroups = "many" // somebody is of several groups
)

// Wished is the first milestone: somebody left the wish.
const Wished course.Step = "wish"

// Tally is how many wishes reached a milestone.
type Tally struct {
	By   By
	Key  string // "" = not known
	Step course.Step
	N    int
}

// CaseSum is how many cases were opened that are alike.
type CaseSum struct {
	Kind    handoff.Kind
	Queue   string
	Outcome handoff.Outcome
	Closed  bool
	Rating  int // 0 = none
	Month   int // in which they were opened, in Span.Months
	N       int
	Took    time.Duration // from opening to closing, all of them together
}

// Reach is what was told to many.
type Reach struct {
	Told   int // announcements and reminders with a message to the scope
	Sent   int // messages
	Failed int // with those in doubt
	People int // who were told something, each once
}

// Figures are what the database summed up.
type Figures struct {
	Steps  []Tally
	Cases  []CaseSum
	Talks  map[int]int    // conversations by month
	Loans  map[string]int // programmes that were told
	Reach  Reach
	NoDays bool // of an organisation nothing is counted by day
}

// Difficulty is what stood in the way, as staff wrote it.
type Difficulty struct {
	Scope string // "" = the province, else id of a commune or "org:" and its name
	Span
	Words string
	By    string // name of staff
	At    time.Time
}
