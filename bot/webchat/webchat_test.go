package webchat_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"image/png"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"nghe/bot"
	"nghe/bot/bottest"
	"nghe/bot/webchat"
	"nghe/dialog"
)

// site is a running chat with one browser.
type site struct {
	*httptest.Server
	world  *bottest.World
	chat   *webchat.Chat
	client *http.Client
}

func start(t *testing.T, change ...func(*webchat.Settings)) *site {
	t.Helper()
	w := bottest.New(t)
	var ticks atomic.Int64
	settings := webchat.Settings{
		Turns: w.Turns, Log: w.Log, Secret: []byte("0123456789abcdef"),
		Now: func() time.Time { return bottest.Start.Add(time.Duration(ticks.Add(10)) * time.Millisecond) },
	}
	for _, c := range change {
		c(&settings)
	}
	chat := webchat.New(settings)
	w.Said = chat.Wake
	server := httptest.NewServer(chat.Handler())
	t.Cleanup(func() { chat.Close(); server.Close() })
	return &site{server, w, chat, browser(t)}
}

func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: 10 * time.Second}
}

func (s *site) get(t *testing.T, path string) (*http.Response, string) {
	t.Helper()
	r, err := s.client.Get(s.URL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(body)
}

// post sends a body and gives the status and what was said.
func (s *site) post(t *testing.T, body string, header ...string) (int, []bot.Bubble) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+"/chat/messages", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var a struct{ Bubbles []bot.Bubble }
	if err := json.NewDecoder(answer.Body).Decode(&a); err != nil && answer.StatusCode != http.StatusForbidden {
		t.Fatalf("status %d: %v", answer.StatusCode, err)
	}
	return answer.StatusCode, a.Bubbles
}

func (s *site) say(t *testing.T, id, text string) []bot.Bubble {
	t.Helper()
	status, bubbles := s.post(t, fmt.Sprintf(`{"id":%q,"text":%q}`, id, text))
	if status != http.StatusOK {
		t.Fatalf("%q: status %d: %v", text, status, bottest.Texts(bubbles))
	}
	return bubbles
}

func TestPageIsPlainAndSafe(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/", "/chat"} {
		r, body := s.get(t, path)
		if r.StatusCode != http.StatusOK || !strings.Contains(body, `<html lang="vi">`) || !strings.Contains(body, "<noscript>") {
			t.Errorf("%s: %d %.300s", path, r.StatusCode, body)
		}
		for _, bad := range []string{"<script>", "style=", "onclick", "http://", "https://"} {
			if strings.Contains(body, bad) {
				t.Errorf("%s holds %q", path, bad)
			}
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'self'", "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "no-referrer", "Content-Type": "text/html; charset=utf-8",
		} {
			if !strings.HasPrefix(r.Header.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, r.Header.Get(name))
			}
		}
	}
	for _, path := range []string{"/nowhere", "/nghe/nothing", "/lop/nothing", "/khao-sat/nothing", "/chat/assets/nothing.js", "/chat/assets/page.html"} {
		if r, body := s.get(t, path); r.StatusCode != http.StatusNotFound || !strings.Contains(body, `<html lang="vi">`) {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}

// Whoever comes for the first time on a slow line gets everything in 40 KB:
// the page twice (the second time for when there is no line), its files, and
// what a phone asks for to keep it among its apps.
func TestTheFirstVisitIsLight(t *testing.T) {
	p := shippedSite(t)
	_, page := p.get(t, "/")
	paths := []string{"/", "/", "/sw.js", "/manifest.webmanifest"}
	for _, m := range regexp.MustCompile(`"(/chat/assets/[^"]+)"`).FindAllStringSubmatch(page, -1) {
		if !slices.Contains(paths, m[1]) {
			paths = append(paths, html.UnescapeString(m[1]))
		}
	}
	if len(paths) < 8 {
		t.Errorf("the page names only %v", paths)
	}
	total := 0
	for _, path := range paths {
		sent, whole := p.size(t, path)
		t.Logf("%6d of %6d bytes %s", sent, whole, path)
		total += sent
	}
	t.Logf("%6d bytes in all", total)
	if total > 40_000 {
		t.Errorf("%d bytes", total)
	}
}

// size gives how many bytes a file takes on the wire and how many it has.
func (s *site) size(t *testing.T, path string) (sent, whole int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "gzip")
	answer, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", path, answer.StatusCode, err)
	}
	if answer.Header.Get("Content-Encoding") != "gzip" {
		return len(body), len(body)
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if _, same := s.get(t, path); same != string(plain) {
		t.Errorf("%s is another file when it is compressed", path)
	}
	return len(body), len(plain)
}

