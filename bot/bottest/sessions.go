package bottest

import (
	"context"
	"slices"
	"sync"
	"time"

	"nghe/bot"
)

// Sessions keeps everything in memory and does what bot.Sessions promises.
type Sessions struct {
	// Before, when set, runs before each call with its name ("load", "save",
	// "applied", "hold", "bubbles", "pending", "ping"); an error fails the call with
	// nothing done. It may call other methods.
	Before func(call string) error

	mu   sync.Mutex
	kept map[bot.Contact]*record
}

type record struct {
	version            int64
	session, sensitive []byte
	sensitiveEnds      time.Time
	seen               map[string]bool
	bubbles            []bot.Bubble
	effects            []byte
	seq                int64
	hold               bot.Hold
	outbox             []bot.Held
	inbox              []accepted
}

type accepted struct {
	in bot.Incoming
	at time.Time
}

var _ bot.Sessions = (*Sessions)(nil)

func (s *Sessions) begin(call string) error {
	if s.Before == nil {
		return nil
	}
	return s.Before(call)
}

func (s *Sessions) of(c bot.Contact) *record {
	if s.kept == nil {
		s.kept = map[bot.Contact]*record{}
	}
	if s.kept[c] == nil {
		s.kept[c] = &record{seen: map[string]bool{}}
	}
	return s.kept[c]
}

func (s *Sessions) Load(ctx context.Context, c bot.Contact, turn string, now time.Time) (bot.Loaded, error) {
	if err := s.begin("load"); err != nil {
		return bot.Loaded{}, err
	}
	if err := ctx.Err(); err != nil {
		return bot.Loaded{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.of(c)
	l := bot.Loaded{
		Version: r.version, Session: slices.Clone(r.session), Seen: r.seen[turn],
		Effects: slices.Clone(r.effects), LastSeq: r.seq, Hold: r.hold,
	}
	if now.Before(r.sensitiveEnds) {
		l.Sensitive = slices.Clone(r.sensitive)
	}
	if l.Seen {
		for _, b := range r.bubbles {
			if b.Turn == turn && now.Before(b.Ends()) {
				l.Replies = append(l.Replies, b)
			}
		}
	}
	return l, nil
}

func (s *Sessions) Save(ctx context.Context, c bot.Commit) ([]bot.Bubble, error) {
	if err := s.begin("save"); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.of(c.Contact)
	if r.version != c.Base || r.hold.Epoch != c.Epoch || r.seen[c.Turn] {
		return nil, bot.ErrConflict
	}
	if c.Erase {
		r.bubbles, r.outbox = nil, nil
		r.hold = bot.Hold{Epoch: r.hold.Epoch}
	}
	r.inbox = slices.DeleteFunc(r.inbox, func(a accepted) bool { return a.in.Turn() == c.Turn })
	r.version++
	r.session, r.sensitive, r.sensitiveEnds = c.Session, c.Sensitive, c.SensitiveEnds
	r.seen[c.Turn] = true
	r.effects = c.Effects
	said := slices.Clone(c.Bubbles)
	for i := range said {
		r.seq++
		said[i].Seq = r.seq
	}
	if c.Send {
		d := bot.Delivery{Contact: c.Contact, Seq: r.seq, Turn: c.Turn, At: c.At}
		for _, b := range c.Bubbles {
			if b.From != bot.FromPerson {
				d.Bubbles = append(d.Bubbles, b)
			}
		}
		r.outbox = append(r.outbox, bot.Held{Delivery: d})
	}
	r.bubbles = append(r.bubbles, said...)
	r.bubbles = r.bubbles[max(0, len(r.bubbles)-bot.BubblesKept):]
	return said, nil
}

func (s *Sessions) Applied(_ context.Context, c bot.Contact, version int64) error {
	if err := s.begin("applied"); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.of(c); r.version == version {
		r.effects = nil
	}
	return nil
}

func (s *Sessions) Hold(ctx context.Context, c bot.Contact, h bot.Hold, _ time.Time) error {
	if err := s.begin("hold"); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.of(c)
	r.version = max(r.version, 1)
	if h.Epoch > r.hold.Epoch {
		r.hold = h
	}
	return nil
}

func (s *Sessions) Bubbles(_ context.Context, c bot.Contact, after int64, now time.Time) ([]bot.Bubble, error) {
	if err := s.begin("bubbles"); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []bot.Bubble
	for _, b := range s.of(c).bubbles {
		if b.Seq > after && now.Before(b.Ends()) {
			found = append(found, b)
		}
	}
	return found, nil
}

func (s *Sessions) Pending(_ context.Context, limit int) ([]bot.Contact, error) {
	if err := s.begin("pending"); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []bot.Contact
	for c, r := range s.kept {
		if len(r.effects) > 0 && len(found) < limit {
			found = append(found, c)
		}
	}
	return found, nil
}

func (s *Sessions) Ping(context.Context) error { return s.begin("ping") }
func (s *Sessions) Close() error               { return nil }
