package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"nghe/crash"
)

// Sender sends what turns have put into the outbox: of a contact one delivery
// at a time and in order, contacts in parallel, at the pace of each platform.
//
// An answer is sent at least once: one that is in doubt (written to the
// platform, then silence or a crash) is listed, and sent again after the
// platform had time to say what became of it; after several doubts it is given
// up. What a platform refuses is not tried again, what it puts off is sent when
// it said.
type Sender struct {
	Outbox   Outbox
	Channels map[string]Channel // by name
	Log      *slog.Logger
	Now      func() time.Time
	// Owner names this process among all that send.
	Owner string
	// Slots keep the platforms' pace for all that send. Nil: no other process
	// does.
	Slots Slots
	// Sent is told of each answer that the platform took whole.
	Sent func(d *Delivery)
	// Doubted is told of each answer that may have arrived twice or not at
	// all. Lost is told of one that was given up, and why.
	Doubted func(d *Delivery, reason string)
	Lost    func(d *Delivery, reason string)
	// Echoed says whether the platform has told that a message of these words
	// arrived since a time: then a doubt is settled. Nil: no platform does.
	Echoed func(ctx context.Context, c Contact, text string, since time.Time) (bool, error)
	// Gone is told of contacts that can't be reached until they write.
	Gone func(c Contact, reason string)
	// After runs a function later; tests pass their own. Nil: time.AfterFunc.
	After func(d time.Duration, f func())

	mu      sync.Mutex
	waiting map[Contact]bool // in queue or being worked on; true = woken meanwhile
	queue   chan Contact
	pacers  map[string]*Pacer
	halted  map[string]bool
}

// Numbers of the send road.
const (
	sendWorkers = 64
	sweepEvery  = 5 * time.Second // looks for what other processes left
	holdMost    = time.Second     // a delivery for its turn at the pace
	doubtWait   = 20 * time.Second
	maxDoubts   = 5
	maxSends    = 8
	firstBack   = time.Second // doubled with each try in a row
	longestBack = 2 * time.Minute
)

// Wake says that a contact has something to send.
func (s *Sender) Wake(c Contact) {
	if s.Channels[c.Channel] == nil {
		return
	}
	s.mu.Lock()
	s.begin()
	if _, known := s.waiting[c]; known {
		s.waiting[c] = true
		s.mu.Unlock()
		return
	}
	s.waiting[c] = false
	s.mu.Unlock()
	select {
	case s.queue <- c:
	default: // the sweep finds it
		s.mu.Lock()
		delete(s.waiting, c)
		s.mu.Unlock()
	}
}

// begin makes what the zero Sender lacks. The caller holds mu.
func (s *Sender) begin() {
	if s.waiting == nil {
		s.waiting = map[Contact]bool{}
		s.queue = make(chan Contact, 1<<16)
		s.pacers = map[string]*Pacer{}
		s.halted = map[string]bool{}
		slots := s.Slots
		if slots == nil {
			slots = NewSlots(s.Now)
		}
		for name, c := range s.Channels {
			s.pacers[name] = NewPacer(c, slots, s.Owner, s.Log)
		}
	}
}

// Run sends until the context ends; then what was begun is finished.
func (s *Sender) Run(ctx context.Context) {
	s.mu.Lock()
	s.begin()
	s.mu.Unlock()
	var workers sync.WaitGroup
	for range sendWorkers {
		workers.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case c := <-s.queue:
					s.serve(ctx, c)
				}
			}
		})
	}
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		s.sweep(ctx)
		select {
		case <-ctx.Done():
			workers.Wait()
			return
		case <-tick.C:
		}
	}
}

// Paced makes a call of a channel's own about a contact, such as an edit that
// the platform counts as a message, at the channel's pace and after answers.
func (s *Sender) Paced(ctx context.Context, c Contact, do func(context.Context) error) error {
	s.mu.Lock()
	s.begin()
	pacer := s.pacers[c.Channel]
	s.mu.Unlock()
	release, err := pacer.Reserve(ctx, c, Bulk)
	if err != nil {
		return err
	}
	defer release()
	ctx, cancel := context.WithTimeout(ctx, SendDeadline)
	defer cancel()
	return do(ctx)
}

// sweep wakes the contacts that have something due: left by a process that
// ended, or put off.
func (s *Sender) sweep(ctx context.Context) {
	contacts, err := s.Outbox.Due(ctx, s.Now(), 1000)
	if err != nil {
		if ctx.Err() == nil {
			s.Log.Error("due deliveries can't be read", "error", err)
		}
		return
	}
	for _, c := range contacts {
		s.Wake(c)
	}
}

