package bottest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"nghe/bot"
)

// Rig is a channel on its fake platform, with one person there, for
// ChannelSuite.
type Rig struct {
	Platform
	Channel bot.Channel
	Person  bot.Contact
	Clock   *Clock
	Log     *slog.Logger  // what the channel logs to
	Logged  func() string // what was logged so far
	Secrets []string      // that nobody may be told
}

// Platform is what a fake does for ChannelSuite.
type Platform interface {
	// Begin lets the channel take messages from now on: it hands them to the
	// turns or to the receiver, whichever it uses.
	Begin(t testing.TB, turns *bot.Turns, receiver *bot.Receiver)
	// Says is the person who writes. It returns once the platform has handed
	// the message over, or holds it for the next poll.
	Says(t testing.TB, text string)
	// Taps presses the newest button with a label. Platforms without buttons
	// are not asked.
	Taps(t testing.TB, label string)
	// Sent gives what the platform took for the person, as it was sent, in
	// order; also what nobody was told about.
	Sent() []Sent
	// Wait returns once the platform has taken so many messages in all.
	Wait(ctx context.Context, n int) error
	// Fail makes the next message fail. With PutOff it gives the least time
	// that the platform wants us to wait.
	Fail(f Failure) (least time.Duration)
}

// Sent is a message as a platform got it.
type Sent struct {
	Text    string
	Buttons []string // labels
}

// Failure is a way in which a message fails.
type Failure int

const (
	PutOff  Failure = iota // refused for now
	Refused                // refused for good
	Blocked                // the person can't be reached
	Lost                   // taken; then the connection breaks
	Revoked                // the channel itself is refused, from now on
)

// ChannelSuite is what every channel that pushes has to pass: real turns,
// receiver and sender over stores in memory, between a fake platform and the
// channel. Open makes a channel on a platform that nobody has written to; with
// again the platform delivers every message more than once, in whatever way it
// may happen there.
func ChannelSuite(t *testing.T, open func(t *testing.T, again bool) *Rig) {
	for _, test := range []struct {
		name  string
		again bool
		run   func(*testing.T, *talk)
	}{
		{"what comes again is answered once", true, answeredOnce},
		{"bubbles and answers keep their order", false, inOrder},
		{"an old button is taken kindly", false, oldButton},
		{"a long text is cut and loses nothing", false, longText},
		{"options beyond the buttons are numbered", false, manyOptions},
		{"signs arrive as they were written", false, oddSigns},
		{"a refusal for now is obeyed", false, putOff},
		{"a refusal for good is one message's", false, refusedForGood},
		{"who blocks us is gone, once", false, blocked},
		{"a lost answer is a doubt, and sent again", false, lostAnswer},
		{"a channel that is refused sends nothing more", false, revoked},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, begin(t, open(t, test.again))) })
	}
}

// talk is a rig at work.
type talk struct {
	*Rig
	world  *World
	sender *bot.Sender
	told   chan string  // doubts, losses, who is gone, deliveries put back
	later  chan delayed // what the sender put off
	stop   func()       // ends what runs; may be called again

	mu   sync.Mutex
	errs []error // of Send
}

type delayed struct {
	after time.Duration
	do    func()
}

// watched keeps the errors of a channel.
type watched struct {
	bot.Channel
	k *talk
}

func (w watched) Send(ctx context.Context, to bot.Contact, p bot.Part) (bot.Receipt, error) {
	r, err := w.Channel.Send(ctx, to, p)
	if err != nil {
		w.k.mu.Lock()
		defer w.k.mu.Unlock()
		w.k.errs = append(w.k.errs, err)
	}
	return r, err
}

