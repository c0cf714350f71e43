package telegram

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"nghe/bot"
	"nghe/bot/bottest"
	faketelegram "nghe/bot/bottest/telegram"
)

func TestTelegramByPolling(t *testing.T) { suite(t, false) }
func TestTelegramByWebhook(t *testing.T) { suite(t, true) }

func suite(t *testing.T, webhook bool) {
	bottest.ChannelSuite(t, func(t *testing.T, again bool) *bottest.Rig {
		w := newWorld(t, webhook, func(f *faketelegram.Settings, _ *Settings) {
			if again {
				f.Deliveries = func(int64) int { return 3 }
			}
		})
		p := &phone{world: w, Person: w.Person(5, "An"), lossy: again && !webhook}
		return &bottest.Rig{
			Platform: p, Channel: w.Channel, Person: five, Clock: w.clock, Log: w.Channel.Log, Logged: w.logs.String,
			Secrets: []string{faketelegram.Token, faketelegram.Token[11:], secret},
		}
	})
}

// phone is a person on the fake Telegram.
type phone struct {
	*world
	*faketelegram.Person
	lossy bool // the answer to the first poll is lost, and its updates come again
}

func (p *phone) Begin(t testing.TB, turns *bot.Turns, _ *bot.Receiver) {
	p.Channel.Turns = turns
	if p.lossy {
		p.Server.Fail("getUpdates", faketelegram.Lost)
	}
	p.run(t)
}

func (p *phone) Says(t testing.TB, text string) {
	t.Helper()
	p.Person.Says(text)
	if p.lossy {
		p.lossy = false
		p.wake(t, time.Second, time.Second)
	}
}

func (p *phone) Taps(t testing.TB, label string) {
	t.Helper()
	if p.Person.Taps(label) == "" {
		t.Fatalf("no button %q", label)
	}
}

func (p *phone) Sent() (sent []bottest.Sent) {
	for _, c := range p.Calls("sendMessage") {
		if c.MessageID == 0 {
			continue
		}
		m := bottest.Sent{Text: c.Params["text"]}
		var keyboard inlineKeyboard
		if json.Unmarshal([]byte(c.Params["reply_markup"]), &keyboard) == nil {
			for _, row := range keyboard.Rows {
				for _, b := range row {
					m.Buttons = append(m.Buttons, b.Text)
				}
			}
		}
		sent = append(sent, m)
	}
	return sent
}

func (p *phone) Wait(ctx context.Context, n int) error {
	return p.Server.Wait(ctx, func() bool { return len(p.Sent()) >= n })
}

func (p *phone) Fail(f bottest.Failure) (least time.Duration) {
	p.Server.Fail("sendMessage", map[bottest.Failure]faketelegram.Fault{
		bottest.PutOff:  faketelegram.TooMany(7),
		bottest.Refused: faketelegram.Refusal(400, "Bad Request: message text is empty"),
		bottest.Blocked: faketelegram.Blocked,
		bottest.Lost:    faketelegram.Lost,
		bottest.Revoked: faketelegram.Refusal(401, "Unauthorized"),
	}[f])
	return 7 * time.Second
}
