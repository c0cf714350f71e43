package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"strconv"
	"time"
)

// Setting gives a value that is made once, at random, and stays: n bytes.
// Several processes that ask at the same time get the same.
func (db *DB) Setting(ctx context.Context, name string, n int) ([]byte, error) {
	fresh := make([]byte, n)
	rand.Read(fresh)
	if _, err := db.write.ExecContext(ctx, "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", name, fresh); err != nil {
		return nil, unavailable(err)
	}
	var value []byte
	if err := db.read.QueryRowContext(ctx, "SELECT value FROM setting WHERE name = $1", name).Scan(&value); err != nil {
		return nil, unavailable(err)
	}
	return value, nil
}

// The settings there are.
const (
	SettingSecret       = "secret"       // key for cookies, links and the ledger of deletions
	SettingInstallation = "installation" // the same in every store of one installation
	settingResumed      = "resumed"      // when that was over, in milliseconds; absent: there was none
	settingHeld         = "held"         // since a backup was restored, in milliseconds; absent: nothing is held
	settingBackup       = "backup"       // when the last backup was written, in milliseconds; absent: never
)

// HoldSending has nothing sent from these records until ReleaseSending: they are
// a copy of earlier ones, and what was due then may have been sent long ago.
func (db *DB) HoldSending(ctx context.Context, now time.Time) error {
	return db.putTime(ctx, settingHeld, now)
}

// SendingHeld gives since when nothing is sent; the zero time: it is.
func (db *DB) SendingHeld(ctx context.Context) (time.Time, error) {
	return db.timeOf(ctx, settingHeld)
}

// LastBackup gives when Backup last wrote a file; the zero time: never.
func (db *DB) LastBackup(ctx context.Context) (time.Time, error) {
	return db.timeOf(ctx, settingBackup)
}

func (db *DB) putTime(ctx context.Context, name string, at time.Time) error {
	_, err := db.write.ExecContext(ctx, "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, []byte(strconv.FormatInt(ms(at), 10)))
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// Resumed gives since when records that were restored are in use; the zero time:
// they never were. What was due before may have been told by those that they
// replaced.
func (db *DB) Resumed(ctx context.Context) (time.Time, error) {
	return db.timeOf(ctx, settingResumed)
}

// timeOf reads a time; the zero time: there is none.
func (db *DB) timeOf(ctx context.Context, name string) (time.Time, error) {
	var value []byte
	switch err := db.read.QueryRowContext(ctx, "SELECT value FROM setting WHERE name = $1", name).Scan(&value); {
	case errors.Is(err, sql.ErrNoRows):
		return time.Time{}, nil
	case err != nil:
		return time.Time{}, unavailable(err)
	}
	at, err := strconv.ParseInt(string(value), 10, 64)
	return fromMS(at), err
}

// ReleaseSending has things sent again, from the next start on: what is due from
// now on.
func (db *DB) ReleaseSending(ctx context.Context, now time.Time) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, "DELETE FROM setting WHERE name = $1", settingHeld); err != nil {
			return err
		}
		return exec(ctx, tx, "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", settingResumed, []byte(strconv.FormatInt(ms(now), 10)))
	})
}
