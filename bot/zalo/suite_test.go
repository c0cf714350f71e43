package zalo_test

import (
	"context"
	"testing"
	"time"

	"nghe/bot"
	"nghe/bot/bottest"
	fakezalo "nghe/bot/bottest/zalo"
)

func TestZalo(t *testing.T) {
	bottest.ChannelSuite(t, func(t *testing.T, again bool) *bottest.Rig {
		o := open(t)
		if again {
			o.Deliveries(fakezalo.Delivery{Prefix: true, Repeat: 3})
		}
		return &bottest.Rig{
			Platform: phone{o}, Channel: o.account, Person: person("1"), Clock: o.clock, Log: o.log, Logged: o.told,
			Secrets: []string{o.OASecret, o.AppSecret, o.keeper.Consent, o.token(t, o.keeper), string(tapKey)},
		}
	})
}

// phone is a person on the fake Zalo.
type phone struct{ *office }

func (p phone) Begin(_ testing.TB, _ *bot.Turns, r *bot.Receiver) { p.webhook.Accept = r }

func (p phone) Says(t testing.TB, text string) {
	p.office.Say("1", text)
	p.Deliver(t.Context())
}

func (p phone) Taps(t testing.TB, label string) {
	t.Helper()
	if err := p.Tap("1", label); err != nil {
		t.Fatal(err)
	}
	p.Deliver(t.Context())
}

func (p phone) Sent() (sent []bottest.Sent) {
	for _, m := range p.Server.Sent() {
		s := bottest.Sent{Text: m.Text}
		for _, b := range m.Buttons {
			s.Buttons = append(s.Buttons, b.Title)
		}
		sent = append(sent, s)
	}
	return sent
}

func (p phone) Wait(ctx context.Context, n int) error {
	_, err := p.WaitSent(ctx, n)
	return err
}

func (p phone) Fail(f bottest.Failure) (least time.Duration) {
	if f == bottest.Revoked { // and no new token is to be had
		p.clock.Pass(20 * time.Minute) // the last one is not of just now
		p.RevokeAccess()
		p.RevokeRefresh()
		return 0
	}
	fault := map[bottest.Failure]fakezalo.Fault{
		bottest.PutOff:  {Code: -32},
		bottest.Refused: {Code: -201},
		bottest.Blocked: {Code: -213},
		bottest.Lost:    {Drop: fakezalo.DropAfter},
	}[f]
	fault.Path = "/message/cs"
	p.Server.Fail(fault)
	now := p.clock.Now()
	return now.Truncate(time.Minute).Add(time.Minute).Sub(now)
}
