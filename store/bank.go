package store

import (
	"context"
	"database/sql"

	"nghe/scheduler/reminder"
	"nghe/staff"
)

// PutBankDay keeps when the policy bank comes to a commune, in the place of what
// was known before.
func (db *DB) PutBankDay(ctx context.Context, b reminder.BankDay, entries ...staff.Entry) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, `INSERT INTO bank_day (place, day, hours, place_at, by_whom, at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (place) DO UPDATE SET day = excluded.day, hours = excluded.hours, place_at = excluded.place_at, by_whom = excluded.by_whom, at = excluded.at`,
			b.Place, b.Day, b.Hours, b.Where, b.By, ms(b.At)); err != nil {
			return err
		}
		return putEntries(ctx, tx, entries)
	})
}

// DropBankDay makes it unknown again, and says whether it was known.
func (db *DB) DropBankDay(ctx context.Context, place string, entries ...staff.Entry) (known bool, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		n, err := changed(ctx, tx, "DELETE FROM bank_day WHERE place = $1", place)
		if known = n == 1; err != nil || !known {
			return err
		}
		return putEntries(ctx, tx, entries)
	})
	return known, err
}

// BankDays gives all that are known, by place.
func (db *DB) BankDays(ctx context.Context) ([]reminder.BankDay, error) {
	return list(ctx, db.read, func(rows *sql.Rows) (b reminder.BankDay, err error) {
		var at int64
		err = rows.Scan(&b.Place, &b.Day, &b.Hours, &b.Where, &b.By, &at)
		b.At = fromMS(at)
		return b, err
	}, "SELECT place, day, hours, place_at, by_whom, at FROM bank_day ORDER BY place")
}
