package bench

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
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

// atOnceSizes are how many people write at once.
var atOnceSizes = []int{1, 16, 64, 256}

// turnsOfWhole is how many turns one measurement takes.
func turnsOfWhole(contacts int) int { return max(1000, len(script)*contacts) }

// A turn over the webhook into storage and back, by how many people write at
// once: the program as its users run it, and the least that a bot can be
// (bench/echo). An iteration is a round of all; turns/s is of the median round, and
// the rest of all together.
//
// Nghe takes an update when its answer is kept, and sends answers at Telegram's
// own pace of 30 a second; echo sends each before it takes the update, as fast as
// the fake lets it. So the two differ in what they do as well as in what it costs.
func BenchmarkWhole(b *testing.B) {
	for _, storage := range []string{embedded, servers} {
		for _, processes := range []int{1, 2} {
			if storage == embedded && processes > 1 {
				continue // a file is for one
			}
			b.Run(fmt.Sprintf("nghe/storage=%s/processes=%d", storage, processes), func(b *testing.B) {
				wholeOf(b, serve(b, storage, processes))
			})
		}
	}
	b.Run("echo", func(b *testing.B) {
		platform, api := faketelegram.Start(b, faketelegram.Settings{Reach: taken{}, Anybody: true})
		s := &served{b: b, platform: platform, client: busyClient()}
		p := run(b, compile(b, "nghe/bench/echo"), environment(b, api))
		s.programs, s.urls = []program{p}, []string{p.url}
		wholeOf(b, s)
	})
}

// From a decoded update to its commit in a file, which outlives the process, by
// how many people at once; nothing sent.
func BenchmarkTurnsOnFile(b *testing.B) {
	for _, contacts := range atOnceSizes {
		b.Run(fmt.Sprintf("contacts=%d", contacts), func(b *testing.B) {
			db, err := store.Open(b.Context(), b.TempDir(), day)
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			turns := safe(db.Sessions(), nothing)
			var person atomic.Int64
			talk := func() {
				c := bot.Contact{Channel: "telegram", ID: strconv.FormatInt(person.Add(1), 10)}
				for i, text := range script {
					if _, err := turns.Handle(b.Context(), bot.Incoming{Contact: c, Update: strconv.Itoa(i), Text: text, At: time.Now()}); err != nil {
						b.Error(err)
						return
					}
				}
			}
			talk()
			n, before := 0, ownProcessor(b)
			for b.Loop() {
				var wg sync.WaitGroup
				for range contacts {
					wg.Go(talk)
				}
				wg.Wait()
				n += contacts * len(script)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "turns/s")
			b.ReportMetric(float64((ownProcessor(b)-before).Microseconds())/float64(n), "µs-processor/turn")
		})
	}
}

// unlimited is Telegram as it would be without limits.
type unlimited struct{ *telegram.Channel }

func (u unlimited) Can() bot.Capabilities {
	can := u.Channel.Can()
	can.PerSecond, can.PerChatSecond = 0, 0
	return can
}

func (unlimited) Gap(bot.Contact) time.Duration { return 0 }

// The same as Whole until the platform has the answer, were there no limit: turns
// on Redis, the outbox, the sender, in the process of the people. An iteration is a
// round; turns/s is until all answers have arrived.
func BenchmarkSent(b *testing.B) {
	for _, contacts := range atOnceSizes {
		b.Run(fmt.Sprintf("contacts=%d", contacts), func(b *testing.B) { sentAll(b, contacts) })
	}
}

func sentAll(b *testing.B, contacts int) {
	platform, api := faketelegram.Start(b, faketelegram.Settings{Reach: taken{}, Anybody: true})
	log := slog.New(slog.DiscardHandler)
	sessions, err := store.OpenRedis(b.Context(), storetest.Redis(b, "--appendonly", "yes", "--appendfsync", "everysec"), log)
	if err != nil {
		b.Fatal(err)
	}
	defer sessions.Close()
	turns := safe(sessions, nothing)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 256 // as echo has it
	channel, err := telegram.New(telegram.Settings{
		Token: faketelegram.Token, API: api, Secret: webhookSecret, URL: public + "/telegram", Turns: turns,
		Phrase: func(id string) string { return id }, Log: log, Now: time.Now, Chance: rand.Float64, Transport: transport,
	})
	if err != nil {
		b.Fatal(err)
	}
	var arrived atomic.Int64
	sender := &bot.Sender{
		Outbox: sessions, Channels: map[string]bot.Channel{telegram.Name: unlimited{channel}}, Log: log, Now: time.Now, Owner: "bench",
		Sent: func(*bot.Delivery) { arrived.Add(1) },
	}
	turns.Said = sender.Wake
	ctx, stop := context.WithCancel(b.Context())
	var sending sync.WaitGroup
	sending.Go(func() { sender.Run(ctx) })
	defer sending.Wait()
	defer stop()
	web := httptest.NewServer(channel.Webhook())
	defer web.Close()
	s := &served{b: b, platform: platform, client: busyClient(), urls: []string{web.URL}}
	s.talks(64, 1000)

	n := int64(turnsOfWhole(contacts))
	wanted := int64(1000)
	until := func() {
		for began := time.Now(); arrived.Load() < wanted; time.Sleep(time.Millisecond) {
			if time.Since(began) > 2*time.Minute {
				b.Fatalf("%d of %d answers arrived", arrived.Load(), wanted)
			}
		}
	}
	until()
	all := 0
	before := ownProcessor(b)
	for b.Loop() {
		s.talks(contacts, int(n))
		wanted += n
		until()
		all += int(n)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(all)/b.Elapsed().Seconds(), "turns/s")
	b.ReportMetric(float64((ownProcessor(b)-before).Microseconds())/float64(all), "µs-nghe-and-people/turn")
}

func wholeOf(b *testing.B, s *served) {
	s.warm()
	for _, contacts := range atOnceSizes {
		b.Run(fmt.Sprintf("contacts=%d", contacts), func(b *testing.B) {
			n := turnsOfWhole(contacts)
			var before [4]time.Duration
			if s.processors != nil {
				before = s.processors()
			}
			turns := 0
			s.putOff.Store(0)
			for b.Loop() {
				took := s.talks(contacts, n)
				b.StopTimer()
				report(b, took, "ms", "")
				turns += n
				b.StartTimer()
			}
			b.ReportMetric(float64(turns)/b.Elapsed().Seconds(), "turns/s")
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(s.putOff.Load()), "put-off")
			if s.processors != nil {
				s.split(b, before, turns)
			}
		})
	}
}
