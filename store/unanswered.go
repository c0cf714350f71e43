package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"nghe/bot"
	"nghe/daily"
	"nghe/staff"
	"nghe/unanswered"
)

var _ unanswered.Records = (*DB)(nil)

const addUnanswered = `INSERT INTO unanswered (day, text, why, flow, step, channel, n) VALUES ($1, $2, $3, $4, $5, $6, $7)
	ON CONFLICT (day, text, why, flow, step, channel) DO UPDATE SET n = unanswered.n + excluded.n`

// ChangeUnanswered writes changes in their order, all or none.
func (db *DB) ChangeUnanswered(ctx context.Context, changes []unanswered.Change) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		if err := db.lockUnanswered(ctx, tx); err != nil {
			return err
		}
		for _, c := range changes {
			if err := changeUnanswered(ctx, tx, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// lockUnanswered lets one process at a time add texts: two that add the same ones in
// another order would wait for each other. Who reads does not wait.
func (db *DB) lockUnanswered(ctx context.Context, tx *sql.Tx) error {
	if !db.postgres {
		return nil
	}
	return exec(ctx, tx, "SELECT pg_advisory_xact_lock(7104103)")
}

func changeUnanswered(ctx context.Context, tx *sql.Tx, c unanswered.Change) error {
	x := c.Text
	switch {
	case c.Settled:
		return exec(ctx, tx, "DELETE FROM unanswered_offer WHERE channel = $1 AND contact = $2", c.Contact.Channel, c.Contact.ID)
	case c.Contact == bot.Contact{}:
		return exec(ctx, tx, addUnanswered, int64(x.Day), x.Text, string(x.Why), x.Flow, x.Step, x.Channel, 1)
	}
	// Who is offered topics again took none of those before.
	if err := ripen(ctx, tx, "channel = $1 AND contact = $2", c.Contact.Channel, c.Contact.ID); err != nil {
		return err
	}
	return exec(ctx, tx, `INSERT INTO unanswered_offer (channel, contact, day, text, flow, step, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		c.Contact.Channel, c.Contact.ID, int64(x.Day), x.Text, x.Flow, x.Step, ms(c.At))
}

// ripen makes unanswered what was offered.
func ripen(ctx context.Context, tx *sql.Tx, which string, args ...any) error {
	offered, err := list(ctx, tx, func(rows *sql.Rows) (x unanswered.Text, err error) {
		return x, rows.Scan(&x.Day, &x.Text, &x.Flow, &x.Step, &x.Channel)
	}, "DELETE FROM unanswered_offer WHERE "+which+" RETURNING day, text, flow, step, channel", args...)
	if err != nil {
		return err
	}
	for _, x := range offered {
		if err := exec(ctx, tx, addUnanswered, int64(x.Day), x.Text, string(unanswered.Offered), x.Flow, x.Step, x.Channel, 1); err != nil {
			return err
		}
	}
	return nil
}

// RipenOffers makes unanswered what was offered before a time.
func (db *DB) RipenOffers(ctx context.Context, before time.Time) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		if err := db.lockUnanswered(ctx, tx); err != nil {
			return err
		}
		return ripen(ctx, tx, "at < $1", ms(before))
	})
}

// DropUnanswered forgets what was asked before a day, and marks of texts that are
// not there any more.
func (db *DB) DropUnanswered(ctx context.Context, before daily.Day) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, "DELETE FROM unanswered WHERE day < $1", int64(before)); err != nil {
			return err
		}
		return exec(ctx, tx, "DELETE FROM unanswered_mark WHERE NOT EXISTS (SELECT 1 FROM unanswered u WHERE u.text = unanswered_mark.text)")
	})
}

// Unanswered adds up what went unanswered from a day to a day, of the most
// frequent texts.
func (db *DB) Unanswered(ctx context.Context, from, to daily.Day, texts int) ([]unanswered.Sum, error) {
	return list(ctx, db.read, func(rows *sql.Rows) (s unanswered.Sum, err error) {
		return s, rows.Scan(&s.Text.Text, &s.Why, &s.Flow, &s.Step, &s.Channel, &s.N)
	}, `SELECT text, why, flow, step, channel, CAST(sum(n) AS BIGINT) FROM unanswered WHERE day >= $1 AND day <= $2
		AND text IN (SELECT text FROM unanswered WHERE day >= $1 AND day <= $2 GROUP BY text ORDER BY sum(n) DESC, text LIMIT $3)
		GROUP BY text, why, flow, step, channel ORDER BY text, why, flow, step, channel`, int64(from), int64(to), texts)
}

// Marks gives what staff said of texts.
func (db *DB) Marks(ctx context.Context) (map[string]unanswered.Mark, error) {
	marks := map[string]unanswered.Mark{}
	_, err := list(ctx, db.read, func(rows *sql.Rows) (none struct{}, err error) {
		var text string
		var m unanswered.Mark
		var at int64
		err = rows.Scan(&text, &m.Mark, &m.By, &at)
		m.At = fromMS(at)
		marks[text] = m
		return none, err
	}, "SELECT text, mark, by_whom, at FROM unanswered_mark")
	return marks, err
}

// PutMarks says something of those of the texts that are there; the mark "" takes
// back what was said. It gives of how many.
func (db *DB) PutMarks(ctx context.Context, texts []string, m unanswered.Mark, entries ...staff.Entry) (n int, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		for _, text := range slices.Compact(slices.Sorted(slices.Values(texts))) {
			q, args := "DELETE FROM unanswered_mark WHERE text = $1", []any{text}
			if m.Mark != "" {
				q = `INSERT INTO unanswered_mark (text, mark, by_whom, at) SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT)
					WHERE EXISTS (SELECT 1 FROM unanswered WHERE text = $1)
					ON CONFLICT (text) DO UPDATE SET mark = excluded.mark, by_whom = excluded.by_whom, at = excluded.at`
				args = append(args, m.Mark, m.By, ms(m.At))
			}
			done, err := changed(ctx, tx, q, args...)
			if err != nil {
				return err
			}
			n += int(done)
		}
		if n == 0 {
			return nil
		}
		return putEntries(ctx, tx, entries)
	})
	return n, err
}
