package handoff_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"nghe/bot"
	"nghe/handoff"
)

// What the office writes in Zalo's app may be told twice, late, and after the
// person called the bot back: it never silences the bot for longer than asked.
func TestTheOfficeWritesInItsOwnApp(t *testing.T) {
	w := newWorld(t)
	p, now, who := w.start(), monday, web(1)
	writes := func(key string, at time.Time) {
		t.Helper()
		if err := p.OfficeWrote(t.Context(), handoff.OfficeWord{Contact: who, Key: key, Text: "chào chị " + key, At: at}, now); err != nil {
			t.Fatal(err)
		}
	}
	says := func(text string) string {
		t.Helper()
		now = now.Add(time.Second)
		turn, err := p.turns.Handle(t.Context(), bot.Incoming{Contact: who, Update: now.String(), Text: text, At: now})
		if err != nil {
			t.Fatal(err)
		}
		all := ""
		for _, b := range turn.Bubbles {
			all += b.Text + "\n"
		}
		return all
	}
	last := func() *handoff.Case {
		t.Helper()
		c, err := p.Records.LastCaseOf(t.Context(), who)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	writes("1", now)
	writes("1", now)
	c := last()
	if c == nil || c.State != handoff.Claimed || c.Holder != handoff.Office {
		t.Fatalf("%+v", c)
	}
	said, err := p.Messages(t.Context(), c, 0, now)
	if err != nil || len(said) != 1 || said[0].From != handoff.FromCounsellor || said[0].By != handoff.Office || said[0].State != handoff.Sent {
		t.Fatalf("%+v %v", said, err)
	}
	if got := says("alo"); got != "" {
		t.Errorf("the bot speaks while the office does: %q", got)
	}
	if got := says("gọi bot lại"); got == "" {
		t.Error("the bot does not come back")
	}
	writes("1", now.Add(-time.Second)) // told again after that
	if c := last(); c.Open() {
		t.Errorf("what was told again took the talk: %+v", c)
	}
	writes("2", now.Add(time.Second))
	if c := last(); c.Holder != handoff.Office || c.Number != 2 {
		t.Errorf("a new word did not: %+v", c)
	}
	now = now.Add(31 * time.Minute)
	if err := p.Tick(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if c := last(); c.Outcome != handoff.OfficeAnswered || slices.Contains(handoff.Outcomes, c.Outcome) {
		t.Errorf("half an hour later: %+v", c)
	}
	before := len(w.bubbles(who))
	writes("3", now.Add(-40*time.Minute)) // its first delivery was lost
	if c := last(); c.Number != 2 || c.Open() {
		t.Errorf("a word of 40 minutes ago took the talk: %+v", c)
	}
	if after := len(w.bubbles(who)); after != before {
		t.Error("somebody was told of it")
	}

	// A counsellor's own chat stays theirs.
	if err := p.Duty(context.Background(), web(2), true, now); err != nil {
		t.Fatal(err)
	}
	if err := p.OfficeWrote(t.Context(), handoff.OfficeWord{Contact: web(2), Key: "4", Text: "Hoa ơi", At: now}, now); err != nil {
		t.Fatal(err)
	}
	if h, err := p.Records.HoldOf(t.Context(), web(2)); h.Kind != bot.HoldDuty || err != nil {
		t.Errorf("%+v %v", h, err)
	}
}
