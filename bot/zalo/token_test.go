package zalo_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	fakezalo "nghe/bot/bottest/zalo"
	"nghe/bot/zalo"
)

func TestTokensInMemory(t *testing.T) {
	fakezalo.TestTokens(t, func(*testing.T) zalo.Tokens { return &fakezalo.Tokens{} })
}

func (o *office) asked(t *testing.T, asked, given int) {
	t.Helper()
	if a, g := o.Exchanges(); a != asked || g != given {
		t.Errorf("tokens were asked for %d times and given %d times, want %d and %d", a, g, asked, given)
	}
}

func TestATokenLivesUntilShortlyBeforeItsEnd(t *testing.T) {
	for _, form := range []struct{ numeric, bare bool }{{}, {numeric: true}, {bare: true}} {
		o := open(t)
		o.TokenForm(form.numeric, form.bare)
		token := o.token(t, o.keeper)
		o.clock.Pass(21 * time.Hour)
		if again := o.token(t, o.keeper); again != token || token != o.AccessToken() {
			t.Errorf("%q, then %q", token, again)
		}
		o.asked(t, 1, 1)
		o.clock.Pass(2 * time.Hour)
		if again := o.token(t, o.keeper); again == token || again != o.AccessToken() {
			t.Errorf("%q stayed in use", again)
		}
		o.asked(t, 2, 2)
	}
}

func TestTheKeptPairWinsOverTheSettings(t *testing.T) {
	o := open(t)
	consent := o.keeper.Consent
	token := o.token(t, o.keeper)
	t.Run("after a restart with the same settings", func(t *testing.T) {
		if got := o.token(t, o.process("second", consent)); got != token {
			t.Errorf("%q is not the token that was kept", got)
		}
		o.clock.Pass(24 * time.Hour) // the consent was used up: only the kept one works
		o.token(t, o.process("third", consent))
		o.asked(t, 2, 2)
	})
	t.Run("but for a new consent, which wins once", func(t *testing.T) {
		fresh := o.Consent() // the kept refresh token stops working
		first := o.token(t, o.process("fourth", fresh))
		o.asked(t, 3, 3)
		if again := o.token(t, o.process("fifth", fresh)); again != first {
			t.Errorf("%q, then %q", first, again)
		}
		o.asked(t, 3, 3)
		o.clock.Pass(24 * time.Hour)
		o.token(t, o.process("sixth", fresh))
		// An older setting than the newest consent is not new again.
		o.token(t, o.process("seventh", consent))
		o.asked(t, 4, 4)
	})
	t.Run("and one that Zalo refuses leaves the kept pair in use", func(t *testing.T) {
		k := o.process("eighth", "mistyped-consent-token")
		for range 3 {
			o.token(t, k)
		}
		o.asked(t, 6, 5) // refused once, and the kept one exchanged
		if o.alarms != 0 {
			t.Error("alarm without need")
		}
	})
}

func TestOneOfAllExchangesTokens(t *testing.T) {
	o := open(t)
	keepers := []*zalo.Keeper{o.keeper, o.process("second", o.keeper.Consent), o.process("third", o.keeper.Consent)}
	o.token(t, o.keeper)
	for round := range 3 {
		o.clock.Pass(24 * time.Hour)
		var all sync.WaitGroup
		for _, k := range keepers {
			for range 20 {
				all.Go(func() {
					for {
						token, err := k.Token(t.Context())
						if err == nil && token == "" {
							t.Error("no token and no error")
						}
						if err == nil {
							return
						}
						if errors.Is(err, zalo.ErrDead) || t.Context().Err() != nil {
							t.Errorf("round %d: %v", round, err)
							return
						}
					}
				})
			}
		}
		all.Wait()
		o.asked(t, 2+round, 2+round)
	}
}

