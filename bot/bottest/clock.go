package bottest

import (
	"context"
	"sync"
	"time"
)

// Clock is a time that tests move. Make it with NewClock; it is safe for
// several goroutines.
type Clock struct {
	mu      sync.Mutex
	at      time.Time
	waiting []waiter
	changed chan struct{} // closed and replaced when somebody begins to wait
}

type waiter struct {
	ctx   context.Context
	until time.Time
	woken chan time.Time
}

// NewClock makes a clock that stands at Start.
func NewClock() *Clock { return &Clock{at: Start, changed: make(chan struct{})} }

// Now is the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// After gives a channel that gets the time once d has passed. Who waits is
// forgotten when the context ends.
func (c *Clock) After(ctx context.Context, d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	woken := make(chan time.Time, 1)
	if d <= 0 {
		woken <- c.at
		return woken
	}
	c.waiting = append(c.waiting, waiter{ctx, c.at.Add(d), woken})
	close(c.changed)
	c.changed = make(chan struct{})
	return woken
}

// Pass lets time pass and wakes all who waited for a time that has come.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	kept := c.waiting[:0]
	for _, w := range c.waiting {
		switch {
		case w.ctx.Err() != nil:
		case w.until.After(c.at):
			kept = append(kept, w)
		default:
			w.woken <- c.at
		}
	}
	c.waiting = kept
}

// AwaitWaiter returns when somebody waits for a time between least and most
// from now: then moving the clock means something to them.
func (c *Clock) AwaitWaiter(ctx context.Context, least, most time.Duration) error {
	for {
		c.mu.Lock()
		changed := c.changed
		for _, w := range c.waiting {
			if left := w.until.Sub(c.at); w.ctx.Err() == nil && left >= least && left <= most {
				c.mu.Unlock()
				return nil
			}
		}
		c.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
