package cli_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/bot/bottest/telegram"
	"nghe/dialog"
	"nghe/staff"
	"nghe/store"
)

// hires makes somebody a counsellor whose chat is a contact.
func hires(t *testing.T, data, login, name string, chat bot.Contact) {
	t.Helper()
	db, err := store.Open(t.Context(), data, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	desk := staff.Desk{Records: db.Staff(), Now: time.Now, Key: []byte("key")}
	m, _, err := desk.Invite(t.Context(), staff.Operator, staff.Member{Login: login, Name: name, Role: staff.Counsellor, Scope: staff.Scope{Province: true}})
	if err != nil {
		t.Fatal(err)
	}
	code, err := desk.ChatCode(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := desk.Effects()[staff.EffectLink](t.Context(), bot.Asked{Contact: chat, Turn: "link", Slots: dialog.Values{"staff_code": dialog.Text(code)}, At: time.Now()}); err != nil {
		t.Fatal(err)
	}
}

// A picture of a person reaches the counsellor's own chat, a counsellor's voice
// the person; what may do harm goes nowhere, and who sent it is told. On the
// whole program, between two phones with Telegram.
func TestPicturesAndVoicesGoBothWays(t *testing.T) {
	platform, api := faketelegram.Start(t, faketelegram.Settings{Pace: &faketelegram.Published})
	data := t.TempDir()
	an, hoa := platform.Person(5, "An"), platform.Person(6, "Hoa")
	hires(t, data, "hoa", "Hoa", bot.Contact{Channel: "telegram", ID: "6"})
	s := serve(t, "NGHE_DATA="+data, "TELEGRAM_TOKEN="+faketelegram.Token, "TELEGRAM_API="+api)
	sees := func(chat int64, what string, is func(faketelegram.Message) bool) faketelegram.Message {
		t.Helper()
		var found faketelegram.Message
		err := platform.Wait(within(t), func() bool {
			for _, m := range platform.Messages(chat) {
				if m.FromBot() && is(m) {
					found = m
					return true
				}
			}
			return false
		})
		if err != nil {
			t.Fatalf("%s did not come, but %q\n%s", what, platform.Said(chat), s.log)
		}
		return found
	}
	says := func(chat int64, part string) {
		t.Helper()
		sees(chat, part, func(m faketelegram.Message) bool { return strings.Contains(m.Text+m.Caption, part) })
	}
	an.Says("gặp người")
	says(5, "số #1")
	an.Speaks()
	says(5, "chuyển kèm cho cán bộ")
	hoa.Says("/truc")
	says(6, "đang trực")
	says(6, "Có ca chờ #1")
	if hoa.Taps("Nhận #1") == "" {
		t.Fatal("no button")
	}
	says(6, "là của anh/chị")

	m := sees(6, "the voice that was there before", func(m faketelegram.Message) bool { return m.Voice != nil })
	if !bytes.Equal(platform.File(m.Voice.FileID), faketelegram.Spoken) || !strings.Contains(m.Caption, "#1 [ghi âm") {
		t.Errorf("%+v", m)
	}
	an.Shows("giấy của em", "")
	m = sees(6, "the picture", func(m faketelegram.Message) bool { return len(m.Photo) > 0 })
	if !bytes.Equal(platform.File(m.Photo[0].FileID), faketelegram.Picture) || !strings.Contains(m.Caption, "#1") || !strings.Contains(m.Caption, "giấy của em") {
		t.Errorf("%+v", m)
	}
	hoa.Speaks()
	m = sees(5, "the voice", func(m faketelegram.Message) bool { return m.Voice != nil })
	if !bytes.Equal(platform.File(m.Voice.FileID), faketelegram.Spoken) || m.Caption != "Hoa gửi ghi âm." {
		t.Errorf("%+v", m)
	}
	form := append([]byte("%PDF-1.4 "), bytes.Repeat([]byte("x"), 2000)...)
	hoa.SendsFile("Đơn xin học.PDF", "chị điền giúp em", form)
	hoa.Says("chị điền xong chụp lại nhé")
	m = sees(5, "the form", func(m faketelegram.Message) bool { return m.Document != nil })
	if !bytes.Equal(platform.File(m.Document.FileID), form) || m.Document.Name != "Đơn xin học.pdf" || m.Caption != "Hoa gửi tệp. chị điền giúp em" {
		t.Errorf("%+v", m)
	}
	says(5, "chụp lại nhé")
	if all := platform.Messages(5); all[len(all)-1].Document != nil {
		t.Error("what was said after the file came before it")
	}
	hoa.SendsFile("qua.jpg", "", []byte("MZ\x90\x00 this program"))
	says(6, "không tới được người dân: loại tệp không nhận")
	hoa.SendsFile("phim.mp4", "", append([]byte("\x00\x00\x00\x18ftypisom"), make([]byte, 11<<20)...))
	says(6, "lớn quá 10 MB")
	n := 0
	for _, m := range platform.Messages(5) {
		if m.FromBot() && (m.Document != nil || len(m.Photo) > 0) {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d files reached the person", n)
	}
	if problems := platform.Problems(); len(problems) > 0 {
		t.Errorf("%q", problems)
	}
	if strings.Contains(s.log.String(), faketelegram.Token) {
		t.Error("the token is in the log")
	}
	s.stop()

	// What was sent is kept by what it is, and goes with the person.
	db, err := store.Open(t.Context(), data, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	who := bot.Contact{Channel: "telegram", ID: "5"}
	c, err := db.OpenCaseOf(t.Context(), who)
	if err != nil || c == nil {
		t.Fatal(err)
	}
	said, err := db.Messages(t.Context(), c.ID, 0, 100, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var kept []string
	var ids []string
	for _, m := range said {
		if m.File != nil {
			kept, ids = append(kept, fmt.Sprint(m.From, " ", m.File.Type, m.File.Why)), append(ids, m.ID)
		}
	}
	want := "[person audio/ogg person image/png counsellor audio/ogg counsellor application/pdf counsellor file-type counsellor file-size]"
	if got := fmt.Sprint(kept); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if err := db.People([]byte("key")).Delete(t.Context(), who, time.Now().UnixMilli()); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if f, err := db.File(t.Context(), id); f != nil || err != nil {
			t.Errorf("a file of somebody who deleted everything is still there: %v", err)
		}
	}
}
