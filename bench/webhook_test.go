package bench

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	faketelegram "nghe/bot/bottest/telegram"
	"nghe/store/storetest"
)

// served is the whole program on real servers, and the people who write to it.
type served struct {
	b        *testing.B
	platform *faketelegram.Server
	urls     []string // of processes that are equal; a person writes to one of them
	client   *http.Client
	person   atomic.Int64
	update   atomic.Int64
	putOff   atomic.Int64 // answers of 503
	// processors is the time used so far by nghe, Redis, PostgreSQL, and by the
	// people with the platform.
	processors func() [4]time.Duration
	programs   []program
}

// split reports of what the processor's time of n turns is made.
func (s *served) split(b *testing.B, from [4]time.Duration, n int) {
	for i, now := range s.processors() {
		who := [...]string{"nghe", "redis", "postgres", "people"}[i]
		b.ReportMetric(float64((now-from[i]).Microseconds())/float64(n), "µs-"+who+"/turn")
	}
}

// Where the program keeps things.
const (
	embedded = "embedded"
	servers  = "redis+postgres"
)

// serve runs so many processes of nghe, so that their share of the processor can
// be told from that of the people, of Redis and of PostgreSQL.
func serve(b *testing.B, storage string, processes int) *served {
	b.Helper()
	platform, api := faketelegram.Start(b, faketelegram.Settings{Reach: taken{}, Anybody: true})
	environ := environment(b, api)
	redis, postgres := func() (d time.Duration) { return }, func() (d time.Duration) { return }
	if storage == servers {
		sessions, r := storetest.StartRedis(b, "--appendonly", "yes", "--appendfsync", "everysec")
		records, p := storetest.StartPostgres(b)
		environ = append(environ, "REDIS_URL="+sessions, "DATABASE_URL="+records)
		redis, postgres = r.Processor, p.Processor
	}
	exe := build(b)
	s := &served{b: b, platform: platform, client: busyClient()}
	for range processes {
		p := run(b, exe, environ)
		s.programs = append(s.programs, p)
		s.urls = append(s.urls, p.url)
	}
	s.processors = func() [4]time.Duration {
		var nghe time.Duration
		for _, p := range s.programs {
			nghe += storetest.Processor(b, p.pid)
		}
		return [4]time.Duration{nghe, redis(), postgres(), ownProcessor(b)}
	}
	return s
}

// ownProcessor is the processor's time of this process.
func ownProcessor(b *testing.B) time.Duration {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		b.Fatal(err)
	}
	return time.Duration(own.Utime.Nano() + own.Stime.Nano())
}

// busyClient keeps a connection for each who writes at once.
func busyClient() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
}

// taken takes the updates that the fake delivers by itself: ours go another way.
type taken struct{}

func (taken) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
}

// somebody is a new person.
func (s *served) somebody() int64 {
	return 1000 + s.person.Add(1)
}

// says delivers what a person says until it was taken, as the platform does: what
// is put off by a 503 comes again.
func (s *served) says(person int64, message int, text string) error {
	update := s.message(person, message, text)
	for range 20 {
		status, err := s.deliver(person, update)
		switch {
		case err != nil:
			return err
		case status == http.StatusOK:
			return nil
		case status != http.StatusServiceUnavailable:
			return fmt.Errorf("%q was answered %d", text, status)
		}
		s.putOff.Add(1)
		time.Sleep(500 * time.Millisecond)
	}
	return fmt.Errorf("%q was put off again and again", text)
}

// once delivers what a person says one time.
func (s *served) once(person int64, text string) (status int, err error) {
	return s.deliver(person, s.message(person, 0, text))
}

func (s *served) message(person int64, message int, text string) []byte {
	return fmt.Appendf(nil, `{"update_id":%d,"message":{"message_id":%d,"date":%d,"text":%q,"from":{"id":%d,"is_bot":false,"first_name":"An","language_code":"vi"},"chat":{"id":%d,"type":"private","first_name":"An"}}}`,
		s.update.Add(1), message, time.Now().Unix(), text, person, person)
}

func (s *served) deliver(person int64, update []byte) (status int, err error) {
	r, err := http.NewRequest(http.MethodPost, s.urls[person%int64(len(s.urls))]+"/telegram", bytes.NewReader(update))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", webhookSecret)
	resp, err := s.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

// talks has so many people at once go through the script, one after the other on
// each connection, until n turns were taken, and gives how long each took. The
// first talks end early, each somewhere else, so that not all say the same at a time.
func (s *served) talks(connections, n int) []time.Duration {
	var left atomic.Int64
	left.Store(int64(n))
	took := make([]time.Duration, n)
	var wg sync.WaitGroup
	for c := range connections {
		wg.Go(func() {
			for lines := script[:1+c%len(script)]; ; lines = script {
				id := s.somebody()
				for i, text := range lines {
					at := left.Add(-1)
					if at < 0 {
						return
					}
					began := time.Now()
					if err := s.says(id, 50+i, text); err != nil {
						s.b.Error(err)
						return
					}
					took[at] = time.Since(began)
				}
			}
		})
	}
	wg.Wait()
	return took
}

// warm makes connections, scripts and prepared statements.
func (s *served) warm() { s.talks(64, 64*len(script)) }
