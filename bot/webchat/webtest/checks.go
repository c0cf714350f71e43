package webtest

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"strings"
)

//go:embed testdata/vendor/axe-core/4.14.1/axe.min.js
var axe string

//go:embed testdata/vendor/axe-core/4.14.1/SHA256SUMS
var axeSums string

// Check reports what does not hold of the page as it is now; state names it.
func (b *Tab) Check(state string) {
	b.t.Helper()
	for what, script := range map[string]string{
		"wider than the window":    tooWide,
		"text smaller than 17 px":  smallText,
		"contrast under 4.5":       faintText,
		"target smaller than 48px": smallTargets,
	} {
		if found := Evaluate[string](b, script); found != "" {
			b.t.Errorf("%s: %s: %s", state, what, found)
		}
	}
	for _, fault := range b.axe() {
		b.t.Errorf("%s: axe: %s", state, fault)
	}
	for _, fault := range b.Faults() {
		b.t.Errorf("%s: not caught: %s", state, fault)
	}
}

// axe gives the faults that axe-core calls serious or critical.
func (b *Tab) axe() []string {
	b.t.Helper()
	sum := sha256.Sum256([]byte(axe))
	if !strings.HasPrefix(axeSums, hex.EncodeToString(sum[:])+"  axe.min.js\n") {
		b.t.Fatal("axe.min.js is not what SHA256SUMS says: fetch it again from npm")
	}
	if !Evaluate[bool](b, `typeof axe == "object"`) {
		Evaluate[bool](b, axe+";true")
	}
	type fault struct {
		ID, Impact, Help string
		Nodes            []struct{ HTML, FailureSummary string }
	}
	var found []string
	for _, f := range Evaluate[[]fault](b, `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v => ({id: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(n => ({html: n.html, failureSummary: n.failureSummary}))})))`) {
		line := fmt.Sprintf("%s (%s): %s: %.160s: %s", f.ID, f.Impact, f.Help, f.Nodes[0].HTML, f.Nodes[0].FailureSummary)
		if f.Impact == "serious" || f.Impact == "critical" {
			found = append(found, line)
		} else {
			b.t.Logf("axe: %s", line)
		}
	}
	return found
}

// Each of these names visible elements, or gives "".
const (
	visible  = `(e => e.checkVisibility({visibilityProperty: true}) && !e.closest(".quiet, noscript"))`
	withText = `[...document.querySelectorAll("body *")].filter(e => ` + visible + `(e) && e.getClientRects().length && [...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim()))`
	named    = `.map(e => e.outerHTML.slice(0, 90)).join("; ")`

	tooWide = `(() => {
		const width = document.documentElement.clientWidth;
		const out = [...document.querySelectorAll("body *")].filter(e => ` + visible + `(e) && !e.closest(".skip, svg")).filter(e => { const r = e.getBoundingClientRect(); return r.width && (r.left < -.5 || r.right > width + .5); }).slice(0, 5)` + named + `;
		return document.documentElement.scrollWidth > width ? "page " + document.documentElement.scrollWidth + " px: " + out : out;
	})()`

	smallText = withText + `.filter(e => parseFloat(getComputedStyle(e).fontSize) < 17)` + named

	// A link in a sentence is no target of its own: it may be as high as a line.
	smallTargets = `[...document.querySelectorAll("button, summary, a[href], textarea, input, select")].filter(e => ` + visible + `(e) && !e.closest("p:has(> a)") && !e.matches(".skip"))
		.filter(e => { const r = e.getBoundingClientRect(); return r.width && (r.height < 47.5 || r.width < 47.5); })
		.map(e => { const r = e.getBoundingClientRect(); return r.width.toFixed() + "×" + r.height.toFixed() + " " + e.outerHTML.slice(0, 80); }).join("; ")`

	faintText = `(() => {
		const part = v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
		const light = ([r, g, b]) => .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
		const colour = c => { const [r, g, b, a = 1] = c.match(/[\d.]+/g).map(Number); return [r, g, b, a]; };
		const over = (top, under) => top[3] >= 1 ? top : [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3]));
		const behind = e => e ? over(colour(getComputedStyle(e).backgroundColor), getComputedStyle(e).backgroundColor.match(/, 1\)|rgb\(/) ? [] : behind(e.parentElement)) : [255, 255, 255];
		const contrast = e => { const under = behind(e), s = getComputedStyle(e); const [a, b] = [light(over(colour(e instanceof SVGElement ? s.fill : s.color), under)), light(under)].sort((x, y) => y - x); return (a + .05) / (b + .05); };
		return ` + withText + `.filter(e => contrast(e) < 4.5).map(e => contrast(e).toFixed(1) + " " + e.outerHTML.slice(0, 80)).join("; ");
	})()`
)
