package store

import (
	"context"
	"database/sql"

	"nghe/bot"
	"nghe/people"
)

// news gives what somebody is told of.
func (db *DB) news(ctx context.Context, q querier, who string) ([]people.Following, error) {
	return list(ctx, q, func(rows *sql.Rows) (f people.Following, err error) {
		var at int64
		err = rows.Scan(&f.Trade, &f.Place, &at)
		f.At = fromMS(at)
		return f, err
	}, "SELECT trade, place, at FROM follow WHERE who = $1 ORDER BY trade, place", who)
}

// Follow notes what a person agreed to be told of, and makes the person when
// the contact is nobody's yet; who agreed to some trades and now to all follows
// all. What they had stopped goes on.
func (db *DB) Follow(ctx context.Context, fresh people.Person, c bot.Contact, f people.Following, groups []string, consent people.Consent) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		who, err := personOf(ctx, tx, c)
		if err != nil {
			return err
		}
		if who == "" {
			who = fresh.ID
			if err := exec(ctx, tx, "INSERT INTO person (id, profile, created_at, updated_at) VALUES ($1, $2, $3, $3)", who, fresh.Profile, ms(fresh.UpdatedAt)); err != nil {
				return err
			}
			if err := db.newContact(ctx, tx, c, who, fresh.UpdatedAt); err != nil {
				return err
			}
		}
		if err := putConsent(ctx, tx, who, consent); err != nil {
			return err
		}
		// What was agreed to now stands in the place of what was before, of the
		// same trade; everything, in the place of everything.
		for _, table := range []string{"follow", "opted_out"} {
			if err := exec(ctx, tx, "DELETE FROM "+table+" WHERE who = $1 AND ($2 = '' AND trade <> $3 OR trade = $2)", who, f.Trade, people.BankDays); err != nil {
				return err
			}
		}
		if err := exec(ctx, tx, "DELETE FROM opted_out WHERE who = $1 AND trade = ''", who); err != nil {
			return err
		}
		if err := exec(ctx, tx, "INSERT INTO follow (who, trade, place, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", who, f.Trade, f.Place, ms(f.At)); err != nil {
			return err
		}
		for _, g := range groups {
			if err := exec(ctx, tx, "INSERT INTO kept_group (who, name) VALUES ($1, $2) ON CONFLICT DO NOTHING", who, g); err != nil {
				return err
			}
		}
		return refresh(ctx, tx, who)
	})
}

// Unfollow ends what somebody is told of unasked: of a trade, or with "" of
// everything, reminders of their wishes too. It says whether there was anything.
func (db *DB) Unfollow(ctx context.Context, c bot.Contact, trade string, consentPurpose string, at int64) (had bool, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		who, err := whoOf(ctx, tx, c)
		if err != nil {
			return err
		}
		for _, q := range []string{
			"DELETE FROM follow WHERE who = $1 AND ($2 = '' OR trade = $2)",
			"UPDATE interest SET remind = FALSE WHERE who = $1 AND ($2 = '' OR trade = $2) AND remind",
		} {
			r, err := tx.ExecContext(ctx, q, who, trade)
			if err != nil {
				return unavailable(err)
			}
			n, err := r.RowsAffected()
			if err != nil {
				return unavailable(err)
			}
			had = had || n > 0
		}
		if trade == "" {
			if err := exec(ctx, tx, "DELETE FROM kept_group WHERE who = $1", who); err != nil {
				return err
			}
			if err := exec(ctx, tx, "DELETE FROM consent WHERE person = $1 AND purpose = $2", who, consentPurpose); err != nil {
				return err
			}
		}
		// Of somebody of whom nothing is kept, nothing is noted.
		return exec(ctx, tx, `INSERT INTO opted_out (who, trade, at) SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT)
			WHERE EXISTS (SELECT 1 FROM recipient WHERE who = $1) ON CONFLICT DO NOTHING`, who, trade, at)
	})
	return had, err
}

// Following gives what a contact's person, or the contact, is told of, and
// whether they are reminded of a wish.
func (db *DB) Following(ctx context.Context, c bot.Contact) (news []people.Following, reminded bool, err error) {
	who := alone(c)
	if err := db.read.QueryRowContext(ctx, `SELECT coalesce((SELECT person FROM contact WHERE channel = $1 AND contact = $2), CAST($3 AS TEXT)),
		EXISTS (SELECT 1 FROM interest WHERE remind AND who = coalesce((SELECT person FROM contact WHERE channel = $1 AND contact = $2), CAST($3 AS TEXT)))`,
		c.Channel, c.ID, who).Scan(&who, &reminded); err != nil {
		return nil, false, unavailable(err)
	}
	news, err = db.news(ctx, db.read, who)
	return news, reminded, err
}
