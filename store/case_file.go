package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"nghe/bot"
	"nghe/handoff"
)

// Unfetched gives messages since a time whose file is not known yet.
func (db *DB) Unfetched(ctx context.Context, since time.Time, limit int) ([]handoff.Message, error) {
	return messages(ctx, db.read, "m.media AND m.at > $1 AND f.message IS NULL ORDER BY m.at LIMIT $2", ms(since), limit)
}

// PutFile keeps the file of a message, or why there is none; once.
func (db *DB) PutFile(ctx context.Context, message string, f bot.File, why string, now time.Time) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		// The person may have deleted everything meanwhile.
		n, err := changed(ctx, tx, "UPDATE handoff_message SET media = TRUE WHERE id = $1", message)
		if err != nil || n == 0 {
			return err
		}
		return exec(ctx, tx, "INSERT INTO handoff_file (message, name, type, size, why, at, body) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (message) DO NOTHING",
			message, f.Name, f.Type, len(f.Body), why, ms(now), f.Body)
	})
}

// File gives the file of a message; nil for none.
func (db *DB) File(ctx context.Context, message string) (*bot.File, error) {
	var f bot.File
	err := db.read.QueryRowContext(ctx, "SELECT name, type, body FROM handoff_file WHERE message = $1 AND why = ''", message).Scan(&f.Name, &f.Type, &f.Body)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, unavailable(err)
	}
	return &f, nil
}

// ForgetFiles removes the files of cases closed before a time, and says of how
// many messages; that there was one stays.
func (db *DB) ForgetFiles(ctx context.Context, before time.Time, why string) (n int, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		gone, err := changed(ctx, tx, `UPDATE handoff_file SET body = NULL, why = $2 WHERE why = '' AND message IN
			(SELECT m.id FROM handoff_message m JOIN handoff h ON h.id = m.case_id WHERE h.closed_at > 0 AND h.closed_at < $1)`, ms(before), why)
		n = int(gone)
		return err
	})
	return n, err
}
