package handoff_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"nghe/bot"
	"nghe/handoff"
	"nghe/staff"
)

// Whatever people, counsellors, the clock and restarts do, in whatever order
// and in the middle of each other: the bot says nothing while a human holds the
// case, every case is in one hand or one queue, every closed one leads back to
// the question that was left, and every word of a counsellor is in the talk it
// was said in, once, and in no other.
func TestInterleavings(t *testing.T) {
	w := newWorld(t)
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		round++
		s := &story{world: w, r: r, now: monday, silent: map[bot.Contact]int64{}, said: map[string]bot.Contact{}, heard: map[string][]bot.Contact{}, read: map[bot.Contact]int64{}}
		for i := range s.at {
			s.at[i] = w.start()
		}
		for i := range s.who {
			s.who[i] = web(round*10 + i)
		}
		r.Repeat(map[string]func(*rapid.T){
			"person": s.person, "counsellor": s.counsellor, "clock": s.clock, "restart": s.restart, "": s.check,
		})
		s.end()
	})
}

type story struct {
	*world
	r      *rapid.T
	at     [2]*process
	who    [2]bot.Contact
	now    time.Time
	turn   int
	silent map[bot.Contact]int64 // who is claimed, from which bubble on
	said   map[string]bot.Contact
	heard  map[string][]bot.Contact
	read   map[bot.Contact]int64
}

var things = []string{"tính tiền hỗ trợ", "gặp người", "chị", "alo", "hỗ trợ tiền ăn bao nhiêu", "gọi bot lại", "xoá dữ liệu của tôi", "bỏ qua", "3", "không"}

// person says something at one process; in the middle of the turn a counsellor
// may do something at the other, or the store may fail.
func (s *story) person(r *rapid.T) {
	s.turn++
	s.now = s.now.Add(time.Second)
	c := s.who[rapid.IntRange(0, 1).Draw(r, "who")]
	in := bot.Incoming{Contact: c, Update: fmt.Sprint(s.turn), Text: rapid.SampledFrom(things).Draw(r, "text"), At: s.now}
	between := rapid.SampledFrom([]string{"", "", "claim", "close", "fail"}).Draw(r, "between")
	s.sessions.Before = func(call string) error {
		if call != "save" || between == "" {
			return nil
		}
		s.sessions.Before = nil
		if between == "fail" {
			return errors.New("the store is away")
		}
		s.do(s.at[1], c, between, hoa)
		return nil
	}
	erasing := in.Text == "xoá dữ liệu của tôi" || strings.HasPrefix(s.open(c), "erase/")
	_, err := s.at[0].turns.Handle(context.Background(), in)
	s.sessions.Before = nil
	if err != nil {
		if _, err = s.at[0].turns.Handle(context.Background(), in); err != nil { // the platform delivers again
			r.Fatal(err)
		}
	}
	if s.caseOf(c) == nil || s.caseOf(c).State != handoff.Claimed {
		delete(s.silent, c) // they called the bot back, or deleted everything
	} else if erasing && s.silent[c] > 0 {
		s.silent[c] = s.last(c) + 1 // what is about deleting may not wait
	}
}

func (s *story) counsellor(r *rapid.T) {
	s.now = s.now.Add(time.Second)
	c := s.who[rapid.IntRange(0, 1).Draw(r, "who")]
	by := rapid.SampledFrom([]staff.Member{hoa, binh}).Draw(r, "by")
	what := rapid.SampledFrom([]string{"claim", "claim", "say", "say", "release", "transfer", "close", "reopen"}).Draw(r, "what")
	if rapid.IntRange(0, 9).Draw(r, "fails") == 0 {
		s.sessions.Before = func(call string) error {
			if call != "save" && call != "hold" {
				return nil
			}
			s.sessions.Before = nil
			return errors.New("the store is away")
		}
	}
	s.do(s.at[rapid.IntRange(0, 1).Draw(r, "at")], c, what, by)
	s.sessions.Before = nil
}

// do lets a counsellor do something with the latest case of a contact. What is
// refused is refused; the rules have tests of their own.
func (s *story) do(p *process, c bot.Contact, what string, by staff.Member) {
	ctx := context.Background()
	last, err := s.db.LastCaseOf(ctx, c)
	if err != nil {
		s.r.Fatal(err)
	}
	if last == nil {
		return
	}
	s.turn++
	left := s.open(c)
	switch what {
	case "claim":
		_, err = p.Claim(ctx, last.ID, by, s.now)
	case "say":
		text := fmt.Sprint("lời số ", s.turn)
		m, failed := p.Say(ctx, last.ID, by, text, text, s.now)
		if failed == nil {
			s.said[m.Name+": "+text] = c
		}
		return
	case "release":
		delete(s.silent, c)
		_, err = p.Release(ctx, last.ID, by, s.now)
	case "transfer":
		delete(s.silent, c)
		_, err = p.Transfer(ctx, last.ID, by, handoff.Transfer{Queue: "loans"}, "vay", s.now)
	case "close":
		if _, err = p.Close(ctx, last.ID, by, handoff.Answered, "", s.now); err == nil {
			delete(s.silent, c)
			if last.Open() { // closed again, nothing is said again
				s.backAt(c, left)
			}
		}
	case "reopen":
		_, err = p.Reopen(ctx, last.ID, by, s.now)
	}
	now := s.caseOf(c)
	switch {
	case now == nil || now.State != handoff.Claimed:
		delete(s.silent, c)
	case err == nil && s.silent[c] == 0:
		// The counsellor knows that it is theirs.
		s.silent[c] = s.last(c) + 1
	}
}

