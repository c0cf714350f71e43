package handoff_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"nghe/bot"
	"nghe/handoff"
)

// weak is a store of talks that can't be reached for a while.
type weak struct {
	handoff.Talks
	down  bool
	tried int
}

func (w *weak) Relay(ctx context.Context, c bot.Contact, name string, bubbles []bot.Bubble, now time.Time) error {
	w.tried++
	if w.down {
		return errors.New("away")
	}
	return w.Talks.Relay(ctx, c, name, bubbles, now)
}

// What could not be relayed when it was said is relayed later, by whichever
// process looks, in its order and once; what was said too long ago is not.
func TestWhatWasNotRelayedIsRelayedLater(t *testing.T) {
	w := newWorld(t)
	p, other := w.start(), w.start()
	talks := &weak{Talks: p.turns}
	p.Talks = talks
	c, _, err := p.Desk.Open(t.Context(), handoff.Opening{Contact: web(1), Turn: "web:1", Kind: handoff.Help, At: monday})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Claim(t.Context(), c.ID, hoa, monday); err != nil {
		t.Fatal(err)
	}
	now := monday.Add(time.Minute)
	say := func(text string) {
		t.Helper()
		if m, err := p.Say(t.Context(), c.ID, hoa, text, text, now); err != nil || talks.down && m.State != handoff.Queued {
			t.Fatalf("%+v %v", m, err)
		}
	}
	sweep := func(d *handoff.Desk) {
		t.Helper()
		if err := d.Sweep(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	said := func(want ...string) {
		t.Helper()
		var texts []string
		for _, b := range w.bubbles(web(1)) {
			if b.By != "" {
				texts = append(texts, b.Text)
			}
		}
		if !slices.Equal(texts, want) {
			t.Errorf("%q, want %q", texts, want)
		}
	}
	talks.down = true
	say("một")
	say("hai")
	said()
	// Who says it relays it: for two seconds nobody else tries.
	tried := talks.tried
	now = now.Add(time.Second)
	if sweep(p.Desk); talks.tried != tried {
		t.Error("tried again at once")
	}
	// Still away: the first is tried, and the second waits behind it.
	now = now.Add(2 * time.Second)
	if sweep(p.Desk); talks.tried != tried+1 {
		t.Errorf("%d tries", talks.tried-tried)
	}
	said()
	// Another process can.
	sweep(other.Desk)
	said("Hoa: một", "Hoa: hai")
	// And back again, nothing is said twice.
	talks.down = false
	sweep(p.Desk)
	say("ba")
	said("Hoa: một", "Hoa: hai", "Hoa: ba")
	// A word that nobody could bring for two days comes no more, and the counsellor
	// reads why.
	talks.down = true
	say("bốn")
	talks.down, now = false, now.Add(bot.OutboxLife+time.Minute)
	sweep(p.Desk)
	said("Hoa: một", "Hoa: hai", "Hoa: ba")
	all, err := p.Messages(t.Context(), c, 0, now)
	if err != nil {
		t.Fatal(err)
	}
	if last := all[len(all)-1]; last.Text != "bốn" || last.State != handoff.Failed || last.Why != "late" {
		t.Errorf("%+v", last)
	}
}
