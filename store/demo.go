package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"nghe/bot"
	"nghe/course"
	"nghe/daily"
	"nghe/handoff"
	"nghe/people"
	"nghe/unanswered"
)

// Real counts what is in the records that nobody invented.
type Real struct{ People, Talks, Courses, Wishes, Counts int64 }

// Real looks whether anything in the store is real.
func (db *DB) Real(ctx context.Context) (Real, error) {
	var r Real
	err := db.read.QueryRowContext(ctx, `SELECT
		(SELECT count(*) FROM person WHERE id NOT LIKE $1),
		(SELECT count(*) FROM session s WHERE NOT EXISTS (SELECT 1 FROM contact c WHERE c.channel = s.channel AND c.contact = s.contact AND c.person LIKE $1)),
		(SELECT count(*) FROM course WHERE NOT invented),
		(SELECT count(*) FROM interest WHERE source <> $2),
		(SELECT count(*) FROM daily WHERE channel <> $3)`,
		people.InventedPrefix+"%", course.FromDemo, daily.Invented).Scan(&r.People, &r.Talks, &r.Courses, &r.Wishes, &r.Counts)
	if err != nil {
		return r, unavailable(err)
	}
	return r, nil
}

// Invented says whether anything in the store was made up.
func (db *DB) Invented(ctx context.Context) (some bool, err error) {
	// In words that the index daily_invented is for.
	err = db.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM daily WHERE channel = '`+daily.Invented+`') OR EXISTS (SELECT 1 FROM course WHERE invented)`).Scan(&some)
	if err != nil {
		return false, unavailable(err)
	}
	return some, nil
}

// Fill puts people, the first contact of each as where they are told, and their
// wishes, many at once. What is there already stays as it is.
func (db *DB) Fill(ctx context.Context, persons []people.Person, wishes []course.Interest) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		var prepared []*sql.Stmt
		for _, q := range []string{
			"INSERT INTO person (id, profile, created_at, updated_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
			"INSERT INTO contact (channel, contact, person, heard_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
			"INSERT INTO consent (person, purpose, words, given_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
			putInterest,
			"INSERT INTO follow (who, trade, place, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
			putRecipient,
			putStep,
		} {
			s, err := tx.PrepareContext(ctx, q)
			if err != nil {
				return unavailable(err)
			}
			defer s.Close()
			prepared = append(prepared, s)
		}
		put := func(what int, args ...any) error {
			if _, err := prepared[what].ExecContext(ctx, args...); err != nil {
				return unavailable(err)
			}
			return nil
		}
		for _, p := range persons {
			if err := put(0, p.ID, []byte(p.Profile), ms(p.CreatedAt), ms(p.UpdatedAt)); err != nil {
				return err
			}
			for i, c := range p.Contacts {
				if err := put(1, c.Channel, c.ID, p.ID, ms(p.UpdatedAt)); err != nil {
					return err
				}
				if i > 0 {
					continue
				}
				if err := put(5, p.ID, placeIn(p.Profile), c.Channel, c.ID, "", ms(p.UpdatedAt)); err != nil {
					return err
				}
			}
			for _, f := range p.News {
				if err := put(4, p.ID, f.Trade, f.Place, ms(f.At)); err != nil {
					return err
				}
			}
			for _, c := range p.Consents {
				if err := put(2, p.ID, c.Purpose, c.Words, ms(c.GivenAt)); err != nil {
					return err
				}
			}
		}
		owner := map[bot.Contact]string{}
		for _, p := range persons {
			for _, c := range p.Contacts {
				owner[c] = p.ID
			}
		}
		for _, w := range wishes {
			if err := put(3, interestRow(w, owner[bot.Contact{Channel: w.Channel, ID: w.Contact}])...); err != nil {
				return err
			}
			for _, s := range w.State.Reached() {
				if err := put(6, w.ID, string(s), ms(w.UpdatedAt), ""); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// FillMilestones dates what invented wishes have reached.
func (db *DB) FillMilestones(ctx context.Context, all map[string][]course.Milestone) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		put, err := tx.PrepareContext(ctx, "INSERT INTO interest_step (interest, step, at, by_whom) VALUES ($1, $2, $3, $4) ON CONFLICT (interest, step) DO UPDATE SET at = excluded.at")
		if err != nil {
			return unavailable(err)
		}
		defer put.Close()
		for id, reached := range all {
			for _, m := range reached {
				if _, err := put.ExecContext(ctx, id, string(m.Step), ms(m.At), m.By); err != nil {
					return unavailable(err)
				}
			}
		}
		return nil
	})
}

// FillCases puts invented cases; what is there already stays as it is.
func (db *DB) FillCases(ctx context.Context, all []handoff.Case) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		for _, c := range all {
			body, err := json.Marshal(c)
			if err != nil {
				return fmt.Errorf("case %s: %w", c.ID, err)
			}
			if err := exec(ctx, tx, `INSERT INTO handoff (id, number, state, queue, place, org, urgent, holder, channel, contact, turn, opened_at, closed_at, body, kind, outcome, rating)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', '', $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING`,
				c.ID, c.Number, c.State, c.Queue, c.Place, c.Org, c.Urgent, c.Holder, ms(c.OpenedAt), orZero(c.ClosedAt), body, c.Kind, c.Outcome, c.Rating); err != nil {
				return err
			}
		}
		return nil
	})
}

// FillCounts puts invented counts, and invented texts that were not answered, in the
// place of those that were invented before.
func (db *DB) FillCounts(ctx context.Context, counts daily.Counts, texts []unanswered.Sum) error {
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		for _, table := range []string{"daily", "unanswered"} {
			if err := exec(ctx, tx, "DELETE FROM "+table+" WHERE channel = $1", daily.Invented); err != nil {
				return err
			}
		}
		for _, x := range texts {
			if err := exec(ctx, tx, addUnanswered, int64(x.Day), x.Text.Text, string(x.Why), x.Flow, x.Step, x.Channel, x.N); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return db.AddCounts(ctx, counts)
}
