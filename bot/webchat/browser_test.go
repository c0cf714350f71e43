package webchat_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"nghe/bot/webchat/webtest"
)

const ready = `document.body.dataset.ready == "yes"`

// inBrowser opens a page of a site that answers as bottest does.
func inBrowser(t *testing.T, s *site, path string, before ...string) *webtest.Tab {
	t.Helper()
	b := webtest.Open(t)
	b.Size(360, 740)
	b.Dark(false)
	for _, script := range before {
		b.Before(script)
	}
	b.Do(chromedp.Navigate(s.URL + path))
	b.Await(ready)
	return b
}

func send(b *webtest.Tab, text string) {
	b.Do(chromedp.SendKeys(chromedp.ID("text"), text), chromedp.Click(chromedp.ID("send")))
}

const (
	persons = `[...document.querySelectorAll("#log .person > p")].map(p => p.textContent).join("|")`
	settled = `!document.querySelector("#log [data-state=sending], #log [data-state=waiting], #log [data-state=next]")`
)

// A link to a trade asks for it once, also when the page is loaded again.
func TestALinkAsksOnce(t *testing.T) {
	b := inBrowser(t, start(t, withTrade), "/nghe/sew")
	b.Await(persons + ` == "To sew" && ` + settled + ` && location.pathname == "/"`)
	b.Do(chromedp.Reload())
	b.Await(ready + ` && document.querySelector("#log").ariaLive == "polite"`)
	if said := webtest.Evaluate[string](b, persons); said != "To sew" {
		t.Errorf("asked %q", said)
	}
}

// What was typed before the script was there is not lost.
func TestWhatWasTypedEarlyIsThere(t *testing.T) {
	b := inBrowser(t, start(t), "/chat?hoi=h%E1%BB%8Dc+n%E1%BA%A5u+%C4%83n")
	if got := webtest.Evaluate[string](b, `document.querySelector("#text").value + location.search`); got != "học nấu ăn" {
		t.Errorf("the field holds %q", got)
	}
}

// With the keyboard alone one comes to the text field first, says something,
// and chooses among the answers.
func TestTheKeyboardIsEnough(t *testing.T) {
	b := inBrowser(t, start(t), "/")
	focus := func() string {
		return webtest.Evaluate[string](b, `document.activeElement.id || document.activeElement.className`)
	}
	b.Do(chromedp.KeyEvent(kb.Tab))
	if at := focus(); at != "skip" {
		t.Fatalf("first is %q", at)
	}
	b.Do(chromedp.KeyEvent(kb.Enter))
	if at := focus(); at != "text" {
		t.Fatalf("the link leads to %q", at)
	}
	b.Do(chromedp.KeyEvent("colour" + kb.Enter))
	b.Await(`document.querySelectorAll("#choices .chip").length == 2`)
	webtest.Evaluate[any](b, `document.querySelector("#choices .chip").focus()`)
	b.Do(chromedp.KeyEvent(kb.Enter))
	b.Await(persons + ` == "colour|Red" && ` + settled)
	if at := focus(); !strings.Contains(at, "person") {
		t.Errorf("after choosing the focus is on %q: the next Tab would be lost", at)
	}
	b.Do(chromedp.KeyEvent(kb.Tab))
	if seen := webtest.Evaluate[bool](b, `getComputedStyle(document.activeElement).outlineStyle != "none"`); !seen {
		t.Error("the focus can't be seen")
	}
}

// At 200 % a laptop has half its pixels: everything can still be reached.
func TestZoomedToTwice(t *testing.T) {
	p := openShipped(t)
	p.tab.Size(640, 400)
	p.tab.Do(chromedp.Navigate(p.wire.URL()))
	p.tab.Await(ready)
	p.tab.Check("front at 200 %")
	p.answer("tiền ăn", longAnswer)
	p.tab.Check("answer at 200 %")
	p.tab.Picture("web-640-answer")
	free := webtest.Evaluate[float64](p.tab, `1 - document.querySelector("footer").getBoundingClientRect().height / innerHeight`)
	if free < .6 {
		t.Errorf("only %.0f %% of the window are left for the talk", free*100)
	}
}

// The front says all it can do without scrolling, on a phone and on a laptop.
func TestTheFrontIsOneScreen(t *testing.T) {
	p := openShipped(t)
	for _, size := range [][2]int64{{360, 740}, {360, 660}, {1280, 800}} {
		p.tab.Size(size[0], size[1])
		p.tab.Do(chromedp.Navigate(p.wire.URL()))
		p.tab.Await(ready)
		if hidden := webtest.Evaluate[string](p.tab, `(() => {
			const bottom = document.querySelector("footer").getBoundingClientRect().top;
			return [...document.querySelectorAll("#front button")].filter(b => b.getBoundingClientRect().bottom > bottom + 1).map(b => b.textContent.trim()).join("; ");
		})()`); hidden != "" {
			t.Errorf("%v: below the screen: %s", size, hidden)
		}
	}
}

// speaker stands in for a browser that has a Vietnamese voice and can write
// down speech; it notes what it is to say.
const speaker = `
	window.said = []; window.stopped = 0;
	Object.defineProperty(window, "speechSynthesis", {value: {
		getVoices: () => [{lang: "en-US"}, {lang: "vi_VN"}], addEventListener() {},
		cancel() { window.stopped++; }, speak(u) { window.said.push(u.text + "|" + u.lang); window.last = u; },
	}});
	window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
	window.webkitSpeechRecognition = window.SpeechRecognition = class {
		constructor() { window.hearing = this; }
		start() { this.on = true; } stop() { this.on = false; this.onend(); }
	};`

