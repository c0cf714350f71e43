package broadcast

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"nghe/bot"
	"nghe/crash"
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
	planAtOnce = 10_000 // recipients looked at in a transaction
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

// step does with a broadcast what is due, up to the point where its rows may be
// sent, and says whether they may.
func (r *Road) step(ctx context.Context, b *Broadcast) (goes bool, err error) {
	now := r.time()
	log := r.Log.With("broadcast", b.ID)
	if b.State == Scheduled {
		won, err := r.Rows.Change(ctx, b.ID, Begin, Sending, Clock, "", now)
		if err != nil || !won {
			return false, err
		}
		crash.Point("bulk.begun")
		log.Info("broadcast begins")
		b.State = Sending
	}
	if b.State == Cancelled || !b.UsefulUntil.After(now) {
		for more := true; more; {
			if more, err = r.Rows.Drop(ctx, b.ID, now); err != nil {
				return false, err
			}
			crash.Point("bulk.dropped")
		}
		if b.State == Cancelled {
			return false, nil
		}
	}
	if !b.Rows {
		if err := r.plan(ctx, b, log); err != nil || !b.Rows || b.State != Sending {
			return false, err
		}
	}
	if held, err := r.hold(ctx, b); err != nil || held {
		return false, err
	}
	done, err := r.Rows.Finish(ctx, b.ID, now)
	if done {
		crash.Point("bulk.finished")
		log.Info("broadcast done")
	}
	return !done && err == nil, err
}

// plan writes the rows.
func (r *Road) plan(ctx context.Context, b *Broadcast, log *slog.Logger) error {
	began := r.time()
	for more := true; more; {
		var err error
		if more, err = r.Rows.Plan(ctx, b.ID, planAtOnce, r.time()); err != nil {
			return err
		}
		crash.Point("bulk.planned")
	}
	fresh, err := r.Rows.Broadcast(ctx, b.ID)
	if err != nil || fresh == nil {
		return err
	}
	*b = *fresh
	if !b.Rows || b.State != Sending {
		return nil // somebody paused it, or another process is at it
	}
	log.Info("broadcast planned", "recipients", b.Planned, "took", r.time().Sub(began).Round(time.Millisecond))
	return nil
}

// hold stops a broadcast to more people than were counted when it was made, so
// many that a second person must say yes.
func (r *Road) hold(ctx context.Context, b *Broadcast) (held bool, err error) {
	rules, err := r.Rows.Rules(ctx)
	if err != nil {
		return false, err
	}
	why := rules.needsApproval(b)
	if why == "" {
		return false, nil
	}
	_, err = r.Rows.Change(ctx, b.ID, Hold, Awaiting, Clock, why, r.time())
	return true, err
}

// lane sends the rows of one channel, of all broadcasts in turn.
func (r *Road) lane(ctx context.Context, channel string, wake chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
		}
		r.drain(ctx, channel)
	}
}

// drain sends what may be sent now.
func (r *Road) drain(ctx context.Context, channel string) {
	for more := true; more && ctx.Err() == nil; {
		more = false
		r.mu.Lock()
		sending := r.sending
		r.mu.Unlock()
		for i := range sending {
			if r.batch(ctx, &sending[i], channel) {
				more = true
			}
		}
	}
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

// batch claims some rows, sends them and marks them, and says whether there may
// be more.
func (r *Road) batch(ctx context.Context, b *Broadcast, channel string) (more bool) {
	defer r.recover("batch")
	log := r.Log.With("broadcast", b.ID, "channel", channel)
	now := r.time()
	rules, err := r.Rows.Rules(ctx)
	if err != nil {
		r.failed(ctx, "rules can't be read", err)
		return false
	}
	if _, quiet := r.Calendar().Quiet(rules, now); quiet && !b.Urgent {
		return false
	}
	limit := claimMost
	if pace := r.Pace[channel]; pace > 0 {
		limit = max(1, min(claimMost, int(pace/2))) // what is claimed at a crash is in doubt
	}
	after := r.position(b.ID, channel)
	claimed, last, more, err := r.Rows.Claim(ctx, b, Claiming{Channel: channel, Owner: r.Owner, Limit: limit, Now: now, Lease: claimLease, After: after},
		func(f Facts) Verdict { return rules.Decide(b, f, now) })
	if err != nil {
		r.failed(ctx, "rows can't be claimed", err, "broadcast", b.ID)
		return false
	}
	if !more { // the next time from the beginning
		last = Position{}
	}
	r.come(b.ID, channel, last)
	if len(claimed) == 0 {
		return more
	}
	crash.Point("bulk.claimed")
	halted := r.sendAll(ctx, b, channel, claimed, now.Add(claimBegin), log)
	crash.Point("bulk.marked")
	return more && !halted
}

func (r *Road) position(id, channel string) Position {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at[id+" "+channel]
}

func (r *Road) come(id, channel string, to Position) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if to == (Position{}) {
		delete(r.at, id+" "+channel)
		return
	}
	r.at[id+" "+channel] = to
}

