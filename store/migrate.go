package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the tables up to date, each step whole or not at all. Steps
// are numbered by file name and never changed once released.
func (db *DB) migrate(ctx context.Context, now time.Time) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	return db.inTx(ctx, func(tx *sql.Tx) error {
		if err := db.lockMigration(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, at BIGINT NOT NULL)"); err != nil {
			return err
		}
		var done int
		if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(number), 0) FROM migration").Scan(&done); err != nil {
			return err
		}
		last := 0
		for _, name := range files { // Glob sorts
			if last, err = stepOf(name); err != nil {
				return err
			}
			if last <= done {
				continue
			}
			if err := migrateOne(ctx, tx, name, last, now); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		if done > last {
			return &StartError{"NGHE_DATA", "the data was written by a newer nghe", "run that version, or restore a backup made before it", nil}
		}
		return nil
	})
}

// stepOf gives the number of a step by its file name.
func stepOf(name string) (int, error) {
	digits, _, _ := strings.Cut(strings.TrimPrefix(name, "migrations/"), "_")
	return strconv.Atoi(digits)
}

func migrateOne(ctx context.Context, tx *sql.Tx, name string, number int, now time.Time) error {
	text, err := migrations.ReadFile(name)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, string(text)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO migration (number, at) VALUES ($1, $2)", number, ms(now))
	return err
}
