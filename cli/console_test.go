package cli_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"nghe/bot/webchat/webtest"
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
	s := serve(t, "NGHE_DATA="+t.TempDir())
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
	for _, width := range []int64{360, 1280} {
		k.Size(width, 800)
		for name, path := range map[string]string{"members": "/console/members", "audit": "/console/audit", "account-first": "/console/account", "missing": "/console/nosuch"} {
			k.visit(path)
			k.look(name)
		}
	}
	k.visit("/console/audit?did=staff.")
	k.says("Thêm cán bộ", "ngừng", "Lập quản trị đầu tiên")
	k.Dark(true)
	k.look("audit-dark")
	for _, other := range append(k.OtherHosts(k.url), may.OtherHosts(k.url)...) {
		t.Errorf("asked another host: %s", other)
	}
}
