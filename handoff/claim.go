package handoff

import (
	"context"
	"strings"
	"time"

	"nghe/bot"
	"nghe/content"
	"nghe/staff"
)

// Claim makes a case a member's own. Of several who claim one at a time one
// wins; the others get a *Taken. When it comes back without an error, the bot
// says nothing more in this talk.
func (d *Desk) Claim(ctx context.Context, id string, by staff.Member, now time.Time) (*Case, error) {
	return d.claim(ctx, id, by, nil, now)
}

// claim is Claim with what is said at once: the person gets it together with who
// has joined, as one message where the platform has the chat take one a second.
func (d *Desk) claim(ctx context.Context, id string, by staff.Member, word *Message, now time.Time) (*Case, error) {
	return d.change(ctx, id, "claimed", func(c Case) (Change, error) {
		if err := may(by, staff.TakeCases, &c); err != nil {
			return Change{}, err
		}
		switch {
		case c.State == Closed:
			return Change{}, refuse("Ca %s đã đóng. Anh/chị mở lại được trong 7 ngày sau khi đóng.", c.Title())
		case c.State == Claimed && c.Holder == by.Login:
			return Change{Nothing: true}, nil
		case c.State == Claimed && c.Holder != Office: // who writes there can't hand it on
			return Change{}, taken(&c)
		}
		c.take(by, now)
		said := d.notice("claimed", &c, "human.claimed", now)
		if word != nil {
			if err := d.maySay(by, &c, now); err != nil {
				return Change{}, err
			}
			lead := said.Text
			said = *word
			said.Lead = lead
		}
		return Change{
			Case: c, Hold: &bot.Hold{Kind: bot.HoldClaimed}, At: now, Entry: entry(by, now, "claim", &c, "nhận ca"), Said: []Message{said},
		}, nil
	})
}

func (c *Case) take(by staff.Member, now time.Time) {
	c.State, c.Holder, c.HolderName, c.ClaimedAt = Claimed, by.Login, by.Name, now
	c.Offered, c.OfferEnds, c.Asked, c.Warned = "", time.Time{}, nil, nil
}

// wait puts a case into its queue.
func (d *Desk) wait(c *Case, now time.Time) {
	c.State, c.Holder, c.HolderName, c.ClaimedAt, c.WaitingAt = Waiting, "", "", time.Time{}, now
	c.Offered, c.OfferEnds, c.Asked, c.Warned = "", time.Time{}, nil, nil
	if q := d.Library().Queue(c.Queue); q != nil {
		c.FirstDue = d.Hours(q).Add(now, time.Duration(q.FirstAnswer)*time.Minute)
	}
}

func taken(c *Case) error { return &Taken{c.Title(), c.Holder, c.HolderName} }

// holds says whether a member holds a case; the error tells who does.
func holdsIt(by staff.Member, c *Case) error {
	if err := may(by, staff.TakeCases, c); err != nil {
		return err
	}
	switch {
	case c.State == Closed:
		return refuse("Ca %s đã đóng.", c.Title())
	case c.State == Waiting:
		return refuse("Ca %s chưa ai nhận. Anh/chị nhận ca trước.", c.Title())
	case c.Holder != by.Login:
		return taken(c)
	}
	return nil
}

// Release gives a case back to its queue; the person is told.
func (d *Desk) Release(ctx context.Context, id string, by staff.Member, now time.Time) (*Case, error) {
	return d.change(ctx, id, "released", func(c Case) (Change, error) {
		if c.State == Waiting {
			return Change{Nothing: true}, may(by, staff.TakeCases, &c)
		}
		if err := holdsIt(by, &c); err != nil {
			return Change{}, err
		}
		return d.back(c, "human.released", entry(by, now, "release", &c, "trả ca về hàng"), now), nil
	})
}

