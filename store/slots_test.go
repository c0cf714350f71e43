package store_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nghe/bot"
	faketelegram "nghe/bot/bottest/telegram"
	"nghe/bot/telegram"
	"nghe/store"
	"nghe/store/storetest"
)

// Slots of one process and slots that many share keep the same rules.
func TestSlots(t *testing.T) {
	for name, open := range map[string]func(func() time.Time) bot.Slots{
		"own":   func(now func() time.Time) bot.Slots { return bot.NewSlots(now) },
		"redis": func(now func() time.Time) bot.Slots { return openRedis(t, storetest.Redis(t)).Slots(now) },
	} {
		t.Run(name, func(t *testing.T) { slotsSuite(t, open) })
	}
}

// desk is a channel of a test of its own, where messages ask for leave.
type desk struct {
	t       *testing.T
	slots   bot.Slots
	channel string
	limit   int
	gap     time.Duration
	asked   int
}

func (d *desk) ask(contact int, lane bot.Lane, owner string, answers int) bot.Ask {
	d.asked++
	return bot.Ask{
		ID: fmt.Sprint(owner, d.asked), Contact: bot.Contact{Channel: d.channel, ID: strconv.Itoa(contact)}, Lane: lane,
		Limit: d.limit, Gap: d.gap, Owner: owner, Answers: answers,
	}
}

func (d *desk) take(a bot.Ask) bot.Leave {
	d.t.Helper()
	l, err := d.slots.Take(d.t.Context(), a)
	if err != nil {
		d.t.Fatal(err)
	}
	return l
}

func (d *desk) release(a bot.Ask, used bool) {
	d.t.Helper()
	if err := d.slots.Release(d.t.Context(), a, used); err != nil {
		d.t.Fatal(err)
	}
}

