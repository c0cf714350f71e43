package webchat_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"

	"nghe/bot"
	"nghe/bot/bottest"
	"nghe/bot/webchat"
	"nghe/bot/webchat/webtest"
	"nghe/content"
	"nghe/dialog"
)

// shipped is such a chat in a browser, whose bubbles the test says itself: so
// that every state of the page can be looked at.
type shipped struct {
	*site
	t    *testing.T
	wire *webtest.Wire
	tab  *webtest.Tab
	said int
	fail atomic.Bool                   // makes the store fail
	hold atomic.Pointer[chan struct{}] // makes it wait before a turn until it is closed
}

// shippedSite is a chat with the words of the shipped content, and the answers
// of bottest.
func shippedSite(t *testing.T) *site {
	t.Helper()
	lib, problems := content.Load(content.Builtin())
	if lib == nil {
		t.Fatal(problems)
	}
	return start(t, func(s *webchat.Settings) {
		brain := bot.Brain{Engine: dialog.New(bottest.Library{}, nil), Reader: bottest.Reader{}, Library: lib}
		s.Turns.Brain = func() bot.Brain { return brain }
	})
}

func openShipped(t *testing.T) *shipped {
	t.Helper()
	s := shippedSite(t)
	wire := webtest.NewWire(t, strings.TrimPrefix(s.URL, "http://"))
	p := &shipped{site: s, t: t, wire: wire, tab: webtest.Open(t)}
	p.world.Sessions.Before = func(call string) error {
		if held := p.hold.Load(); held != nil && call == "load" {
			<-*held
		}
		if p.fail.Load() {
			return errors.New("away")
		}
		return nil
	}
	p.tab.Dark(false)
	return p
}

// answer makes the bot answer something, as if it had been asked it.
func (p *shipped) answer(asked string, bubbles ...bot.Bubble) {
	p.t.Helper()
	id, _, _ := strings.Cut(p.tab.Cookie("nghe_chat"), ".")
	contact := bot.Contact{Channel: webchat.Channel, ID: id}
	p.said++
	turn := fmt.Sprintf("web:told-%04d", p.said)
	now := bottest.Start
	loaded, err := p.world.Sessions.Load(p.t.Context(), contact, turn, now)
	if err != nil {
		p.t.Fatal(err)
	}
	all := []bot.Bubble{{From: bot.FromPerson, Text: asked, Turn: turn, At: now}}
	for _, b := range bubbles {
		b.From, b.Turn, b.At = bot.FromBot, turn, now
		all = append(all, b)
	}
	if _, err := p.world.Sessions.Save(p.t.Context(), bot.Commit{
		Contact: contact, Turn: turn, Base: loaded.Version, Session: loaded.Session, Bubbles: all, At: now,
	}); err != nil {
		p.t.Fatal(err)
	}
	p.chat.Wake(contact)
	p.tab.Await(fmt.Sprintf(`document.querySelectorAll("#log .person").length == %d && !!document.querySelector("#log .turn:last-child .bot")`, p.said))
}

// again asks for a waiting message to be sent now, unless the page is at it by
// itself at this moment.
func (p *shipped) again() {
	p.t.Helper()
	webtest.Evaluate[any](p.tab, `document.querySelector("[data-state=waiting] .again")?.click()`)
}

func (p *shipped) type_(text string) {
	p.t.Helper()
	p.tab.Do(chromedp.SendKeys(chromedp.ID("text"), text), chromedp.Click(chromedp.ID("send")))
}

func options(labels ...string) (o []dialog.Option) {
	for i, l := range labels {
		o = append(o, dialog.Option{Label: l, Tap: fmt.Sprintf("flow:trade?trade=t%d", i)})
	}
	return o
}

var longAnswer = bot.Bubble{
	Text: "Chị có thể được tối đa 5.700.000 đồng cho khoá này, theo Nghị định 338/2025/NĐ-CP:\n• Học phí: tối đa 4.000.000 đồng\n• Tiền ăn 30 ngày: 1.500.000 đồng\n• Đi lại, nhà cách lớp từ 15 km: 200.000 đồng\n" +
		"Đây là mức tối đa; xã xem hồ sơ rồi xác nhận. Các văn bản không cộng dồn, chỉ hưởng theo một văn bản.\nNguồn: Nghị định 338/2025/NĐ-CP, Điều 25 (tra cứu 22/11/2026, chưa đối chiếu văn bản gốc).",
	Sources: []string{"Nghị định 338/2025/NĐ-CP"}, Options: options("Xem giấy tờ cần chuẩn bị", "Nộp hồ sơ ở đâu, gặp ai", "Tìm gói vay hợp với mình", "Gặp người thật"),
}

var trades = bot.Bubble{
	Text: "everything", Lead: "Theo những gì chị kể, mấy nghề này hợp hơn cả. Chị bấm một nghề để xem kỹ:",
	Show: &dialog.Show{Cards: []dialog.Card{
		{Title: "Nuôi hàu, nhuyễn thể", Text: "Hợp vì nhà chị có mặt nước và muốn làm gần nhà.\nHọc: thường 1,5–3 tháng, biết đọc viết là học được.\nỞ đâu: Vân Đồn, Quảng Yên, Đầm Hà."},
		{Title: "Chế biến món ăn", Text: "Hợp vì chị thích nấu và chỉ rảnh buổi chiều.\nHọc: thường 2–3 tháng."},
		{Title: "Kỹ thuật chăm sóc và phòng bệnh cho gia súc, gia cầm", Text: "Hợp vì nhà có chuồng trại sẵn.\nHọc: thường dưới 3 tháng. Ở đâu: Ba Chẽ, Bình Liêu, Tiên Yên."},
	}},
	Options: options("Nuôi hàu, nhuyễn thể", "Chế biến món ăn", "Chăn nuôi, thú y", "So sánh hai nghề", "Làm lại từ đầu"),
}

