package bench

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"nghe/bot"
	"nghe/bot/bottest"
	"nghe/daily"
	"nghe/meter"
	"nghe/scheduler/reminder"
	"nghe/staff"
	"nghe/store"
	"nghe/store/storetest"
)

// safety is something that is done so that nothing is lost, doubled or unseen. It
// can be left out here, not in the program.
type safety string

const (
	nothing  safety = "nothing"
	seenMark safety = "seen-mark"
	outbox   safety = "outbox"
	counting safety = "counting"
	metrics  safety = "metrics"
)

// uncounted are records of counts that nobody keeps.
type uncounted struct{ daily.Records }

// safe makes turns without one of the safeties.
func safe(sessions bot.Sessions, without safety) *bot.Turns {
	brain := shipped()
	tally := &daily.Tally{Records: uncounted{}, Zone: time.UTC}
	m := meter.New("bench", func(context.Context) (meter.State, error) { return meter.State{}, nil })
	turns := &bot.Turns{
		Brain: func() bot.Brain { return brain }, Sessions: sessions, People: &bottest.People{}, Log: slog.New(slog.DiscardHandler),
		Pushed: func(string) bool { return true }, Kept: tally.Turn,
		Took: func(in bot.Incoming, o bot.Outcome, took time.Duration) { m.Turn(in.Contact.Channel, string(o), took) },
	}
	switch without {
	case outbox:
		turns.Pushed = nil
	case counting:
		turns.Kept = nil
	case metrics:
		turns.Took = nil
	}
	return turns
}

// What a turn costs on the embedded storage without each of what makes it safe, all
// in turn in short rounds, 16 people at once. The seen-mark is not among them: the
// turn is decided by it.
func BenchmarkSafety(b *testing.B) {
	variants := []safety{nothing, outbox, counting, metrics}
	var talks []func()
	var person atomic.Int64
	for _, without := range variants {
		db, err := store.Open(b.Context(), b.TempDir(), day)
		if err != nil {
			b.Fatal(err)
		}
		defer db.Close()
		turns := safe(db.Sessions(), without)
		talks = append(talks, func() {
			c := bot.Contact{Channel: "telegram", ID: strconv.FormatInt(person.Add(1), 10)}
			for i, text := range script {
				if _, err := turns.Handle(b.Context(), bot.Incoming{Contact: c, Update: strconv.Itoa(i), Text: text, At: time.Now()}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	inRounds(b, variants, 16, len(script), talks)
}

// What the seen-mark and the outbox cost on Redis: a bare client writes the bytes of
// a turn, and leaves out the one or the other, 64 at once.
func BenchmarkSafetyOnRedis(b *testing.B) {
	variants := []safety{nothing, seenMark, outbox}
	rows := prepare(b, saidOnce(b))
	options, err := redis.ParseURL(storetest.Redis(b, "--appendonly", "yes", "--appendfsync", "everysec"))
	if err != nil {
		b.Fatal(err)
	}
	client := redis.NewClient(options)
	defer client.Close()
	var person atomic.Int64
	var talks []func()
	for _, without := range variants {
		talks = append(talks, func() {
			name := "bare:{" + strconv.FormatInt(person.Add(1), 10) + "}:"
			for i := range rows {
				if err := rows[i].write(context.Background(), client, name, without); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	inRounds(b, variants, 64, len(rows), talks)
}

// A change of an officer with and without its entry in the audit log, which is
// written in the same transaction.
func BenchmarkAudit(b *testing.B) {
	db, err := store.Open(b.Context(), b.TempDir(), day)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	var n atomic.Int64
	put := func(entries ...staff.Entry) {
		for i := range entries {
			entries[i].ID = fmt.Sprintf("%026d", n.Add(1))
		}
		if err := db.PutBankDay(b.Context(), reminder.BankDay{Place: "ba-che"}, entries...); err != nil {
			b.Error(err)
		}
	}
	const each = 100
	inRounds(b, []safety{nothing, "audit"}, 1, each, []func(){
		func() {
			for range each {
				put(staff.Entry{At: day, Member: "an", Name: "An", Did: "bank-day", About: "ba-che", Detail: "ngày 5 hằng tháng"})
			}
		},
		func() {
			for range each {
				put()
			}
		},
	})
}

// inRounds does each in turn, so many at once, and reports what one of so many turns of
// each took: processor's time of this process, and on the clock.
func inRounds(b *testing.B, variants []safety, atOnce, turns int, do []func()) {
	b.Helper()
	round := func(i int) (wall, processor time.Duration) {
		began, used := time.Now(), ownProcessor(b)
		var wg sync.WaitGroup
		for range atOnce {
			wg.Go(do[i])
		}
		wg.Wait()
		return time.Since(began), ownProcessor(b) - used
	}
	for i := range do {
		round(i)
	}
	walls, processors := make([]time.Duration, len(do)), make([]time.Duration, len(do))
	n := 0
	for b.Loop() {
		for i := range do {
			wall, processor := round(i)
			walls[i] += wall
			processors[i] += processor
		}
		n += atOnce * turns
	}
	b.ReportMetric(0, "ns/op")
	for i, without := range variants {
		b.ReportMetric(float64(walls[i].Nanoseconds())/1000/float64(n), "µs-without-"+string(without))
		b.ReportMetric(float64(processors[i].Nanoseconds())/1000/float64(n), "µs-processor-without-"+string(without))
		b.ReportMetric(100-100*float64(walls[i])/float64(walls[0]), "%saved-without-"+string(without))
	}
}
