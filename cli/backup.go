package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"nghe/bot"
	"nghe/people"
	"nghe/staff"
	"nghe/store"
)

var backupCommand = command{
	name: "backup", synopsis: "FILE", about: "write everything that is kept into a file",
	help: `
FILE must not be there yet. nghe serve may go on meanwhile. Keep the file as safe
as the data itself. Records in PostgreSQL are backed up with pg_dump.`,
	run: runBackup,
}

func runBackup(ctx context.Context, p *Process, args []string) error {
	rest, err := parse(flags("backup"), args, 1)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return wrongUse("backup: say into which file")
	}
	e, err := readEnvironment(p.Environ)
	if err != nil {
		return err
	}
	db, err := openRecords(ctx, e, p.Now())
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Backup(ctx, rest[0], p.Now()); err != nil {
		return fmt.Errorf("no backup was made: %w", err)
	}
	fmt.Fprintf(p.Stdout, "%s holds everything as of %s\n", rest[0], here(p.Now()).Format("2006-01-02 15:04:05"))
	return nil
}

var restoreCommand = command{
	name: "restore", synopsis: "FILE | --hold | --go", about: "put a backup in the place of what is kept",
	help: `
nghe must not run on the data meanwhile. What was there is kept beside it. People
who had themselves deleted since the backup are deleted in it, too, and whoever said
stop has said it. What was under way at the backup may have been done since: answers
are listed as doubtful, broadcasts are paused, all staff are signed out. A restored
copy sends nothing until you have looked at it and say “nghe restore --go”; after
that only what becomes due from then on. Records in PostgreSQL are
restored with pg_restore; say “nghe restore --hold” before the first start on them, so
that they send nothing either.`,
	run: runRestore,
}

func runRestore(ctx context.Context, p *Process, args []string) error {
	f := flags("restore")
	release := f.Bool("go", false, "send again, from the next start on")
	hold := f.Bool("hold", false, "send nothing, from the next start on")
	rest, err := parse(f, args, 1)
	if err != nil {
		return err
	}
	asked := len(rest)
	for _, is := range []bool{*release, *hold} {
		if is {
			asked++
		}
	}
	if asked != 1 {
		return wrongUse("restore: say from which file, or --hold, or --go")
	}
	e, err := readEnvironment(p.Environ)
	switch {
	case err != nil:
		return err
	case *hold:
		return holdSending(ctx, e, p)
	case *release:
		return releaseSending(ctx, e, p)
	case e.Database != "":
		return errors.New("the records are in PostgreSQL: restore them with pg_restore, then say nghe restore --hold")
	}
	r, err := store.Restore(ctx, rest[0], e.Data, p.Now())
	if errors.Is(err, store.ErrInUse) {
		return fmt.Errorf("%s is in use: stop nghe first", e.Data)
	}
	if err != nil {
		return fmt.Errorf("nothing was restored: %w", err)
	}
	defer r.Close()
	deleted, err := deleteAgain(ctx, r, p.Now())
	if err != nil {
		return fmt.Errorf("nothing was restored: %w", err)
	}
	stopped, err := stopAgain(ctx, r, p.Now())
	if err != nil {
		return fmt.Errorf("nothing was restored: %w", err)
	}
	aside, err := r.DB.Settle(ctx, p.Now())
	if err != nil {
		return fmt.Errorf("nothing was restored: %w", err)
	}
	if err := r.DB.HoldSending(ctx, p.Now()); err != nil {
		return fmt.Errorf("nothing was restored: %w", err)
	}
	damaged := r.Damaged
	before, err := r.Finish(ctx, p.Now())
	if err != nil {
		return fmt.Errorf("the backup was not put in its place: %w", err)
	}
	fmt.Fprintf(p.Stdout, "%s is in %s\n", rest[0], e.Data)
	if before != "" {
		fmt.Fprintf(p.Stdout, "what was there is now %s: remove it when you are sure\n", before)
	}
	if damaged != nil {
		fmt.Fprintf(p.Stdout, "what was there could not be read (%v): whoever was deleted since the backup is in it again\n", damaged)
	} else if deleted > 0 {
		fmt.Fprintf(p.Stdout, "%d who had been deleted since are deleted again\n", deleted)
	}
	if stopped > 0 {
		fmt.Fprintf(p.Stdout, "%d times somebody had said stop, or withdrawn their story, since: that holds again\n", stopped)
	}
	fmt.Fprintf(p.Stdout, "%d answers and %d messages to us that were under way are listed as doubtful and not done again; %d words of counsellors are in doubt; %d broadcasts are paused; all staff are signed out\n", aside.Answers, aside.Messages, aside.Words, aside.Broadcasts)
	fmt.Fprintln(p.Stdout, "nothing is sent: look at it with nghe serve, then say nghe restore --go")
	return nil
}

// deleteAgain applies what the records that are there know of deletions to the
// backup, and says to how many contacts.
func deleteAgain(ctx context.Context, r *store.Restoring, now time.Time) (int, error) {
	if r.Before == nil {
		return 0, nil
	}
	same, err := r.SameInstallation(ctx)
	if err != nil {
		return 0, err
	}
	if !same {
		return 0, errors.New("the backup is of another installation than the data there: give an empty folder in NGHE_DATA")
	}
	key, err := r.DB.Setting(ctx, store.SettingSecret, 32)
	if err != nil {
		return 0, err
	}
	ledger, err := r.Before.Deletions(ctx)
	if err != nil {
		return 0, err
	}
	gone, err := r.DB.Deleted(ctx, key, ledger)
	if err != nil {
		return 0, err
	}
	turns := &bot.Turns{Sessions: r.DB.Sessions(), People: people.Book{Records: r.DB.People(key)}, Log: slog.New(slog.DiscardHandler)}
	for _, c := range gone {
		if err := turns.Forget(ctx, c, now); err != nil {
			return 0, err
		}
	}
	return len(gone), nil
}

func holdSending(ctx context.Context, e environment, p *Process) error {
	db, err := openRecords(ctx, e, p.Now())
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.Settle(ctx, p.Now()); err != nil {
		return err
	}
	if err := db.HoldSending(ctx, p.Now()); err != nil {
		return err
	}
	fmt.Fprintln(p.Stdout, "nothing is sent from the next start of nghe on: look at it with nghe serve, then say nghe restore --go")
	return nil
}

// stopAgain applies to the backup what the records that are there know of who said
// stop and of stories that were withdrawn, and says how often.
func stopAgain(ctx context.Context, r *store.Restoring, now time.Time) (int, error) {
	if r.Before == nil {
		return 0, nil
	}
	all, err := r.DB.StoppedSince(ctx, r.Before)
	if err != nil {
		return 0, err
	}
	for _, s := range all {
		if _, err := r.DB.Unfollow(ctx, s.Contact, s.Trade, people.PurposeNews, s.At.UnixMilli()); err != nil {
			return 0, err
		}
	}
	withdrawn, err := r.DB.WithdrawSince(ctx, r.Before, staff.Operator, now)
	return len(all) + withdrawn, err
}

func releaseSending(ctx context.Context, e environment, p *Process) error {
	db, err := openRecords(ctx, e, p.Now())
	if err != nil {
		return err
	}
	defer db.Close()
	since, err := db.SendingHeld(ctx)
	if err != nil {
		return err
	}
	if since.IsZero() {
		fmt.Fprintln(p.Stdout, "nothing was held")
		return nil
	}
	if err := db.ReleaseSending(ctx, p.Now()); err != nil {
		return err
	}
	fmt.Fprintln(p.Stdout, "things are sent again from the next start of nghe on")
	return nil
}
