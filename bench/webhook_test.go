package bench

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	faketelegram "nghe/bot/bottest/telegram"
	"nghe/store/storetest"
)

const webhookSecret = "bench-webhook-secret"

// served is the whole program on real servers, and the people who write to it.
type served struct {
	b        *testing.B
	platform *faketelegram.Server
	url      string
	client   *http.Client
	person   atomic.Int64
	update   atomic.Int64
	// processors is the time used so far by nghe, Redis, PostgreSQL, and by the
	// people with the platform.
	processors func() [4]time.Duration
}

// split reports of what the processor's time of n turns is made.
func (s *served) split(from [4]time.Duration, n int) {
	for i, now := range s.processors() {
		who := [...]string{"nghe", "redis", "postgres", "people"}[i]
		s.b.ReportMetric(float64((now-from[i]).Microseconds())/float64(n), "µs-"+who+"/turn")
	}
}

// serve runs nghe by itself, so that its share of the processor can be told from
// that of the people, of Redis and of PostgreSQL.
func serve(b *testing.B) *served {
	b.Helper()
	platform, api := faketelegram.Start(b, faketelegram.Settings{Reach: taken{}})
	sessions, redis := storetest.StartRedis(b, "--appendonly", "yes", "--appendfsync", "everysec")
	records, postgres := storetest.StartPostgres(b)
	pid, address := run(b, "NGHE_PUBLIC_URL=https://nghe.example.vn", "NGHE_DATA="+b.TempDir(), "REDIS_URL="+sessions, "DATABASE_URL="+records,
		"TELEGRAM_TOKEN="+faketelegram.Token, "TELEGRAM_API="+api, "TELEGRAM_WEBHOOK_SECRET="+webhookSecret)
	s := &served{b: b, platform: platform, url: "http://" + address + "/telegram", client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}}
	s.processors = func() [4]time.Duration {
		var own syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
			b.Fatal(err)
		}
		return [4]time.Duration{
			storetest.Processor(b, pid), redis.Processor(), postgres.Processor(), time.Duration(own.Utime.Nano() + own.Stime.Nano()),
		}
	}
	return s
}

// run builds nghe as its users do and runs it until the end of the benchmark: it
// gives its process and where it listens.
func run(b *testing.B, environ ...string) (pid int, address string) {
	b.Helper()
	log, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	defer log.Close()
	exe := filepath.Join(b.TempDir(), "nghe")
	if out, err := exec.Command("go", "build", "-trimpath", "-o", exe, "nghe").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	program := exec.Command(exe, "serve")
	program.Env = append(append(os.Environ(), "NGHE_LISTEN=127.0.0.1:0"), environ...)
	program.Stderr = log
	if err := program.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- program.Wait() }()
	b.Cleanup(func() {
		if err := program.Process.Signal(syscall.SIGTERM); err != nil {
			b.Error(err)
		}
		if err := <-ended; err != nil {
			b.Error(err)
		}
	})
	for {
		text, err := os.ReadFile(log.Name())
		if err != nil {
			b.Fatal(err)
		}
		if _, rest, ok := strings.Cut(string(text), "msg=ready listen="); ok && strings.Contains(rest, " ") {
			return program.Process.Pid, strings.Fields(rest)[0]
		}
		select {
		case err := <-ended:
			b.Fatalf("%v:\n%s", err, text)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// taken takes the updates that the fake delivers by itself: ours go another way.
type taken struct{}

func (taken) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

// somebody is a new person.
func (s *served) somebody() int64 {
	id := 1000 + s.person.Add(1)
	s.platform.Person(id, "An").Starts("") // else nobody may write to them
	return id
}

// says delivers what a person says and waits until it was taken.
func (s *served) says(person int64, message int, text string) error {
	update := fmt.Appendf(nil, `{"update_id":%d,"message":{"message_id":%d,"date":%d,"text":%q,"from":{"id":%d,"is_bot":false,"first_name":"An","language_code":"vi"},"chat":{"id":%d,"type":"private","first_name":"An"}}}`,
		s.update.Add(1), message, time.Now().Unix(), text, person, person)
	r, err := http.NewRequest(http.MethodPost, s.url, bytes.NewReader(update))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", webhookSecret)
	resp, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%q was answered %s", text, resp.Status)
	}
	return nil
}

// As many turns as go through the webhook, each connection with people who go
// through the script one after the other. Give b.N by -benchtime=20000x.
func BenchmarkWebhook(b *testing.B) {
	for _, connections := range []int{8, 64} {
		b.Run(fmt.Sprintf("connections=%d", connections), func(b *testing.B) {
			s := serve(b)
			var left atomic.Int64
			left.Store(int64(b.N))
			before := s.processors()
			b.ResetTimer()
			var wg sync.WaitGroup
			for range connections {
				wg.Go(func() {
					for {
						id := s.somebody()
						for i, text := range script {
							if left.Add(-1) < 0 {
								return
							}
							if err := s.says(id, 50+i, text); err != nil {
								b.Error(err)
								return
							}
						}
					}
				})
			}
			wg.Wait()
			b.StopTimer()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
			s.split(before, b.N)
		})
	}
}

// How long a turn takes when 500 a second come, whether or not the earlier
// ones are done: each is timed from the moment at which it was due.
func BenchmarkWebhookOpenLoop(b *testing.B) {
	const perSecond, people = 500, 1000 // each writes every two seconds
	s := serve(b)
	var ids []int64
	for range people {
		ids = append(ids, s.somebody())
	}
	var warm sync.WaitGroup // connections, scripts, prepared statements
	for range 64 {
		warm.Go(func() {
			if err := s.says(s.somebody(), 50, script[0]); err != nil {
				b.Error(err)
			}
		})
	}
	warm.Wait()
	took := make([]time.Duration, b.N)
	b.ResetTimer()
	began := time.Now()
	var wg sync.WaitGroup
	for i := range b.N {
		due := began.Add(time.Duration(i) * time.Second / perSecond)
		time.Sleep(time.Until(due))
		wg.Go(func() {
			turn := i / people
			if err := s.says(ids[i%people], 50+turn, script[turn%len(script)]); err != nil {
				b.Error(err)
			}
			took[i] = time.Since(due)
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(took)
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(took[(len(took)-1)*p/100].Microseconds())/1000, fmt.Sprintf("p%d-ms", p))
	}
}
