package cli_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"nghe/bot/webchat/webtest"
)

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

const caseLive = `document.body.dataset.live == "yes"`

// A person and a counsellor talk in two windows; neither opens a page again to
// see what the other says.
func TestPersonAndCounsellorTalk(t *testing.T) {
	k := openConsole(t, 1280, 800)
	k.visit("/console/cases")
	k.Await(caseLive)
	k.says("Không có ca nào ở đây")
	k.look("cases-none")

	person := asker(t, k.url)
	person.send("Tôi muốn vay tiền mở quán phở")
	person.await()
	person.send("gặp người")
	person.sees("số #1")

	// It comes by itself, with a sound and a count in the title.
	k.sees("#1 Vay vốn")

	k.Await(`document.title.startsWith("(1) ") && document.body.dataset.rang == "1"`)
	k.look("cases")
	// By the keyboard alone: to the case, and take it.
	k.key("j")
	k.Await(`document.activeElement.dataset.case != null`)
	k.key("n")
	k.Await(`document.querySelector("#text") && document.readyState == "complete"`)
	k.says("Ca này của anh/chị", "Tóm tắt", "vay tiền mở quán phở", "của tôi")
	person.sees("Trần Văn An đã vào trả lời")
	k.Await(caseLive)

	// From now on the bot is silent.
	person.send("Tôi ở Ba Chẽ, cần bao nhiêu giấy tờ?")
	k.sees("cần bao nhiêu giấy tờ?")
	k.key("r")
	k.Await(`document.activeElement.id == "text"`)
	k.Do(chromedp.SendKeys(chromedp.ID("text"), "Chào chị, chị cần hai giấy."))
	k.Click("#reply .act")
	k.Await(`[...document.querySelectorAll("#talk .counsellor")].at(-1)?.innerText.includes("đã gửi")`)
	person.sees("Trần Văn An: Chào chị, chị cần hai giấy.")
	k.Await(`[...document.querySelectorAll("#talk .counsellor")].at(-1)?.innerText.includes("đã gửi")`)
	k.Await(`document.querySelector("#text").value == "" && document.activeElement.id == "text"`)
	k.look("case")

	// A canned answer goes where the caret is, and is changed before it goes.
	k.Click("#attach summary")
	k.Await(`[...document.querySelectorAll("#found [data-text]")].some(e => e.textContent.includes("Vay qua tổ"))`)
	k.Check("case-attach")
	webtest.Evaluate[bool](k.Tab, `([...document.querySelectorAll("#found [data-text]")].find(e => e.textContent.includes("Vay qua tổ")).click(), true)`)
	k.Await(`document.querySelector("#text").value.includes("Muốn vay Ngân hàng")`)
	k.Click("#reply .act")
	person.sees("Muốn vay Ngân hàng")

	// What is being written stays when somebody else changes the case; a note is
	// for colleagues only.
	k.fill("note", "Hộ nghèo, xem thêm hỗ trợ @an")
	k.Click(`form[action$="/note"] button`)
	k.sees("xem thêm hỗ trợ")
	k.Await(`document.querySelector(".said.note.mine") != null`)
	k.Do(chromedp.SendKeys(chromedp.ID("text"), "Tôi đang viết dở"))
	person.send("gọi bot lại")
	k.Await(`document.querySelector("[data-hand]")?.dataset.hand == "closed" && document.readyState == "complete"`)
	person.sees(" – tư vấn viên") // at the head of what the counsellor says
	if said := webtest.Evaluate[string](person.Tab, wholeTalk); strings.Contains(said, "xem thêm hỗ trợ") {
		t.Error("the person reads a note")
	}

	// The same on a phone.
	k.Size(360, 740)
	k.look("case-closed")
	k.visit("/console/cases")
	k.Await(caseLive)
	person.send("gặp người")
	person.sees("số #2")
	k.sees("#2")
	k.look("cases")
	k.visit("/console/cases/2")
	k.look("case-waiting")
	k.visit("/console/cases/overview")
	k.look("cases-overview")
	if faults := append(k.Faults(), person.Faults()...); len(faults) > 0 {
		t.Errorf("%q", faults)
	}
}
