package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"nghe/bot"
)

// send puts what a turn says into the outbox.
func (s dbSessions) send(ctx context.Context, tx *sql.Tx, c bot.Commit, last int64) error {
	bubbles, err := json.Marshal(outgoing(c))
	if err != nil {
		return fmt.Errorf("bubbles of turn %s: %w", c.Turn, err)
	}
	_, err = s.db.prepared.exec(ctx, tx, insertOutbox, c.Contact.Channel, c.Contact.ID, last, c.Turn, bubbles, ms(c.At), []byte("{}"))
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// outgoing are the bubbles of a turn that are sent to the person.
func outgoing(c bot.Commit) []bot.Bubble {
	var list []bot.Bubble
	for _, b := range c.Bubbles {
		if b.From != bot.FromPerson {
			list = append(list, b)
		}
	}
	return list
}

func (s dbSessions) Take(ctx context.Context, c bot.Contact, owner string, now time.Time) (*bot.Delivery, error) {
	rows, err := s.outbox(ctx, c)
	if err != nil {
		return nil, err
	}
	r := bot.NextOf(rows, owner, now)
	if r == nil {
		return nil, nil
	}
	won, err := s.update(ctx, &r.Delivery, owner, now.Add(bot.SendLease), r.Owner, ms(r.Lease))
	if err != nil || !won {
		return nil, err
	}
	return &r.Delivery, nil
}

func (s dbSessions) outbox(ctx context.Context, c bot.Contact) ([]bot.Held, error) {
	return list(ctx, s.db.read, func(rows *sql.Rows) (bot.Held, error) {
		r := bot.Held{Delivery: bot.Delivery{Contact: c}}
		var bubbles, progress []byte
		var at, lease int64
		if err := rows.Scan(&r.Seq, &r.Turn, &bubbles, &at, &progress, &r.Owner, &lease); err != nil {
			return r, err
		}
		r.At, r.Lease = fromMS(at), fromMS(lease)
		if err := errors.Join(json.Unmarshal(bubbles, &r.Bubbles), json.Unmarshal(progress, &r.Progress)); err != nil {
			return r, fmt.Errorf("delivery %d of %s: %w", r.Seq, c, err)
		}
		return r, nil
	}, "SELECT seq, turn, bubbles, at, progress, owner, lease FROM outbox WHERE channel = $1 AND contact = $2 ORDER BY seq", c.Channel, c.ID)
}

// anyLease is for who owns a row: whatever lease they have.
const anyLease = -1

// update writes a row for its next owner if it still belongs to the one before,
// under the lease given: the one UPDATE that says who won.
func (s dbSessions) update(ctx context.Context, d *bot.Delivery, owner string, lease time.Time, was string, until int64) (bool, error) {
	progress, err := json.Marshal(d.Progress)
	if err != nil {
		return false, fmt.Errorf("progress of delivery %d: %w", d.Seq, err)
	}
	return s.db.won(ctx, `UPDATE outbox SET owner = $4, lease = $5, progress = $6, not_before = $7
		WHERE channel = $1 AND contact = $2 AND seq = $3 AND owner = $8 AND (CAST($9 AS BIGINT) < 0 OR lease = CAST($9 AS BIGINT))`,
		d.Contact.Channel, d.Contact.ID, d.Seq, owner, ms(lease), progress, ms(dueAt(d)), was, until)
}

// dueAt is from when on a delivery may be taken.
func dueAt(d *bot.Delivery) time.Time {
	if d.NotBefore.After(d.At) {
		return d.NotBefore
	}
	return d.At
}

func (s dbSessions) Note(ctx context.Context, d *bot.Delivery, owner string, now time.Time) (bool, error) {
	return s.update(ctx, d, owner, now.Add(bot.SendLease), owner, anyLease)
}

func (s dbSessions) Put(ctx context.Context, d *bot.Delivery, owner string, _ time.Time) (bool, error) {
	return s.update(ctx, d, "", time.UnixMilli(0), owner, anyLease)
}

func (s dbSessions) Done(ctx context.Context, d *bot.Delivery, owner string) (bool, error) {
	return s.db.won(ctx, "DELETE FROM outbox WHERE channel = $1 AND contact = $2 AND seq = $3 AND owner = $4", d.Contact.Channel, d.Contact.ID, d.Seq, owner)
}

func (s dbSessions) Due(ctx context.Context, now time.Time, limit int) ([]bot.Contact, error) {
	return s.contactsOf(ctx, "SELECT channel, contact FROM outbox WHERE not_before <= $1 AND lease <= $1 GROUP BY channel, contact ORDER BY min(not_before) LIMIT $2", ms(now), limit)
}

func (s dbSessions) Accept(ctx context.Context, in bot.Incoming, now time.Time) (bool, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return false, fmt.Errorf("message %s: %w", in.Turn(), err)
	}
	c := in.Contact
	fresh := false
	err = s.db.together(ctx, func(tx *sql.Tx) error {
		var seen bool
		err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM seen WHERE channel = $1 AND contact = $2 AND turn = $3 AND ends > $4)",
			c.Channel, c.ID, in.Turn(), ms(now)).Scan(&seen)
		switch {
		case err != nil:
			return unavailable(err)
		case seen:
			return nil
		}
		r, err := tx.ExecContext(ctx, `INSERT INTO inbox (channel, contact, turn, number, body, at)
			VALUES ($1, $2, $3, (SELECT coalesce(max(number), 0) + 1 FROM inbox WHERE channel = $1 AND contact = $2), $4, $5)
			ON CONFLICT (channel, contact, turn) DO NOTHING`,
			c.Channel, c.ID, in.Turn(), body, ms(now))
		if err != nil {
			return unavailable(err)
		}
		n, err := r.RowsAffected()
		fresh = n == 1
		return err
	})
	return fresh, err
}

func (s dbSessions) Accepted(ctx context.Context, c bot.Contact) ([]bot.Incoming, error) {
	return list(ctx, s.db.read, func(rows *sql.Rows) (in bot.Incoming, err error) {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return in, err
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return in, fmt.Errorf("accepted message of %s: %w", c, err)
		}
		return in, nil
	}, "SELECT body FROM inbox WHERE channel = $1 AND contact = $2 ORDER BY number", c.Channel, c.ID)
}

func (s dbSessions) Left(ctx context.Context, before time.Time, limit int) ([]bot.Contact, error) {
	return s.contactsOf(ctx, "SELECT channel, contact FROM inbox WHERE at <= $1 GROUP BY channel, contact ORDER BY min(at) LIMIT $2", ms(before), limit)
}
