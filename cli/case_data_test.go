package cli_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"nghe/bot"
	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/handoff"
	"nghe/people"
	"nghe/staff"
	"nghe/store"
)

// office is the cases of an example: people with long names and long talks, one
// in danger, one whom Zalo lets nobody write to soon.
type office struct {
	t    testing.TB
	db   *store.DB
	desk *handoff.Desk
	now  time.Time
	n    int
	// link lets Hằng, who holds the longest talk, come in.
	link string
	hang staff.Member
}

// caseData fills a folder with cases, and gives it with the link of Hằng.
func caseData(t testing.TB) (data, link string) {
	t.Helper()
	data = t.TempDir()
	o := &office{t: t, now: time.Now()}
	var err error
	if o.db, err = store.Open(t.Context(), data, o.now); err != nil {
		t.Fatal(err)
	}
	defer o.db.Close()
	lib := content.MustBuiltin()
	o.desk = &handoff.Desk{
		Records: o.db, Sessions: o.db.Sessions(), Library: func() *content.Library { return lib }, Zone: time.FixedZone("Asia/Ho_Chi_Minh", 7*3600),
		Roster: o.db, Staff: o.db.Staff(), Log: slog.New(slog.DiscardHandler), Pushed: func(channel string) bool { return channel != "web" },
		Carries: func(bot.Contact) bool { return true },
	}
	o.hang, o.link = o.member("Nguyễn Thị Thanh Hằng", "hang.nguyen")
	away, _ := o.member("Đặng Văn Phúc Khánh", "khanh.dang")
	for login, seen := range map[*staff.Member]time.Duration{&o.hang: 0, &away: time.Hour} {
		_, err := o.desk.SignOn(t.Context(), *login, bot.Contact{}, o.now.Add(-seen))
		o.must(err)
	}
	o.fill()
	return data, o.link
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) member(name, login string) (staff.Member, string) {
	o.t.Helper()
	d := staff.Desk{Records: o.db.Staff(), Now: time.Now, Key: []byte("key")}
	m, link, err := d.Invite(o.t.Context(), staff.Operator, staff.Member{Name: name, Login: login, Role: staff.Counsellor, Scope: staff.Scope{Province: true}})
	o.must(err)
	return m, link
}

// asks opens a case, some time ago.
func (o *office) asks(channel string, ago time.Duration, x handoff.Opening) *handoff.Case {
	o.t.Helper()
	o.n++
	x.Contact, x.Turn, x.At = bot.Contact{Channel: channel, ID: fmt.Sprint("person-", o.n)}, fmt.Sprint(channel, ":", o.n), o.now.Add(-ago)
	if x.Kind == "" {
		x.Kind = handoff.Help
	}
	c, _, err := o.desk.Open(o.t.Context(), x)
	o.must(err)
	return c
}

func at(place string) dialog.Values { return dialog.Values{"place": dialog.Text(place)} }

// says files what a person and the bot said, in turns, a minute each.
func (o *office) says(c *handoff.Case, from time.Time, lines ...string) {
	o.t.Helper()
	for i, line := range lines {
		b := bot.Bubble{From: bot.FromPerson, Text: line, At: from.Add(time.Duration(i) * time.Minute)}
		if i%2 == 1 {
			b.From = bot.FromBot
		}
		o.must(o.desk.File(context.Background(), c.Contact, c.ID, fmt.Sprintf("talk-%d-%d", from.Unix(), i), []bot.Bubble{b}))
	}
}