// sendAll sends claimed rows, several at a time, and marks them in batches. It
// says whether the broadcast was stopped because of what happened.
func (r *Road) sendAll(ctx context.Context, b *Broadcast, channel string, claimed []Claim, begin time.Time, log *slog.Logger) (halted bool) {
	bubbles := r.Bubbles(b, channel)
	rows, outcomes := make(chan Claim), make(chan Outcome, len(claimed))
	waiting, cancel := context.WithDeadline(ctx, time.Now().Add(begin.Sub(r.time())))
	defer cancel()
	var workers sync.WaitGroup
	for range min(sendAtOnce, len(claimed)) {
		workers.Go(func() {
			for row := range rows {
				outcomes <- r.send(waiting, row, bubbles, log)
			}
		})
	}
	go func() {
		for _, row := range claimed {
			rows <- row
		}
		close(rows)
		workers.Wait()
		close(outcomes)
	}()
	tick := time.NewTicker(markEvery)
	defer tick.Stop()
	var ready []Outcome
	for open := true; open; {
		var full bool
		select {
		case o, ok := <-outcomes:
			if open = ok; ok {
				ready = append(ready, o)
			}
			full = len(ready) >= markMost || !ok
		case <-tick.C:
			full = true
		}
		if full && len(ready) > 0 {
			if r.mark(ctx, b, ready, log) {
				halted = true
			}
			ready = nil
		}
	}
	return halted
}

// send sends one row. The context says until when it may begin; what has begun
// is finished.
func (r *Road) send(ctx context.Context, row Claim, bubbles []bot.Bubble, log *slog.Logger) (o Outcome) {
	o = Outcome{Who: row.Who, Tried: true}
	defer func() {
		if p := recover(); p != nil {
			log.Error("bulk send panicked", "panic", p, "stack", string(debug.Stack()))
			o.State, o.Reason, o.Error = Doubtful, "panic", true
		}
	}()
	err := r.Send(ctx, row.Contact, bubbles)
	crash.Point("bulk.sent")
	var e *bot.SendError
	switch {
	case err == nil:
		o.State = Sent
		return o
	case errors.Is(err, bot.ErrNotBegun):
		return Outcome{Who: row.Who, State: Queued}
	case !errors.As(err, &e):
		e = &bot.SendError{Next: bot.Doubtful, Reason: "unknown", Err: err}
	}
	log.Info("message not sent", "contact", row.Contact.String(), "reason", e.Reason, "error", err)
	o.Reason, o.Error = e.Reason, true
	switch e.Next {
	case bot.Again:
		o.State, o.Error = Queued, false
		if e.After == 0 && row.Tries+1 >= mostTries {
			o.State, o.Error = Failed, true
			break
		}
		after := e.After
		if after == 0 {
			after = min(firstBack<<row.Tries, longBack)
		}
		o.Due = r.time().Add(after)
	case bot.Gone:
		o.State, o.Error = Failed, false // their doing
		if e.Reason == ByWindow {
			o.State, o.Reason, o.Waits, o.Tried = Queued, "", ByWindow, false
		}
	case bot.Halt:
		return Outcome{Who: row.Who, State: Queued, Reason: haltedBy, Due: r.time()}
	case bot.Doubtful:
		o.State = Doubtful
	default:
		o.State = Failed
	}
	return o
}

// haltedBy marks, within the road, rows given back because the channel itself
// is refused.
const haltedBy = "halted"