func TestWhileAnotherProcessExchanges(t *testing.T) {
	o := open(t)
	token := o.token(t, o.keeper)
	lend := func() {
		if ok, err := o.tokens.Lease(t.Context(), "another", o.clock.Now(), time.Minute); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	o.clock.Pass(23 * time.Hour)
	lend()
	if got := o.token(t, o.keeper); got != token {
		t.Errorf("%q is used while %q works", got, token)
	}
	o.clock.Pass(2 * time.Hour)
	lend()
	if _, err := o.keeper.Token(t.Context()); err == nil {
		t.Error("a dead token is given out")
	}
	o.asked(t, 1, 1)
	o.clock.Pass(time.Minute)
	o.token(t, o.keeper)
}

func TestANewPairIsKeptBeforeItIsUsed(t *testing.T) {
	o := open(t)
	down := errors.New("records are down")
	failing := true
	o.tokens.Before = func(call string) error {
		if failing && call == "save" {
			return down
		}
		return nil
	}
	for range 3 {
		if token, err := o.keeper.Token(t.Context()); err == nil {
			t.Errorf("%q is used and not kept", token)
		}
	}
	failing = false
	o.token(t, o.keeper)
	o.asked(t, 1, 1) // the pair was not asked for again
	if got := o.token(t, o.process("second", o.keeper.Consent)); got != o.AccessToken() {
		t.Errorf("%q is kept", got)
	}
	t.Run("also when another process burnt its fingers meanwhile", func(t *testing.T) {
		o.clock.Pass(24 * time.Hour)
		failing = true
		if _, err := o.keeper.Token(t.Context()); err == nil {
			t.Fatal("used and not kept")
		}
		failing = false
		o.clock.Pass(2 * time.Minute)
		if _, err := o.process("second", "").Token(t.Context()); !errors.Is(err, zalo.ErrDead) && err != nil {
			t.Fatal(err)
		}
		if got := o.token(t, o.keeper); got != o.AccessToken() {
			t.Errorf("%q is used", got)
		}
		if got := o.token(t, o.process("third", "")); got != o.AccessToken() {
			t.Errorf("%q is kept", got)
		}
	})
}

func TestADeadTokenAlarmsAndNeverLoops(t *testing.T) {
	o := open(t)
	o.token(t, o.keeper)
	o.RevokeRefresh()
	o.clock.Pass(23 * time.Hour)
	for range 10 {
		o.token(t, o.keeper) // the access token works for two hours yet
		o.clock.Pass(time.Minute)
	}
	if o.alarms != 1 {
		t.Errorf("%d alarms", o.alarms)
	}
	o.asked(t, 2, 1)
	o.clock.Pass(3 * time.Hour)
	for range 100 {
		if _, err := o.keeper.Token(t.Context()); !errors.Is(err, zalo.ErrDead) {
			t.Fatal(err)
		}
		o.clock.Pass(time.Hour)
	}
	o.asked(t, 2, 1)
	if _, err := o.process("second", o.keeper.Consent).Token(t.Context()); !errors.Is(err, zalo.ErrDead) {
		t.Error(err)
	}
	o.asked(t, 2, 1)
	if o.alarms != 2 {
		t.Errorf("%d alarms of two processes", o.alarms)
	}
	if !strings.Contains(zalo.ErrDead.Error(), "ZALO_REFRESH_TOKEN") {
		t.Error("it does not say what to do")
	}
	t.Run("until somebody consents", func(t *testing.T) {
		o.token(t, o.process("third", o.Consent()))
		o.clock.Pass(time.Hour)
		o.token(t, o.keeper) // the process that gave up finds the new pair
		o.asked(t, 3, 2)
	})
}

func TestAWrongSettingDoesNotUseUpTheConsent(t *testing.T) {
	o := open(t)
	consent := o.keeper.Consent
	wrong := o.process("first", consent)
	wrong.AppSecret = o.OASecret
	for range 3 {
		if _, err := wrong.Token(t.Context()); !errors.Is(err, zalo.ErrDead) {
			t.Fatal(err)
		}
	}
	o.asked(t, 1, 0)
	o.token(t, o.process("first", consent))
}

func TestAPassingFaultIsNotHammered(t *testing.T) {
	for name, f := range map[string]fakezalo.Fault{
		"busy":       {Code: -32},
		"proxy":      {Status: 502, Body: "<html>Bad Gateway</html>"},
		"no answer":  {Drop: fakezalo.DropBefore},
		"strange":    {Status: 200, Body: "{}"},
		"overloaded": {Status: 429, Body: ""},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			f.Path, f.Times = "access_token", 2
			o.Fail(f)
			for range 20 {
				if _, err := o.keeper.Token(t.Context()); err == nil || errors.Is(err, zalo.ErrDead) {
					t.Fatal(err)
				}
			}
			o.asked(t, 1, 0)
			o.clock.Pass(31 * time.Second)
			if _, err := o.keeper.Token(t.Context()); err == nil {
				t.Fatal("second fault")
			}
			o.clock.Pass(31 * time.Second)
			if _, err := o.keeper.Token(t.Context()); err == nil {
				t.Error("it did not rest longer")
			}
			o.clock.Pass(30 * time.Second)
			o.token(t, o.keeper)
			o.asked(t, 3, 1)
			if o.alarms != 0 {
				t.Error("alarm for a passing fault")
			}
		})
	}
}

