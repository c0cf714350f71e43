package handoff

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Notice is something that whoever supervises the counsellors is told, once by
// its name.
type Notice struct {
	Name  string
	Case  Case // that it is about
	Text  string
	At    time.Time
	Until time.Time // it is of no more use then
}

// The warnings, by their names in Case.Warned.
const (
	warnFirst     = "first"      // somebody must answer soon
	warnFirstLate = "first-late" // nobody did in time
	warnClose     = "close"      // it should be done soon
	warnCloseLate = "close-late" // it is not done in time
	warnNobody    = "nobody"     // it waits and nobody on duty may take it
	warnLone      = "lone"       // the only one on duty who may take it was asked and did not
	warnDay       = "day"        // nobody's for a day
	warnWindow    = "window"     // the platform takes no more words to the person soon
)

// unowned is how long a case may be nobody's before somebody is told, working
// hours or not.
const unowned = 24 * time.Hour

// windowCloses is how long before it closes the holder is warned.
const windowCloses = 2 * time.Hour

// noticeLife is how long a notice stands on a list.
const noticeLife = 3 * 24 * time.Hour

// warn warns of each open case that comes near a target or misses it: once, in
// the case itself, where its holder reads it, and what nobody sees to, those who
// supervise.
func (d *Desk) warn(ctx context.Context, now time.Time) error {
	open, err := d.Records.Cases(ctx, Query{States: []State{Waiting, Claimed}, Within: everywhere, Limit: mostCases})
	if err != nil || len(open) == 0 {
		return err
	}
	on, err := d.OnDuty(ctx, now)
	if err != nil {
		return err
	}
	for _, c := range open {
		for _, w := range d.warnings(&c, on, now) {
			if slices.Contains(c.Warned, w.name) {
				continue
			}
			if err := d.warnOf(ctx, c, w, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// warning is one thing to warn of.
type warning struct {
	name   string
	text   string
	office bool // those who supervise are told too
}

// warnings gives what a case should be warned of by now.
func (d *Desk) warnings(c *Case, on []OnDuty, now time.Time) []warning {
	q, all := d.QueueOf(c), []warning{}
	hours := d.Hours(q)
	add := func(name, text string, office bool) { all = append(all, warning{name, text, office}) }
	if c.StaffAt.Before(c.WaitingAt) { // not a word since it waits
		switch left := hours.Between(now, c.FirstDue); {
		case now.After(c.FirstDue):
			add(warnFirstLate, "Đã quá hạn trả lời lần đầu ("+d.moment(c.FirstDue)+").", true)
		case left <= time.Duration(q.FirstAnswer)*time.Minute/4:
			add(warnFirst, "Sắp tới hạn trả lời lần đầu: "+d.moment(c.FirstDue)+".", c.State == Waiting) // nobody's: nobody would read it
		}
	}
	switch left := hours.Between(now, c.CloseDue); {
	case now.After(c.CloseDue):
		add(warnCloseLate, "Đã quá hạn xong ca ("+d.moment(c.CloseDue)+").", true)
	case left <= time.Duration(q.CloseWithin)*time.Hour/4:
		add(warnClose, "Sắp tới hạn xong ca: "+d.moment(c.CloseDue)+".", false)
	}
	if c.State == Waiting {
		if now.Sub(c.WaitingAt) >= unowned {
			add(warnDay, "Đã một ngày chưa ai nhận ca này.", true)
		}
		nobody := !slices.ContainsFunc(on, func(o OnDuty) bool { return mayTake(o, c) })
		if nobody && hours.Open(now) && (c.Urgent || hours.Between(c.WaitingAt, now) >= time.Duration(q.FirstAnswer)*time.Minute/2) {
			add(warnNobody, "Không có ai đang trực nhận được ca này.", true)
		}
		if !c.offeredAt(now) && passedByAll(on, c) {
			add(warnLone, "Người duy nhất đang trực nhận được ca này đã được mời mà chưa nhận.", true)
		}
	}
	if ends, ok := d.WindowEnds(c); ok && c.State == Claimed && now.Before(ends) && ends.Sub(now) <= windowCloses {
		add(warnWindow, "Zalo chỉ cho nhắn tới "+d.moment(ends)+", trừ khi người dân nhắn lại. Còn điều gì cần nói, anh/chị nhắn trước giờ đó; sau đó thì gọi điện, hoặc chờ người dân nhắn.", false)
	}
	return all
}

// WindowEnds says until when a platform takes words to the person of a case;
// false: it always does.
func (d *Desk) WindowEnds(c *Case) (time.Time, bool) {
	if d.Window == nil {
		return time.Time{}, false
	}
	open := d.Window(c.Contact.Channel)
	return c.PersonAt.Add(open), open > 0
}

// warnOf warns of one thing. Those who supervise first: told again under the
// same name, they are told once.
func (d *Desk) warnOf(ctx context.Context, seen Case, w warning, now time.Time) error {
	if w.office && d.Notify != nil {
		who := "chưa ai nhận"
		if seen.State == Claimed {
			who = seen.HolderName + " đang giữ"
		}
		n := Notice{
			Name: fmt.Sprintf("case %s %s %d", seen.ID, w.name, seen.WaitingAt.UnixMilli()), Case: seen, At: now, Until: now.Add(noticeLife),
			Text: fmt.Sprintf("Ca %s (%s, %s): %s", seen.Title(), d.QueueOf(&seen).Title, who, w.text),
		}
		if err := d.Notify(ctx, n); err != nil {
			return fmt.Errorf("tell the office: %w", err)
		}
	}
	_, err := d.change(ctx, seen.ID, "warned", func(c Case) (Change, error) {
		if c.State != seen.State || c.Holder != seen.Holder || slices.Contains(c.Warned, w.name) {
			return Change{Nothing: true}, nil
		}
		c.Warned = append(slices.Clone(c.Warned), w.name)
		return Change{Case: c, At: now, Said: []Message{{Key: key("warn "+w.name, c.WaitingAt), From: FromSystem, Text: w.text, At: now}}}, nil
	})
	return err
}
