package bot_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nghe/bot"
	"nghe/bot/bottest"
)

// platform is a channel that does what the test says, message by message.
type platform struct {
	mu    sync.Mutex
	says  []error // to the next messages; nil = taken
	sent  []string
	at    []time.Duration
	began time.Time
	slow  time.Duration
}

func (p *platform) Name() string          { return "telegram" }
func (p *platform) Can() bot.Capabilities { return bot.Capabilities{TextLimit: 10, TextUnit: "runes"} }

// pacedPlatform takes 30 messages a second.
type pacedPlatform struct{ *platform }

func (p pacedPlatform) Can() bot.Capabilities {
	can := p.platform.Can()
	can.PerSecond = 30
	return can
}

// Render makes a part of each bubble.
func (p *platform) Render(bubbles []bot.Bubble) []bot.Part {
	var parts []bot.Part
	for _, b := range bubbles {
		parts = append(parts, bot.Part{Text: b.Text})
	}
	return parts
}

func (p *platform) Send(ctx context.Context, c bot.Contact, part bot.Part) (bot.Receipt, error) {
	if p.slow > 0 {
		select {
		case <-time.After(p.slow):
		case <-ctx.Done():
			return bot.Receipt{}, &bot.SendError{Next: bot.Doubtful, Reason: "timeout", Err: ctx.Err()}
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var err error
	if len(p.says) > 0 {
		err, p.says = p.says[0], p.says[1:]
	}
	if part.Text == "boom" {
		panic("the channel is broken")
	}
	if err == nil || errors.As(err, new(*bot.SendError)) && err.(*bot.SendError).Next == bot.Doubtful {
		p.sent = append(p.sent, part.Text)
		p.at = append(p.at, time.Since(p.began))
	}
	return bot.Receipt{MessageID: fmt.Sprint(len(p.sent))}, err
}

// road is a sender with its outbox and its platform.
type road struct {
	*platform
	sender   *bot.Sender
	sessions *bottest.Sessions
	c        bot.Contact
	turns    int64
	told     []string // doubts, losses and who is gone
}

func newRoad(t *testing.T, says ...error) *road {
	r := &road{platform: &platform{says: says, began: time.Now()}, sessions: &bottest.Sessions{}, c: bot.Contact{Channel: "telegram", ID: "7"}}
	r.sender = &bot.Sender{
		Outbox: r.sessions, Channels: map[string]bot.Channel{"telegram": r.platform}, Owner: "p1", Now: time.Now,
		Log:     slog.New(slog.NewTextHandler(t.Output(), nil)),
		Doubted: func(d *bot.Delivery, reason string) { r.told = append(r.told, "doubt "+d.Turn+" "+reason) },
		Lost:    func(d *bot.Delivery, reason string) { r.told = append(r.told, "lost "+d.Turn+" "+reason) },
		Gone:    func(_ bot.Contact, reason string) { r.told = append(r.told, "gone "+reason) },
	}
	return r
}

// say commits a turn.
func (r *road) say(t *testing.T, texts ...string) {
	t.Helper()
	commit := bot.Commit{Contact: r.c, Turn: fmt.Sprint(r.turns + 1), Base: r.turns, Session: []byte("{}"), At: time.Now(), Send: true}
	for _, text := range texts {
		commit.Bubbles = append(commit.Bubbles, bot.Bubble{From: bot.FromBot, Text: text})
	}
	if _, err := r.sessions.Save(t.Context(), commit); err != nil {
		t.Fatal(err)
	}
	r.turns++
	r.sender.Wake(r.c)
}

// run has the sender work for a time.
func (r *road) run(t *testing.T, d time.Duration) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { r.sender.Run(ctx); close(ended) }()
	time.Sleep(d)
	cancel()
	<-ended
}

func (r *road) is(t *testing.T, sent, told string) {
	t.Helper()
	if got := strings.Join(r.sent, ", "); got != sent {
		t.Errorf("sent %q, want %q", got, sent)
	}
	if got := strings.Join(r.told, ", "); got != told {
		t.Errorf("told %q, want %q", got, told)
	}
}

func failing(next bot.Next, reason string, after time.Duration) error {
	return &bot.SendError{Next: next, Reason: reason, After: after}
}

func TestTheSendRoad(t *testing.T) {
	for name, c := range map[string]struct {
		says       []error
		turns      [][]string
		slow       time.Duration
		sent, told string
		at         []time.Duration // of the messages, where it matters
	}{
		"all goes well":                        {nil, [][]string{{"a", "b"}, {"c"}}, 0, "a, b, c", "", []time.Duration{0, 0, 0}},
		"put off to the second, then in order": {[]error{failing(bot.Again, "rate", 7*time.Second)}, [][]string{{"a"}, {"b"}}, 0, "a, b", "", []time.Duration{7 * time.Second, 7 * time.Second}},
		"put off for long lets others go": {[]error{failing(bot.Again, "rate", 90*time.Second)}, [][]string{{"a"}, {"b"}}, 0, "b, a", "",
			[]time.Duration{60 * time.Second, 90 * time.Second}},
		"a broken line is tried again, slower each time": {[]error{failing(bot.Again, "net", 0), failing(bot.Again, "net", 0), failing(bot.Again, "net", 0)},
			[][]string{{"a"}}, 0, "a", "", []time.Duration{7 * time.Second}},
		"parts that went are not sent again":    {[]error{nil, failing(bot.Again, "net", 0)}, [][]string{{"a", "b", "c"}}, 0, "a, b, c", "", nil},
		"refused for good":                      {[]error{failing(bot.Never, "too-long", 0)}, [][]string{{"a", "a2"}, {"b"}}, 0, "b", "lost 1 too-long", nil},
		"blocked":                               {[]error{failing(bot.Gone, "blocked", 0)}, [][]string{{"a"}}, 0, "", "gone blocked, lost 1 blocked", nil},
		"in doubt: listed, and sent once more":  {[]error{failing(bot.Doubtful, "timeout", 0)}, [][]string{{"a"}, {"b"}}, 0, "a, a, b", "doubt 1 timeout", []time.Duration{0, 20 * time.Second, 20 * time.Second}},
		"an error that says nothing is a doubt": {[]error{errors.New("?")}, [][]string{{"a"}}, 0, "a", "doubt 1 unknown", nil},
		"silence ends at the deadline":          {nil, [][]string{{"a"}}, time.Minute, "", "doubt 1 timeout, doubt 1 timeout, doubt 1 timeout", nil},
		"the channel is refused":                {[]error{failing(bot.Halt, "unauthorized", 0)}, [][]string{{"a"}, {"b"}}, 0, "", "", nil},
		"given up after many tries":             {slices.Repeat([]error{failing(bot.Again, "net", 0)}, 8), [][]string{{"a"}}, 0, "", "lost 1 net", nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRoad(t, c.says...)
				r.slow = c.slow
				for _, texts := range c.turns {
					r.say(t, texts...)
				}
				span := 4 * time.Minute
				if c.slow > 0 {
					span = 2 * time.Minute
				}
				r.run(t, span)
				r.is(t, c.sent, c.told)
				if c.at != nil && !slices.EqualFunc(r.at, c.at, func(got, want time.Duration) bool { return got >= want && got < want+5*time.Second+time.Second/10 }) {
					t.Errorf("sent at %v, want %v", r.at, c.at)
				}
			})
		})
	}
}

