package cli_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"nghe/bot"
	"nghe/bot/webchat/webtest"
)

// reader is somebody with a phone, on a line that can be cut.
type reader struct {
	*webtest.Tab
	t    testing.TB
	wire *webtest.Wire
	said []string // everything sent so far, in order
}

const (
	pageReady = `document.body.dataset.ready == "yes"`
	allTaken  = `!document.querySelector("#log [data-state=sending], #log [data-state=waiting], #log [data-state=next]")`
	// What is on the page, to be compared: all that was said, both ways.
	wholeTalk = `[...document.querySelectorAll("#log .person > p, #log .bot, #log .card .title")].map(e => e.textContent).join("\n")`
)

func newReader(t testing.TB, width, height int64) *reader {
	t.Helper()
	s := serve(t, "NGHE_DATA="+t.TempDir())
	wire := webtest.NewWire(t, strings.TrimPrefix(s.url, "http://"))
	r := &reader{Tab: webtest.Open(t), t: t, wire: wire}
	r.Size(width, height)
	r.Dark(false)
	r.Do(chromedp.Navigate(wire.URL()))
	r.Await(pageReady)
	return r
}

// await waits until everything that was sent was answered.
func (r *reader) await() {
	r.t.Helper()
	r.Await(fmt.Sprintf(`document.querySelectorAll("#log .person").length == %d && %s && document.querySelectorAll("#log .turn:last-child .bot").length > 0`, len(r.said), allTaken))
}

func (r *reader) send(text string) {
	r.t.Helper()
	r.said = append(r.said, text)
	r.Do(chromedp.SendKeys(chromedp.ID("text"), text), chromedp.Click(chromedp.ID("send")))
}

// tap taps a button by a CSS selector.
func (r *reader) tap(selector string) {
	r.t.Helper()
	r.said = append(r.said, webtest.Evaluate[string](r.Tab, fmt.Sprintf(`document.querySelector(%q).dataset.label`, selector)))
	r.Click(selector)
}

// answers are for questions without options, by a word of the question.
var answers = []struct{ word, text string }{
	{"bao nhiêu tháng", "36"}, {"bao nhiêu tiền", "50 triệu"}, {"tuổi", "35"}, {"ki-lô-mét", "16"}, {"km", "16"}, {"bao nhiêu ngày", "30"}, {"ngày", "30"},
	{"học phí", "2,5 triệu"}, {"xã", "Ba Chẽ"}, {"ở đâu", "Ba Chẽ"},
}

// answer answers what is asked: to work when it is about a loan, by the text
// above where there is nothing to choose, "Hết rồi" where several can be chosen,
// else by the first option. It says whether something was asked.
func (r *reader) answer() bool {
	r.t.Helper()
	taps := webtest.Evaluate[[]string](r.Tab, `[...document.querySelectorAll("#choices .chip")].map(c => c.dataset.tap).filter(tap => /^[\w-]+\/[\w-]+=/.test(tap))`)
	question := webtest.Evaluate[string](r.Tab, `[...document.querySelectorAll("#log .bot")].at(-1)?.textContent || ""`)
	for _, a := range answers {
		if len(taps) == 1 && strings.Contains(question, a.word) {
			r.send(a.text)
			return true
		}
	}
	if len(taps) == 0 {
		return false
	}
	best := taps[0]
	for _, tap := range taps {
		if strings.HasSuffix(tap, "=.") || strings.HasSuffix(tap, "/purpose=job") {
			best = tap
		}
	}
	r.tap(fmt.Sprintf("#choices [data-tap=%q]", best))
	return true
}

// kept gives what the server has of the talk.
func (r *reader) kept() bot.Data {
	r.t.Helper()
	var data bot.Data
	text := webtest.Evaluate[string](r.Tab, `fetch("/chat/data").then(r => r.text())`)
	if err := json.Unmarshal([]byte(text), &data); err != nil {
		r.t.Fatalf("%v: %.300s", err, text)
	}
	return data
}

// Every journey that the front offers is walked on a phone of 360 px. In the
// middle of each the line goes away: what is said then waits, also through a
// reload, and is sent once and in order when the line is back.
func TestJourneysGoOnWithoutALine(t *testing.T) {
	r := newReader(t, 360, 740)
	r.Check("front")
	r.Await(`navigator.serviceWorker.ready.then(() => true)`)
	journeys := webtest.Evaluate[[]string](r.Tab, `[...document.querySelectorAll(".journeys [data-tap^='flow:']")].map(b => b.dataset.tap)`)
	if len(journeys) < 2 {
		t.Fatalf("the front offers only %v", journeys)
	}
	for n, journey := range journeys {
		if n == 0 {
			r.tap(fmt.Sprintf(".journeys [data-tap=%q]", journey))
		} else {
			r.Click("#more summary")
			r.tap(`.panel [data-tap="do:restart"]`)
			r.await()
			r.tap(fmt.Sprintf("#choices [data-tap=%q]", journey))
		}
		r.await()
		for step := 0; ; step++ {
			if step == 1 {
				r.loseTheLine(journey)
			}
			if !r.answer() {
				break
			}
			r.await()
			if step > 25 {
				t.Fatalf("%s has no end", journey)
			}
		}
		name := "journey-" + strings.ReplaceAll(strings.TrimPrefix(journey, "flow:"), "?", "-")
		r.Check(name)
		r.Picture(name)
	}
	if other := r.OtherHosts(r.wire.URL()); len(other) > 0 {
		t.Errorf("asked other hosts: %v", other)
	}
	// The server keeps the last thirty bubbles; all of them were said once.
	var heard []string
	for _, m := range r.kept().Messages {
		if m.From == bot.FromPerson {
			heard = append(heard, m.Text)
		}
	}
	if last := r.said[len(r.said)-len(heard):]; !slices.Equal(heard, last) {
		t.Errorf("the server heard %q, of what was said last: %q", heard, last)
	}
}