func TestFilesAreKeptByTheirContent(t *testing.T) {
	s := start(t)
	_, page := s.get(t, "/")
	address := regexp.MustCompile(`/chat/assets/style\.css\?[\w-]+`).FindString(page)
	for path, want := range map[string]string{
		address: "public, max-age=31536000, immutable", "/chat/assets/style.css": "no-cache", "/chat/assets/style.css?old": "no-cache",
		"/": "no-store", "/sw.js": "no-cache",
	} {
		if r, _ := s.get(t, path); r.StatusCode != http.StatusOK || r.Header.Get("Cache-Control") != want {
			t.Errorf("%s: %d %q", path, r.StatusCode, r.Header.Get("Cache-Control"))
		}
	}
	for header, want := range map[string]bool{
		"gzip": true, "br, gzip;q=0.5": true, "GZIP": true, "": false, "br": false, "gzip;q=0": false, "gzip; q=0.0": false, "x-gzip": false,
	} {
		r := httptest.NewRequest("GET", address, nil)
		r.Header.Set("Accept-Encoding", header)
		out := httptest.NewRecorder()
		s.chat.Handler().ServeHTTP(out, r)
		if got := out.Header().Get("Content-Encoding") == "gzip"; got != want || out.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q: compressed %v", header, got)
		}
	}
}

// The worker keeps the page and its files, never what anybody said, and is
// another one as soon as a word of the page is.
func TestTheWorkerIsOfThisPage(t *testing.T) {
	s := start(t)
	_, page := s.get(t, "/")
	_, worker := s.get(t, "/sw.js")
	for _, name := range []string{"style.css", "chat.js"} {
		address := regexp.MustCompile(`/chat/assets/` + name + `\?[\w-]+`).FindString(page)
		if !strings.Contains(worker, strconv.Quote(address)) {
			t.Errorf("it does not keep %s", address)
		}
	}
	_, other := shippedSite(t).get(t, "/sw.js")
	version := regexp.MustCompile(`"nghe-[\w-]+"`)
	if a, b := version.FindString(worker), version.FindString(other); a == "" || a == b {
		t.Errorf("version %s with other words too", a)
	}
}

func TestTheManifestNamesWhatIsThere(t *testing.T) {
	s := start(t)
	r, body := s.get(t, "/manifest.webmanifest")
	var m struct {
		Name, Display string
		StartURL      string `json:"start_url"`
		Icons         []struct{ Src, Sizes, Type string }
	}
	if err := json.Unmarshal([]byte(body), &m); err != nil || r.Header.Get("Content-Type") != "application/manifest+json" {
		t.Fatalf("%s: %v", body, err)
	}
	if m.Display != "standalone" || m.StartURL != "/" || len(m.Icons) != 3 {
		t.Errorf("%+v", m)
	}
	for _, icon := range m.Icons {
		r, content := s.get(t, icon.Src)
		if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != icon.Type {
			t.Errorf("%s: %d %s", icon.Src, r.StatusCode, r.Header.Get("Content-Type"))
		}
		if icon.Type != "image/png" {
			continue
		}
		c, err := png.DecodeConfig(strings.NewReader(content))
		if err != nil || fmt.Sprintf("%dx%d", c.Width, c.Height) != icon.Sizes {
			t.Errorf("%s is %dx%d: %v", icon.Src, c.Width, c.Height, err)
		}
	}
}

// sewing is content with one trade.
type sewing struct{ bottest.Library }

func (l sewing) Flow(id string) *dialog.Flow {
	if id == "trade" {
		return &dialog.Flow{ID: id, Fresh: []string{"trade"}}
	}
	return l.Library.Flow(id)
}

func (sewing) ValueName(_, value string) string {
	return map[string]string{"sew": "To sew"}[value] + strings.TrimPrefix(value, "sew")
}

