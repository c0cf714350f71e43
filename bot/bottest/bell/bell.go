// Package bell is how those who wait for a fake platform to have done
// something hear of it, without looking again and again. It is not for what
// is waited for: that stays where it is.
package bell

import (
	"context"
	"sync"
)

// Bell is rung after every change. The zero Bell works; it is safe for several
// goroutines.
type Bell struct {
	mu   sync.Mutex
	rung chan struct{} // closed by the next ring
}

// Ring wakes whoever waits.
func (b *Bell) Ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rung != nil {
		close(b.rung)
		b.rung = nil
	}
}

// Next is closed by the next ring. Ask for it before looking at what may have
// changed.
func (b *Bell) Next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.rung == nil {
		b.rung = make(chan struct{})
	}
	return b.rung
}

// Until returns once ok, which is asked again after every ring, or with the
// error of the context.
func (b *Bell) Until(ctx context.Context, ok func() bool) error {
	for {
		next := b.Next()
		if ok() {
			return nil
		}
		select {
		case <-next:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
