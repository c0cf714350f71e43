package broadcast

import (
	"context"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"nghe/bot"
)

// Rows is what the road asks of the records. Package store has it; several
// processes may ask at a time.
type Rows interface {
	Records
	// Due gives broadcasts with which something is to be done: those whose time
	// has come, those being sent, those cancelled with rows left.
	Due(ctx context.Context, now time.Time) ([]Broadcast, error)
	// Plan writes rows for the next recipients, looking at so many at most, and
	// says whether there may be more. When there is none, Broadcast.Rows is
	// true, and Planned and LeftOut are final.
	Plan(ctx context.Context, id string, atMost int, now time.Time) (more bool, err error)
	// Claim looks at the rows that are due and does with each what decide
	// says, all in one. Last is where it ended, and more that there may be
	// others behind. Nothing is claimed of a broadcast that is not being sent.
	Claim(ctx context.Context, b *Broadcast, c Claiming, decide func(Facts) Verdict) (claimed []Claim, last Position, more bool, err error)
	// Mark writes what became of rows that the owner has claimed, and gives how
	// many tries and errors there were since the broadcast was last begun.
	Mark(ctx context.Context, id, owner string, outcomes []Outcome, now time.Time) (tries, errs int, err error)
	// Doubt lists rows as doubtful whose claim is over.
	Doubt(ctx context.Context, now time.Time) (int, error)
	// Finish ends a broadcast of which no row is left, and says whether it did.
	Finish(ctx context.Context, id string, now time.Time) (bool, error)
	// Pages gives the broadcasts that a contact of the web chat is to be shown,
	// and by what name their rows know them.
	Pages(ctx context.Context, c bot.Contact, now time.Time) (waiting []Broadcast, who string, err error)
	// Heard notes when contacts wrote last.
	Heard(ctx context.Context, last map[bot.Contact]time.Time) error
	// Tapped notes that somebody looked at a class that they were told of.
	Tapped(ctx context.Context, c bot.Contact, courseID string, at time.Time) error
}

// Claiming is a wish to claim.
type Claiming struct {
	Channel string
	Owner   string
	Limit   int
	Now     time.Time
	Lease   time.Duration
	Who     string // only this recipient; "" = whoever is next
	// After is where the last claim ended: PostgreSQL would otherwise step over
	// all that was claimed since its last vacuum, each time anew. What becomes
	// due before it is found from the zero Position on.
	After Position
}

// Position is a place in the order of rows that are due.
type Position struct {
	Due int64
	Who string
}

// Claim is a row that is ours to send until the lease is over.
type Claim struct {
	Who     string
	Contact bot.Contact
	Tries   int // that came to nothing before
	// Template: they may not be written to freely.
	Template bool
}

// Outcome is what became of it.
type Outcome struct {
	Who    string
	State  DeliveryState
	Reason string
	Due    time.Time // Queued again: not before
	Waits  string    // Queued again: for a word of the person
	Tried  bool      // the platform was asked
	Error  bool      // it counts as an error of ours or the platform's
}

// Road sends broadcasts. It runs in every process; what one leaves another goes
// on with.
type Road struct {
	Rows Rows
	// Send sends to one contact at the platform's pace, after all answers:
	// (*bot.Sender).Bulk. Pace gives messages a second, 0 = no limit.
	Send func(ctx context.Context, to bot.Contact, bubbles []bot.Bubble) error
	Pace map[string]float64 // of the channels that push
	// Bubbles gives a broadcast as it is said on a channel.
	Bubbles func(b *Broadcast, channel string) []bot.Bubble
	// Tell shows it in a talk on the web: (*bot.Turns).Tell.
	Tell     func(ctx context.Context, c bot.Contact, turn string, bubbles []bot.Bubble, at time.Time) error
	Calendar func() Calendar
	// Ready says whether anything may go out at all, not by a clock that is
	// wrong, and gives the time. Nil: always.
	Ready func(ctx context.Context) (time.Time, bool)
	Log   *slog.Logger
	Now   func() time.Time
	Owner string // of what this process claims

	once    sync.Once
	woken   chan struct{}
	lanes   map[string]chan struct{} // by channel: there may be something
	mu      sync.Mutex
	sending []Broadcast         // as last seen
	at      map[string]Position // by broadcast and channel: where the lane has come
	heard   map[bot.Contact]time.Time
	taps    []tap
	good    time.Time // the last time that was right
	goodAt  time.Time // when it was, as this process counts
}

