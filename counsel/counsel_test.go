package counsel_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/handoff"
	"nghe/staff"
)

// A day on duty with one case: on duty, an offer, the summary, typing, the
// person's answers, the outcome, off duty.
func TestOneCase(t *testing.T) {
	w := newWorld(t)
	_, phone := w.joins("lan", "Phạm Thị Lan", province)
	mai := person("mai")

	has(t, w.says(phone, "/ca"), "Gõ /truc")
	has(t, w.says(phone, "/truc"), "đang trực tới 17:00")
	has(t, w.says(phone, "menu"), "!Chưa gửi") // the engine answers as ever
	w.opens(mai, "muốn học nghề hàn")
	has(t, w.looks(phone), "Có ca chờ #1", "Học nghề", "muốn học nghề hàn", "nhận giúp trước 08:03")
	w.says(mai, "tôi ở Ba Chẽ")
	has(t, w.says(phone, "[Nhận #1]"), "Ca #1 là của anh/chị", "Đang trả lời #1", "Người dân nói: muốn học nghề hàn", "tôi ở Ba Chẽ")
	has(t, w.news(mai), "Phạm Thị Lan đã vào trả lời")
	if answer := w.says(phone, "Chào anh, tôi là Lan.\nAnh cần gì?"); answer != "" {
		t.Errorf("of one case nothing need be said, got %q", answer)
	}
	has(t, w.news(mai), "Phạm Thị Lan: Chào anh, tôi là Lan.\nAnh cần gì?")
	if got := w.says(mai, "tôi muốn hỏi lớp gần nhà"); got != "" {
		t.Errorf("the bot spoke: %q", got)
	}
	if got := w.looks(phone); got != "#1 tôi muốn hỏi lớp gần nhà" {
		t.Errorf("%q", got)
	}
	if got := w.looks(phone); got != "" {
		t.Errorf("told twice: %q", got)
	}
	has(t, w.says(phone, "/ghichu hẹn gọi chiều nay"), "Đã ghi vào ca #1")
	has(t, w.says(phone, "/mau"), "Câu soạn sẵn cho ca #1", "Chào, xin phép hỏi thêm", "Đang tra cứu, xin chờ")
	has(t, w.says(phone, "/mau 2"), "Đã gửi cho #1")
	has(t, w.news(mai), "không phải kể lại", "!hẹn gọi")
	has(t, w.says(phone, "/xong"), "kết quả thế nào")
	has(t, w.says(phone, "[Đã trả lời]"), "Đã đóng ca #1", "không giữ ca nào")
	has(t, w.news(mai), "đã xong câu chuyện này")
	has(t, w.says(phone, "/nghi"), "đã nghỉ trực")
	if h, err := w.db.HoldOf(t.Context(), phone); err != nil || h.Kind != "" {
		t.Errorf("%+v %v", h, err)
	}
	has(t, w.looks(phone), "!#1")
}