// serve sends what a contact has, until there is nothing to take.
func (s *Sender) serve(ctx context.Context, c Contact) {
	for {
		sent := s.next(ctx, c)
		s.mu.Lock()
		if woken := s.waiting[c]; !sent && !woken || ctx.Err() != nil {
			delete(s.waiting, c)
			s.mu.Unlock()
			return
		}
		s.waiting[c] = false
		s.mu.Unlock()
	}
}

// next sends one delivery and says whether another may be there. A panic of a
// channel costs one delivery its try, nothing else.
func (s *Sender) next(ctx context.Context, c Contact) (more bool) {
	log := s.Log.With("contact", c.String())
	defer func() {
		if p := recover(); p != nil {
			log.Error("send panicked", "panic", p, "stack", string(debug.Stack()))
			more = false
		}
	}()
	if s.isHalted(c.Channel) {
		return false
	}
	var slot func() // gives back the right to send that we have
	defer func() {
		if slot != nil {
			slot()
		}
	}()
	for {
		d, err := s.Outbox.Take(ctx, c, s.Owner, s.Now())
		switch {
		case err != nil:
			if ctx.Err() == nil {
				log.Error("delivery can't be taken", "error", err)
			}
			return false
		case d == nil:
			return false
		}
		crash.Point("send.taken")
		log := log.With("delivery", d.Seq, "turn", d.Turn)
		if over, more := s.settle(ctx, d, log); over {
			return more
		}
		if slot == nil {
			var held bool
			if slot, held = s.reserve(ctx, d, log); slot == nil {
				return false
			}
			if !held {
				continue // it is taken again, by whoever is first
			}
		}
		release := slot
		slot = nil
		return s.deliver(ctx, d, release, log)
	}
}

// settle does with a delivery what must be done before it is sent, and says
// whether that was its end.
func (s *Sender) settle(ctx context.Context, d *Delivery, log *slog.Logger) (over, more bool) {
	if d.Crashed {
		if s.Doubted != nil {
			s.Doubted(d, "crash")
		}
		if d.Doubts >= maxDoubts {
			return true, s.lose(ctx, d, "doubtful", log)
		}
		log.Warn("delivery was left in doubt", "doubts", d.Doubts)
	}
	if s.Now().Sub(d.At) > OutboxLife {
		return true, s.lose(ctx, d, "late", log)
	}
	return false, false
}

// reserve waits for the pace; nil: the program ends, and another goes on. Who
// would have to wait long is not held meanwhile: what a process holds when it
// ends is in doubt, though nothing was sent of it, and after some doubts given
// up.
func (s *Sender) reserve(ctx context.Context, d *Delivery, log *slog.Logger) (release func(), held bool) {
	type slot struct {
		release func()
		err     error
	}
	free := make(chan slot, 1)
	go func() {
		release, err := s.pacers[d.Contact.Channel].Reserve(ctx, d.Contact, Answers)
		free <- slot{release, err}
	}()
	patience := time.NewTimer(holdMost)
	defer patience.Stop()
	select {
	case got := <-free:
		if got.err != nil {
			s.put(ctx, d, log)
			return nil, false
		}
		return got.release, true
	case <-patience.C:
	}
	s.put(ctx, d, log)
	if got := <-free; got.err == nil {
		return got.release, false
	}
	return nil, false
}

// deliver sends the parts of a delivery that were not sent yet. It has the
// right to send one, and gives it back by release.
func (s *Sender) deliver(ctx context.Context, d *Delivery, release func(), log *slog.Logger) (more bool) {
	channel, pacer := s.Channels[d.Contact.Channel], s.pacers[d.Contact.Channel]
	parts := channel.Render(d.Bubbles)
	lease := s.Now().Add(SendLease)
	if d.Doubts > 0 && d.Parts < len(parts) && s.arrived(ctx, d, parts[d.Parts].Text, log) {
		d.next(s.Now())
	}
	if d.Parts == len(parts) {
		release()
	}
	for d.Parts < len(parts) {
		if release == nil {
			var err error
			if release, err = pacer.Reserve(ctx, d.Contact, Answers); err != nil {
				s.put(ctx, d, log) // the program ends: another process goes on
				return false
			}
		}
		if lease.Sub(s.Now()) < SendDeadline {
			// The pace let us wait so long that the lease would end meanwhile.
			if mine, err := s.Outbox.Note(ctx, d, s.Owner, s.Now()); err != nil || !mine {
				release()
				log.Warn("delivery left to its new owner", "error", err)
				return false
			}
			lease = s.Now().Add(SendLease)
		}
		crash.Point("send.paced")
		sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), SendDeadline)
		receipt, err := channel.Send(sending, d.Contact, parts[d.Parts])
		cancel()
		release()
		release = nil
		if err != nil {
			return s.failed(ctx, d, err, log)
		}
		crash.Point("send.sent")
		log.Info("part sent", "part", d.Parts+1, "of", len(parts), "message", receipt.MessageID)
		d.next(s.Now())
		if d.Parts < len(parts) {
			mine, err := s.Outbox.Note(ctx, d, s.Owner, s.Now())
			if err != nil || !mine {
				log.Warn("delivery left to its new owner", "error", err)
				return false
			}
			crash.Point("send.noted")
			lease = s.Now().Add(SendLease)
		}
	}
	if _, err := s.Outbox.Done(context.WithoutCancel(ctx), d, s.Owner); err != nil {
		log.Error("delivery sent and not noted: it will be in doubt", "error", err)
		return false
	}
	crash.Point("send.done")
	if s.Sent != nil {
		s.Sent(d)
	}
	return true
}

