package store_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"nghe/bot"
	"nghe/store"
)

// outboxSuite is what every outbox does alike.
func outboxSuite(t *testing.T, s store.Sessions) {
	ctx := t.Context()
	// say commits a turn whose bubbles are sent.
	say := func(t *testing.T, c bot.Contact, base int64, id string, texts ...string) {
		t.Helper()
		commit := turn(c, base, id, texts...)
		commit.Send = true
		commit.Bubbles = append([]bot.Bubble{{From: bot.FromPerson, Text: "asked", At: noon, Turn: id}}, commit.Bubbles...)
		if _, err := s.Save(ctx, commit); err != nil {
			t.Fatal(err)
		}
	}
	take := func(t *testing.T, c bot.Contact, owner string, now time.Time) *bot.Delivery {
		t.Helper()
		d, err := s.Take(ctx, c, owner, now)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	is := func(t *testing.T, d *bot.Delivery, turn string, texts ...string) {
		t.Helper()
		if d == nil {
			t.Fatalf("nothing was given, want turn %s", turn)
		}
		var got []string
		for _, b := range d.Bubbles {
			got = append(got, b.Text)
		}
		if d.Turn != turn || !slices.Equal(got, texts) || !d.At.Equal(noon) {
			t.Fatalf("turn %s of %v says %q, want turn %s with %q", d.Turn, d.At, got, turn, texts)
		}
	}
	due := func(t *testing.T, c bot.Contact, now time.Time) bool {
		t.Helper()
		list, err := s.Due(ctx, now, 1000)
		if err != nil {
			t.Fatal(err)
		}
		return containsContact(list, c)
	}
	must := func(t *testing.T, ok bool, err error) {
		t.Helper()
		if err != nil || !ok {
			t.Fatalf("%v %v", ok, err)
		}
	}

	t.Run("deliveries go in order, one at a time", func(t *testing.T) {
		c := somebody()
		say(t, c, 0, "1", "a", "b")
		say(t, c, 1, "2", "c")
		if !due(t, c, noon) {
			t.Error("not due")
		}
		first := take(t, c, "p1", noon)
		is(t, first, "1", "a", "b")
		if d := take(t, c, "p2", noon.Add(time.Second)); d != nil {
			t.Errorf("two send to one contact at a time: %+v", d)
		}
		ok, err := s.Done(ctx, first, "p1")
		must(t, ok, err)
		second := take(t, c, "p2", noon.Add(time.Second))
		is(t, second, "2", "c")
		if second.Crashed || second.Doubts != 0 {
			t.Errorf("in doubt: %+v", second)
		}
		ok, err = s.Done(ctx, second, "p2")
		must(t, ok, err)
		if d := take(t, c, "p1", noon.Add(time.Hour)); d != nil || due(t, c, noon.Add(time.Hour)) {
			t.Errorf("there is more: %+v", d)
		}
	})

	t.Run("a turn that is not pushed leaves nothing to send", func(t *testing.T) {
		c := somebody()
		if _, err := s.Save(ctx, turn(c, 0, "1", "a")); err != nil {
			t.Fatal(err)
		}
		if d := take(t, c, "p1", noon); d != nil || due(t, c, noon) {
			t.Errorf("%+v", d)
		}
	})

	t.Run("a delivery that waits holds its followers for a minute", func(t *testing.T) {
		c := somebody()
		say(t, c, 0, "1", "a")
		say(t, c, 1, "2", "b")
		first := take(t, c, "p1", noon)
		first.Tries, first.NotBefore, first.Blocked = 1, noon.Add(90*time.Second), noon
		ok, err := s.Put(ctx, first, "p1", noon)
		must(t, ok, err)
		if d := take(t, c, "p2", noon.Add(59*time.Second)); d != nil {
			t.Errorf("overtaken: %+v", d)
		}
		second := take(t, c, "p2", noon.Add(61*time.Second))
		is(t, second, "2", "b")
		ok, err = s.Done(ctx, second, "p2")
		must(t, ok, err)
		if due(t, c, noon.Add(89*time.Second)) || !due(t, c, noon.Add(90*time.Second)) {
			t.Error("due at another time than it was put off to")
		}
		again := take(t, c, "p2", noon.Add(90*time.Second))
		is(t, again, "1", "a")
		if again.Tries != 1 || again.Crashed || !again.Blocked.Equal(noon) {
			t.Errorf("%+v", again)
		}
		if ok, err = s.Done(ctx, again, "p2"); !ok || err != nil {
			t.Error(ok, err)
		}
	})

	t.Run("progress is kept, and who lost the lease can't write", func(t *testing.T) {
		c := somebody()
		say(t, c, 0, "1", "a")
		mine := take(t, c, "p1", noon)
		mine.Parts = 2
		ok, err := s.Note(ctx, mine, "p1", noon.Add(20*time.Second))
		must(t, ok, err)
		if d := take(t, c, "p2", noon.Add(49*time.Second)); d != nil || due(t, c, noon.Add(49*time.Second)) {
			t.Errorf("the lease was not lengthened: %+v", d)
		}
		theirs := take(t, c, "p2", noon.Add(50*time.Second))
		if theirs == nil || theirs.Parts != 2 || theirs.Doubts != 1 || !theirs.Crashed {
			t.Fatalf("%+v", theirs)
		}
		for name, try := range map[string]func() (bool, error){
			"note": func() (bool, error) { return s.Note(ctx, mine, "p1", noon) },
			"put":  func() (bool, error) { return s.Put(ctx, mine, "p1", noon) },
			"done": func() (bool, error) { return s.Done(ctx, mine, "p1") },
		} {
			if ok, err := try(); ok || err != nil {
				t.Errorf("%s by who lost it: %v %v", name, ok, err)
			}
		}
		ok, err = s.Done(ctx, theirs, "p2")
		must(t, ok, err)
		if ok, err := s.Done(ctx, theirs, "p2"); ok || err != nil {
			t.Errorf("done twice: %v %v", ok, err)
		}
	})

	t.Run("of many who take at a time one gets it", func(t *testing.T) {
		c := somebody()
		for i := range int64(20) {
			say(t, c, i, fmt.Sprint(i), fmt.Sprint("text ", i))
		}
		var mu sync.Mutex
		var order []string
		var wg sync.WaitGroup
		for i := range 8 {
			owner := fmt.Sprint("p", i)
			wg.Go(func() {
				for {
					mu.Lock()
					finished := len(order) == 20
					mu.Unlock()
					if finished || t.Failed() {
						return
					}
					d, err := s.Take(ctx, c, owner, noon)
					if err != nil {
						t.Error(err)
						return
					}
					if d == nil {
						continue
					}
					mu.Lock()
					order = append(order, d.Turn)
					mu.Unlock()
					if ok, err := s.Done(ctx, d, owner); !ok || err != nil {
						t.Errorf("%v %v", ok, err)
					}
				}
			})
		}
		wg.Wait()
		for i, turn := range order {
			if turn != fmt.Sprint(i) {
				t.Fatalf("sent in the order %v", order)
			}
		}
	})

	t.Run("erasing takes back what was not sent", func(t *testing.T) {
		c := somebody()
		say(t, c, 0, "1", "secret")
		erase := turn(c, 1, "2", "deleted")
		erase.Erase, erase.Session, erase.Send = true, nil, true
		if _, err := s.Save(ctx, erase); err != nil {
			t.Fatal(err)
		}
		d := take(t, c, "p1", noon)
		is(t, d, "2", "deleted")
		ok, err := s.Done(ctx, d, "p1")
		must(t, ok, err)
		if d := take(t, c, "p1", noon); d != nil {
			t.Errorf("%+v", d)
		}
	})
}

// inboxSuite is what every inbox does alike.
func inboxSuite(t *testing.T, s store.Sessions) {
	ctx := t.Context()
	message := func(c bot.Contact, update, text string) bot.Incoming {
		return bot.Incoming{Contact: c, Update: update, Text: text, At: noon}
	}
	accept := func(t *testing.T, in bot.Incoming, now time.Time) bool {
		t.Helper()
		fresh, err := s.Accept(ctx, in, now)
		if err != nil {
			t.Fatal(err)
		}
		return fresh
	}
	texts := func(t *testing.T, c bot.Contact) (list []string) {
		t.Helper()
		all, err := s.Accepted(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range all {
			if in.Contact != c || !in.At.Equal(noon) {
				t.Errorf("%+v", in)
			}
			list = append(list, in.Text)
		}
		return list
	}

	t.Run("messages wait in order until their turn is written", func(t *testing.T) {
		c := somebody()
		if !accept(t, message(c, "u1", "một"), noon) || !accept(t, message(c, "u2", "hai\x00"), noon.Add(time.Second)) {
			t.Error("not taken")
		}
		if accept(t, message(c, "u1", "một"), noon) {
			t.Error("taken twice")
		}
		if got := texts(t, c); !slices.Equal(got, []string{"một", "hai\x00"}) {
			t.Errorf("%q", got)
		}
		left := func(before time.Time) bool {
			list, err := s.Left(ctx, before, 1000)
			if err != nil {
				t.Fatal(err)
			}
			return containsContact(list, c)
		}
		if left(noon.Add(-time.Second)) || !left(noon) {
			t.Error("left at another time than it was accepted")
		}
		save := func(base int64, update string) {
			t.Helper()
			if _, err := s.Save(ctx, turn(c, base, message(c, update, "").Turn(), "answer")); err != nil {
				t.Fatal(err)
			}
		}
		save(0, "u1")
		if got := texts(t, c); !slices.Equal(got, []string{"hai\x00"}) {
			t.Errorf("%q", got)
		}
		if accept(t, message(c, "u1", "một"), noon) {
			t.Error("taken again after its turn")
		}
		save(1, "u2")
		if got := texts(t, c); len(got) > 0 || left(noon.Add(time.Hour)) {
			t.Errorf("left: %q", got)
		}
	})

	t.Run("of many who accept the same message one is first", func(t *testing.T) {
		c := somebody()
		var mu sync.Mutex
		first := 0
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				fresh, err := s.Accept(context.WithoutCancel(ctx), message(c, "u", "x"), noon)
				if err != nil {
					t.Error(err)
				}
				if fresh {
					mu.Lock()
					first++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if first != 1 || len(texts(t, c)) != 1 {
			t.Errorf("%d times", first)
		}
	})
}
