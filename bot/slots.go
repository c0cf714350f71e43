package bot

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Lane says who waits for whom at a platform's pace.
type Lane int

const (
	Answers Lane = iota // somebody waits for it
	Bulk                // reminders and announcements; goes when no answer waits
)

// Slots keep what a platform allows, in closed loop: with n messages a second,
// message k+n begins a second after the platform answered message k, so that
// no sliding second there ever sees more than n arrive, however the network
// delays them. Messages of one chat are apart by the chat's own gap, likewise
// from answer to begin. A message whose process crashed counts as answered
// after SendDeadline.
//
// One Slots may serve several processes; then answers of one go before bulk of
// another. All methods may be called at the same time.
type Slots interface {
	// Take asks for leave to begin a message. Refused, ask again after
	// Leave.Wait: before that nothing can have come free.
	Take(context.Context, Ask) (Leave, error)
	// Release says that the platform has answered the message, or that the
	// wait for it was given up; used is false when it was never begun.
	Release(ctx context.Context, a Ask, used bool) error
	// Pause lets nothing begin on a channel for a time: the platform said so.
	// It does not shorten an earlier pause.
	Pause(ctx context.Context, channel string, d time.Duration) error
}

// Ask is a message that wants to begin.
type Ask struct {
	ID      string // of this message among all of all processes
	Contact Contact
	Lane    Lane
	Limit   int           // messages a second on the channel; 0 = any number
	Gap     time.Duration // between messages of this chat
	Owner   string        // the process
	Answers int           // that wait in this process, this one among them
}

// Leave is the answer to an Ask.
type Leave struct {
	Granted bool
	Wait    time.Duration // when refused
	Chat    bool          // refused because of its chat: others need not wait
}

// Numbers of every Slots.
const (
	// SlotLife is for how long a message counts when nobody says what became
	// of it.
	SlotLife = SendDeadline + time.Second
	// AnswerGrace is how long a free slot is kept for a process in which an
	// answer waits, beyond the time at which it was to ask again.
	AnswerGrace = 500 * time.Millisecond
)

// BulkGap is how far messages of bulk are apart at least: so far that slots
// come free evenly and an answer finds one soon, not in bursts a second apart,
// and so near that hardly any of the pace is lost.
func BulkGap(limit int) time.Duration {
	if limit == 0 {
		return 0
	}
	return time.Second * 3 / 4 / time.Duration(limit)
}

// OwnSlots are the slots of one process alone.
type OwnSlots struct {
	now func() time.Time

	mu       sync.Mutex
	channels map[string]*slotted
}

// slotted is what was begun on a channel.
type slotted struct {
	ends    map[string]time.Time  // by message: until when it counts
	chats   map[Contact]time.Time // when each may be written to again
	paused  time.Time
	bulk    time.Time               // when the next of bulk may begin
	answers map[string]waitingThere // by process
}

// waitingThere are answers that were refused and will ask again.
type waitingThere struct {
	n     int
	until time.Time // when they are no longer believed to wait
}

// NewSlots makes the slots of one process.
func NewSlots(now func() time.Time) *OwnSlots {
	return &OwnSlots{now: now, channels: map[string]*slotted{}}
}

// on gives a channel's state. The caller holds mu.
func (s *OwnSlots) on(channel string) *slotted {
	c := s.channels[channel]
	if c == nil {
		c = &slotted{ends: map[string]time.Time{}, chats: map[Contact]time.Time{}, answers: map[string]waitingThere{}}
		s.channels[channel] = c
	}
	return c
}

func (s *OwnSlots) Take(_ context.Context, a Ask) (Leave, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, now := s.on(a.Contact.Channel), s.now()
	if wait := c.paused.Sub(now); wait > 0 {
		return Leave{Wait: wait}, nil
	}
	if wait := c.chats[a.Contact].Sub(now); wait > 0 {
		return Leave{Wait: min(wait, a.Gap), Chat: true}, nil
	}
	wait := c.wait(a, now)
	left := a.Answers
	if wait <= 0 {
		c.begin(a, now)
		left--
	}
	delete(c.answers, a.Owner)
	if a.Lane == Answers && left > 0 {
		c.answers[a.Owner] = waitingThere{left, now.Add(max(wait, 0) + AnswerGrace)}
	}
	return Leave{Granted: wait <= 0, Wait: max(wait, 0)}, nil
}

// wait is until a slot may be free for a message.
func (c *slotted) wait(a Ask, now time.Time) (wait time.Duration) {
	if a.Limit == 0 {
		return 0
	}
	var ends []time.Time
	for id, end := range c.ends {
		if end.After(now) {
			ends = append(ends, end)
		} else {
			delete(c.ends, id)
		}
	}
	slices.SortFunc(ends, time.Time.Compare)
	before := 0 // answers elsewhere
	if a.Lane == Bulk {
		for owner, w := range c.answers {
			if owner != a.Owner && w.until.After(now) {
				before += w.n
			}
		}
		wait = c.bulk.Sub(now)
	}
	if nth := before - (a.Limit - len(ends)); nth >= 0 {
		// What has no answer yet ends a second after its answer.
		free := time.Second
		if nth < len(ends) {
			free = min(free, ends[nth].Sub(now))
		}
		wait = max(wait, free)
	}
	return wait
}

func (c *slotted) begin(a Ask, now time.Time) {
	if a.Limit > 0 {
		c.ends[a.ID] = now.Add(SlotLife)
		if a.Lane == Bulk {
			c.bulk = now.Add(BulkGap(a.Limit))
		}
	}
	if a.Gap > 0 {
		c.chats[a.Contact] = now.Add(SendDeadline + a.Gap)
	}
	if len(c.chats)&0x3ff == 0 { // before they are many
		for chat, at := range c.chats {
			if !at.After(now) {
				delete(c.chats, chat)
			}
		}
	}
}

func (s *OwnSlots) Release(_ context.Context, a Ask, used bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, now := s.on(a.Contact.Channel), s.now()
	if !used {
		delete(c.ends, a.ID)
		delete(c.chats, a.Contact)
		return nil
	}
	if _, counts := c.ends[a.ID]; counts {
		c.ends[a.ID] = now.Add(time.Second)
	}
	if a.Gap > 0 {
		c.chats[a.Contact] = now.Add(a.Gap)
	}
	return nil
}

func (s *OwnSlots) Pause(_ context.Context, channel string, d time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, until := s.on(channel), s.now().Add(d); until.After(c.paused) {
		c.paused = until
	}
	return nil
}