// withTrade has a site know the trade "sew".
func withTrade(s *webchat.Settings) {
	brain := s.Turns.Brain()
	brain.Library = sewing{}
	s.Turns.Brain = func() bot.Brain { return brain }
}

// A link to a trade has the page ask for it; one to something that is not
// there leads to the page that says so.
func TestALinkHasThePageAsk(t *testing.T) {
	s := start(t, withTrade)
	_, page := s.get(t, "/nghe/sew")
	if !strings.Contains(page, ` data-start-tap="flow:trade?trade=sew" data-start-label="To sew"`) {
		t.Errorf("%.900s", page)
	}
	if _, page := s.get(t, "/"); strings.Contains(page, "data-start-tap") {
		t.Error("the plain page asks for something")
	}
	for _, path := range []string{"/nghe/x", "/nghe/%22%3E%3Cscript%3E", "/nghe/", "/lop/sew"} {
		if r, _ := s.get(t, path); r.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.StatusCode)
		}
	}
}

func TestCookieIsSignedAndNobodyElses(t *testing.T) {
	s := start(t)
	r, _ := s.get(t, "/")
	cookie := r.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Secure || len(cookie.Value) < 40 {
		t.Errorf("cookie %+v", cookie)
	}
	s.say(t, "message-1", "colour")
	forged := *cookie
	forged.Value = strings.Split(cookie.Value, ".")[0] + ".AAAAAAAAAAAAAAAAAAAAAA"
	for _, path := range []string{"/chat/events", "/chat/data"} {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", s.URL+path, nil)
		req.AddCookie(&forged)
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode < 400 {
			t.Errorf("%s with a forged cookie: %d", path, answer.StatusCode)
		}
	}
	secure := start(t, func(s *webchat.Settings) { s.Secure = true })
	r, _ = secure.get(t, "/")
	if !r.Cookies()[0].Secure {
		t.Error("cookie is not Secure on https")
	}
}

func TestMessagesAreAnsweredOnce(t *testing.T) {
	s := start(t)
	s.get(t, "/")
	first := s.say(t, "message-1", "colour")
	again := s.say(t, "message-1", "colour")
	if len(first) == 0 || fmt.Sprint(bottest.Texts(first)) != fmt.Sprint(bottest.Texts(again)) || first[0].Seq != again[0].Seq {
		t.Errorf("first %v, again %v", first, again)
	}
	status, bubbles := s.post(t, `{"id":"message-2","text":"Red","tap":"colour/ask=red"}`)
	if status != http.StatusOK || bubbles[0].Text != "it is RED" {
		t.Errorf("tap: %d %v", status, bubbles)
	}
}

func TestMessagesThatAreNotTakenAreToldKindly(t *testing.T) {
	big := `{"id":"message-1","text":"` + strings.Repeat("a", 64<<10) + `"}`
	for name, c := range map[string]struct {
		body   string
		header []string
		status int
		says   string
	}{
		"64 KB":           {big, nil, http.StatusRequestEntityTooLarge, "error.big friend"},
		"no JSON":         {`hello`, nil, http.StatusBadRequest, "error.big friend"},
		"no id":           {`{"text":"sky"}`, nil, http.StatusBadRequest, "error.big friend"},
		"odd id":          {`{"id":"../../../x","text":"sky"}`, nil, http.StatusBadRequest, "error.big friend"},
		"a form":          {`text=sky`, []string{"Content-Type", "application/x-www-form-urlencoded"}, http.StatusUnsupportedMediaType, "error.big friend"},
		"from elsewhere":  {`{"id":"message-1","text":"sky"}`, []string{"Origin", "https://evil.example"}, http.StatusForbidden, ""},
		"null bytes":      {`{"id":"message-1","text":"\u0000\u0000"}`, nil, http.StatusOK, "error.empty friend"},
		"lone surrogates": {`{"id":"message-1","text":"\ud800"}`, nil, http.StatusOK, ""},
		"markup":          {`{"id":"message-1","text":"<script>alert(1)</script>"}`, nil, http.StatusOK, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			status, bubbles := s.post(t, c.body, c.header...)
			if status != c.status {
				t.Errorf("status %d", status)
			}
			if c.says != "" && (len(bubbles) == 0 || bubbles[0].Text != c.says) {
				t.Errorf("said %v", bottest.Texts(bubbles))
			}
		})
	}
}

