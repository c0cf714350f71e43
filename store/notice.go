package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"nghe/scheduler/reminder"
)

// PutNotice keeps what the office is told, if nothing of its name is there. Told
// says that everybody has it already.
func (db *DB) PutNotice(ctx context.Context, n reminder.Notice) (fresh, told bool, err error) {
	body, err := json.Marshal(n)
	if err != nil {
		return false, false, fmt.Errorf("notice %s: %w", n.Name, err)
	}
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		added, err := changed(ctx, tx, "INSERT INTO notice (name, body, at, until, told) VALUES ($1, $2, $3, $4, FALSE) ON CONFLICT (name) DO NOTHING", n.Name, body, ms(n.At), ms(n.Until))
		if fresh = added == 1; err != nil || fresh {
			return err
		}
		err = tx.QueryRowContext(ctx, "SELECT told FROM notice WHERE name = $1", n.Name).Scan(&told)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return unavailable(err)
		}
		return nil
	})
	return fresh, told, err
}

// NoticeTold notes that everybody whom it concerns has it in their chat.
func (db *DB) NoticeTold(ctx context.Context, name string) error {
	_, err := db.won(ctx, "UPDATE notice SET told = TRUE WHERE name = $1", name)
	return err
}

// Notices gives those that are still of use, the one that ends first at the top.
func (db *DB) Notices(ctx context.Context, now time.Time) ([]reminder.Notice, error) {
	return list(ctx, db.read, func(rows *sql.Rows) (n reminder.Notice, err error) {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return n, err
		}
		return n, json.Unmarshal(body, &n)
	}, "SELECT body FROM notice WHERE until > $1 ORDER BY until, name", ms(now))
}
