package webtest

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

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Tab is the only tab of a browser with nothing in it: no history, no cookies.
type Tab struct {
	t   testing.TB
	ctx context.Context

	mu     sync.Mutex
	asked  []string // addresses
	faults []string // exceptions that no script caught
}

// limit is for one browser from its start to its end.
const limit = 5 * time.Minute

// Open starts a browser. It ends with the test.
func Open(t testing.TB) *Tab {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is missing: apt-get install chromium fonts-noto-core")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true), chromedp.Flag("hide-scrollbars", true),
	)
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	ctx, stopBrowser := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(stopBrowser)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	b := &Tab{t: t, ctx: ctx}
	tell(b, network.Enable, network.EnableParams{})
	requests := chromedp.Events(ctx, network.RequestWillBeSent)
	exceptions := chromedp.Events(ctx, runtime.ExceptionThrown)
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
	go func() {
		for thrown, err := range exceptions {
			if err != nil {
				return
			}
			fault := thrown.ExceptionDetails.Text
			if e := thrown.ExceptionDetails.Exception; e != nil {
				fault += " " + e.Description
			}
			b.mu.Lock()
			b.faults = append(b.faults, fault)
			b.mu.Unlock()
		}
	}()
	b.Before(`addEventListener("securitypolicyviolation", e => setTimeout(() => { throw new Error("against the policy: " + e.effectiveDirective + " " + e.blockedURI) }))`)
	return b
}

// Do carries out actions, in order.
func (b *Tab) Do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// Evaluate gives the value of an expression, of what it promises if it does.
func Evaluate[T any](b *Tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("%.300s: %v", expression, err)
	}
	return v
}

// Await waits until an expression is true, on this page or on one that takes
// its place. When it does not become so, there is a picture of what the page
// looks like instead.
func (b *Tab) Await(expression string) {
	b.t.Helper()
	const most = 20 * time.Second
	begun := time.Now()
	_, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(most)))
	for err != nil && left(err) && time.Since(begun) < most {
		_, err = chromedp.Run(b.ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(most)))
	}
	if err != nil {
		b.Picture("failed-" + filepath.Base(b.t.Name()))
		b.t.Fatalf("%s: %v%v", expression, err, b.Faults())
	}
}

// left says that the page was left while something was asked of it.
func left(err error) bool {
	for _, text := range []string{"Not attached to an active page", "Inspected target navigated", "Cannot find context", "context was destroyed"} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

// Click clicks the first element of a CSS selector, in the middle of the
// window: what stays at its edges may lie above it.
func (b *Tab) Click(selector string) {
	b.t.Helper()
	b.Do(chromedp.WaitVisible(chromedp.CSS(selector)))
	Evaluate[chromedp.Void](b, fmt.Sprintf(`document.querySelector(%q).scrollIntoView({block: "center"})`, selector))
	b.Do(chromedp.Click(chromedp.CSS(selector)))
}

// Press clicks what leads to another page, and waits until that is there.
func (b *Tab) Press(selector string) {
	b.t.Helper()
	b.Do(chromedp.WaitVisible(chromedp.CSS(selector)))
	Evaluate[chromedp.Void](b, fmt.Sprintf(`document.querySelector(%q).scrollIntoView({block: "center"})`, selector))
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		b.Picture("failed-" + filepath.Base(b.t.Name()))
		b.t.Fatalf("%s leads nowhere: %v%v", selector, err, b.Faults())
	}
}

// Size makes the window another size, in CSS pixels; touch makes it a phone.
func (b *Tab) Size(width, height int64) {
	b.t.Helper()
	b.Do(chromedp.EmulateViewport(width, height))
}

// Dark sets what the person prefers: dark pages or light ones. Nothing moves,
// so that pictures are the same each time.
func (b *Tab) Dark(dark bool) {
	b.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	tell(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
}

// Print shows pages as they are printed, on white, A4 wide.
func (b *Tab) Print() {
	b.t.Helper()
	b.Size(794, 1123)
	tell(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print", Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "light"}}})
}

// Slow makes the line as slow as given, in milliseconds for a way there and
// back and in kilobits a second, and the processor so many times slower.
func (b *Tab) Slow(milliseconds, kbit, times float64) {
	b.t.Helper()
	bytes := kbit * 1000 / 8
	tell(b, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Latency: milliseconds, DownloadThroughput: bytes, UploadThroughput: bytes}},
	})
	tell(b, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: times})
}

// Before runs a script in each page before its own scripts.
func (b *Tab) Before(script string) {
	b.t.Helper()
	tell(b, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
}

// Picture leaves a picture of the whole page in artifacts/NAME.png, beside
// go.mod, for somebody to see.
func (b *Tab) Picture(name string) {
	b.t.Helper()
	b.save(name, chromedp.CaptureScreenshot())
}

func (b *Tab) save(name string, take chromedp.Action[[]byte]) {
	b.t.Helper()
	image, err := chromedp.Run(b.ctx, take)
	if err != nil {
		b.t.Fatal(err)
	}
	folder, err := artifacts()
	if err == nil {
		err = os.MkdirAll(folder, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name+".png"), image, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// artifacts gives the folder for pictures.
func artifacts() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "artifacts"), nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", fmt.Errorf("no go.mod above the test")
		}
		dir = up
	}
}

// Faults gives the exceptions that no script caught, and what a page asked for
// against its own Content-Security-Policy.
func (b *Tab) Faults() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.faults
}

// OtherHosts gives the requests that left a host, given as http://host:port,
// and an error when none was seen at all.
func (b *Tab) OtherHosts(own string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.asked) == 0 {
		return []string{"no request was seen"}
	}
	var other []string
	for _, address := range b.asked {
		u, err := url.Parse(address)
		if err == nil && u.Scheme == "data" {
			continue // the browser's own pictures of a field
		}
		if err != nil || u.Scheme+"://"+u.Host != own {
			other = append(other, address)
		}
	}
	return other
}

// Cookie gives the value of a cookie of the page, "" when there is none.
func (b *Tab) Cookie(name string) string {
	b.t.Helper()
	got, err := chromedp.Run(b.ctx, func(ctx context.Context, _ *chromedp.Target) (network.GetCookiesResult, error) {
		return chromedp.Call(ctx, network.GetCookies, network.GetCookiesParams{})
	})
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range got.Cookies {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}
