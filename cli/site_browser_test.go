package cli_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"nghe/bot/webchat/webtest"
)

// photo is a picture that somebody takes along.
func photo(t *testing.T) []byte {
	t.Helper()
	p := image.NewRGBA(image.Rect(0, 0, 1200, 900))
	for y := range 900 {
		for x := range 1200 {
			p.Set(x, y, color.RGBA{R: uint8(60 + x/8), G: uint8(120 + y/10), B: 90, A: 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A story is written down with its consent, published, told by the bot and on the
// public page, and withdrawn from both; a class's texts and public page; on a
// phone, on a laptop and in print.
func TestPublicPagesInABrowser(t *testing.T) {
	k := openConsoleOn(t, invent(t, 20), 360, 800)
	k.visit("/console/stories/new")
	k.fill("who", "một chị ở Ba Chẽ")
	k.choose("place", "Xã Ba Chẽ")
	k.choose("trade", "Nấu ăn")
	k.choose("kind", "Học nghề")
	k.fill("text", "Chị học lớp nấu ăn ba tháng ở nhà văn hoá thôn, rồi cùng hai chị nữa nhận nấu cỗ trong xã.")
	k.fill("source", "Hội Phụ nữ xã Ba Chẽ ghi lại")
	k.fill("alt", "Chị đứng bên bếp, tay bưng mâm cỗ")
	name := filepath.Join(t.TempDir(), "anh.jpg")
	if err := os.WriteFile(name, photo(t), 0o644); err != nil {
		t.Fatal(err)
	}
	k.Do(chromedp.SetUploadFiles(chromedp.ID("picture"), []string{name}))
	webtest.Evaluate[string](k.Tab, fmt.Sprintf(`document.getElementById("consent-on").value = %q`, time.Now().AddDate(0, 0, -2).Format(time.DateOnly)))
	k.choose("consent-how", "Ký trên giấy")
	k.fill("consent-by", "Cô Lan, Hội Phụ nữ")
	k.Click(`[name="consent-picture"]`)
	k.look("story-new")
	k.Press("main form .act")
	k.heading("một chị ở Ba Chẽ")
	path := webtest.Evaluate[string](k.Tab, "location.pathname")
	k.look("story-draft")
	k.Press("main form .act")
	k.says("Đã đăng.")
	person := asker(t, k.url+"/nghe/nau-an")
	person.sees("người trong chuyện đã đồng ý cho kể: có một chị ở Ba Chẽ")

	course := k.openCourse()
	k.walk(map[string]string{
		"stories": "/console/stories", "story": path, "story-edit": path + "/edit", "loud": "/console/courses/" + course + "/loud", "board": "/console/courses/" + course + "/board",
		"public-courses": "/lop-hoc", "public-found": "/lop-hoc?nghe=nau-an&xa=ba-che", "public-course": "/lop-hoc/" + course, "public-stories": "/dien-hinh", "public-mine": "/dien-hinh?nghe=nau-an", "public-missing": "/lop-hoc/khong-co",
	})
	k.Dark(true)
	k.visit("/lop-hoc/" + course)
	k.look("public-course-dark")
	k.Dark(false)
	if other := k.OtherHosts(k.url); len(other) > 0 {
		t.Errorf("asked other hosts: %v", other)
	}

	// The link of the class's page opens the chat at it.
	k.visit("/lop-hoc/" + course)
	title := webtest.Evaluate[string](k.Tab, `document.querySelector("h1").textContent`)
	chat := asker(t, k.url+webtest.Evaluate[string](k.Tab, `document.querySelector('a[href^="/lop/"]').getAttribute("href")`))
	chat.sees(title)

	k.visit("/dien-hinh?nghe=nau-an")
	picture := webtest.Evaluate[string](k.Tab, `document.querySelector(".story img").getAttribute("src")`)
	k.visit(path)
	k.Press("main form .danger")
	k.says("Đã rút.", "đã rút lại")
	k.look("story-gone")
	k.visit("/dien-hinh?nghe=nau-an")
	if text := k.text(); strings.Contains(text, "Ba Chẽ ghi lại") || strings.Contains(text, "nhận nấu cỗ trong xã") {
		t.Error("withdrawn, and on the public page")
	}
	if status, _ := newVisitor(t).get(k.url + picture); status != 404 {
		t.Errorf("the picture is given still: %d", status)
	}
	again := asker(t, k.url+"/nghe/nau-an")
	again.sees("Báo kể: có")
	if strings.Contains(webtest.Evaluate[string](again.Tab, `document.querySelector("#log").innerText`), "đã đồng ý cho kể") {
		t.Error("withdrawn, and the bot tells it")
	}

	k.Print()
	for name, at := range map[string]string{"public-courses": "/lop-hoc", "public-course": "/lop-hoc/" + course, "public-stories": "/dien-hinh", "board": "/console/courses/" + course + "/board"} {
		k.Size(794, 1123) // A4
		k.visit(at)
		k.Picture("console-" + name + "-print")
		if wide := webtest.Evaluate[int](k.Tab, "document.documentElement.scrollWidth"); wide > 794 {
			t.Errorf("%s is %d px wide in print", name, wide)
		}
	}
}

// openCourse gives the id of the first class on the public list.
func (k *clerk) openCourse() string {
	k.t.Helper()
	k.visit("/lop-hoc")
	return strings.TrimPrefix(webtest.Evaluate[string](k.Tab, `document.querySelector(".rows h3 a").getAttribute("href")`), "/lop-hoc/")
}
