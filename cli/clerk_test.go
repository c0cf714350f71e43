package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	"nghe/bot/webchat/webtest"
	"nghe/cli"
)

// clerk is somebody at the console.
type clerk struct {
	*webtest.Tab
	t   testing.TB
	url string
}

var firstLink = regexp.MustCompile(`http\S+/console/invitation/\S+`)

const clerkPassword = "hàu suối rừng hồi"

// openConsole starts everything and makes the first administrator by the link
// that is printed.
func openConsole(t testing.TB, width, height int64) *clerk {
	t.Helper()
	return openConsoleOn(t, t.TempDir(), width, height)
}

func openConsoleOn(t testing.TB, data string, width, height int64, settings ...string) *clerk {
	t.Helper()
	s := serve(t, append(settings, "NGHE_DATA="+data)...)
	s.out.await(t, "/console/invitation/")
	k := &clerk{Tab: webtest.Open(t), t: t, url: s.url}
	k.Size(width, height)
	k.Dark(false)
	k.Do(chromedp.Navigate(firstLink.FindString(s.out.String())))
	k.look("invitation-first")
	k.fill("name", "Trần Văn An")
	k.fill("login", "an")
	k.fill("password", clerkPassword)
	k.fill("again", clerkPassword)
	k.Press("main form .act")
	k.heading("Chào Trần Văn An")
	return k
}

// invent fills a folder with people and classes that do not exist.
func invent(t testing.TB, people int, more ...string) (data string) {
	t.Helper()
	data = t.TempDir()
	out := newOutput()
	if code := cli.Run(t.Context(), &cli.Process{
		Args: append([]string{"demo", "--people", fmt.Sprint(people)}, more...), Environ: []string{"NGHE_DATA=" + data},
		Stdin: strings.NewReader(""), Stdout: out, Stderr: out, Now: time.Now,
	}); code != 0 {
		t.Fatal(out)
	}
	return data
}

// choose chooses in a list, by what is written there.
func (k *clerk) choose(id, label string) {
	k.t.Helper()
	found := webtest.Evaluate[bool](k.Tab, fmt.Sprintf(`(e => { e.closest("details")?.setAttribute("open", ""); const o = [...e.options].find(o => o.label == %q); if (o) { e.value = o.value; e.dispatchEvent(new Event("change", {bubbles: true})); } return !!o; })(document.getElementById(%q))`, label, id))
	if !found {
		k.t.Fatalf("%s has no %q", id, label)
	}
}

// hand gives a file to a form.
func (k *clerk) hand(name string, content []byte) {
	k.t.Helper()
	path := filepath.Join(k.t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		k.t.Fatal(err)
	}
	k.Do(chromedp.SetUploadFiles(chromedp.ID("file"), []string{path}))
}

// table makes a workbook of rows.
func table(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// look checks a page as it is and leaves a picture of it.
func (k *clerk) look(name string) {
	k.t.Helper()
	k.Check(name)
	width := webtest.Evaluate[int](k.Tab, "innerWidth")
	k.Picture(fmt.Sprintf("console-%s-%d", name, width))
}

// fill types into a field, in the place of what is there.
func (k *clerk) fill(id, text string) {
	k.t.Helper()
	webtest.Evaluate[bool](k.Tab, fmt.Sprintf(`(e => (e.closest("details")?.setAttribute("open", ""), e.value = "", e.scrollIntoView({block: "center"}), true))(document.getElementById(%q))`, id))
	k.Do(chromedp.SendKeys(chromedp.ID(id), text))
}

func (k *clerk) visit(path string) {
	k.t.Helper()
	k.Do(chromedp.Navigate(k.url + path))
}

// heading waits for a page by what stands at its top.
func (k *clerk) heading(text string) {
	k.t.Helper()
	if got := webtest.Evaluate[string](k.Tab, `document.querySelector("h1").textContent.trim()`); got != text {
		k.Picture("failed-heading")
		k.t.Fatalf("the page is %q, not %q: %s", got, text, k.text())
	}
}

func (k *clerk) text() string {
	k.t.Helper()
	return webtest.Evaluate[string](k.Tab, `document.querySelector("main").innerText`)
}

// says fails when a page does not say something.
func (k *clerk) says(parts ...string) {
	k.t.Helper()
	text := k.text()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			k.t.Errorf("the page does not say %q:\n%.600s", part, text)
		}
	}
}

// invited lets somebody come in by a link, in a browser of their own.
func (k *clerk) invited(link string, width, height int64) *clerk {
	k.t.Helper()
	other := &clerk{Tab: webtest.Open(k.t), t: k.t, url: k.url}
	other.Size(width, height)
	other.Dark(false)
	other.Do(chromedp.Navigate(link))
	other.fill("password", clerkPassword)
	other.fill("again", clerkPassword)
	other.Press("main form .act")
	return other
}

// walk looks at pages, by their names, on a phone and on a laptop.
func (k *clerk) walk(pages map[string]string) {
	k.t.Helper()
	for _, width := range []int64{360, 1280} {
		k.Size(width, 800)
		for name, path := range pages {
			k.visit(path)
			k.look(name)
		}
	}
}

// asker is somebody on the web who wants to talk to a human.
func asker(t testing.TB, url string) *reader {
	t.Helper()
	r := &reader{Tab: webtest.Open(t), t: t}
	r.Size(360, 740)
	r.Dark(false)
	r.Do(chromedp.Navigate(url))
	r.Await(pageReady)
	return r
}

// sees waits until something stands in the talk.
func (r *reader) sees(text string) {
	r.t.Helper()
	r.Await(fmt.Sprintf(`document.querySelector("#log").innerText.includes(%q)`, text))
}

// sees waits until something stands on a page of staff, without its being
// opened again.
func (k *clerk) sees(text string) {
	k.t.Helper()
	k.Await(fmt.Sprintf(`document.querySelector("main")?.innerText.includes(%q)`, text))
}

// key presses a key of the page; none of it is typed anywhere.
func (k *clerk) key(name string) {
	k.t.Helper()
	webtest.Evaluate[bool](k.Tab, fmt.Sprintf(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: %q, bubbles: true, cancelable: true}))`, name))
}
