package console_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/console"
	"nghe/content"
	"nghe/course"
	"nghe/course/sheet"
	"nghe/dialog"
	"nghe/draft"
	"nghe/handoff"
	"nghe/release"
	"nghe/staff"
	"nghe/store"
	"nghe/unanswered"
	"nghe/understand"
)

// world is a console over a real store, without a browser.
type world struct {
	*httptest.Server
	t       *testing.T
	db      *store.DB
	desk    staff.Desk
	courses atomic.Pointer[course.Catalogue]
	cases   *handoff.Desk
	editing *release.Desk
	talks   *talks
	console *console.Console
	try     error // what a test of an announcement comes to
}

// records are those of the program.
type records struct{ *store.DB }

func (r records) PutCourses(ctx context.Context, courses []course.Course, now time.Time, entries ...staff.Entry) error {
	_, err := r.DB.PutCourses(ctx, courses, now, entries...)
	return err
}

func (r records) PutEntry(ctx context.Context, e staff.Entry) error {
	return r.Staff().PutEntry(ctx, e)
}

var reader = sync.OnceValue(func() *understand.Reader { return understand.New(library()) })

var bench = &draft.Bench{
	Live:    func() (*content.Library, dialog.Reader) { return library(), reader() },
	Courses: func() *course.Catalogue { return course.NewCatalogue(nil) },
}

var zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)

var library = sync.OnceValue(content.MustBuiltin)

func (w *world) learn(ctx context.Context) error {
	all, _, err := w.db.Courses(ctx)
	campaigns, failed := w.db.Campaigns(ctx)
	w.courses.Store(course.NewCatalogue(all).WithCampaigns(campaigns))
	return errors.Join(err, failed)
}

const password = "hàu suối rừng hồi"