// backAt says that a talk stands at the question that was left, and that it was
// put again; where it is put only once, at the next.
func (s *story) backAt(c bot.Contact, left string) {
	if left == "address/form=" {
		if left = s.open(c); left == "address/form=" {
			s.r.Fatalf("%s: asked again what it is put only once for", c)
		}
	}
	if got := s.open(c); got != left {
		s.r.Fatalf("%s: left at %q, back at %q", c, left, got)
	}
	if left == "" || strings.HasPrefix(left, "erase/") {
		return
	}
	all := s.bubbles(c)
	last := all[len(all)-1]
	queued, err := s.db.QueuedMessages(context.Background(), "", s.now.Add(time.Hour), 100)
	if err != nil {
		s.r.Fatal(err)
	}
	if len(queued) > 0 {
		return // the store was away: the sweep brings it
	}
	if last.From != bot.FromBot || len(last.Options) == 0 || !strings.HasPrefix(last.Options[0].Tap, left) {
		s.r.Fatalf("%s: the question %q was not put again, but %+v", c, left, last)
	}
}

func (s *story) last(c bot.Contact) int64 {
	all := s.bubbles(c)
	if len(all) == 0 {
		return 0
	}
	return all[len(all)-1].Seq
}

func (s *story) caseOf(c bot.Contact) *handoff.Case {
	open, err := s.db.OpenCaseOf(context.Background(), c)
	if err != nil {
		s.r.Fatal(err)
	}
	return open
}

func (s *story) clock(r *rapid.T) {
	s.now = s.now.Add(time.Duration(rapid.SampledFrom([]int{1, 10, 31}).Draw(r, "minutes")) * time.Minute)
	clear(s.silent) // it may take a case back
	if err := s.at[0].Tick(context.Background(), s.now); err != nil {
		r.Fatal(err)
	}
	for _, c := range s.who {
		if open := s.caseOf(c); open != nil && open.State == handoff.Claimed {
			s.silent[c] = s.last(c) + 1
		}
	}
}

// restart ends a process, with all that it only remembered, and starts another.
func (s *story) restart(r *rapid.T) {
	i := rapid.IntRange(0, 1).Draw(r, "process")
	s.at[i] = s.start()
	if err := errors.Join(s.at[i].turns.Sweep(context.Background(), s.now), s.at[i].Sweep(context.Background(), s.now)); err != nil {
		r.Fatal(err)
	}
}

func (s *story) check(r *rapid.T) {
	for _, c := range s.who {
		for _, b := range s.bubbles(c) {
			if from := s.silent[c]; from > 0 && b.Seq >= from && b.From == bot.FromBot {
				r.Fatalf("%s is in a human's hand, and the bot says %q", c, b.Text)
			}
			if b.Seq > s.read[c] && b.From == bot.FromCounsellor {
				s.heard[b.Text] = append(s.heard[b.Text], c)
			}
			s.read[c] = max(s.read[c], b.Seq)
		}
		all, err := s.db.Cases(context.Background(), handoff.Query{Of: c, Within: staff.Scope{Province: true}})
		if err != nil {
			r.Fatal(err)
		}
		open := 0
		for _, x := range all {
			switch x.State {
			case handoff.Waiting:
				open++
				if x.Holder != "" || x.Queue == "" {
					r.Fatalf("waits in queue %q and is held by %q", x.Queue, x.Holder)
				}
			case handoff.Claimed:
				open++
				if x.Holder == "" {
					r.Fatal("claimed by nobody")
				}
			case handoff.Closed:
				if x.ClosedAt.IsZero() {
					r.Fatal("closed, and never")
				}
			default:
				r.Fatalf("state %q", x.State)
			}
		}
		if open > 1 {
			r.Fatalf("%d cases of %s are open", open, c)
		}
		s.agree(r, c)
	}
}

// agree says that the records' hold is that of the case.
func (s *story) agree(r *rapid.T, c bot.Contact) {
	h, err := s.db.HoldOf(context.Background(), c)
	if err != nil {
		r.Fatal(err)
	}
	want, id := "", ""
	if open := s.caseOf(c); open != nil {
		want, id = map[handoff.State]string{handoff.Waiting: bot.HoldWaiting, handoff.Claimed: bot.HoldClaimed}[open.State], open.ID
	}
	if h.Kind != want || h.Case != id {
		r.Fatalf("%s: the hold is %+v, the case %q %q", c, h, want, id)
	}
}

// end lets what was begun be finished, and looks for lost and stray words.
func (s *story) end() {
	ctx := context.Background()
	s.now = s.now.Add(time.Minute)
	if err := errors.Join(s.at[0].turns.Sweep(ctx, s.now), s.at[0].Sweep(ctx, s.now)); err != nil {
		s.r.Fatal(err)
	}
	s.check(s.r)
	for _, c := range s.who {
		l, err := s.sessions.Load(ctx, c, "", s.now)
		if err != nil {
			s.r.Fatal(err)
		}
		if h, _ := s.db.HoldOf(ctx, c); h.Epoch > 0 && h != l.Hold {
			s.r.Fatalf("%s: the records have %+v, the session %+v", c, h, l.Hold)
		}
	}
	for text, c := range s.said {
		if got := s.heard[text]; !slices.Equal(got, []bot.Contact{c}) {
			s.r.Fatalf("%q was said to %s and heard by %v", text, c, got)
		}
	}
}
