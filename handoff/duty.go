package handoff

import (
	"context"
	"fmt"
	"slices"
	"time"

	"nghe/bot"
	"nghe/staff"
)

// Duty is a member of staff who takes cases at the moment.
type Duty struct {
	Login   string
	Contact bot.Contact // their own chat with the bot; zero: they work from pages alone
	Since   time.Time
	Until   time.Time // the end of the working day, or of what they said
	// OfferedAt is when a case was last offered to them: offers go round.
	OfferedAt time.Time
	// Lost says why their chat can't be reached, "" when it can: who can't be
	// reached is not on duty, and is shown as such.
	Lost string
	// Seen is when a page of theirs was last open.
	Seen time.Time
}

// Roster keeps who is on duty. Package store has it. All of it may be done
// again.
type Roster interface {
	// PutDuty keeps that somebody is on duty, in the place of what was kept of
	// them, together with its entry in the audit log; nil: none.
	PutDuty(ctx context.Context, d Duty, e *staff.Entry) error
	// EndDuty says whether they were.
	EndDuty(ctx context.Context, login string, e *staff.Entry) (bool, error)
	// Duties gives all of them, the longest on duty first.
	Duties(ctx context.Context) ([]Duty, error)
	// DutyOffered notes that they were offered a case, DutyLost that their chat
	// can't be reached, DutySeen that a page of theirs is open.
	DutyOffered(ctx context.Context, login string, at time.Time) error
	DutyLost(ctx context.Context, c bot.Contact, why string) error
	DutySeen(ctx context.Context, login string, at time.Time) error
}

// Members are who works here. staff.Records has it.
type Members interface {
	Members(ctx context.Context) ([]staff.Member, error)
}

// OnDuty is a member who takes cases, with what they have in hand.
type OnDuty struct {
	Duty
	Member staff.Member
	Holds  int // cases in their hand
	// Away says that they work from pages alone and have closed them all.
	Away bool
}

// Reachable says whether a case may be offered to them.
func (o OnDuty) Reachable() bool { return o.Lost == "" && !o.Member.Off && !o.Away }

// PagesClosed is after how long without an open page somebody who works from
// pages alone is offered nothing: a phone in the pocket or a bad line is shorter.
const PagesClosed = 5 * time.Minute

// SeenOn notes that a page of a member is open. It means nothing for who is not
// on duty.
func (d *Desk) SeenOn(ctx context.Context, by staff.Member, now time.Time) error {
	if d.Roster == nil {
		return nil
	}
	if err := d.Roster.DutySeen(ctx, by.Login, now); err != nil {
		return fmt.Errorf("note an open page: %w", err)
	}
	return nil
}

// afterHours is how long somebody is on duty who begins when no queue is
// worked on any more that day.
const afterHours = 3 * time.Hour

// SignOn puts a member on duty: from their own chat, or with the zero contact
// from pages. Again, it changes nothing but how long.
func (d *Desk) SignOn(ctx context.Context, by staff.Member, c bot.Contact, now time.Time) (*Duty, error) {
	if err := staff.AllowedSomewhere(by, staff.TakeCases); err != nil {
		return nil, err
	}
	was, err := d.dutyOf(ctx, by.Login)
	if err != nil {
		return nil, err
	}
	if c != (bot.Contact{}) {
		if open, err := d.Records.OpenCaseOf(ctx, c); err != nil {
			return nil, fmt.Errorf("read case: %w", err)
		} else if open != nil {
			return nil, refuse("Từ chat này anh/chị đang hỏi ca %s như một người dân. Gõ “gọi bot lại” để đóng ca đó, rồi mới trực được.", open.Title())
		}
	}
	on := Duty{Login: by.Login, Contact: c, Since: now, Until: d.dayEnds(now)}
	e := staff.NewEntry(by, now, "duty.on", "staff:"+by.ID, "bắt đầu trực")
	told := &e
	if c == (bot.Contact{}) {
		on.Seen = now
	}
	if was != nil {
		on.Since, on.OfferedAt, told = was.Since, was.OfferedAt, nil
		if on.Seen.IsZero() {
			on.Seen = was.Seen
		}
		if c == (bot.Contact{}) {
			on.Contact, on.Lost = was.Contact, was.Lost
		} else if was.Contact != (bot.Contact{}) && was.Contact != c {
			if err := d.liftDuty(ctx, was.Contact, now); err != nil {
				return nil, err
			}
		}
	}
	if err := d.Roster.PutDuty(ctx, on, told); err != nil {
		return nil, fmt.Errorf("keep duty: %w", err)
	}
	if c != (bot.Contact{}) {
		if err := d.holdDuty(ctx, c, now); err != nil {
			return nil, err
		}
	}
	return &on, nil
}

