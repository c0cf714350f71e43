package handoff

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"nghe/bot"
	"nghe/dialog"
	"nghe/staff"
)

// Close ends a case with what came of it: the bot comes back, thanks, asks for
// a rating and puts the question again that was left. Who holds it may, and as
// long as it waits whoever may take it. Referred needs a note: to whom.
func (d *Desk) Close(ctx context.Context, id string, by staff.Member, o Outcome, note string, now time.Time) (*Case, error) {
	note = strings.TrimSpace(note)
	switch {
	case !slices.Contains(Outcomes, o):
		return nil, refuse("“%s” không phải kết quả của ca. Chọn một trong: %s.", o, outcomeNames())
	case o == Referred && note == "":
		return nil, refuse("Anh/chị ghi đã chuyển người dân tới đâu.")
	}
	return d.change(ctx, id, "closed", func(c Case) (Change, error) {
		switch {
		case c.State == Closed && c.Outcome == o && c.ClosedBy == by.Login:
			return Change{Nothing: true}, may(by, staff.TakeCases, &c)
		case c.State == Closed:
			return Change{}, refuse("Ca %s đã đóng rồi.", c.Title())
		}
		if err := d.mayTransfer(by, &c); err != nil {
			return Change{}, err
		}
		ch := Change{Hold: &bot.Hold{}, Entry: entry(by, now, "close", &c, "đóng: "+o.Label()), At: now}
		if note != "" {
			ch.Said = append(ch.Said, Message{Key: key("close note", now), From: FromNote, By: by.Login, Name: by.Name, Text: note, At: now})
		}
		phrase := "human.closed"
		switch {
		case o == Abuse:
			phrase = "human.closed-abuse"
		case c.State == Waiting:
			phrase = "human.closed-nobody"
		}
		thanks := d.notice("close", &c, phrase, now)
		thanks.Closing = true
		ch.Said = append(ch.Said, thanks)
		c.State, c.Outcome, c.ClosedBy, c.ClosedAt = Closed, o, by.Login, now
		ch.Case = c
		return ch, nil
	})
}

func outcomeNames() string {
	var names []string
	for _, o := range Outcomes {
		names = append(names, string(o))
	}
	return strings.Join(names, ", ")
}

// End ends the open case of a contact because they want the bot back. It says
// whether there was one; the talk goes on with the bot's answer.
func (d *Desk) End(ctx context.Context, who bot.Contact, at time.Time) (bool, error) {
	open, err := d.Records.OpenCaseOf(ctx, who)
	if err != nil {
		return false, fmt.Errorf("read case: %w", err)
	}
	if open == nil {
		return false, d.free(ctx, who, at)
	}
	_, err = d.change(ctx, open.ID, "closed", func(c Case) (Change, error) {
		if c.State == Closed {
			return Change{Nothing: true}, nil
		}
		c.State, c.ClosedBy, c.ClosedAt = Closed, ByPerson, at
		return Change{Case: c, Hold: &bot.Hold{}, At: at, Said: []Message{{Key: key("end", at), From: FromSystem, Text: "Người dân gọi bot trở lại, ca đóng.", At: at}}}, nil
	})
	return true, err
}

// Reopen takes a closed case up again within ReopenFor: the member holds it.
func (d *Desk) Reopen(ctx context.Context, id string, by staff.Member, now time.Time) (*Case, error) {
	c, err := d.Get(ctx, id, by)
	if err != nil {
		return nil, err
	}
	if other, err := d.Records.OpenCaseOf(ctx, c.Contact); err != nil {
		return nil, fmt.Errorf("read case: %w", err)
	} else if other != nil && other.ID != c.ID {
		return nil, refuse("Người này đang có ca %s còn mở. Anh/chị trả lời ở ca đó.", other.Title())
	}
	return d.change(ctx, id, "reopened", func(c Case) (Change, error) {
		if err := may(by, staff.TakeCases, &c); err != nil {
			return Change{}, err
		}
		switch {
		case c.State == Claimed && c.Holder == by.Login:
			return Change{Nothing: true}, nil
		case c.Open():
			return Change{}, refuse("Ca %s còn mở, chưa cần mở lại.", c.Title())
		case c.Contact == (bot.Contact{}):
			return Change{}, refuse("Người dân đã xoá dữ liệu của mình, ca này không mở lại được.")
		case now.Sub(c.ClosedAt) > ReopenFor:
			return Change{}, refuse("Ca %s đóng đã quá 7 ngày. Người dân cần thì gặp người lần nữa, thành ca mới.", c.Title())
		}
		c.take(by, now)
		c.Outcome, c.ClosedBy, c.ClosedAt = "", "", time.Time{}
		return Change{
			Case: c, Hold: &bot.Hold{Kind: bot.HoldClaimed}, At: now, Entry: entry(by, now, "reopen", &c, "mở lại"),
			Said: []Message{d.notice("reopened", &c, "human.reopened", now)},
		}, nil
	})
}

// The three taps of a rating and what they count.
var stars = []struct {
	phrase string
	n      int
}{{"rate.good", 5}, {"rate.fair", 3}, {"rate.bad", 1}}

// ratings are the taps that rate a case: each begins flow rate.
func (d *Desk) ratings() []dialog.Option {
	lib := d.Library()
	var options []dialog.Option
	for _, s := range stars {
		id := fmt.Sprintf("flow:rate?rating=%d", s.n)
		if o := dialog.OptionOf(lib, id); o.Label != "" {
			options = append(options, o)
		}
	}
	return options
}

// Rate keeps how a contact rates the case that was closed last, from 1 to 5, or
// with 0 only the line with it; again changes it. It says whether there was one to rate.
func (d *Desk) Rate(ctx context.Context, who bot.Contact, n int, remark string, at time.Time) (bool, error) {
	last, err := d.Records.LastCaseOf(ctx, who)
	if err != nil {
		return false, fmt.Errorf("read case: %w", err)
	}
	if last == nil || last.Open() || n < 0 || n > 5 || at.Sub(last.ClosedAt) > ReopenFor {
		return false, nil
	}
	_, err = d.change(ctx, last.ID, "changed", func(c Case) (Change, error) {
		if c.Open() {
			return Change{Nothing: true}, nil
		}
		if n > 0 {
			c.Rating = n
		}
		if remark != "" {
			c.Remark = remark
		}
		return Change{Case: c, At: at}, nil
	})
	return err == nil, err
}
