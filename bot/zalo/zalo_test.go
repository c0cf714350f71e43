package zalo_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"nghe/bot"
	"nghe/bot/bottest"
	fakezalo "nghe/bot/bottest/zalo"
	"nghe/bot/zalo"
	"nghe/dialog"
)

// office is an official account with everything around it.
type office struct {
	*fakezalo.Server
	clock   *bottest.Clock
	url     string
	tokens  *fakezalo.Tokens
	records *fakezalo.Records
	keeper  *zalo.Keeper
	account *zalo.Account
	webhook *zalo.Webhook
	heard   []bot.Incoming // by Accept
	refuse  error          // of Accept
	alarms  int
	mu      sync.Mutex // of logged
	logged  *bytes.Buffer
	log     *slog.Logger
}

var tapKey = []byte("0123456789abcdef")

// templatePart is how a template goes out.
func templatePart(o *office, template bot.Template, text string) bot.Part {
	return o.account.Render([]bot.Bubble{{From: bot.FromBot, Text: text, Template: &template}})[0]
}

var zone = time.FixedZone("ICT", 7*3600)

// open makes an office whose settings hold a consent.
func open(t testing.TB, change ...func(*fakezalo.Settings)) *office {
	t.Helper()
	// 15:00 in Vietnam.
	o := &office{clock: bottest.NewClock(), tokens: &fakezalo.Tokens{}, records: &fakezalo.Records{}, logged: &bytes.Buffer{}}
	s := fakezalo.Settings{Now: o.clock.Now, Templates: map[string]fakezalo.Template{"t1": {Fields: []string{"name"}}}}
	for _, c := range change {
		c(&s)
	}
	o.Server = fakezalo.New(s)
	server := httptest.NewServer(o.Server)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	t.Cleanup(server.Close)
	o.url = server.URL
	o.log = slog.New(slog.NewTextHandler(io.MultiWriter(t.Output(), o), &slog.HandlerOptions{Level: slog.LevelDebug}))
	o.keeper = o.process("first", o.Consent())
	o.account = zalo.New(zalo.Settings{
		API: o.url, AppSecret: o.AppSecret, TapKey: tapKey, Keeper: o.keeper, Now: o.clock.Now, Log: o.log,
		Budget: o.records, MonthlyCap: 1000, Skip: "gõ “bỏ qua”", Zone: zone, Form: zalo.Form{Title: "nghe", Note: "Tên, số điện thoại", Picture: "https://nghe.example.vn/icon.png"},
	})
	o.webhook = &zalo.Webhook{
		AppID: o.AppID, OASecret: o.OASecret, AppSecret: o.AppSecret, Account: o.account,
		Accept: o, Persons: o.records, Settle: o.records, Humans: o.records, Now: o.clock.Now, Log: o.log,
	}
	o.WebhookHandler = o.webhook
	t.Cleanup(func() {
		if c := o.Complaints(); len(c) > 0 {
			t.Errorf("the fake complains: %q", c)
		}
	})
	return o
}

// Write takes what is logged.
func (o *office) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.logged.Write(p)
}

func (o *office) told() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.logged.String()
}

// process makes the keeper of another process on the same records.
func (o *office) process(owner, consent string) *zalo.Keeper {
	return &zalo.Keeper{
		OAuth: o.url, AppID: o.AppID, AppSecret: o.AppSecret, Consent: consent, Tokens: o.tokens, Owner: owner,
		Now: o.clock.Now, Log: o.log, Alarm: func(error) { o.alarms++ },
	}
}

func (o *office) Accept(_ context.Context, in bot.Incoming) error {
	if o.refuse != nil {
		return o.refuse
	}
	o.heard = append(o.heard, in)
	return nil
}

func person(id string) bot.Contact { return bot.Contact{Channel: zalo.Channel, ID: id} }

// send sends a part to somebody who just wrote.
func (o *office) send(t testing.TB, id string, p bot.Part) (bot.Receipt, *bot.SendError) {
	t.Helper()
	r, err := o.account.Send(t.Context(), person(id), p)
	if err == nil {
		return r, nil
	}
	var e *bot.SendError
	if !errors.As(err, &e) {
		t.Fatalf("%T %v", err, err)
	}
	return r, e
}

func (o *office) token(t testing.TB, k *zalo.Keeper) string {
	t.Helper()
	token, err := k.Token(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// post sends a body to the webhook as it is.
func (o *office) post(t testing.TB, body string, header ...string) int {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/zalo", strings.NewReader(body))
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	out := httptest.NewRecorder()
	o.webhook.ServeHTTP(out, r)
	return out.Code
}

func bubbles(text string, options []dialog.Option) []bot.Bubble {
	return []bot.Bubble{{From: bot.FromBot, Text: text, Options: options}}
}