// next goes on to the next part.
func (d *Delivery) next(now time.Time) {
	d.Parts++
	d.Tries, d.Doubts, d.Blocked, d.Begun = 0, 0, time.Time{}, now
}

// arrived says whether the platform has told us that a part in doubt arrived.
func (s *Sender) arrived(ctx context.Context, d *Delivery, text string, log *slog.Logger) bool {
	if s.Echoed == nil {
		return false
	}
	yes, err := s.Echoed(ctx, d.Contact, text, d.Begun)
	if err != nil {
		log.Error("echoes can't be read", "error", err)
	}
	if yes {
		log.Info("doubt settled: the platform says it arrived")
	}
	return yes && err == nil
}

// failed does what a SendError says.
func (s *Sender) failed(ctx context.Context, d *Delivery, err error, log *slog.Logger) (more bool) {
	var e *SendError
	if !errors.As(err, &e) {
		e = &SendError{Next: Doubtful, Reason: "unknown", Err: err}
	}
	log = log.With("reason", e.Reason, "error", err)
	d.Blocked = earliest(d.Blocked, s.Now())
	switch e.Next {
	case Never:
		return s.lose(ctx, d, e.Reason, log)
	case Gone:
		if s.Gone != nil {
			s.Gone(d.Contact, e.Reason)
		}
		return s.lose(ctx, d, e.Reason, log)
	case Halt:
		s.halt(d.Contact.Channel)
		log.Error("the channel is refused: nothing is sent on it until the program is started again with working settings", "channel", d.Contact.Channel)
		s.put(ctx, d, log)
		return false
	case Doubtful:
		d.Doubts++
		if s.Doubted != nil {
			s.Doubted(d, e.Reason)
		}
		if d.Doubts >= maxDoubts {
			return s.lose(ctx, d, "doubtful", log)
		}
		d.NotBefore = s.Now().Add(doubtWait * time.Duration(d.Doubts))
		log.Warn("delivery in doubt")
	default:
		d.Tries++
		if d.Tries >= maxSends && e.After == 0 {
			return s.lose(ctx, d, e.Reason, log)
		}
		after := cmp.Or(e.After, min(firstBack<<(d.Tries-1), longestBack))
		if e.Scope == WholeBot {
			s.pacers[d.Contact.Channel].Pause(d.Contact.Channel, after)
		}
		d.NotBefore = s.Now().Add(after)
		log.Info("delivery put off", "after", after)
	}
	s.put(ctx, d, log)
	c := d.Contact
	s.after(d.NotBefore.Sub(s.Now()), func() { s.Wake(c) })
	return false
}

func earliest(a, b time.Time) time.Time {
	if a.IsZero() {
		return b
	}
	return a
}

func (s *Sender) after(d time.Duration, f func()) {
	if s.After != nil {
		s.After(d, f)
		return
	}
	time.AfterFunc(d, f)
}

func (s *Sender) put(ctx context.Context, d *Delivery, log *slog.Logger) {
	if _, err := s.Outbox.Put(context.WithoutCancel(ctx), d, s.Owner, s.Now()); err != nil {
		log.Error("delivery can't be put back: it will be in doubt", "error", err)
	}
}

// lose gives a delivery up.
func (s *Sender) lose(ctx context.Context, d *Delivery, reason string, log *slog.Logger) (more bool) {
	log.Warn("delivery given up", "why", reason)
	if s.Lost != nil {
		s.Lost(d, reason)
	}
	if _, err := s.Outbox.Done(context.WithoutCancel(ctx), d, s.Owner); err != nil {
		log.Error("delivery given up and not noted", "error", err)
		return false
	}
	return true
}

func (s *Sender) halt(channel string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.halted[channel] = true
}

func (s *Sender) isHalted(channel string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.halted[channel]
}

// Ready says whether every channel may send; the error names those that may
// not.
func (s *Sender) Ready() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range s.halted {
		return fmt.Errorf("channel %s is refused by its platform", name)
	}
	return nil
}
