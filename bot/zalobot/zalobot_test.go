package zalobot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nghe/bot"
	"nghe/bot/bottest"
	fakezalobot "nghe/bot/bottest/zalobot"
	"nghe/bot/zalobot"
	"nghe/dialog"
)

// booth is a bot with everything around it.
type booth struct {
	*fakezalobot.Server
	clock   *bottest.Clock
	url     string
	bot     *zalobot.Bot
	webhook *zalobot.Webhook
	mu      sync.Mutex
	heard   []bot.Incoming
	refuse  error
	logged  *bytes.Buffer
	log     *slog.Logger
}

const secret = "secret-of-the-webhook"

func open(t testing.TB, change ...func(*fakezalobot.Settings)) *booth {
	t.Helper()
	b := &booth{clock: bottest.NewClock(), logged: &bytes.Buffer{}}
	s := fakezalobot.Settings{Now: b.clock.Now}
	for _, c := range change {
		c(&s)
	}
	b.Server = fakezalobot.New(s)
	server := httptest.NewServer(b.Server)
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)
	t.Cleanup(server.Close)
	b.url = server.URL
	b.log = slog.New(slog.NewTextHandler(io.MultiWriter(t.Output(), b), &slog.HandlerOptions{Level: slog.LevelDebug}))
	b.bot = zalobot.New(zalobot.Settings{API: b.url, Token: b.Token, Secret: secret, Now: b.clock.Now, Log: b.log})
	b.webhook = &zalobot.Webhook{Secret: secret, Accept: b, Now: b.clock.Now, Log: b.log}
	b.WebhookHandler = b.webhook
	t.Cleanup(func() {
		if c := b.Complaints(); len(c) > 0 {
			t.Errorf("the fake complains: %q", c)
		}
	})
	return b
}

func (b *booth) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.logged.Write(p)
}

func (b *booth) told() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.logged.String()
}

func (b *booth) Accept(_ context.Context, in bot.Incoming) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.refuse; err != nil {
		b.refuse = nil
		return err
	}
	b.heard = append(b.heard, in)
	return nil
}

func (b *booth) texts() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var texts []string
	for _, in := range b.heard {
		texts = append(texts, in.Text)
	}
	return texts
}

func (b *booth) send(t testing.TB, p bot.Part) (bot.Receipt, *bot.SendError) {
	t.Helper()
	r, err := b.bot.Send(t.Context(), bot.Contact{Channel: zalobot.Channel, ID: "u1"}, p)
	var e *bot.SendError
	if err != nil && !errors.As(err, &e) {
		t.Fatalf("%T %v", err, err)
	}
	return r, e
}

func (b *booth) register(t testing.TB) {
	t.Helper()
	if err := b.bot.Register(t.Context(), "https://nghe.example.vn/zalobot", false); err != nil {
		t.Fatal(err)
	}
}

func TestWebhook(t *testing.T) {
	for _, wrapped := range []bool{false, true} {
		b := open(t)
		b.register(t)
		b.Say("u1", "Ted", "học nghề gì")
		b.Send("u1", "Ted", "message.image.received", map[string]any{"photo_url": "https://x.zdn.vn/a.jpg", "caption": "đây ạ"})
		b.Send("u1", "Ted", "message.sticker.received", map[string]any{"sticker": "1", "url": "https://x.zdn.vn/s"})
		b.Send("u1", "Ted", "message.reaction.received", nil)
		b.Send("u1", "Ted", "bot.added", nil)
		b.Send("g1", "Ted", "message.text.received", map[string]any{"text": "@bot", "chat": map[string]any{"id": "g1", "chat_type": "GROUP"}})
		b.Unsupported()
		got := b.Deliver(t.Context(), fakezalobot.Delivery{Wrapped: wrapped, Repeat: 1})
		if len(got) != 14 || slices.ContainsFunc(got, func(s int) bool { return s != 200 }) {
			t.Errorf("%v", got)
		}
		if diff := cmp.Diff([]string{"học nghề gì", "học nghề gì", "đây ạ", "đây ạ", "", ""}, b.texts()); diff != "" {
			t.Error(diff)
		}
		if b.heard[0].Media != nil || b.heard[2].Media.Kind != bot.MediaPhoto || b.heard[4].Media.Kind != bot.MediaOther {
			t.Errorf("media %+v", b.heard)
		}
		if in := b.heard[0]; in.Turn() != b.heard[1].Turn() || in.Contact.String() != "zalobot:u1" || !in.At.Equal(b.clock.Now()) {
			t.Errorf("%+v", in)
		}
	}
}