func begin(t *testing.T, rig *Rig) *talk {
	k := &talk{Rig: rig, world: New(t), told: make(chan string, 99), later: make(chan delayed, 99)}
	k.world.Turns.Log = rig.Log
	k.world.Sessions.Before = func(call string) error {
		switch call {
		case "note", "done": // a message went: the next may go
			k.Clock.Pass(3 * time.Second)
		case "put":
			k.told <- "put back"
		}
		return nil
	}
	name := rig.Channel.Name()
	k.sender = &bot.Sender{
		Outbox: k.world.Sessions, Channels: map[string]bot.Channel{name: watched{rig.Channel, k}}, Log: rig.Log, Now: rig.Clock.Now, Owner: "suite",
		Doubted: func(*bot.Delivery, string) { k.told <- "doubt" },
		Lost:    func(*bot.Delivery, string) { k.told <- "lost" },
		Gone:    func(c bot.Contact, _ string) { k.told <- "gone " + c.String() },
		After:   func(d time.Duration, f func()) { k.later <- delayed{d, f} },
	}
	k.world.Pushed = func(channel string) bool { return channel == name }
	k.world.Said = k.sender.Wake
	receiver := &bot.Receiver{Inbox: k.world.Sessions, Handle: k.world.Handle, Log: rig.Log, Now: rig.Clock.Now}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	k.stop = func() { cancel(); running.Wait() }
	t.Cleanup(func() {
		k.stop()
		k.keepsSecrets(t)
		if t.Failed() {
			t.Logf("sent %q\n%s", k.Sent(), k.Logged())
		}
	})
	running.Go(func() { k.sender.Run(ctx) })
	running.Go(func() { receiver.Run(ctx) })
	k.Begin(t, k.world.Turns, receiver)
	return k
}

// keepsSecrets looks for secrets in all that was told.
func (k *talk) keepsSecrets(t *testing.T) {
	told := k.Logged()
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, err := range k.errs {
		for e := err; e != nil; e = errors.Unwrap(e) {
			told += fmt.Sprintf("%v %+v %#v\n", e, e, e)
		}
	}
	for _, secret := range k.Secrets {
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
			if i := strings.Index(told, form); i >= 0 {
				t.Errorf("a secret is told: …%s", told[max(0, i-100):i])
			}
		}
	}
}

// until waits until the platform has what the test waits for.
func (k *talk) until(t *testing.T, what string, ok func([]Sent) bool) []Sent {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		sent := k.Sent()
		if ok(sent) {
			return sent
		}
		if err := k.Wait(ctx, len(sent)+1); err != nil {
			t.Fatalf("never sent: %s", what)
		}
	}
}

// hears waits for the nth message and looks at what it says, without its
// options, and at the options, wherever they stand.
func (k *talk) hears(t *testing.T, n int, text string, options ...string) {
	t.Helper()
	sent := k.until(t, text, func(sent []Sent) bool { return len(sent) >= n })
	got, offered := shown(sent[n-1])
	if got != text || !slices.Equal(offered, options) {
		t.Errorf("message %d says %q with %q, want %q with %q", n, got, offered, text, options)
	}
}

var numbered = regexp.MustCompile(`^([0-9]+)\. (.+)$`)

// shown takes a message apart: its words, and its options by buttons and by
// numbered lines, which have to begin with the number after the last button.
func shown(m Sent) (text string, options []string) {
	lines := strings.Split(m.Text, "\n")
	first := len(lines)
	for first > 0 && numbered.MatchString(lines[first-1]) {
		first--
	}
	for i, b := range m.Buttons {
		options = append(options, strings.TrimPrefix(b, fmt.Sprintf("%d. ", i+1)))
	}
	for _, line := range lines[first:] {
		if n := numbered.FindStringSubmatch(line); n[1] == fmt.Sprint(len(options)+1) {
			options = append(options, n[2])
		} else {
			options = append(options, "wrong number: "+line)
		}
	}
	return strings.TrimSpace(strings.Join(lines[:first], "\n")), options
}

