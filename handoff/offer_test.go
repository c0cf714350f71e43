package handoff_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/handoff"
	"nghe/staff"
)

type onlyStaff []staff.Member

func (m onlyStaff) Members(context.Context) ([]staff.Member, error) { return m, nil }

// Who alone is on duty is asked once about a case; then who supervises is told.
// As soon as somebody else is there, they are asked.
func TestALoneCounsellorIsAskedOnce(t *testing.T) {
	w := newWorld(t)
	p, now := w.start(), monday
	p.Roster, p.Staff = w.db, onlyStaff{hoa, binh}
	var told []string
	p.Notify = func(_ context.Context, n handoff.Notice) error { told = append(told, n.Text); return nil }
	if _, err := p.SignOn(t.Context(), hoa, bot.Contact{}, now); err != nil {
		t.Fatal(err)
	}
	c, _, err := p.Open(t.Context(), handoff.Opening{Contact: web(1), Turn: "web:1", Kind: handoff.Help, At: now})
	if err != nil {
		t.Fatal(err)
	}
	offers := map[string]int{}
	for range 40 {
		if err := p.Tick(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Minute)
		x, err := p.Records.Case(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		offers[x.Offered+x.OfferEnds.String()]++
	}
	if len(offers) != 1 {
		t.Errorf("offered %d times: %v", len(offers), offers)
	}
	if len(told) == 0 || !strings.Contains(told[0], "Người duy nhất đang trực") {
		t.Errorf("those who supervise were told %q", told)
	}
	if _, err := p.SignOn(t.Context(), binh, bot.Contact{}, now); err != nil {
		t.Fatal(err)
	}
	if err := p.Offer(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if x, err := p.Records.Case(t.Context(), c.ID); err != nil || x.Offered != "binh" {
		t.Errorf("%+v %v", x, err)
	}
}

// What the bot answered right before chooses the queue, and commands are no wish.
func TestTheLastTopicChoosesTheQueue(t *testing.T) {
	w := newWorld(t)
	p := w.start()
	p.Steers = func(text string) bool { return text == "gọi bot lại" }
	for i, c := range []struct{ says, queue, wish string }{
		{"có phải thế chấp không", "loans", "có phải thế chấp không"}, {"hỗ trợ tiền ăn bao nhiêu", "training", "hỗ trợ tiền ăn bao nhiêu"}, {"gọi bot lại", "training", ""},
	} {
		who := web(i + 1)
		for n, text := range []string{c.says, "gặp người"} {
			if _, err := p.turns.Handle(t.Context(), bot.Incoming{Contact: who, Update: string(rune('a' + n)), Text: text, At: monday.Add(time.Duration(n) * time.Second)}); err != nil {
				t.Fatal(err)
			}
		}
		k, err := p.Records.OpenCaseOf(t.Context(), who)
		if err != nil || k == nil {
			t.Fatal(err)
		}
		if k.Queue != c.queue || k.Summary.Wish != c.wish {
			t.Errorf("%q: queue %s, wish %q", c.says, k.Queue, k.Summary.Wish)
		}
	}
}
