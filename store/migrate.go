package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Upgrade is what bringing the tables up to date does, or did.
type Upgrade struct {
	From, To int           // the last step that was done before, and after; 0: none
	Steps    []string      // their files, in order
	Took     time.Duration // for all of them
}

// errTried ends a transaction that was only to be tried.
var errTried = errors.New("only tried")

// migrate brings the tables up to date, all steps or none. Steps are numbered by
// file name and never changed once released. Dry: everything is done and then
// taken back.
func (db *DB) migrate(ctx context.Context, now time.Time, dry bool) error {
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		if err := db.upgrade(ctx, tx, now); err != nil {
			return err
		}
		if dry {
			return errTried
		}
		return nil
	})
	if errors.Is(err, errTried) {
		return nil
	}
	return err
}

func (db *DB) upgrade(ctx context.Context, tx *sql.Tx, now time.Time) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	if err := db.lockMigration(ctx, tx); err != nil {
		return err
	}
	began := time.Now()
	if _, err := tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, at BIGINT NOT NULL)"); err != nil {
		return err
	}
	up := Upgrade{}
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(number), 0) FROM migration").Scan(&up.From); err != nil {
		return err
	}
	for _, name := range files { // Glob sorts
		if up.To, err = stepOf(name); err != nil {
			return err
		}
		if up.To <= up.From {
			continue
		}
		if err := migrateOne(ctx, tx, name, up.To, now); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		up.Steps = append(up.Steps, strings.TrimPrefix(name, "migrations/"))
	}
	if up.From > up.To {
		return &StartError{"NGHE_DATA", "the data was written by a newer nghe", "run that version, or restore a backup made before it", nil}
	}
	up.Took = time.Since(began)
	db.upgraded = up
	return nil
}

// Upgraded tells what opening the records did to their tables.
func (db *DB) Upgraded() Upgrade { return db.upgraded }

// TryUpgrade does to the records in a folder what Open would do to their tables,
// and takes it back. Who writes meanwhile waits. A folder without records stays
// without. The error is a *StartError.
func TryUpgrade(ctx context.Context, dir string, now time.Time) (Upgrade, error) {
	path := filepath.Join(dir, File)
	if _, err := os.Stat(path); err != nil {
		return Upgrade{}, &StartError{"NGHE_DATA", fmt.Sprintf("%s can't be opened", path), "give the folder in which nghe keeps its data", cause(err)}
	}
	db := &DB{write: open(path, 1), read: open(path, 1)}
	defer db.Close()
	if err := db.migrate(ctx, now, true); err != nil {
		return Upgrade{}, explain(err, path)
	}
	return db.upgraded, nil
}

// TryUpgradePostgres is TryUpgrade for records in PostgreSQL. It holds the tables
// while it lasts, as the upgrade itself will.
func TryUpgradePostgres(ctx context.Context, address string, now time.Time) (Upgrade, error) {
	db, password, err := connectPostgres(address)
	if err != nil {
		return Upgrade{}, err
	}
	defer db.Close()
	if err := db.migrate(ctx, now, true); err != nil {
		return Upgrade{}, postgresError(err, password)
	}
	return db.upgraded, nil
}

// Step gives the number of the last step that this program knows.
func Step() int {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(files) == 0 {
		panic("no migrations are built in") // the tests would have told
	}
	n, err := stepOf(files[len(files)-1])
	if err != nil {
		panic(err)
	}
	return n
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
