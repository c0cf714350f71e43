package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/bot/bottest"
	faketelegram "nghe/bot/bottest/telegram"
	"nghe/dialog"
)

var five = bot.Contact{Channel: Name, ID: "5"}

func (w *world) send(t *testing.T, to string) error {
	t.Helper()
	_, err := w.Send(t.Context(), bot.Contact{Channel: Name, ID: to}, bot.Part{Text: "chào"})
	return err
}

func TestSendIsPlainTextWithButtonsAndNoPreview(t *testing.T) {
	w := newWorld(t, false, nil)
	w.Person(5, "An").Says("/start")
	text := "_*[x](http://example.org) <b> & `"
	receipt, err := w.Send(t.Context(), five, bot.Part{Text: text, Options: []dialog.Option{{Label: "Có", Tap: "a/b=yes"}}})
	if err != nil {
		t.Fatal(err)
	}
	m := w.Messages(5)[1]
	if m.Text != text || m.Entities != nil || m.Buttons()[0] != "Có" || string(m.Preview) != `{"is_disabled":true}` || fmt.Sprint(m.ID) != receipt.MessageID {
		t.Errorf("arrived %+v, receipt %v", m, receipt)
	}
	if p := w.Calls("sendMessage")[0].Params; p["parse_mode"] != "" {
		t.Errorf("parameters %v", p)
	}
}

func TestWhatAFailureMeans(t *testing.T) {
	type verdict struct {
		next   bot.Next
		reason string
		after  time.Duration
		scope  bot.Scope
	}
	refusal := faketelegram.Refusal
	for name, c := range map[string]struct {
		fault faketelegram.Fault
		want  verdict
	}{
		"rate":              {faketelegram.TooMany(7), verdict{bot.Again, "rate", 7 * time.Second, bot.ThisChat}},
		"rate, very long":   {faketelegram.TooMany(10072), verdict{bot.Again, "rate", 10072 * time.Second, bot.ThisChat}},
		"blocked":           {faketelegram.Blocked, verdict{bot.Gone, "blocked", 0, bot.ThisChat}},
		"deactivated":       {refusal(403, "Forbidden: user is deactivated"), verdict{bot.Gone, "deactivated", 0, bot.ThisChat}},
		"never wrote":       {refusal(403, "Forbidden: bot can't initiate conversation with a user"), verdict{bot.Gone, "never-wrote", 0, bot.ThisChat}},
		"kicked":            {refusal(403, "Forbidden: bot was kicked from the supergroup chat"), verdict{bot.Gone, "left", 0, bot.ThisChat}},
		"some other 403":    {refusal(403, "Forbidden: something new"), verdict{bot.Gone, "forbidden", 0, bot.ThisChat}},
		"chat not found":    {refusal(400, "Bad Request: chat not found"), verdict{bot.Gone, "unknown", 0, bot.ThisChat}},
		"too long":          {refusal(400, "Bad Request: message is too long"), verdict{bot.Never, "too-long", 0, bot.ThisChat}},
		"our bug":           {refusal(400, "Bad Request: BUTTON_DATA_INVALID"), verdict{bot.Never, "refused", 0, bot.ThisChat}},
		"revoked":           {refusal(401, "Unauthorized"), verdict{bot.Halt, "token", 0, bot.WholeBot}},
		"wrong address":     {refusal(404, "Not Found"), verdict{bot.Halt, "token", 0, bot.WholeBot}},
		"conflict":          {refusal(409, "Conflict: terminated by setWebhook request"), verdict{bot.Again, "conflict", 0, bot.WholeBot}},
		"too large":         {refusal(413, "Request Entity Too Large"), verdict{bot.Never, "too-long", 0, bot.ThisChat}},
		"moving":            {faketelegram.Moving, verdict{bot.Again, "moving", time.Second, bot.WholeBot}},
		"500":               {faketelegram.Broken, verdict{bot.Again, "server", 0, bot.ThisChat}},
		"no description":    {refusal(500, ""), verdict{bot.Again, "server", 0, bot.ThisChat}},
		"502 as HTML":       {faketelegram.BadGateway, verdict{bot.Doubtful, "gateway", 0, bot.ThisChat}},
		"502 as JSON":       {refusal(502, "Bad Gateway"), verdict{bot.Doubtful, "gateway", 0, bot.ThisChat}},
		"504 as HTML":       {faketelegram.Fault{Code: 504, Body: "<html>"}, verdict{bot.Doubtful, "gateway", 0, bot.ThisChat}},
		"500 as HTML":       {faketelegram.Fault{Code: 500, Body: "<html>"}, verdict{bot.Doubtful, "no-answer", 0, bot.ThisChat}},
		"403 of a proxy":    {faketelegram.Fault{Code: 403, Body: "<html>"}, verdict{bot.Again, "proxy", 10 * time.Second, bot.WholeBot}},
		"404 of a proxy":    {faketelegram.Fault{Code: 404, Body: "<html>"}, verdict{bot.Again, "proxy", 10 * time.Second, bot.WholeBot}},
		"429 as HTML":       {faketelegram.Fault{Code: 429, Body: "<html>"}, verdict{bot.Again, "rate", time.Second, bot.ThisChat}},
		"200 as HTML":       {faketelegram.Fault{Code: 200, Body: "<html>"}, verdict{bot.Doubtful, "no-answer", 0, bot.ThisChat}},
		"200 cut short":     {faketelegram.Fault{Code: 200, Body: `{"ok":true,"resu`}, verdict{bot.Doubtful, "no-answer", 0, bot.ThisChat}},
		"200 empty":         {faketelegram.Fault{Code: 200, Body: "\n"}, verdict{bot.Doubtful, "no-answer", 0, bot.ThisChat}},
		"lost afterwards":   {faketelegram.Lost, verdict{bot.Doubtful, "no-answer", 0, bot.ThisChat}},
		"dropped unhandled": {faketelegram.Dropped, verdict{bot.Doubtful, "no-answer", 0, bot.ThisChat}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, false, nil)
			w.Person(5, "An").Says("/start")
			w.Fail("sendMessage", c.fault)
			err := w.send(t, "5")
			var failed *bot.SendError
			if !errors.As(err, &failed) {
				t.Fatalf("failed with %T %v", err, err)
			}
			if got := (verdict{failed.Next, failed.Reason, failed.After, failed.Scope}); got != c.want {
				t.Errorf("verdict %+v, want %+v (%v)", got, c.want, err)
			}
			if strings.Contains(err.Error(), faketelegram.Token[11:]) || len(strings.TrimSpace(failed.Err.Error())) < 10 {
				t.Errorf("error %q", err)
			}
			if n := len(w.Calls("sendMessage")); n != 1 {
				t.Errorf("%d calls", n)
			}
		})
	}
}