func TestAStoreThatFailsIsToldAndTheMessageCanBeSentAgain(t *testing.T) {
	s := start(t)
	s.world.Sessions.Before = func(call string) error { return errors.New("away") }
	status, bubbles := s.post(t, `{"id":"message-1","text":"colour"}`)
	if status != http.StatusServiceUnavailable || bubbles[0].Text != "error.storage friend" {
		t.Errorf("%d %v", status, bubbles)
	}
	s.world.Sessions.Before = nil
	if said := bottest.Texts(s.say(t, "message-1", "colour")); !strings.Contains(strings.Join(said, " "), "red or blue?") {
		t.Errorf("said %q", said)
	}
}

func TestTooManyMessagesAreAnsweredKindly(t *testing.T) {
	s := start(t)
	s.get(t, "/")
	slow := 0
	for i := range 40 {
		status, bubbles := s.post(t, fmt.Sprintf(`{"id":"message-%d","text":"sky"}`, i))
		if status == http.StatusTooManyRequests {
			slow++
			if bubbles[0].Text != "error.busy friend" {
				t.Errorf("said %v", bubbles)
			}
		}
	}
	if slow < 10 || slow > 30 {
		t.Errorf("%d of 40 were put off", slow)
	}
	s.client = browser(t) // somebody else behind the same address
	s.say(t, "message-x", "sky")
}

func TestAddressesAreLimitedBehindTrustedProxiesOnly(t *testing.T) {
	for name, proxies := range map[string][]netip.Prefix{
		"trusted": {netip.MustParsePrefix("127.0.0.0/8")}, "not trusted": nil,
	} {
		t.Run(name, func(t *testing.T) {
			at := bottest.Start
			s := start(t, func(s *webchat.Settings) { s.Proxies = proxies; s.Now = func() time.Time { return at } })
			last := 0
			for i := range 400 {
				s.client.Jar = nil
				last, _ = s.post(t, `broken`, "X-Forwarded-For", fmt.Sprintf("203.0.113.%d", i%200))
			}
			if limited := last == http.StatusTooManyRequests; limited == (proxies != nil) {
				t.Errorf("last status %d", last)
			}
		})
	}
}

// A flood from one address keeps those out whom we don't know, and nobody who has
// talked before: a whole district stands behind one address of a carrier.
func TestAFloodKeepsNobodyOutWhomWeKnow(t *testing.T) {
	at := bottest.Start
	s := start(t, func(s *webchat.Settings) { s.Now = func() time.Time { return at } })
	s.get(t, "/")
	known := s.client
	given := 0
	for range 600 {
		s.client = browser(t)
		if answer, _ := s.get(t, "/"); len(answer.Cookies()) > 0 {
			given++
		}
	}
	if given < 200 || given > 300 {
		t.Errorf("%d cookies of 600 were given", given)
	}
	if status, _ := s.post(t, `{"id":"message-0","text":"sky"}`); status != http.StatusTooManyRequests {
		t.Errorf("a stranger gets %d", status)
	}
	s.client = known
	s.say(t, "message-1", "sky")
	at = at.Add(time.Second) // 20 a second come free
	s.client = browser(t)
	s.say(t, "message-2", "sky")
}

// events reads the stream of a page until a number of bubbles came.
func (s *site) events(t *testing.T, lastID string, n int) (ids []string, texts []string) {
	t.Helper()
	r, _ := http.NewRequestWithContext(t.Context(), "GET", s.URL+"/chat/events", nil)
	if lastID != "" {
		r.Header.Set("Last-Event-ID", lastID)
	}
	answer, err := s.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if kind := answer.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/event-stream") {
		t.Fatalf("%d %s", answer.StatusCode, kind)
	}
	lines := bufio.NewScanner(answer.Body)
	kind := ""
	for len(texts) < n && lines.Scan() {
		if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			ids = append(ids, id)
		}
		if k, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			kind = k
		}
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && kind == "bubble" {
			var b bot.Bubble
			if err := json.Unmarshal([]byte(data), &b); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, b.Text)
		}
	}
	return ids, texts
}

