package handoff

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"nghe/bot"
	"nghe/dialog"
	"nghe/staff"
)

// What flows and topics may ask for. Flows human, complaint and rate do.
const (
	EffectOpen     = "case-open"     // a human, please; the outcome is spoken
	EffectComplain = "case-complain" // the same about something that went wrong
	EffectDanger   = "case-danger"   // the person is in danger: nothing waits for it
	EffectRate     = "case-rate"     // how the last case was
	EffectRemark   = "case-remark"   // a line with it
)

// Effects are all of them, for checks of the content.
var Effects = [...]string{EffectOpen, EffectComplain, EffectDanger, EffectRate, EffectRemark}

// The slots that flows ask for.
const (
	slotAbout  = "complaint_about"
	slotWhat   = "complaint_what"
	slotRating = "rating"
)

// Outcomes of opening, as flows compare them (slot case).
const (
	outcomeNew     = "new"
	outcomeWaiting = "waiting" // one was open
	outcomeClaimed = "claimed" // and somebody holds it
)

// Effects are what flows may ask for.
func (d *Desk) Effects() map[string]bot.Effect {
	return map[string]bot.Effect{
		EffectOpen: d.openAsked, EffectComplain: d.complain, EffectDanger: d.danger, EffectRate: d.rate, EffectRemark: d.remark,
	}
}

func (d *Desk) openAsked(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	c, fresh, err := d.Open(ctx, Opening{Contact: a.Contact, Turn: a.Turn, Kind: Help, Left: a.Left, Answers: a.Slots, For: a.For, At: a.At})
	if err != nil {
		return nil, err
	}
	return d.outcomeOf(ctx, c, fresh, a)
}

func (d *Desk) complain(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	c, fresh, err := d.Open(ctx, Opening{
		Contact: a.Contact, Turn: a.Turn, Kind: Complaint, Topic: "org.complaint", Left: a.Left, Answers: a.Slots, For: a.For,
		About: a.Slots[slotAbout].Text(), Wish: a.Text, At: a.At,
	})
	if err != nil {
		return nil, err
	}
	return d.outcomeOf(ctx, c, fresh, a)
}

// danger opens an urgent case after the person was told whom to call.
func (d *Desk) danger(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	_, _, err := d.Open(ctx, Opening{Contact: a.Contact, Turn: a.Turn, Kind: Help, Urgent: true, At: a.At})
	return nil, err
}

func (d *Desk) rate(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	n, _ := strconv.Atoi(a.Slots[slotRating].Text())
	return rated(d.Rate(ctx, a.Contact, n, "", a.At))
}

func (d *Desk) remark(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	return rated(d.Rate(ctx, a.Contact, 0, strings.TrimSpace(a.Text), a.At))
}

func rated(there bool, err error) (dialog.Values, error) {
	if err != nil {
		return nil, err
	}
	outcome := "none"
	if there {
		outcome = "noted"
	}
	return dialog.Values{"rated": dialog.Text(outcome)}, nil
}

// outcomeOf is what flows tell of a case.
func (d *Desk) outcomeOf(ctx context.Context, c *Case, fresh bool, a bot.Asked) (dialog.Values, error) {
	q := d.QueueOf(c)
	hours := d.Hours(q)
	ahead, err := d.Ahead(ctx, c)
	if err != nil {
		return nil, err
	}
	outcome := outcomeNew
	switch {
	case fresh:
	case c.State == Claimed:
		outcome = outcomeClaimed
	default:
		outcome = outcomeWaiting
	}
	open := "no"
	if hours.Open(a.At) {
		open = "yes"
	}
	manned, err := d.manned(ctx, c)
	if err != nil {
		return nil, err
	}
	values := dialog.Values{
		"case_manned": dialog.Text(manned),
		"case":        dialog.Text(outcome), "case_number": dialog.Text(c.Title()), "case_queue": dialog.Text(q.Title), "case_who": dialog.Text(q.Who),
		"case_hours": dialog.Text(hours.String()), "case_open": dialog.Text(open), "case_next": dialog.Text(d.moment(hours.Next(a.At))),
		"case_turn": dialog.Text(strconv.Itoa(ahead + 1)), "case_holder": dialog.Text(c.HolderName), "case_due": dialog.Text(d.day(c.CloseDue)),
		"case_body": dialog.Text(""), "case_body_days": dialog.Text(""),
	}
	for _, b := range d.Library().Bodies {
		if b.ID != c.Body {
			continue
		}
		if values["case_body"] = dialog.Text(b.Name); b.Days > 0 {
			values["case_body_days"] = dialog.Text(strconv.Itoa(b.Days))
		}
	}
	return values, nil
}

// manned says whether anybody at all may take a case ("yes"), so that nobody is
// promised an answer where nobody could give one ("no").
func (d *Desk) manned(ctx context.Context, c *Case) (string, error) {
	if d.Staff == nil {
		return "yes", nil // who asks does not know the office
	}
	members, err := d.Staff.Members(ctx)
	if err != nil {
		return "", fmt.Errorf("read staff: %w", err)
	}
	for _, m := range members {
		if staff.Allowed(m, staff.TakeCases, c.Where()) == nil {
			return "yes", nil
		}
	}
	return "no", nil
}