// loseTheLine cuts the line, says something, loads the page again, says
// something more, mends the line, and loads the page once more.
func (r *reader) loseTheLine(name string) {
	r.t.Helper()
	r.wire.Cut()
	if !r.answer() {
		r.t.Fatalf("%s ended early", name)
	}
	r.Await(`!!document.querySelector("#log [data-state=waiting]") && document.body.dataset.line == "down"`)
	r.Check(name + " without a line")
	r.reload(pageReady)
	r.send("tiền ăn được bao nhiêu")
	r.Await(`document.querySelectorAll("#log [data-state=waiting]").length == 2`)
	r.Picture("offline")
	r.wire.Mend()
	webtest.Evaluate[any](r.Tab, `document.querySelector("#log [data-state=waiting] .again")?.click()`) // unless the page is at it by itself
	r.await()
	r.Await(`document.body.dataset.line == "up" && document.querySelector("#log").ariaLive == "polite"`)
	r.reload(pageReady + ` && document.querySelector("#log").ariaLive == "polite"`)
}

// reload loads the page again and waits. All is there as it was, or the last
// thirty bubbles of it.
func (r *reader) reload(until string) {
	r.t.Helper()
	const count = `document.querySelectorAll("#log .person, #log .bot").length`
	before, had := webtest.Evaluate[string](r.Tab, wholeTalk), webtest.Evaluate[int](r.Tab, count)
	r.Do(chromedp.Reload())
	r.Await(until)
	after, has := webtest.Evaluate[string](r.Tab, wholeTalk), webtest.Evaluate[int](r.Tab, count)
	if !strings.HasSuffix(before, after) || has < min(had, bot.BubblesKept) {
		r.t.Errorf("before the reload\n%s\nafter it\n%s", before, after)
	}
	r.said = r.said[len(r.said)-webtest.Evaluate[int](r.Tab, `document.querySelectorAll("#log .person").length`):]
}

// What somebody had erased is gone from the page and from the device, and does
// not come back.
func TestWhatWasErasedIsGone(t *testing.T) {
	r := newReader(t, 360, 740)
	const typed = `nha em ho ngheo <b>x</b>"><script>x=1</script><img src=x onerror=x=1> o Ba Chẽ`
	r.send(typed)
	r.await()
	r.reload(pageReady + ` && document.querySelector("#log").ariaLive == "polite"`) // as it was typed, and as it is kept
	if talk := webtest.Evaluate[string](r.Tab, wholeTalk); !strings.Contains(talk, typed) {
		t.Errorf("what was typed is not shown as it was typed: %s", talk)
	}
	if webtest.Evaluate[bool](r.Tab, `window.x !== undefined || !!document.querySelector("#log .person b, #log .person img, #log script, #log [onerror]")`) || len(r.Faults()) > 0 {
		t.Errorf("what was typed became part of the page: %q", r.Faults())
	}
	r.send("xoá dữ liệu của tôi")
	r.await()
	r.tap("#choices .chip")
	r.Await(allTaken + ` && document.querySelectorAll("#log .person").length == 1`)
	for where, expression := range map[string]string{"page": wholeTalk, "device": `JSON.stringify({...localStorage})`} {
		if text := webtest.Evaluate[string](r.Tab, expression); strings.Contains(text, "ngheo") || strings.Contains(text, "<b>") {
			t.Errorf("still on the %s: %s", where, text)
		}
	}
	r.Do(chromedp.Reload())
	r.Await(pageReady + ` && document.querySelector("#log").ariaLive == "polite"`)
	if text := webtest.Evaluate[string](r.Tab, wholeTalk); strings.Contains(text, "ngheo") {
		t.Errorf("back after a reload: %s", text)
	}
}

// usable gives after how many milliseconds the page of a first visit can be
// typed into and tapped, on a line of 1.6 Mbit/s and 300 ms with a processor
// four times slower; counted from when it was asked for.
func usable(t testing.TB, url string) float64 {
	t.Helper()
	b := webtest.Open(t)
	b.Size(360, 740)
	b.Slow(300, 1600, 4)
	b.Do(chromedp.Navigate(url))
	b.Await(pageReady)
	return webtest.Evaluate[float64](b, `performance.getEntriesByName("usable")[0].startTime`)
}

// The promise is 2 s; the machine may be busy, so that the time is only told
// here (make bench measures it) and fails far above.
func TestThePageIsUsableSoonOnASlowLine(t *testing.T) {
	ms := usable(t, serve(t, "NGHE_DATA="+t.TempDir()).url)
	t.Logf("usable after %.0f ms", ms)
	if ms > 6000 {
		t.Errorf("usable only after %.0f ms", ms)
	}
}

func BenchmarkUsableOnASlowLine(b *testing.B) {
	s := serve(b, "NGHE_DATA="+b.TempDir())
	var all []float64
	for b.Loop() {
		all = append(all, usable(b, s.url))
	}
	slices.Sort(all)
	b.ReportMetric(0, "ns/op") // with the start of a browser: says nothing
	b.ReportMetric(all[len(all)/2], "ms/usable")
	b.ReportMetric(all[0], "ms/best")
}