func (o *office) fill() {
	ctx := o.t.Context()
	danger := o.asks("web", 12*time.Minute, handoff.Opening{
		Topic: "job.", Urgent: true, Answers: at("ky-thuong"),
		Wish: "chủ lò gạch giữ hết căn cước với điện thoại của em, khoá cửa không cho về, dọa đánh nếu em gọi ai, em đang nhắn nhờ máy chị nấu ăn",
	})
	o.says(danger, danger.OpenedAt, "chủ lò gạch giữ hết căn cước với điện thoại của em, khoá cửa không cho về, dọa đánh nếu em gọi ai, em đang nhắn nhờ máy chị nấu ăn", "Nếu đang nguy hiểm, bạn gọi 113 ngay.")

	// The longest talk, in Hằng's hand.
	long := o.asks("web", 3*time.Hour, handoff.Opening{
		Topic: "loan.gqvl", Left: dialog.Frame{Flow: "loan", Step: "purpose"}, Answers: at("luong-minh"),
		Wish: "nhà em muốn vay tiền mở quán phở với nuôi thêm ít gà đồi, chưa vay ở đâu bao giờ",
	})
	o.must(o.db.AddInterests(ctx, []course.Interest{{
		ID: "w-long", Channel: "web", Contact: long.Contact.ID, Trade: "nau-an", Place: "luong-minh", Name: "Chíu Thị Hồng Nhung Phương Thảo", Phone: "0912345678",
		State: course.New, Source: course.FromTalk, Consent: "có", CreatedAt: o.now, UpdatedAt: o.now,
	}}))
	o.says(long, long.OpenedAt.Add(time.Minute),
		"nhà em muốn vay tiền mở quán phở với nuôi thêm ít gà đồi", "Bạn muốn vay để làm gì?", "mở quán", "Bạn cần khoảng bao nhiêu tiền?",
		"chắc 50 triệu, mà em chưa có gì thế chấp cả", "Có chương trình cho vay không cần thế chấp, bạn hỏi tổ tiết kiệm và vay vốn ở thôn.", "tổ ấy là ai hả bot", "Tổ trưởng tổ tiết kiệm và vay vốn của thôn, do hội đoàn thể lập.")
	_, err := o.desk.Claim(ctx, long.ID, o.hang, o.now.Add(-2*time.Hour))
	o.must(err)
	talk := []string{
		"Chào chị, tôi là Hằng, cán bộ tư vấn vay vốn. Chị đang ở thôn nào để tôi tìm đúng tổ cho chị?", "dạ em ở thôn Khe Áng ạ",
		"Tổ của thôn chị do Hội Phụ nữ xã quản lý. Chị đã vào hội chưa?", "em chưa, vào có mất tiền không chị",
		"Vào hội thì có hội phí, chị hỏi chi hội trưởng ở thôn mức của năm nay. Việc vay không đòi tiền hồ sơ.", "vâng thế em cần giấy tờ gì",
		"Chị chuẩn bị căn cước và giấy xác nhận cư trú. Tổ sẽ bình xét rồi gửi danh sách lên ngân hàng.", "bao lâu thì có tiền hả chị, em định Tết mở quán",
		"Nhanh hay chậm tuỳ buổi họp tổ và đợt vốn, tôi không dám hẹn ngày. Tôi gọi hỏi tổ trưởng rồi nhắn lại chị chiều nay.", "dạ em cảm ơn chị",
	}
	for i, text := range talk {
		when := o.now.Add(-110*time.Minute + time.Duration(i)*5*time.Minute)
		if i%2 == 1 {
			o.must(o.desk.File(ctx, long.Contact, long.ID, fmt.Sprint("later-", i), []bot.Bubble{{From: bot.FromPerson, Text: text, At: when}}))
			continue
		}
		_, err := o.desk.Say(ctx, long.ID, o.hang, text, fmt.Sprint("hang-", i), when)
		o.must(err)
	}
	for i := range 6 {
		o.must(o.desk.File(ctx, long.Contact, long.ID, fmt.Sprint("more-", i), []bot.Bubble{{From: bot.FromPerson, Text: []string{
			"chị ơi em hỏi thêm", "nếu chồng em đang đi làm xa không về ký được thì một mình em đứng tên vay có được không, hay phải chờ anh ấy về", "với lại nhà em là hộ cận nghèo",
			"có được vay mức khác không", "em cảm ơn", "chị cứ trả lời khi rảnh ạ",
		}[i], At: o.now.Add(-time.Duration(20-i) * time.Minute)}}))
	}
	_, err = o.desk.Note(ctx, long.ID, o.hang, "Tổ trưởng Khe Áng hẹn trả lời trước 16 giờ. @an nhờ anh xem giúp hộ cận nghèo.", "n1", o.now.Add(-50*time.Minute))
	o.must(err)

	// Nearly too late for Zalo, and long past its target.
	closing := o.asks("zalo", 6*24*time.Hour+14*time.Hour, handoff.Opening{Topic: "support.", Answers: at("binh-lieu"), Wish: "học xong lớp sửa máy nông nghiệp rồi mà chưa thấy tiền ăn đâu"})
	o.says(closing, closing.OpenedAt, "học xong lớp sửa máy nông nghiệp rồi mà chưa thấy tiền ăn đâu")
	complaint := o.asks("web", 26*time.Hour, handoff.Opening{Kind: handoff.Complaint, Topic: "org.complaint", Answers: at("mong-cai-1"), About: "training", Wish: "lớp học ghi miễn phí mà lúc đến lại thu của bà con mỗi người ba trăm nghìn tiền tài liệu"})
	o.says(complaint, complaint.OpenedAt, "lớp học ghi miễn phí mà lúc đến lại thu của bà con mỗi người ba trăm nghìn tiền tài liệu")
	o.asks("web", 4*time.Minute, handoff.Opening{Topic: "course.", Answers: at("tien-yen"), Wish: "có lớp nào học buổi tối không, ban ngày em đi làm than"})
	o.asks("web", 35*time.Minute, handoff.Opening{Topic: "school."})

	// What came and went that is no words.
	o.hands(long, "p1", bot.MediaPhoto, bot.File{Name: "giay-xac-nhan.png", Type: "image/png", Body: picture(o.t)})
	o.hands(long, "p2", bot.MediaVoice, bot.File{Name: "ghi-am.ogg", Type: "audio/ogg", Body: spoken})
	_, err = o.desk.SayFile(ctx, long.ID, o.hang, "mau-don-de-nghi-vay-von-giai-quyet-viec-lam.pdf", []byte("%PDF-1.4"), "Mẫu đơn đây chị, chị in ra điền giúp em.", "f1", o.now.Add(-10*time.Minute))
	o.must(err)

	// Closed, and rated.
	done := o.asks("web", 30*time.Hour, handoff.Opening{Topic: "course.", Answers: at("ba-che"), Wish: "con em học hết lớp 9 thì học nghề gì được"})
	o.says(done, done.OpenedAt, "con em học hết lớp 9 thì học nghề gì được")
	_, err = o.desk.Claim(ctx, done.ID, o.hang, o.now.Add(-29*time.Hour))
	o.must(err)
	_, err = o.desk.Say(ctx, done.ID, o.hang, "Cháu học trung cấp vừa học nghề vừa học văn hoá được. Anh đưa cháu tới trường hỏi trước.", "d1", o.now.Add(-29*time.Hour))
	o.must(err)
	_, err = o.desk.Close(ctx, done.ID, o.hang, handoff.Answered, "Đã hẹn gia đình tới trường hôm thứ Bảy.", o.now.Add(-28*time.Hour))
	o.must(err)
	_, err = o.desk.Rate(ctx, done.Contact, 5, "cô tư vấn nói dễ hiểu, cảm ơn cô nhiều", o.now.Add(-27*time.Hour))
	o.must(err)
	// Whose is the longest talk asked again from another phone.
	twin := o.asks("telegram", 7*time.Minute, handoff.Opening{Topic: "loan.", Answers: at("luong-minh"), Wish: "em hỏi lại vụ vay mở quán phở, máy kia hết pin"})
	o.links(long.Contact, twin.Contact)
	// All of it has gone, long ago.
	queued, err := o.db.QueuedMessages(ctx, "", o.now, 1000)
	o.must(err)
	for _, m := range queued {
		_, err := o.db.MarkMessage(ctx, m.ID, handoff.Sent, "")
		o.must(err)
	}
}

