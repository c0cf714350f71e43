package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"nghe/bot"
	"nghe/people"
	"nghe/staff"
)

// DB is a database: the embedded one, a SQLite file, or one in PostgreSQL. The
// same texts of SQL go to both. All methods are safe for several goroutines;
// other processes may use the same database (on the same machine, if it is a
// file: “nghe person export” beside “nghe serve”).
type DB struct {
	// write is one connection to SQLite, which has one writer at a time:
	// waiting for it in Go is fairer than in SQLite. In PostgreSQL write and
	// read are the same pool.
	write    *sql.DB
	read     *sql.DB
	postgres bool
	lock     *os.File // of the folder; nil: of none
	upgraded Upgrade
	prepared statements // of a file
	group    *group     // of a file
}

// File is the name of the database in the data folder.
const File = "nghe.db"

// readers is how many queries run at a time.
const readers = 4

// Open opens the database in a folder, makes both if they are not there, and
// brings the tables up to date. The error is a *StartError.
func Open(ctx context.Context, dir string, now time.Time) (*DB, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, &StartError{"NGHE_DATA", fmt.Sprintf("the folder %s can't be made", dir), "give a folder that nghe may write to", cause(err)}
	}
	lock, err := lockFolder(dir, false)
	switch {
	case errors.Is(err, ErrInUse):
		return nil, &StartError{"NGHE_DATA", fmt.Sprintf("a backup is being restored into %s", dir), "wait until that is done", nil}
	case err != nil:
		return nil, &StartError{"NGHE_DATA", fmt.Sprintf("%s can't be opened for writing", filepath.Join(dir, File)), "let nghe's user own the folder and the file", cause(err)}
	}
	db, err := openAt(ctx, dir, now)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	db.lock = lock
	return db, nil
}

// openAt opens the database in a folder that is locked.
func openAt(ctx context.Context, dir string, now time.Time) (*DB, error) {
	path := filepath.Join(dir, File)
	// Made here so that it is for the owner only, and so that a folder which
	// can't be written to is noticed before SQLite explains it less well.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, &StartError{"NGHE_DATA", fmt.Sprintf("%s can't be opened for writing", path), "let nghe's user own the folder and the file", cause(err)}
	}
	f.Close()
	db := &DB{write: open(path, 1), read: open(path, readers)}
	db.group = &group{pool: db.write}
	if err := db.start(ctx, path, now); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// open gives a pool of connections. Times: see doc.go. NORMAL with WAL is
// durable when the process is killed; when the power goes, the last moments
// may be missing but nothing is broken.
func open(path string, connections int) *sql.DB {
	params := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)",
		// What is deleted is overwritten, not only unlinked.
		"secure_delete(1)",
	}}
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?"+params.Encode())
	if err != nil {
		panic(err) // only for a driver that is not registered
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return pool
}

func (db *DB) start(ctx context.Context, path string, now time.Time) error {
	err := db.migrate(ctx, now, false)
	if err == nil {
		err = db.beginRecipients(ctx)
	}
	if err == nil {
		err = db.beginCases(ctx)
	}
	if err == nil {
		db.prepared, err = prepare(ctx, db)
	}
	return explain(err, path)
}

// explain says what to do about a file that can't be opened.
func explain(err error, path string) error {
	var start *StartError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &start):
		return err
	case isCode(err, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
		return &StartError{"NGHE_DATA", path + " is damaged or no database of nghe", "restore a backup, or move the file away to begin with an empty one", nil}
	case isCode(err, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR):
		return &StartError{"NGHE_DATA", path + " can't be written", "let nghe's user own the folder and everything in it", err}
	case isCode(err, sqlite3.SQLITE_FULL):
		return &StartError{"NGHE_DATA", "the disk is full", "free some space", nil}
	case isCode(err, sqlite3.SQLITE_BUSY):
		return &StartError{"NGHE_DATA", path + " is locked by another program", "end the program that uses it", nil}
	}
	return &StartError{"NGHE_DATA", path + " can't be used", "see the cause", err}
}

// isCode says whether an error is one of SQLite's primary codes.
func isCode(err error, codes ...int) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	for _, c := range codes {
		if e.Code()&0xff == c {
			return true
		}
	}
	return false
}

// cause gives the reason of a file error without repeating its path.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// Ping says whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var n int
	if err := db.read.QueryRowContext(ctx, "SELECT count(*) FROM setting").Scan(&n); err != nil {
		return unavailable(err)
	}
	return nil
}

// Embedded says whether the records are in a file on this machine.
func (db *DB) Embedded() bool { return db.lock != nil }

// Free gives how many bytes the disk of the file has left for this user.
func (db *DB) Free() (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Fstatfs(int(db.lock.Fd()), &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize), nil
}

