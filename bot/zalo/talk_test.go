package zalo_test

import (
	"context"
	"fmt"
	"math/rand/v2"
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
	k := &talk{office: open(t, change...), world: bottest.New(t)}
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
