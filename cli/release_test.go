package cli_test

import (
	"html"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"nghe/bot/webchat/webtest"
	"nghe/cli"
	"nghe/release"
	"nghe/store"
	"nghe/store/storetest"
)

const feePath = "/console/content/topic/course.fee"

// director is the first administrator, without a screen.
func director(t testing.TB, s *served) *visitor {
	t.Helper()
	s.out.await(t, "/console/invitation/")
	v := newVisitor(t)
	v.post(firstLink.FindString(s.out.String()), url.Values{"name": {"Trần Văn An"}, "login": {"an"}, "password": {clerkPassword}, "again": {clerkPassword}})
	return v
}

func (v *visitor) post(url string, form url.Values) string {
	v.t.Helper()
	r, err := v.client.PostForm(url, form)
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK { // after what it leads to
		v.t.Fatalf("%s: %d", url, r.StatusCode)
	}
	return r.Request.URL.String()
}

// publishes edits an answer at a console.
func (v *visitor) publishes(s *served, from, to, why string) {
	v.t.Helper()
	_, page := v.get(s.url + feePath)
	read := func(pattern string) string {
		m := regexp.MustCompile(pattern).FindStringSubmatch(page)
		if m == nil {
			v.t.Fatalf("no %s in %.900s", pattern, page)
		}
		return html.UnescapeString(m[1])
	}
	text := read(`(?s)<textarea id="text"[^>]*>(.*?)</textarea>`)
	if !strings.Contains(text, from) {
		v.t.Fatalf("no %q in\n%s", from, text)
	}
	at := v.post(s.url+feePath, url.Values{"seen": {read(`name="seen" value="([^"]*)"`)}, "text": {strings.Replace(text, from, to, 1)}, "why": {why}})
	if !strings.Contains(at, "done=content") {
		v.t.Fatalf("not published: %s", at)
	}
}

// What is published at one process is said by all of them; so is what is gone
// back to.
func TestPublishedContentIsSaidByAllProcesses(t *testing.T) {
	settings := []string{"REDIS_URL=" + storetest.Redis(t), "DATABASE_URL=" + storetest.Postgres(t)}
	a := serve(t, settings...)
	an := director(t, a)
	b := serve(t, settings...)
	const was, is = "Trường thu thêm khoản gì", "Trường có thu thêm khoản nào"
	says := func(s *served, want, not string) {
		t.Helper()
		if got := newVisitor(t).say(s, "học có mất tiền không").all(); !strings.Contains(got, want) || strings.Contains(got, not) {
			t.Errorf("%s", got)
		}
	}
	says(a, was, is)
	says(b, was, is)
	an.publishes(a, was, is, "Dễ hiểu hơn")
	says(a, is, was) // at once
	b.log.await(t, "change=1")
	says(b, is, was)
	if at := an.post(a.url+"/console/content/history/0", url.Values{"why": {"Chưa thống nhất"}}); !strings.Contains(at, "done=content-back") {
		t.Fatal(at)
	}
	says(a, was, is)
	b.log.await(t, "change=2")
	says(b, was, is)
}