// Two cases: what is for whom is asked wherever it could be mistaken.
func TestTwoCases(t *testing.T) {
	w := newWorld(t)
	_, phone := w.joins("lan", "Lan", province)
	mai, nam := person("mai"), person("nam")
	w.says(phone, "/truc")
	w.opens(mai, "học nghề")
	w.opens(nam, "vay vốn")
	w.looks(phone)
	w.says(phone, "[Nhận #1]")
	w.says(phone, "[Nhận #2]")
	w.news(mai)
	w.news(nam)

	has(t, w.says(phone, "chào Nam"), "Đã gửi cho #2", "Đang trả lời #2.")
	has(t, w.news(nam), "chào Nam")
	w.says(mai, "lớp nào gần?")
	has(t, w.looks(phone), "#1 lớp nào gần?", "Đang trả lời #2; tin sau bot hỏi lại")
	has(t, w.says(phone, "lớp ở Ba Chẽ"), "Chưa gửi", "“lớp ở Ba Chẽ” gửi cho ai?")
	if got := w.news(mai) + w.news(nam); got != "" {
		t.Errorf("it went: %q", got)
	}
	has(t, w.says(phone, "1"), "Đã gửi cho #1", "Đang trả lời #1.")
	has(t, w.news(mai), "lớp ở Ba Chẽ")
	has(t, w.says(phone, "[Gửi cho #2]"), "đã gửi cho #1 rồi")
	has(t, w.says(phone, "còn chỗ đấy"), "Đã gửi cho #1")
	has(t, w.news(mai), "còn chỗ đấy")

	// A reply goes where it quotes, whomever they answer; the next word is asked.
	w.hears(phone, bot.Incoming{Text: "vay 50 triệu được", Quote: "#2 vay được bao nhiêu?"})
	has(t, w.news(nam), "vay 50 triệu được")
	has(t, w.says(phone, "à nhầm"), "Chưa gửi")
	has(t, w.says(phone, "[Không gửi]"), "không gửi cho ai")
	has(t, w.says(phone, "#2: lãi thấp"), "Đã gửi cho #2")
	has(t, w.news(nam), "Lan: lãi thấp")
	has(t, w.says(phone, "/ca 1"), "Đang trả lời #1")
	has(t, w.says(phone, "/ca"), "#1", "(đang trả lời)", "#2")

	// What quotes something of no case is asked about.
	w.says(phone, "/ca 1")
	if got := w.hears(phone, bot.Incoming{Text: "vâng", Quote: "tin của chính mình"}); len(got) != 1 {
		t.Errorf("%q", got)
	}
	if got := w.news(mai) + w.news(nam); got != "" {
		t.Errorf("it went: %q", got)
	}

	// Commands ask too, when it is not clear.
	has(t, w.says(phone, "/xong answered"), "Lệnh /xong cho ca nào?")
	has(t, w.says(phone, "[Ca #2]"), "Đã đóng ca #2", "Còn giữ:", "#1")
	w.news(nam)
	has(t, w.says(phone, "còn gì nữa không?"), "Chưa gửi")
	has(t, w.says(phone, "[Gửi cho #1]"), "")
	has(t, w.news(mai), "còn gì nữa không?")
	has(t, w.says(phone, "/chuyen"), "Chuyển ca #1 cho ai?")
	has(t, w.says(phone, "/chuyen vay vốn: hỏi thủ tục"), "Đã chuyển ca #1 cho hàng Vay vốn", "không giữ ca nào")
	has(t, w.news(mai), "Vay vốn")
}

// A case that goes is told of, and words for it go to nobody.
func TestCaseGoes(t *testing.T) {
	w := newWorld(t)
	_, phone := w.joins("lan", "Lan", province)
	tuan, _ := w.joins("tuan", "Tuấn", province)
	mai, nam := person("mai"), person("nam")
	w.says(phone, "/truc")
	one, two := w.opens(mai, "học nghề"), w.opens(nam, "vay vốn")
	w.looks(phone)
	w.says(phone, "[Nhận #1]")
	w.says(phone, "[Nhận #2]")
	if _, err := w.desk.End(t.Context(), nam, w.now); err != nil {
		t.Fatal(err)
	}
	w.news(nam)
	has(t, w.says(phone, "anh Nam ơi"), "#2 đã đóng", "Tin chưa gửi")
	has(t, w.looks(phone), "#2 đã đóng: người dân gọi bot trở lại")
	has(t, w.says(phone, "anh Nam đâu rồi"), "Chưa gửi", "!Gửi cho #2")
	has(t, w.news(mai)+w.news(nam), "!anh Nam")
	lan, err := w.db.Staff().MemberByLogin(t.Context(), "lan")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.desk.Transfer(t.Context(), one.ID, *lan, handoff.Transfer{Member: &tuan}, "nhờ anh", w.now); err != nil {
		t.Fatal(err)
	}
	has(t, w.looks(phone), "#1 bây giờ do Tuấn giữ")
	has(t, w.says(phone, "#1 còn một điều"), "!Đã gửi")
	if c, err := w.db.Case(t.Context(), two.ID); err != nil || c.Holder != "lan" && c.Open() {
		t.Errorf("%+v %v", c, err)
	}
}

