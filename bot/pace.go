package bot

import (
	"context"
	"sync"
	"time"
)

// Lane says who waits for whom at a platform's pace.
type Lane int

const (
	Answers Lane = iota // somebody waits for it
	Bulk                // reminders and announcements; goes when no answer waits
)

// Pacer lets messages go at a platform's pace, in closed loop: with n a second
// allowed, message k+n begins a second after the platform answered message k,
// so that no sliding second at the platform ever sees more than n arrive,
// however the network delays them. Messages of one chat are apart by the
// chat's own gap, likewise from answer to begin. It holds for one process.
type Pacer struct {
	now func() time.Time
	gap func(Contact) time.Duration

	mu      sync.Mutex
	slots   []time.Time // when each is free again; empty = the bot is not limited
	chats   map[Contact]time.Time
	paused  time.Time
	waiting [2][]*waiter // by lane
	timer   *time.Timer
}

// waiter waits for a slot.
type waiter struct {
	begin chan struct{}
	left  bool
}

// inUse is when a slot is free whose message has not been answered yet.
var inUse = time.Unix(1<<40, 0)

// groupGap is implemented by channels in which chats have paces of their own.
type groupGap interface {
	// Gap is the least time between two messages of a chat.
	Gap(Contact) time.Duration
}

// NewPacer makes a pacer of what a channel can.
func NewPacer(c Channel, now func() time.Time) *Pacer {
	can := c.Can()
	p := &Pacer{now: now, chats: map[Contact]time.Time{}, slots: make([]time.Time, int(can.PerSecond))}
	switch special, ok := c.(groupGap); {
	case ok:
		p.gap = special.Gap
	case can.PerChatSecond > 0:
		gap := time.Duration(float64(time.Second) / can.PerChatSecond)
		p.gap = func(Contact) time.Duration { return gap }
	default:
		p.gap = func(Contact) time.Duration { return 0 }
	}
	return p
}

// Reserve waits until a message to a contact may begin. Call Release when the
// platform has answered, or the wait for it was given up. The error is the
// context's; then there is nothing to release.
func (p *Pacer) Reserve(ctx context.Context, c Contact, lane Lane) error {
	if err := p.waitForChat(ctx, c); err != nil {
		return err
	}
	if len(p.slots) == 0 {
		return nil
	}
	w := &waiter{begin: make(chan struct{})}
	p.mu.Lock()
	p.waiting[lane] = append(p.waiting[lane], w)
	p.dispatch()
	p.mu.Unlock()
	select {
	case <-w.begin:
		return nil
	case <-ctx.Done():
		p.mu.Lock()
		defer p.mu.Unlock()
		select {
		case <-w.begin: // it was given a slot at the same moment
			p.free(p.now())
		default:
			w.left = true
		}
		return ctx.Err()
	}
}

// waitForChat waits until the last message of the chat is its gap away.
func (p *Pacer) waitForChat(ctx context.Context, c Contact) error {
	p.mu.Lock()
	wait := p.chats[c].Sub(p.now())
	p.mu.Unlock()
	if wait <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Release says that the platform has answered.
func (p *Pacer) Release(c Contact) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if gap := p.gap(c); gap > 0 {
		p.chats[c] = now.Add(gap)
		p.tidy(now)
	}
	if len(p.slots) > 0 {
		p.free(now.Add(time.Second))
	}
}

// Pause lets nothing go before a time: the platform said so.
func (p *Pacer) Pause(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until.After(p.paused) {
		p.paused = until
	}
}

// free gives a slot back, to be used from a time on.
func (p *Pacer) free(at time.Time) {
	for i := range p.slots {
		if p.slots[i].Equal(inUse) {
			p.slots[i] = at
			break
		}
	}
	p.dispatch()
}

// dispatch gives free slots to who waits, answers first, and wakes itself when
// the next is free.
func (p *Pacer) dispatch() {
	for {
		w := p.first()
		if w == nil {
			return
		}
		slot := 0
		for i := range p.slots {
			if p.slots[i].Before(p.slots[slot]) {
				slot = i
			}
		}
		at := p.slots[slot]
		if p.paused.After(at) {
			at = p.paused
		}
		if wait := at.Sub(p.now()); wait > 0 {
			if !at.Equal(inUse) {
				p.wakeIn(wait)
			}
			return
		}
		p.slots[slot] = inUse
		p.drop()
		close(w.begin)
	}
}

// first gives who is next, nil when nobody waits.
func (p *Pacer) first() *waiter {
	for lane := range p.waiting {
		for len(p.waiting[lane]) > 0 && p.waiting[lane][0].left {
			p.waiting[lane] = p.waiting[lane][1:]
		}
		if len(p.waiting[lane]) > 0 {
			return p.waiting[lane][0]
		}
	}
	return nil
}

// drop takes the one that first gave out of its lane.
func (p *Pacer) drop() {
	for lane := range p.waiting {
		if len(p.waiting[lane]) > 0 {
			p.waiting[lane] = p.waiting[lane][1:]
			return
		}
	}
}

func (p *Pacer) wakeIn(wait time.Duration) {
	if p.timer != nil {
		p.timer.Stop()
	}
	p.timer = time.AfterFunc(wait, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.dispatch()
	})
}

// tidy forgets chats that may be written to again, before they are many.
func (p *Pacer) tidy(now time.Time) {
	if len(p.chats)&0x3ff != 0 {
		return
	}
	for c, at := range p.chats {
		if !at.After(now) {
			delete(p.chats, c)
		}
	}
}