func TestAnswersAreReadAloud(t *testing.T) {
	b := inBrowser(t, shippedSite(t), "/", speaker)
	send(b, "sky")
	b.Await(`!!document.querySelector(".listen") && ` + settled)
	b.Click(".listen")
	b.Await(`window.said.length > 0 && window.said[0] == "the sky is blue.|vi-VN"`)
	b.Await(`document.querySelector(".listen").ariaPressed == "true"`)
	b.Check("reading aloud")
	b.Picture("web-360-listening")
	b.Click(".listen")
	b.Await(`document.querySelector(".listen").ariaPressed == "false" && window.stopped > 0`)

	// Somebody who wants all of them read gets that, on the next visit too.
	b.Click("#more summary")
	b.Click("#aloud")
	b.Check("more, with voices")
	b.Picture("web-360-more-voices")
	b.Do(chromedp.Reload())
	b.Await(ready + ` && document.querySelector("#aloud").ariaChecked == "true" && document.querySelector("#log").ariaLive == "polite"`)
	if n := webtest.Evaluate[int](b, `window.said.length`); n != 0 {
		t.Errorf("%d pieces of what was there before are read", n)
	}
	send(b, "colour")
	b.Await(`window.said.includes("red or blue?|vi-VN")`)
	webtest.Evaluate[any](b, `window.last.onend()`)
	b.Await(`!document.querySelector('.listen[aria-pressed="true"]')`)
}

func TestOneCanSpeak(t *testing.T) {
	b := inBrowser(t, shippedSite(t), "/", speaker)
	b.Do(chromedp.SendKeys(chromedp.ID("text"), "em hỏi"))
	b.Click("#mic")
	b.Await(`window.hearing.on && window.hearing.lang == "vi-VN" && document.querySelector("#line").textContent != ""`)
	b.Check("hearing")
	b.Picture("web-360-hearing")
	webtest.Evaluate[any](b, `window.hearing.onresult({results: [[{transcript: "lớp nấu ăn"}]]})`)
	b.Click("#mic")
	b.Await(`document.querySelector("#mic").ariaPressed == "false" && document.querySelector("#line").textContent == ""`)
	if got := webtest.Evaluate[string](b, `document.querySelector("#text").value + "|" + `+persons); got != "em hỏi lớp nấu ăn|" {
		t.Errorf("heard and sent: %q", got)
	}
}

// Where the browser can do neither there is nothing to be seen of it.
func TestWithoutVoices(t *testing.T) {
	b := inBrowser(t, shippedSite(t), "/", `delete window.SpeechRecognition; delete window.webkitSpeechRecognition;
		Object.defineProperty(window, "speechSynthesis", {value: undefined}); Object.defineProperty(navigator, "share", {value: undefined});`)
	send(b, "sky")
	b.Await(`!!document.querySelector(".share") && ` + settled)
	b.Check("without voices")
	if shown := webtest.Evaluate[string](b, `[...document.querySelectorAll("#mic, .voice")].filter(e => e.checkVisibility()).map(e => e.outerHTML).join()`); shown != "" {
		t.Errorf("shown: %s", shown)
	}
	b.Click(".share")
	b.Await(`document.querySelector("#line").textContent == document.querySelector("#line").dataset.copied`)
}

func TestWhatIsReadIsWhatIsSaid(t *testing.T) {
	b := inBrowser(t, start(t), "/")
	for text, want := range map[string]string{
		"tối đa 4.000.000 đồng":                      "tối đa 4 triệu đồng",
		"1.388.889đ":                                 "1 triệu 388 nghìn 889 đồng",
		"lãi 7,9248% một năm":                        "lãi 7 phẩy 9248 phần trăm một năm",
		"tra cứu 22/11/2026":                         "tra cứu ngày 22 tháng 11 năm 2026",
		"từ ngày 01/07/2025":                         "từ ngày 1 tháng 7 năm 2025",
		"tháng 7/2026":                               "tháng 7 năm 2026",
		"Nghị định 338/2025/NĐ-CP, Điều 25":          "Nghị định 338 năm 2025, Điều 25",
		"Kế hoạch 01/KH-UBND":                        "Kế hoạch số 01",
		"UBND xã, cách 15 km":                        "Ủy ban nhân dân xã, cách 15 ki lô mét",
		"học 1,5–3 tháng":                            "học 1 phẩy 5 đến 3 tháng",
		"• Học phí: 50.000 đồng\n• Tiền ăn":          "Học phí: 50 nghìn đồng.\nTiền ăn",
		"gọi 113 hoặc 1900":                          "gọi 113 hoặc 1900",
		"xem http://127.0.0.1:8080/chat/data nhé":    "xem nhé",
		"2.340.000.000 đồng, đúng không? Chị “Lan”.": "2 tỷ 340 triệu đồng, đúng không? Chị Lan .",
	} {
		quoted, _ := json.Marshal(text)
		if got := webtest.Evaluate[string](b, fmt.Sprintf(`spoken(%s)`, quoted)); got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
}