func TestRequestsThatAreRefused(t *testing.T) {
	b := open(t)
	b.register(t)
	body := `{"event_name":"message.text.received","message":{"from":{"id":"u"},"chat":{"id":"u","chat_type":"PRIVATE"},"text":"a","message_id":"m","date":1750316131602}}`
	post := func(method, body, secret string) int {
		r := httptest.NewRequest(method, "/zalobot", strings.NewReader(body))
		r.Header.Set("X-Bot-Api-Secret-Token", secret)
		out := httptest.NewRecorder()
		b.webhook.ServeHTTP(out, r)
		return out.Code
	}
	for _, c := range []struct {
		method, body, secret string
		want                 int
	}{
		{"POST", body, secret, 200}, {"POST", body, secret + "x", 403}, {"POST", body, "", 403}, {"GET", "", secret, 405},
		{"POST", "{", secret, 400}, {"POST", "", secret, 200}, {"POST", `{"a":"` + strings.Repeat("x", 300<<10) + `"}`, secret, 413},
	} {
		if got := post(c.method, c.body, c.secret); got != c.want {
			t.Errorf("%s %.30q with %q: %d, want %d", c.method, c.body, c.secret, got, c.want)
		}
	}
	if len(b.heard) != 1 {
		t.Errorf("%d heard", len(b.heard))
	}
	b.refuse = errors.New("store is down")
	if got := post("POST", body, secret); got != 503 {
		t.Errorf("store down: %d", got)
	}
	b.webhook.Secret = ""
	if got := post("POST", body, ""); got != 403 {
		t.Errorf("without a secret anybody could write: %d", got)
	}
}

func TestTheWebhookIsRegisteredWhenItDiffers(t *testing.T) {
	b := open(t)
	b.register(t)
	b.Fail(fakezalobot.Fault{Method: "setWebhook", Status: 500}) // would be noticed
	b.register(t)
	if b.Webhook() != "https://nghe.example.vn/zalobot" {
		t.Error(b.Webhook())
	}
	if err := b.bot.Register(t.Context(), "https://other.example.vn/zalobot", false); err == nil {
		t.Error("a failed registration is no error")
	}
	if err := zalobot.New(zalobot.Settings{API: b.url, Token: b.Token, Secret: "short", Now: b.clock.Now, Log: b.log}).Register(t.Context(), "https://nghe.example.vn/zalobot", true); err == nil || !strings.Contains(err.Error(), "ZALO_BOT_SECRET") {
		t.Error(err)
	}
	b.Fail(fakezalobot.Fault{Method: "getWebhookInfo", Status: 500})
	if err := b.bot.Register(t.Context(), "https://nghe.example.vn/zalobot", false); err == nil {
		t.Error("registered without a look")
	}
}

// poll runs a poller until it has polled n times; its sleeps move the clock.
func (b *booth) poll(t *testing.T, n int) (slept []time.Duration, err error) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	p := &zalobot.Poller{Bot: b.bot, Accept: b, Sleep: func(_ context.Context, d time.Duration) {
		slept = append(slept, d)
		b.clock.Pass(d)
		if len(b.Polls()) >= n {
			stop()
		}
	}}
	err = p.Run(ctx)
	if len(b.Polls()) < n && err == nil {
		t.Fatalf("polled %d times only", len(b.Polls()))
	}
	return slept, err
}

// over ends held polls at once.
func over(time.Duration) <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}

func TestPollingBothShapes(t *testing.T) {
	for name, change := range map[string]func(*fakezalobot.Settings){
		"each once":       func(s *fakezalobot.Settings) {},
		"again and again": func(s *fakezalobot.Settings) { s.Replay = true },
		"lists":           func(s *fakezalobot.Settings) { s.List = true },
	} {
		t.Run(name, func(t *testing.T) {
			b := open(t, change, func(s *fakezalobot.Settings) { s.After = over })
			b.Say("u1", "Ted", "một")
			b.Say("u2", "Ann", "hai")
			b.Unsupported()
			b.Say("u1", "Ted", "ba")
			slept, err := b.poll(t, 12)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"một", "hai", "ba"}, b.texts()); diff != "" {
				t.Error(diff)
			}
			polls := b.Polls()
			for i := 1; i < len(polls); i++ {
				if polls[i].Sub(polls[i-1]) < time.Second {
					t.Errorf("polls %v apart", polls[i].Sub(polls[i-1]))
				}
			}
			if slices.Max(slept) > time.Second {
				t.Errorf("an idle poll is no failure: slept %v", slept)
			}
		})
	}
}

