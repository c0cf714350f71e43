package handoff_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/handoff"
)

// One person asked from two places: one case survives with what was said in
// both, by the time; the other talk is the bot's again. Of two people nothing is
// merged.
func TestMerge(t *testing.T) {
	w := newWorld(t)
	p, now := w.start(), monday
	first, second, stranger := web(1), bot.Contact{Channel: "telegram", ID: "1"}, web(2)
	p.Others = func(_ context.Context, c bot.Contact) ([]bot.Contact, error) {
		return map[bot.Contact][]bot.Contact{first: {second}, second: {first}}[c], nil
	}
	n := 0
	says := func(c bot.Contact, text string) bot.Turn {
		t.Helper()
		n++
		now = now.Add(time.Second)
		turn, err := p.turns.Handle(t.Context(), bot.Incoming{Contact: c, Update: string(rune('a' + n)), Text: text, At: now})
		if err != nil {
			t.Fatal(err)
		}
		return turn
	}
	of := func(c bot.Contact) *handoff.Case {
		t.Helper()
		k, err := p.Records.LastCaseOf(t.Context(), c)
		if err != nil || k == nil {
			t.Fatal(err)
		}
		return k
	}
	says(first, "gặp người")
	says(second, "gặp người")
	says(stranger, "gặp người")
	says(second, "tôi hỏi lớp hàn")
	says(first, "tôi là người nhắn bên kia")
	a, b, c := of(first), of(second), of(stranger)
	if _, err := p.Claim(t.Context(), a.ID, hoa, now); err != nil {
		t.Fatal(err)
	}
	refused := func(why string, err error) {
		t.Helper()
		var r *handoff.Refused
		var taken *handoff.Taken
		if !errors.As(err, &r) && !errors.As(err, &taken) || !strings.Contains(err.Error(), why) {
			t.Errorf("%v, want %q", err, why)
		}
	}
	_, err := p.Merge(t.Context(), a.ID, c.ID, hoa, now)
	refused("Chưa rõ ca #1 và ca #3", err)
	_, err = p.Merge(t.Context(), a.ID, a.ID, hoa, now)
	refused("cùng một ca", err)
	_, err = p.Merge(t.Context(), a.ID, b.ID, binh, now)
	refused("đang do Hoa", err)
	now = now.Add(time.Second)
	for range 2 { // twice is as once
		if _, err := p.Merge(t.Context(), "#1", "2", hoa, now); err != nil {
			t.Fatal(err)
		}
	}
	kept, said, err := p.Read(t.Context(), a.ID, hoa, now)
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for i, m := range said {
		if m.From == handoff.FromPerson {
			order = append(order, m.Text)
		}
		if i > 0 && m.At.Before(said[i-1].At) {
			t.Errorf("%q stands after what came later", m.Text)
		}
	}
	if !slices.Equal(order, []string{"gặp người", "gặp người", "tôi hỏi lớp hàn", "tôi là người nhắn bên kia"}) || kept.Holder != "hoa" || !slices.Equal(kept.Merged, []string{"#2"}) {
		t.Errorf("%q in %+v", order, kept)
	}
	if gone := of(second); gone.Outcome != handoff.Merged || gone.MergedInto != "#1" || gone.Open() {
		t.Errorf("%+v", gone)
	}
	if all := w.bubbles(second); !strings.Contains(all[len(all)-1].Text, "ở một nơi nhắn khác") {
		t.Errorf("the person reads %q", all[len(all)-1].Text)
	}
	if got := says(second, "hỗ trợ tiền ăn bao nhiêu"); len(got.Bubbles) == 0 {
		t.Error("the bot does not answer in the other place")
	}
	if got := says(first, "alo"); len(got.Bubbles) != 0 {
		t.Errorf("the bot speaks while a human does: %+v", got.Bubbles)
	}
	if m, err := p.Say(t.Context(), a.ID, hoa, "chào chị", "k", now); err != nil || m.State != handoff.Sent {
		t.Errorf("%+v %v", m, err)
	}
	if text := w.bubbles(second); strings.Contains(text[len(text)-1].Text, "chào chị") {
		t.Error("the word went to the other place")
	}
}
