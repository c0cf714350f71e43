package zalo_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nghe/bot"
	"nghe/bot/bottest"
	fakezalo "nghe/bot/bottest/zalo"
	"nghe/bot/zalo"
)

// talk is an office whose account is answered by real turns, a real receiver
// and a real sender over stores in memory.
type talk struct {
	*office
	world *bottest.World
}

func begin(t *testing.T, change ...func(*fakezalo.Settings)) *talk {
	return beginIn(t, bottest.New(t), change...)
}

func beginIn(t *testing.T, world *bottest.World, change ...func(*fakezalo.Settings)) *talk {
	k := &talk{office: open(t, change...), world: world}
	sender := &bot.Sender{
		Outbox: k.world.Sessions, Channels: map[string]bot.Channel{zalo.Channel: k.account}, Log: k.world.Log,
		Now: k.clock.Now, Owner: "test",
	}
	k.world.Pushed = func(channel string) bool { return channel == zalo.Channel }
	k.world.Said = sender.Wake
	receiver := &bot.Receiver{Inbox: k.world.Sessions, Handle: k.world.Handle, Log: k.world.Log, Now: k.clock.Now}
	k.webhook.Accept = receiver
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { sender.Run(ctx) })
	running.Go(func() { receiver.Run(ctx) })
	t.Cleanup(func() { stop(); running.Wait() })
	return k
}

// hear waits until the bot has sent n messages in all and gives the last ones.
func (k *talk) hear(t *testing.T, n int) []string {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	sent, err := k.WaitSent(ctx, n)
	if err != nil {
		t.Fatalf("%d messages were sent, %d expected", len(sent), n)
	}
	var texts []string
	for _, m := range sent {
		line := m.Text
		for _, b := range m.Buttons {
			line += " [" + b.Title + "]"
		}
		texts = append(texts, line)
	}
	return texts
}

// What the suite of all channels does not know: following, pictures, echoes.
func TestATalkOnZalo(t *testing.T) {
	k := begin(t)
	k.Follow("1")
	k.Deliver(t.Context())
	k.hear(t, 1)
	k.Send("1", "image", "")
	k.Deliver(t.Context())
	want := []string{
		"what now?\n\nintro friend [The colour] [The sky]",
		"media.photo friend [option.menu friend]",
	}
	if diff := cmp.Diff(want, k.hear(t, 2)); diff != "" {
		t.Error(diff)
	}
	// Every message was echoed, and every echo settled.
	k.Deliver(t.Context())
	settled := 0
	for _, call := range k.records.Calls() {
		if strings.HasPrefix(call, "settle zalo:1 m") {
			settled++
		}
	}
	if settled != 2 {
		t.Errorf("%d settled: %q", settled, k.records.Calls())
	}
}

// One id leads through the log on a message's whole way: taken, answered, sent.
// What was said is not in it.
func TestOneIDOnTheWholeWay(t *testing.T) {
	var mu sync.Mutex
	var lines []string
	sent := make(chan struct{}, 1)
	world := bottest.New(t)
	world.Log = slog.New(slog.NewTextHandler(writer(func(line string) {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, line)
		if strings.Contains(line, "part sent") {
			select {
			case sent <- struct{}{}:
			default:
			}
		}
	}), nil))
	k := beginIn(t, world)
	k.Say("1", "my secret trouble")
	k.Deliver(t.Context())
	select {
	case <-sent:
	case <-time.After(20 * time.Second):
		t.Error("nothing was sent")
	}
	id := regexp.MustCompile(`turn="?([^\s"]+)`)
	mu.Lock()
	defer mu.Unlock()
	seen := map[string]string{}
	for _, line := range lines {
		for _, stage := range []string{"message accepted", "turn done", "part sent"} {
			if !strings.Contains(line, `msg="`+stage+`"`) {
				continue
			}
			m := id.FindStringSubmatch(line)
			if m == nil || !strings.Contains(line, "contact=zalo:1") {
				t.Errorf("a line without id or contact: %s", line)
				continue
			}
			seen[stage] = m[1]
		}
		if strings.Contains(line, "trouble") {
			t.Errorf("what was said is in the log: %s", line)
		}
	}
	if len(seen) != 3 || seen["message accepted"] != seen["turn done"] || seen["turn done"] != seen["part sent"] {
		t.Errorf("%v in\n%s", seen, strings.Join(lines, ""))
	}
}

// writer tells a function of each line.
type writer func(string)

func (w writer) Write(p []byte) (int, error) {
	w(string(p))
	return len(p), nil
}

// Each event up to five times, in any order between people and in order for
// each: what is said is what one clean run says.
func TestRepeatedEventsAreAnsweredOnce(t *testing.T) {
	const people = 9 // fewer messages than the pace lets go in a second that never ends
	said := func(repeat int) map[string]string {
		k := begin(t)
		k.Deliveries(fakezalo.Delivery{Prefix: true, Repeat: repeat})
		random := rand.New(rand.NewPCG(7, 7))
		total := 0
		for _, text := range []string{"colour", "Red", "sky", "colour", "Blue"} {
			for _, i := range random.Perm(people) {
				k.Say(fmt.Sprint("p", i), text)
			}
			k.Deliver(t.Context())
			total += people
			k.hear(t, total)
		}
		k.Deliver(t.Context())
		all := map[string]string{}
		for _, m := range k.Sent() {
			all[m.To] += m.Text + "\n"
		}
		return all
	}
	if diff := cmp.Diff(said(0), said(4)); diff != "" {
		t.Error(diff)
	}
}
