package bench

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/content"
	"nghe/course"
	"nghe/demo"
	"nghe/store"
	"nghe/store/storetest"
)

// crowds are how many people there are.
func crowds() []int {
	if n, err := strconv.Atoi(os.Getenv("NGHE_BENCH_PEOPLE")); err == nil {
		return []int{n}
	}
	return sizes(1000, 10_000, 100_000, 1_000_000)
}

var day = time.Date(2026, 11, 24, 5, 0, 0, 0, time.UTC)

// filled is a database with so many invented people on a channel.
func filled(b *testing.B, kind string, n int, channel string) *store.DB {
	b.Helper()
	var db *store.DB
	var err error
	if kind == "postgres" {
		db, err = store.OpenPostgres(b.Context(), storetest.Postgres(b), day)
	} else {
		db, err = store.Open(b.Context(), b.TempDir(), day)
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	lib := content.MustBuiltin()
	courses := demo.Courses(lib, day)
	for from := 1; from <= n; from += 10_000 {
		persons, wishes := demo.People(lib, courses, from, min(from+10_000, n+1), channel, day)
		if err := db.Fill(b.Context(), persons, wishes); err != nil {
			b.Fatal(err)
		}
	}
	return db
}

// announce makes a broadcast to everybody, ready to be planned.
func announce(b *testing.B, db *store.DB, n int) *broadcast.Broadcast {
	b.Helper()
	lib, courses := content.MustBuiltin(), course.NewCatalogue(nil)
	desk := &broadcast.Desk{Records: db, Library: func() *content.Library { return lib }, Courses: func() *course.Catalogue { return courses }, Zone: time.UTC}
	operator := broadcast.By{Name: broadcast.Operator, Urgent: true}
	made, err := desk.New(b.Context(), broadcast.Letter{Text: fmt.Sprint("Có lớp mới ", n), Urgent: true, Again: true}, operator, day)
	if err != nil {
		b.Fatal(err)
	}
	if made.State != broadcast.Awaiting {
		return &made.Broadcast
	}
	approved, err := desk.Approve(b.Context(), made.ID, operator, day)
	if err != nil {
		b.Fatal(err)
	}
	return approved
}

func plan(b *testing.B, db *store.DB, id string) {
	b.Helper()
	for more := true; more; {
		var err error
		if more, err = db.Plan(b.Context(), id, 5000, day); err != nil {
			b.Fatal(err)
		}
	}
}

// peak watches how much memory Go uses while something is done.
func peak(do func()) (mb float64) {
	var most atomic.Uint64
	done, ended := make(chan struct{}), make(chan struct{})
	runtime.GC()
	go func() {
		defer close(ended)
		for tick := time.NewTicker(20 * time.Millisecond); ; {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most.Store(max(most.Load(), m.HeapInuse+m.StackInuse))
			select {
			case <-done:
				return
			case <-tick.C:
			}
		}
	}()
	do()
	close(done)
	<-ended
	return float64(most.Load()) / (1 << 20)
}

// An audience of everybody is counted, and its rows are written, by the
// database: ns/op is both together.
func BenchmarkAudience(b *testing.B) {
	for _, kind := range []string{"sqlite", "postgres"} {
		for _, n := range crowds() {
			b.Run(fmt.Sprintf("storage=%s/people=%d", kind, n), func(b *testing.B) {
				db := filled(b, kind, n, "telegram")
				b.ResetTimer()
				for i := 0; b.Loop(); i++ {
					var counted, planned time.Duration
					var made *broadcast.Broadcast
					mb := peak(func() {
						began := time.Now()
						made = announce(b, db, i)
						counted = time.Since(began)
						plan(b, db, made.ID)
						planned = time.Since(began) - counted
					})
					book, err := db.Book(b.Context(), made.ID)
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(n)/counted.Seconds(), "counted/s")
					b.ReportMetric(float64(book.Planned)/planned.Seconds(), "rows/s")
					b.ReportMetric(mb, "MB-heap")
				}
			})
		}
	}
}

