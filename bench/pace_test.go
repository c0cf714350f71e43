package bench

import (
	"context"
	"errors"
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
	"nghe/bot/bottest"
	faketelegram "nghe/bot/bottest/telegram"
	"nghe/bot/telegram"
)

// slow is a network on which a message takes up to 10 ms each way.
type slow struct{}

func (slow) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(rand.N(10 * time.Millisecond))
	resp, err := http.DefaultTransport.RoundTrip(r)
	time.Sleep(rand.N(10 * time.Millisecond))
	return resp, err
}

// Telegram's channel and the Sender against a platform that refuses above 30
// arrivals in any sliding second and one a second in a chat: bulk waits all the
// time, and four answers a second come in between. An iteration is a message;
// the first two seconds warm up.
func BenchmarkPace(b *testing.B) {
	const people, answersPerSecond = 400, 4
	warmUp := 2 * time.Second
	platform, api := faketelegram.Start(b, faketelegram.Settings{Pace: &faketelegram.Published})
	for id := range int64(2 * people) {
		platform.Person(1000+id, "An").Starts("")
	}
	log := slog.New(slog.DiscardHandler)
	channel, err := telegram.New(telegram.Settings{Token: faketelegram.Token, API: api, Log: log, Now: time.Now, Chance: rand.Float64, Transport: slow{}})
	if err != nil {
		b.Fatal(err)
	}
	contact := func(i int) bot.Contact {
		return bot.Contact{Channel: telegram.Name, ID: strconv.Itoa(1000 + i)}
	}
	sessions := &bottest.Sessions{}
	sender := &bot.Sender{
		Outbox: sessions, Channels: map[string]bot.Channel{telegram.Name: channel}, Log: log, Now: time.Now, Owner: "bench",
	}
	ctx, stop := context.WithCancel(context.Background())
	var work sync.WaitGroup
	work.Go(func() { sender.Run(ctx) })

	// Bulk: always more than the pace lets through, to people 0 to 399.
	var next, failed atomic.Int64
	for range 64 {
		work.Go(func() {
			for ctx.Err() == nil {
				c := contact(int(next.Add(1)) % people)
				err := sender.Paced(ctx, c, func(ctx context.Context) error {
					_, err := channel.Send(context.WithoutCancel(ctx), c, bot.Part{Text: "Tuần sau có lớp mới."})
					return err
				})
				if err != nil && !errors.Is(err, context.Canceled) {
					failed.Add(1)
					b.Log(err)
				}
			}
		})
	}
	// Answers: one delivery each, to the others.
	var mu sync.Mutex
	asked := map[string]time.Time{}
	work.Go(func() {
		tick := time.NewTicker(time.Second / answersPerSecond)
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			c, now := contact(people+i%people), time.Now()
			text := "Câu trả lời " + strconv.Itoa(i)
			loaded, err := sessions.Load(ctx, c, strconv.Itoa(i), now)
			if err == nil {
				mu.Lock()
				asked[text] = now
				mu.Unlock()
				_, err = sessions.Save(ctx, bot.Commit{
					Contact: c, Turn: strconv.Itoa(i), Base: loaded.Version, At: now, Send: true,
					Bubbles: []bot.Bubble{{From: bot.FromBot, Text: text, At: now, Turn: strconv.Itoa(i)}},
				})
			}
			if err != nil && ctx.Err() == nil {
				b.Error(err)
				return
			}
			sender.Wake(c)
		}
	})

	time.Sleep(warmUp)
	b.ResetTimer()
	from := time.Now()
	time.Sleep(time.Duration(b.N) * time.Second / 30)
	b.StopTimer()
	until := time.Now()
	stop()
	work.Wait()

	sent, refused := 0, 0
	var waits []time.Duration
	for _, call := range platform.Calls("sendMessage") {
		if call.At.Before(from) || call.At.After(until) {
			continue
		}
		if call.Code != http.StatusOK {
			refused++
			continue
		}
		sent++
		if at, ok := asked[call.Params["text"]]; ok {
			waits = append(waits, call.At.Sub(at))
		}
	}
	slices.Sort(waits)
	b.ReportMetric(float64(refused), "refused")
	b.ReportMetric(100*float64(sent)/30/until.Sub(from).Seconds(), "%ofpace")
	if len(waits) > 0 {
		b.ReportMetric(float64(waits[(len(waits)-1)*99/100].Milliseconds()), "answer-p99-ms")
	}
	if failed.Load() > 0 {
		b.Errorf("%d sends failed", failed.Load())
	}
}
