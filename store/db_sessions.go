package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"nghe/bot"
)

// Sessions is all that is kept of the talk with a contact.
type Sessions interface {
	bot.Sessions
	bot.Outbox
	bot.Inbox
}

var (
	_ Sessions = dbSessions{}
	_ Sessions = (*Redis)(nil)
)

// Sessions gives the sessions kept in the database.
func (db *DB) Sessions() Sessions { return dbSessions{db} }

type dbSessions struct{ db *DB }

func (s dbSessions) Load(ctx context.Context, c bot.Contact, turn string, now time.Time) (bot.Loaded, error) {
	var l bot.Loaded
	var ends int64
	err := s.db.prepared.row(ctx, s.db.read, loadSession,
		c.Channel, c.ID, ms(now), turn).Scan(&l.Version, &l.Session, &l.Sensitive, &l.Effects, &l.LastSeq, &ends, &l.Hold.Epoch, &l.Hold.Kind, &l.Hold.Case, &l.Seen)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return bot.Loaded{}, nil
	case err != nil:
		return bot.Loaded{}, unavailable(err)
	}
	if ends <= ms(now) { // not tidied yet
		l.Session = nil
	}
	if l.Seen {
		l.Replies, err = s.bubbles(ctx, "turn = $3 AND ends > $4", c, turn, ms(now))
	}
	return l, err
}

func (s dbSessions) Bubbles(ctx context.Context, c bot.Contact, after int64, now time.Time) ([]bot.Bubble, error) {
	return s.bubbles(ctx, "seq > $3 AND ends > $4", c, after, ms(now))
}

func (s dbSessions) bubbles(ctx context.Context, where string, c bot.Contact, args ...any) ([]bot.Bubble, error) {
	return list(ctx, s.db.read, func(rows *sql.Rows) (b bot.Bubble, err error) {
		var body []byte
		var seq int64
		if err := rows.Scan(&seq, &body); err != nil {
			return b, err
		}
		if err := json.Unmarshal(body, &b); err != nil {
			return b, fmt.Errorf("bubble %d of %s: %w", seq, c, err)
		}
		b.Seq = seq
		return b, nil
	}, "SELECT seq, body FROM bubble WHERE channel = $1 AND contact = $2 AND "+where+" ORDER BY seq", append([]any{c.Channel, c.ID}, args...)...)
}

// Save decides by one UPDATE whether the turn may still be written: no reader
// can come between.
func (s dbSessions) Save(ctx context.Context, c bot.Commit) ([]bot.Bubble, error) {
	said := make([]bot.Bubble, len(c.Bubbles))
	copy(said, c.Bubbles)
	err := s.db.together(ctx, func(tx *sql.Tx) error {
		last, err := s.guard(ctx, tx, c)
		if err != nil {
			return err
		}
		if err := s.mark(ctx, tx, c); err != nil {
			return err
		}
		if c.Erase {
			for _, table := range []string{"bubble", "outbox"} {
				if err := exec(ctx, tx, "DELETE FROM "+table+" WHERE channel = $1 AND contact = $2", c.Contact.Channel, c.Contact.ID); err != nil {
					return err
				}
			}
		}
		if _, err := s.db.prepared.exec(ctx, tx, forgetInbox, c.Contact.Channel, c.Contact.ID, c.Turn); err != nil {
			return unavailable(err)
		}
		if c.Send {
			if err := s.send(ctx, tx, c, last); err != nil {
				return err
			}
		}
		return s.append(ctx, tx, c, said, last-int64(len(said)))
	})
	if err != nil {
		return nil, err
	}
	if c.Erase {
		s.db.wipe(ctx)
	}
	return said, nil
}