func TestEventsTellWhatWasSaidAndWhatIsSaid(t *testing.T) {
	s := start(t)
	s.get(t, "/")
	bubbles := s.say(t, "message-1", "colour")
	ids, texts := s.events(t, "", len(bubbles)+1)
	if texts[0] != "colour" || ids[0] != "1" {
		t.Errorf("%v %v", ids, texts)
	}
	// The page comes back and hears what it missed, and then what is new.
	last := ids[len(ids)-1]
	heard := make(chan []string)
	go func() {
		_, texts := s.events(t, last, 2)
		heard <- texts
	}()
	s.say(t, "message-2", "Blue")
	if texts := <-heard; texts[0] != "Blue" || texts[1] != "it is BLUE" {
		t.Errorf("heard %q", texts)
	}
}

// A stream begins with what is kept, so that a page can drop what was erased
// meanwhile, and goes back to the beginning for a page of a talk that is gone.
func TestStreamsSayWhatIsKept(t *testing.T) {
	s := start(t)
	s.get(t, "/")
	kept := func(path string) (first, last int64, texts []string) {
		r, _ := http.NewRequestWithContext(t.Context(), "GET", s.URL+path, nil)
		answer, err := s.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		lines, kind := bufio.NewScanner(answer.Body), ""
		for lines.Scan() {
			if k, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				kind = k
			}
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			switch {
			case !ok:
			case kind == "kept":
				var held struct{ First, Last int64 }
				if err := json.Unmarshal([]byte(data), &held); err != nil {
					t.Fatal(err)
				}
				first, last = held.First, held.Last
			case kind == "bubble":
				texts = append(texts, data)
			case kind == "shown":
				return first, last, texts
			}
		}
		t.Fatal("the stream ended")
		return
	}
	if first, last, texts := kept("/chat/events"); first != 0 || last != 0 || len(texts) != 0 {
		t.Errorf("nothing said: %d–%d %v", first, last, texts)
	}
	n := int64(len(s.say(t, "message-1", "colour")) + 1)
	if first, last, texts := kept("/chat/events?after=1"); first != 1 || last != n || int64(len(texts)) != n-1 {
		t.Errorf("%d–%d %v", first, last, texts)
	}
	if _, _, texts := kept("/chat/events?after=999"); int64(len(texts)) != n {
		t.Errorf("of a talk that is gone: %v", texts)
	}
	s.say(t, "message-2", "erase")
	if first, _, texts := kept("/chat/events?after=1"); first <= n || len(texts) == 0 {
		t.Errorf("after erasing: from %d %v", first, texts)
	}
	s.world.Sessions.Before = func(string) error { return errors.New("away") }
	if r, _ := s.get(t, "/chat/events"); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("with the store away: %d", r.StatusCode)
	}
}

func TestCloseEndsTheStreams(t *testing.T) {
	s := start(t)
	s.get(t, "/")
	s.chat.Close()
	if _, texts := s.events(t, "", 1); len(texts) != 0 {
		t.Errorf("heard %q", texts)
	}
}

func TestOneCanDownloadOnesData(t *testing.T) {
	s := start(t)
	s.get(t, "/")
	for i, text := range []string{"colour", "Blue", "secret", "stone"} {
		s.say(t, fmt.Sprint("message-", i), text)
	}
	r, body := s.get(t, "/chat/data")
	if !strings.HasPrefix(r.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("header %v", r.Header)
	}
	var data bot.Data
	if err := json.Unmarshal([]byte(body), &data); err != nil {
		t.Fatal(err)
	}
	if data.Answers["Colour"] != "BLUE" || data.Answers["Secret"] != "STONE" || len(data.Messages) < 8 {
		t.Errorf("data %+v", data)
	}
	s.client = browser(t)
	if r, _ := s.get(t, "/chat/data"); r.StatusCode != http.StatusNotFound {
		t.Errorf("somebody without a talk: %d", r.StatusCode)
	}
}