// Edits that the program can't use any more are left out, and the office is
// told; the bot goes on.
func TestContentThatIsNotSoundAnyMore(t *testing.T) {
	data := t.TempDir()
	db, err := store.Open(t.Context(), data, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	won, err := db.PutRelease(t.Context(), release.Release{Number: 1, At: time.Now(), By: "an", Name: "An", About: "phrase:greeting", Why: "Của bản cũ",
		Files: release.Files{"phrases.yaml": "phrases:\n  - id: greeting\n    texts: [\"Kính chào!\"]\n    gone: true\n"}})
	if err != nil || !won {
		t.Fatal(won, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	s := serve(t, "NGHE_DATA="+data)
	s.log.await(t, "content refused")
	if got := newVisitor(t).say(s, "chào").all(); !strings.Contains(got, "Chào bạn") || strings.Contains(got, "Kính") {
		t.Errorf("%s", got)
	}
	an := director(t, s)
	if _, page := an.get(s.url + "/console/content"); !strings.Contains(page, "không còn dùng được") || !strings.Contains(page, "Không có khoá “gone”") {
		t.Error("the page does not say so")
	}
	told := false
	for end := time.Now().Add(20 * time.Second); !told && time.Now().Before(end); {
		_, page := an.get(s.url + "/console/")
		told = strings.Contains(page, "không dùng được với bản cài đặt này")
	}
	if !told {
		t.Error("the office is not told")
	}
	an.post(s.url+"/console/content/history/0", url.Values{"why": {"Bỏ bản cũ"}})
	if _, page := an.get(s.url + "/console/content"); strings.Contains(page, "không còn dùng được") {
		t.Error("gone back, and still refused")
	}
}

// Where the folder of content can be written to, edits are there.
func TestContentIsEditedInItsFolder(t *testing.T) {
	folder := t.TempDir()
	s := serve(t, "NGHE_DATA="+t.TempDir(), "NGHE_CONTENT="+folder)
	an := director(t, s)
	an.publishes(s, "Trường thu thêm khoản gì", "Trường có thu thêm khoản nào", "Dễ hiểu hơn")
	if got := newVisitor(t).say(s, "học có mất tiền không").all(); !strings.Contains(got, "khoản nào") {
		t.Errorf("%s", got)
	}
	b, err := os.ReadFile(filepath.Join(folder, "topics", "course.yaml"))
	if err != nil || !strings.Contains(string(b), "khoản nào") || !strings.Contains(string(b), "replaces:") {
		t.Errorf("%v %s", err, b)
	}
	if all, err := filepath.Glob(filepath.Join(folder, "*", ".nghe-*")); err != nil || len(all) > 0 {
		t.Errorf("%v %v", all, err)
	}
	an.post(s.url+"/console/content/history/0", url.Values{"why": {"Chưa thống nhất"}})
	if _, err := os.Stat(filepath.Join(folder, "topics", "course.yaml")); !os.IsNotExist(err) {
		t.Errorf("gone back, and the file is there: %v", err)
	}
}

// An editor at a phone and at a laptop: what is wrong is told, a change is
// looked at, talked with and published.
func TestContentPages(t *testing.T) {
	k := openConsole(t, 360, 740)
	k.walk(map[string]string{"facts": "/console/facts", "facts-found": "/console/facts?q=lai+suat", "contents": "/console/content", "contents-fact": "/console/content?kind=fact", "content": feePath,
		"ask": "/console/content/ask?text=" + url.QueryEscape("học lái máy xúc thì nhà nước cho bao nhiêu"), "history-none": "/console/content/history"})
	edit := func(from, to string) {
		t.Helper()
		if !webtest.Evaluate[bool](k.Tab, `(e => { const was = e.value; e.value = was.replace(`+quote(from)+`, `+quote(to)+`); return was != e.value; })(document.querySelector("#text"))`) {
			t.Fatalf("no %q", from)
		}
	}
	both := func(name string) {
		t.Helper()
		for _, width := range []int64{360, 1280} {
			k.Size(width, 800)
			k.look(name)
		}
	}
	k.visit(feePath)
	edit("4 triệu", "7 triệu")
	k.Press(`[formaction*="/try"].act`)
	k.says("không phải số của các số liệu")
	both("content-wrong")
	edit("7 triệu", "4 triệu")
	edit("Trường thu thêm khoản gì", "Trường có thu thêm khoản nào")
	k.Press(`[formaction*="/try"].act`)
	k.says("Nếu đăng thì đổi những gì", "chuyện đi khác")
	k.fill("say", "học có mất tiền không")
	k.Press(`.talkline button`)
	k.says("khoản nào", "Nói lại từ đầu")
	k.Press(`.chips .plain`)
	k.says("Lao động nông thôn học nghề ngắn hạn được tối đa")
	both("content-tried")
	k.fill("why", "Dễ hiểu hơn")
	k.Press(`section:last-of-type .act`)
	k.says("Đã đăng")
	both("content-published")
	k.walk(map[string]string{"contents-edited": "/console/content", "history": "/console/content/history", "release": "/console/content/history/1"})
	k.visit("/console/content/topic/support.who?ask=" + url.QueryEscape("cháu muốn hỏi vay tiền mua con bò"))
	k.says("Hiểu câu hỏi")
	both("content-ask")
	r := asker(t, k.url)
	r.send("học có mất tiền không")
	r.sees("khoản nào")
	k.Do(chromedp.Navigate(k.url + "/console/"))
}

func quote(s string) string { return `"` + s + `"` }

// What was edited in the console is read by ask, preview and check where that is wanted.
func TestCommandsReadEdits(t *testing.T) {
	data := t.TempDir()
	publish := func(number int64, text string) {
		t.Helper()
		db, err := store.Open(t.Context(), data, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if won, err := db.PutRelease(t.Context(), release.Release{Number: number, At: time.Now(), By: "an", Name: "An", About: "phrase:greeting", Why: "Thử", Files: release.Files{"phrases.yaml": text}}); err != nil || !won {
			t.Fatal(won, err)
		}
	}
	run := func(args ...string) (code int, said string) {
		out := newOutput()
		code = cli.Run(t.Context(), &cli.Process{Args: args, Environ: []string{"NGHE_DATA=" + data}, Stdin: strings.NewReader(""), Stdout: out, Stderr: out, Now: time.Now})
		return code, out.String()
	}
	publish(1, "phrases:\n  - id: miss\n    texts: [\"Câu này bàn làm việc đã sửa.\", \"Vẫn chưa hiểu.\"]\n")
	for _, args := range [][]string{{"ask", "xyzzy plugh"}, {"check", "--channels"}, {"preview", "course.open", "--channel", "web"}} {
		if code, said := run(args...); code != 0 || strings.Contains(said, "đã sửa.") {
			t.Errorf("%q: %d %s", args, code, said)
		}
	}
	if code, said := run("ask", "--edited", "xyzzy plugh"); code != 0 || !strings.Contains(said, "Câu này bàn làm việc đã sửa.") {
		t.Errorf("%d %s", code, said)
	}
	publish(2, "phrases:\n  - id: miss\n    texts: [\"Kính chào!\"]\n    gone: true\n")
	if code, said := run("check"); code != 0 {
		t.Errorf("%d %s", code, said)
	}
	if code, said := run("check", "--edited"); code == 0 || !strings.Contains(said, "phrases.yaml:4") {
		t.Errorf("%d %s", code, said)
	}
	for _, args := range [][]string{{"ask", "--edited", "chào"}, {"preview", "--edited", "course.open"}} {
		if code, said := run(args...); code == 0 || !strings.Contains(said, "nghe check --edited") {
			t.Errorf("%q: %d %s", args, code, said)
		}
	}
}