// A process that ends in the middle of a send leaves its delivery to another,
// which lists it as doubtful and sends it again.
func TestWhatACrashLeavesIsSentByAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoad(t)
		r.say(t, "a")
		r.say(t, "b")
		if d, err := r.sessions.Take(t.Context(), r.c, "crashed", time.Now()); d == nil || err != nil {
			t.Fatal(d, err)
		}
		r.run(t, 29*time.Second)
		r.is(t, "", "")
		r.run(t, 10*time.Second)
		r.is(t, "a, b", "doubt 1 crash")
	})
}

// What waits for the pace is not held meanwhile: a process that ends then leaves
// no doubt about it, and another one may send it.
func TestWhatWaitsForThePaceIsNotHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoad(t, &bot.SendError{Next: bot.Again, Scope: bot.WholeBot, After: 10 * time.Second, Reason: "rate"})
		r.sender.Channels["telegram"] = pacedPlatform{r.platform}
		ctx, end := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { r.sender.Run(ctx); close(ended) }()
		r.say(t, "one")
		synctest.Wait()
		other := &road{platform: r.platform, sender: r.sender, sessions: r.sessions, c: bot.Contact{Channel: "telegram", ID: "8"}}
		other.say(t, "two")
		time.Sleep(5 * time.Second)
		d, err := r.sessions.Take(ctx, other.c, "p2", time.Now())
		if err != nil || d == nil || d.Crashed || d.Doubts > 0 {
			t.Fatalf("%+v, %v", d, err)
		}
		if ours, err := r.sessions.Put(ctx, d, "p2", time.Now()); err != nil || !ours {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		end()
		<-ended
		slices.Sort(r.sent)
		r.is(t, "one, two", "")
	})
}

