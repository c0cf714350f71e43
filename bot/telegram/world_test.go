package telegram

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nghe/bot"
	"nghe/bot/bottest"
	faketelegram "nghe/bot/bottest/telegram"
	"nghe/dialog"
)

// world is a bot on the fake Telegram, with Turns that a test may replace.
type world struct {
	*faketelegram.Server
	*Channel
	clock *bottest.Clock
	turns *turnsOf
	logs  *logs
	alarm chan string
	reach []string
}

// logs keeps what was logged; it must never hold a secret.
type logs struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// turnsOf keeps what was handled and answers as told.
type turnsOf struct {
	mu     sync.Mutex
	got    []bot.Incoming
	handle func(ctx context.Context, in bot.Incoming) (bot.Turn, error) // nil: fine
}

func (t *turnsOf) Handle(ctx context.Context, in bot.Incoming) (bot.Turn, error) {
	if t.handle != nil {
		if turn, err := t.handle(ctx, in); err != nil {
			return turn, err
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.got = append(t.got, in)
	return bot.Turn{ID: in.Turn()}, nil
}

func (t *turnsOf) all() []bot.Incoming {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.got)
}

func (t *turnsOf) texts() []string {
	var texts []string
	for _, in := range t.all() {
		texts = append(texts, in.Text)
	}
	return texts
}

const secret = "webhook_s3cret-word"

// newWorld makes a world. Webhook: the bot has a webhook, else it polls.
func newWorld(t *testing.T, webhook bool, change func(*faketelegram.Settings, *Settings)) *world {
	t.Helper()
	w := &world{clock: bottest.NewClock(), turns: &turnsOf{}, logs: &logs{}, alarm: make(chan string, 100)}
	settings := Settings{
		Token: faketelegram.Token, Turns: w.turns,
		Phrase: func(id string) string { return "(" + id + " {name})" },
		Reach: func(_ context.Context, c bot.Contact, can bool, _ time.Time) error {
			w.reach = append(w.reach, fmt.Sprint(c, " ", can))
			return nil
		},
		Alarm: func(what string, _ error) { w.alarm <- what },
		Log:   slog.New(slog.NewTextHandler(w.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Now:   w.clock.Now, After: w.clock.After, Chance: func() float64 { return 0 },
	}
	fake := faketelegram.Settings{Clock: w.clock}
	if webhook {
		settings.Secret, settings.URL = secret, "https://bot.example/telegram"
	}
	if change != nil {
		change(&fake, &settings)
	}
	if webhook && fake.Reach == nil {
		fake.Reach = reached{w}
	}
	var base string
	w.Server, base = faketelegram.Start(t, fake)
	if settings.API == "" {
		settings.API = base
	}
	var err error
	if w.Channel, err = New(settings); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		w.Server.Close() // delivers nothing any more: as in the program, only then is there something to drain
		w.Drain()
		for _, s := range []string{settings.Token, settings.Token[11:], url.QueryEscape(settings.Token), secret} {
			if strings.Contains(w.logs.String(), s) {
				t.Errorf("the log holds a secret:\n%s", w.logs)
			}
		}
		if t.Failed() {
			t.Log(w.logs)
		}
	})
	return w
}

// run lets the channel run until the test ends or stop is called.
func (w *world) run(t testing.TB) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { stop() }) //nolint:errcheck // looked at where it matters
	return stop
}

// ask sends a message with buttons to the fifth person.
func (w *world) ask(t *testing.T, text string, options ...dialog.Option) {
	t.Helper()
	if _, err := w.Send(t.Context(), five, bot.Part{Text: text, Options: options}); err != nil {
		t.Fatal(err)
	}
}

// until waits for something on the fake.
func (w *world) until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := w.Wait(ctx, ok); err != nil {
		t.Fatalf("never happened: %s\n%s", what, w.logs)
	}
}

func (w *world) taken() bool { return w.Waiting() == 0 }

// wake moves the clock on once somebody waits for a time in this span.
func (w *world) wake(t testing.TB, least, most time.Duration) {
	t.Helper()
	w.await(t, least, most)
	w.clock.Pass(most)
}

// await returns once somebody waits for a time in this span.
func (w *world) await(t testing.TB, least, most time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := w.clock.AwaitWaiter(ctx, least, most); err != nil {
		t.Fatalf("nobody waits %v to %v\n%s", least, most, w.logs)
	}
}

// reached carries the fake's deliveries to the bot's webhook.
type reached struct{ w *world }

func (r reached) RoundTrip(req *http.Request) (*http.Response, error) {
	return faketelegram.Handler{Handler: r.w.Channel.Webhook()}.RoundTrip(req)
}
