package handoff

import (
	"cmp"
	"context"
	"slices"
	"time"

	"nghe/staff"
)

// Overview is how cases stand, for who answers for the counsellors.
type Overview struct {
	Waiting, Held, Urgent int
	Oldest                *Case // of those that wait; nil when none does
	// Late are open cases past a target, the longest first; Unowned those that
	// nobody has had for a day.
	Late    []Late
	Unowned int
	Queues  []QueueLoad
	Members []MemberLoad
	// Since is from when closed cases are counted.
	Since  time.Time
	Closed int
}

// Late is a case past a target.
type Late struct {
	Case
	First bool // nobody has answered yet; else it is not done yet
	By    time.Duration
}

// QueueLoad is what a queue has.
type QueueLoad struct {
	ID, Title     string
	Waiting, Held int
	Oldest        time.Time // zero: none waits
	Late          int
}

// MemberLoad is what a counsellor has, and has done lately.
type MemberLoad struct {
	Login, Name string
	Held, Owed  int       // Owed: the person spoke last
	OwedSince   time.Time // zero: nobody waits for a word
	Late        int
	Closed      int
	First       time.Duration // median until the first answer, of those closed
	Rating      float64       // mean; 0: nobody rated
}

// overviewOf is how far back closed cases are counted.
const overviewOf = 7 * 24 * time.Hour

// PastTarget says which target an open case has passed, and by how much; zero
// when none.
func (c *Case) PastTarget(now time.Time) (first bool, by time.Duration) {
	switch {
	case !c.Open():
	case c.AnsweredAt.IsZero() && !c.FirstDue.IsZero() && now.After(c.FirstDue):
		return true, now.Sub(c.FirstDue)
	case !c.CloseDue.IsZero() && now.After(c.CloseDue):
		return false, now.Sub(c.CloseDue)
	}
	return false, 0
}

// Owed says since when the person waits for a word of the holder.
func (c *Case) Owed() (since time.Time, owed bool) {
	if c.State != Claimed {
		return time.Time{}, false
	}
	return c.owedSince()
}

// Overview sums up the cases that a member may see.
func (d *Desk) Overview(ctx context.Context, by staff.Member, now time.Time) (*Overview, error) {
	open, err := d.List(ctx, Query{States: []State{Waiting, Claimed}, Limit: mostCases}, by)
	if err != nil {
		return nil, err
	}
	closed, err := d.List(ctx, Query{States: []State{Closed}, Limit: mostCases}, by)
	if err != nil {
		return nil, err
	}
	o := &Overview{Since: now.Add(-overviewOf)}
	queues, members := map[string]*QueueLoad{}, map[string]*MemberLoad{}
	for _, q := range d.Library().Queues {
		queues[q.ID] = &QueueLoad{ID: q.ID, Title: q.Title}
	}
	member := func(c *Case) *MemberLoad {
		if members[c.Holder] == nil {
			members[c.Holder] = &MemberLoad{Login: c.Holder, Name: c.HolderName}
		}
		return members[c.Holder]
	}
	for i := range open {
		c := &open[i]
		q := queues[d.QueueOf(c).ID]
		o.count(c, q, now)
		if c.State == Claimed {
			m := member(c)
			m.Held++
			if since, owed := c.Owed(); owed {
				m.Owed++
				if m.OwedSince.IsZero() || since.Before(m.OwedSince) {
					m.OwedSince = since
				}
			}
			if _, late := c.PastTarget(now); late > 0 {
				m.Late++
			}
		}
	}
	o.lately(closed, member)
	for _, q := range d.Library().Queues {
		o.Queues = append(o.Queues, *queues[q.ID])
	}
	for _, m := range members {
		o.Members = append(o.Members, *m)
	}
	slices.SortFunc(o.Members, func(a, b MemberLoad) int {
		return cmp.Or(cmp.Compare(b.Held, a.Held), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Login, b.Login))
	})
	slices.SortStableFunc(o.Late, func(a, b Late) int { return cmp.Compare(b.By, a.By) })
	return o, nil
}

// count counts an open case.
func (o *Overview) count(c *Case, q *QueueLoad, now time.Time) {
	if c.Urgent {
		o.Urgent++
	}
	if first, late := c.PastTarget(now); late > 0 {
		o.Late = append(o.Late, Late{*c, first, late})
		q.Late++
	}
	if c.State == Claimed {
		o.Held++
		q.Held++
		return
	}
	o.Waiting++
	q.Waiting++
	if q.Oldest.IsZero() || c.WaitingAt.Before(q.Oldest) {
		q.Oldest = c.WaitingAt
	}
	if o.Oldest == nil || c.WaitingAt.Before(o.Oldest.WaitingAt) {
		o.Oldest = c
	}
	if now.Sub(c.WaitingAt) > 24*time.Hour {
		o.Unowned++
	}
}

// lately counts what was closed since o.Since.
func (o *Overview) lately(closed []Case, member func(*Case) *MemberLoad) {
	first, ratings := map[string][]time.Duration{}, map[string][]int{}
	for i := range closed {
		c := &closed[i]
		if c.ClosedAt.Before(o.Since) {
			continue
		}
		o.Closed++
		if c.Holder == "" {
			continue
		}
		member(c).Closed++
		if !c.AnsweredAt.IsZero() {
			first[c.Holder] = append(first[c.Holder], c.AnsweredAt.Sub(c.OpenedAt))
		}
		if c.Rating > 0 {
			ratings[c.Holder] = append(ratings[c.Holder], c.Rating)
		}
	}
	for login, all := range first {
		slices.Sort(all)
		member(&Case{Holder: login}).First = all[len(all)/2]
	}
	for login, all := range ratings {
		sum := 0
		for _, n := range all {
			sum += n
		}
		member(&Case{Holder: login}).Rating = float64(sum) / float64(len(all))
	}
}
