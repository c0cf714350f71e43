package zalobot_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"nghe/bot"
	"nghe/bot/bottest"
	fakezalobot "nghe/bot/bottest/zalobot"
	"nghe/bot/zalobot"
)

func TestZaloBotByPolling(t *testing.T) { suite(t, false) }
func TestZaloBotByWebhook(t *testing.T) { suite(t, true) }

func suite(t *testing.T, webhook bool) {
	bottest.ChannelSuite(t, func(t *testing.T, again bool) *bottest.Rig {
		b := open(t, func(s *fakezalobot.Settings) { s.Replay = again })
		p := &phone{booth: b, webhook: webhook}
		if again {
			p.repeat = 3
		}
		return &bottest.Rig{
			Platform: p, Channel: b.bot, Person: bot.Contact{Channel: zalobot.Channel, ID: "u1"}, Clock: b.clock, Log: b.log, Logged: b.told,
			Secrets: []string{b.Token, secret},
		}
	})
}

// phone is a person on the fake platform.
type phone struct {
	*booth
	webhook bool
	repeat  int
}

func (p *phone) Begin(t testing.TB, _ *bot.Turns, r *bot.Receiver) {
	if p.webhook {
		p.booth.webhook.Accept = r
		p.WebhookHandler = p.booth.webhook
		p.register(t)
		return
	}
	poller := &zalobot.Poller{Bot: p.bot, Accept: r, Sleep: func(_ context.Context, d time.Duration) { p.clock.Pass(d) }}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	t.Cleanup(func() { stop(); running.Wait() })
	running.Go(func() {
		if err := poller.Run(ctx); err != nil {
			t.Error(err)
		}
	})
}

func (p *phone) Says(t testing.TB, text string) {
	p.Say("u1", "An", text)
	if p.webhook {
		p.Deliver(t.Context(), fakezalobot.Delivery{Repeat: p.repeat})
	}
}

func (p *phone) Taps(t testing.TB, label string) { t.Errorf("no button %q: there are none", label) }

func (p *phone) Sent() (sent []bottest.Sent) {
	for _, m := range p.Server.Sent() {
		sent = append(sent, bottest.Sent{Text: m.Text})
	}
	return sent
}

func (p *phone) Wait(ctx context.Context, n int) error {
	_, err := p.WaitSent(ctx, n)
	return err
}

func (p *phone) Fail(f bottest.Failure) (least time.Duration) {
	fault := map[bottest.Failure]fakezalobot.Fault{
		bottest.PutOff:  {Status: 429},
		bottest.Refused: {Status: 400},
		bottest.Blocked: {Status: 403},
		bottest.Lost:    {Drop: true},
		bottest.Revoked: {Status: 401},
	}[f]
	fault.Method = "sendMessage"
	p.Server.Fail(fault)
	return time.Hour // the plan says nothing; asking sooner would be hammering
}