// TakeBack puts a case back that its holder left alone: because they went quiet
// or off duty. It does nothing when somebody else holds it by now, or they
// have spoken since a time.
func (d *Desk) TakeBack(ctx context.Context, id, holder string, quietSince time.Time, why string, now time.Time) (*Case, error) {
	return d.change(ctx, id, "released", func(c Case) (Change, error) {
		if c.State != Claimed || c.Holder != holder || c.StaffAt.After(quietSince) || c.ClaimedAt.After(quietSince) {
			return Change{Nothing: true}, nil
		}
		e := staff.NewEntry(staff.Operator, now, "case.takeback", about(&c), c.Title()+" về hàng: "+why)
		return d.back(c, "human.quiet", &e, now), nil
	})
}

func (d *Desk) back(c Case, phrase string, e *staff.Entry, now time.Time) Change {
	notice := d.notice("released", &c, phrase, now)
	left := c.Holder
	d.wait(&c, now)
	c.Asked, c.OfferEnds = []string{left}, now // others are asked first
	return Change{Case: c, Hold: &bot.Hold{Kind: bot.HoldWaiting}, Said: []Message{notice}, Entry: e, At: now}
}

// Transfer says where a case goes: exactly one of these.
type Transfer struct {
	Member *staff.Member // into the hand of somebody
	Queue  string        // to another queue
	Org    string        // to another organisation's counsellors, in the same queue
}

// Transfer hands a case on with a note for who gets it; the person is told. Who
// holds it may, and as long as it waits whoever may take it.
func (d *Desk) Transfer(ctx context.Context, id string, by staff.Member, to Transfer, note string, now time.Time) (*Case, error) {
	note, err := words(note)
	if err != nil {
		return nil, refuse("Anh/chị ghi một dòng cho người nhận: ca này cần gì.")
	}
	return d.change(ctx, id, "transferred", func(c Case) (Change, error) {
		if err := d.mayTransfer(by, &c); err != nil {
			return Change{}, err
		}
		detail, err := d.direct(&c, to, now)
		if err != nil {
			return Change{}, err
		}
		ch := Change{Case: c, At: now, Entry: entry(by, now, "transfer", &c, "chuyển "+detail)}
		ch.Said = append(ch.Said, Message{Key: key("transfer", now), From: FromNote, By: by.Login, Name: by.Name, Text: "Chuyển " + detail + ": " + note, At: now})
		if c.State == Claimed {
			ch.Hold = &bot.Hold{Kind: bot.HoldClaimed}
			ch.Said = append(ch.Said, d.notice("claimed", &c, "human.claimed", now))
		} else {
			ch.Hold = &bot.Hold{Kind: bot.HoldWaiting}
			ch.Said = append(ch.Said, d.notice("transferred", &c, "human.transferred", now))
		}
		return ch, nil
	})
}

func (d *Desk) mayTransfer(by staff.Member, c *Case) error {
	if c.State == Waiting {
		return may(by, staff.TakeCases, c)
	}
	return holdsIt(by, c)
}

// direct puts a case where a transfer says.
func (d *Desk) direct(c *Case, to Transfer, now time.Time) (detail string, err error) {
	switch {
	case to.Member != nil:
		if err := staff.Allowed(*to.Member, staff.TakeCases, c.Where()); err != nil {
			return "", refuse("%s không nhận được ca này: vai trò hoặc phạm vi được giao không gồm nơi đó.", to.Member.Name)
		}
		c.take(*to.Member, now)
		return "cho " + to.Member.Name, nil
	case to.Queue != "":
		q := d.Library().Queue(to.Queue)
		if q == nil {
			return "", refuse("Không có hàng nào mã “%s”: %s.", to.Queue, queueNames(d.Library()))
		}
		if c.Queue = q.ID; q.Org != "" {
			c.Org = q.Org
		}
		d.wait(c, now)
		return "sang hàng " + q.Title, nil
	case to.Org != "":
		c.Org = to.Org
		d.wait(c, now)
		return "sang " + to.Org, nil
	}
	return "", refuse("Anh/chị chọn chuyển cho ai: một người, một hàng, hoặc một đơn vị.")
}

func queueNames(lib *content.Library) string {
	var names []string
	for _, q := range lib.Queues {
		names = append(names, q.ID+" ("+q.Title+")")
	}
	return strings.Join(names, ", ")
}
