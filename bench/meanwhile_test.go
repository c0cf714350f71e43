package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	faketelegram "nghe/bot/bottest/telegram"
	"nghe/store/storetest"
)

// behind reaches a program as if through the proxy of its public address.
type behind struct{ host string }

func (p behind) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Host, r.URL.Scheme, r.URL.Host = r.URL.Host, "http", p.host
	r.Header.Set("X-Forwarded-Proto", "https")
	return http.DefaultTransport.RoundTrip(r)
}

// The pages of the console and the answers to people while the whole program
// tells everybody something at Telegram's pace: the audience is counted and its
// rows are written at the beginning, then 30 messages a second go out. An
// iteration is a second; two members of staff look at a page each in turn, and
// four people a second ask something.
func BenchmarkDuringABroadcast(b *testing.B) {
	for _, kind := range []string{"sqlite", "postgres"} {
		for _, n := range crowds() {
			b.Run(fmt.Sprintf("%s/%d", kind, n), func(b *testing.B) { duringABroadcast(b, kind, n) })
		}
	}
}

func duringABroadcast(b *testing.B, kind string, n int) {
	platform, api := faketelegram.Start(b, faketelegram.Settings{Reach: taken{}, Anybody: true})
	environ := environment(b, api)
	if kind == "postgres" {
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
	program := run(b, exe, environ)
	people := &served{b: b, platform: platform, urls: []string{program.url}, client: busyClient()}
	staff := signIn(b, program, nghe("staff", "add", "--name", "Lan", "--login", "lan", "--role", "administrator"))
	_, before := memory(b, program.pid)

	var pages, answers []time.Duration
	looked := map[string][]time.Duration{}
	people.asks() // warm
	b.ResetTimer()
	began := time.Now()
	end := began.Add(time.Duration(b.N) * time.Second)
	var mu sync.Mutex
	var id string // of the broadcast
	var work sync.WaitGroup
	work.Go(func() {
		out := nghe("broadcast", "new", "--yes", "--json", fmt.Sprintf(`{"text":"Có lớp mới","urgent":true,"at":%q}`, began.Format(time.RFC3339)))
		var made struct{ ID string }
		if err := json.Unmarshal([]byte(out), &made); err != nil {
			b.Error(err)
		}
		mu.Lock()
		id = made.ID
		mu.Unlock()
	})
	shown := func() []string {
		all := []string{"", "courses", "interests", "broadcasts", "cases", "cases/overview", "reminders", "members", "audit"}
		mu.Lock()
		defer mu.Unlock()
		if id == "" {
			return all
		}
		return append(all, "broadcasts/"+id, "broadcasts/"+id+"/progress", "broadcasts/"+id+"/people", "broadcasts/"+id+"/calls")
	}
	for range 2 {
		work.Go(func() {
			for i := 0; time.Now().Before(end); i++ {
				paths := shown()
				path := paths[i%len(paths)]
				took := staff.look(path)
				mu.Lock()
				pages = append(pages, took)
				looked[path] = append(looked[path], took)
				mu.Unlock()
				time.Sleep(200 * time.Millisecond)
			}
		})
	}
	for i := range 4 * b.N {
		work.Go(func() {
			time.Sleep(time.Until(began.Add(time.Duration(i) * time.Second / 4)))
			took := people.asks()
			mu.Lock()
			answers = append(answers, took)
			mu.Unlock()
		})
	}
	work.Wait()
	b.StopTimer()
	for name, all := range map[string][]time.Duration{"page": pages, "answer": answers} {
		slices.Sort(all)
		for _, p := range []int{50, 99} {
			b.ReportMetric(float64(all[(len(all)-1)*p/100].Microseconds())/1000, fmt.Sprintf("p%d-ms-%s", p, name))
		}
	}
	most, now := memory(b, program.pid)
	b.ReportMetric(most, "MB-most")
	b.ReportMetric(now, "MB-own")
	b.ReportMetric(before, "MB-own-before")
	var book struct{ Planned, Sent int }
	if err := json.Unmarshal([]byte(nghe("broadcast", "show", id)), &book); err != nil || b.N >= 10 && book.Sent == 0 {
		b.Fatal(book, err)
	}
	b.ReportMetric(float64(book.Sent)/b.Elapsed().Seconds(), "messages/s")
	for path, took := range looked {
		slices.Sort(took)
		b.Logf("/console/%s: median %v, at most %v", strings.TrimSuffix(path, id), took[len(took)/2], took[len(took)-1])
	}
}

// asks is a new person who asks something; it gives how long they waited for
// the first words.
func (s *served) asks() time.Duration {
	id := s.somebody()
	began := time.Now()
	if err := s.says(id, 50, script[0]); err != nil {
		s.b.Error(err)
	}
	for len(s.platform.Said(id)) == 0 {
		if time.Since(began) > time.Minute {
			s.b.Error("no answer in a minute")
			break
		}
		time.Sleep(2 * time.Millisecond)
	}
	return time.Since(began)
}

// clerk is a member of staff with a browser.
type clerk struct {
	b      *testing.B
	client *http.Client
}

// signIn uses the link that a command printed.
func signIn(b *testing.B, p program, printed string) *clerk {
	b.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	link := public + regexp.MustCompile(`/console/invitation/\S+`).FindString(printed)
	k := &clerk{b, &http.Client{Jar: jar, Transport: behind{strings.TrimPrefix(p.url, "http://")}}}
	const password = "ba con trâu gặm cỏ"
	resp, err := k.client.PostForm(link, url.Values{"password": {password}, "again": {password}})
	if err != nil {
		b.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK || strings.Contains(resp.Request.URL.Path, "invitation") {
		b.Fatal(resp.Status, resp.Request.URL)
	}
	return k
}

// look opens a page, whole.
func (k *clerk) look(path string) time.Duration {
	began := time.Now()
	resp, err := k.client.Get(public + "/console/" + path)
	if err != nil {
		k.b.Error(err)
		return 0
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		k.b.Errorf("%s: %s, %v", path, resp.Status, err)
	}
	return time.Since(began)
}
