package bottest

import (
	"context"
	"slices"
	"time"

	"nghe/bot"
)

var (
	_ bot.Outbox = (*Sessions)(nil)
	_ bot.Inbox  = (*Sessions)(nil)
)

func (s *Sessions) Take(_ context.Context, c bot.Contact, owner string, now time.Time) (*bot.Delivery, error) {
	if err := s.begin("take"); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := slices.Clone(s.of(c).outbox)
	r := bot.NextOf(rows, owner, now)
	if r == nil {
		return nil, nil
	}
	r.Owner, r.Lease = owner, now.Add(bot.SendLease)
	s.of(c).outbox = rows
	d := r.Delivery
	return &d, nil
}

// held gives the row of a delivery that an owner has, nil when it has none.
func (s *Sessions) held(d *bot.Delivery, owner string) *bot.Held {
	rows := s.of(d.Contact).outbox
	for i := range rows {
		if rows[i].Seq == d.Seq && rows[i].Owner == owner {
			return &rows[i]
		}
	}
	return nil
}

func (s *Sessions) Note(_ context.Context, d *bot.Delivery, owner string, now time.Time) (bool, error) {
	return s.change("note", d, owner, owner, now.Add(bot.SendLease))
}

func (s *Sessions) Put(_ context.Context, d *bot.Delivery, owner string, _ time.Time) (bool, error) {
	return s.change("put", d, owner, "", time.Time{})
}

func (s *Sessions) change(call string, d *bot.Delivery, owner, next string, lease time.Time) (bool, error) {
	if err := s.begin(call); err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.held(d, owner)
	if r == nil {
		return false, nil
	}
	r.Owner, r.Lease, r.Progress = next, lease, d.Progress
	return true, nil
}

func (s *Sessions) Done(_ context.Context, d *bot.Delivery, owner string) (bool, error) {
	if err := s.begin("done"); err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.of(d.Contact)
	n := len(r.outbox)
	r.outbox = slices.DeleteFunc(r.outbox, func(h bot.Held) bool { return h.Seq == d.Seq && h.Owner == owner })
	return len(r.outbox) < n, nil
}

func (s *Sessions) Due(_ context.Context, now time.Time, limit int) ([]bot.Contact, error) {
	return s.waiting("due", limit, func(r *record) (since time.Time, due bool) {
		for _, h := range r.outbox {
			if !h.At.After(now) && !h.NotBefore.After(now) && !h.Lease.After(now) && (!due || h.At.Before(since)) {
				since, due = h.At, true
			}
		}
		return since, due
	})
}

// waiting gives the contacts for which since says that they wait, the longest
// waiting first.
func (s *Sessions) waiting(call string, limit int, since func(*record) (time.Time, bool)) ([]bot.Contact, error) {
	if err := s.begin(call); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	at := map[bot.Contact]time.Time{}
	var list []bot.Contact
	for c, r := range s.kept {
		if t, due := since(r); due {
			at[c] = t
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b bot.Contact) int { return at[a].Compare(at[b]) })
	return list[:min(limit, len(list))], nil
}

func (s *Sessions) Accept(_ context.Context, in bot.Incoming, now time.Time) (bool, error) {
	if err := s.begin("accept"); err != nil {
		return false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.of(in.Contact)
	if r.seen[in.Turn()] || slices.ContainsFunc(r.inbox, func(a accepted) bool { return a.in.Turn() == in.Turn() }) {
		return false, nil
	}
	r.inbox = append(r.inbox, accepted{in, now})
	return true, nil
}

func (s *Sessions) Accepted(_ context.Context, c bot.Contact) ([]bot.Incoming, error) {
	if err := s.begin("accepted"); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []bot.Incoming
	for _, a := range s.of(c).inbox {
		list = append(list, a.in)
	}
	return list, nil
}

func (s *Sessions) Left(_ context.Context, before time.Time, limit int) ([]bot.Contact, error) {
	return s.waiting("left", limit, func(r *record) (time.Time, bool) {
		if len(r.inbox) == 0 || r.inbox[0].at.After(before) {
			return time.Time{}, false
		}
		return r.inbox[0].at, true
	})
}
