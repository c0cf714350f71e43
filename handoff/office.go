package handoff

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"nghe/bot"
	"nghe/staff"
)

// Office holds a case as long as somebody of the office answers in the
// platform's own app: it is no login, and whoever they are is not known here.
const (
	Office     = "@office"
	officeName = "Văn phòng (trong ứng dụng Zalo)"
)

// OfficeSilence is how long the bot is silent after the last word of the office.
const OfficeSilence = 30 * time.Minute

// OfficeWord is something that the office wrote to somebody, past us. The person
// has it already.
type OfficeWord struct {
	Contact bot.Contact
	Key     string // the same when the platform tells it again
	Text    string
	Media   *bot.Media
	At      time.Time
}

// OfficeWrote files what the office wrote with the case of the person. Where
// nobody holds one, the office does from then on, and the bot is silent: nothing
// is said of it, the person reads the office's word itself. A counsellor who
// holds it goes on, and is shown the word.
func (d *Desk) OfficeWrote(ctx context.Context, w OfficeWord, now time.Time) error {
	c, err := d.Records.LastCaseOf(ctx, w.Contact)
	if err != nil {
		return fmt.Errorf("read case: %w", err)
	}
	if c == nil || !c.Open() {
		// Told again, or so late that the bot would be free by now.
		if now.Sub(w.At) >= OfficeSilence || c != nil && !w.At.After(c.ClosedAt) {
			return nil
		}
		if c, err = d.openForOffice(ctx, w); c == nil || err != nil {
			return err
		}
	}
	_, err = d.change(ctx, c.ID, "said", func(c Case) (Change, error) {
		if !c.Open() {
			return Change{Nothing: true}, nil // it was closed in this moment
		}
		if w.At.After(c.StaffAt) {
			c.StaffAt = w.At
		}
		c.AnsweredAt = cmp.Or(c.AnsweredAt, w.At)
		ch := Change{At: w.At, Said: []Message{{
			Key: "office " + w.Key, From: FromCounsellor, By: Office, Name: officeName, Text: w.Text, Media: w.Media, State: Sent, At: w.At,
		}}}
		if c.State == Waiting {
			c.take(staff.Member{Login: Office, Name: officeName}, w.At)
			ch.Hold = &bot.Hold{Kind: bot.HoldClaimed}
		}
		ch.Case = c
		return ch, nil
	})
	return err
}

// openForOffice makes a case that the office holds from the beginning; nil where
// the talk is a counsellor's own chat on duty.
func (d *Desk) openForOffice(ctx context.Context, w OfficeWord) (*Case, error) {
	h, err := d.Records.HoldOf(ctx, w.Contact)
	if err != nil || h.Kind == bot.HoldDuty {
		return nil, err
	}
	c, _, err := d.Open(ctx, Opening{Contact: w.Contact, Turn: "office " + w.Key, Kind: Help, Office: true, At: w.At})
	return c, err
}

// endOffice ends what the office began in the platform's app and left alone. Who
// was answered hears nothing: the bot can simply answer again. Who wrote after
// the office's last word waits in the queue, and is told.
func (d *Desk) endOffice(ctx context.Context, now time.Time) error {
	held, err := d.Records.Cases(ctx, Query{States: []State{Claimed}, Holder: Office, Within: everywhere, Limit: mostCases})
	if err != nil {
		return fmt.Errorf("read cases: %w", err)
	}
	for _, seen := range held {
		if now.Sub(seen.StaffAt) < OfficeSilence {
			continue
		}
		_, err := d.change(ctx, seen.ID, "closed", func(c Case) (Change, error) {
			switch {
			case c.State != Claimed || c.Holder != Office || now.Sub(c.StaffAt) < OfficeSilence:
				return Change{Nothing: true}, nil
			case c.PersonAt.After(c.StaffAt):
				e := staff.NewEntry(staff.Operator, now, "case.takeback", about(&c), c.Title()+" về hàng: văn phòng chưa trả lời tin sau cùng trong Zalo")
				ch := d.back(c, "human.office-quiet", &e, now)
				ch.Case.Asked = nil // nobody here was asked
				return ch, nil
			}
			e := staff.NewEntry(staff.Operator, now, "case.close", about(&c), c.Title()+" đóng: "+OfficeAnswered.Label())
			c.State, c.Outcome, c.ClosedBy, c.ClosedAt = Closed, OfficeAnswered, Office, now
			return Change{Case: c, Hold: &bot.Hold{}, Entry: &e, At: now, Said: []Message{{
				Key: key("office end", now), From: FromSystem, Text: OfficeAnswered.Label() + "; bot trả lời lại được.", At: now,
			}}}, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