func newWorld(t *testing.T) *world {
	t.Helper()
	db, err := store.Open(t.Context(), t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return newWorldOn(t, db)
}

// newWorldOn is a world over some store.
func newWorldOn(t *testing.T, db *store.DB) *world {
	t.Helper()
	w := &world{t: t, db: db, desk: staff.Desk{Records: db.Staff(), Now: time.Now, Key: []byte("key")}}
	if err := w.learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.talks = &talks{}
	w.cases = &handoff.Desk{Roster: db, Staff: db.Staff(), Records: db, Sessions: db.Sessions(), Talks: w.talks, Library: library, Zone: zone, Pushed: func(channel string) bool { return channel == "zalo" }, Told: func(e handoff.Event) { w.console.Hear(console.NewsOf(e)) }}
	w.editing = &release.Desk{Records: db, Base: []fs.FS{content.Builtin()}, Taken: func(context.Context) error { return nil }, Now: time.Now}
	w.console = console.New(console.Settings{
		Desk: w.desk, Records: records{db}, Library: library, Reader: func() sheet.Reader { return reader() },
		Courses: w.courses.Load, Learn: w.learn, Broadcasts: &broadcast.Desk{Records: db, Library: library, Courses: w.courses.Load, Zone: zone}, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Now: time.Now,
		Asks: func() unanswered.Reader { return reader() },
		Try:  func(context.Context, bot.Contact, *broadcast.Broadcast) error { return w.try },
		Zone: zone, Patience: time.Minute, Secure: true, Address: func(r *http.Request) string { return r.RemoteAddr },
		Editing: w.editing, Bench: bench, Render: func(bubbles []bot.Bubble) (all []console.Said) {
			for _, b := range bubbles {
				all = append(all, console.Said{Channel: "web", Text: b.Text})
			}
			return all
		},
		Cases: w.cases, Windows: func(channel string) console.Window {
			return map[string]console.Window{"zalo": {Open: 7 * 24 * time.Hour, Free: 48 * time.Hour}}[channel]
		},
	})
	w.Server = httptest.NewServer(w.console.Handler())
	t.Cleanup(w.console.Wait)
	t.Cleanup(w.Close)
	return w
}

// as gives the cookie of somebody of a role.
func (w *world) as(role staff.Role, scope staff.Scope) string {
	w.t.Helper()
	ctx := w.t.Context()
	login := fmt.Sprintf("%s%d", role, time.Now().UnixNano())
	_, link, err := w.desk.Invite(ctx, staff.Operator, staff.Member{Name: "Người " + string(role), Login: login, Role: role, Scope: scope})
	if err != nil {
		w.t.Fatal(err)
	}
	m, err := w.desk.Accept(ctx, link, "", "", password, password)
	if err != nil {
		w.t.Fatal(err)
	}
	token, err := w.desk.Open(ctx, m, staff.From{})
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

// ask sends a request and gives the answer with its body; redirects are not
// followed.
func (w *world) ask(method, path, cookie, body string, header ...string) (*http.Response, string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(context.WithoutCancel(w.t.Context()), method, w.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if cookie != "" {
		r.Header.Set("Cookie", "nghe_staff="+cookie)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer, string(text)
}

var province = staff.Scope{Province: true}

// patterns are all routes, read from the list itself.
func patterns(t *testing.T) (all []string) {
	t.Helper()
	source, err := os.ReadFile("routes.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\{"((?:GET|POST) /console/[^"]*)", (staff\.\w+|"")`).FindAllStringSubmatch(string(source), -1) {
		all = append(all, m[1]+" "+m[2])
	}
	if len(all) < 20 {
		t.Fatalf("only %d routes", len(all))
	}
	return all
}

// Nobody comes in without a session, and no further than their role.
func TestEveryRouteAsksWhoComes(t *testing.T) {
	w := newWorld(t)
	viewer := w.as(staff.Viewer, province)
	for _, route := range patterns(t) {
		parts := strings.Fields(route)
		path := strings.NewReplacer("{$}", "", "{id}", "x").Replace(parts[1])
		if answer, _ := w.ask(parts[0], path, "", ""); answer.StatusCode != http.StatusSeeOther || !strings.HasPrefix(answer.Header.Get("Location"), "/console/sign-in") {
			t.Errorf("%s %s: nobody gets %d %s", parts[0], path, answer.StatusCode, answer.Header.Get("Location"))
		}
		if parts[2] == `""` || parts[2] == "staff.SeeCourses" || parts[2] == "staff.SeeBroadcasts" || parts[2] == "staff.SeeReports" || parts[2] == "staff.SeeFigures" {
			continue
		}
		if answer, text := w.ask(parts[0], path, viewer, ""); answer.StatusCode != http.StatusForbidden || !strings.Contains(text, "Vai trò của anh/chị không được") {
			t.Errorf("%s %s: a viewer gets %d", parts[0], path, answer.StatusCode)
		}
	}
}

func TestWhatComesFromElsewhereIsRefused(t *testing.T) {
	w := newWorld(t)
	admin := w.as(staff.Administrator, province)
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}} {
		if answer, text := w.ask("POST", "/console/sign-out", admin, "x=1", header...); answer.StatusCode != http.StatusForbidden || !strings.Contains(text, "gửi từ một trang khác") {
			t.Errorf("%v: %d", header, answer.StatusCode)
		}
	}
	// The session is still there.
	if answer, _ := w.ask("GET", "/console/", admin, ""); answer.StatusCode != http.StatusOK {
		t.Errorf("%d", answer.StatusCode)
	}
}

func TestWhatEveryPageCarries(t *testing.T) {
	w := newWorld(t)
	admin := w.as(staff.Administrator, province)
	for _, path := range []string{"/console/", "/console/members", "/console/nosuch", "/console/sign-in", "/console/invitation/x"} {
		answer, text := w.ask("GET", path, admin, "")
		policy := answer.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if answer.Header.Get("Cache-Control") != "no-store" || answer.Header.Get("Referrer-Policy") != "no-referrer" || answer.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, answer.Header)
		}
		if strings.Contains(text, "style=") || strings.Contains(text, "<script>") || strings.Contains(text, " onclick") {
			t.Errorf("%s has what its policy forbids", path)
		}
	}
}

func TestSignIn(t *testing.T) {
	w := newWorld(t)
	_, link, err := w.desk.Invite(t.Context(), staff.Operator, staff.Member{Name: "Lan", Login: "lan", Role: staff.Officer, Scope: province})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.desk.Accept(t.Context(), link, "", "", password, password); err != nil {
		t.Fatal(err)
	}
	sent := func(password, to string) string {
		return url.Values{"login": {"lan"}, "password": {password}, "to": {to}}.Encode()
	}
	if answer, text := w.ask("POST", "/console/sign-in", "", sent("<b>sai</b>", "")); answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "chưa đúng") || strings.Contains(text, "<b>sai") || len(answer.Cookies()) != 0 {
		t.Errorf("%d %v", answer.StatusCode, answer.Cookies())
	}
	for to, want := range map[string]string{
		"": "/console/", "/console/members?x=1": "/console/members?x=1", "https://evil.example/console/": "/console/", "//evil.example/console/": "/console/", "/chat": "/console/", `/console/\evil`: "/console/",
		"/console/../chat": "/console/", "/console/%2e%2e/chat": "/console/", "///evil.example/console/": "/console/", "/\t/evil.example/console/": "/console/", "javascript:alert(1)": "/console/", "https:/console/": "/console/", "/console/\r\nSet-Cookie: a=b": "/console/", "/consoles/": "/console/", "@evil.example/console/": "/console/",
	} {
		answer, _ := w.ask("POST", "/console/sign-in", "", sent(password, to))
		if answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != want {
			t.Errorf("to %q: %d %q", to, answer.StatusCode, answer.Header.Get("Location"))
		}
		if c := answer.Cookies(); len(c) != 1 || !c[0].HttpOnly || !c[0].Secure || c[0].SameSite != http.SameSiteLaxMode || c[0].Path != "/console" {
			t.Errorf("cookie %+v", c)
		}
	}
	// Whoever works with htmx when the session has ended is sent to the door.
	if answer, _ := w.ask("GET", "/console/members", "x", "", "HX-Request", "true"); answer.Header.Get("HX-Redirect") != "/console/sign-in?ended=yes" {
		t.Errorf("%v", answer.Header)
	}
	if answer, _ := w.ask("POST", "/console/sign-in", "", strings.Repeat("x", 2<<20)); answer.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a form of 2 MB: %d", answer.StatusCode)
	}
}

// htmx is as it was published on npm.
func TestVendored(t *testing.T) {
	const folder = "look/htmx-2.0.11/"
	sums, err := os.ReadFile(folder + "SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	const pinned = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717  htmx.min.js\n"
	if !strings.HasPrefix(string(sums), pinned) {
		t.Errorf("another htmx is listed: %s", sums)
	}
	for line := range strings.Lines(string(sums)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		content, err := os.ReadFile(folder + name)
		if err != nil {
			t.Fatal(err)
		}
		if got := sha256.Sum256(content); hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s is not as it was published: fetch it again from npm", name)
		}
	}
}

// What a page needs is small: a first visit on a slow line.
func TestTheFirstVisitIsSmall(t *testing.T) {
	w := newWorld(t)
	total := 0
	_, page := w.ask("GET", "/console/sign-in", "", "")
	for _, m := range regexp.MustCompile(`/console/assets/[^"]+`).FindAllString(page, -1) {
		answer, body := w.ask("GET", m, "", "", "Accept-Encoding", "gzip")
		if answer.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(answer.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %v", m, answer.Header)
		}
		total += len(body)
	}
	if total > 32<<10 {
		t.Errorf("%d bytes", total)
	}
}
