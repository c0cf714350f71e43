package cli_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	faketelegram "nghe/bot/bottest/telegram"
	fakezalo "nghe/bot/bottest/zalo"
	fakezalobot "nghe/bot/bottest/zalobot"
	"nghe/store/storetest"
)

// within gives a test what it waits for at most.
func within(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// lastSaid waits until the last message to person 5 has a part.
func lastSaid(t *testing.T, platform *faketelegram.Server) func(part string) {
	return func(part string) {
		t.Helper()
		err := platform.Wait(within(t), func() bool {
			said := platform.Said(5)
			return len(said) > 0 && strings.Contains(said[len(said)-1], part)
		})
		if err != nil {
			t.Fatalf("%q was not said, but %q", part, platform.Said(5))
		}
	}
}

// The whole program on Telegram, as it is started by its settings: a question
// is answered, a button works, and a restart forgets nothing.
func TestTelegram(t *testing.T) {
	for name, kind := range map[string]struct {
		webhook, scaled bool
	}{"polling": {}, "webhook": {webhook: true}, "polling on Redis and PostgreSQL": {scaled: true}} {
		t.Run(name, func(t *testing.T) {
			var reach handlerAt
			platform, api := faketelegram.Start(t, faketelegram.Settings{Pace: &faketelegram.Published, Reach: &reach})
			settings := []string{"NGHE_DATA=" + t.TempDir(), "TELEGRAM_TOKEN=" + faketelegram.Token, "TELEGRAM_API=" + api}
			if kind.webhook {
				settings = append(settings, "TELEGRAM_WEBHOOK_SECRET=webhook-secret", "NGHE_PUBLIC_URL=https://nghe.example.vn")
			}
			if kind.scaled {
				settings = append(settings, "REDIS_URL="+storetest.Redis(t), "DATABASE_URL="+storetest.Postgres(t))
			}
			an := platform.Person(5, "An")
			says := lastSaid(t, platform)
			s := serve(t, settings...)
			reach.set(s.url)
			an.Starts("")
			says("giúp")
			an.Says("tien an dc bao nhieu")
			says("50.000 đồng")
			an.Says("tính tiền hỗ trợ học nghề")
			says("gọi bạn là gì")
			an.Taps("Chị")
			says("Chị thuộc những trường hợp nào")
			an.Speaks()
			says("chưa nghe được tin nhắn thoại")
			s.stop()

			s = serve(t, settings...)
			reach.set(s.url)
			an.Says("1")
			says("Đã chọn")
			if strings.Contains(s.log.String(), faketelegram.Token) || strings.Contains(s.log.String(), "webhook-secret") {
				t.Error("a secret is in the log")
			}
		})
	}
}

// The whole program on the Zalo Official Account.
func TestZalo(t *testing.T) {
	account := fakezalo.New(fakezalo.Settings{Now: time.Now})
	api := httptest.NewServer(account)
	t.Cleanup(api.Close)
	s := serve(t, "NGHE_DATA="+t.TempDir(), "ZALO_APP_ID="+account.AppID, "ZALO_APP_SECRET="+account.AppSecret, "ZALO_OA_SECRET="+account.OASecret,
		"ZALO_REFRESH_TOKEN="+account.Consent(), "ZALO_API="+api.URL, "ZALO_OAUTH="+api.URL)
	account.Webhook = s.url + "/zalo"
	hear := func(n int, part string) {
		t.Helper()
		account.Deliver(within(t))
		sent, err := account.WaitSent(within(t), n)
		if err != nil {
			t.Fatalf("%d messages were sent: %v\n%s", len(sent), sent, s.log)
		}
		var all []string
		for _, m := range sent {
			all = append(all, m.Text)
		}
		if !strings.Contains(strings.Join(all, "\n"), part) {
			t.Errorf("%q was not said, but %q", part, all)
		}
	}
	account.Say("1", "tien an dc bao nhieu")
	hear(1, "50.000 đồng")
	account.Human("1", "admin", "Chị gọi em nhé")
	account.Deliver(within(t))
	account.Say("1", "cảm ơn em")
	account.Deliver(within(t))
	account.Say("2", "vay vốn học nghề")
	hear(2, "vay")
	for _, m := range account.Sent() {
		if m.To == "1" && strings.Contains(m.Text, "Dạ không có gì") {
			t.Error("the bot speaks while a human of the office does")
		}
	}
	if complaints := account.Complaints(); len(complaints) > 0 {
		t.Errorf("%q", complaints)
	}
	for _, secret := range []string{account.AppSecret, account.OASecret, account.AccessToken()} {
		if strings.Contains(s.log.String(), secret) {
			t.Error("a secret is in the log")
		}
	}
}

// The whole program on the Zalo Bot Platform.
func TestZaloBot(t *testing.T) {
	platform := fakezalobot.New(fakezalobot.Settings{Now: time.Now})
	api := httptest.NewServer(platform)
	t.Cleanup(api.Close)
	p := serve(t, "NGHE_DATA="+t.TempDir(), "ZALO_BOT_TOKEN="+platform.Token, "ZALO_BOT_API="+api.URL)
	if !strings.Contains(p.log.String(), "about 50 people") {
		t.Error("nobody is told at the start for how many people that is")
	}
	platform.Say("1", "An", "tien an dc bao nhieu")
	sent, err := platform.WaitSent(within(t), 1)
	if err != nil || !strings.Contains(sent[0].Text, "50.000 đồng") {
		t.Fatalf("%v %v", sent, err)
	}
	if complaints := platform.Complaints(); len(complaints) > 0 {
		t.Errorf("%q", complaints)
	}
}

// handlerAt stands for the address that a platform was told: it leads to the
// program that runs at the moment.
type handlerAt struct{ url atomic.Pointer[url.URL] }

func (h *handlerAt) set(address string) {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	h.url.Store(u)
}

func (h *handlerAt) RoundTrip(r *http.Request) (*http.Response, error) {
	u := h.url.Load()
	if u == nil {
		return nil, errors.New("nobody is there")
	}
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = u.Scheme, u.Host
	return http.DefaultTransport.RoundTrip(r)
}