// Close closes the file; what was written stays.
func (db *DB) Close() error {
	if db.postgres {
		return db.write.Close()
	}
	err := errors.Join(db.read.Close(), db.write.Close())
	if db.lock != nil {
		err = errors.Join(err, db.lock.Close())
	}
	return err
}

// unavailable marks what is no mistake of the caller.
func unavailable(err error) error {
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// inTx does something in one write transaction: all of it or nothing.
func (db *DB) inTx(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return unavailable(err)
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return unavailable(err)
	}
	return nil
}

// together is inTx for the small writes of a turn, of which many come at a time.
func (db *DB) together(ctx context.Context, do func(*sql.Tx) error) error {
	if db.group == nil {
		return db.inTx(ctx, do)
	}
	return db.group.write(ctx, do)
}

// wipe has what was deleted a moment ago not stand in the log beside the file
// either, as it was before. It waits for who reads, as long as a write may wait. What
// did not succeed is tried again by Tidy; the deletion itself holds.
func (db *DB) wipe(ctx context.Context) {
	if db.postgres {
		return
	}
	var busy, frames, moved int
	if err := db.write.QueryRowContext(context.WithoutCancel(ctx), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved); err != nil || busy != 0 {
		slog.Warn("what was deleted may stand in the log of the database until it is next tidied", "busy", busy, "error", err)
	}
}

// ms gives a time as the tables have it.
func ms(t time.Time) int64 { return t.UnixMilli() }

func fromMS(n int64) time.Time { return time.UnixMilli(n).UTC() }

// noticeKept is how long a notice is remembered after its end: longer than the
// clock looks back (package reminder), so that none is told again.
const noticeKept = 90 * 24 * time.Hour

// Tidy removes what has outlived its time.
func (db *DB) Tidy(ctx context.Context, now time.Time) error {
	err := db.tidy(ctx, now)
	db.wipe(ctx)
	return err
}

func (db *DB) tidy(ctx context.Context, now time.Time) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		for _, q := range []string{
			"DELETE FROM seen WHERE ends <= $1",
			"DELETE FROM bubble WHERE ends <= $1",
			"DELETE FROM outbox WHERE at <= CAST($1 AS BIGINT) - " + strconv.FormatInt(2*bot.OutboxLife.Milliseconds(), 10),
			"DELETE FROM inbox WHERE at <= CAST($1 AS BIGINT) - " + strconv.FormatInt(bot.BubbleLife.Milliseconds(), 10),
			"DELETE FROM lease WHERE until <= $1",
			"DELETE FROM media WHERE ends <= $1",
			"DELETE FROM echo WHERE at <= CAST($1 AS BIGINT) - " + strconv.FormatInt(echoLife.Milliseconds(), 10),
			"DELETE FROM trouble WHERE at <= CAST($1 AS BIGINT) - " + strconv.FormatInt(troubleLife.Milliseconds(), 10),
			"DELETE FROM link_code WHERE ends <= CAST($1 AS BIGINT) - " + strconv.FormatInt(codeKept.Milliseconds(), 10),
			"DELETE FROM link_outcome WHERE at <= CAST($1 AS BIGINT) - " + strconv.FormatInt(people.WrongTime.Milliseconds(), 10),
			"DELETE FROM notice WHERE until <= CAST($1 AS BIGINT) - " + strconv.FormatInt(noticeKept.Milliseconds(), 10),
			"DELETE FROM staff_link WHERE ends <= $1",
			"DELETE FROM staff_session WHERE ends <= $1",
			"DELETE FROM staff_code WHERE ends <= $1",
			"DELETE FROM staff_try WHERE at <= CAST($1 AS BIGINT) - " + strconv.FormatInt(staff.TriesTime.Milliseconds(), 10),
			"DELETE FROM handoff_message WHERE ends > 0 AND ends <= $1",
			// An epoch is a time at least: an old one is not needed to give out a later.
			"DELETE FROM handoff_hold WHERE kind = '' AND told AND epoch <= CAST($1 AS BIGINT) - " + strconv.FormatInt((24*time.Hour).Milliseconds(), 10),
			"DELETE FROM session WHERE ends <= $1 AND effects IS NULL",
			"UPDATE session SET sensitive = NULL, sensitive_ends = 0 WHERE sensitive IS NOT NULL AND sensitive_ends <= $1",
		} {
			if _, err := tx.ExecContext(ctx, q, ms(now)); err != nil {
				return unavailable(err)
			}
		}
		return nil
	})
}

// list gives every row of a query.
func list[T any](ctx context.Context, q querier, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, unavailable(err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		x, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read row: %w", err)
		}
		all = append(all, x)
	}
	if err := rows.Err(); err != nil {
		return nil, unavailable(err)
	}
	return all, nil
}