// tells waits for what the sender tells, in order.
func (k *talk) tells(t *testing.T, want ...string) {
	t.Helper()
	for _, w := range want {
		select {
		case got := <-k.told:
			if got != w {
				t.Errorf("the sender tells %q, want %q", got, w)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("the sender never tells %q", w)
		}
	}
}

// ends ends the talk: nothing more was sent, nor told, nor put off.
func (k *talk) ends(t *testing.T, messages int) {
	t.Helper()
	k.stop()
	if n := len(k.Sent()); n != messages || len(k.told) > 0 || len(k.later) > 0 {
		t.Errorf("%d messages were sent, want %d; %d things told, %d put off", n, messages, len(k.told), len(k.later))
	}
}

// again lets the time come for which the sender put something off, and gives
// how long that was.
func (k *talk) again(t *testing.T) time.Duration {
	t.Helper()
	select {
	case l := <-k.later:
		k.Clock.Pass(l.after)
		l.do()
		return l.after
	case <-time.After(20 * time.Second):
		t.Fatal("nothing was put off")
		return 0
	}
}

// chooses taps an option, or types its number where there are no buttons.
func (k *talk) chooses(t *testing.T, label, number string) {
	t.Helper()
	if k.Channel.Can().Buttons > 0 {
		k.Taps(t, label)
		return
	}
	k.Says(t, number)
}

func answeredOnce(t *testing.T, k *talk) {
	k.Says(t, "colour")
	k.hears(t, 1, "intro friend\n\nred or blue?", "Red", "Blue")
	k.chooses(t, "Blue", "2")
	k.hears(t, 2, "it is BLUE")
	k.Says(t, "colour")
	k.hears(t, 3, "red or blue?", "Red", "Blue")
	k.Says(t, "1")
	k.hears(t, 4, "it is RED")
	k.Says(t, "sky")
	k.hears(t, 5, "the sky is blue\nsource")
	k.ends(t, 5)
}

func inOrder(t *testing.T, k *talk) {
	k.Says(t, "count")
	k.Says(t, "sky")
	k.Says(t, "colour")
	all := "one two three intro friend the sky is blue source red or blue?"
	sent := k.until(t, all, func(sent []Sent) bool {
		return len(sent) > 0 && strings.Contains(sent[len(sent)-1].Text, "red or blue?")
	})
	var words []string
	for _, m := range sent {
		text, _ := shown(m)
		words = append(words, strings.Fields(text)...)
	}
	if got := strings.Join(words, " "); got != all {
		t.Errorf("said %q, want %q", got, all)
	}
	if k.Channel.Can().JoinsBubbles && len(sent) != 3 {
		t.Errorf("%d messages for three turns", len(sent))
	}
	k.ends(t, len(sent))
}

func oldButton(t *testing.T, k *talk) {
	k.Says(t, "colour")
	k.hears(t, 1, "intro friend\n\nred or blue?", "Red", "Blue")
	k.Says(t, "Blue")
	k.hears(t, 2, "it is BLUE")
	k.Says(t, "count")
	k.hears(t, 3, "one\n\ntwo\n\nthree")
	k.chooses(t, "Red", "1")
	if k.Channel.Can().Buttons > 0 { // it says which question it answers
		k.hears(t, 4, "answer.corrected friend\n\nit is RED")
	} else {
		k.hears(t, 4, "miss friend")
	}
	k.Says(t, "sky")
	k.hears(t, 5, "the sky is blue\nsource")
	k.ends(t, 5)
}

func longText(t *testing.T, k *talk) {
	k.Says(t, "long")
	want := bare(Long + "intro friend")
	sent := k.until(t, "all of a long text", func(sent []Sent) bool {
		var all string
		for _, m := range sent {
			all += bare(m.Text)
		}
		return all == want
	})
	can := k.Channel.Can()
	for _, m := range sent {
		n := utf8.RuneCountInString(m.Text)
		if can.TextUnit == "utf16" {
			n = len(utf16.Encode([]rune(m.Text)))
		}
		if n > can.TextLimit || n == 0 || !utf8.ValidString(m.Text) {
			t.Errorf("a part has %d %s, at most %d are taken", n, can.TextUnit, can.TextLimit)
		}
	}
	if len(sent) < 2 {
		t.Errorf("%d parts", len(sent))
	}
	k.ends(t, len(sent))
}

// bare is a text without its white space, which may change where it is cut.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func manyOptions(t *testing.T, k *talk) {
	k.Says(t, "many")
	var labels []string
	for _, o := range many {
		labels = append(labels, o.Label)
	}
	k.hears(t, 1, "intro friend\n\nwhich?", labels...)
	buttons := k.Sent()[0].Buttons
	if len(buttons) != min(len(many), k.Channel.Can().Buttons) {
		t.Errorf("%d buttons", len(buttons))
	}
	if len(buttons) == len(many) {
		t.Errorf("a channel takes %d buttons: the suite has to offer more", len(buttons))
	}
	k.Says(t, fmt.Sprint(len(many)-1))
	k.hears(t, 2, "it is V"+fmt.Sprint(len(many)-1))
	k.ends(t, 2)
}

