package bench

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"nghe/bot"
	"nghe/bot/bottest"
	"nghe/store"
	"nghe/store/storetest"
)

// saidOnce gives what the turns of one person who goes through the script write.
func saidOnce(b *testing.B) []bot.Commit {
	b.Helper()
	brain := shipped()
	written := &commits{Sessions: &bottest.Sessions{}}
	turns := &bot.Turns{
		Brain: func() bot.Brain { return brain }, Sessions: written, People: &bottest.People{}, Log: slog.New(slog.DiscardHandler),
		Pushed: func(string) bool { return true },
	}
	for i, text := range script {
		in := bot.Incoming{Contact: bot.Contact{Channel: "telegram", ID: "1"}, Update: strconv.Itoa(i), Text: text, At: time.Now()}
		if _, err := turns.Handle(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
	return written.list
}

// What a contact takes who has gone through the script and was answered: of
// Redis's memory and in its log of writes, and of the process, which keeps
// nothing of whom it does not talk with at the moment. ns/op says nothing.
func BenchmarkContact(b *testing.B) {
	list := saidOnce(b)
	for _, n := range sizes(1000, 10_000, 100_000, 1_000_000) {
		b.Run(fmt.Sprintf("contacts=%d", n), func(b *testing.B) {
			for b.Loop() {
				contacts(b, list, n)
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

func contacts(b *testing.B, list []bot.Commit, n int) {
	ctx := context.Background()
	address, server := storetest.StartRedis(b, "--appendonly", "yes", "--appendfsync", "everysec", "--auto-aof-rewrite-percentage", "0")
	defer server.Stop() // the next ones shall not find it in memory
	r, err := store.OpenRedis(ctx, address, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	options, err := redis.ParseURL(address)
	if err != nil {
		b.Fatal(err)
	}
	client := redis.NewClient(options)
	defer client.Close()
	before, own := used(b, client), heap()
	began := time.Now()
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 256 {
		wg.Go(func() {
			for {
				i := next.Add(1)
				if i > int64(n) {
					return
				}
				c := bot.Contact{Channel: "telegram", ID: strconv.FormatInt(1_000_000_000+i, 10)}
				for _, commit := range list {
					commit.Contact, commit.Send = c, false // what was sent is gone
					if _, err := r.Save(ctx, commit); err != nil {
						b.Error(err)
						return
					}
				}
			}
		})
	}
	wg.Wait()
	took := time.Since(began)
	each := float64(n)
	b.ReportMetric((used(b, client)-before)/each, "B-redis/contact")
	b.ReportMetric(float64(server.Written())/each/float64(len(list)), "B-log/turn")
	b.ReportMetric((heap()-own)*(1<<20)/each, "B-process/contact")
	b.ReportMetric(each*float64(len(list))/took.Seconds(), "saves/s")
	runtime.KeepAlive(r)
}

// used is Redis's memory in bytes.
func used(b *testing.B, client *redis.Client) float64 {
	b.Helper()
	info, err := client.Info(b.Context(), "memory").Result()
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(info, "used_memory:")
	value, _, _ := strings.Cut(rest, "\r")
	n, err := strconv.ParseFloat(value, 64)
	if err != nil {
		b.Fatal(err)
	}
	return n
}
