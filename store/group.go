package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
)

// group has writes that wait at the same time share one transaction on a file:
// half of what a turn costs there is its end. Each is all there or not at all,
// in the order in which they came, and none is done before all are kept.
type group struct {
	pool *sql.DB

	mu      sync.Mutex
	waiting []*groupWrite
	working bool
}

// groupWrite is one of them.
type groupWrite struct {
	ctx  context.Context
	do   func(*sql.Tx) error
	err  error
	done chan struct{}
}

// groupMost is how many share a transaction at most: others wait for its end.
const groupMost = 64

// write does something with others. It returns when it is kept, or with the
// error of do or of the transaction: then nothing of it is.
func (g *group) write(ctx context.Context, do func(*sql.Tx) error) error {
	w := &groupWrite{ctx: ctx, do: do, done: make(chan struct{})}
	g.mu.Lock()
	g.waiting = append(g.waiting, w)
	if !g.working {
		g.working = true
		go g.work()
	}
	g.mu.Unlock()
	<-w.done // even when ctx ends: it may be under way
	return w.err
}

// work goes on until nobody waits.
func (g *group) work() {
	for {
		g.mu.Lock()
		n := min(len(g.waiting), groupMost)
		if n == 0 {
			g.working = false
			g.mu.Unlock()
			return
		}
		batch := g.waiting[:n:n]
		g.waiting = g.waiting[n:]
		g.mu.Unlock()
		g.keep(batch)
		for _, w := range batch {
			close(w.done)
		}
	}
}

// keep carries out a batch in one transaction.
func (g *group) keep(batch []*groupWrite) {
	tx, err := g.pool.BeginTx(context.Background(), nil)
	if err == nil {
		defer tx.Rollback()
		for _, w := range batch {
			var over error
			if w.err, over = w.run(tx); over != nil {
				err = over
				break
			}
		}
	}
	if err == nil {
		err = tx.Commit()
	}
	if err == nil {
		return
	}
	for _, w := range batch {
		if w.err == nil {
			w.err = unavailable(err)
		}
	}
}

// run carries out one write. Over says that the whole transaction is of no use
// any more.
func (w *groupWrite) run(tx *sql.Tx) (err, over error) {
	if err := w.ctx.Err(); err != nil {
		return unavailable(err), nil
	}
	if _, err := tx.Exec("SAVEPOINT one"); err != nil {
		return nil, err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a write: %v", p)
		}
		if err != nil {
			_, over = tx.Exec("ROLLBACK TO one")
		}
		if over == nil {
			_, over = tx.Exec("RELEASE one")
		}
	}()
	return w.do(tx), nil
}
