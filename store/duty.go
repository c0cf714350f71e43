package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"nghe/bot"
	"nghe/handoff"
	"nghe/staff"
)

var _ handoff.Roster = (*DB)(nil)

// PutDuty keeps that somebody is on duty.
func (db *DB) PutDuty(ctx context.Context, d handoff.Duty, e *staff.Entry) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, `INSERT INTO duty (login, channel, contact, since, until, offered_at, lost, seen) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
			ON CONFLICT (login) DO UPDATE SET channel = excluded.channel, contact = excluded.contact, since = excluded.since, until = excluded.until,
			offered_at = excluded.offered_at, lost = excluded.lost, seen = excluded.seen`,
			d.Login, d.Contact.Channel, d.Contact.ID, ms(d.Since), ms(d.Until), orZero(d.OfferedAt), d.Lost, orZero(d.Seen)); err != nil {
			return err
		}
		if e == nil {
			return nil
		}
		return putEntry(ctx, tx, *e)
	})
}

// EndDuty says whether they were on duty.
func (db *DB) EndDuty(ctx context.Context, login string, e *staff.Entry) (was bool, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		n, err := changed(ctx, tx, "DELETE FROM duty WHERE login = $1", login)
		if was = n > 0; err != nil || !was || e == nil {
			return err
		}
		return putEntry(ctx, tx, *e)
	})
	return was, err
}

// Duties gives all who are on duty, the longest first.
func (db *DB) Duties(ctx context.Context) ([]handoff.Duty, error) {
	return list(ctx, db.read, func(rows *sql.Rows) (d handoff.Duty, err error) {
		var since, until, offered, seen int64
		err = rows.Scan(&d.Login, &d.Contact.Channel, &d.Contact.ID, &since, &until, &offered, &d.Lost, &seen)
		if d.Since, d.Until = fromMS(since), fromMS(until); offered > 0 {
			d.OfferedAt = fromMS(offered)
		}
		if seen > 0 {
			d.Seen = fromMS(seen)
		}
		return d, err
	}, "SELECT login, channel, contact, since, until, offered_at, lost, seen FROM duty ORDER BY since, login")
}

// DutyOffered notes that somebody was offered a case.
func (db *DB) DutyOffered(ctx context.Context, login string, at time.Time) error {
	_, err := db.won(ctx, "UPDATE duty SET offered_at = $2 WHERE login = $1", login, ms(at))
	return err
}

// DutyLost notes that the chat of somebody on duty can't be reached.
func (db *DB) DutyLost(ctx context.Context, c bot.Contact, why string) error {
	_, err := db.won(ctx, "UPDATE duty SET lost = $3 WHERE channel = $1 AND contact = $2", c.Channel, c.ID, why)
	return err
}

// DutySeen notes that a page of somebody on duty is open.
func (db *DB) DutySeen(ctx context.Context, login string, at time.Time) error {
	_, err := db.won(ctx, "UPDATE duty SET seen = $2 WHERE login = $1 AND seen < $2", login, ms(at))
	return err
}

// CounselChat gives what a counsellor is about in their chat, and its version:
// nothing and 0 at the beginning.
func (db *DB) CounselChat(ctx context.Context, login string) (body []byte, version int64, err error) {
	err = db.read.QueryRowContext(ctx, "SELECT body, version FROM counsel_chat WHERE login = $1", login).Scan(&body, &version)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, 0, nil
	case err != nil:
		return nil, 0, unavailable(err)
	}
	return body, version, nil
}

// PutCounselChat keeps it, if it is still as in the version it was read in.
func (db *DB) PutCounselChat(ctx context.Context, login string, body []byte, version int64) (bool, error) {
	if version == 0 {
		return db.won(ctx, "INSERT INTO counsel_chat (login, version, body) VALUES ($1, 1, $2) ON CONFLICT DO NOTHING", login, body)
	}
	return db.won(ctx, "UPDATE counsel_chat SET version = version + 1, body = $2 WHERE login = $1 AND version = $3", login, body, version)
}
