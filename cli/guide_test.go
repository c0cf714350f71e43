package cli_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"

	faketelegram "nghe/bot/bottest/telegram"
	"nghe/bot/webchat/webtest"
	"nghe/broadcast"
	"nghe/content"
	"nghe/course"
	"nghe/demo"
	"nghe/dialog"
	"nghe/people"
	"nghe/store"
)

// “make guide” sets it.
var draw = flag.Bool("pictures", false, "draw the pictures of the guides in docs anew")

const guideFolder = "../docs"

// The people of the guide's example: of 300 invented ones these 40 live in Ba
// Chẽ, want to cook and agreed to be told.
const (
	guidePlace, guideTrade = "ba-che", "nau-an"
	guideRight             = 40
	guidePeople            = 300
)

// guidePerson changes an invented person, and says whether they are one of the
// right ones.
func guidePerson(n int, p *people.Person, wish *course.Interest) (right bool) {
	place, trade, state := guidePlace, guideTrade, course.New
	consent := people.Consent{Purpose: people.PurposeNews, Words: "(ví dụ)", GivenAt: p.CreatedAt}
	all := people.Following{At: p.CreatedAt}
	wish.Remind, p.News = false, []people.Following{all}
	switch {
	case n <= 20: // wish to cook, told of everything
	case n <= 30: // wish to cook, agreed only to be reminded of that
		p.News, wish.Remind = nil, true
	case n <= guideRight: // wish to weld, but want to hear of cooking, near them
		trade, p.News = "han", []people.Following{{Trade: guideTrade, Place: guidePlace, At: p.CreatedAt}}
	case n <= 65: // never agreed to anything
		p.News = nil
	case n <= 80: // another trade
		trade = "han"
	case n <= 90: // gave it up
		state = course.Dropped
	case n <= 150: // elsewhere
		place = "ha-long"
	default: // anything, elsewhere
		place = "mong-cai-1"
		trade = wish.Trade
	}
	p.Consents = p.Consents[:1]
	if p.News != nil {
		p.Consents = append(p.Consents, consent)
	}
	profile, err := json.Marshal(dialog.Values{"place": dialog.Text(place), "consent": dialog.Text("yes")})
	if err != nil {
		panic(err) // two texts
	}
	p.Profile = profile
	wish.Place, wish.Course, wish.Trade, wish.State = place, "", trade, state
	return n <= guideRight
}