func TestManyChatsRefusedMeanTheWholeBot(t *testing.T) {
	w := newWorld(t, false, nil)
	w.Break("sendMessage", faketelegram.TooMany(1))
	scopes := func(chats ...string) (got string) {
		for _, chat := range chats {
			var failed *bot.SendError
			if err := w.send(t, chat); !errors.As(err, &failed) {
				t.Fatal(err)
			}
			got += fmt.Sprint(failed.Scope, " ")
		}
		return got
	}
	if got := scopes("1", "1", "1", "2", "3"); got != "0 0 0 0 1 " {
		t.Errorf("scopes %s", got)
	}
	w.clock.Pass(4 * time.Second)
	if got := scopes("4"); got != "0 " {
		t.Errorf("later %s", got)
	}
}

func TestAGroupThatMovedIsFollowedOnce(t *testing.T) {
	w := newWorld(t, false, nil)
	w.Group(-7, "Lớp")
	a := w.Person(5, "An")
	a.Invites(-7)
	to := a.Upgrade(-7)
	if err := w.send(t, "-7"); err != nil || len(w.Said(to)) != 1 {
		t.Errorf("%v, said %q", err, w.Said(to))
	}
}

func TestABadAddressIsNeverSentTo(t *testing.T) {
	w := newWorld(t, false, nil)
	var failed *bot.SendError
	if err := w.send(t, "an"); !errors.As(err, &failed) || failed.Next != bot.Never {
		t.Errorf("failed with %v", err)
	}
}

