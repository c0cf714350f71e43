package store_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"nghe/bot"
	"nghe/store"
	"nghe/store/storetest"
)

// twoOn opens the same Redis for two processes.
func twoOn(t *testing.T, address string) (a, b *store.Redis) {
	t.Helper()
	for _, r := range []**store.Redis{&a, &b} {
		opened, err := store.OpenRedis(t.Context(), address, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { opened.Close() })
		*r = opened
	}
	return a, b
}

func TestLimitsHoldForAllProcesses(t *testing.T) {
	for name, start := range map[string]func(testing.TB) string{
		"one server": func(t testing.TB) string { return storetest.Redis(t) }, "cluster": storetest.RedisCluster,
	} {
		t.Run(name, func(t *testing.T) {
			a, b := twoOn(t, start(t))
			at := noon
			allow := func(r *store.Redis, key string) bool {
				t.Helper()
				ok, err := r.Allow(t.Context(), key, 3, time.Second, at)
				if err != nil {
					t.Fatal(err)
				}
				return ok
			}
			if !allow(a, "me") || !allow(b, "me") || !allow(a, "me") {
				t.Error("less than three at once")
			}
			if allow(a, "me") || allow(b, "me") {
				t.Error("more than three at once")
			}
			if !allow(b, "you") {
				t.Error("somebody else is hindered")
			}
			at = at.Add(time.Second)
			if !allow(b, "me") || allow(a, "me") {
				t.Error("not one more a second later")
			}
			at = at.Add(time.Hour)
			if !allow(b, "me") || !allow(a, "me") || !allow(b, "me") || allow(a, "me") {
				t.Error("not three an hour later")
			}
		})
	}
}

// What happens with a case is heard by the other processes, and not by the one
// that tells it: its pages have heard.
func TestCasesAreHeardByOtherProcesses(t *testing.T) {
	a, b := twoOn(t, storetest.Redis(t))
	ctx, cancel := context.WithCancel(t.Context())
	heard := make(chan string, 1000)
	var listening sync.WaitGroup
	for name, r := range map[string]*store.Redis{"a": a, "b": b} {
		listening.Go(func() { r.HearCases(ctx, func(news []byte) { heard <- name + " " + string(news) }) })
	}
	again, seen := time.NewTicker(10*time.Millisecond), map[string]bool{}
	defer again.Stop()
	for !seen["a from b 1"] || !seen["b from a 1"] {
		select {
		case text := <-heard:
			if seen[text] = true; text == "a from a 1" || text == "b from b 1" {
				t.Fatal("a process hears itself")
			}
		case <-again.C:
			a.TellCase([]byte("from a 1"))
			b.TellCase([]byte("from b 1"))
		case <-time.After(20 * time.Second):
			t.Fatalf("heard %v", seen)
		}
	}
	cancel()
	listening.Wait()
}

func TestSaidIsHeardByOtherProcesses(t *testing.T) {
	a, b := twoOn(t, storetest.Redis(t))
	ctx, cancel := context.WithCancel(t.Context())
	heard, ended := make(chan bot.Contact, 100), make(chan struct{})
	go func() { b.HearSaid(ctx, func(c bot.Contact) { heard <- c }); close(ended) }()
	to := bot.Contact{Channel: "web", ID: "chị:Lan"}
	// The subscription takes its time: until it stands, nobody hears.
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for got := false; !got; {
		select {
		case c := <-heard:
			if c != to {
				t.Errorf("heard of %v", c)
			}
			got = true
		case <-again.C:
			a.TellSaid(to)
		case <-time.After(20 * time.Second):
			t.Fatal("nothing was heard")
		}
	}
	cancel()
	<-ended
}
