package bot

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// Pacer lets messages of one process go at a platform's pace: it has them wait
// in two lanes, and asks Slots for who is first.
type Pacer struct {
	slots Slots
	log   *slog.Logger
	owner string
	limit int
	gap   func(Contact) time.Duration

	mu      sync.Mutex
	waiting [2][]*waiter // by lane
	asking  bool         // somebody asks for them
	asked   int          // messages so far, which makes their ids
	changed chan struct{}
}

// waiter waits for its leave to begin.
type waiter struct {
	ask   Ask
	begin chan struct{}
	left  bool
}

// groupGap is implemented by channels in which chats have paces of their own.
type groupGap interface {
	// Gap is the least time between two messages of a chat.
	Gap(Contact) time.Duration
}

// slotsAway is when to ask again after Slots could not be asked.
const slotsAway = time.Second

// NewPacer makes a pacer of what a channel can. Owner names the process among
// all that have the same slots.
func NewPacer(c Channel, slots Slots, owner string, log *slog.Logger) *Pacer {
	can := c.Can()
	p := &Pacer{slots: slots, log: log, owner: owner, limit: int(can.PerSecond), changed: make(chan struct{}, 1)}
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

// Reserve waits until a message to a contact may begin. Call release when the
// platform has answered, or the wait for it was given up. The error is the
// context's; then there is nothing to release.
func (p *Pacer) Reserve(ctx context.Context, c Contact, lane Lane) (release func(), err error) {
	gap := p.gap(c)
	if err := ctx.Err(); err != nil || p.limit == 0 && gap == 0 {
		return func() {}, err
	}
	w := p.enter(Ask{Contact: c, Lane: lane, Limit: p.limit, Gap: gap, Owner: p.owner})
	select {
	case <-w.begin:
		return func() { p.release(w.ask, true) }, nil
	case <-ctx.Done():
		p.leave(w)
		return nil, ctx.Err()
	}
}

// enter puts a message behind the others of its lane.
func (p *Pacer) enter(a Ask) *waiter {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	a.ID = fmt.Sprint(p.owner, ":", p.asked)
	w := &waiter{ask: a, begin: make(chan struct{})}
	p.waiting[a.Lane] = append(p.waiting[a.Lane], w)
	p.see(a.Lane == Answers && len(p.waiting[Answers]) == 1)
	return w
}

// see has somebody ask for who waits; first says that it may be somebody else
// than before. The caller holds mu.
func (p *Pacer) see(first bool) {
	if !p.asking {
		p.asking = true
		go p.ask()
	}
	if first {
		select {
		case p.changed <- struct{}{}:
		default:
		}
	}
}

// leave takes back the wish of who no longer waits.
func (p *Pacer) leave(w *waiter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-w.begin: // it was given leave at the same moment
		go p.release(w.ask, false)
	default:
		w.left = true
		p.see(true)
	}
}

func (p *Pacer) release(a Ask, used bool) {
	if err := p.slots.Release(context.Background(), a, used); err != nil {
		p.log.Warn("slot not released: it comes free by itself", "contact", a.Contact.String(), "error", err)
	}
}

// Pause lets nothing begin for a time: the platform said so.
func (p *Pacer) Pause(channel string, d time.Duration) {
	if err := p.slots.Pause(context.Background(), channel, d); err != nil {
		p.log.Warn("pause of the platform not kept", "channel", channel, "for", d, "error", err)
	}
}

// ask asks for who is first, as long as anybody waits.
func (p *Pacer) ask() {
	for w := p.first(); w != nil; w = p.first() {
		leave, err := p.slots.Take(context.Background(), w.ask)
		if err != nil {
			p.log.Error("pace can't be asked for", "error", err)
			leave = Leave{Wait: slotsAway}
		}
		if leave.Granted || leave.Chat {
			p.served(w, leave)
			continue
		}
		timer := time.NewTimer(leave.Wait)
		select {
		case <-timer.C:
		case <-p.changed:
			timer.Stop()
		}
	}
}

// first gives who is next, nil when nobody waits: then nobody asks any more.
func (p *Pacer) first() *waiter {
	p.mu.Lock()
	defer p.mu.Unlock()
	for lane := range p.waiting {
		p.waiting[lane] = slices.DeleteFunc(p.waiting[lane], func(w *waiter) bool { return w.left })
		if len(p.waiting[lane]) > 0 {
			w := p.waiting[lane][0]
			w.ask.Answers = len(p.waiting[Answers])
			return w
		}
	}
	p.asking = false
	return nil
}

// served takes who was first out of its lane: to begin, or to come back when
// its chat may be written to.
func (p *Pacer) served(w *waiter, leave Leave) {
	p.mu.Lock()
	defer p.mu.Unlock()
	lane := w.ask.Lane
	p.waiting[lane] = slices.DeleteFunc(p.waiting[lane], func(other *waiter) bool { return other == w })
	switch {
	case leave.Granted && w.left:
		go p.release(w.ask, false)
	case leave.Granted:
		close(w.begin)
	case !w.left:
		time.AfterFunc(leave.Wait, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.waiting[lane] = slices.Insert(p.waiting[lane], 0, w)
			p.see(lane == Answers && len(p.waiting[Answers]) == 1)
		})
	}
}
