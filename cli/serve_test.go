package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"nghe/cli"
	"nghe/store/storetest"
)

// output collects what a command prints while it runs, and tells when a line
// is there.
type output struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
}

func newOutput() *output { return &output{changed: make(chan struct{}, 1)} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	select {
	case o.changed <- struct{}{}:
	default:
	}
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// await waits until something was printed.
func (o *output) await(t testing.TB, part string) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for !strings.Contains(o.String(), part) {
		select {
		case <-o.changed:
		case <-limit:
			t.Fatalf("%q was not printed in time, only:\n%s", part, o)
		}
	}
}

// served is “nghe serve” running in the test.
type served struct {
	url  string
	out  *output // what it prints
	log  *output
	stop func() // waits for a clean end
}

func serve(t testing.TB, environ ...string) *served {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, log := newOutput(), newOutput()
	code := make(chan int, 1)
	go func() {
		code <- cli.Run(ctx, &cli.Process{
			Args: []string{"serve"}, Environ: append([]string{"NGHE_LISTEN=127.0.0.1:0"}, environ...),
			Stdin: strings.NewReader(""), Stdout: out, Stderr: log, Now: time.Now,
		})
		out.Write([]byte("ended\n"))
	}()
	var once sync.Once
	s := &served{out: out, log: log, stop: func() {
		once.Do(func() {
			cancel()
			if c := <-code; c != 0 {
				t.Errorf("exit code %d\n%s", c, log)
			}
		})
	}}
	t.Cleanup(s.stop)
	// Where it listens, whatever address it was told that people see.
	log.await(t, "msg=ready")
	_, rest, _ := strings.Cut(log.String(), "listen=")
	s.url = "http://" + strings.Fields(rest)[0]
	return s
}

// said is what the chat answers to a message.
type said struct {
	Bubbles []struct {
		Seq     int64
		Text    string
		Options []struct{ Label, Tap string }
	}
	Erased bool
}

func (s said) all() string {
	var b strings.Builder
	for _, bubble := range s.Bubbles {
		b.WriteString(bubble.Text + "\n")
		for _, o := range bubble.Options {
			b.WriteString("[" + o.Label + "]\n")
		}
	}
	return b.String()
}

// visitor is a browser without a screen.
type visitor struct {
	t      testing.TB
	client *http.Client
	n      int
}

func newVisitor(t testing.TB) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, client: &http.Client{Jar: jar, Timeout: 60 * time.Second}}
}

