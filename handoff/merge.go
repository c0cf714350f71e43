package handoff

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"nghe/bot"
	"nghe/staff"
)

// Merge makes one case of two that are open of one person, who wrote from two
// phones or by two platforms: what was said with the second goes to the first,
// and the second is closed. Both must be in the member's hand, or wait where they
// may take them. Nothing is merged but what is known to be of one person: what
// is said in one talk would be read in another.
func (d *Desk) Merge(ctx context.Context, into, from string, by staff.Member, now time.Time) (*Case, error) {
	a, err := d.Get(ctx, into, by)
	if err != nil {
		return nil, err
	}
	b, err := d.Get(ctx, from, by)
	if err != nil {
		return nil, err
	}
	if a.ID == b.ID {
		return nil, refuse("Đây là cùng một ca.")
	}
	if b.MergedInto == a.Title() {
		return a, nil // done before
	}
	var others []bot.Contact
	if d.Others != nil {
		if others, err = d.Others(ctx, a.Contact); err != nil {
			return nil, fmt.Errorf("look for the person's other talks: %w", err)
		}
	}
	if a.Contact == (bot.Contact{}) || a.Contact != b.Contact && !slices.Contains(others, b.Contact) {
		return nil, refuse("Chưa rõ ca %s và ca %s là của cùng một người: người dân chưa nối hai nơi nhắn với nhau (gõ “nối với Zalo” hoặc “nối với Telegram”). Chưa gộp được.", a.Title(), b.Title())
	}
	// What is on its way goes where it was said to go.
	d.flush(ctx, b, now)
	queued, err := d.Records.QueuedMessages(ctx, b.ID, now.Add(time.Hour), 1)
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	busy := refuse("Ca %s còn tin đang gửi cho người dân. Anh/chị gộp lại sau một lát.", b.Title())
	if len(queued) > 0 {
		return nil, busy
	}
	kept, gone, err := d.Records.MergeCases(ctx, a.ID, b.ID, func(a, b Case) (first, second Change, err error) { return d.merged(a, b, by, now) })
	if errors.Is(err, bot.ErrConflict) {
		return nil, busy
	}
	if err != nil {
		return nil, err
	}
	if kept == nil {
		return nil, ErrNone
	}
	if gone.Hold != nil {
		if err := d.bring(ctx, gone.Case.Contact, *gone.Hold, now); err != nil {
			return nil, err
		}
	}
	d.tell("closed", *gone)
	d.tell("merged", *kept)
	d.flush(ctx, &gone.Case, now)
	return &kept.Case, nil
}

// merged says what becomes of two cases as they stand.
func (d *Desk) merged(a, b Case, by staff.Member, now time.Time) (first, second Change, err error) {
	for _, c := range []*Case{&a, &b} {
		if !c.Open() {
			return first, second, refuse("Ca %s đã đóng.", c.Title())
		}
		if err := d.mayTransfer(by, c); err != nil {
			return first, second, err
		}
	}
	// Only now is what waits for the person known for sure.
	told := d.notice("merged", &b, "human.merged", now)
	a.Merged, a.Urgent = append(slices.Clone(a.Merged), b.Title()), a.Urgent || b.Urgent
	if b.Kind == Complaint && a.Kind != Complaint {
		a.Kind, a.Body = b.Kind, b.Body
	}
	if b.FirstDue.Before(a.FirstDue) {
		a.FirstDue = b.FirstDue
	}
	if b.CloseDue.Before(a.CloseDue) {
		a.CloseDue = b.CloseDue
	}
	if b.PersonAt.After(a.PersonAt) {
		a.PersonAt = b.PersonAt
	}
	first = Change{Case: a, At: now, Entry: entry(by, now, "merge", &a, "nhận phần của ca "+b.Title()), Said: []Message{{
		Key: "merged " + b.ID, From: FromSystem, At: now, Text: "Gộp vào đây ca " + b.Title() + " của cùng người này; tin của cả hai xếp theo giờ.",
	}}}
	b.State, b.Outcome, b.ClosedBy, b.ClosedAt, b.MergedInto = Closed, Merged, by.Login, now, a.Title()
	second = Change{Case: b, At: now, Entry: entry(by, now, "merge", &b, "gộp vào ca "+a.Title()), Said: []Message{told}}
	if a.Contact != b.Contact {
		second.Hold = &bot.Hold{}
	} else {
		second.Said = nil
	}
	return first, second, nil
}

// Twins gives the other open cases of the person of a case, as far as a member may
// see them: those that Merge takes.
func (d *Desk) Twins(ctx context.Context, c *Case, by staff.Member) ([]Case, error) {
	if d.Others == nil || !c.Open() || c.Contact == (bot.Contact{}) {
		return nil, nil
	}
	others, err := d.Others(ctx, c.Contact)
	if err != nil {
		return nil, fmt.Errorf("look for the person's other talks: %w", err)
	}
	var twins []Case
	for _, o := range others {
		twin, err := d.Records.OpenCaseOf(ctx, o)
		if err != nil {
			return nil, fmt.Errorf("read case: %w", err)
		}
		if twin != nil && twin.ID != c.ID && may(by, staff.TakeCases, twin) == nil {
			twins = append(twins, *twin)
		}
	}
	return twins, nil
}
