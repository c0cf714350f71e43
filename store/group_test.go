package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// grouped is a file with a table, and how to wait until so many writes wait.
func grouped(t *testing.T) (g *group, waits func(int), names func() string) {
	pool := open(filepath.Join(t.TempDir(), "file.db"), 1)
	t.Cleanup(func() { pool.Close() })
	if _, err := pool.Exec("CREATE TABLE said (n INTEGER PRIMARY KEY, name TEXT UNIQUE)"); err != nil {
		t.Fatal(err)
	}
	g = &group{pool: pool}
	waits = func(n int) {
		for {
			g.mu.Lock()
			waiting := len(g.waiting)
			g.mu.Unlock()
			if waiting == n {
				return
			}
		}
	}
	names = func() string {
		rows, err := list(context.Background(), pool, func(r *sql.Rows) (name string, err error) { return name, r.Scan(&name) }, "SELECT name FROM said ORDER BY n")
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(rows, " ")
	}
	return g, waits, names
}

func say(name string) func(*sql.Tx) error {
	return func(tx *sql.Tx) error {
		_, err := tx.Exec("INSERT INTO said (name) VALUES ($1)", name)
		return err
	}
}

// underWay begins a write that is under way until the channel is closed.
func underWay(all *sync.WaitGroup, g *group, do func(*sql.Tx) error, result *error) chan struct{} {
	began, end := make(chan struct{}), make(chan struct{})
	all.Go(func() {
		err := g.write(context.Background(), func(tx *sql.Tx) error {
			close(began)
			<-end
			return do(tx)
		})
		if result != nil {
			*result = err
		}
	})
	<-began
	return end
}

// What waits at one time is kept in its order, and who fails, panics or has gone
// has no part in the others' fate.
func TestGroupedWritesStandAlone(t *testing.T) {
	g, waits, names := grouped(t)
	wrong := errors.New("wrong")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	writes := []struct {
		ctx  context.Context
		do   func(*sql.Tx) error
		want string
	}{
		{t.Context(), say("a"), ""},
		{t.Context(), func(tx *sql.Tx) error { return errors.Join(say("b")(tx), wrong) }, "wrong"},
		{t.Context(), func(tx *sql.Tx) error { say("c")(tx); panic("oh") }, "panic"},
		{gone, say("d"), "canceled"},
		{t.Context(), say("a"), "UNIQUE"},
		{t.Context(), say("e"), ""},
	}
	errs := make([]error, len(writes))
	var all sync.WaitGroup
	first := underWay(&all, g, say("first"), nil)
	for i, w := range writes {
		all.Go(func() { errs[i] = g.write(w.ctx, w.do) })
		waits(i + 1)
	}
	close(first)
	all.Wait()
	for i, w := range writes {
		if got := fmt.Sprint(errs[i]); w.want == "" && errs[i] != nil || !strings.Contains(got, w.want) {
			t.Errorf("%d: %s, want %q", i, got, w.want)
		}
	}
	if got := names(); got != "first a e" {
		t.Errorf("kept are %s", got)
	}
}

// A transaction that can't be ended is nobody's success.
func TestGroupedWritesFailTogether(t *testing.T) {
	g, waits, names := grouped(t)
	var all sync.WaitGroup
	errs := make([]error, 3)
	first := underWay(&all, g, say("a"), &errs[0])
	all.Go(func() { errs[1] = g.write(t.Context(), say("b")) })
	waits(1)
	all.Go(func() {
		errs[2] = g.write(t.Context(), func(tx *sql.Tx) error {
			_, err := tx.Exec("ROLLBACK") // as SQLite does by itself when the disk is full
			return err
		})
	})
	waits(2)
	close(first)
	all.Wait()
	if errs[0] != nil || !errors.Is(errs[1], ErrUnavailable) || !errors.Is(errs[2], ErrUnavailable) {
		t.Errorf("%v", errs)
	}
	if got := names(); got != "a" {
		t.Errorf("kept are %s", got)
	}
}
