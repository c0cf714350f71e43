package telegram

import (
	"context"
	"slices"
	"testing"
	"time"

	"nghe/bot"
	"nghe/bot/bottest"
	faketelegram "nghe/bot/bottest/telegram"
)

// What the suite of all channels does not know, by polling and by webhook, at
// Telegram's pace: begun by Start, marked where it was tapped, shut out while
// an answer is on its way, let in again.
func TestATalk(t *testing.T) {
	for name, webhook := range map[string]bool{"polling": false, "webhook": true} {
		t.Run(name, func(t *testing.T) {
			turns := bottest.New(t)
			w := newWorld(t, webhook, func(f *faketelegram.Settings, s *Settings) {
				f.Pace = &faketelegram.Published
				s.Turns = turns
			})
			sender := &bot.Sender{
				Outbox: turns.Sessions, Channels: map[string]bot.Channel{Name: w.Channel}, Log: w.Channel.Log, Now: w.clock.Now, Owner: "a",
				After: func(time.Duration, func()) {},
			}
			var gone []string // written before “done”
			sender.Gone = func(c bot.Contact, reason string) { gone = append(gone, c.String()+" "+reason) }
			t.Cleanup(func() { t.Logf("said %q", w.Said(5)) })
			marked := make(chan error, 10)
			w.Channel.Pace = func(ctx context.Context, c bot.Contact, do func(context.Context) error) error {
				err := sender.Paced(ctx, c, do)
				marked <- err
				return err
			}
			sent := make(chan struct{}, 10)
			turns.Sessions.Before = func(call string) error {
				if call == "done" {
					sent <- struct{}{}
				}
				return nil
			}
			turns.Pushed = func(channel string) bool { return channel == Name }
			turns.Said = sender.Wake
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() { defer close(done); sender.Run(ctx) }()
			t.Cleanup(func() { cancel(); <-done })
			w.run(t)

			a := w.Person(5, "An")
			shows := func(tapped bool, want ...string) {
				t.Helper()
				w.until(t, want[len(want)-1], func() bool { return slices.Equal(w.Said(5), want) && w.taken() })
				<-sent
				if tapped {
					w.await(t, markAfter, markAfter)
				}
				w.clock.Pass(3 * time.Second) // nobody is written to twice in a second
			}
			a.Starts("")
			shows(false, "what now?\n\nintro friend")
			if m := w.Messages(5)[1]; !slices.Equal(m.Buttons(), []string{"The colour", "The sky"}) {
				t.Errorf("buttons %v", m.Buttons())
			}
			a.Taps("The colour")
			shows(true, "what now?\n\nintro friend", "red or blue?")
			w.until(t, "marked", func() bool { return slices.Equal(w.Messages(5)[1].Buttons(), []string{"✓ The colour", "The sky"}) })
			if err := <-marked; err != nil {
				t.Error(err)
			}
			w.clock.Pass(2 * time.Second)
			a.Says("Blue")
			shows(false, "what now?\n\nintro friend", "red or blue?", "it is BLUE")

			// Shut out while an answer is on its way: nobody tries again.
			hold := make(chan struct{})
			w.Fail("sendMessage", faketelegram.Fault{Until: hold, Code: 403, Description: "Forbidden: bot was blocked by the user"})
			a.Says("sky")
			w.until(t, "the answer is on its way", func() bool { return w.Held("sendMessage") })
			a.Blocks()
			close(hold)
			<-sent // given up
			w.until(t, "taken", w.taken)
			a.Unblocks()
			w.until(t, "taken", w.taken)
			w.clock.Pass(2 * time.Second)
			a.Says("sky")
			shows(false, "what now?\n\nintro friend", "red or blue?", "it is BLUE", "the sky is blue\nsource")
			if !slices.Equal(w.reach, []string{"telegram:5 false", "telegram:5 true"}) || !slices.Equal(gone, []string{"telegram:5 blocked"}) {
				t.Errorf("reach %q, gone %q", w.reach, gone)
			}
			for _, c := range w.Calls("") {
				if c.Code == 429 {
					t.Errorf("%s was refused for its pace", c.Method)
				}
			}
		})
	}
}
