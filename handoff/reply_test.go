package handoff_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/content"
	"nghe/handoff"
)

// The word with which a case is taken is one message to the person, together with
// who has joined: a chat takes one message a second. Done again it is said once,
// and from then on words go alone.
func TestTheFirstWordGoesWithTheClaim(t *testing.T) {
	for _, pushed := range []bool{true, false} {
		w := newWorld(t)
		p := w.start()
		p.Pushed = func(string) bool { return pushed }
		c, _, err := p.Desk.Open(t.Context(), handoff.Opening{Contact: web(1), Turn: "web:1", Kind: handoff.Help, At: monday})
		if err != nil {
			t.Fatal(err)
		}
		before := len(w.bubbles(web(1)))
		for range 2 {
			if _, err := p.Reply(t.Context(), c.ID, hoa, "Chào bác", "k1", monday.Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := p.Reply(t.Context(), c.ID, hoa, "Bác cần gì?", "k2", monday.Add(2*time.Minute)); err != nil {
			t.Fatal(err)
		}
		said := w.bubbles(web(1))[before:]
		if len(said) != 3 || !strings.HasPrefix(said[0].Text, "Hoa đã vào trả lời") || said[1].Text != "Hoa: Chào bác" || said[2].Text != "Hoa: Bác cần gì?" {
			t.Fatalf("%+v", said)
		}
		// In one turn they are one message.
		if one := said[0].Turn == said[1].Turn; one != pushed || said[1].Turn == said[2].Turn {
			t.Errorf("pushed %v: %q %q %q", pushed, said[0].Turn, said[1].Turn, said[2].Turn)
		}
		if said[0].By != "" || said[1].By != "Hoa" {
			t.Errorf("%q %q", said[0].By, said[1].By)
		}
		all, err := p.Messages(t.Context(), c, 0, monday)
		if err != nil {
			t.Fatal(err)
		}
		all = slices.DeleteFunc(all, func(m handoff.Message) bool { return !m.Toward() })
		if len(all) != 2 || all[0].Lead == "" || all[1].Lead != "" || all[0].Text != "Chào bác" {
			t.Errorf("%+v", all)
		}
		// What becomes of the message is what becomes of the word.
		if pushed {
			p.Delivered(&bot.Delivery{Contact: web(1), Turn: said[1].Turn})
			if m, err := w.db.Message(t.Context(), all[0].ID); err != nil || m.State != handoff.Sent {
				t.Errorf("%+v %v", m, err)
			}
		}
		if now, err := w.db.Case(t.Context(), c.ID); err != nil || now.AnsweredAt.IsZero() || now.Holder != "hoa" {
			t.Errorf("%+v %v", now, err)
		}
	}
}

// A voice opens a case in the hours of the queue that it would come to, by the
// journey or by what the bot answered last, not in those of the queue for
// everything else.
func TestAVoiceLooksAtTheHoursOfItsQueue(t *testing.T) {
	w := newWorld(t)
	p := w.start()
	if err := p.turns.Relay(t.Context(), web(2), "x", []bot.Bubble{{From: bot.FromBot, Text: "Vay qua tổ", Topic: "loan.where"}}, monday); err != nil {
		t.Fatal(err)
	}
	for _, closed := range []string{"training", "loans"} {
		lib := *content.MustBuiltin()
		lib.Queues = nil
		for _, q := range content.MustBuiltin().Queues {
			if q.ID == closed { // nobody ever works on it
				q = &content.Queue{ID: q.ID, Topics: q.Topics, Flows: q.Flows, Else: q.Else}
			}
			lib.Queues = append(lib.Queues, q)
		}
		p.Library = func() *content.Library { return &lib }
		for _, x := range []struct {
			who         bot.Contact
			flow, queue string
		}{{web(1), "", "training"}, {web(1), "loan", "loans"}, {web(1), "course", "training"}, {web(2), "", "loans"}} {
			want := bot.TakenOpens
			if x.queue == closed {
				want = bot.NotTaken
			}
			got, err := p.Takes(t.Context(), x.who, bot.Media{Kind: bot.MediaVoice, Ref: "v"}, x.flow, "web:1", monday)
			if got != want || err != nil {
				t.Errorf("%s closed, in flow %q: %v %v, want %v", closed, x.flow, got, err, want)
			}
		}
	}
}