// Offers go to who may take a case, the least busy first, and on to the next.
func TestOffers(t *testing.T) {
	w := newWorld(t)
	_, lan := w.joins("lan", "Lan", province)
	_, tuan := w.joins("tuan", "Tuấn", province)
	_, far := w.joins("xa", "Xa", staff.Scope{Places: []string{"dong-trieu"}})
	for _, p := range []bot.Contact{lan, tuan, far} {
		w.says(p, "/truc")
		w.news(p)
	}
	mai := person("mai")
	w.opens(mai, "học nghề")
	offered := func(want bot.Contact) {
		t.Helper()
		w.looks(lan)
		if c, err := w.db.Case(t.Context(), "1"); err != nil || c.Offered != want.ID {
			t.Fatalf("offered to %q, want %q, %v", c.Offered, want.ID, err)
		}
	}
	offered(lan)
	has(t, w.says(lan, "[Để người khác]"), "để người khác")
	offered(tuan)
	has(t, w.news(tuan), "Có ca chờ #1")
	w.now = w.now.Add(4 * time.Minute) // it runs out, and everybody was asked
	offered(tuan)
	w.now = w.now.Add(15 * time.Minute)
	offered(lan)
	has(t, w.says(tuan, "[Nhận #1]"), "Ca #1 là của anh/chị")
	has(t, w.says(lan, "[Nhận #1]"), "đang do Tuấn")
	w.opens(person("nam"), "vay vốn")
	w.looks(lan)
	if c, _ := w.db.Case(t.Context(), "2"); c.Offered != "lan" {
		t.Errorf("offered to %q: the least busy is lan", c.Offered)
	}
	if got := w.news(far); got != "" {
		t.Errorf("who may not take it was told: %q", got)
	}
	// Whoever signs off has their cases go back, and is not asked first again.
	has(t, w.says(tuan, "/nghi"), "Ca #1 về lại hàng")
	has(t, w.news(mai), "về hàng chờ")
	offered(lan)
}

