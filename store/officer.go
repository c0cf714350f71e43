package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"nghe/course"
	"nghe/staff"
)

// OfficerChat gives what a member of staff is about in their chat; nil when
// there is nothing, or its time is over.
func (db *DB) OfficerChat(ctx context.Context, member string, now time.Time) (body []byte, err error) {
	err = db.read.QueryRowContext(ctx, "SELECT body FROM staff_chat WHERE staff = $1 AND ends > $2", member, ms(now)).Scan(&body)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, unavailable(err)
	}
	return body, nil
}

// PutOfficerChat keeps it until a time, and tidies away what is over.
func (db *DB) PutOfficerChat(ctx context.Context, member string, body []byte, now, ends time.Time) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, "DELETE FROM staff_chat WHERE ends <= $1", ms(now)); err != nil {
			return err
		}
		return exec(ctx, tx, `INSERT INTO staff_chat (staff, body, ends) VALUES ($1, $2, $3)
			ON CONFLICT (staff) DO UPDATE SET body = excluded.body, ends = excluded.ends`, member, body, ms(ends))
	})
}

// doneLife is how long a turn is remembered: longer than any platform delivers
// a message again.
const doneLife = 30 * 24 * time.Hour

// once does something for a turn, unless it was done.
func (db *DB) once(ctx context.Context, turn string, at time.Time, do func(*sql.Tx) error) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		n, err := changed(ctx, tx, "INSERT INTO staff_done (turn, at) VALUES ($1, $2) ON CONFLICT DO NOTHING", turn, ms(at))
		if err != nil || n == 0 {
			return err
		}
		if err := exec(ctx, tx, "DELETE FROM staff_done WHERE at < $1", ms(at.Add(-doneLife))); err != nil {
			return err
		}
		return do(tx)
	})
}

// AnnounceCourse keeps a class with its entry in the audit log, once for a
// turn.
func (db *DB) AnnounceCourse(ctx context.Context, turn string, c course.Course, e staff.Entry) error {
	return db.once(ctx, turn, e.At, func(tx *sql.Tx) error {
		c.UpdatedAt = fromMS(ms(e.At))
		body, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("course %s: %w", c.ID, err)
		}
		if err := exec(ctx, tx, `INSERT INTO course (id, body, invented, updated_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (id) DO UPDATE SET body = excluded.body, invented = excluded.invented, updated_at = excluded.updated_at`, c.ID, body, c.Invented, ms(e.At)); err != nil {
			return err
		}
		if err := exec(ctx, tx, "INSERT INTO change (what, number) VALUES ($1, 1) ON CONFLICT (what) DO UPDATE SET number = change.number + 1", changeCourse); err != nil {
			return err
		}
		return putEntry(ctx, tx, e)
	})
}
