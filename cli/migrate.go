package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"nghe/store"
)

var migrateCommand = command{
	name: "migrate", synopsis: "[--dry-run]", about: "bring the tables of the records up to date",
	help: `
nghe serve does that by itself when it starts; this is for who wants to see it
apart. --dry-run does every step on the real data, says how long that took, and
takes all of it back: whoever writes meanwhile waits. There is no way back after
the real one but a backup: make one first. An older nghe refuses newer tables.`,
	run: runMigrate,
}

func runMigrate(ctx context.Context, p *Process, args []string) error {
	f := flags("migrate")
	dry := f.Bool("dry-run", false, "try it and take it back")
	if _, err := parse(f, args, 0); err != nil {
		return err
	}
	e, err := readEnvironment(p.Environ)
	if err != nil {
		return err
	}
	up, err := upgrade(ctx, e, *dry, p.Now())
	if err != nil {
		return err
	}
	if len(up.Steps) == 0 {
		fmt.Fprintf(p.Stdout, "nothing to do: the tables are at step %d\n", up.To)
		return nil
	}
	for _, name := range up.Steps {
		fmt.Fprintln(p.Stdout, strings.TrimSuffix(name, ".sql"))
	}
	what := "done"
	if *dry {
		what = "tried and taken back"
	}
	fmt.Fprintf(p.Stdout, "%s: from step %d to step %d in %v\n", what, up.From, up.To, up.Took.Round(time.Millisecond))
	return nil
}

func upgrade(ctx context.Context, e environment, dry bool, now time.Time) (store.Upgrade, error) {
	switch {
	case dry && e.Database != "":
		return store.TryUpgradePostgres(ctx, e.Database, now)
	case dry:
		return store.TryUpgrade(ctx, e.Data, now)
	}
	db, err := openRecords(ctx, e, now)
	if err != nil {
		return store.Upgrade{}, err
	}
	return db.Upgraded(), db.Close()
}
