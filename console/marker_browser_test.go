package console_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"nghe/bot/webchat/webtest"
	"nghe/staff"
)

// In a browser no page that shows a marker runs any of it, and none asks for what
// its policy forbids: a marker that became an element would be told as that.
func TestMarkersDoNothingInABrowser(t *testing.T) {
	m := newMarked(t, evil)
	b := webtest.Open(t)
	b.Before(`window.refused = []; addEventListener("securitypolicyviolation", e => refused.push(e.effectiveDirective + " " + e.blockedURI + " " + e.sample))`)
	b.Do(chromedp.Navigate(m.URL + "/console/sign-in"))
	webtest.Evaluate[string](b, `document.cookie = "nghe_staff=`+m.as(staff.Administrator, province)+`; path=/console"`)
	// What looks for it sees it.
	webtest.Evaluate[bool](b, `(document.body.insertAdjacentHTML("beforeend", '<img src=x onerror=x=1>'), true)`)
	b.Await(`refused.length > 0`)
	const seen = `JSON.stringify({x: typeof window.x, refused, shown: document.body.textContent.includes("onerror=x=1") || [...document.querySelectorAll("input, textarea")].some(e => e.value.includes("onerror=x=1"))})`
	shown := 0
	for _, pattern := range slices.Sorted(maps.Keys(rows)) {
		method, path := m.path(pattern, rows[pattern].of)
		if _, quiet := unmarked[pattern]; method != "GET" || quiet || strings.HasSuffix(path, ".xlsx") || strings.HasSuffix(path, "/events") || strings.HasSuffix(path, "/picture") || strings.HasSuffix(path, ".svg") {
			continue
		}
		b.Do(chromedp.Navigate(m.URL + path))
		switch got := webtest.Evaluate[string](b, seen); got {
		case `{"x":"undefined","refused":[],"shown":true}`:
			shown++
		case `{"x":"undefined","refused":[],"shown":false}`:
		default:
			t.Errorf("%s: %s", path, got)
		}
	}
	if shown < 30 {
		t.Errorf("only %d pages show a marker", shown)
	}
	if faults := b.Faults(); len(faults) != 1 || !strings.Contains(faults[0], "against the policy: script-src") { // that of the beginning
		t.Errorf("%q", faults)
	}
	t.Logf("%d pages", shown)
}
