package bot_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nghe/bot"
)

// paced is a channel of which only the pace matters.
type paced struct{ perSecond, perChat float64 }

func (p paced) Name() string { return "paced" }
func (p paced) Can() bot.Capabilities {
	return bot.Capabilities{PerSecond: p.perSecond, PerChatSecond: p.perChat}
}
func (p paced) Render([]bot.Bubble) []bot.Part { return nil }
func (p paced) Send(context.Context, bot.Contact, bot.Part) (bot.Receipt, error) {
	return bot.Receipt{}, nil
}

func pacer(c paced) *bot.Pacer {
	return bot.NewPacer(c, bot.NewSlots(time.Now), "p1", slog.New(slog.DiscardHandler))
}

// counted are slots that know how often they were asked.
type counted struct {
	bot.Slots
	asks int
}

func (c *counted) Take(ctx context.Context, a bot.Ask) (bot.Leave, error) {
	c.asks++
	return c.Slots.Take(ctx, a)
}

func chat(i int) bot.Contact { return bot.Contact{Channel: "paced", ID: fmt.Sprint(i)} }

// Whatever the network does to the messages on their way, no sliding second at
// the platform sees more than the pace, and hardly any of it is left unused.
func TestThePaceIsKeptAtThePlatform(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const pace, messages = 30, 3000
		slots := &counted{Slots: bot.NewSlots(time.Now)}
		p := bot.NewPacer(paced{pace, 0}, slots, "p1", slog.New(slog.DiscardHandler))
		random := rand.New(rand.NewPCG(1, 2))
		var mu sync.Mutex
		var arrived []time.Time
		began := time.Now()
		var wg sync.WaitGroup
		for i := range messages {
			there, back := time.Duration(random.IntN(10))*time.Millisecond, time.Duration(random.IntN(10))*time.Millisecond
			wg.Go(func() {
				release, err := p.Reserve(t.Context(), chat(i), bot.Bulk)
				if err != nil {
					t.Error(err)
					return
				}
				time.Sleep(there)
				mu.Lock()
				arrived = append(arrived, time.Now())
				mu.Unlock()
				time.Sleep(back)
				release()
			})
		}
		wg.Wait()
		slices.SortFunc(arrived, time.Time.Compare)
		for i := pace; i < len(arrived); i++ {
			if gap := arrived[i].Sub(arrived[i-pace]); gap < time.Second {
				t.Fatalf("%d messages within %v", pace+1, gap)
			}
		}
		// After the first seconds, in which the slots spread.
		const from, to = 2 * time.Second, 92 * time.Second
		sent := 0
		for _, at := range arrived {
			if since := at.Sub(began); since >= from && since < to {
				sent++
			}
		}
		used := float64(sent) / (to - from).Seconds() / pace
		t.Logf("%.1f %% of the pace was used", 100*used)
		if slots.asks > 3*messages { // who is refused is told when to come back
			t.Errorf("asked %d times for %d messages", slots.asks, messages)
		}
		if used < .98 {
			t.Errorf("only %.1f %% of the pace was used", 100*used)
		}
	})
}

func TestAnswersGoBeforeBulk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pacer(paced{30, 1})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for i := range 5000 {
			wg.Go(func() {
				if release, err := p.Reserve(ctx, chat(i), bot.Bulk); err == nil {
					time.Sleep(20 * time.Millisecond)
					release()
				}
			})
		}
		time.Sleep(3 * time.Second)
		var longest time.Duration
		for i := range 50 {
			asked := time.Now()
			release, err := p.Reserve(ctx, chat(-1-i), bot.Answers)
			if err != nil {
				t.Fatal(err)
			}
			longest = max(longest, time.Since(asked))
			release()
			time.Sleep(100 * time.Millisecond)
		}
		t.Logf("an answer waited at most %v", longest)
		if longest > 300*time.Millisecond { // slots come free evenly
			t.Errorf("an answer waited %v behind bulk", longest)
		}
		cancel()
		wg.Wait()
	})
}

func TestAChatIsWrittenToOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pacer(paced{0, 1})
		var at []time.Duration
		began := time.Now()
		for range 3 {
			release, err := p.Reserve(t.Context(), chat(1), bot.Answers)
			if err != nil {
				t.Fatal(err)
			}
			at = append(at, time.Since(began))
			time.Sleep(300 * time.Millisecond)
			release()
			other, err := p.Reserve(t.Context(), chat(2), bot.Answers) // others don't wait
			if err != nil {
				t.Fatal(err)
			}
			other()
		}
		if want := []time.Duration{0, 1300 * time.Millisecond, 2600 * time.Millisecond}; !slices.Equal(at, want) {
			t.Errorf("written at %v, want %v", at, want)
		}
	})
}

func TestAPauseHoldsEverybody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pacer(paced{30, 0})
		began := time.Now()
		p.Pause("paced", 7*time.Second)
		p.Pause("paced", 2*time.Second) // does not shorten it
		if _, err := p.Reserve(t.Context(), chat(1), bot.Answers); err != nil || time.Since(began) != 7*time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}

// Who gives up waiting takes no slot along.
func TestWhoGivesUpLeavesNoHole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := pacer(paced{1, 0})
		release, err := p.Reserve(t.Context(), chat(0), bot.Answers)
		if err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := p.Reserve(short, chat(1), bot.Answers); err == nil {
			t.Error("a slot that was not there")
		}
		release()
		began := time.Now()
		if _, err := p.Reserve(t.Context(), chat(2), bot.Bulk); err != nil || time.Since(began) != time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
	})
}