// What a counsellor sent is opened by the browser whose talk it was sent into, and
// by no other; nothing in it can act on the site.
func TestOnlyOneselfOpensWhatWasSent(t *testing.T) {
	var owner bot.Contact
	s := start(t, func(set *webchat.Settings) {
		set.Files = func(_ context.Context, c bot.Contact, name string) (*bot.File, error) {
			switch {
			case c != owner:
				return nil, nil
			case name == "don":
				return &bot.File{Name: "đơn vay.pdf", Type: "application/pdf", Body: []byte("%PDF-1.4 x")}, nil
			case name == "anh":
				return &bot.File{Name: "anh.png", Type: "image/png", Body: []byte("\x89PNG")}, nil
			case name == "away":
				return nil, errors.New("away")
			}
			return nil, nil
		}
	})
	if r, _ := s.get(t, "/chat/files/don"); r.StatusCode != http.StatusNotFound {
		t.Errorf("without a cookie: %d", r.StatusCode)
	}
	s.get(t, "/")
	s.say(t, "message-1", "colour")
	site, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range s.client.Jar.Cookies(site) {
		if cookie.Name == "nghe_chat" {
			owner.Channel = webchat.Channel
			owner.ID, _, _ = strings.Cut(cookie.Value, ".")
		}
	}
	for name, how := range map[string]string{"don": "attachment", "anh": "inline"} {
		r, body := s.get(t, "/chat/files/"+name)
		h := r.Header
		if r.StatusCode != http.StatusOK || body == "" || !strings.HasPrefix(h.Get("Content-Disposition"), how) || !strings.HasSuffix(h.Get("Content-Security-Policy"), "sandbox") || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %v", name, r.StatusCode, h)
		}
	}
	for name, want := range map[string]int{"other": http.StatusNotFound, "away": http.StatusServiceUnavailable} {
		if r, _ := s.get(t, "/chat/files/"+name); r.StatusCode != want {
			t.Errorf("%s: %d", name, r.StatusCode)
		}
	}
	s.client = browser(t)
	s.get(t, "/")
	s.say(t, "message-2", "colour")
	if r, body := s.get(t, "/chat/files/don"); r.StatusCode != http.StatusNotFound || strings.Contains(body, "%PDF") {
		t.Errorf("another browser: %d", r.StatusCode)
	}
}

func FuzzMessage(f *testing.F) {
	f.Add(`{"id":"message-1","text":"hoc nghe","tap":""}`)
	f.Add(`{"id":"message-1","text":"\u0000\ud800","tap":"a/b=c"}`)
	f.Add(`{"id":1}`)
	f.Add(`[`)
	f.Fuzz(func(t *testing.T, body string) {
		w := bottest.New(t)
		chat := webchat.New(webchat.Settings{
			Turns: w.Turns, Log: w.Log, Now: func() time.Time { return bottest.Start }, Secret: []byte("0123456789abcdef"),
		})
		r := httptest.NewRequest("POST", "/chat/messages", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		out := httptest.NewRecorder()
		chat.Handler().ServeHTTP(out, r)
		var a struct{ Bubbles []bot.Bubble }
		if err := json.Unmarshal(out.Body.Bytes(), &a); err != nil || len(a.Bubbles) == 0 || a.Bubbles[0].Text == "" {
			t.Errorf("%d %s: %v", out.Code, out.Body, err)
		}
	})
}

// Whatever an address and its headers hold, there is an answer, and nothing
// of theirs in a page is markup.
func FuzzRequest(f *testing.F) {
	f.Add("/nghe/sew", "gzip", "3")
	f.Add("/nghe/%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "gzip;q=0", "-1")
	f.Add("/chat/assets/../page.html", "gzip;;;,,", "99999999999999999999")
	f.Fuzz(func(t *testing.T, path, encoding, after string) {
		u, err := url.ParseRequestURI(path)
		if err != nil || u.Path == "/chat/events" {
			return // no address, or an answer without an end
		}
		w := bottest.New(t)
		settings := webchat.Settings{
			Turns: w.Turns, Log: w.Log, Now: func() time.Time { return bottest.Start }, Secret: []byte("0123456789abcdef"),
		}
		withTrade(&settings)
		chat := webchat.New(settings)
		defer chat.Close()
		out := httptest.NewRecorder()
		chat.Handler().ServeHTTP(out, &http.Request{
			Method: "GET", URL: u, RequestURI: path, RemoteAddr: "192.0.2.1:1", Host: "nghe.example", Body: http.NoBody,
			Header: http.Header{"Accept-Encoding": {encoding}, "Last-Event-Id": {after}},
		})
		if out.Code < 200 || out.Code >= 500 || strings.Contains(out.Body.String(), "<script>") {
			t.Errorf("%q: %d %.300s", path, out.Code, out.Body)
		}
	})
}
