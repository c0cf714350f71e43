package console

import (
	"errors"
	"slices"

	"nghe/broadcast"
	"nghe/course"
	"nghe/handoff"
	"nghe/report"
	"nghe/scheduler/reminder"
	"nghe/staff"
)

// home is the first page.
type home struct {
	Closing   []courseRow // enrolment closes within a week
	Ready     []courseRow // enough have registered to open
	New       int         // wishes that nobody has seen to
	Waiting   int         // wishes for which there is no seat
	MaySee    bool
	MayEdit   bool
	MayInvite bool
	Todo      []reminder.Notice
	Next      []opening             // the classes that should open first, and where
	Openings  int                   // how many could open
	Cases     *homeCases            // nil: not for this member
	Empty     bool                  // there is no class at all, and this member may make one
	Yes       []broadcast.Broadcast // wait for this member's yes
	Going     []broadcast.Broadcast // are being sent, or are stopped
}

// homeCases is how cases stand, in a few numbers.
type homeCases struct {
	Waiting int
	Oldest  string // how long the oldest of them waits
	Mine    int
	Owed    int  // of mine: the person spoke last
	Pressed int  // close to a target, or past it
	Lead    bool // who looks answers for counsellors
}

// homeCases counts what waits; nil for who sees no cases.
func (c *Console) homeCases(v *visit) (*homeCases, error) {
	if staff.AllowedSomewhere(v.me(), staff.SeeCases) != nil {
		return nil, nil
	}
	open, err := c.Cases.List(v.Context(), handoff.Query{States: []handoff.State{handoff.Waiting, handoff.Claimed}, Limit: mostHome}, v.me())
	if err != nil {
		return nil, err
	}
	now := c.Now()
	h := &homeCases{Lead: v.me().Role == staff.Administrator}
	oldest := now
	for _, k := range open {
		r := c.caseRow(v, k, now)
		if r.Due.Colour != "" {
			h.Pressed++
		}
		switch {
		case k.State == handoff.Waiting:
			h.Waiting++
			if k.WaitingAt.Before(oldest) {
				oldest, h.Oldest = k.WaitingAt, r.Ago
			}
		case r.Mine:
			h.Mine++
			if r.Owed {
				h.Owed++
			}
		}
	}
	return h, nil
}

// homeNext tells which commune should open which class next, to who may read what
// people need.
func (c *Console) homeNext(v *visit, p *home) error {
	if staff.AllowedSomewhere(v.me(), staff.SeeReports) != nil {
		return nil
	}
	n, err := c.needs(v.Context(), v.me())
	if err != nil {
		return err
	}
	all := n.Openings(c.Courses(), c.today(), report.UsualLeast)
	p.Openings, p.Next = len(all), c.openings(v, all[:min(len(all), mostNext)])
	return nil
}

// mostNext is how many classes that should open the first page names.
const mostNext = 3

// mostHome is how many open cases the first page counts.
const mostHome = 1000

// stillOfUse says whether a notice about a case is: who reads it may see the case,
// and nobody has taken or closed that since.
func (c *Console) stillOfUse(v *visit, n reminder.Notice) (bool, error) {
	if n.Case == "" {
		return true, nil
	}
	var denied *staff.Denied
	k, err := c.Cases.Get(v.Context(), n.Case, v.me())
	switch {
	case errors.As(err, &denied), errors.Is(err, handoff.ErrNone):
		return false, nil
	case err != nil:
		return false, err
	}
	return k.Open() && !k.ClaimedAt.After(n.At), nil
}

// latestOfCase adds a notice to those that stand there; of a case the latest is
// enough.
func latestOfCase(all []reminder.Notice, n reminder.Notice) []reminder.Notice {
	i := slices.IndexFunc(all, func(x reminder.Notice) bool { return n.Case != "" && x.Case == n.Case })
	switch {
	case i < 0:
		return append(all, n)
	case !n.At.Before(all[i].At):
		all[i] = n
	}
	return all
}

// showHome shows what waits today, of what one works for.
func (c *Console) showHome(v *visit) error {
	c.prepareFigures(v.me())
	p := home{MaySee: staff.AllowedSomewhere(v.me(), staff.SeeInterests) == nil, MayEdit: staff.AllowedSomewhere(v.me(), staff.EditCourses) == nil,
		MayInvite: staff.AllowedSomewhere(v.me(), staff.ManageStaff) == nil}
	all, err := c.rows(v)
	if err != nil {
		return err
	}
	week := course.DayOf(c.Now().In(c.Zone).AddDate(0, 0, 7))
	for _, r := range all {
		if !v.me().Scope.Holds(staff.WhereCourse(r.Course)) {
			continue
		}
		if r.Standing != course.Past && r.Deadline != "" && !r.Deadline.MonthOnly() && r.Deadline <= week {
			p.Closing = append(p.Closing, r)
		}
		if r.Ready && p.MayEdit {
			p.Ready = append(p.Ready, r)
		}
		if r.Standing != course.Past {
			p.Waiting += r.Seats.Waiting
		}
	}
	p.Empty = len(all) == 0 && p.MayEdit
	notices, err := c.Records.Notices(v.Context(), c.Now())
	if err != nil {
		return err
	}
	for _, n := range notices {
		if !n.For(string(v.me().Role), v.me().Scope.Province) {
			continue
		}
		if use, err := c.stillOfUse(v, n); err != nil {
			return err
		} else if use {
			p.Todo = latestOfCase(p.Todo, n)
		}
	}
	if p.Cases, err = c.homeCases(v); err != nil {
		return err
	}
	if err := c.homeNext(v, &p); err != nil {
		return err
	}
	if p.MaySee {
		tally, err := c.Records.CountInterests(v.Context(), course.Search{Within: c.within(v.me())})
		if err != nil {
			return err
		}
		p.New = tally[course.New]
	}
	if staff.AllowedSomewhere(v.me(), staff.SeeBroadcasts) == nil {
		const most = 20
		some, err := c.Broadcasts.Records.Broadcasts(v.Context(), most, broadcast.Awaiting, broadcast.Sending, broadcast.Paused)
		if err != nil {
			return err
		}
		for _, b := range some {
			switch {
			case b.State != broadcast.Awaiting:
				p.Going = append(p.Going, b)
			case b.Author != v.me().Login && c.mayBroadcast(v.me(), staff.ApproveBroadcast, &b) == nil:
				p.Yes = append(p.Yes, b)
			}
		}
	}
	return c.page(v, "home", "Hôm nay", p)
}
