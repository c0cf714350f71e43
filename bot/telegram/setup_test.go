package telegram

import (
	"slices"
	"testing"
	"time"

	faketelegram "nghe/bot/bottest/telegram"
)

func TestSetUpTellsWhoWeAreOnce(t *testing.T) {
	w := newWorld(t, true, nil)
	for range 2 {
		if err := w.SetUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for _, method := range []string{"setWebhook", "setMyCommands", "setMyDescription", "setMyShortDescription"} {
		if n := len(w.Calls(method)); n != 1 {
			t.Errorf("%s was called %d times", method, n)
		}
	}
	commands, err := w.Commands()
	if err != nil || len(commands) != len(Commands) || commands[0].Command != "menu" || commands[0].Description != "(telegram.command.menu {name})" {
		t.Errorf("commands %v, %v", commands, err)
	}
	if d, s := w.Descriptions(); d != "(telegram.description {name})" || s != "(telegram.short {name})" {
		t.Errorf("descriptions %q %q", d, s)
	}
	p := w.Calls("setWebhook")[0].Params
	if p["secret_token"] != secret || p["drop_pending_updates"] != "" || p["allowed_updates"] != `["message","edited_message","callback_query","my_chat_member"]` {
		t.Errorf("webhook %v", p)
	}
	if w.Username() != "nghe_thu_bot" {
		t.Errorf("is %q", w.Username())
	}
}

func TestAWebhookIsRegisteredAnewWhereItDiffers(t *testing.T) {
	w := newWorld(t, true, nil)
	if err := w.SetUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.clock.Pass(time.Minute)
	w.Channel.URL = "https://other.example/telegram"
	if err := w.SetUp(t.Context()); err != nil || len(w.Calls("setWebhook")) != 2 {
		t.Errorf("%v, %d registrations", err, len(w.Calls("setWebhook")))
	}
}

func TestPollingTakesAWebhookAwayAndLosesNothing(t *testing.T) {
	w := newWorld(t, true, nil)
	if err := w.SetUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Hold(faketelegram.MessageLane(5))
	w.Person(5, "An").Says("một")
	w.Channel.Secret = ""
	w.run(t)
	w.until(t, "taken", w.taken)
	if got := w.turns.texts(); !slices.Equal(got, []string{"một"}) {
		t.Errorf("took %q", got)
	}
}

// Telegram does not tell which secret it knows: when it is another one, its
// updates are refused, and that is seen.
func TestAnotherSecretIsNoticed(t *testing.T) {
	w := newWorld(t, true, nil)
	if err := w.SetUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.clock.Pass(time.Minute)
	w.Channel.Secret = "a-new-one" // as after a restart
	w.run(t)
	w.await(t, time.Minute, time.Minute) // all is set up
	w.Person(5, "An").Says("một")
	w.await(t, 2*time.Second, 2*time.Second) // refused, and once more
	w.clock.Pass(time.Minute)                // no sooner: anybody can show a wrong secret
	w.until(t, "registered anew", func() bool { _, s := w.Server.Webhook(); return s == "a-new-one" })
	w.until(t, "taken", w.taken)
}

func TestStartingIsPatient(t *testing.T) {
	w := newWorld(t, false, nil)
	w.Fail("getMe", faketelegram.Dropped, faketelegram.TooMany(21), faketelegram.BadGateway)
	w.run(t)
	for _, wait := range []time.Duration{time.Second, 21 * time.Second, 4 * time.Second} {
		w.wake(t, wait, wait)
	}
	w.until(t, "polling", w.Polled)
}

func TestAnAddressThatTelegramRefusesIsAnAlarm(t *testing.T) {
	w := newWorld(t, true, func(_ *faketelegram.Settings, s *Settings) { s.URL = "https://bot.example:8080/telegram" })
	w.run(t)
	if got := <-w.alarm; got != "webhook" {
		t.Errorf("alarm %q", got)
	}
}

func TestDescriptionsThatAreRefusedStopNothing(t *testing.T) {
	w := newWorld(t, false, nil)
	w.Break("setMyDescription", faketelegram.TooMany(86400))
	w.run(t)
	w.until(t, "polling", w.Polled)
}

func TestBackoffGrowsAndIsSpread(t *testing.T) {
	chance := 0.0
	c := &Channel{Settings: Settings{Chance: func() float64 { return chance }}}
	for n, want := range map[int]time.Duration{1: time.Second, 2: 2 * time.Second, 6: 32 * time.Second, 7: time.Minute, 1000: time.Minute} {
		if got := c.backoff(n); got != want {
			t.Errorf("the %d. time %v, want %v", n, got, want)
		}
	}
	chance = 1
	if got := c.backoff(7); got != 30*time.Second {
		t.Errorf("at least %v", got)
	}
}
