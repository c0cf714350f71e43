package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nghe/bot"
	"nghe/handoff"
	"nghe/staff"
	"nghe/store"
)

// What keeps cases passes one suite on both databases.
func TestCases(t *testing.T) { onEach(t, caseSuite) }

func newCase(who bot.Contact, turn string) handoff.Case {
	return handoff.Case{
		ID: fmt.Sprint("case ", who.ID, turn), State: handoff.Waiting, Kind: handoff.Help, Queue: "training", Place: "ba-che", Contact: who, Turn: turn,
		Summary: handoff.Summary{Wish: "hỏi lớp hàn"}, OpenedAt: noon, WaitingAt: noon, FirstDue: noon.Add(time.Hour), CloseDue: noon.Add(48 * time.Hour),
	}
}

func said(key string, state handoff.MessageState) handoff.Message {
	return handoff.Message{Key: key, From: handoff.FromCounsellor, Text: key, State: state, At: noon}
}

// claim is the change by which somebody takes a case.
func claim(login string) func(handoff.Case) (handoff.Change, error) {
	return func(c handoff.Case) (handoff.Change, error) {
		if c.State != handoff.Waiting {
			return handoff.Change{}, &handoff.Taken{Holder: c.Holder}
		}
		c.State, c.Holder = handoff.Claimed, login
		e := staff.NewEntry(staff.Operator, noon, "case.claim", "case:"+c.ID, login)
		return handoff.Change{Case: c, Hold: &bot.Hold{Kind: bot.HoldClaimed}, Entry: &e, At: noon}, nil
	}
}

