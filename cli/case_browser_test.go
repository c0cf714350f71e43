package cli_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"nghe/bot/webchat/webtest"
)

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

	// An answer of one's own, kept and dropped without leaving the page.
	k.Click("#found details summary")
	k.fill("canned_title", "Giờ làm việc")
	k.fill("canned_text", "Chúng tôi làm từ 7 giờ 30, chị {name} ạ.")
	k.Click(`#found form[action$="/canned"] button`)
	k.Await(`[...document.querySelectorAll("#found h2")].some(e => e.textContent == "Câu của tôi")`)
	k.Check("case-own")
	k.Click(`#found form[action$="/canned/drop"] button`)
	k.Await(`![...document.querySelectorAll("#found h2")].some(e => e.textContent == "Câu của tôi")`)

	// A picture goes to the person, and what is none is refused with what is taken.
	k.Click(`details:has(#send-file) summary`)
	k.hand("don.exe", []byte("MZ"))
	k.Click("#send-file button")
	k.sees("loại tệp không nhận")
	k.hand("mau-don.png", picture(t))
	k.fill("caption", "Mẫu đơn đây chị")
	k.look("case-file")
	k.Click("#send-file button")
	person.sees("Trần Văn An gửi ảnh. Mẫu đơn đây chị")
	person.Await(`document.querySelector("#log .file img")?.naturalWidth == 300`)
	person.Check("file")
	person.Picture("file")
	k.sees("Mở mau-don.png")

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

	// Taken up again by mistake of nobody: the bot is silent once more, and what
	// was being written is still there.
	k.Press(`form[action$="/reopen"] button`)
	k.says("Đã mở lại. Ca này của anh/chị", "của tôi")
	person.sees("quay lại câu chuyện lần trước")
	k.Await(caseLive)

	// Closed with an outcome: the person rates it by a tap and a line, and both
	// come to the open page.
	k.Click(`details:has([name=outcome]) summary`)
	k.Click(`form[action$="/close"] [value=answered]`)
	k.Press(`form[action$="/close"] button`)
	k.says("Đã đóng ca", "Đã trả lời")
	k.Await(caseLive)
	person.Await(`!!document.querySelector("#choices [data-tap='flow:rate?rating=5']")`)
	person.Click(`#choices [data-tap="flow:rate?rating=5"]`)
	k.sees("5 trên 5")
	person.sees("Muốn nhắn thêm gì cho bên tư vấn")
	person.Do(chromedp.SendKeys(chromedp.ID("text"), "cán bộ nói dễ hiểu lắm"), chromedp.Click(chromedp.ID("send")))
	k.sees("Người dân nhận xét: “cán bộ nói dễ hiểu lắm”")

	// The same button after the rating: what it does comes to the page twice, as
	// its answer and as news, and the answer wins.
	for range 3 {
		k.Press(`form[action$="/reopen"] button`)
		k.says("Đã mở lại")
		k.Await(caseLive)
		k.Click(`details:has([name=outcome]) summary`)
		k.Click(`form[action$="/close"] [value=answered]`)
		k.Press(`form[action$="/close"] button`)
		k.says("Đã đóng ca")
		k.Await(caseLive)
	}

	// The same on a phone.
	k.Size(360, 740)
	k.look("case-closed")
	k.visit("/console/cases")
	k.Await(caseLive)
	person.send("Tôi muốn vay tiền mở quán phở")
	person.Click(`#choices [data-tap="flow:loan"]`)
	person.Click(`#choices [data-tap="address/form=chị"]`)
	person.Await(`document.querySelector("#choices [data-tap]")?.dataset.tap.startsWith("loan/")`)
	question := webtest.Evaluate[string](person.Tab, `document.querySelector("#choices [data-tap]").dataset.tap`)
	person.send("gặp người")
	person.sees("số #2")
	k.sees("#2")
	k.look("cases")
	k.visit("/console/cases/2")
	k.look("case-waiting")
	k.visit("/console/cases/overview")
	k.look("cases-overview")

	// Closed, the very question that was left is there again, with the rating
	// beside it.
	k.visit("/console/cases/2")
	k.Press("#take button")
	k.Click(`details:has([name=outcome]) summary`)
	k.Click(`form[action$="/close"] [value=enrolled]`)
	k.Press(`form[action$="/close"] button`)
	person.Await(fmt.Sprintf(`!!document.querySelector("#choices [data-tap='flow:rate?rating=3']") && document.querySelector("#choices .chip:has(.number)")?.dataset.tap == %q`, question))
	person.Check("rating and question")
	person.Picture("rating-and-question")
	if faults := append(k.Faults(), person.Faults()...); len(faults) > 0 {
		t.Errorf("%q", faults)
	}
}

// Every page of cases is looked at with what an office has on a full day.
func TestCasePagesOnAFullDay(t *testing.T) {
	data, link := caseData(t)
	k := openConsoleOn(t, data, 360, 740)
	k.look("home-cases")
	k.visit("/console/cases")
	k.says("Đặng Văn Phúc Khánh (đã đóng trang, chưa mời được)")
	k.Press(".duty button")
	k.says("Anh/chị đang trực", "Cùng trực")
	hang := k.invited(k.url+"/console/invitation/"+link, 1280, 800)
	pages := map[string]string{
		"inbox": "/console/cases", "inbox-closed": "/console/cases?show=closed", "overview-full": "/console/cases/overview", "case-danger": "/console/cases/1",
		"case-others": "/console/cases/2", "case-complaint": "/console/cases/4", "case-rated": "/console/cases/7", "attach-full": "/console/cases/1/attach?q=vay", "home-counsel": "/console/",
	}
	k.walk(pages)
	hang.walk(map[string]string{"inbox-hang": "/console/cases", "case-mine": "/console/cases/2", "case-window": "/console/cases/3", "home-hang": "/console/"})
	for _, width := range []int64{360, 1280} {
		hang.Size(width, 800)
		hang.visit("/console/cases/2")
		for _, part := range []string{"transfer", "close", "note"} {
			webtest.Evaluate[bool](hang.Tab, `(d => (d.open = true, true))(document.querySelector('form[action$="/`+part+`"]').closest("details"))`)
		}
		hang.look("case-forms")
	}
	hang.says("Người này còn ca #", "Mở mau-don-de-nghi-vay-von")
	hang.Await(`document.querySelector("#talk .file img")?.naturalWidth == 300`)
	hang.Picture("console-case-end-of-talk-1280")

	// Two who change the rules at once.
	k.visit("/console/rules")
	k.fill("per_week", "4")
	webtest.Evaluate[int](k.Tab, `fetch("/console/rules", {method: "POST", body: (d => (d.set("per_week", "2"), new URLSearchParams(d)))(new FormData(document.querySelector("main form")))}).then(r => r.status)`)
	k.Press("main form .act")
	k.says("có người khác vừa đổi quy định")
	k.look("rules-conflict")
	k.Size(360, 740)
	k.look("rules-conflict")
	hang.Dark(true)
	hang.look("case-dark")
	for _, other := range append(k.OtherHosts(k.url), hang.OtherHosts(k.url)...) {
		t.Errorf("asked another host: %s", other)
	}
}

// picture makes one of 300 by 200 points.
func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 300, 200))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
