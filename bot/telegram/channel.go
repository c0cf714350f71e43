package telegram

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"regexp"
	"sync"
	"time"

	"nghe/bot"
)

// Turns answers messages; bot.Turns does.
type Turns interface {
	Handle(ctx context.Context, in bot.Incoming) (bot.Turn, error)
}

// Settings of a channel. All but those with a meaning for nil or "" are
// needed.
type Settings struct {
	Token string
	API   string // address of the Bot API; "" = PublicAPI
	// Secret turns the webhook on: what Telegram shows with each update,
	// 1–256 of A–Z a–z 0–9 _ -. "" = updates are polled.
	Secret string
	// URL is where Telegram reaches the webhook: https, port 443, 80, 88 or
	// 8443.
	URL string

	Turns Turns
	// Phrase gives a sentence of the content, addressed to nobody in
	// particular.
	Phrase func(id string) string
	// Reach is told when a person shuts us out (false) or lets us in again.
	// It may be told the same twice. With an error the update comes again.
	// Nil: nobody is told; sends find out.
	Reach func(ctx context.Context, c bot.Contact, can bool, at time.Time) error
	// Shown is told of what was sent that is no text and can be fetched, to be
	// kept for bot.BubbleLife at most. It may be told the same twice. With an
	// error the update comes again. Nil: only the bubbles have it.
	Shown func(ctx context.Context, in bot.Incoming) error
	// Files gives what is to be sent that is no words; nil: nothing such is sent.
	Files bot.Files
	// Pace makes a call about a contact when the platform's pace allows: the
	// marks on pressed buttons count like messages. Nil: they don't wait.
	Pace func(ctx context.Context, c bot.Contact, do func(context.Context) error) error
	// Alarm is told what somebody has to mend: "token", "conflict",
	// "webhook". Nil: it is only logged.
	Alarm func(what string, err error)

	Log *slog.Logger
	Now func() time.Time
	// After waits, until the context ends; nil = in real time.
	After func(ctx context.Context, d time.Duration) <-chan time.Time
	// Chance gives a number from 0 to 1 to spread tries over time.
	Chance func() float64
	// Transport is how the API is reached; nil = the network.
	Transport http.RoundTripper
}

// Channel is Telegram.
type Channel struct {
	Settings
	client  *Client
	crowd   crowd
	errands *errands
	presses presses
	recheck chan struct{} // a webhook call with a wrong secret came

	mu   sync.Mutex
	name string // of the bot, for texts in groups; "" until it is known
}

var _ bot.Channel = (*Channel)(nil)

var secretPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// New makes the channel; it calls nobody yet.
func New(s Settings) (*Channel, error) {
	if s.API == "" {
		s.API = PublicAPI
	}
	if s.After == nil {
		s.After = func(_ context.Context, d time.Duration) <-chan time.Time { return time.After(d) }
	}
	if s.Secret != "" && !secretPattern.MatchString(s.Secret) {
		return nil, errors.New("the webhook secret has to be 1 to 256 of A-Z a-z 0-9 _ -")
	}
	client, err := NewClient(s.Token, s.API, s.Transport, s.Secret)
	if err != nil {
		return nil, err
	}
	return &Channel{Settings: s, client: client, errands: newErrands(), recheck: make(chan struct{}, 1)}, nil
}

// Run sets the bot up and takes updates until the context ends: by polling,
// or by the webhook, which Webhook serves. It returns nil then, and an error
// when Telegram refuses the token. Only one process may poll at a time.
func (c *Channel) Run(ctx context.Context) error {
	if err := c.SetUp(ctx); err != nil {
		return ended(ctx, err)
	}
	if c.Secret != "" {
		return ended(ctx, c.Watch(ctx))
	}
	return ended(ctx, c.Poll(ctx))
}

// Drain ends the channel: small calls that are under way are finished, those
// that wait are left. Call it once nothing comes in any more.
func (c *Channel) Drain() {
	c.errands.close()
	c.errands.wg.Wait()
}

// ended makes nil of an error that only says that the context ended.
func ended(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func (c *Channel) alarm(what string, err error) {
	c.Log.Error("telegram needs somebody", "alarm", what, "error", err)
	if c.Alarm != nil {
		c.Alarm(what, err)
	}
}

// pause waits; the error is the context's.
func (c *Channel) pause(ctx context.Context, d time.Duration) error {
	ctx, cancel := context.WithCancel(ctx) // who waits is forgotten afterwards
	defer cancel()
	select {
	case <-c.After(ctx, d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// backoff is how long the nth try in a row waits: a second, doubled each
// time up to a minute, and up to half less by chance.
func (c *Channel) backoff(n int) time.Duration {
	d := min(time.Second<<min(n-1, 10), time.Minute)
	return d - time.Duration(c.Chance()*float64(d)/2)
}
