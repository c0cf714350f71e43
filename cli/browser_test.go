package cli_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// screens are the devices that the page is made for: a cheap phone, a laptop,
// and the narrowest phone there is.
var screens = []struct{ width, height int64 }{{360, 740}, {1280, 800}, {320, 568}}

// The page in a real browser: it is typed into and tapped on, it finds the
// place again, and asks nobody else for anything. What it looks like is left
// in artifacts/ for somebody to see.
func TestThePageInABrowser(t *testing.T) {
	s := serve(t, "NGHE_DATA="+t.TempDir())
	for _, screen := range screens {
		t.Run(fmt.Sprint(screen.width), func(t *testing.T) {
			b := openBrowser(t)
			b.do(t, chromedp.EmulateViewport(screen.width, screen.height), chromedp.Navigate(s.url), chromedp.WaitVisible(chromedp.ID("welcome")))
			b.picture(t, fmt.Sprintf("chat-%d-1-welcome.png", screen.width))

			b.do(t, chromedp.SendKeys(chromedp.ID("text"), "tinh tien ho tro hoc nghe <b>x</b>"), chromedp.Click(chromedp.ID("send")))
			b.await(t, `document.querySelectorAll("#log .bot").length > 0 && document.querySelectorAll("#log .waiting").length == 0`)
			b.await(t, `document.querySelectorAll("#choices .chip").length > 0`)
			b.picture(t, fmt.Sprintf("chat-%d-2-answer.png", screen.width))

			b.do(t, chromedp.Click(chromedp.CSS("#choices .chip")))
			b.await(t, `document.querySelectorAll("#log .person").length == 2 && document.querySelectorAll("#log .waiting").length == 0`)
			b.await(t, `document.querySelector("#log").lastElementChild.classList.contains("bot")`)
			b.picture(t, fmt.Sprintf("chat-%d-3-tapped.png", screen.width))

			const texts = `[...document.querySelectorAll("#log p")].map(p => p.textContent).join("|")`
			before := evaluate[string](t, b, texts)
			if !strings.Contains(before, "<b>x</b>") {
				t.Errorf("what was typed is not shown as it was typed: %s", before)
			}
			b.do(t, chromedp.Reload())
			b.await(t, texts+" == "+fmt.Sprintf("%q", before))

			if n := evaluate[int](t, b, `document.documentElement.scrollWidth`); int64(n) > screen.width {
				t.Errorf("the page is %d px wide", n)
			}
			if small := evaluate[string](t, b, smallText); small != "" {
				t.Errorf("text smaller than 17 px: %s", small)
			}
			if faint := evaluate[string](t, b, faintText); faint != "" {
				t.Errorf("contrast under 4.5: %s", faint)
			}
			if other := b.otherHosts(s.url); len(other) > 0 {
				t.Errorf("asked other hosts: %v", other)
			}
		})
	}
}

// smallText and faintText name visible elements with text of their own that
// are hard to read.
const (
	withText = `[...document.querySelectorAll("body *")].filter(e => e.offsetParent && !e.closest(".quiet,noscript") &&
		[...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim()))`
	smallText = withText + `.filter(e => parseFloat(getComputedStyle(e).fontSize) < 17).map(e => e.outerHTML.slice(0, 80)).join("; ")`
	faintText = `(() => {
		const light = c => { const [r, g, b] = c.match(/[\d.]+/g).map(Number).map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
		const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (!/^rgba\(.*, 0\)$/.test(c)) return c; } return "rgb(255,255,255)"; };
		const contrast = e => { const [a, b] = [light(getComputedStyle(e).color), light(behind(e))].sort((x, y) => y - x); return (a + .05) / (b + .05); };
		return ` + withText + `.filter(e => contrast(e) < 4.5).map(e => contrast(e).toFixed(1) + " " + e.outerHTML.slice(0, 80)).join("; ");
	})()`
)

// tab is a browser with nothing in it.
type tab struct {
	ctx context.Context

	mu    sync.Mutex
	asked []string // addresses
}

func openBrowser(t *testing.T) *tab {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is missing: apt-get install chromium fonts-noto-core")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true),
	)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	ctx, stopBrowser := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(stopBrowser)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	b := &tab{ctx: ctx}
	b.do(t, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Call(ctx, network.Enable, network.EnableParams{})
		return chromedp.Void{}, err
	})
	requests := chromedp.Events(ctx, network.RequestWillBeSent)
	go func() {
		for request, err := range requests {
			if err != nil {
				return
			}
			b.mu.Lock()
			b.asked = append(b.asked, request.Request.URL)
			b.mu.Unlock()
		}
	}()
	return b
}

func (b *tab) do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

func evaluate[T any](t *testing.T, b *tab, expression string) T {
	t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// await waits until an expression is true.
func (b *tab) await(t *testing.T, expression string) {
	t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(10*time.Second))); err != nil {
		b.picture(t, "chat-failed.png")
		t.Fatalf("%s: %v", expression, err)
	}
}

func (b *tab) picture(t *testing.T, name string) {
	t.Helper()
	image, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join("..", "artifacts")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), image, 0o644); err != nil {
		t.Fatal(err)
	}
}

// otherHosts gives the requests that left the host, and an error when none
// was seen at all.
func (b *tab) otherHosts(own string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.asked) == 0 {
		return []string{"no request was seen"}
	}
	var other []string
	for _, address := range b.asked {
		u, err := url.Parse(address)
		if err != nil || u.Scheme+"://"+u.Host != own {
			other = append(other, address)
		}
	}
	return other
}