// schedule is 36 months of a loan of 50 million.
func schedule(months int64) bot.Bubble {
	var bars []dialog.Bar
	var lines []string
	left := int64(50_000_000)
	for m := int64(1); m <= months; m++ {
		interest := left * 79248 / 12_000_000
		bars = append(bars, dialog.Bar{Label: fmt.Sprint(m), Parts: []int64{50_000_000 / months, interest}})
		left -= 50_000_000 / months
		if m%6 == 0 || m == 1 {
			lines = append(lines, fmt.Sprintf("Tháng %d: 1.588.889 đồng (gốc 1.388.889 + lãi %d), còn nợ %d", m, interest, left))
		}
	}
	return bot.Bubble{
		Text: "Nếu vay 50.000.000 đồng trong 36 tháng theo “Vay tự tạo việc làm”, lãi 7,9248% một năm, trả gốc đều hằng tháng:\n" + strings.Join(lines, "\n") +
			"\nTổng tiền lãi: 6.108.700 đồng. Đây là tính tham khảo, ngân hàng có bảng chính thức.\nNguồn: Ngân hàng Chính sách xã hội (tra cứu 22/11/2026, chưa đối chiếu văn bản gốc).",
		Sources: []string{"Ngân hàng Chính sách xã hội"}, Options: options("Giấy tờ vay vốn", "Vay ở đâu"),
		Show: &dialog.Show{Chart: &dialog.Chart{Title: "Mỗi tháng trả bao nhiêu", Unit: "đồng", Parts: []string{"Gốc", "Lãi"}, Bars: bars}},
	}
}

// looks are the states of the page, one after the other on one talk.
var looks = []struct {
	name string
	make func(*shipped)
}{
	{"front", func(p *shipped) {}},
	{"more", func(p *shipped) { p.tab.Click("#more summary") }},
	{"answer", func(p *shipped) {
		p.tab.Click("#more summary")
		p.answer("nha chi o ba che di hoc nau an 30 ngay duoc ho tro bao nhieu", longAnswer)
	}},
	{"cards", func(p *shipped) { p.answer("Tìm nghề hợp với mình", trades) }},
	{"chart", func(p *shipped) { p.answer("36", schedule(36)) }},
	{"unfolded", func(p *shipped) { p.tab.Click(".fold summary") }},
	{"largest", func(p *shipped) {
		webtest.Evaluate[any](p.tab, `document.querySelector('[data-size="3"]').click()`)
		p.answer("tiền ăn", longAnswer)
	}},
	{"typing", func(p *shipped) {
		webtest.Evaluate[any](p.tab, `document.querySelector('[data-size="1"]').click()`)
		held := make(chan struct{})
		p.hold.Store(&held)
		p.t.Cleanup(func() { close(held) })
		p.type_("nhà em ở Đầm Hà, em muốn học nấu ăn thì có lớp nào gần không")
		p.tab.Await(`!document.querySelector("#typing").hidden`)
	}},
}

// troubles are those in which something is wrong, each on a new talk.
var troubles = []struct {
	name string
	make func(*shipped)
}{
	{"offline", func(p *shipped) {
		p.answer("tiền ăn", longAnswer)
		p.wire.Cut()
		p.type_("thế còn tiền xe đi lại?")
		p.tab.Await(`document.querySelector("#log .turn:last-child .person").dataset.state == "waiting" && document.body.dataset.line == "down"`)
	}},
	{"busy", func(p *shipped) {
		p.fail.Store(true)
		p.wire.Mend()
		p.again()
		p.tab.Await(`document.querySelector("#log .turn:last-child .reason").textContent != ""`)
	}},
	{"refused", func(p *shipped) {
		p.fail.Store(false)
		p.again()
		p.tab.Await(`document.querySelector("#log .turn:last-child .person").dataset.state == "done"`)
		webtest.Evaluate[any](p.tab, `document.querySelector("#text").value = "🏠".repeat(2000) + "x".repeat(9000)`)
		p.tab.Click("#send")
		p.tab.Await(`document.querySelector("#log .turn:last-child .person").dataset.state == "refused"`)
	}},
	{"missing", func(p *shipped) { p.tab.Do(chromedp.Navigate(p.wire.URL() + "/nowhere")) }},
}

// Every state of the page can be read and used on a cheap phone, a laptop and
// the narrowest phone there is, by day and by night. Pictures of all of them
// are left in artifacts.
func TestEveryStateCanBeReadAndUsed(t *testing.T) {
	for _, width := range []int64{320, 360, 1280} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			height := map[int64]int64{320: 568, 360: 740, 1280: 800}[width]
			for _, states := range [][]struct {
				name string
				make func(*shipped)
			}{looks, troubles} {
				p := openShipped(t)
				p.tab.Size(width, height)
				p.tab.Do(chromedp.Navigate(p.wire.URL()))
				p.tab.Await(`document.body.dataset.ready == "yes"`)
				for i, state := range states {
					state.make(p)
					for _, dark := range []bool{false, true} {
						if dark && width == 320 {
							continue // the colours are those of 360
						}
						p.tab.Dark(dark)
						name := fmt.Sprintf("web-%d-%s-%d%s", width, map[bool]string{false: "day", true: "night"}[dark], i, state.name)
						p.tab.Check(name)
						p.tab.Picture(name)
					}
					p.tab.Dark(false)
				}
			}
		})
	}
}
