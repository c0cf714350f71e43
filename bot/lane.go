package bot

import (
	"context"
	"fmt"
	"sync"
)

// lanes let one message of a contact through at a time, in the order they
// came; messages of different contacts don't wait for each other. The zero
// value is ready. Among several processes the guarded write keeps the order.
type lanes struct {
	mu   sync.Mutex
	open map[Contact]*lane
}

type lane struct {
	// turn holds one element while a message is being worked on. The runtime
	// lets blocked senders in first come, first served.
	turn  chan struct{}
	users int // working or waiting; the lane goes away with the last one
}

// enter waits for the contact's lane. Call leave when done.
func (l *lanes) enter(ctx context.Context, c Contact) (leave func(), err error) {
	l.mu.Lock()
	if l.open == nil {
		l.open = map[Contact]*lane{}
	}
	mine := l.open[c]
	if mine == nil {
		mine = &lane{turn: make(chan struct{}, 1)}
		l.open[c] = mine
	}
	mine.users++
	l.mu.Unlock()

	select {
	case mine.turn <- struct{}{}:
		return func() { <-mine.turn; l.forget(c, mine) }, nil
	case <-ctx.Done():
		l.forget(c, mine)
		return nil, fmt.Errorf("wait for earlier messages: %w", ctx.Err())
	}
}

func (l *lanes) forget(c Contact, mine *lane) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if mine.users--; mine.users == 0 {
		delete(l.open, c)
	}
}
