package counsel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"nghe/bot"
	"nghe/dialog"
	"nghe/handoff"
	"nghe/staff"
)

// Records keeps what counsellors are about in their chats. Package store has it.
type Records interface {
	// CounselChat gives what was put, and its version: nil and 0 for nothing.
	CounselChat(ctx context.Context, login string) (body []byte, version int64, err error)
	// PutCounselChat keeps it in the place of the version that it was made from;
	// false: somebody else was faster.
	PutCounselChat(ctx context.Context, login string, body []byte, version int64) (bool, error)
}

// Members knows whose chat it is. staff.Desk has it.
type Members interface {
	ByChat(ctx context.Context, c bot.Contact) (*staff.Member, error)
}

// Chats are the counsellors' own chats.
type Chats struct {
	Cases   *handoff.Desk
	Records Records
	Staff   Members
	Zone    *time.Location
	Log     *slog.Logger

	bell bell
}

// maxTries is how often something is decided anew because somebody was faster.
const maxTries = 8

// Hear takes a message of somebody who is on duty, or wants to be. It is
// bot.Turns.Duty: what it does is named by the turn, and done once.
func (c *Chats) Hear(ctx context.Context, in bot.Incoming) (said []dialog.Message, mine bool, err error) {
	by, err := c.Staff.ByChat(ctx, in.Contact)
	if err != nil {
		return nil, false, fmt.Errorf("look for staff: %w", err)
	}
	if by == nil {
		return nil, false, nil
	}
	j := &job{ctx: ctx, c: c, by: *by, turn: in.Turn(), now: in.At, contact: in.Contact}
	done, err := c.decide(j, in)
	switch {
	case err != nil:
		return nil, false, err
	case done.Act.Do == doEngine:
		return nil, false, nil
	case done.Kept:
		return done.Said, true, nil
	}
	said, change, err := c.act(j, done.Act)
	if err != nil {
		return nil, false, err
	}
	err = c.update(ctx, by.Login, func(d *Desk) bool {
		was := d.done(j.turn)
		if was == nil || was.Kept {
			return false
		}
		if change != nil {
			change(d)
		}
		was.Said, was.Kept = said, true
		d.offer(said)
		return true
	})
	return said, true, err
}

// job is one message of a member.
type job struct {
	ctx     context.Context
	c       *Chats
	by      staff.Member
	turn    string
	now     time.Time
	contact bot.Contact
}

// decide says what a turn is to do, and keeps that before anything is done:
// decided again it is the same.
func (c *Chats) decide(j *job, in bot.Incoming) (Done, error) {
	var done Done
	held, err := c.held(j.ctx, j.by.Login)
	if err != nil {
		return done, err
	}
	err = c.update(j.ctx, j.by.Login, func(d *Desk) bool {
		if was := d.done(j.turn); was != nil {
			done = *was
			return false
		}
		done = Done{Turn: j.turn, Act: d.plan(d.read(in), held, j.turn, j.now)}
		if done.Act.Do != doEngine {
			d.decided(done)
			return true
		}
		// Of a talk with the bot nothing is kept, but that it stands between.
		sure := d.Sure
		d.Sure, d.Fresh = false, false
		return sure
	})
	return done, err
}

// held gives the cases in a member's hand.
func (c *Chats) held(ctx context.Context, login string) ([]handoff.Case, error) {
	const most = 100
	held, err := c.Cases.Records.Cases(ctx, handoff.Query{States: []handoff.State{handoff.Claimed}, Holder: login, Within: staff.Scope{Province: true}, Limit: most})
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	return held, nil
}

// update changes what a member is about, by a function that sees it as it is;
// false: nothing is written. It is called again when somebody was faster.
func (c *Chats) update(ctx context.Context, login string, change func(*Desk) bool) error {
	for range maxTries {
		body, version, err := c.Records.CounselChat(ctx, login)
		if err != nil {
			return fmt.Errorf("read chat of counsellor: %w", err)
		}
		d := &Desk{}
		if body != nil {
			if err := json.Unmarshal(body, d); err != nil {
				return fmt.Errorf("chat of counsellor %s: %w", login, err)
			}
		}
		if !change(d) {
			return nil
		}
		if body, err = json.Marshal(d); err != nil {
			return fmt.Errorf("chat of counsellor %s: %w", login, err)
		}
		won, err := c.Records.PutCounselChat(ctx, login, body, version)
		if err != nil {
			return fmt.Errorf("keep chat of counsellor: %w", err)
		}
		if won {
			return nil
		}
	}
	return bot.ErrConflict
}

// refused gives why something is not possible, in Vietnamese for staff; false
// when the error is another.
func refused(err error) (string, bool) {
	var r *handoff.Refused
	var t *handoff.Taken
	var d *staff.Denied
	switch {
	case errors.As(err, &r):
		return r.Why, true
	case errors.As(err, &t):
		return t.Error(), true
	case errors.As(err, &d):
		return d.Why, true
	}
	return "", false
}