func (v *visitor) get(url string) (int, string) {
	v.t.Helper()
	r, err := v.client.Get(url)
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

func (v *visitor) say(s *served, text string) said {
	v.t.Helper()
	v.n++
	body, _ := json.Marshal(map[string]string{"id": fmt.Sprintf("message-%04d", v.n), "text": text})
	r, err := v.client.Post(s.url+"/chat/messages", "application/json", bytes.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	var a said
	if err := json.NewDecoder(r.Body).Decode(&a); err != nil || r.StatusCode != http.StatusOK {
		v.t.Fatalf("%q: %d %v %s", text, r.StatusCode, err, a.all())
	}
	return a
}

// at moves a visitor's cookie to another address of the same program.
func (v *visitor) at(old, now *served) {
	from, _ := http.NewRequest("GET", old.url, nil)
	to, _ := http.NewRequest("GET", now.url, nil)
	v.client.Jar.SetCookies(to.URL, v.client.Jar.Cookies(from.URL))
}

// A talk goes on where it stopped after the program was restarted: the
// cookie, the session and what was said are still there.
func TestATalkSurvivesARestart(t *testing.T) {
	for name, environ := range map[string]func(t *testing.T) []string{
		"embedded": func(*testing.T) []string { return nil },
		"redis":    func(t *testing.T) []string { return []string{"REDIS_URL=" + storetest.Redis(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			settings := append(environ(t), "NGHE_DATA="+t.TempDir())
			first := serve(t, settings...)
			v := newVisitor(t)
			for path, want := range map[string]string{"/": "<!doctype html>", "/healthz": "ok\n", "/readyz": "ready\n"} {
				if status, body := v.get(first.url + path); status != http.StatusOK || !strings.HasPrefix(body, want) {
					t.Errorf("%s: %d %.80q", path, status, body)
				}
			}
			v.say(first, "tính tiền hỗ trợ học nghề")
			question := v.say(first, "chị")
			first.stop()

			second := serve(t, settings...)
			v.at(first, second)
			if status, body := v.get(second.url + "/chat/data"); status != http.StatusOK || !strings.Contains(body, "tính tiền hỗ trợ học nghề") {
				t.Errorf("data after the restart: %d %.300s", status, body)
			}
			again := v.say(second, "giúp em với, em không hiểu")
			// What was done is counted, and only told inside.
			if _, body := v.get(second.url + "/metrics"); !strings.Contains(body, `nghe_turns_total{channel="web",outcome="done"} 1`) || !strings.Contains(body, "nghe_state_read 1") || !strings.Contains(body, "nghe_cases_waiting 0") {
				t.Errorf("metrics: %s", body)
			}
			request, _ := http.NewRequest("GET", second.url+"/metrics", nil)
			request.Header.Set("X-Forwarded-For", "203.0.113.7")
			if r, err := v.client.Do(request); err != nil || r.StatusCode != http.StatusNotFound {
				t.Errorf("metrics for the world: %v %v", r, err)
			}
			options := question.Bubbles[len(question.Bubbles)-1].Options
			if len(options) == 0 || !strings.Contains(again.all(), options[0].Label) {
				t.Errorf("before the restart it asked\n%s\nafter it says\n%s", question.all(), again.all())
			}
		})
	}
}

// When Redis goes away, people are told kindly to send again, the probe says
// that the program is not ready, and nothing ends.
func TestRedisGoesAway(t *testing.T) {
	address, server := storetest.StartRedis(t)
	s := serve(t, "REDIS_URL="+address, "NGHE_DATA="+t.TempDir())
	v := newVisitor(t)
	v.say(s, "tiền ăn được bao nhiêu")
	server.Stop()
	body := strings.NewReader(`{"id":"message-9999","text":"còn tiền xăng?"}`)
	r, err := v.client.Post(s.url+"/chat/messages", "application/json", body)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	answer, _ := io.ReadAll(r.Body)
	if r.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(answer), "gửi lại") {
		t.Errorf("%d %s", r.StatusCode, answer)
	}
	if status, body := v.get(s.url + "/readyz"); status != http.StatusServiceUnavailable {
		t.Errorf("ready all the same: %d %s", status, body)
	}
	if status, _ := v.get(s.url + "/healthz"); status != http.StatusOK {
		t.Errorf("not alive: %d", status)
	}
}

// Content that was edited is taken up while the program runs; content with
// mistakes is refused and what was there stays.
func TestEditedContentIsTakenUp(t *testing.T) {
	overrides := t.TempDir()
	s := serve(t, "NGHE_DATA="+t.TempDir(), "NGHE_CONTENT="+overrides)
	v := newVisitor(t)
	const page = "Chào bà con đến chơi."
	write(t, overrides, "phrases:\n  - id: web.welcome\n    texts: [\""+page+"\"]\n")
	s.log.await(t, "content reloaded")
	if _, body := v.get(s.url + "/"); !strings.Contains(body, page) {
		t.Error("the page does not show the new sentence")
	}
	write(t, overrides, "phrases:\n  - id: web.welcome\n    colour: red\n")
	s.log.await(t, "content refused")
	if _, body := v.get(s.url + "/"); !strings.Contains(body, page) {
		t.Error("broken content took the place of sound content")
	}
}

func write(t *testing.T, dir, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "phrases.yaml"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Settings without effect are told, and do not stop the start.
func TestSettingsWithoutEffectAreTold(t *testing.T) {
	s := serve(t, "NGHE_DATA="+t.TempDir(), "NGHE_COLOUR=red", "NGHE_OPERATOR_KEY=secret-words")
	for _, part := range []string{
		"NGHE_COLOUR is not a variable of nghe", "NGHE_OPERATOR_KEY is set, but this version does not have what it is for yet",
	} {
		if !strings.Contains(s.log.String(), part) {
			t.Errorf("not told: %s\n%s", part, s.log)
		}
	}
	if strings.Contains(s.log.String(), "secret-words") {
		t.Error("a secret is in the log")
	}
}

// In a container nghe listens on all addresses; what it prints can be opened.
func TestAllAddressesAreToldAsLocalhost(t *testing.T) {
	s := serve(t, "NGHE_DATA="+t.TempDir(), "NGHE_LISTEN=0.0.0.0:0")
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(s.url, "http://"))
	if want := "web chat at http://localhost:" + port + "/"; !strings.Contains(s.out.String(), want) {
		t.Errorf("%q is not in\n%s", want, s.out)
	}
}

// Whatever is sent, the answer is kind and nothing breaks.
func TestBadInputIsAnsweredKindly(t *testing.T) {
	s := serve(t, "NGHE_DATA="+t.TempDir())
	for name, text := range map[string]string{
		"null bytes": "học\x00 nghề\x00", "right to left": "\u202eềhgn cọh", "emoji": strings.Repeat("🏠🔥", 400),
		"HTML": "<img src=x onerror=alert(1)>", "Markdown": "**[a](javascript:alert(1))**", "absurd": "-99999999999999999999999 đồng",
		"template": "{{.}} {bạn} {x}", "long": strings.Repeat("học nghề ", 400), "only spaces": " \t ",
	} {
		t.Run(name, func(t *testing.T) {
			if a := newVisitor(t).say(s, text); len(a.Bubbles) == 0 || a.Bubbles[0].Text == "" {
				t.Errorf("%q was not answered", name)
			}
		})
	}
	if strings.Contains(s.log.String(), "level=ERROR") {
		t.Errorf("errors in the log:\n%s", s.log)
	}
}

// A page that is open at one process shows what was said by another at once,
// not only at its next heartbeat.
func TestAPageAtAnotherProcessIsTold(t *testing.T) {
	settings := []string{"REDIS_URL=" + storetest.Redis(t), "DATABASE_URL=" + storetest.Postgres(t)}
	a, b := serve(t, settings...), serve(t, settings...)
	v := newVisitor(t)
	v.say(a, "chào em")
	v.at(a, b)
	open, err := v.client.Get(b.url + "/chat/events")
	if err != nil {
		t.Fatal(err)
	}
	defer open.Body.Close()
	lines := make(chan string)
	go func() {
		defer close(lines)
		for in := bufio.NewScanner(open.Body); in.Scan(); {
			lines <- in.Text()
		}
	}()
	// soon is well before a heartbeat.
	soon := time.After(10 * time.Second)
	await := func(part string) {
		t.Helper()
		for {
			select {
			case line, ok := <-lines:
				if !ok {
					t.Fatal("the stream ended")
				}
				if strings.Contains(line, part) {
					return
				}
			case <-soon:
				t.Fatalf("%q was not shown in time", part)
			}
		}
	}
	await("event: shown")
	v.say(a, "học nghề hàn ở đâu")
	await("học nghề hàn ở đâu")
}

// Who was told to stop goes on answering while the probe says no, so that
// whoever stands in front leaves it in time.
func TestWhoEndsLingers(t *testing.T) {
	s := serve(t, "NGHE_DATA="+t.TempDir(), "NGHE_LINGER=3s")
	ended := make(chan struct{})
	go func() { s.stop(); close(ended) }()
	s.log.await(t, "msg=lingering")
	v := newVisitor(t)
	if status, body := v.get(s.url + "/readyz"); status != http.StatusServiceUnavailable || !strings.Contains(body, "process: ends since") {
		t.Errorf("ready: %d %s", status, body)
	}
	if a := v.say(s, "tiền ăn được bao nhiêu"); len(a.Bubbles) == 0 {
		t.Error("not answered any more")
	}
	<-ended
	if !strings.Contains(s.log.String(), "msg=stopped") {
		t.Errorf("no clean end:\n%s", s.log)
	}
}