// holdDuty has what they type go to their people from now on. A hold that is
// there already stays: a new one would have the turn that asks decided anew.
func (d *Desk) holdDuty(ctx context.Context, c bot.Contact, now time.Time) error {
	h, err := d.Records.HoldOf(ctx, c)
	if err != nil {
		return fmt.Errorf("read hold: %w", err)
	}
	if h.Kind == bot.HoldDuty {
		return d.bring(ctx, c, h, now)
	}
	return d.Duty(ctx, c, true, now)
}

// liftDuty makes a counsellor's chat an ordinary talk again, unless somebody
// has it in hand by now.
func (d *Desk) liftDuty(ctx context.Context, c bot.Contact, now time.Time) error {
	if c == (bot.Contact{}) {
		return nil
	}
	h, err := d.Records.HoldOf(ctx, c)
	if err != nil {
		return fmt.Errorf("read hold: %w", err)
	}
	if h.Kind != bot.HoldDuty {
		return nil
	}
	return d.Duty(ctx, c, false, now)
}

// SignOff ends a member's duty; their cases go back to their queues, and the
// people are told. It gives those cases.
func (d *Desk) SignOff(ctx context.Context, by staff.Member, now time.Time) ([]Case, error) {
	was, err := d.dutyOf(ctx, by.Login)
	if err != nil {
		return nil, err
	}
	given, err := d.giveBack(ctx, by.Login, "nghỉ trực", now)
	if err != nil {
		return nil, err
	}
	if was == nil {
		return given, nil
	}
	if err := d.liftDuty(ctx, was.Contact, now); err != nil {
		return nil, err
	}
	e := staff.NewEntry(by, now, "duty.off", "staff:"+by.ID, "nghỉ trực")
	if _, err := d.Roster.EndDuty(ctx, by.Login, &e); err != nil {
		return nil, fmt.Errorf("end duty: %w", err)
	}
	return given, nil
}

// giveBack puts all cases of a holder back into their queues.
func (d *Desk) giveBack(ctx context.Context, login, why string, now time.Time) ([]Case, error) {
	held, err := d.Records.Cases(ctx, Query{States: []State{Claimed}, Holder: login, Within: everywhere, Limit: mostCases})
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	for i := range held {
		_, err := d.change(ctx, held[i].ID, "released", func(c Case) (Change, error) {
			if c.State != Claimed || c.Holder != login {
				return Change{Nothing: true}, nil
			}
			e := staff.NewEntry(staff.Operator, now, "case.takeback", about(&c), c.Title()+" về hàng: "+why)
			return d.back(c, "human.released", &e, now), nil
		})
		if err != nil {
			return nil, err
		}
	}
	return held, nil
}

// OnDuty gives who is on duty, also who can't be reached.
func (d *Desk) OnDuty(ctx context.Context, now time.Time) ([]OnDuty, error) {
	if d.Roster == nil || d.Staff == nil {
		return nil, nil
	}
	duties, err := d.Roster.Duties(ctx)
	if err != nil || len(duties) == 0 {
		return nil, err
	}
	members, err := d.Staff.Members(ctx)
	if err != nil {
		return nil, fmt.Errorf("read staff: %w", err)
	}
	held, err := d.Records.Cases(ctx, Query{States: []State{Claimed}, Within: everywhere, Limit: mostCases})
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	var on []OnDuty
	for _, duty := range duties {
		i := slices.IndexFunc(members, func(m staff.Member) bool { return m.Login == duty.Login })
		if i < 0 || !now.Before(duty.Until) {
			continue
		}
		o := OnDuty{Duty: duty, Member: members[i], Away: duty.Contact == (bot.Contact{}) && now.Sub(duty.Seen) > PagesClosed}
		for _, c := range held {
			if c.Holder == duty.Login {
				o.Holds++
			}
		}
		on = append(on, o)
	}
	return on, nil
}

