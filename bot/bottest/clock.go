package bottest

import (
	"sync"
	"time"
)

// Clock is a time that tests move. Make it with NewClock.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock makes a clock that stands at Start.
func NewClock() *Clock { return &Clock{at: Start} }

// Now is the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Pass lets time pass.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}