// mark writes outcomes, and pauses the broadcast when something is wrong with
// it or with its channel. What can't be written is tried again for as long as
// the claim holds; after that it is in doubt.
func (r *Road) mark(ctx context.Context, b *Broadcast, outcomes []Outcome, log *slog.Logger) (halted bool) {
	ctx = context.WithoutCancel(ctx)
	until := time.Now().Add(claimLease / 2)
	tries, errs, err := r.Rows.Mark(ctx, b.ID, r.Owner, outcomes, r.time())
	for wait := 100 * time.Millisecond; err != nil && time.Now().Before(until); wait = min(2*wait, 2*time.Second) {
		r.failed(ctx, "what was sent can't be marked yet", err, "broadcast", b.ID, "rows", len(outcomes))
		time.Sleep(wait)
		tries, errs, err = r.Rows.Mark(ctx, b.ID, r.Owner, outcomes, r.time())
	}
	if err != nil {
		r.failed(ctx, "what was sent can't be marked: it will be in doubt", err, "broadcast", b.ID, "rows", len(outcomes))
		return true
	}
	why := ""
	for _, o := range outcomes {
		if o.Reason == haltedBy && o.State == Queued {
			why = "nền tảng từ chối kênh: sửa cài đặt kênh rồi gửi tiếp"
		}
	}
	if why == "" && TooMany(errs, tries) {
		why = tooManyErrors(errs, tries, outcomes)
	}
	if why == "" {
		return false
	}
	won, err := r.Rows.Change(ctx, b.ID, Pause, Paused, Clock, why, r.time())
	switch {
	case err != nil:
		r.failed(ctx, "broadcast can't be paused", err, "broadcast", b.ID)
	case won:
		log.Error("broadcast paused", "why", why)
	}
	return true
}

// Opened shows a contact of the web chat what waits for them; call it when a
// page is open, before what is kept is read. Showing the same twice shows it
// once.
func (r *Road) Opened(ctx context.Context, c bot.Contact) {
	r.begin()
	if err := r.opened(ctx, c); err != nil {
		r.failed(ctx, "what waits for a page can't be shown", err, "contact", c.String())
	}
}

func (r *Road) opened(ctx context.Context, c bot.Contact) error {
	if !r.ready(ctx) {
		return nil
	}
	now := r.time()
	waiting, who, err := r.Rows.Pages(ctx, c, now)
	if err != nil || len(waiting) == 0 {
		return err
	}
	rules, err := r.Rows.Rules(ctx)
	if err != nil {
		return err
	}
	_, quiet := r.Calendar().Quiet(rules, now)
	for i := range waiting {
		b := &waiting[i]
		if quiet && !b.Urgent {
			continue
		}
		claimed, _, _, err := r.Rows.Claim(ctx, b, Claiming{Channel: c.Channel, Owner: r.Owner, Limit: 1, Now: now, Lease: claimLease, Who: who},
			func(f Facts) Verdict { return rules.Decide(b, f, now) })
		if err != nil {
			return err
		}
		for _, row := range claimed {
			crash.Point("page.claimed")
			o := Outcome{Who: row.Who, State: Sent, Tried: true}
			if err := r.Tell(ctx, row.Contact, "broadcast-"+b.ID, r.Bubbles(b, c.Channel), now); err != nil {
				r.failed(ctx, "broadcast can't be shown", err, "broadcast", b.ID, "contact", c.String())
				o = Outcome{Who: row.Who, State: Queued}
			}
			crash.Point("page.told")
			if _, _, err := r.Rows.Mark(context.WithoutCancel(ctx), b.ID, r.Owner, []Outcome{o}, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// Heard is told of every message that came in and was answered: when somebody
// wrote last, and whether they tapped on a class. It is noted a moment later.
func (r *Road) Heard(in bot.Incoming) {
	r.begin()
	r.mu.Lock()
	defer r.mu.Unlock()
	if in.At.After(r.heard[in.Contact]) {
		r.heard[in.Contact] = in.At
	}
	if id, ok := tappedCourse(in.Tap); ok {
		r.taps = append(r.taps, tap{in.Contact, id, in.At})
	}
}

// flush notes what was heard. What can't be noted waits for the next time.
func (r *Road) flush(ctx context.Context) {
	r.mu.Lock()
	heard, taps := r.heard, r.taps
	r.heard, r.taps = map[bot.Contact]time.Time{}, nil
	r.mu.Unlock()
	if len(heard) > 0 {
		if err := r.Rows.Heard(ctx, heard); err != nil {
			r.failed(ctx, "last words can't be noted yet", err)
			r.mu.Lock()
			for c, at := range heard {
				if len(r.heard) < heardMost && at.After(r.heard[c]) {
					r.heard[c] = at
				}
			}
			r.mu.Unlock()
		}
	}
	for _, t := range taps {
		if err := r.Rows.Tapped(ctx, t.contact, t.course, t.at); err != nil {
			r.failed(ctx, "a tap can't be counted", err)
		}
	}
}

// heardMost bounds what is held while records are away; what is lost makes
// windows shorter, not longer.
const heardMost = 100_000

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