// limitless is a platform that takes everything at once.
type limitless struct{ got atomic.Int64 }

func (*limitless) Name() string                     { return "telegram" }
func (*limitless) Can() bot.Capabilities            { return bot.Capabilities{Buttons: 5, TextLimit: 4096} }
func (*limitless) Render(b []bot.Bubble) []bot.Part { return []bot.Part{{Text: b[0].Text}} }
func (l *limitless) Send(context.Context, bot.Contact, bot.Part) (bot.Receipt, error) {
	l.got.Add(1)
	return bot.Receipt{}, nil
}

// timed are rows whose claims and marks are timed: how long the road was in them,
// not what the database could do beside.
type timed struct {
	all
	claiming, marking, finishing atomic.Int64
}

type all interface{ broadcast.Rows } // one of its methods is called Rows, too

func (t *timed) Claim(ctx context.Context, b *broadcast.Broadcast, c broadcast.Claiming, decide func(broadcast.Facts) broadcast.Verdict) ([]broadcast.Claim, broadcast.Position, bool, error) {
	defer since(&t.claiming, time.Now())
	return t.all.Claim(ctx, b, c, decide)
}

func (t *timed) Mark(ctx context.Context, id, owner string, outcomes []broadcast.Outcome, now time.Time) (tries, errs int, err error) {
	defer since(&t.marking, time.Now())
	return t.all.Mark(ctx, id, owner, outcomes, now)
}

func (t *timed) Finish(ctx context.Context, id string, now time.Time) (bool, error) {
	defer since(&t.finishing, time.Now())
	return t.all.Finish(ctx, id, now)
}

func since(sum *atomic.Int64, began time.Time) { sum.Add(int64(time.Since(began))) }

// A broadcast is sent through the road and the sender to a platform without
// limits: claimed, looked at, sent, marked.
func BenchmarkSending(b *testing.B) {
	for _, kind := range []string{"sqlite", "postgres"} {
		for _, n := range crowds() {
			b.Run(fmt.Sprintf("storage=%s/people=%d", kind, n), func(b *testing.B) {
				db := filled(b, kind, n, "telegram")
				platform := &limitless{}
				log := slog.New(slog.DiscardHandler)
				now := func() time.Time { return day }
				sender := &bot.Sender{Outbox: db.Sessions(), Channels: map[string]bot.Channel{"telegram": platform}, Log: log, Now: now, Owner: "bench"}
				rows := &timed{all: db}
				road := &broadcast.Road{
					Rows: rows, Send: sender.Bulk, Pace: map[string]float64{"telegram": 0}, Log: log, Now: now, Owner: "bench",
					Bubbles:  func(x *broadcast.Broadcast, _ string) []bot.Bubble { return []bot.Bubble{{Text: x.Text}} },
					Calendar: func() broadcast.Calendar { return broadcast.Calendar{Zone: time.UTC} },
				}
				b.ResetTimer()
				for i := 0; b.Loop(); i++ {
					b.StopTimer()
					made := announce(b, db, i)
					plan(b, db, made.ID)
					before := platform.got.Load()
					b.StartTimer()
					rows.claiming.Store(0)
					rows.marking.Store(0)
					rows.finishing.Store(0)
					began := time.Now()
					mb := peak(func() { road.Once(b.Context()) })
					sent := platform.got.Load() - before
					book, err := db.Book(b.Context(), made.ID)
					if err != nil || book.Sent != int(sent) || book.Sent != book.Planned {
						b.Fatalf("%d sent: %+v %v", sent, book, err)
					}
					b.ReportMetric(float64(sent)/time.Since(began).Seconds(), "messages/s")
					b.ReportMetric(float64(sent)/seconds(&rows.claiming), "claimed/s")
					b.ReportMetric(float64(sent)/seconds(&rows.marking), "marked/s")
					b.ReportMetric(1000*seconds(&rows.finishing), "ms-finish")
					b.ReportMetric(mb, "MB-heap")
				}
			})
		}
	}
}

func seconds(sum *atomic.Int64) float64 { return time.Duration(sum.Load()).Seconds() }