// At the end of the day duty ends, cases go back, and everybody is told.
func TestDayEnds(t *testing.T) {
	w := newWorld(t)
	_, phone := w.joins("lan", "Lan", province)
	w.says(phone, "/truc")
	mai := person("mai")
	w.opens(mai, "học nghề")
	w.looks(phone)
	w.says(phone, "[Nhận #1]")
	w.news(mai)
	w.now = time.Date(2026, 11, 23, 17, 0, 0, 0, zone)
	if err := w.desk.Tick(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	has(t, w.news(phone), "đã nghỉ trực (hết giờ trực)", "#1 về lại hàng")
	if on, err := w.desk.OnDuty(t.Context(), w.now); err != nil || len(on) != 0 {
		t.Errorf("%+v %v", on, err)
	}
	if c, _ := w.db.Case(t.Context(), "1"); c.State != handoff.Waiting {
		t.Errorf("%+v", c)
	}
}

// Whose chat can't be reached is not on duty, and shown as such.
func TestUnreachable(t *testing.T) {
	w := newWorld(t)
	_, phone := w.joins("lan", "Lan", province)
	w.says(phone, "/truc")
	w.chats.Lost(&bot.Delivery{Contact: phone}, "blocked")
	on, err := w.desk.OnDuty(t.Context(), w.now)
	if err != nil || len(on) != 1 || on[0].Reachable() || on[0].Lost != "blocked" {
		t.Fatalf("%+v %v", on, err)
	}
	w.opens(person("mai"), "học nghề")
	w.looks(phone)
	if c, _ := w.db.Case(t.Context(), "1"); c.Offered != "" {
		t.Errorf("offered to %q", c.Offered)
	}
	if err := w.desk.Tick(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	if on, _ := w.desk.OnDuty(t.Context(), w.now); len(on) != 0 {
		t.Errorf("%+v", on)
	}
}

// Targets are warned of once; what nobody sees to, those who supervise are told.
func TestTargets(t *testing.T) {
	w := newWorld(t)
	w.opens(person("mai"), "học nghề")
	tick := func(after time.Duration, want ...string) {
		t.Helper()
		w.told = nil
		w.now = morning.Add(after)
		for range 2 {
			if err := w.desk.Tick(t.Context(), w.now); err != nil {
				t.Fatal(err)
			}
		}
		if len(w.told) != len(want) {
			t.Fatalf("after %v: %+v", after, w.told)
		}
		for i, text := range want {
			has(t, w.told[i].Text, "Ca #1", text)
		}
	}
	tick(10 * time.Minute)
	tick(31*time.Minute, "Không có ai đang trực")
	tick(50*time.Minute, "Sắp tới hạn trả lời lần đầu") // nobody holds it who could read that
	tick(61*time.Minute, "quá hạn trả lời lần đầu")
	tick(25*time.Hour, "một ngày chưa ai nhận")
	tick(48 * time.Hour)
	tick(72*time.Hour, "quá hạn xong ca")
	c, err := w.db.Case(t.Context(), "1")
	if err != nil {
		t.Fatal(err)
	}
	said, err := w.db.Messages(t.Context(), c.ID, 0, 100, w.now)
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, m := range said {
		count[m.Text]++
	}
	if len(said) != 6 || len(count) != 6 {
		t.Errorf("%v", count)
	}
}

// A word of the office in Zalo's own app is shown to who holds the case.
func TestTheOfficesWordIsShown(t *testing.T) {
	w := newWorld(t)
	_, phone := w.joins("hoa", "Hoa", province)
	w.says(phone, "/truc")
	c := w.opens(person("an"), "hỏi vay vốn")
	w.looks(phone)
	w.says(phone, "[Nhận "+c.Title()+"]")
	if err := w.desk.OfficeWrote(t.Context(), handoff.OfficeWord{Contact: c.Contact, Key: "1", Text: "Chị gọi số này nhé", At: w.now}, w.now); err != nil {
		t.Fatal(err)
	}
	has(t, w.looks(phone), c.Title()+" Văn phòng (trong ứng dụng Zalo) nói: Chị gọi số này nhé")
	has(t, w.says(phone, "Vâng, chị gọi giúp em"), "!Chưa gửi")
}

// What is no words is as careful of whom it is for as words are.
func TestMediaGoToWhomTheyAreFor(t *testing.T) {
	w := newWorld(t)
	png := []byte("\x89PNG\r\n\x1a\n rest")
	asked := []string{}
	w.desk.Fetcher = func(_ context.Context, channel, ref string, _ int64) (bot.File, error) {
		asked = append(asked, channel+" "+ref)
		if ref == "gone" {
			return bot.File{}, bot.ErrNoFile
		}
		return bot.File{Body: png}, nil
	}
	carries := true
	w.desk.Carries = func(bot.Contact) bool { return carries }
	_, phone := w.joins("hoa", "Hoa", province)
	w.says(phone, "/truc")
	an, bo := w.opens(person("an"), "hỏi vay vốn"), w.opens(person("bo"), "hỏi lớp hàn")
	w.looks(phone)
	w.says(phone, "[Nhận "+an.Title()+"]")
	w.looks(phone)
	w.says(phone, "[Nhận "+bo.Title()+"]")
	w.news(an.Contact)
	w.news(bo.Contact)
	shows := func(in bot.Incoming) string { return strings.Join(w.hears(phone, in), "\n") }
	fetch := func() {
		t.Helper()
		if err := w.desk.Fetch(t.Context(), w.now); err != nil {
			t.Fatal(err)
		}
	}
	picture := &bot.Media{Kind: bot.MediaPhoto, Ref: "one"}

	// Beyond doubt it is for Bo, whose case was taken last.
	shows(bot.Incoming{Media: picture, Text: "xem giúp"})
	w.says(phone, "chị xem rồi nhắn lại nhé")
	if got := w.news(bo.Contact); got != "" {
		t.Errorf("before the picture was looked at: %q", got)
	}
	fetch()
	has(t, w.news(bo.Contact), "Hoa gửi ảnh. xem giúp\nHoa: chị xem rồi nhắn lại nhé")
	// Something of An is shown: now it is not beyond doubt.
	w.hears(an.Contact, bot.Incoming{Text: "alo cô ơi"})
	w.looks(phone)
	has(t, shows(bot.Incoming{Media: picture}), "Chưa gửi. Tin “[ảnh]” gửi cho ai?")
	fetch()
	if got := w.news(an.Contact) + w.news(bo.Contact); got != "" {
		t.Errorf("a picture went before it was said for whom it is: %q", got)
	}
	w.says(phone, "[Gửi cho "+an.Title()+"]")
	fetch()
	has(t, w.news(an.Contact), "Hoa gửi ảnh.")
	// By a quote it is plain.
	shows(bot.Incoming{Media: picture, Quote: bo.Title() + " alo"})
	fetch()
	has(t, w.news(bo.Contact), "Hoa gửi ảnh.")
	if got := w.news(an.Contact); got != "" {
		t.Errorf("it went to the other too: %q", got)
	}
	// What can't be had, and who can't be sent anything.
	shows(bot.Incoming{Media: &bot.Media{Kind: bot.MediaOther, Ref: "gone"}, Quote: bo.Title() + " alo"})
	fetch()
	has(t, w.looks(phone), "[tệp]", "không tới được người dân: nơi gửi không còn giữ")
	has(t, shows(bot.Incoming{Media: &bot.Media{Kind: bot.MediaLocation}, Quote: bo.Title() + " alo"}), "Vị trí và danh thiếp chưa chuyển được")
	carries = false
	has(t, shows(bot.Incoming{Media: picture, Quote: bo.Title() + " alo"}), "không nhận được tệp", "Tin chưa gửi")
	if got := strings.Join(asked, ", "); got != "telegram one, telegram one, telegram one, telegram gone" {
		t.Errorf("got of the platforms: %s", got)
	}
	// It lives 30 days after the case is closed.
	w.says(phone, "/xong "+bo.Title()+" answered")
	w.now = w.now.Add(handoff.FilesKeptFor + 2*time.Hour)
	if err := w.desk.Tick(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	said, err := w.desk.Messages(t.Context(), bo, 0, w.now)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range said {
		if m.File.There() {
			t.Errorf("%q is kept longer", m.Text)
		}
		if f, err := w.db.File(t.Context(), m.ID); f != nil || err != nil {
			t.Errorf("%q: %v %v", m.Text, f, err)
		}
	}
}

// A counsellor keeps answers of their own: filled in, after the shipped ones,
// seen by nobody else.
func TestOwnAnswers(t *testing.T) {
	w := newWorld(t)
	hoa, phone := w.joins("hoa", "Hoa", province)
	binh, _ := w.joins("binh", "Bình", province)
	has(t, w.says(phone, "/luumau hẹn gọi: Chiều nay {me} gọi lại cho {name} về ca {number} nhé"), "Đã lưu câu mẫu riêng “hẹn gọi”")
	has(t, w.says(phone, "/luumau Hẹn Gọi: Chiều nay {me} gọi cho {name} về ca {number} nhé"), "Đã lưu")
	has(t, w.says(phone, "/luumau hẹn gọi"), "dấu hai chấm")
	has(t, w.says(phone, "/luumau sai: chào {ten}"), "Không có chỗ điền {ten}")
	has(t, w.says(phone, "/luumau "+strings.Repeat("x", 41)+": chào"), "dài nhất 40")
	has(t, w.says(phone, "/xoamau"), "“Hẹn Gọi”")
	w.says(phone, "/truc")
	c := w.opens(person("an"), "hỏi vay vốn")
	w.looks(phone)
	w.says(phone, "[Nhận "+c.Title()+"]")
	w.news(c.Contact)
	all := w.says(phone, "/mau")
	has(t, all, "Hẹn Gọi: “Chiều nay Hoa gọi")
	n := strings.Count(all, "”\n")
	has(t, w.says(phone, fmt.Sprintf("/mau %d", n)), "Đã gửi cho "+c.Title())
	has(t, w.news(c.Contact), "Hoa: Chiều nay Hoa gọi cho anh/chị về ca "+c.Title()+" nhé")
	for by, want := range map[*staff.Member]int{&hoa: 1, &binh: 0} {
		if own, err := w.desk.OwnCanned(t.Context(), *by); err != nil || len(own) != want {
			t.Errorf("%s has %+v %v", by.Login, own, err)
		}
	}
	has(t, w.says(phone, "/xoamau hen goi"), "Đã xoá")
	has(t, w.says(phone, "/mau"), "!Hẹn Gọi")
	has(t, w.says(phone, "/xoamau hen goi"), "chưa có câu mẫu riêng nào")
}