func caseSuite(t *testing.T, db *store.DB) {
	ctx := t.Context()
	open := func(t *testing.T, c handoff.Case, before ...handoff.Message) (*handoff.Case, bool) {
		t.Helper()
		kept, fresh, err := db.OpenCase(ctx, c, before)
		if err != nil {
			t.Fatal(err)
		}
		return kept, fresh
	}
	change := func(t *testing.T, id string, do func(handoff.Case) (handoff.Change, error)) *handoff.Changed {
		t.Helper()
		changed, err := db.ChangeCase(ctx, id, do)
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	texts := func(t *testing.T, id string, after int, now time.Time) (all []string) {
		t.Helper()
		list, err := db.Messages(ctx, id, after, 100, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range list {
			all = append(all, fmt.Sprint(m.N, " ", m.Text, m.State))
		}
		return all
	}

	t.Run("a turn opens one case, and a contact has one that is open", func(t *testing.T) {
		who := somebody()
		first, fresh := open(t, newCase(who, "1"), said("a", ""), said("b", ""))
		if !fresh || first.Number == 0 || first.Epoch == 0 || first.Said != 2 {
			t.Errorf("%+v", first)
		}
		for _, turn := range []string{"1", "2"} {
			again := newCase(who, turn)
			again.ID += "again"
			if kept, fresh := open(t, again); fresh || kept.ID != first.ID {
				t.Errorf("turn %s: %+v", turn, kept)
			}
		}
		other, _ := open(t, newCase(somebody(), "1"))
		if other.Number != first.Number+1 {
			t.Errorf("numbers %d and %d", first.Number, other.Number)
		}
		for _, name := range []string{first.ID, fmt.Sprint(first.Number), first.Title()} {
			c, err := db.Case(ctx, name)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(first, c); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
		if c, err := db.Case(ctx, "none"); c != nil || err != nil {
			t.Errorf("%v %v", c, err)
		}
		if h, err := db.HoldOf(ctx, who); err != nil || h != (bot.Hold{Epoch: first.Epoch, Kind: bot.HoldWaiting, Case: first.ID}) {
			t.Errorf("%+v %v", h, err)
		}
	})

	t.Run("of many who claim one wins, and the others see who", func(t *testing.T) {
		c, _ := open(t, newCase(somebody(), "1"))
		var wg sync.WaitGroup
		var mu sync.Mutex
		winner, losers := "", []string{}
		for i := range 8 {
			wg.Go(func() {
				login := fmt.Sprint("staff", i)
				changed, err := db.ChangeCase(ctx, c.ID, claim(login))
				mu.Lock()
				defer mu.Unlock()
				var taken *handoff.Taken
				switch {
				case err == nil && winner == "":
					winner = changed.Case.Holder
				case errors.As(err, &taken):
					losers = append(losers, taken.Holder)
				default:
					t.Errorf("%s: %v, and %s had won", login, err, winner)
				}
			})
		}
		wg.Wait()
		if winner == "" || len(losers) != 7 {
			t.Fatalf("%q won, %d lost", winner, len(losers))
		}
		for _, l := range losers {
			if l != winner {
				t.Errorf("%s won, a loser was told %s", winner, l)
			}
		}
		if h, _ := db.HoldOf(ctx, c.Contact); h.Kind != bot.HoldClaimed || h.Epoch <= c.Epoch || h.Case != c.ID {
			t.Errorf("%+v", h)
		}
	})

	t.Run("a refused change writes nothing", func(t *testing.T) {
		c, _ := open(t, newCase(somebody(), "1"))
		no := errors.New("no")
		if _, err := db.ChangeCase(ctx, c.ID, func(c handoff.Case) (handoff.Change, error) {
			c.State = handoff.Closed
			return handoff.Change{Case: c, Said: []handoff.Message{said("x", "")}, At: noon}, no
		}); !errors.Is(err, no) {
			t.Errorf("%v", err)
		}
		change(t, c.ID, func(c handoff.Case) (handoff.Change, error) {
			c.State = handoff.Closed
			return handoff.Change{Case: c, Nothing: true}, nil
		})
		if now, _ := db.Case(ctx, c.ID); now.State != handoff.Waiting || len(texts(t, c.ID, 0, noon)) != 0 {
			t.Errorf("%+v", now)
		}
		if changed, err := db.ChangeCase(ctx, "none", claim("x")); changed != nil || err != nil {
			t.Errorf("%+v %v", changed, err)
		}
	})

	t.Run("messages are kept once by their key, and end", func(t *testing.T) {
		c, _ := open(t, newCase(somebody(), "1"))
		secret := said("secret", "")
		secret.Ends = noon.Add(time.Hour)
		for range 2 {
			change(t, c.ID, func(c handoff.Case) (handoff.Change, error) {
				return handoff.Change{Case: c, Said: []handoff.Message{said("a", handoff.Queued), secret, said("b", "")}, At: noon}, nil
			})
		}
		if diff := cmp.Diff([]string{"1 aqueued", "2 secret", "3 b"}, texts(t, c.ID, 0, noon)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"3 b"}, texts(t, c.ID, 1, noon.Add(time.Hour))); diff != "" {
			t.Error(diff)
		}
		queued, err := db.QueuedMessages(ctx, c.ID, noon.Add(time.Second), 10)
		if err != nil || len(queued) != 1 || queued[0].Text != "a" {
			t.Fatalf("%v %v", queued, err)
		}
		if early, _ := db.QueuedMessages(ctx, c.ID, noon, 10); len(early) != 0 {
			t.Errorf("%v", early)
		}
		for _, step := range []struct {
			state handoff.MessageState
			won   bool
		}{{handoff.Doubtful, true}, {handoff.Doubtful, false}, {handoff.Sent, true}, {handoff.Failed, false}} {
			won, err := db.MarkMessage(ctx, queued[0].ID, step.state, "")
			if err != nil || won != step.won {
				t.Errorf("%s: %v %v", step.state, won, err)
			}
		}
		if m, err := db.Message(ctx, queued[0].ID); err != nil || m.State != handoff.Sent || m.Why != handoff.Twice {
			t.Errorf("%+v %v", m, err)
		}
	})

	t.Run("who works for a place sees its cases", func(t *testing.T) {
		who := somebody()
		mine := newCase(who, "1")
		mine.Place, mine.Org, mine.Queue = "co-to", "Trường A", "loans"
		c, _ := open(t, mine)
		change(t, c.ID, claim("lan"))
		for _, see := range []struct {
			within staff.Scope
			want   int
		}{
			{staff.Scope{}, 0}, {staff.Scope{Province: true}, 1}, {staff.Scope{Places: []string{"co-to"}}, 1}, {staff.Scope{Places: []string{"ba-che"}}, 0},
			{staff.Scope{Org: "Trường A"}, 1}, {staff.Scope{Org: "Trường B"}, 0},
		} {
			q := handoff.Query{Within: see.within, Queue: "loans", Holder: "lan", Of: who, States: []handoff.State{handoff.Claimed}, Limit: 10}
			list, err := db.Cases(ctx, q)
			if err != nil || len(list) != see.want {
				t.Errorf("%+v: %d cases, %v", see.within, len(list), err)
			}
			counts, err := db.CountCases(ctx, q)
			if err != nil || counts[handoff.Claimed] != see.want {
				t.Errorf("%+v: counted %v, %v", see.within, counts, err)
			}
			if see.within.Holds(c.Where()) != (see.want == 1) {
				t.Errorf("%+v: the scope itself says otherwise", see.within)
			}
		}
	})

	t.Run("holds wait until the session was told", func(t *testing.T) {
		who := somebody()
		find := func() *handoff.Held {
			t.Helper()
			all, err := db.Holds(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range all {
				if h.Contact == who {
					return &h
				}
			}
			return nil
		}
		first, err := db.SetHold(ctx, who, bot.HoldDuty, "", noon)
		if err != nil {
			t.Fatal(err)
		}
		second, err := db.SetHold(ctx, who, "", "", noon.Add(-time.Hour)) // by a clock that is late
		if err != nil || second.Epoch <= first.Epoch {
			t.Errorf("%+v after %+v, %v", second, first, err)
		}
		if err := db.TellHold(ctx, who, first.Epoch); err != nil {
			t.Fatal(err)
		}
		if h := find(); h == nil || h.Told || h.Hold != second {
			t.Errorf("%+v", h)
		}
		if err := db.TellHold(ctx, who, second.Epoch); err != nil {
			t.Fatal(err)
		}
		if h := find(); h != nil {
			t.Errorf("%+v", h)
		}
	})

	t.Run("deleting a person leaves nothing of them", func(t *testing.T) {
		c, _ := open(t, newCase(somebody(), "1"), said("my secret", ""))
		change(t, c.ID, claim("lan"))
		if err := db.People([]byte("key")).Delete(ctx, c.Contact, noon.UnixMilli()); err != nil {
			t.Fatal(err)
		}
		now, err := db.Case(ctx, c.ID)
		if err != nil || now.Open() || now.ClosedBy != handoff.ByErasing || now.Contact != (bot.Contact{}) || now.Summary.Wish != "" || now.Turn != "" {
			t.Errorf("%+v %v", now, err)
		}
		if list := texts(t, c.ID, 0, noon); len(list) != 1 || list[0][:2] != "2 " {
			t.Errorf("%v", list)
		}
		if h, err := db.HoldOf(ctx, c.Contact); err != nil || h.Epoch != 0 {
			t.Errorf("%+v %v", h, err)
		}
	})

	t.Run("what was said ends long after the case", func(t *testing.T) {
		c, _ := open(t, newCase(somebody(), "1"), said("a", ""))
		change(t, c.ID, func(c handoff.Case) (handoff.Change, error) {
			c.State, c.Outcome, c.ClosedAt = handoff.Closed, handoff.Answered, noon
			return handoff.Change{Case: c, Hold: &bot.Hold{}, At: noon}, nil
		})
		for _, before := range []time.Duration{0, time.Second} {
			if _, err := db.ForgetCases(ctx, noon.Add(before), noon); err != nil {
				t.Fatal(err)
			}
			if left := len(texts(t, c.ID, 0, noon)); left != map[time.Duration]int{0: 1, time.Second: 0}[before] {
				t.Errorf("%d messages are left before %v", left, before)
			}
		}
		if now, _ := db.Case(ctx, c.ID); now.Outcome != handoff.Answered || now.Contact != (bot.Contact{}) {
			t.Errorf("%+v", now)
		}
	})

	t.Run("reading is noted once an hour", func(t *testing.T) {
		for i, at := range []time.Time{noon, noon.Add(time.Minute), noon.Add(2 * time.Hour)} {
			e := staff.NewEntry(staff.Operator, at, "case.read", "case:read", "")
			if err := db.NoteReading(ctx, e); err != nil {
				t.Fatal(err)
			}
			got, err := db.Staff().Entries(ctx, staff.Query{About: "case:read", Limit: 10})
			if want := []int{1, 1, 2}[i]; err != nil || len(got) != want {
				t.Errorf("%v: %d entries, %v", at, len(got), err)
			}
		}
	})
}
