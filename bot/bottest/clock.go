package bottest

import (
	"context"
	"sync"
	"time"
)

// Clock is a clock that stands still until a test moves it. It is safe for
// several goroutines.
type Clock struct {
	mu      sync.Mutex
	now     time.Time
	waiting []waiter
	changed chan struct{} // closed and replaced when somebody begins to wait
}

type waiter struct {
	ctx   context.Context
	until time.Time
	woken chan time.Time
}

// NewClock gives a clock that shows start.
func NewClock(start time.Time) *Clock {
	return &Clock{now: start, changed: make(chan struct{})}
}

// Now gives the time it shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// After gives a channel that gets the time once d has passed. Who waits is
// forgotten when the context ends.
func (c *Clock) After(ctx context.Context, d time.Duration) <-chan time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	woken := make(chan time.Time, 1)
	if d <= 0 {
		woken <- c.now
		return woken
	}
	c.waiting = append(c.waiting, waiter{ctx, c.now.Add(d), woken})
	close(c.changed)
	c.changed = make(chan struct{})
	return woken
}

// Advance moves the clock and wakes all who waited for a time that has come.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	kept := c.waiting[:0]
	for _, w := range c.waiting {
		if w.ctx.Err() != nil {
			continue
		}
		if w.until.After(c.now) {
			kept = append(kept, w)
			continue
		}
		w.woken <- c.now
	}
	c.waiting = kept
}

// AwaitWaiter returns when somebody waits for a time between least and most
// from now (most 0: no bound): then moving the clock means something to them.
func (c *Clock) AwaitWaiter(ctx context.Context, least, most time.Duration) error {
	for {
		c.mu.Lock()
		changed := c.changed
		for _, w := range c.waiting {
			if left := w.until.Sub(c.now); w.ctx.Err() == nil && left >= least && (most == 0 || left <= most) {
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