func (d *Desk) dutyOf(ctx context.Context, login string) (*Duty, error) {
	duties, err := d.Roster.Duties(ctx)
	if err != nil {
		return nil, fmt.Errorf("read duty: %w", err)
	}
	if i := slices.IndexFunc(duties, func(x Duty) bool { return x.Login == login }); i >= 0 {
		return &duties[i], nil
	}
	return nil, nil
}

// dayEnds is when the last queue closes today.
func (d *Desk) dayEnds(now time.Time) time.Time {
	y, m, day := now.In(d.Zone).Date()
	midnight := time.Date(y, m, day+1, 0, 0, 0, 0, d.Zone)
	ends := now.Add(afterHours)
	any := false
	for _, q := range d.Library().Queues {
		d.Hours(q).each(now, func(begin, end time.Time) bool {
			if !begin.Before(midnight) {
				return false
			}
			if !any || end.After(ends) {
				ends, any = end, true
			}
			return true
		})
	}
	return ends
}

// endDuties ends the duty of those whose day is over, who work here no more,
// or whose chat is not on duty any more: it asks for a human itself, or its
// owner deleted everything.
func (d *Desk) endDuties(ctx context.Context, now time.Time) error {
	if d.Roster == nil || d.Staff == nil {
		return nil
	}
	duties, err := d.Roster.Duties(ctx)
	if err != nil || len(duties) == 0 {
		return err
	}
	members, err := d.Staff.Members(ctx)
	if err != nil {
		return fmt.Errorf("read staff: %w", err)
	}
	for _, duty := range duties {
		why, err := d.over(ctx, duty, members, now)
		if err != nil {
			return err
		}
		if why == "" {
			continue
		}
		if err := d.endDuty(ctx, duty, why, now); err != nil {
			return err
		}
	}
	return nil
}

// over says why a duty is over, "" when it is not.
func (d *Desk) over(ctx context.Context, duty Duty, members []staff.Member, now time.Time) (string, error) {
	i := slices.IndexFunc(members, func(m staff.Member) bool { return m.Login == duty.Login })
	switch {
	case i < 0 || members[i].Off || staff.AllowedSomewhere(members[i], staff.TakeCases) != nil:
		return "tài khoản không nhận ca nữa", nil
	case !now.Before(duty.Until):
		return "hết giờ trực", nil
	case duty.Contact == (bot.Contact{}):
		return "", nil
	case members[i].Contact != duty.Contact:
		return "chat không còn liên kết với tài khoản", nil
	case duty.Lost != "":
		return "không nhắn tới chat được", nil
	}
	h, err := d.Records.HoldOf(ctx, duty.Contact)
	if err != nil {
		return "", fmt.Errorf("read hold: %w", err)
	}
	if h.Kind != bot.HoldDuty {
		return "chat này đang được dùng như của người dân", nil
	}
	return "", nil
}

func (d *Desk) endDuty(ctx context.Context, duty Duty, why string, now time.Time) error {
	given, err := d.giveBack(ctx, duty.Login, why, now)
	if err != nil {
		return err
	}
	if err := d.liftDuty(ctx, duty.Contact, now); err != nil {
		return err
	}
	if d.Talks != nil && duty.Contact != (bot.Contact{}) && duty.Lost == "" {
		text := "Anh/chị đã nghỉ trực (" + why + ")."
		if len(given) > 0 {
			text += " " + titles(given) + " về lại hàng."
		}
		text += " Trực tiếp thì gõ /truc."
		b := bot.Bubble{From: bot.FromBot, Text: text}
		if err := d.Talks.Relay(ctx, duty.Contact, fmt.Sprintf("duty-end-%d", duty.Since.UnixMilli()), []bot.Bubble{b}, now); err != nil {
			return err
		}
	}
	e := staff.NewEntry(staff.Operator, now, "duty.off", "staff:"+duty.Login, duty.Login+" nghỉ trực: "+why)
	if _, err := d.Roster.EndDuty(ctx, duty.Login, &e); err != nil {
		return fmt.Errorf("end duty: %w", err)
	}
	return nil
}

func titles(list []Case) string {
	text := "Ca"
	for i, c := range list {
		if i > 0 {
			text += ","
		}
		text += " " + c.Title()
	}
	return text
}