// The one accident that costs a consent: Zalo made the pair, and the answer
// was lost. It must end in an alarm, not in a loop.
func TestALostAnswerEndsInAnAlarm(t *testing.T) {
	o := open(t)
	o.Fail(fakezalo.Fault{Path: "access_token", Drop: fakezalo.DropAfter})
	if _, err := o.keeper.Token(t.Context()); err == nil {
		t.Fatal("the answer was lost")
	}
	o.clock.Pass(time.Minute)
	for range 5 {
		if _, err := o.keeper.Token(t.Context()); !errors.Is(err, zalo.ErrDead) {
			t.Fatal(err)
		}
	}
	o.asked(t, 2, 1)
	if o.alarms != 1 {
		t.Errorf("%d alarms", o.alarms)
	}
}

func TestARefusedTokenIsExchangedOnceInAWhile(t *testing.T) {
	o := open(t)
	token := o.token(t, o.keeper)
	o.RevokeAccess()
	if _, err := o.keeper.Other(t.Context(), token); err == nil {
		t.Error("a token just made was exchanged again at once")
	}
	o.clock.Pass(2 * time.Minute)
	other, err := o.keeper.Other(t.Context(), token)
	if err != nil || other != o.AccessToken() {
		t.Errorf("%q %v", other, err)
	}
	o.asked(t, 2, 2)
	// Another process still has the old one: it finds the new one.
	if again, err := o.process("second", "").Other(t.Context(), token); again != other || err != nil {
		t.Errorf("%q %v", again, err)
	}
	o.asked(t, 2, 2)
}

func TestRecordsThatAreDown(t *testing.T) {
	o := open(t)
	for _, call := range []string{"load", "lease"} {
		o.tokens.Before = func(c string) error {
			if c == call {
				return errors.New("down")
			}
			return nil
		}
		if _, err := o.keeper.Token(t.Context()); err == nil {
			t.Errorf("%s fails and a token is there", call)
		}
	}
	o.asked(t, 0, 0)
	o.tokens.Before = nil
	o.token(t, o.keeper)
	o.tokens.Before = func(string) error { return errors.New("down") }
	o.token(t, o.keeper) // what is known is used
	if _, err := o.tokens.Save(context.Background(), nil, 0); err == nil {
		t.Error("the fake does not fail")
	}
	o.tokens.Before = nil
	_, version, _ := o.tokens.Load(t.Context())
	if _, err := o.tokens.Save(t.Context(), []byte("not JSON, secret-word"), version); err != nil {
		t.Fatal(err)
	}
	if _, err := o.process("second", "").Token(t.Context()); err == nil || strings.Contains(err.Error(), "secret-word") {
		t.Error(err)
	}
}
