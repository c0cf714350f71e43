package handoff_test

import (
	"testing"
	"time"

	"nghe/bot"
	"nghe/handoff"
)

// Who was being asked what to call them when a human came is not asked that once
// more afterwards: the journey goes on with what it needs to know. A question of
// the journey itself is put again.
func TestAfterAHumanWhatIsAskedOnceIsLeftOpen(t *testing.T) {
	w := newWorld(t)
	p := w.start()
	now := monday
	says := func(c bot.Contact, text, tap string) {
		t.Helper()
		now = now.Add(time.Second)
		if _, err := p.turns.Handle(t.Context(), bot.Incoming{Contact: c, Update: now.Format(time.RFC3339Nano), Text: text, Tap: tap, At: now}); err != nil {
			t.Fatal(err)
		}
	}
	helped := func(c bot.Contact) bot.Bubble {
		t.Helper()
		says(c, "gặp người", "")
		k, err := w.db.OpenCaseOf(t.Context(), c)
		if err != nil || k == nil {
			t.Fatal("no case", err)
		}
		now = now.Add(time.Second)
		if _, err := p.Claim(t.Context(), k.ID, hoa, now); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Second)
		if _, err := p.Close(t.Context(), k.ID, hoa, handoff.Answered, "", now); err != nil {
			t.Fatal(err)
		}
		all := w.bubbles(c)
		return all[len(all)-1]
	}
	first := web(1)
	says(first, "Vay vốn", "flow:loan")
	if open := w.open(first); open != "address/form=" {
		t.Fatalf("the first question is %q", open)
	}
	last, open := helped(first), w.open(first)
	if open == "" || open == "address/form=" || last.From != bot.FromBot {
		t.Errorf("at %q after %q", open, last.Text)
	}
	// The journey's own question stays the open one, and is put again.
	if again := helped(first); w.open(first) != open || again.From != bot.FromBot {
		t.Errorf("left at %q, back at %q with %q", open, w.open(first), again.Text)
	}
}