func oddSigns(t *testing.T, k *talk) {
	k.Says(t, "odd")
	k.hears(t, 1, norm.NFC.String(Odd)+"\n\nintro friend")
	k.Says(t, Odd)
	k.until(t, "an answer", func(sent []Sent) bool { return len(sent) >= 2 })
	kept, err := k.world.Sessions.Bubbles(t.Context(), k.Person, 0, k.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(kept, func(b bot.Bubble) bool { return b.From == bot.FromPerson && b.Text == visible(norm.NFC.String(Odd)) }) {
		t.Errorf("heard %q, want %q", Texts(kept), Odd)
	}
	k.ends(t, 2)
}

// visible is a text as it is read: without the signs that only join others or
// turn the direction.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
}

func putOff(t *testing.T, k *talk) {
	least := k.Fail(PutOff)
	k.Says(t, "colour")
	k.tells(t, "put back")
	if n := len(k.Sent()); n != 0 {
		t.Errorf("%d messages were taken", n)
	}
	if d := k.again(t); d < least || least == 0 {
		t.Errorf("put off for %v, the platform wants %v", d, least)
	}
	k.hears(t, 1, "intro friend\n\nred or blue?", "Red", "Blue")
	k.ends(t, 1)
}

func refusedForGood(t *testing.T, k *talk) {
	k.Fail(Refused)
	k.Says(t, "colour")
	k.tells(t, "lost")
	k.Says(t, "Red")
	k.hears(t, 1, "it is RED")
	k.ends(t, 1)
}

func blocked(t *testing.T, k *talk) {
	k.Fail(Blocked)
	k.Says(t, "colour")
	k.tells(t, "gone "+k.Person.String(), "lost")
	k.ends(t, 0)
}

func lostAnswer(t *testing.T, k *talk) {
	k.Fail(Lost)
	k.Says(t, "colour")
	k.tells(t, "doubt", "put back")
	k.hears(t, 1, "intro friend\n\nred or blue?", "Red", "Blue")
	if d := k.again(t); d < time.Second {
		t.Errorf("sent again after %v", d)
	}
	k.hears(t, 2, "intro friend\n\nred or blue?", "Red", "Blue")
	k.ends(t, 2)
}

func revoked(t *testing.T, k *talk) {
	k.Says(t, "sky")
	k.hears(t, 1, "the sky is blue\nsource\n\nintro friend")
	k.Fail(Revoked)
	if _, err := k.world.Handle(t.Context(), bot.Incoming{Contact: k.Person, Update: "last", Text: "colour", At: k.Clock.Now()}); err != nil {
		t.Fatal(err)
	}
	k.tells(t, "put back")
	if err := k.sender.Ready(); err == nil || !strings.Contains(err.Error(), k.Channel.Name()) {
		t.Errorf("ready: %v", err)
	}
	k.mu.Lock()
	tries := len(k.errs)
	k.mu.Unlock()
	for _, text := range []string{"Red", "sky"} {
		if _, err := k.world.Handle(t.Context(), bot.Incoming{Contact: k.Person, Update: text, Text: text, At: k.Clock.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	k.ends(t, 1)
	if len(k.errs) != tries || tries != 1 {
		t.Errorf("%d tries, then %d", tries, len(k.errs))
	}
	if due, err := k.world.Sessions.Due(t.Context(), k.Clock.Now(), 9); err != nil || !slices.Equal(due, []bot.Contact{k.Person}) {
		t.Errorf("kept for later: %v %v", due, err)
	}
}
