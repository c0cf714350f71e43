package faketelegram_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"nghe/bot/bottest"
	faketelegram "nghe/bot/bottest/telegram"
)

// api is the answer to a call.
type api struct {
	OK          bool `json:"ok"`
	Result      json.RawMessage
	Code        int `json:"error_code"`
	Description string
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	}
}

// ask calls a method; pairs are names and values.
func ask(t *testing.T, base, method string, pairs ...string) api {
	t.Helper()
	a, err := try(t, base, method, pairs...)
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	return a
}

func try(t *testing.T, base, method string, pairs ...string) (a api, err error) {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/bot"+faketelegram.Token+"/"+method, strings.NewReader(form.Encode()))
	if err != nil {
		return a, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	return a, json.NewDecoder(resp.Body).Decode(&a)
}

func updates(t *testing.T, a api) (ids []int64) {
	t.Helper()
	var list []struct {
		ID int64 `json:"update_id"`
	}
	if err := json.Unmarshal(a.Result, &list); err != nil {
		t.Fatalf("%v in %s", err, a.Result)
	}
	for _, u := range list {
		ids = append(ids, u.ID)
	}
	return ids
}

func TestWrongRequestsAreRefused(t *testing.T) {
	s, base := faketelegram.Start(t, faketelegram.Settings{})
	s.Person(5, "An").Says("chào")
	s.Person(6, "Bình") // never wrote
	long := strings.Repeat("ạ", 4097)
	for _, c := range []struct {
		method, want string
		code         int
		pairs        []string
	}{
		{"sendMesage", "Not Found: method not found", 404, nil},
		{"sendMessage", "Bad Request: chat_id is empty", 400, []string{"text", "x"}},
		{"sendMessage", "Bad Request: message text is empty", 400, []string{"chat_id", "5"}},
		{"sendMessage", "Bad Request: message text is empty", 400, []string{"chat_id", "5", "text", " \n"}},
		{"sendMessage", "parameter chatid is not known", 400, []string{"chat_id", "5", "text", "x", "chatid", "5"}},
		{"sendMessage", "Bad Request: message is too long", 400, []string{"chat_id", "5", "text", long}},
		{"sendMessage", "Bad Request: message is too long", 400, []string{"chat_id", "5", "text", strings.Repeat("🏠", 2049)}},
		{"sendMessage", "Bad Request: text is too long", 400, []string{"chat_id", "5", "text", strings.Repeat("x", 32769)}},
		{"sendMessage", "can't parse entities", 400, []string{"chat_id", "5", "text", "*x*", "parse_mode", "Markdown"}},
		{"sendMessage", "can't parse entities", 400, []string{"chat_id", "5", "text", "x", "entities", `[{"type":"bold","offset":0,"length":2}]`}},
		{"sendMessage", "can't parse reply_markup", 400, []string{"chat_id", "5", "text", "x", "reply_markup", `{"inline_keyboard":null}`}},
		{"sendMessage", "can't parse reply_markup", 400, []string{"chat_id", "5", "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"a","data":"b"}]]}`}},
		{"sendMessage", "Text buttons are unallowed", 400, []string{"chat_id", "5", "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"a"}]]}`}},
		{"sendMessage", "Bad Request: BUTTON_DATA_INVALID", 400, []string{"chat_id", "5", "text", "x", "reply_markup", fmt.Sprintf(`{"inline_keyboard":[[{"text":"a","callback_data":%q}]]}`, strings.Repeat("ạ", 22))}},
		{"sendMessage", "can't parse keyboard button", 400, []string{"chat_id", "5", "text", "x", "reply_markup", `{"keyboard":[[{"text":" "}]]}`}},
		{"sendMessage", "can't parse reply_markup", 400, []string{"chat_id", "5", "text", "x", "reply_markup", `{"keyboard":[[{"text":"a","callback_data":"b"}]]}`}},
		{"sendMessage", "Bad Request: chat not found", 400, []string{"chat_id", "77", "text", "x"}},
		{"sendMessage", "Forbidden: bot can't initiate conversation with a user", 403, []string{"chat_id", "6", "text", "x"}},
		{"sendMessage", "Bad Request: message to be replied not found", 400, []string{"chat_id", "5", "text", "x", "reply_parameters", `{"message_id":1}`}},
		{"editMessageText", "message identifier is not specified", 400, []string{"text", "x"}},
		{"editMessageText", "message to edit not found", 400, []string{"chat_id", "5", "message_id", "1", "text", "x"}},
		{"editMessageText", "message can't be edited", 400, []string{"chat_id", "5", "message_id", "41", "text", "x"}},
		{"answerCallbackQuery", "query is too old", 400, []string{"callback_query_id", "1"}},
		{"sendChatAction", "wrong parameter action", 400, []string{"chat_id", "5", "action", "dancing"}},
		{"setWebhook", "An HTTPS URL must be provided", 400, []string{"url", "http://example.org/"}},
		{"setWebhook", "only on ports 80, 88, 443 or 8443", 400, []string{"url", "https://example.org:8080/"}},
		{"setWebhook", "secret token contains unallowed characters", 400, []string{"url", "https://example.org/", "secret_token", "a b"}},
		{"setMyCommands", "BOT_COMMAND_INVALID", 400, []string{"commands", `[{"command":"Menu","description":"x"}]`}},
		{"setMyShortDescription", "short description is too long", 400, []string{"short_description", strings.Repeat("x", 121)}},
	} {
		a := ask(t, base, c.method, c.pairs...)
		if a.OK || a.Code != c.code || !strings.Contains(a.Description, c.want) {
			t.Errorf("%s %.60v: %d %q, want %d %q", c.method, c.pairs, a.Code, a.Description, c.code, c.want)
		}
	}
	if len(s.Problems()) < 15 {
		t.Errorf("only %d problems were noted", len(s.Problems()))
	}
	s.Forgive()
	if got := s.Said(5); len(got) != 0 {
		t.Errorf("something arrived: %q", got)
	}
}

func TestATokenIsLookedAt(t *testing.T) {
	s, base := faketelegram.Start(t, faketelegram.Settings{})
	s.Person(6, "Voong").Speaks()
	for path, want := range map[string]int{
		"/bot" + faketelegram.Token + "/getMe":                  200,
		"/bot" + faketelegram.Token + "x/getMe":                 401,
		"/botx/getMe":                                           404,
		"/bot" + faketelegram.Token + "/GETME":                  200,
		"/file/bot" + faketelegram.Token + "/files/a":           404,
		"/file/bot" + faketelegram.Token + "/files/AgACvoice-6": 200,
	} {
		resp, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s: %d, want %d", path, resp.StatusCode, want)
		}
	}
	s.Revoke()
	if a := ask(t, base, "getMe"); a.Code != 401 || a.Description != "Unauthorized" {
		t.Errorf("revoked: %+v", a)
	}
}

// What the library really writes is understood: null for none, its old names.
func TestTheLibraryIsUnderstood(t *testing.T) {
	s, base := faketelegram.Start(t, faketelegram.Settings{})
	an := s.Person(5, "An")
	an.Says("/start")
	b, err := tgbotapi.NewBotAPIWithAPIEndpoint(faketelegram.Token, base+"/bot%s/%s")
	if err != nil {
		t.Fatal(err)
	}
	if b.Self.ID != faketelegram.Bot.ID {
		t.Errorf("is %+v", b.Self)
	}
	m := tgbotapi.NewMessage(5, "Chọn")
	m.ReplyMarkup = tgbotapi.NewInlineKeyboardMarkup(tgbotapi.NewInlineKeyboardRow(tgbotapi.NewInlineKeyboardButtonData("A", "a:1")))
	m.DisableWebPagePreview, m.ReplyToMessageID, m.AllowSendingWithoutReply = true, 41, true
	sent, err := b.Send(m)
	if err != nil {
		t.Fatal(err)
	}
	if an.Taps("A") == "" {
		t.Fatal("no such button")
	}
	list, err := b.GetUpdates(tgbotapi.NewUpdate(0))
	if err != nil || len(list) != 2 || list[0].Message.Text != "/start" || list[1].CallbackQuery.Data != "a:1" || list[1].CallbackQuery.Message.MessageID != sent.MessageID {
		t.Fatalf("%v %+v", err, list)
	}
	for _, c := range []tgbotapi.Chattable{
		tgbotapi.NewCallback(list[1].CallbackQuery.ID, ""),
		tgbotapi.NewEditMessageText(5, sent.MessageID, "Chọn: A"),
		tgbotapi.NewChatAction(5, tgbotapi.ChatTyping),
		tgbotapi.NewSetMyCommands(tgbotapi.BotCommand{Command: "menu", Description: "x"}),
		tgbotapi.NewDeleteMessage(5, sent.MessageID),
	} {
		if _, err := b.Request(c); err != nil {
			t.Errorf("%T: %v", c, err)
		}
	}
}

func TestAPollIsHeldUntilSomethingComes(t *testing.T) {
	clock := bottest.NewClock()
	s, base := faketelegram.Start(t, faketelegram.Settings{Clock: clock})
	got := make(chan []int64)
	poll := func(pairs ...string) {
		a, err := try(t, base, "getUpdates", pairs...)
		if err != nil {
			t.Error(err)
		}
		got <- updates(t, a)
	}
	go poll("timeout", "50")
	if err := s.Wait(t.Context(), s.Polled); err != nil {
		t.Fatal(err)
	}
	s.Person(5, "An").Says("chào")
	first := <-got
	if len(first) != 1 {
		t.Fatalf("got %v", first)
	}
	// Unconfirmed: it comes again; confirmed: it does not, until time is over.
	go poll("timeout", "50", "offset", strconv.FormatInt(first[0], 10))
	if again := <-got; !slices.Equal(first, again) {
		t.Errorf("then %v", again)
	}
	go poll("timeout", "300", "offset", strconv.FormatInt(first[0]+1, 10))
	if err := clock.AwaitWaiter(t.Context(), 50*time.Second, 50*time.Second); err != nil {
		t.Fatal(err)
	}
	clock.Pass(50 * time.Second)
	if none := <-got; len(none) != 0 || s.Waiting() != 0 {
		t.Errorf("confirmed, and then %v", none)
	}
}

func TestTheFirstOfTwoPollersIsSentAway(t *testing.T) {
	s, base := faketelegram.Start(t, faketelegram.Settings{})
	first, second := make(chan api), make(chan api)
	poll := func(to chan api) {
		a, err := try(t, base, "getUpdates", "timeout", "50")
		if err != nil {
			t.Error(err)
		}
		to <- a
	}
	go poll(first)
	if err := s.Wait(t.Context(), s.Polled); err != nil {
		t.Fatal(err)
	}
	go poll(second)
	if a := <-first; a.Code != 409 || !strings.Contains(a.Description, "terminated by other getUpdates request") {
		t.Errorf("first: %+v", a)
	}
	s.Person(5, "An").Says("chào")
	if a := <-second; len(updates(t, a)) != 1 {
		t.Errorf("second: %+v", a)
	}
	if a := ask(t, base, "setWebhook", "url", "https://bot.example/telegram"); !a.OK {
		t.Fatal(a)
	}
	if a := ask(t, base, "getUpdates"); a.Code != 409 || !strings.Contains(a.Description, "webhook is active") {
		t.Errorf("beside a webhook: %+v", a)
	}
}

func TestUpdatesExpire(t *testing.T) {
	clock := bottest.NewClock()
	s, base := faketelegram.Start(t, faketelegram.Settings{Clock: clock})
	an := s.Person(5, "An")
	an.Says("/start")
	ask(t, base, "sendMessage", "chat_id", "5", "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}`)
	q := an.Taps("A")
	clock.Pass(151 * time.Second)
	if s.Waiting() != 1 {
		t.Errorf("%d wait after 151 s", s.Waiting())
	}
	if a := ask(t, base, "answerCallbackQuery", "callback_query_id", q); !strings.Contains(a.Description, "query is too old") {
		t.Errorf("%+v", a)
	}
	clock.Pass(24 * time.Hour)
	if s.Waiting() != 0 {
		t.Errorf("%d wait after a day", s.Waiting())
	}
}

// hooked is a bot's webhook that answers as it is told.
type hooked struct {
	mu       sync.Mutex
	got      []string // "700000001 text"
	answer   func(n int) (status int, retryAfter string)
	inFlight map[string]int
	began    chan string   // nil = tells nobody
	wait     chan struct{} // nil = doesn't wait
	problems []string
}

func (h *hooked) RoundTrip(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(r.Body)
	var u struct {
		ID      int64 `json:"update_id"`
		Message *struct {
			Text string
			Chat struct{ ID int64 }
		}
		CallbackQuery *struct {
			Data string
			From struct{ ID int64 }
		} `json:"callback_query"`
	}
	if err := json.Unmarshal(body, &u); err != nil {
		return nil, err
	}
	lane, text := "", ""
	if u.Message != nil {
		lane, text = faketelegram.MessageLane(u.Message.Chat.ID), u.Message.Text
	} else {
		lane, text = faketelegram.TapLane(u.CallbackQuery.From.ID), u.CallbackQuery.Data
	}
	h.mu.Lock()
	if h.inFlight[lane]++; h.inFlight[lane] > 1 {
		h.problems = append(h.problems, "two in flight in "+lane)
	}
	if r.Header.Get(faketelegram.SecretHeader) != "s3cret" || r.Header.Get("User-Agent") != "" {
		h.problems = append(h.problems, fmt.Sprintf("headers %v", r.Header))
	}
	h.got = append(h.got, text)
	n := len(h.got)
	h.mu.Unlock()
	if h.began != nil {
		h.began <- text
	}
	if h.wait != nil {
		<-h.wait
	}
	h.mu.Lock()
	h.inFlight[lane]--
	h.mu.Unlock()
	w := &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody, Request: r}
	if h.answer != nil {
		var after string
		if w.StatusCode, after = h.answer(n); w.StatusCode == 0 {
			return nil, errors.New("cut")
		}
		if after != "" {
			w.Header.Set("Retry-After", after)
		}
	}
	w.Status = fmt.Sprint(w.StatusCode, " ", http.StatusText(w.StatusCode))
	return w, nil
}

func (h *hooked) texts() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.got)
}

func startHook(t *testing.T, h *hooked, settings faketelegram.Settings) (*faketelegram.Server, string) {
	h.inFlight = map[string]int{}
	settings.Reach = h
	s, base := faketelegram.Start(t, settings)
	if a := ask(t, base, "setWebhook", "url", "https://bot.example/telegram", "secret_token", "s3cret"); !a.OK {
		t.Fatal(a)
	}
	t.Cleanup(func() {
		for _, p := range h.problems {
			t.Error(p)
		}
	})
	return s, base
}

func TestAWebhookIsTriedAgainAfterZeroTwoFourSeconds(t *testing.T) {
	clock := bottest.NewClock()
	h := &hooked{answer: func(n int) (int, string) {
		switch n {
		case 1:
			return 500, ""
		case 2:
			return 0, "" // cut
		case 3:
			return 404, ""
		case 4:
			return 503, "17"
		}
		return 200, ""
	}}
	s, base := startHook(t, h, faketelegram.Settings{Clock: clock})
	s.Person(5, "An").Says("một")
	s.Person(5, "An").Says("hai")
	for _, wait := range []time.Duration{2, 4, 17} { // the first retry comes at once
		if err := clock.AwaitWaiter(t.Context(), wait*time.Second, wait*time.Second); err != nil {
			t.Fatal(err)
		}
		if wait == 17 {
			var info struct {
				Pending int    `json:"pending_update_count"`
				Last    string `json:"last_error_message"`
			}
			if json.Unmarshal(ask(t, base, "getWebhookInfo").Result, &info) != nil || info.Pending != 2 || !strings.Contains(info.Last, "503") {
				t.Errorf("info %+v", info)
			}
		}
		clock.Pass(wait * time.Second)
	}
	if err := s.Wait(t.Context(), func() bool { return s.Waiting() == 0 }); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(h.texts(), " "); got != "một một một một một hai" {
		t.Errorf("delivered %s", got)
	}
}

func TestOneOfAChatIsInFlightAndTapsAreApart(t *testing.T) {
	h := &hooked{}
	s, base := startHook(t, h, faketelegram.Settings{})
	an, binh := s.Person(5, "An"), s.Person(6, "Bình")
	an.Says("/start")
	if err := s.Wait(t.Context(), func() bool { return s.Waiting() == 0 }); err != nil {
		t.Fatal(err)
	}
	ask(t, base, "sendMessage", "chat_id", "5", "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"A","callback_data":"tap"}]]}`)
	h.wait, h.began = make(chan struct{}), make(chan string, 10)
	an.Says("một")
	an.Says("hai")
	binh.Says("ba")
	an.Taps("A")
	first := []string{<-h.began, <-h.began, <-h.began}
	if slices.Sort(first); !slices.Equal(first, []string{"ba", "một", "tap"}) {
		t.Errorf("in flight %v: the second of a chat waits for the first, others don't", first)
	}
	close(h.wait)
	if err := s.Wait(t.Context(), func() bool { return s.Waiting() == 0 }); err != nil {
		t.Fatal(err)
	}
	// What is held back comes after what was pressed later.
	s.Hold(faketelegram.MessageLane(5))
	an.Says("bốn")
	an.Taps("A")
	if err := s.Wait(t.Context(), func() bool { return s.Waiting() == 1 }); err != nil {
		t.Fatal(err)
	}
	s.Release(faketelegram.MessageLane(5))
	if err := s.Wait(t.Context(), func() bool { return s.Waiting() == 0 }); err != nil {
		t.Fatal(err)
	}
	if got := h.texts(); !slices.Equal(got[len(got)-2:], []string{"tap", "bốn"}) {
		t.Errorf("delivered %v", got)
	}
}

func TestUpdatesAreRepeatedOnRequest(t *testing.T) {
	h := &hooked{}
	s, _ := startHook(t, h, faketelegram.Settings{Deliveries: func(int64) int { return 3 }})
	s.Person(5, "An").Says("một")
	s.Person(5, "An").Says("hai")
	if err := s.Wait(t.Context(), func() bool { return s.Waiting() == 0 }); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(h.texts(), " "); got != "một một một hai hai hai" {
		t.Errorf("delivered %s", got)
	}
}

func TestThePaceIsRefused(t *testing.T) {
	clock := bottest.NewClock()
	s, base := faketelegram.Start(t, faketelegram.Settings{Clock: clock, Pace: &faketelegram.Pace{PerSecond: 3, PerChatSecond: 1, PerGroupMin: 2}})
	for i := range 5 {
		s.Person(int64(i+1), "An").Says("/start")
	}
	s.Group(-7, "Lớp")
	s.Person(1, "An").Invites(-7)
	send := func(chat string) api { return ask(t, base, "sendMessage", "chat_id", chat, "text", "x") }
	if !send("1").OK {
		t.Error("the first is refused")
	}
	if a := send("1"); a.Code != 429 || a.Parameters.RetryAfter != 1 {
		t.Errorf("the second of a chat in a second: %+v", a)
	}
	if !send("2").OK || !send("3").OK {
		t.Error("others are refused")
	}
	if a := send("4"); a.Code != 429 || a.Description != "Too Many Requests: retry after 1" {
		t.Errorf("the fourth of the bot in a second: %+v", a)
	}
	clock.Pass(time.Second)
	if !send("1").OK || !send("-7").OK {
		t.Error("refused a second later")
	}
	clock.Pass(time.Second)
	if !send("-7").OK {
		t.Error("the second of a group in a minute is refused")
	}
	clock.Pass(time.Second)
	if a := send("-7"); a.Parameters.RetryAfter != 58 {
		t.Errorf("the third: %+v", a)
	}
}

func TestFaults(t *testing.T) {
	s, base := faketelegram.Start(t, faketelegram.Settings{})
	s.Person(5, "An").Says("/start")
	send := func() (api, error) { return try(t, base, "sendMessage", "chat_id", "5", "text", "x") }
	s.Fail("sendMessage", faketelegram.BadGateway, faketelegram.Dropped, faketelegram.Lost, faketelegram.TooMany(7))
	if _, err := send(); err == nil || !strings.Contains(err.Error(), "invalid character '<'") {
		t.Errorf("502: %v", err)
	}
	if _, err := send(); err == nil || len(s.Said(5)) != 0 {
		t.Errorf("dropped: %v, %d arrived", err, len(s.Said(5)))
	}
	if _, err := send(); err == nil || len(s.Said(5)) != 1 {
		t.Errorf("lost: %v, %d arrived", err, len(s.Said(5)))
	}
	if a, err := send(); err != nil || a.Parameters.RetryAfter != 7 {
		t.Errorf("429: %+v %v", a, err)
	}
	if a, err := send(); err != nil || !a.OK {
		t.Errorf("afterwards: %+v %v", a, err)
	}
	calls := s.Calls("sendMessage")
	if len(calls) != 5 || calls[2].MessageID == 0 || calls[2].Code != 0 || calls[4].Code != 200 {
		t.Errorf("calls %+v", calls)
	}
}

func TestBlockedAndUpgraded(t *testing.T) {
	s, base := faketelegram.Start(t, faketelegram.Settings{})
	an := s.Person(5, "An")
	an.Says("/start")
	an.Blocks()
	if a := ask(t, base, "sendMessage", "chat_id", "5", "text", "x"); a.Code != 403 || a.Description != "Forbidden: bot was blocked by the user" {
		t.Errorf("%+v", a)
	}
	an.Unblocks()
	if a := ask(t, base, "sendMessage", "chat_id", "5", "text", "x"); !a.OK {
		t.Errorf("%+v", a)
	}
	s.Group(-7, "Lớp")
	an.Invites(-7)
	to := an.Upgrade(-7)
	if a := ask(t, base, "sendMessage", "chat_id", "-7", "text", "x"); a.Code != 400 || a.Parameters.MigrateTo != to {
		t.Errorf("%+v", a)
	}
	if a := ask(t, base, "leaveChat", "chat_id", fmt.Sprint(to)); !a.OK || s.InGroup(to) {
		t.Errorf("%+v", a)
	}
	an.Leaves()
	if a := ask(t, base, "sendMessage", "chat_id", "5", "text", "x"); a.Description != "Forbidden: user is deactivated" {
		t.Errorf("%+v", a)
	}
	if n := len(updates(t, ask(t, base, "getUpdates"))); n != 7 {
		t.Errorf("%d updates", n)
	}
}

func TestOnlyTheKindsAskedForAreGiven(t *testing.T) {
	s, base := faketelegram.Start(t, faketelegram.Settings{})
	an := s.Person(5, "An")
	ask(t, base, "getUpdates", "allowed_updates", `["message"]`)
	an.Edits(an.Says("một"), "hai")
	an.Blocks()
	if n := len(updates(t, ask(t, base, "getUpdates", "allowed_updates", "null"))); n != 1 {
		t.Errorf("%d updates", n)
	}
}
