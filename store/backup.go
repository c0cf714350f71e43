package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"nghe/bot"
)

// lockFile says that a folder is in use: who has the records open holds it
// together with others, who puts other records in their place holds it alone.
const lockFile = "nghe.lock"

// ErrInUse says that a program has the records of a folder open.
var ErrInUse = errors.New("the data is in use")

// lockFolder takes the lock of a folder until the file is closed; alone fails
// with ErrInUse when anybody has it.
func lockFolder(dir string, alone bool) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	how := syscall.LOCK_SH
	if alone {
		how = syscall.LOCK_EX
	}
	if err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, ErrInUse
	}
	return f, nil
}

// Backup writes all records and sessions as they are at one moment into a new
// file, while the program goes on, and notes that it did. Only for embedded
// storage.
func (db *DB) Backup(ctx context.Context, file string, now time.Time) error {
	if db.postgres {
		return errors.New("the records are in PostgreSQL: back them up with pg_dump")
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // for the owner only
	if err != nil {
		return err
	}
	f.Close()
	if _, err := db.read.ExecContext(ctx, "VACUUM INTO ?", file); err != nil { // it takes an empty file
		os.Remove(file)
		return unavailable(err)
	}
	return db.putTime(ctx, settingBackup, now)
}

// Deletion is an entry of the ledger: somebody who had themself deleted, known
// again only by who has their contact and the key.
type Deletion struct {
	Hash []byte
	At   time.Time
}

// Deletions gives the ledger.
func (db *DB) Deletions(ctx context.Context) ([]Deletion, error) {
	return list(ctx, db.read, func(rows *sql.Rows) (d Deletion, err error) {
		var at int64
		err = rows.Scan(&d.Hash, &at)
		d.At = fromMS(at)
		return d, err
	}, "SELECT contact_hash, at FROM deletion")
}

// Deleted gives who is in these records and was deleted, by a ledger that goes
// on after them. The key is that of the ledger.
func (db *DB) Deleted(ctx context.Context, key []byte, ledger []Deletion) ([]bot.Contact, error) {
	own, err := db.Deletions(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]time.Time{}
	for _, d := range own {
		known[string(d.Hash)] = d.At
	}
	later := map[string]bool{}
	for _, d := range ledger {
		// Who came back after a deletion that is known here is no deleted one.
		if at, ok := known[string(d.Hash)]; !ok || d.At.After(at) {
			later[string(d.Hash)] = true
		}
	}
	all, err := list(ctx, db.read, scanContact, "SELECT channel, contact FROM contact UNION SELECT channel, contact FROM session UNION SELECT channel, contact FROM interest WHERE channel <> ''")
	if err != nil {
		return nil, err
	}
	hasher := dbPeople{db, key}
	var gone []bot.Contact
	for _, c := range all {
		if later[string(hasher.hash(c))] {
			gone = append(gone, c)
		}
	}
	return gone, nil
}

// Restoring is a folder whose records are being put back from a backup. Nobody
// else can open it until Close.
type Restoring struct {
	// DB is the backup, as it will be when Finish is called.
	DB *DB
	// Before are the records that are there now; nil: none, or Damaged says why
	// they can't be read.
	Before  *DB
	Damaged error

	dir, stage string
	lock       *os.File
}

// stageFolder is where a backup is made ready, inside the folder it will be in.
const stageFolder = "restoring"

// Restore opens a backup to be put into a folder. What is there stays as it is
// until Finish. Bad backups are a *StartError, a folder in use is ErrInUse.
func Restore(ctx context.Context, file, dir string, now time.Time) (*Restoring, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	lock, err := lockFolder(dir, true)
	if err != nil {
		return nil, err
	}
	r := &Restoring{dir: dir, stage: filepath.Join(dir, stageFolder), lock: lock}
	if err := r.begin(ctx, file, now); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

func (r *Restoring) begin(ctx context.Context, file string, now time.Time) error {
	if err := os.RemoveAll(r.stage); err != nil {
		return err
	}
	if err := os.Mkdir(r.stage, 0o700); err != nil {
		return err
	}
	if err := isBackup(ctx, file); err != nil {
		return err
	}
	copied := filepath.Join(r.stage, File)
	if err := copyFile(file, copied); err != nil {
		return err
	}
	var err error
	if r.DB, err = Open(ctx, r.stage, now); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(r.dir, File)); err == nil {
		r.Before, r.Damaged = openAt(ctx, r.dir, now)
	}
	return nil
}

// isBackup looks whether a file is whole and holds records of nghe; it must not
// be made into some by opening it.
func isBackup(ctx context.Context, file string) error {
	if _, err := os.Stat(file); err != nil {
		return err
	}
	db := open(file, 1)
	defer db.Close()
	var whole string
	var steps int
	err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&whole)
	if err == nil {
		err = db.QueryRowContext(ctx, "SELECT count(*) FROM migration").Scan(&steps)
	}
	if err != nil || whole != "ok" || steps == 0 {
		return &StartError{"FILE", file + " is damaged or no backup of nghe", "give a file that “nghe backup” wrote", cause(err)}
	}
	return nil
}

func copyFile(from, to string) error {
	data, err := os.Open(from)
	if err != nil {
		return err
	}
	defer data.Close()
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := f.ReadFrom(data); err != nil {
		return errors.Join(err, f.Close())
	}
	return errors.Join(f.Sync(), f.Close())
}

// SameInstallation says whether the backup and what is there now belong
// together: only then the ledger of one names people of the other.
func (r *Restoring) SameInstallation(ctx context.Context) (bool, error) {
	if r.Before == nil {
		return true, nil
	}
	a, err := r.Before.Setting(ctx, SettingSecret, 32)
	if err != nil {
		return false, err
	}
	b, err := r.DB.Setting(ctx, SettingSecret, 32)
	return bytes.Equal(a, b), err
}

// Finish puts the backup in its place. What was there is kept beside it; aside
// is its file, "" when nothing was there.
func (r *Restoring) Finish(ctx context.Context, now time.Time) (aside string, err error) {
	// All of it into the one file: there must be no log beside it when it moves.
	if _, err := r.DB.write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return "", unavailable(err)
	}
	if err := r.closeRecords(); err != nil {
		return "", err
	}
	there := filepath.Join(r.dir, File)
	if _, err := os.Stat(there); err == nil {
		aside = fmt.Sprintf("%s.before-%s", there, now.UTC().Format("20060102-150405"))
		for _, tail := range []string{"", "-wal", "-shm"} {
			if err := os.Rename(there+tail, aside+tail); err != nil && !errors.Is(err, os.ErrNotExist) {
				return "", err
			}
		}
	}
	return aside, os.Rename(filepath.Join(r.stage, File), there)
}

func (r *Restoring) closeRecords() error {
	var err error
	if r.DB != nil {
		err = r.DB.Close()
	}
	if r.Before != nil {
		err = errors.Join(err, r.Before.Close())
	}
	r.DB, r.Before = nil, nil
	return err
}

// Close leaves the folder to others; without Finish it is as it was.
func (r *Restoring) Close() error {
	return errors.Join(r.closeRecords(), os.RemoveAll(r.stage), r.lock.Close())
}