// guard writes the session if it is still as the turn saw it, and gives the
// last sequence number with the bubbles of this turn counted.
func (s dbSessions) guard(ctx context.Context, tx *sql.Tx, c bot.Commit) (last int64, err error) {
	args := []any{c.Contact.Channel, c.Contact.ID, c.Base, c.Session, c.Sensitive, ms(c.SensitiveEnds), c.Effects, len(c.Bubbles), ms(c.At.Add(bot.SessionLife)), c.Epoch}
	if c.Sensitive == nil {
		args[5] = 0
	}
	query := updateSession
	switch {
	case c.Base == 0 && c.Epoch == 0:
		query = insertSession
	case c.Erase:
		query = strings.Replace(query, "WHERE", ", hold = '', hold_case = '' WHERE", 1)
	}
	switch err := s.db.prepared.row(ctx, tx, query, args...).Scan(&last); {
	case errors.Is(err, sql.ErrNoRows):
		return 0, bot.ErrConflict
	case err != nil:
		return 0, unavailable(err)
	}
	return last, nil
}

// mark remembers the turn; a mark that outlived its time is as good as none.
func (s dbSessions) mark(ctx context.Context, tx *sql.Tx, c bot.Commit) error {
	ends := c.At.Add(bot.SeenLife(c.Contact.Channel))
	r, err := s.db.prepared.exec(ctx, tx, markSeen,
		c.Contact.Channel, c.Contact.ID, c.Turn, ms(ends), ms(c.At))
	if err != nil {
		return unavailable(err)
	}
	if n, err := r.RowsAffected(); err != nil {
		return unavailable(err)
	} else if n == 0 {
		return bot.ErrConflict
	}
	return nil
}

// append adds what was said and drops what is too much or too old.
func (s dbSessions) append(ctx context.Context, tx *sql.Tx, c bot.Commit, said []bot.Bubble, last int64) error {
	for i := range said {
		last++
		said[i].Seq = last
		body, err := json.Marshal(said[i])
		if err != nil {
			return fmt.Errorf("bubble of turn %s: %w", c.Turn, err)
		}
		_, err = s.db.prepared.exec(ctx, tx, insertBubble,
			c.Contact.Channel, c.Contact.ID, last, c.Turn, body, ms(said[i].Ends()))
		if err != nil {
			return unavailable(err)
		}
	}
	_, err := s.db.prepared.exec(ctx, tx, trimBubbles,
		c.Contact.Channel, c.Contact.ID, last-bot.BubblesKept, ms(c.At))
	if err != nil {
		return unavailable(err)
	}
	return nil
}

func (s dbSessions) Applied(ctx context.Context, c bot.Contact, version int64) error {
	_, err := s.db.write.ExecContext(ctx, "UPDATE session SET effects = NULL WHERE channel = $1 AND contact = $2 AND version = $3", c.Channel, c.ID, version)
	if err != nil {
		return unavailable(err)
	}
	return nil
}

func (s dbSessions) Hold(ctx context.Context, c bot.Contact, h bot.Hold, now time.Time) error {
	_, err := s.db.write.ExecContext(ctx, `INSERT INTO session (channel, contact, version, last_seq, ends, epoch, hold, hold_case) VALUES ($1, $2, 1, 0, $3, $4, $5, $6)
		ON CONFLICT (channel, contact) DO UPDATE SET epoch = excluded.epoch, hold = excluded.hold, hold_case = excluded.hold_case WHERE session.epoch < excluded.epoch`,
		c.Channel, c.ID, ms(now.Add(bot.SessionLife)), h.Epoch, h.Kind, h.Case)
	if err != nil {
		return unavailable(err)
	}
	return nil
}

func (s dbSessions) Pending(ctx context.Context, limit int) ([]bot.Contact, error) {
	return s.contactsOf(ctx, "SELECT channel, contact FROM session WHERE effects IS NOT NULL ORDER BY channel, contact LIMIT $1", limit)
}

// contactsOf gives the contacts that a query finds.
func (s dbSessions) contactsOf(ctx context.Context, query string, args ...any) ([]bot.Contact, error) {
	return list(ctx, s.db.read, scanContact, query, args...)
}

func scanContact(rows *sql.Rows) (c bot.Contact, err error) {
	err = rows.Scan(&c.Channel, &c.ID)
	return c, err
}

func (s dbSessions) Ping(ctx context.Context) error { return s.db.Ping(ctx) }

// Close does nothing: the database is closed by who opened it.
func (s dbSessions) Close() error { return nil }