// hands files what a person handed over.
func (o *office) hands(c *handoff.Case, id, kind string, f bot.File) {
	o.t.Helper()
	at := o.now.Add(-15 * time.Minute)
	o.must(o.desk.File(o.t.Context(), c.Contact, c.ID, id, []bot.Bubble{{From: bot.FromPerson, Media: &bot.Media{Kind: kind, Ref: id, Name: f.Name}, At: at}}))
	if kept, err := o.desk.Keep(o.t.Context(), c.Contact, id, f, at); !kept || err != nil {
		o.t.Fatal(kept, err)
	}
}

// links makes two contacts one person.
func (o *office) links(first, second bot.Contact) {
	o.t.Helper()
	ctx := o.t.Context()
	person := people.Person{ID: first.ID, Profile: []byte("{}"), UpdatedAt: o.now}
	o.must(o.db.People([]byte("key")).Keep(ctx, person, first, people.Consent{Purpose: people.PurposeRemember, Words: "Đồng ý", GivenAt: o.now}))
	if ok, err := o.db.PutCode(ctx, []byte("code"), person.ID, o.now, o.now.Add(time.Minute)); !ok || err != nil {
		o.t.Fatal(ok, err)
	}
	done, err := o.db.Link(ctx, people.Linking{Contact: second, Turn: "link", Code: []byte("code"), Words: "Đồng ý", At: o.now})
	if done != people.Linked || err != nil {
		o.t.Fatal(done, err)
	}
}