func slotsSuite(t *testing.T, open func(func() time.Time) bot.Slots) {
	var now time.Time
	all, channels := open(func() time.Time { return now }), 0
	begin := func(t *testing.T, limit int, gap time.Duration) *desk {
		channels++
		now = noon
		return &desk{t: t, slots: all, channel: fmt.Sprint("desk", channels), limit: limit, gap: gap}
	}
	want := func(t *testing.T, got, want bot.Leave) {
		t.Helper()
		if got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	}
	yes := bot.Leave{Granted: true}
	later := func(d time.Duration) bot.Leave { return bot.Leave{Wait: d} }

	t.Run("a slot is free a second after its answer", func(t *testing.T) {
		d := begin(t, 2, 0)
		one, two := d.ask(1, bot.Answers, "p", 1), d.ask(2, bot.Answers, "q", 1)
		want(t, d.take(one), yes)
		want(t, d.take(two), yes)
		want(t, d.take(d.ask(3, bot.Answers, "p", 1)), later(time.Second)) // both are under way
		now = now.Add(300 * time.Millisecond)
		d.release(two, true)
		now = now.Add(200 * time.Millisecond)
		d.release(one, true)
		want(t, d.take(d.ask(3, bot.Answers, "p", 1)), later(800*time.Millisecond))
		now = now.Add(800 * time.Millisecond)
		want(t, d.take(d.ask(3, bot.Answers, "p", 1)), yes)
		want(t, d.take(d.ask(4, bot.Answers, "p", 1)), later(200*time.Millisecond))
	})
	t.Run("slots of a process that crashed come free by themselves", func(t *testing.T) {
		d := begin(t, 1, time.Second)
		want(t, d.take(d.ask(1, bot.Answers, "crashed", 1)), yes)
		now = now.Add(bot.SlotLife - 400*time.Millisecond)
		want(t, d.take(d.ask(2, bot.Answers, "p", 1)), later(400*time.Millisecond))
		now = now.Add(400 * time.Millisecond)
		want(t, d.take(d.ask(1, bot.Answers, "p", 1)), yes)
	})
	t.Run("what was never begun holds nothing", func(t *testing.T) {
		d := begin(t, 1, time.Second)
		a := d.ask(1, bot.Answers, "p", 1)
		want(t, d.take(a), yes)
		d.release(a, false)
		want(t, d.take(d.ask(1, bot.Answers, "q", 1)), yes)
	})
	t.Run("a chat waits alone for its gap", func(t *testing.T) {
		d := begin(t, 30, 3*time.Second)
		a := d.ask(1, bot.Answers, "p", 1)
		want(t, d.take(a), yes)
		want(t, d.take(d.ask(1, bot.Bulk, "q", 0)), bot.Leave{Wait: 3 * time.Second, Chat: true}) // under way
		want(t, d.take(d.ask(2, bot.Answers, "q", 1)), yes)
		now = now.Add(time.Second)
		d.release(a, true)
		now = now.Add(time.Second)
		want(t, d.take(d.ask(1, bot.Answers, "q", 1)), bot.Leave{Wait: 2 * time.Second, Chat: true})
		now = now.Add(2 * time.Second)
		want(t, d.take(d.ask(1, bot.Answers, "q", 1)), yes)
	})
	t.Run("chats have a gap where the channel has no limit", func(t *testing.T) {
		d := begin(t, 0, time.Second)
		for i := range 50 {
			want(t, d.take(d.ask(i, bot.Bulk, "p", 0)), yes)
		}
		want(t, d.take(d.ask(7, bot.Bulk, "p", 0)), bot.Leave{Wait: time.Second, Chat: true})
	})
	t.Run("a pause holds everybody, and is not shortened", func(t *testing.T) {
		d := begin(t, 30, time.Second)
		for _, pause := range []time.Duration{7 * time.Second, 2 * time.Second} {
			if err := d.slots.Pause(t.Context(), d.channel, pause); err != nil {
				t.Fatal(err)
			}
		}
		now = now.Add(time.Second)
		want(t, d.take(d.ask(1, bot.Answers, "q", 1)), later(6*time.Second))
		other := begin(t, 30, 0)
		now = noon.Add(time.Second)
		want(t, other.take(other.ask(1, bot.Answers, "q", 1)), yes) // of another channel
		now = now.Add(6 * time.Second)
		want(t, d.take(d.ask(1, bot.Answers, "q", 1)), yes)
	})
	t.Run("bulk is spread, answers are not", func(t *testing.T) {
		d := begin(t, 30, 0)
		want(t, d.take(d.ask(1, bot.Bulk, "p", 0)), yes)
		want(t, d.take(d.ask(2, bot.Bulk, "q", 0)), later(bot.BulkGap(30)))
		want(t, d.take(d.ask(3, bot.Answers, "q", 1)), yes)
		now = now.Add(bot.BulkGap(30))
		want(t, d.take(d.ask(2, bot.Bulk, "q", 0)), yes)
	})
	t.Run("bulk leaves slots to answers of other processes", func(t *testing.T) {
		d := begin(t, 2, 0)
		one, two := d.ask(1, bot.Answers, "p", 1), d.ask(2, bot.Answers, "p", 1)
		d.take(one)
		d.take(two)
		d.release(one, true)
		now = now.Add(100 * time.Millisecond)
		d.release(two, true)
		want(t, d.take(d.ask(3, bot.Answers, "p", 1)), later(900*time.Millisecond))
		now = now.Add(900 * time.Millisecond)
		want(t, d.take(d.ask(4, bot.Bulk, "q", 0)), later(100*time.Millisecond)) // one is free, for the answer
		want(t, d.take(d.ask(3, bot.Answers, "p", 1)), yes)
		now = now.Add(100 * time.Millisecond)
		want(t, d.take(d.ask(4, bot.Bulk, "q", 0)), yes)
	})
	t.Run("an answer that does not come back loses its slot to bulk", func(t *testing.T) {
		d := begin(t, 1, 0)
		one := d.ask(1, bot.Answers, "p", 1)
		d.take(one)
		d.release(one, true)
		want(t, d.take(d.ask(3, bot.Answers, "crashed", 1)), later(time.Second))
		now = now.Add(time.Second)
		if l := d.take(d.ask(4, bot.Bulk, "q", 0)); l.Granted {
			t.Error("bulk before an answer")
		}
		now = now.Add(bot.AnswerGrace)
		want(t, d.take(d.ask(4, bot.Bulk, "q", 0)), yes)
	})
}

// timed notes how long the platform takes to answer.
type timed struct{ calls, took atomic.Int64 }

func (n *timed) RoundTrip(r *http.Request) (*http.Response, error) {
	began := time.Now()
	resp, err := http.DefaultTransport.RoundTrip(r)
	n.calls.Add(1)
	n.took.Add(int64(time.Since(began)))
	return resp, err
}

