package cli_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	faketelegram "nghe/bot/bottest/telegram"
	fakezalo "nghe/bot/bottest/zalo"
	"nghe/cli"
)

// toName is what somebody says until their name is asked for.
var toName = []struct{ text, asked string }{
	{"ghi nguyện vọng học nghề", "gọi bạn là gì"},
	{"chị", "muốn học nghề gì"},
	{"nấu ăn", "xã, phường nào"},
	{"Đầm Hà", "đồng ý cho ghi không"},
	{"đồng ý", "đủ 16 tuổi chưa"},
	{"đủ 16 tuổi", "Họ tên của chị"},
}

// kept is what the operator finds of somebody, or that nothing is.
func kept(t *testing.T, contact string, environ ...string) string {
	t.Helper()
	var out, log bytes.Buffer
	cli.Run(t.Context(), &cli.Process{Args: []string{"person", "export", contact}, Environ: environ, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &log, Now: time.Now})
	return out.String() + log.String()
}

// The whole program: name, phone and village by Zalo's own form, in one tap.
func TestContactDetailsByTheFormOfZalo(t *testing.T) {
	account := fakezalo.New(fakezalo.Settings{Now: time.Now})
	api := httptest.NewServer(account)
	t.Cleanup(api.Close)
	data := "NGHE_DATA=" + t.TempDir()
	settings := []string{data, "ZALO_APP_ID=" + account.AppID, "ZALO_APP_SECRET=" + account.AppSecret, "ZALO_OA_SECRET=" + account.OASecret,
		"ZALO_REFRESH_TOKEN=" + account.Consent(), "ZALO_API=" + api.URL, "ZALO_OAUTH=" + api.URL, "NGHE_PUBLIC_URL=https://nghe.example.vn"}
	s := serve(t, settings...)
	account.Webhook = s.url + "/zalo"
	heard := 0
	answer := func(part string) fakezalo.Message {
		t.Helper()
		account.Deliver(within(t))
		sent, err := account.WaitSent(within(t), heard+1)
		if err != nil || !strings.Contains(sent[heard].Text, part) {
			t.Fatalf("%q was not said, but %+v\n%s", part, sent[min(heard, len(sent)):], s.log)
		}
		heard = len(sent)
		return sent[heard-1]
	}
	for _, line := range toName {
		account.Say("1", line.text)
		answer(line.asked)
	}
	if err := account.SubmitInfo("1", fakezalo.Info{Name: "Lý Thị Mẩy"}); err == nil {
		t.Error("a form was sent without being asked for")
	}
	if err := account.Tap("1", "Gửi tên và số điện thoại"); err != nil {
		t.Fatal(err)
	}
	form := answer("bấm vào ô này")
	if form.Kind != "request_user_info" || form.Picture != "https://nghe.example.vn/chat/assets/icon-512.png" {
		t.Errorf("%+v", form)
	}
	// The picture is there, for whoever fetches it.
	if got, err := http.Get(s.url + strings.TrimPrefix(form.Picture, "https://nghe.example.vn")); err != nil || got.StatusCode != 200 || got.Header.Get("Content-Type") != "image/png" {
		t.Errorf("%v %v", got, err)
	}
	if err := account.SubmitInfo("1", fakezalo.Info{Name: "Lý Thị Mẩy", Phone: "84912345678", Ward: "Ba Chẽ", Address: "Thôn Khe Tao"}); err != nil {
		t.Fatal(err)
	}
	answer("sinh năm nào") // name and phone are known
	account.Say("1", "1985")
	answer("muốn em nhắc") // and the village
	account.Say("1", "không cần")
	answer("Em ghi rồi")
	// Sent once more, when nothing is asked: nothing of it is taken.
	if err := account.SubmitInfo("1", fakezalo.Info{Name: "Khác Hẳn", Phone: "84987654321", Ward: "Ba Chẽ", Address: "Thôn Khác"}); err != nil {
		t.Fatal(err)
	}
	answer("không giữ lại")
	s.stop()
	found := kept(t, "zalo:1", data)
	for _, want := range []string{"Lý Thị Mẩy", "0912345678", "Thôn Khe Tao"} {
		if !strings.Contains(found, want) {
			t.Errorf("%q is not kept:\n%s", want, found)
		}
	}
	for _, other := range []string{"Khác", "987654321", "30/10/1999", "Ba Chẽ", "Nam\""} {
		if strings.Contains(found, other) {
			t.Errorf("%q is kept, which was not asked for:\n%s", other, found)
		}
	}
	// A withdrawal in Zalo's own app is a deletion here.
	s = serve(t, settings...)
	account.Webhook = s.url + "/zalo"
	s.log.await(t, `account="nghe (fake)"`)
	account.Withdraw("1")
	account.Deliver(within(t))
	s.stop()
	if found := kept(t, "zalo:1", data); !strings.Contains(found, "nothing is kept of") {
		t.Errorf("kept after a withdrawal:\n%s", found)
	}
	if complaints := account.Complaints(); len(complaints) > 0 {
		t.Errorf("%q", complaints)
	}
}

// The whole program: the number of one's own phone by Telegram's button.
func TestThePhoneByTheButtonOfTelegram(t *testing.T) {
	platform, api := faketelegram.Start(t, faketelegram.Settings{})
	data := "NGHE_DATA=" + t.TempDir()
	s := serve(t, data, "TELEGRAM_TOKEN="+faketelegram.Token, "TELEGRAM_API="+api)
	an := platform.Person(5, "An")
	says := lastSaid(t, platform)
	for _, line := range toName {
		an.Says(line.text)
		says(line.asked)
	}
	if keys := platform.Keys(5); len(keys) != 0 {
		t.Errorf("there are keys before the phone is asked for: %q", keys)
	}
	an.Says("Lý Thị Mẩy")
	says("Số điện thoại nào")
	if keys := platform.Keys(5); strings.Join(keys, ",") != "Gửi số điện thoại,Bỏ qua" {
		t.Errorf("%q", keys)
	}
	if !an.PressesKey("Gửi số điện thoại", "84912345678") {
		t.Fatal("no key")
	}
	says("sinh năm nào")
	an.Says("1985")
	says("thôn, bản")
	an.SharesNumber("84987654321") // by accident: no village is called so
	says("không giữ lại")
	says("thôn, bản")
	an.Says("bỏ qua")
	says("muốn em nhắc")
	an.Says("không cần")
	says("Em ghi rồi")
	s.stop()
	found := kept(t, "telegram:5", data)
	if !strings.Contains(found, "0912345678") || strings.Contains(found, "987654321") {
		t.Errorf("kept:\n%s", found)
	}
}
