package bench

import (
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	faketelegram "nghe/bot/bottest/telegram"
	"nghe/store/storetest"
)

// consolePages are what staff look at all day.
var consolePages = []string{"", "courses", "interests", "broadcasts", "cases", "cases/overview", "reminders", "members", "audit", "needs", "report", "content", "facts"}

// The console's pages while people write: eight members of staff look at one page
// after the other as fast as they come, and a hundred turns a second are answered. An iteration
// is a second.
func BenchmarkPages(b *testing.B) {
	for _, storage := range []string{embedded, servers} {
		for _, n := range sizes(1000, 10_000, 100_000) {
			b.Run(fmt.Sprintf("storage=%s/people=%d", storage, n), func(b *testing.B) { pagesUnderLoad(b, storage, n) })
		}
	}
}

func pagesUnderLoad(b *testing.B, storage string, n int) {
	const clerks, perSecond = 8, 100
	platform, api := faketelegram.Start(b, faketelegram.Settings{Reach: taken{}, Anybody: true})
	environ := environment(b, api)
	if storage == servers {
		sessions, _ := storetest.StartRedis(b, "--appendonly", "yes", "--appendfsync", "everysec")
		records, _ := storetest.StartPostgres(b)
		environ = append(environ, "REDIS_URL="+sessions, "DATABASE_URL="+records)
	}
	exe := build(b)
	nghe := func(args ...string) string {
		cmd := exec.Command(exe, args...)
		cmd.Env = environ
		out, err := cmd.Output()
		if err != nil {
			b.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	nghe("demo", "--people", strconv.Itoa(n), "--channel", "telegram")
	p := run(b, exe, environ)
	s := &served{b: b, platform: platform, client: busyClient(), programs: []program{p}, urls: []string{p.url}}
	staff := signIn(b, p, nghe("staff", "add", "--name", "Lan", "--login", "lan", "--role", "administrator"))
	for _, path := range consolePages {
		staff.look(path) // what is made when it is first wanted
	}
	s.talks(16, 500)

	byPage := map[string][]time.Duration{}
	var turns []time.Duration
	var seconds float64
	for b.Loop() {
		began := time.Now()
		end := began.Add(time.Second)
		var mu sync.Mutex
		var work sync.WaitGroup
		for i := range clerks {
			work.Go(func() {
				for j := i; time.Now().Before(end); j++ {
					path := consolePages[j%len(consolePages)]
					took := staff.look(path)
					mu.Lock()
					byPage[path] = append(byPage[path], took)
					mu.Unlock()
				}
			})
		}
		for i := range perSecond {
			work.Go(func() {
				due := began.Add(time.Duration(i) * time.Second / perSecond)
				time.Sleep(time.Until(due))
				if err := s.says(s.somebody(), 50, script[0]); err != nil {
					b.Error(err)
				}
				mu.Lock()
				turns = append(turns, time.Since(due))
				mu.Unlock()
			})
		}
		work.Wait()
		seconds += time.Since(began).Seconds()
	}
	var pages []time.Duration
	slowest, name := time.Duration(0), ""
	for path, took := range byPage {
		slices.Sort(took)
		pages = append(pages, took...)
		if m := took[len(took)/2]; m > slowest {
			slowest, name = m, path
		}
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(len(pages))/seconds, "pages/s")
	report(b, pages, "ms", "-page")
	report(b, turns, "ms", "-turn")
	b.ReportMetric(float64(slowest.Microseconds())/1000, "p50-ms-slowest-page")
	b.Logf("the slowest page is /console/%s", name)
}