// Two processes on one Redis send at the pace of one bot: the platform, which
// refuses above 30 arrivals in any sliding second, refuses nothing, hardly any
// of the pace is lost, and the answers of one go before the bulk of both.
func TestTwoProcessesKeepOnePace(t *testing.T) {
	const pace, warmUp, measured, everyNth = 30, 60, 180, 8
	platform, api := faketelegram.Start(t, faketelegram.Settings{Pace: &faketelegram.Published})
	const people = 2 * (warmUp + measured)
	for id := range int64(people) {
		platform.Person(1000+id, "An").Starts("")
	}
	contact := func(i int) bot.Contact { return bot.Contact{Channel: telegram.Name, ID: strconv.Itoa(1000 + i)} }
	address, log, network := storetest.Redis(t), slog.New(slog.DiscardHandler), &timed{}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var work sync.WaitGroup
	process := func(owner string) (*bot.Sender, *store.Redis, *telegram.Channel) {
		redis := openRedis(t, address)
		channel, err := telegram.New(telegram.Settings{Token: faketelegram.Token, API: api, Log: log, Now: time.Now, Chance: rand.Float64, Transport: network})
		if err != nil {
			t.Fatal(err)
		}
		sender := &bot.Sender{
			Outbox: redis, Channels: map[string]bot.Channel{telegram.Name: channel}, Log: log, Now: time.Now, Owner: owner, Slots: redis.Slots(nil),
		}
		work.Go(func() { sender.Run(ctx) })
		return sender, redis, channel
	}
	// Bulk of both, to the first half of the people: always more than the pace
	// lets through.
	var next atomic.Int64
	bulk := func(sender *bot.Sender, channel *telegram.Channel) {
		for range 20 {
			work.Go(func() {
				for ctx.Err() == nil {
					c := contact(int(next.Add(1)) % (people / 2))
					err := sender.Paced(ctx, c, func(ctx context.Context) error {
						_, err := channel.Send(context.WithoutCancel(ctx), c, bot.Part{Text: "Tuần sau có lớp mới."})
						return err
					})
					if err != nil && ctx.Err() == nil {
						t.Error(err)
					}
				}
			})
		}
	}
	first, _, channel := process("p1")
	bulk(first, channel)
	second, sessions, channel := process("p2")
	bulk(second, channel)

	// Answers of one, to the other half.
	asked := map[string]time.Time{}
	for n := warmUp; n <= warmUp+measured; n += everyNth {
		if err := platform.Wait(ctx, func() bool { return len(platform.Calls("sendMessage")) >= n }); err != nil {
			t.Fatal(err)
		}
		c, text := contact(people/2+n), fmt.Sprint("Câu trả lời ", n)
		asked[text] = time.Now()
		_, err := sessions.Save(ctx, bot.Commit{
			Contact: c, Turn: text, At: time.Now(), Send: true,
			Bubbles: []bot.Bubble{{From: bot.FromBot, Text: text, At: time.Now(), Turn: text}},
		})
		if err != nil {
			t.Fatal(err)
		}
		second.Wake(c)
	}
	if err := platform.Wait(ctx, func() bool { return len(platform.Calls("sendMessage")) > warmUp+measured }); err != nil {
		t.Fatal(err)
	}
	calls := platform.Calls("sendMessage")
	stop()
	work.Wait()

	var waited []time.Duration
	for _, call := range calls {
		if call.Code != http.StatusOK {
			t.Errorf("refused: %+v", call)
		}
		if at, ok := asked[call.Params["text"]]; ok {
			waited = append(waited, call.At.Sub(at))
		}
	}
	// What the answers of the platform take is not lost by us: a slot is used
	// once in a second and an answer.
	trip := time.Duration(network.took.Load() / network.calls.Load())
	best := float64(pace) / (time.Second + trip).Seconds()
	rate := measured / calls[warmUp+measured].At.Sub(calls[warmUp].At).Seconds()
	t.Logf("%.2f messages/s, %.1f %% of the pace, %.1f %% of what answers after %v leave of it; answers waited at most %v",
		rate, 100*rate/pace, 100*rate/best, trip.Round(time.Microsecond), slices.Max(waited).Round(time.Millisecond))
	// The figures are the benchmark's (bench, Pace): a machine that is at other
	// things loses some. Two that did not share would use half, or be refused.
	if rate < .75*best {
		t.Errorf("only %.1f %% of the pace was used", 100*rate/best)
	}
	if slices.Max(waited) > 5*time.Second {
		t.Errorf("an answer waited %v behind bulk", slices.Max(waited))
	}
}