func TestAPanicCostsOneTry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoad(t)
		r.say(t, "boom")
		other := bot.Contact{Channel: "telegram", ID: "8"}
		if _, err := r.sessions.Save(t.Context(), bot.Commit{Contact: other, Turn: "1", At: time.Now(), Send: true, Bubbles: []bot.Bubble{{Text: "fine"}}}); err != nil {
			t.Fatal(err)
		}
		r.run(t, 40*time.Minute)
		if !slices.Contains(r.sent, "fine") || !slices.Contains(r.told, "lost 1 doubtful") {
			t.Errorf("sent %v, told %v", r.sent, r.told)
		}
	})
}

// When the program is told to end, what is being sent is finished and nothing
// new is begun.
func TestTheSenderDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoad(t)
		r.slow = 5 * time.Second
		r.say(t, "a", "b")
		r.run(t, time.Second)
		if time.Since(r.began) > 6*time.Second {
			t.Errorf("ended after %v", time.Since(r.began))
		}
		r.is(t, "a", "")
		r.run(t, time.Minute)
		r.is(t, "a, b", "")
	})
}

func TestAnAnswerOfYesterdayIsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoad(t)
		r.say(t, "a")
		time.Sleep(25 * time.Hour)
		r.run(t, time.Minute)
		r.is(t, "", "lost 1 late")
	})
}

// accepting is a receiver over stores in memory.
func TestTheReceiver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := bottest.New(t)
		r := &bot.Receiver{Inbox: w.Sessions, Handle: w.Handle, Log: w.Log, Now: time.Now}
		c := bot.Contact{Channel: "zalo", ID: "1"}
		say := func(update, text string) {
			t.Helper()
			if err := r.Accept(t.Context(), bot.Incoming{Contact: c, Update: update, Text: text, At: time.Now()}); err != nil {
				t.Fatal(err)
			}
		}
		heard := func() string {
			t.Helper()
			all, err := w.Sessions.Bubbles(t.Context(), c, 0, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			var list []string
			for _, b := range all {
				if b.From == bot.FromPerson {
					list = append(list, b.Text)
				}
			}
			return strings.Join(list, ", ")
		}

		say("1", "one")
		say("1", "one")
		say("2", "two")
		synctest.Wait()
		if got := heard(); got != "one, two" {
			t.Errorf("heard %q", got)
		}

		// What can't be answered now is answered later, in order.
		w.Sessions.Before = func(call string) error {
			if call == "save" {
				return errors.New("the store is away")
			}
			return nil
		}
		say("3", "three")
		say("4", "four")
		synctest.Wait()
		if got := heard(); got != "one, two" {
			t.Errorf("heard %q", got)
		}
		w.Sessions.Before = nil
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { r.Run(ctx); close(ended) }()
		time.Sleep(time.Minute)
		cancel()
		<-ended
		if got := heard(); got != "one, two, three, four" {
			t.Errorf("heard %q", got)
		}
		// After the end nothing is begun: the next process finds it.
		say("5", "five")
		synctest.Wait()
		if got := heard(); got != "one, two, three, four" {
			t.Errorf("heard %q", got)
		}
	})
}

// What the platform says has arrived is not sent again.
func TestAnEchoSettlesADoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRoad(t, failing(bot.Doubtful, "timeout", 0))
		began := time.Now()
		r.sender.Echoed = func(_ context.Context, c bot.Contact, text string, since time.Time) (bool, error) {
			return c == r.c && text == "a" && !since.After(began), nil
		}
		r.say(t, "a", "b")
		r.run(t, time.Minute)
		r.is(t, "a, b", "doubt 1 timeout")
	})
}
