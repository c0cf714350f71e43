package store

import (
	"context"
	"database/sql"
	"time"

	"nghe/course"
	"nghe/staff"
)

const putStep = "INSERT INTO interest_step (interest, step, at, by_whom) SELECT id, CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS TEXT) FROM interest WHERE id = $1 ON CONFLICT DO NOTHING"

// putSteps notes what a wish has reached that stands at a state since a time. A
// milestone keeps the day on which it was reached first.
func putSteps(ctx context.Context, tx *sql.Tx, id string, s course.State, at time.Time, by string) error {
	for _, step := range s.Reached() {
		if err := exec(ctx, tx, putStep, id, string(step), ms(at), by); err != nil {
			return err
		}
	}
	return nil
}

// moveSteps does the same for a wish that was moved there, and takes back what
// it had reached by mistake.
func moveSteps(ctx context.Context, tx *sql.Tx, id string, s course.State, at time.Time, by string) error {
	if undone := s.Undone(); len(undone) > 0 {
		var q sqlText
		q.add("DELETE FROM interest_step WHERE interest = ", id)
		in(&q, " AND step", undone)
		if err := exec(ctx, tx, q.text(), q.args...); err != nil {
			return err
		}
	}
	return putSteps(ctx, tx, id, s, at, by)
}

// MarkInterests notes a milestone of wishes, in the place of its opposite, with
// the day on which it was reached. The entries are written with it.
func (db *DB) MarkInterests(ctx context.Context, ids []string, m course.Milestone, now time.Time, entries ...staff.Entry) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		for _, id := range ids {
			for _, q := range []struct {
				text string
				args []any
			}{
				{"DELETE FROM interest_step WHERE interest = $1 AND step IN ($2, $3)", []any{id, string(m.Step), string(m.Step.Instead())}},
				{putStep, []any{id, string(m.Step), ms(m.At), m.By}},
				{"UPDATE interest SET updated_at = $2 WHERE id = $1", []any{id, ms(now)}},
			} {
				if err := exec(ctx, tx, q.text, q.args...); err != nil {
					return err
				}
			}
		}
		return putEntries(ctx, tx, entries)
	})
}

// Milestones are those of a wish, the first first.
func (db *DB) Milestones(ctx context.Context, id string) ([]course.Milestone, error) {
	return list(ctx, db.read, func(rows *sql.Rows) (m course.Milestone, err error) {
		var at int64
		err = rows.Scan(&m.Step, &at, &m.By)
		m.At = fromMS(at)
		return m, err
	}, "SELECT step, at, by_whom FROM interest_step WHERE interest = $1 ORDER BY at, step", id)
}
