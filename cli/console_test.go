package cli_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	faketelegram "nghe/bot/bottest/telegram"
	"nghe/bot/webchat/webtest"
)

// An officer is invited, comes in, uses one-time codes, and is let go: all of
// it on a phone, and once more looked at on a laptop.
func TestStaffComeAndGo(t *testing.T) {
	k := openConsole(t, 360, 740)
	k.look("home-begin")
	k.visit("/console/members/new")
	k.fill("name", "Lò Thị Mẩy")
	k.fill("login", "Mẩy")
	k.Press("main form .act")
	k.says("Tên đăng nhập gồm chữ thường không dấu")
	k.look("member-wrong")
	k.fill("login", "may.bache")
	k.Click(`[name=role][value=officer]`)
	k.Press("main form .act")
	k.says("chọn phạm vi")
	k.Click(`fieldset summary`)
	k.Click(`[name=place][value=ba-che]`)
	k.Press("main form .act")
	k.heading("Lò Thị Mẩy")
	k.look("member-link")
	link := webtest.Evaluate[string](k.Tab, `document.querySelector("#link").textContent`)
	member := webtest.Evaluate[string](k.Tab, `document.querySelector("form.sheet").action`)

	// Her own browser is another one.
	may := &clerk{Tab: webtest.Open(t), t: t, url: k.url}
	may.Size(360, 740)
	may.Do(chromedp.Navigate(link))
	may.heading("Chào Lò Thị Mẩy")
	may.fill("password", "ngắn")
	may.fill("again", "ngắn")
	may.Press("main form .act")
	may.says("ít nhất 10 ký tự")
	may.fill("password", clerkPassword)
	may.fill("again", clerkPassword)
	may.Press("main form .act")
	may.heading("Chào Lò Thị Mẩy")
	may.Do(chromedp.Navigate(link))
	may.heading("Liên kết hết dùng được")
	may.look("link-used")
	may.visit("/console/members")
	may.heading("Chưa được phép")

	may.visit("/console/account/codes")
	may.look("codes")
	if width := webtest.Evaluate[int](may.Tab, `document.querySelector(".qr").naturalWidth`); width != 240 {
		t.Errorf("the picture of the secret is %d px wide", width)
	}
	key := strings.ReplaceAll(webtest.Evaluate[string](may.Tab, `document.querySelector(".letters").textContent`), " ", "")
	code := func(after time.Duration) string {
		c, err := totp.GenerateCode(key, time.Now().Add(after))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	may.fill("code", code(0))
	may.Press("main form .act")
	may.says("Đã bật mã xác thực")
	may.Press("#chat button")
	may.look("account")
	if n := len(strings.ReplaceAll(webtest.Evaluate[string](may.Tab, `document.querySelector("#chat .code").textContent`), " ", "")); n != 8 {
		t.Errorf("the code for a chat has %d digits", n)
	}
	may.Click(".menu summary")
	may.Press(".menu .who button")
	may.heading("Đăng nhập")
	may.fill("login", "may.bache")
	may.fill("password", "không phải đâu")
	may.Press("main form .act")
	may.says("chưa đúng")
	may.look("signin-wrong")
	may.fill("login", "may.bache")
	may.fill("password", clerkPassword)
	may.Press("main form .act")
	may.heading("Gõ mã xác thực")
	may.look("signin-code")
	may.fill("code", code(30*time.Second))
	may.Press("main form .act")
	may.heading("Chào Lò Thị Mẩy")

	k.visit(strings.TrimPrefix(member, k.url))
	k.look("member")
	k.Press(`form[action$="/off"] button`)
	k.says("Đã ngừng tài khoản")
	may.visit("/console/account")
	may.heading("Đăng nhập")
	k.walk(map[string]string{"members": "/console/members", "audit": "/console/audit", "account-first": "/console/account", "missing": "/console/nosuch"})
	k.visit("/console/audit?did=staff.")
	k.says("Thêm cán bộ", "ngừng", "Lập quản trị đầu tiên")
	k.Dark(true)
	k.look("audit-dark")
	for _, other := range append(k.OtherHosts(k.url), may.OtherHosts(k.url)...) {
		t.Errorf("asked another host: %s", other)
	}
}

// Classes are written down, copied, taken from Excel and cancelled; people who
// came with paper are written down and moved. What is typed wrongly is named,
// and nothing that was typed is lost.
func TestAnOfficerKeepsClasses(t *testing.T) {
	k := openConsoleOn(t, invent(t, 40), 360, 740)
	k.look("home")
	k.visit("/console/courses/new")
	k.look("course-new")
	k.fill("ma-lop", "NA-01")
	k.fill("ten-lop", "Lớp nấu ăn xã Ba Chẽ")
	k.choose("nghe", "Kỹ thuật chế biến món ăn (nấu ăn)")
	k.choose("tinh-trang", "Sắp mở")
	k.choose("xa-phuong", "Xã Ba Chẽ")
	k.fill("han-dang-ky", "31/2/2027")
	k.fill("chi-tieu", "2")
	k.fill("du-nguoi-thi-mo", "2")
	k.Press("main form .act")
	k.says("Chưa lưu", "không phải ngày")
	k.look("course-wrong")
	k.fill("han-dang-ky", "15/2/2027")
	k.fill("khai-giang", "3/2027")
	k.Press("main form .act")
	k.heading("Lớp nấu ăn xã Ba Chẽ")
	k.says("Đã thêm lớp", "Chưa rõ: giấy tờ, hỏi ai, ở đâu", "15/02/2027", "03/2027", "sắp mở")
	k.look("course")

	// People who came with paper.
	for i, name := range []string{"Nguyễn Thị Hoa", "Bàn Văn Tư", "Chíu Thị Mai"} {
		k.visit("/console/interests/new?course=na-01")
		k.fill("ho-ten", name)
		k.fill("dien-thoai", "12")
		k.choose("da-dong-y", "Có")
		k.Press("main form .act")
		k.says("không phải số điện thoại")
		if i == 0 {
			k.look("interest-wrong")
		}
		k.fill("dien-thoai", fmt.Sprint("091234567", i))
		k.fill("nam-sinh", "1988")
		k.Press("main form .act")
		k.heading(name)
		k.says("phiếu giấy", "Trần Văn An ghi")
	}
	k.look("interest")
	k.visit("/console/courses/na-01")
	k.says("Đủ người để mở", "1\nngười chờ vì hết chỗ")
	k.look("course-ready")
	k.Press(`form[action$="/open"] button`)
	k.says("Lớp đã mở nhận đăng ký", "đang nhận")

	k.visit("/console/interests?course=na-01")
	k.look("interests")
	k.Click("[data-all]")
	k.choose("to", "Thôi")
	k.Press("form .act[class]:not(a)")
	k.says("vì sao người đó thôi")
	k.look("interests-why")
	k.choose("to", "Đã liên lạc")
	k.Press("form .act[class]:not(a)")
	k.says("Đã chuyển tình trạng", "Đã liên lạc\n3")

	k.visit("/console/courses/na-01/duplicate")
	k.says("Chép từ “Lớp nấu ăn xã Ba Chẽ”")
	k.fill("ma-lop", "na 01")
	k.Press("main form .act")
	k.says("Mã này đã có lớp")
	k.visit("/console/courses/na-01/cancel")
	k.says("3 người chỉ có số điện thoại")
	k.look("course-cancel")
	k.fill("why", "không đủ giáo viên")
	k.Press("main form .danger")
	k.says("Đã huỷ lớp", "lý do: không đủ giáo viên")

	// From Excel: all or nothing.
	k.visit("/console/courses/import")
	head := []any{"Mã lớp", "Nghề", "Tình trạng", "Xã, phường", "Khai giảng"}
	k.hand("lop.xlsx", table(t, head, []any{"h-1", "hàn", "Đang nhận", "Xã Ba Chẽ", "20/3/2027"}, []any{"h-2", "hàn", "Đang nhận", "Xã Nào Đó", "hôm nào đó"}))
	k.Press("main form .act")
	k.says("Chưa nhập lớp nào, có 2 chỗ cần sửa", "ô D3", "ô E3")
	k.look("import-wrong")
	k.hand("lop.xlsx", table(t, head, []any{"h-1", "hàn", "Đang nhận", "Xã Ba Chẽ", "20/3/2027"}, []any{"h-2", "hàn", "Đang nhận", "Xã Kỳ Thượng", "21/3/2027"}))
	k.Press("main form .act")
	k.says("Đã nhập lớp từ Excel", "Vừa nhập 2 lớp")
	if n := webtest.Evaluate[int](k.Tab, `document.querySelectorAll('.glad a[href="/console/broadcasts/new?course=h-1"], .glad a[href="/console/broadcasts/new?course=h-2"]').length`); n != 2 {
		t.Errorf("%d of the 2 classes can be announced at once", n)
	}
	k.look("courses-fresh")
	k.visit("/console/interests/import")
	people := []any{"Họ tên", "SĐT", "Xã", "Nghề", "Đồng ý"}
	k.hand("nguoi.xlsx", table(t, people, []any{"Đặng A", "912345678", "Ba Chẽ", "hàn", "x"}, []any{"Đặng B", "", "Ba Chẽ", "hàn", "chưa"}))
	k.Press("main form .act")
	k.says("Chưa nhập người nào, có 1 chỗ cần sửa", "ô E3", "ký phiếu")
	k.hand("nguoi.xlsx", table(t, people, []any{"Đặng A", "912345678", "Ba Chẽ", "hàn", "x"}))
	k.Press("main form .act")
	k.says("Đã nhập danh sách", "Đặng A", "0912345678")

	for _, path := range []string{"/console/courses/template.xlsx", "/console/courses/export.xlsx", "/console/interests/template.xlsx", "/console/interests/export.xlsx?course=na-01"} {
		if head := webtest.Evaluate[string](k.Tab, fmt.Sprintf(`fetch(%q).then(r => r.arrayBuffer()).then(b => String.fromCharCode(...new Uint8Array(b).slice(0, 2)))`, path)); head != "PK" {
			t.Errorf("%s is no workbook: %q", path, head)
		}
	}
	k.walk(map[string]string{"home-full": "/console/", "courses": "/console/courses", "interests-all": "/console/interests", "course-form": "/console/courses/h-1/edit", "import": "/console/courses/import", "course-full": "/console/courses/na-01"})
	k.Dark(true)
	k.look("course-full-dark")
	for _, other := range k.OtherHosts(k.url) {
		t.Errorf("asked another host: %s", other)
	}
}

// An announcement is written, read back, tried, approved by a second person,
// sent, and followed to the end, with who got it and who is to be called.
func TestAnAnnouncementGoesOut(t *testing.T) {
	k := openConsoleOn(t, invent(t, 400), 360, 740)
	k.visit("/console/members/new")
	k.fill("name", "Lò Thị Mẩy")
	k.fill("login", "may")
	k.Click(`[name=role][value=officer]`)
	k.Click(`fieldset summary`)
	k.Click(`[name=place][value=ba-che]`)
	k.Press("main form .act")
	link := webtest.Evaluate[string](k.Tab, `document.querySelector("#link").textContent`)
	may := &clerk{Tab: webtest.Open(t), t: t, url: k.url}
	may.Size(360, 740)
	may.Dark(false)
	may.Do(chromedp.Navigate(link))
	may.fill("password", clerkPassword)
	may.fill("again", clerkPassword)
	may.Press("main form .act")

	// She begins within her commune; beyond it a second person must say yes.
	may.visit("/console/broadcasts/new")
	may.says("những người ở Ba Chẽ")
	may.look("letter-new")
	may.fill("text", "Tuần tới trung tâm về xã tư vấn học nghề, mời bà con đến hỏi.")
	may.Click(`[name=place][value=ba-che]`)
	may.Await(`document.querySelector("#reach").innerText.includes("tất cả những người đã đồng ý nhận tin")`)
	may.says("Cần người thứ hai duyệt")
	// How many it is stands beside the button, wherever one is in the form.
	if near, big := webtest.Evaluate[string](may.Tab, `document.querySelector("#howmany").innerText`), webtest.Evaluate[string](may.Tab, `document.querySelector("#reach .big").innerText`); near != strings.Join(strings.Fields(big), " ") {
		t.Errorf("%q beside the button, %q above", near, big)
	}
	may.look("letter-reach")
	webtest.Evaluate[bool](may.Tab, `scrollTo(0, 0), true`)
	const later = `document.querySelector("#at").checkVisibility()`
	if webtest.Evaluate[bool](may.Tab, later) {
		t.Error("a date is asked for what is sent at once")
	}
	may.Click("[name=when][value=later]")
	may.Await(later)
	may.look("letter-later")
	may.Click("[name=when][value=now]")
	may.Press("#letter .act")
	may.says("Xem lại trước khi gửi", "Người nhận thấy thế này", "Gắn chat để gửi thử")
	if chips := webtest.Evaluate[int](may.Tab, `[...document.querySelectorAll(".phone")].filter(f => f.innerText.includes("Zalo bot")).reduce((n, f) => n + f.querySelectorAll(".chip").length, 0)`); chips != 0 {
		t.Errorf("%d buttons on Zalo Bot, which has none", chips)
	}
	may.look("letter-draft")
	may.Press(`form[action$="/send"] button`)
	may.says("Đã xin duyệt, chưa gửi cho ai", "Tin đang chờ một người khác duyệt")
	if may.text() == "" || webtest.Evaluate[bool](may.Tab, `!!document.querySelector('form[action$="/approve"]')`) {
		t.Error("who wrote it may approve it")
	}
	id := webtest.Evaluate[string](may.Tab, `location.pathname.split("/").pop()`)

	// The same again is the same.
	may.visit("/console/broadcasts/new")
	may.fill("text", "Tuần tới trung tâm về xã tư vấn học nghề, mời bà con đến hỏi.")
	may.Click(`[name=place][value=ba-che]`)
	may.Press("#letter .act")
	may.says("Tin giống hệt")

	k.visit("/console/")
	k.says("Chờ anh/chị duyệt")
	k.look("home-yes")
	k.visit("/console/broadcasts/" + id)
	k.says("Lò Thị Mẩy soạn")
	k.look("letter-approve")
	k.Press(`form[action$="/approve"] button`)
	k.says("Đã duyệt")
	k.look("letter-sending")
	k.Press(`form[action$="/pause"] button`)
	k.says("Đã tạm dừng", "tạm dừng")
	k.look("letter-paused")
	k.Press(`form[action$="/resume"] button`)
	k.says("gửi tiếp")
	k.visit("/console/broadcasts/" + id + "/people")
	k.says("chờ")
	k.look("recipients")
	k.visit("/console/broadcasts/" + id + "/calls")
	k.look("calls")
	k.visit("/console/broadcasts/" + id)
	k.Click("details.sheet > summary")
	k.fill("why", "đổi ngày")
	k.Press(`form[action$="/cancel"] button`)
	k.says("Đã huỷ, không gửi thêm cho ai nữa", "Huỷ vì: đổi ngày.")
	k.look("letter-cancelled")
	k.visit("/console/audit?did=broadcast.")
	k.says("Soạn thông báo", "Gửi thông báo", "Duyệt thông báo", "Huỷ thông báo")
	k.walk(map[string]string{"letters": "/console/broadcasts", "letter-form": "/console/broadcasts/new", "letter-show": "/console/broadcasts/" + id})
	for _, other := range append(k.OtherHosts(k.url), may.OtherHosts(k.url)...) {
		t.Errorf("asked another host: %s", other)
	}
}

// A class is announced on Telegram: tried on the officer's own chat, which is
// linked by a code, then sent and followed live until it has arrived.
func TestAnAnnouncementArrives(t *testing.T) {
	platform, api := faketelegram.Start(t, faketelegram.Settings{Anybody: true})
	k := openConsoleOn(t, invent(t, 120, "--channel", "telegram"), 1280, 800, "TELEGRAM_TOKEN="+faketelegram.Token, "TELEGRAM_API="+api)
	an, says := platform.Person(5, "An"), lastSaid(t, platform)
	k.visit("/console/account")
	k.Press("#chat button")
	code := webtest.Evaluate[string](k.Tab, `document.querySelector("#chat .code").textContent`)
	an.Starts("")
	says("giúp")
	an.Says("nhập mã liên kết")
	says("Bạn cần lấy mã")
	an.Says("Mã cán bộ")
	says("Bạn gõ mã 8 số")
	an.Says(code)
	says("đã gắn với tài khoản cán bộ của Trần Văn An")
	k.visit("/console/account")
	k.says("Đã gắn với chat của anh/chị trên Telegram")

	k.visit("/console/courses?standing=open")
	k.Press(".rows a")
	k.Press(`a[href^="/console/broadcasts/new"]`)
	k.look("letter-course")
	webtest.Evaluate[bool](k.Tab, `document.querySelectorAll("[name=place], [name=trade], [name=near]").forEach(e => e.checked = false), true`)
	k.Click("[name=urgent]") // at night, too
	k.Await(`document.querySelector("#reach").innerText.includes("tất cả những người đã đồng ý nhận tin")`)
	k.Press("#letter .act")
	k.says("Gửi thử cho tôi", "Ghi nguyện vọng", "Dừng nhận tin")
	k.look("letter-course-draft")
	k.Press(`form[action$="/try"] button`)
	k.says("Đã gửi thử vào chat của anh/chị")
	says("Lớp ví dụ")
	k.Press(`form[action$="/send"] button`)
	k.Await(`document.querySelector("h2")?.innerText == "Đã gửi xong" && document.readyState == "complete"`)
	k.look("letter-done")
	sent := webtest.Evaluate[string](k.Tab, `document.querySelector(".counts").innerText`)
	if strings.Contains(sent, "đã gửi 0") || !strings.Contains(sent, "chờ 0") || !strings.Contains(sent, "không rõ 0") {
		t.Errorf("%s", sent)
	}
	id := webtest.Evaluate[string](k.Tab, `location.pathname`)
	k.visit(id + "/people?state=sent")
	k.says("Telegram", "đã gửi")
	k.look("recipients-sent")
}