// guideData fills a folder with the people of the example, and gives the chats
// of the right ones and of all. No hour and no day is quiet,
// because the walk may be done at night.
func guideData(t testing.TB) (data, overrides string, right, all []int64) {
	t.Helper()
	data, overrides = t.TempDir(), t.TempDir()
	lib, problems := content.Load(content.Builtin())
	if problems != nil {
		t.Fatal(problems)
	}
	db, err := store.Open(t.Context(), data, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	persons, wishes := demo.People(lib, nil, 1, guidePeople+1, "telegram", time.Now())
	for i := range persons {
		var chat int64
		fmt.Sscan(persons[i].Contacts[0].ID, &chat)
		if guidePerson(i+1, &persons[i], &wishes[i]) {
			right = append(right, chat)
		}
		all = append(all, chat)
	}
	if err := db.Fill(t.Context(), persons, wishes); err != nil {
		t.Fatal(err)
	}
	rules := broadcast.DefaultRules()
	rules.DayBegins, rules.DayEnds = 0, 23*60+59
	if _, err := db.EditRules(t.Context(), broadcast.DefaultRules(), rules); err != nil {
		t.Fatal(err)
	}
	days := "holidays:\n" // on days that are over
	for _, h := range lib.Holidays {
		days += fmt.Sprintf("  - {id: %s, name: %s, date: 2000-01-01}\n", h.ID, h.Name)
	}
	if err := os.WriteFile(filepath.Join(overrides, "holidays.yaml"), []byte(days), 0o644); err != nil {
		t.Fatal(err)
	}
	return data, overrides, right, all
}

// guest is an officer who does what the guide says, and counts.
type guest struct {
	*clerk
	taps, fields int
}

func (g *guest) tap(selector string)    { g.t.Helper(); g.taps++; g.Press(selector) }
func (g *guest) writes(id, text string) { g.t.Helper(); g.fields++; g.fill(id, text) }
func (g *guest) opens(menu, heading string) { // by the menu at the top, as on a phone
	g.t.Helper()
	g.taps++
	g.Click(".menu summary")
	g.tap(`.menu a[href="` + menu + `"]`)
	g.heading(heading)
}

// picture draws the window, from an element downwards, for the guide.
func (k *clerk) picture(name, from string) {
	k.t.Helper()
	webtest.Evaluate[bool](k.Tab, fmt.Sprintf(`(e => (document.activeElement?.blur(), scrollTo(0, e ? e.getBoundingClientRect().top + scrollY - 76 : 0), true))(document.querySelector(%q))`, from))
	if !*draw {
		return
	}
	k.Check(name)
	small, err := webtest.Small(k.Shot(2))
	if err == nil {
		err = os.WriteFile(filepath.Join(guideFolder, "pictures", name+".png"), small, 0o644)
	}
	if err != nil {
		k.t.Fatal(err)
	}
}

// Somebody new to it does what docs/huong-dan-can-bo.md says under “Năm phút
// đầu”: from the invitation to a class out of Excel that the right 40 of 300
// people are told of on Telegram, and nobody else, and nobody twice.
func TestFirstFiveMinutes(t *testing.T) {
	data, overrides, right, all := guideData(t)
	platform, api := faketelegram.Start(t, faketelegram.Settings{Anybody: true})
	k := openConsoleOn(t, data, 360, 740, "NGHE_CONTENT="+overrides, "TELEGRAM_TOKEN="+faketelegram.Token, "TELEGRAM_API="+api)
	invite := func(name, login, place string) *guest {
		t.Helper()
		k.visit("/console/members/new")
		k.fill("name", name)
		k.fill("login", login)
		k.Click(`[name=role][value=officer]`)
		k.Click(`fieldset summary`)
		k.Click(`[name=place][value=` + place + `]`)
		k.Press("main form .act")
		g := &guest{clerk: &clerk{Tab: webtest.Open(t), t: t, url: k.url}}
		g.Size(360, 740)
		g.Dark(false)
		g.Do(chromedp.Navigate(webtest.Evaluate[string](k.Tab, `document.querySelector("#link").textContent`)))
		return g
	}
	may := invite("Lò Thị Mẩy", "may.bache", guidePlace)
	begun := time.Now()

	// 1. In by the invitation.
	may.picture("moi-vao", "main")
	may.writes("password", clerkPassword)
	may.writes("again", clerkPassword)
	may.tap("main form .act")
	may.heading("Chào Lò Thị Mẩy")
	may.picture("trang-dau", "body")

	// 2. The template, filled in with one class.
	may.opens("/console/courses", "Lớp học")
	may.tap(`a[href="/console/courses/import"]`)
	may.picture("nhap-excel", "main")
	may.taps++ // download the template
	file := base64file(t, webtest.Evaluate[string](may.Tab, `fetch(document.querySelector('a[href$="template.xlsx"]').href).then(r => r.arrayBuffer()).then(b => btoa(Array.from(new Uint8Array(b), c => String.fromCharCode(c)).join("")))`))
	day := func(days int) string { return time.Now().AddDate(0, 0, days).Format("2/1/2006") }
	class := map[string]string{
		"Tên lớp": "Lớp nấu ăn xã Ba Chẽ", "Nghề": "nấu ăn", "Tình trạng": "Đang nhận", "Xã, phường": "Ba Chẽ",
		"Địa điểm học": "Nhà văn hoá thôn Nam Hả Trong", "Hạn đăng ký": day(20), "Khai giảng": day(27), "Chỉ tiêu": "35", "Học phí": "0",
	}
	may.fields += len(class)
	may.taps += 2 // the file is chosen
	may.hand("lop.xlsx", filled(t, file, class))
	may.tap("main form .act")
	may.heading("Lớp học")
	may.says("Đã nhập lớp từ Excel", "Lớp nấu ăn xã Ba Chẽ")

	// 3. The class, and whom it is for.
	may.tap(".rows a")
	may.heading("Lớp nấu ăn xã Ba Chẽ")
	may.picture("lop", "main")
	may.tap(`a[href^="/console/broadcasts/new"]`)
	may.says("những người ở Ba Chẽ, quan tâm nghề", fmt.Sprint(guideRight, " người sẽ nhận"), "25 chưa đồng ý nhận tin")
	if strings.Contains(may.text(), "người thứ hai") {
		t.Error("a class in one's own commune needs no second yes")
	}
	may.picture("ai-nhan", "#reach")

	// 4. Looked at once more, and sent.
	may.tap("#letter .act")
	may.says("Xem lại trước khi gửi", fmt.Sprint(guideRight, " người"))
	may.picture("xem-lai", "main")
	may.picture("nguoi-nhan-thay", "h2.over")
	may.tap(`form[action$="/send"] button`)
	may.Await(`document.querySelector("h2")?.innerText == "Đã gửi xong" && document.readyState == "complete"`)
	may.says(fmt.Sprint("đã gửi ", guideRight), "chờ 0", "hỏng 0", "không rõ 0")
	may.picture("da-gui", "main")
	t.Logf("the guide's first five minutes: %d taps, %d fields, %.1f s without reading and typing", may.taps, may.fields, time.Since(begun).Seconds())

	// Who got it.
	for _, chat := range all {
		got := platform.Messages(chat)
		if !slices.Contains(right, chat) {
			if len(got) > 0 {
				t.Errorf("%d is none of the right ones and got %q", chat, got[0].Text)
			}
			continue
		}
		if len(got) != 1 || !strings.Contains(got[0].Text, "Có lớp mới: Lớp nấu ăn xã Ba Chẽ.") || !strings.Contains(got[0].Text, "Nơi học: Xã Ba Chẽ") {
			t.Errorf("%d got %d messages: %+v", chat, len(got), got)
			continue
		}
		if want := []string{"Xem chi tiết", "Ghi nguyện vọng", "Không quan tâm", "Dừng nhận tin"}; !slices.Equal(got[0].Buttons(), want) {
			t.Errorf("%d has the buttons %q", chat, got[0].Buttons())
		}
	}
	if *draw { // the other tests of the console go there, too
		guideRest(t, k, may, filled(t, file, map[string]string{"Nghề": "nấu phở bò", "Tình trạng": "Đang nhận", "Xã, phường": "Ba Chẽ", "Hạn đăng ký": "31/2/2027"}))
	}
	pictured(t)
}

// guideRest goes through what else the guide shows.
func guideRest(t *testing.T, k *clerk, may *guest, wrong []byte) {
	t.Helper()
	letter := webtest.Evaluate[string](may.Tab, "location.pathname")
	may.visit("/console/courses/import")
	may.hand("lop.xlsx", wrong)
	may.Press("main form .act")
	may.says("Chưa nhập lớp nào, có 2 chỗ cần sửa")
	may.picture("excel-sai", "main")

	may.visit("/console/courses")
	may.Press(".rows a")
	class := webtest.Evaluate[string](may.Tab, "location.pathname")
	may.visit(class + "/edit")
	may.fill("chi-tieu", "2")
	may.fill("du-nguoi-thi-mo", "2")
	may.choose("tinh-trang", "Sắp mở")
	may.Press("main form .act")
	id := strings.TrimPrefix(class, "/console/courses/")
	for i, name := range []string{"Bàn Thị Nga", "Chíu Văn Tài", "Đặng Thị Lan"} {
		may.visit("/console/interests/new?course=" + id)
		if i == 0 {
			may.picture("ghi-nguyen-vong", "main")
		}
		may.fill("ho-ten", name)
		may.fill("dien-thoai", fmt.Sprint("091234567", i))
		may.choose("da-dong-y", "Có")
		may.Press("main form .act")
		may.heading(name)
	}
	may.visit(class)
	may.says("Đủ người để mở", "1\nngười chờ vì hết chỗ")
	may.picture("du-nguoi", "main")
	may.visit("/console/interests?course=" + id)
	may.picture("nguyen-vong", ".tabs")
	may.visit(letter + "/calls")
	may.heading("Danh sách cần gọi")
	may.visit(letter + "/people")
	may.says("Telegram", "đã gửi")

	// Beyond her commune somebody else must say yes.
	may.visit("/console/broadcasts/new")
	may.fill("text", "Tuần tới trung tâm về tư vấn học nghề tại xã, mời bà con đến hỏi.")
	may.Click(`[name=place][value=ba-che]`)
	may.Await(`document.querySelector("#reach").innerText.includes("tất cả những người đã đồng ý nhận tin")`)
	may.Press("#letter .act")
	may.Press(`form[action$="/send"] button`)
	may.says("Tin đang chờ một người khác duyệt")
	k.visit(webtest.Evaluate[string](may.Tab, "location.pathname"))
	k.says("Duyệt và gửi")
	k.picture("cho-duyet", "main")

	may.visit("/console/account/codes")
	may.says("Cài một ứng dụng xác thực")
	may.picture("ma-xac-thuc", "main")
	may.visit("/console/account")
	may.Press("#chat button")
	may.says("gõ nhập mã liên kết, chọn Mã cán bộ")
	may.picture("gan-chat", "#chat")

	may.visit("/console/bank-days/new?place=" + guidePlace)
	may.fill("day", "12")
	may.fill("hours", "từ 8 giờ đến 11 giờ")
	may.fill("where", "trụ sở UBND xã")
	may.picture("ngay-giao-dich", "main")
	k.visit("/console/reminders")
	k.picture("loi-nhac", "main")
}

// guides are the texts with pictures.
var guides = []string{"huong-dan-can-bo.md", "huong-dan-tu-van-vien.md", "huong-dan-quan-tri.md"}

// pictured holds the guides against their pictures: all that they show are there,
// and no others, each small. While they are drawn, one test has not drawn what
// the next will.
func pictured(t *testing.T) {
	t.Helper()
	if *draw {
		return
	}
	var shown, there []string
	for _, guide := range guides {
		text, err := os.ReadFile(filepath.Join(guideFolder, guide))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`pictures/([a-z-]+\.png)`).FindAllSubmatch(text, -1) {
			shown = append(shown, string(m[1]))
		}
	}
	files, err := os.ReadDir(filepath.Join(guideFolder, "pictures"))
	if err != nil {
		t.Fatal(err)
	}
	const most = 80 << 10
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		there = append(there, f.Name())
		if info.Size() > most {
			t.Errorf("%s has %d bytes", f.Name(), info.Size())
		}
	}
	slices.Sort(shown)
	if shown = slices.Compact(shown); !slices.Equal(shown, there) {
		t.Errorf("the guides show %q, and there are %q: run “make guide”", shown, there)
	}
}

func base64file(t testing.TB, text string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// filled fills in the first empty row of a template, by its headers.
func filled(t testing.TB, template []byte, cells map[string]string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(template))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetName(0)
	rows, err := f.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for header, text := range cells {
		i := slices.IndexFunc(rows[0], func(h string) bool { return strings.TrimSuffix(h, " *") == header })
		if i < 0 {
			t.Fatalf("the template has no column %q", header)
		}
		cell, err := excelize.CoordinatesToCellName(i+1, 3)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetCellStr(sheet, cell, text); err != nil {
			t.Fatal(err)
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