func TestPollsThatFail(t *testing.T) {
	idle := func(s *fakezalobot.Settings) { s.After = over }
	t.Run("a webhook is set", func(t *testing.T) {
		b := open(t, idle)
		b.register(t)
		b.Say("u1", "Ted", "một")
		if _, err := b.poll(t, 2); err != nil || b.Webhook() != "" || len(b.texts()) != 1 {
			t.Errorf("%v %q %v", err, b.Webhook(), b.texts())
		}
	})
	t.Run("the token is refused", func(t *testing.T) {
		b := open(t, idle)
		b.Fail(fakezalobot.Fault{Method: "getUpdates", Status: 401})
		if _, err := b.poll(t, 3); err == nil || !strings.Contains(err.Error(), "ZALO_BOT_TOKEN") || strings.Contains(err.Error(), b.Token) {
			t.Error(err)
		}
	})
	t.Run("no calls left", func(t *testing.T) {
		b := open(t, idle)
		b.Fail(fakezalobot.Fault{Method: "getUpdates", Status: 429})
		if slept, err := b.poll(t, 1); err != nil || slept[0] != time.Hour {
			t.Errorf("%v %v", slept, err)
		}
	})
	t.Run("down for a while", func(t *testing.T) {
		b := open(t, idle)
		b.Say("u1", "Ted", "một")
		for range 3 {
			b.Fail(fakezalobot.Fault{Method: "getUpdates", Status: 502, Body: "<html>"})
		}
		slept, err := b.poll(t, 1)
		if err != nil || !slices.Equal(slept[:4], []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, time.Second}) || len(b.texts()) != 1 {
			t.Errorf("%v %v %v", slept, err, b.texts())
		}
	})
	t.Run("the store is down: what was given once is not lost", func(t *testing.T) {
		b := open(t, idle)
		b.Say("u1", "Ted", "một")
		b.refuse = errors.New("down")
		if _, err := b.poll(t, 2); err != nil || len(b.texts()) != 1 {
			t.Errorf("%v %v", err, b.texts())
		}
	})
}

func TestRender(t *testing.T) {
	b := open(t)
	options := []dialog.Option{{Label: "Hàn"}, {Label: "May"}}
	parts := b.bot.Render([]bot.Bubble{{Text: "Chào bác."}, {Text: "Bác chọn gì?", Options: options}})
	if len(parts) != 1 || parts[0].Text != "Chào bác.\n\nBác chọn gì?\n\n1. Hàn\n2. May" || parts[0].Options != nil {
		t.Errorf("%+v", parts)
	}
	if can := b.bot.Can(); can.Buttons != 0 || can.TextLimit != 2000 || !can.JoinsBubbles {
		t.Errorf("%+v", can)
	}
	b.Say("u1", "Ted", "x")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune("nghề học. \n👍")), 1, 6000, -1).Filter(func(s string) bool { return strings.TrimSpace(s) != "" }).Draw(t, "text")
		for _, p := range b.bot.Render([]bot.Bubble{{Text: text, Options: options}, {Text: text}}) {
			if utf8.RuneCountInString(p.Text) > fakezalobot.MaxText {
				t.Fatalf("%d characters", utf8.RuneCountInString(p.Text))
			}
		}
	})
}

func TestErrorsOfSends(t *testing.T) {
	for _, c := range []struct {
		fault  fakezalobot.Fault
		next   bot.Next
		after  time.Duration
		scope  bot.Scope
		reason string
	}{
		{fakezalobot.Fault{Status: 400}, bot.Never, 0, bot.ThisChat, "invalid"},
		{fakezalobot.Fault{Status: 404}, bot.Never, 0, bot.ThisChat, "invalid"},
		{fakezalobot.Fault{Status: 400, OK200: true}, bot.Never, 0, bot.ThisChat, "invalid"},
		{fakezalobot.Fault{Status: 401}, bot.Halt, 0, bot.WholeBot, "token"},
		{fakezalobot.Fault{Status: 403}, bot.Gone, 0, bot.ThisChat, "forbidden"},
		{fakezalobot.Fault{Status: 408}, bot.Doubtful, 0, bot.ThisChat, "timeout"},
		{fakezalobot.Fault{Status: 429}, bot.Again, time.Hour, bot.WholeBot, "quota"},
		{fakezalobot.Fault{Status: 429, Body: "slow down"}, bot.Again, time.Hour, bot.WholeBot, "quota"},
		{fakezalobot.Fault{Status: 500}, bot.Doubtful, 0, bot.ThisChat, "unknown"},
		{fakezalobot.Fault{Status: 502, Body: "<html>"}, bot.Doubtful, 0, bot.ThisChat, "unknown"},
		{fakezalobot.Fault{Drop: true}, bot.Doubtful, 0, bot.ThisChat, "unknown"},
	} {
		b := open(t)
		b.Say("u1", "Ted", "x")
		c.fault.Method = "sendMessage"
		b.Fail(c.fault)
		_, e := b.send(t, bot.Part{Text: "chào"})
		if e == nil || e.Next != c.next || e.After != c.after || e.Scope != c.scope || e.Reason != c.reason {
			t.Errorf("%+v: %+v", c.fault, e)
		}
		if r, e := b.send(t, bot.Part{Text: "chào"}); e != nil || r.MessageID == "" {
			t.Errorf("then: %v", e)
		}
	}
	b := open(t, func(s *fakezalobot.Settings) { s.Quota = 1 })
	b.Say("u1", "Ted", "x")
	for i, want := range []string{"", "quota"} {
		if _, e := b.send(t, bot.Part{Text: "chào"}); (e == nil) != (want == "") || e != nil && e.Reason != want {
			t.Errorf("message %d: %v", i, e)
		}
	}
	if err := b.bot.Typing(t.Context(), bot.Contact{Channel: zalobot.Channel, ID: "u1"}); err != nil {
		t.Error(err)
	}
	if name, err := b.bot.Check(t.Context()); name == "" || err != nil {
		t.Error(name, err)
	}
	lost := zalobot.New(zalobot.Settings{API: "http://127.0.0.1:1", Token: "token-of-nobody", Now: b.clock.Now, Log: b.log})
	_, err := lost.Send(t.Context(), bot.Contact{ID: "u1"}, bot.Part{Text: "x"})
	var e *bot.SendError
	if !errors.As(err, &e) || e.Next != bot.Again || e.Reason != "connection" {
		t.Error(err)
	}
}

