package console

import (
	"cmp"
	"slices"
	"strings"

	"nghe/bot"
	"nghe/handoff"
	"nghe/staff"
)

// duty is who takes cases at the moment, seen by a member.
type duty struct {
	May    bool // be on duty
	On     *handoff.OnDuty
	Until  string // as a clock tells it
	Others []handoff.OnDuty
}

// dutyFor tells who is on duty, those who can be reached first. That somebody
// looks shows that a page of theirs is open.
func (c *Console) dutyFor(v *visit) (duty, error) {
	d := duty{May: staff.AllowedSomewhere(v.me(), staff.TakeCases) == nil}
	now := c.Now()
	if err := c.Cases.SeenOn(v.Context(), v.me(), now); err != nil {
		return d, err
	}
	all, err := c.Cases.OnDuty(v.Context(), now)
	if err != nil {
		return d, err
	}
	for _, o := range all {
		if o.Login == v.me().Login {
			d.On, d.Until = &o, c.hourOf(o.Until, now)
			continue
		}
		d.Others = append(d.Others, o)
	}
	slices.SortStableFunc(d.Others, func(a, b handoff.OnDuty) int {
		rank := map[bool]int{true: 0, false: 1}
		return cmp.Or(rank[a.Reachable()]-rank[b.Reachable()], strings.Compare(a.Member.Name, b.Member.Name))
	})
	return d, nil
}

// changeDuty puts a member on duty from their pages, or off it: what they hold
// goes back to its queues then.
func (c *Console) changeDuty(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	now := c.Now()
	if f.Get("on") != "yes" {
		given, err := c.Cases.SignOff(v.Context(), v.me(), now)
		if err != nil {
			return err
		}
		done := "duty-off"
		if len(given) > 0 {
			done = "duty-off-given"
		}
		return sendOn(v, "/console/cases", done)
	}
	if _, err := c.Cases.SignOn(v.Context(), v.me(), bot.Contact{}, now); err != nil {
		return err
	}
	if err := c.Cases.Offer(v.Context(), now); err != nil {
		return err
	}
	return sendOn(v, "/console/cases", "duty-on")
}
