package staff

import (
	"context"
	"time"

	"github.com/oklog/ulid/v2"
)

// A session ends when nobody used it for a time, and after a longer one
// whoever uses it: an officer's phone should not ask each morning, a forgotten
// browser should not stay open for ever.
const (
	idleLife    = 3 * 24 * time.Hour
	sessionLife = 30 * 24 * time.Hour
	seenEvery   = time.Minute // how often it is written that somebody is there
	maxAgent    = 200
)

// open begins a session of a member.
func (d Desk) open(ctx context.Context, m Member, from From) (string, error) {
	text, hash := token()
	now := d.Now()
	s := Session{Hash: hash, ID: ulid.Make().String(), Member: m, Agent: from.Agent[:min(len(from.Agent), maxAgent)], Address: from.Address, Began: now, Seen: now, Ends: now.Add(idleLife)}
	return text, d.Records.PutSession(ctx, s, d.entry(m, "signin", about(m), "đăng nhập"))
}

// Open begins a session for somebody who has just used a link.
func (d Desk) Open(ctx context.Context, m Member, from From) (token string, err error) {
	return d.open(ctx, m, from)
}

// Session gives the session of a token, nil when there is none.
func (d Desk) Session(ctx context.Context, token string) (*Session, error) {
	now := d.Now()
	s, err := d.Records.Session(ctx, hashOf(token), now)
	if err != nil || s == nil {
		return nil, err
	}
	if now.Sub(s.Seen) > seenEvery {
		ends := now.Add(idleLife)
		if last := s.Began.Add(sessionLife); ends.After(last) {
			ends = last
		}
		if err := d.Records.Seen(ctx, s.Hash, now, ends); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// SignOut ends a session.
func (d Desk) SignOut(ctx context.Context, s Session) error {
	return d.Records.EndSession(ctx, s.Member.ID, s.ID, d.entry(s.Member, "signout", about(s.Member), "đăng xuất"))
}

// EndSession ends one session of a member, one's own or of somebody whom one
// manages. EndOthers ends all but the one given.
func (d Desk) EndSession(ctx context.Context, by Session, id string) error {
	return d.Records.EndSession(ctx, by.Member.ID, id, d.entry(by.Member, "session.end", about(by.Member), "đăng xuất một thiết bị"))
}

// EndOthers ends all sessions of a member but this one.
func (d Desk) EndOthers(ctx context.Context, s Session) error {
	return d.Records.EndSessions(ctx, s.Member.ID, s.Hash, d.entry(s.Member, "session.end", about(s.Member), "đăng xuất mọi thiết bị khác"))
}

// EndAll ends all sessions of a member.
func (d Desk) EndAll(ctx context.Context, by Member, id string) error {
	m, err := d.Records.Member(ctx, id)
	switch {
	case err != nil:
		return err
	case m == nil:
		return ErrGone
	}
	if err := may(by, *m); err != nil {
		return err
	}
	return d.Records.EndSessions(ctx, m.ID, nil, d.entry(by, "session.end", about(*m), "đăng xuất mọi thiết bị của "+m.Name))
}