type tap struct {
	contact bot.Contact
	course  string
	at      time.Time
}

// Numbers of the road.
const (
	tickEvery  = time.Second
	planAtOnce = 4000 // recipients looked at in a transaction: 50 ms on a file, on which all who write wait
	claimLease = 30 * time.Second
	// claimBegin is until when of it something may be begun: there is time to
	// finish and to mark it.
	claimBegin = claimLease - bot.SendDeadline - 5*time.Second
	claimMost  = 500 // of a channel without a pace
	sendAtOnce = 64
	markMost   = 250
	markEvery  = 200 * time.Millisecond
	mostTries  = 8
	firstBack  = 2 * time.Second
	longBack   = 5 * time.Minute
)

func (r *Road) begin() {
	r.once.Do(func() {
		r.woken = make(chan struct{}, 1)
		r.heard, r.at = map[bot.Contact]time.Time{}, map[string]Position{}
		r.lanes = map[string]chan struct{}{}
		for name := range r.Pace {
			r.lanes[name] = make(chan struct{}, 1)
		}
	})
}

// Wake has the road look at once.
func (r *Road) Wake() {
	r.begin()
	hint(r.woken)
}

func hint(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Run works until the context ends; then what was claimed is finished or given
// back.
func (r *Road) Run(ctx context.Context) {
	r.begin()
	var lanes sync.WaitGroup
	for channel, wake := range r.lanes {
		lanes.Go(func() { r.lane(ctx, channel, wake) })
	}
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		r.look(ctx)
		select {
		case <-ctx.Done():
		case <-tick.C:
		case <-r.woken:
		}
	}
	lanes.Wait()
	r.flush(context.WithoutCancel(ctx))
}

// look does what is due of every broadcast, and wakes the lanes.
func (r *Road) look(ctx context.Context) {
	defer r.recover("look")
	r.flush(ctx)
	if !r.ready(ctx) {
		r.mu.Lock()
		r.sending = nil
		r.mu.Unlock()
		return
	}
	if n, err := r.Rows.Doubt(ctx, r.time()); err != nil {
		r.failed(ctx, "claims that are over can't be read", err)
		return
	} else if n > 0 {
		r.Log.Warn("messages left in doubt by a process that ended", "rows", n)
	}
	due, err := r.Rows.Due(ctx, r.time())
	if err != nil {
		r.failed(ctx, "broadcasts can't be read", err)
		return
	}
	var sending []Broadcast
	for i := range due {
		b := &due[i]
		goes, err := r.step(ctx, b)
		if err != nil {
			r.failed(ctx, "broadcast can't go on", err, "broadcast", b.ID)
		}
		if goes {
			sending = append(sending, *b)
		}
	}
	r.mu.Lock()
	r.sending = sending
	r.mu.Unlock()
	for _, wake := range r.lanes {
		hint(wake)
	}
}

func (r *Road) ready(ctx context.Context) bool {
	if r.Ready == nil {
		return true
	}
	now, ok := r.Ready(ctx)
	if ok {
		r.mu.Lock()
		r.good, r.goodAt = now, time.Now()
		r.mu.Unlock()
	}
	return ok
}

// time gives the time: the last that was right, and what has passed since. A
// clock that jumps between two looks has no say in it.
func (r *Road) time() time.Time {
	if r.Ready == nil {
		return r.Now()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.good.Add(time.Since(r.goodAt))
}

// Once does all that is due at this moment and returns: what Run does again and
// again.
func (r *Road) Once(ctx context.Context) {
	r.begin()
	r.look(ctx)
	for channel := range r.lanes {
		r.drain(ctx, channel)
	}
	r.look(ctx)
}

func (r *Road) failed(ctx context.Context, what string, err error, args ...any) {
	if ctx.Err() == nil {
		r.Log.Error(what, append(args, "error", err)...)
	}
}

func (r *Road) recover(where string) {
	if p := recover(); p != nil {
		r.Log.Error("broadcast road panicked", "where", where, "panic", p, "stack", string(debug.Stack()))
	}
}
