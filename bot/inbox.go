package bot

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"nghe/crash"
)

// Receiver takes messages of platforms that want their answer at once and do
// not deliver again: Accept keeps the message before the platform is answered,
// and the turn comes after. What was accepted and not answered when the
// program ended is found by Run.
type Receiver struct {
	Inbox Inbox
	// Handle answers one message: (*Turns).Handle.
	Handle func(context.Context, Incoming) (Turn, error)
	Log    *slog.Logger
	Now    func() time.Time

	mu      sync.Mutex
	waiting map[Contact]bool // being worked on; true = another came meanwhile
	working sync.WaitGroup
	ended   bool
}

const (
	inboxSweepEvery = 5 * time.Second
	// inboxLeft is after how long an accepted message counts as left behind
	// by a process that ended: longer than a turn takes.
	inboxLeft = turnLimit + laneWait + time.Second
)

// Accept keeps a message and has it answered soon. Without an error the
// platform may be told that it was taken.
func (r *Receiver) Accept(ctx context.Context, in Incoming) error {
	in.Contact.ID, in.Update = platformName(in.Contact.ID), platformName(in.Update)
	fresh, err := r.Inbox.Accept(ctx, in, r.Now())
	if err != nil {
		return fmt.Errorf("accept message: %w", err)
	}
	crash.Point("accept.kept")
	if fresh {
		r.Log.Info("message accepted", "contact", in.Contact.String(), "turn", in.Turn())
		r.wake(in.Contact)
	}
	return nil
}

// Run looks for messages that were left behind, until the context ends; then
// it waits for the turns under way.
func (r *Receiver) Run(ctx context.Context) {
	tick := time.NewTicker(inboxSweepEvery)
	defer tick.Stop()
	for before := r.Now(); ; before = r.Now().Add(-inboxLeft) {
		contacts, err := r.Inbox.Left(ctx, before, 1000)
		if err != nil && ctx.Err() == nil {
			r.Log.Error("accepted messages can't be read", "error", err)
		}
		for _, c := range contacts {
			r.wake(c)
		}
		select {
		case <-ctx.Done():
			r.mu.Lock()
			r.ended = true
			r.mu.Unlock()
			r.working.Wait()
			return
		case <-tick.C:
		}
	}
}

func (r *Receiver) wake(c Contact) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return // the next process finds it
	}
	if r.waiting == nil {
		r.waiting = map[Contact]bool{}
	}
	if _, known := r.waiting[c]; known {
		r.waiting[c] = true
		return
	}
	r.waiting[c] = false
	r.working.Go(func() { r.work(c) })
}

// work answers what a contact has in the inbox, in the order it was accepted.
func (r *Receiver) work(c Contact) {
	ctx := context.Background() // each turn has its own limit
	for {
		answered := r.drain(ctx, c)
		r.mu.Lock()
		if !answered || !r.waiting[c] || r.ended {
			delete(r.waiting, c)
			r.mu.Unlock()
			return
		}
		r.waiting[c] = false
		r.mu.Unlock()
	}
}

// drain gives false when a message could not be answered now: the sweep comes
// back to it.
func (r *Receiver) drain(ctx context.Context, c Contact) bool {
	list, err := r.Inbox.Accepted(ctx, c)
	if err != nil {
		r.Log.Error("accepted messages can't be read", "contact", c.String(), "error", err)
		return false
	}
	for _, in := range list {
		if _, err := r.Handle(ctx, in); err != nil {
			return false // Turns has logged it; the later ones wait, to keep the order
		}
	}
	return true
}
