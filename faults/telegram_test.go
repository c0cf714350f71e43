package faults_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"nghe/crash"
)

// Every update is delivered one to five times, by several connections, to two
// processes: nobody notices.
func TestRepeatedUpdatesOnTwoProcesses(t *testing.T) {
	besideOthers(t)
	random := rand.New(rand.NewPCG(*seed, 1))
	in := install(t, func(int64) int { return 1 + random.IntN(5) })
	want := answers(t, script)
	in.start("")
	in.start("")
	began := time.Now()
	in.talk(*people)
	if doubled := in.balance(*people, want); doubled != 0 {
		t.Errorf("%d answers came twice", doubled)
	}
	t.Logf("%d updates of %d people, each delivered 1 to 5 times, in %v", *people*len(script), *people, time.Since(began).Round(time.Millisecond))
}

// A process that ends between any two steps loses nothing and doubles no
// recorded effect.
func TestCrashPoints(t *testing.T) {
	t.Parallel()
	want := answers(t, script)
	for _, point := range crash.Points {
		if !onWebhook(point) {
			continue
		}
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			eachHit(t, func(t *testing.T, hit int) {
				const n = 3
				in := install(t, nil)
				in.crashes(point, 2+3*hit, n)
				in.balance(n, want)
			})
		})
	}
}

// crashes has people talk to two processes, one of which ends when it is at a
// point for the nth time, and is replaced.
func (in *installation) crashes(point string, nth, people int) {
	in.t.Helper()
	in.start("")
	unlucky := in.start(fmt.Sprintf("%s:%d", point, nth))
	go func() {
		<-unlucky.ended
		in.gone(unlucky)
		if !in.t.Failed() {
			in.start("")
		}
	}()
	in.talk(people)
	select {
	case <-unlucky.ended:
	default:
		in.t.Errorf("the process never came to %s", point)
	}
}

// The same where we ask Telegram for updates: the process that holds the lease
// of polling ends, another takes over and asks from the last committed one on.
func TestCrashPointsOfPolling(t *testing.T) {
	t.Parallel()
	want := answers(t, script)
	for _, point := range []string{"poll.received", "poll.handled"} {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			eachHit(t, func(t *testing.T, hit int) {
				in := install(t, nil)
				in.environ = slices.DeleteFunc(in.environ, func(s string) bool { return strings.HasPrefix(s, "TELEGRAM_WEBHOOK_SECRET=") })
				const n = 3
				unlucky := in.start(fmt.Sprintf("%s:%d", point, 2+3*hit))
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				err := in.platform.Wait(ctx, in.platform.(onTelegram).Polled)
				cancel()
				if err != nil {
					t.Fatalf("nobody polls:\n%s", unlucky.logged())
				}
				in.start("")
				in.talk(n)
				select {
				case <-unlucky.ended:
				default:
					t.Errorf("the process never came to %s", point)
				}
				in.balance(n, want)
			})
		})
	}
}

// onWebhook says whether a point lies on the road of Telegram's webhook.
func onWebhook(point string) bool {
	if ofBroadcasts(point) {
		return false
	}
	switch point {
	case "accept.kept", "poll.received", "poll.handled", "send.noted", "effect.requested":
		return false // of polling, of Zalo's inbox, of long messages, of effects that this talk does not ask for
	}
	return true
}

// A process may be killed at any moment.
func TestKills(t *testing.T) {
	besideOthers(t)
	repeats := rand.New(rand.NewPCG(*seed, 2))
	in := install(t, func(int64) int { return 1 + repeats.IntN(2) })
	want := answers(t, script)
	n := in.killed(*people)
	doubled := in.balance(*people, want)
	t.Logf("%d kills during %d updates of %d people; %d answers came twice, each listed", n, *people*len(script), *people, doubled)
}

// killed has people talk to two processes, one of which is killed at random
// moments and replaced, and says how often that was.
func (in *installation) killed(people int) (n int) {
	in.t.Helper()
	in.start("")
	return in.killing(in.start(""), func() { in.talk(people) })
}

// killing kills a process at random moments while something is done, and
// replaces it; it says how often.
func (in *installation) killing(running *process, while func()) (n int) {
	in.t.Helper()
	random := rand.New(rand.NewPCG(*seed, 3))
	over := make(chan struct{})
	killed := make(chan int)
	go func() {
		n := 0
		defer func() { killed <- n }()
		for n < *kills {
			select {
			case <-over:
				return
			case <-time.After(time.Duration(200+random.IntN(1500)) * time.Millisecond):
			}
			in.gone(running)
			running.kill()
			n++
			running = in.start("")
		}
	}()
	while()
	close(over)
	if n = <-killed; n == 0 {
		in.t.Error("nobody was killed")
	}
	return n
}