func TestTheTokenIsNeverTold(t *testing.T) {
	b := open(t, func(s *fakezalobot.Settings) { s.After = over })
	b.Say("u1", "Ted", "x")
	var told strings.Builder
	note := func(err error) {
		if err == nil {
			t.Error("a failing place did not fail")
		}
		for e := err; e != nil; e = errors.Unwrap(e) {
			fmt.Fprintf(&told, "%v %+v %#v\n", e, e, e)
		}
	}
	echo := b.Token + " " + url.QueryEscape(b.Token)
	for _, f := range []fakezalobot.Fault{
		{Status: 500, Body: echo}, {Status: 400, Body: fmt.Sprintf(`{"ok":false,"error_code":400,"description":%q}`, "no bot"+echo)},
		{Status: 200, Body: `{"ok":true,"result":"` + echo + `"}`}, {Drop: true}, {Status: 401}, {Status: 302, Body: echo},
	} {
		b.Fail(f)
		_, err := b.bot.Send(t.Context(), bot.Contact{ID: "u1"}, bot.Part{Text: "x"})
		note(err)
		b.Fail(f)
		_, err = b.bot.Check(t.Context())
		note(err)
	}
	for _, api := range []string{"http://127.0.0.1:1", "http://\x7f", "gopher://x", "http://no such host"} {
		_, err := zalobot.New(zalobot.Settings{API: api, Token: b.Token, Now: b.clock.Now, Log: b.log}).Check(t.Context())
		note(err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := b.bot.Check(gone)
	note(err)
	for _, f := range []fakezalobot.Fault{{Status: 500, Body: echo}, {Drop: true}, {Status: 401}} {
		f.Method = "getUpdates"
		b.Fail(f)
	}
	b.Fail(fakezalobot.Fault{Method: "getWebhookInfo", Status: 500, Body: echo})
	_, err = b.poll(t, 3)
	note(err)
	b.webhook.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/zalobot", strings.NewReader(secret)))
	told.WriteString(b.logged.String())
	if told.Len() < 1000 {
		t.Fatalf("only %d bytes were told", told.Len())
	}
	for _, s := range []string{b.Token, url.QueryEscape(b.Token), url.PathEscape(b.Token), secret} {
		if i := strings.Index(told.String(), s); i >= 0 {
			t.Errorf("told: %s", told.String()[max(0, i-200):i+20])
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, body := range []string{
		`{"ok":true,"result":{"message":{"from":{"id":"6ede9afa66b88fe6d6a9","display_name":"Ted","is_bot":false},"chat":{"id":"6ede9afa66b88fe6d6a9","chat_type":"PRIVATE"},"text":"Xin chao","message_id":"2d758cb5e222177a4e35","date":1750316131602},"event_name":"message.text.received"}}`,
		`{"event_name":"message.unsupported.received"}`, `{"event_name":"message.image.received","message":{"chat":{"id":"1"},"message_id":"2","photo":"x","date":-1}}`,
		`[{"event_name":"message.text.received","message":{"chat":{"id":"1"},"message_id":"2"}}]`, `null`, `{"ok":true}`, `[`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		updates, err := zalobot.Decode(body)
		if err != nil && len(updates) > 0 {
			t.Fatal("an error and updates")
		}
		for _, u := range updates {
			if c := u.Incoming.Contact; c.ID != "" && (c.Channel != zalobot.Channel || u.Incoming.Update == "" || len(c.ID) > 128) {
				t.Fatalf("%+v", u)
			}
		}
	})
}