func TestATimeOutIsDoubtfulOnlyOnceItWasWritten(t *testing.T) {
	w := newWorld(t, false, nil)
	w.Person(5, "An").Says("/start")
	never := make(chan struct{})
	t.Cleanup(func() { close(never) })
	w.Fail("sendMessage", faketelegram.Fault{Until: never})
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error)
	go func() {
		_, err := w.Send(ctx, five, bot.Part{Text: "x"})
		result <- err
	}()
	// The request is out once the server has read it: it then asks for a fault.
	w.until(t, "the call arrives", func() bool { return w.Held("sendMessage") })
	cancel()
	var failed *bot.SendError
	if err := <-result; !errors.As(err, &failed) || failed.Next != bot.Doubtful || failed.Reason != "timeout" || !errors.Is(err, context.Canceled) {
		t.Errorf("failed with %v", err)
	}
	// Ended before it began, and nobody there to take it: nothing was sent.
	if _, err := w.Send(ctx, five, bot.Part{Text: "x"}); !errors.As(err, &failed) || failed.Next != bot.Again {
		t.Errorf("failed with %v", err)
	}
	away := newWorld(t, false, func(_ *faketelegram.Settings, s *Settings) { s.API = "http://127.0.0.1:1" })
	if err := away.send(t, "5"); !errors.As(err, &failed) || failed.Next != bot.Again || failed.Reason != "network" || failed.Scope != bot.WholeBot {
		t.Errorf("failed with %v", err)
	}
}

// The token stands in the address of every call: no error may show it,
// however the call failed, nor any of its halves or spellings.
func TestNoErrorHoldsASecret(t *testing.T) {
	w := newWorld(t, true, nil)
	w.Person(5, "An").Says("/start")
	token := faketelegram.Token
	w.Fail("sendMessage",
		faketelegram.Refusal(400, "Bad Request: "+token+" and "+strings.ReplaceAll(token, ":", "%3A")+" and "+secret),
		faketelegram.Fault{Code: 200, Body: `{"ok":false,"description":"` + token + `"}`},
		faketelegram.Dropped,
	)
	var errs []error
	for range 3 {
		errs = append(errs, w.send(t, "5"))
	}
	for name, api := range map[string]string{"refused": "http://127.0.0.1:1", "unknown host": "http://host.invalid", "no TLS": "https" + strings.TrimPrefix(w.Channel.API, "http")} {
		away := newWorld(t, false, func(_ *faketelegram.Settings, s *Settings) { s.API = api })
		err := away.send(t, "5")
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		errs = append(errs, err)
	}
	odd := newWorld(t, false, func(_ *faketelegram.Settings, s *Settings) {
		s.Transport = trip(func(r *http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("proxy says no to %s and %q", r.URL, r.URL.Path)
		})
	})
	errs = append(errs, odd.send(t, "5"))
	for _, err := range errs {
		var failed *bot.SendError
		if !errors.As(err, &failed) {
			t.Fatalf("failed with %T %v", err, err)
		}
		for e := err; e != nil; e = errors.Unwrap(e) {
			for _, text := range []string{e.Error(), fmt.Sprintf("%+v %#v", e, e)} {
				if strings.Contains(text, token[11:]) || strings.Contains(text, secret) {
					t.Errorf("an error holds a secret: %s", text)
				}
			}
		}
	}
	if _, err := New(Settings{Token: "7000000001:AA/secret bit"}); err == nil || strings.Contains(err.Error(), "secret bit") {
		t.Errorf("a wrong token is told as %v", err)
	}
}

type trip func(*http.Request) (*http.Response, error)

func (t trip) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// A redirect would tell the next host where we come from.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var hosts []string
	w := newWorld(t, false, func(_ *faketelegram.Settings, s *Settings) {
		s.Transport = trip(func(r *http.Request) (*http.Response, error) {
			hosts = append(hosts, r.URL.Host)
			return &http.Response{StatusCode: 302, Header: http.Header{"Location": {"http://other.example/"}}, Body: io.NopCloser(strings.NewReader("moved")), Request: r}, nil
		})
	})
	if err := w.send(t, "5"); err == nil || len(hosts) != 1 {
		t.Errorf("%v, asked %v", err, hosts)
	}
}

func TestWrongSettingsAreToldAtOnce(t *testing.T) {
	for name, s := range map[string]Settings{
		"no token":   {},
		"no address": {Token: faketelegram.Token, API: "api.telegram.org"},
		"odd secret": {Token: faketelegram.Token, Secret: "mật khẩu"},
	} {
		if _, err := New(s); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := New(Settings{Token: faketelegram.Token, Now: func() time.Time { return bottest.Start }}); err != nil {
		t.Error(err)
	}
}
