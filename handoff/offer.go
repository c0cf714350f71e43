package handoff

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"nghe/staff"
)

// askAgain is after how long everybody on duty is asked again about a case that
// each of them left to others.
const askAgain = 10 * time.Minute

// Offer offers each waiting case to somebody on duty who may take it: whoever
// has the least in hand, of those whoever was not asked for the longest. An
// offer that ran out, or was passed on, goes to the next.
func (d *Desk) Offer(ctx context.Context, now time.Time) error {
	on, err := d.OnDuty(ctx, now)
	if err != nil || len(on) == 0 {
		return err
	}
	waiting, err := d.Records.Cases(ctx, Query{States: []State{Waiting}, Within: everywhere, Limit: mostCases})
	if err != nil {
		return fmt.Errorf("read cases: %w", err)
	}
	busy := map[string]int{} // cases in hand, and on offer
	for _, o := range on {
		busy[o.Login] = o.Holds
	}
	for _, c := range waiting {
		if c.offeredAt(now) {
			busy[c.Offered]++
		}
	}
	for _, c := range waiting {
		i := -1
		if !c.offeredAt(now) || !takes(on, c.Offered) {
			i = next(on, busy, &c, now)
		}
		if i < 0 || passedByAll(on, &c) {
			continue
		}
		if err := d.offer(ctx, c, on[i].Login, now); err != nil {
			return err
		}
		busy[on[i].Login]++
		on[i].OfferedAt = now
	}
	return nil
}

// offeredAt says whether somebody still has time to say yes.
func (c *Case) offeredAt(now time.Time) bool { return c.Offered != "" && now.Before(c.OfferEnds) }

func takes(on []OnDuty, login string) bool {
	return slices.ContainsFunc(on, func(o OnDuty) bool { return o.Login == login && o.Reachable() })
}

// next gives who is asked about a case; -1 for nobody.
func next(on []OnDuty, busy map[string]int, c *Case, now time.Time) int {
	best := -1
	for i, o := range on {
		asked := slices.Contains(c.Asked, o.Login) && now.Before(c.OfferEnds.Add(askAgain))
		if asked || !mayTake(o, c) {
			continue
		}
		if best < 0 || cmp.Or(cmp.Compare(busy[o.Login], busy[on[best].Login]), o.OfferedAt.Compare(on[best].OfferedAt)) < 0 {
			best = i
		}
	}
	return best
}

// mayTake says whether a case may be offered to somebody: not their own.
func mayTake(o OnDuty, c *Case) bool {
	return o.Reachable() && o.Contact != c.Contact && o.Member.Contact != c.Contact && staff.Allowed(o.Member, staff.TakeCases, c.Where()) == nil
}

// passedByAll says whether the only one who may take a case was asked already: to
// ask them again and again helps nobody, who supervises is told (target.go).
func passedByAll(on []OnDuty, c *Case) bool {
	var may []string
	for _, o := range on {
		if mayTake(o, c) {
			may = append(may, o.Login)
		}
	}
	return len(may) == 1 && slices.Contains(c.Asked, may[0])
}

func (d *Desk) offer(ctx context.Context, seen Case, login string, now time.Time) error {
	q := d.QueueOf(&seen)
	won := false
	_, err := d.change(ctx, seen.ID, "offered", func(c Case) (Change, error) {
		// Somebody else may have been faster.
		if c.State != Waiting || c.Offered != seen.Offered || !c.OfferEnds.Equal(seen.OfferEnds) {
			return Change{Nothing: true}, nil
		}
		if slices.Contains(c.Asked, login) {
			c.Asked = nil // all were asked: from the beginning
		}
		c.Offered, c.OfferEnds, c.Asked = login, now.Add(time.Duration(q.Offer)*time.Minute), append(slices.Clone(c.Asked), login)
		won = true
		return Change{Case: c, At: now}, nil
	})
	if err != nil || !won {
		return err
	}
	if err := d.Roster.DutyOffered(ctx, login, now); err != nil {
		return fmt.Errorf("note offer: %w", err)
	}
	return nil
}

// Pass leaves a case that is offered to a member to others; the next is asked.
func (d *Desk) Pass(ctx context.Context, id string, by staff.Member, now time.Time) (*Case, error) {
	c, err := d.change(ctx, id, "changed", func(c Case) (Change, error) {
		if err := may(by, staff.TakeCases, &c); err != nil {
			return Change{}, err
		}
		if c.State != Waiting || c.Offered != by.Login {
			return Change{Nothing: true}, nil
		}
		c.Offered, c.OfferEnds = "", now
		return Change{Case: c, At: now}, nil
	})
	if err != nil {
		return nil, err
	}
	return c, d.Offer(ctx, now)
}
