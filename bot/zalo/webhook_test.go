package zalo_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"nghe/bot"
	fakezalo "nghe/bot/bottest/zalo"
	"nghe/bot/zalo"
)

func statuses(o *office) []int {
	var list []int
	for _, a := range o.Attempts() {
		list = append(list, a.Status)
	}
	return list
}

func TestTheSignatureInAllItsForms(t *testing.T) {
	for name, c := range map[string]struct {
		d    fakezalo.Delivery
		want int
		log  string
	}{
		"mac=":           {fakezalo.Delivery{Prefix: true}, 200, "app id, time of the body"},
		"bare":           {fakezalo.Delivery{}, 200, "app id, time of the body"},
		"time in header": {fakezalo.Delivery{HeaderTime: true}, 200, "app id, time of the header"},
		"account first":  {fakezalo.Delivery{OAFirst: true}, 200, "account id, time of the body"},
		"both":           {fakezalo.Delivery{OAFirst: true, HeaderTime: true}, 200, "account id, time of the header"},
		"none":           {fakezalo.Delivery{Unsigned: true}, 403, "without a signature"},
		"app's secret":   {fakezalo.Delivery{WrongSecret: true}, 403, "ZALO_OA_SECRET"},
	} {
		t.Run(name, func(t *testing.T) {
			o := open(t)
			o.Deliveries(c.d)
			o.Say("1", "chào")
			o.clock.Pass(time.Second) // so that both times differ
			o.Deliver(t.Context())
			if got := statuses(o); !slices.Equal(got, []int{c.want}) || len(o.heard) != map[int]int{200: 1}[c.want] {
				t.Errorf("%v, heard %d", got, len(o.heard))
			}
			if !strings.Contains(o.logged.String(), c.log) {
				t.Errorf("%q is not logged", c.log)
			}
		})
	}
}

func TestWhatIsNotSignedByZalo(t *testing.T) {
	o := open(t)
	body := fmt.Sprintf(`{"app_id":%q,"sender":{"id":"1"},"recipient":{"id":%q},"event_name":"user_send_text","message":{"text":"a","msg_id":"m"},"timestamp":"%d"}`,
		o.AppID, o.OAID, o.clock.Now().UnixMilli())
	mac := fakezalo.Sign(o.AppID, []byte(body), fmt.Sprint(o.clock.Now().UnixMilli()), o.OASecret)
	for _, c := range []struct {
		name, body, mac string
		want            int
	}{
		{"as it should be", body, "mac=" + mac, 200},
		{"with spaces, as the papers print it", body, "mac = " + mac, 200},
		{"one letter of the body changed", strings.Replace(body, `"a"`, `"b"`, 1), mac, 403},
		{"a space added", body + " ", mac, 403},
		{"cut", body, mac[:62], 403},
		{"no hexadecimal", body, strings.Repeat("z", 64), 403},
		{"empty", body, "", 403},
		{"of nothing", body, "mac=", 403},
	} {
		if got := o.post(t, c.body, "X-ZEvent-Signature", c.mac); got != c.want {
			t.Errorf("%s: %d", c.name, got)
		}
	}
	o.webhook.AppID = "another"
	if got := o.post(t, body, "X-ZEvent-Signature", mac); got != 403 {
		t.Errorf("of another app: %d", got)
	}
	o.webhook.AppID = o.AppID
	o.webhook.OASecret = ""
	empty := fakezalo.Sign(o.AppID, []byte(body), fmt.Sprint(o.clock.Now().UnixMilli()), "")
	if got := o.post(t, body, "X-ZEvent-Signature", empty); got != 403 {
		t.Errorf("signed with no secret: %d", got)
	}
	heard := len(o.heard)
	o.webhook.Observe = true
	if got := o.post(t, body, "X-ZEvent-Signature", "x"); got != 200 || len(o.heard) != heard {
		t.Errorf("observed: %d, %d heard", got, len(o.heard)-heard)
	}
}

func TestOddRequests(t *testing.T) {
	o := open(t)
	if got := o.Probe(t.Context()); got != 200 {
		t.Errorf("the console's {}: %d", got)
	}
	for _, c := range []struct {
		method, body string
		want         int
	}{
		{"POST", " {} \n", 200}, {"POST", "", 400}, {"POST", "[", 400}, {"POST", `"x"`, 400}, {"POST", "null", 403},
		{"POST", `{"event_name":"user_send_text"}`, 403},
		{"POST", `{"text":"` + strings.Repeat("x", 300<<10) + `"}`, 413},
		{"GET", "", 200}, {"HEAD", "", 200}, {"PUT", "{}", 405},
	} {
		r := httptest.NewRequest(c.method, "/zalo?hub.challenge=1", strings.NewReader(c.body))
		out := httptest.NewRecorder()
		o.webhook.ServeHTTP(out, r)
		if out.Code != c.want {
			t.Errorf("%s %.30q: %d, want %d", c.method, c.body, out.Code, c.want)
		}
	}
	if len(o.heard) != 0 || len(o.records.Calls()) != 0 {
		t.Error("something was heard")
	}
}

func TestEvents(t *testing.T) {
	o := open(t)
	type heard struct{ Contact, Text, Tap, Media string }
	sticker := "zalo:1"
	for _, c := range []struct {
		name  string
		do    func()
		heard []heard
		calls []string
	}{
		{"text", func() { o.Say("1", "học nghề gì") }, []heard{{"zalo:1", "học nghề gì", "", ""}}, nil},
		{"picture without a word", func() { o.Send("1", "image", "") }, []heard{{sticker, "", "", "photo"}}, []string{"media zalo:1 1"}},
		{"picture with a word", func() { o.Send("1", "image", "đây ạ") }, []heard{{sticker, "đây ạ", "", "photo"}}, []string{"media zalo:1 1"}},
		{"gif", func() { o.Send("1", "gif", "") }, []heard{{sticker, "", "", "other"}}, []string{"media zalo:1 1"}},
		{"link", func() { o.Send("1", "link", "xem này") }, []heard{{sticker, "xem này", "", "other"}}, []string{"media zalo:1 1"}},
		{"audio", func() { o.Send("1", "audio", "") }, []heard{{sticker, "", "", "voice"}}, []string{"media zalo:1 1"}},
		{"video", func() { o.Send("1", "video", "") }, []heard{{sticker, "", "", "other"}}, []string{"media zalo:1 1"}},
		{"sticker", func() { o.Send("1", "sticker", "") }, []heard{{sticker, "", "", "other"}}, []string{"media zalo:1 1"}},
		{"location", func() { o.Send("1", "location", "") }, []heard{{sticker, "", "", "location"}}, []string{"media zalo:1 1"}},
		{"file", func() { o.Send("1", "file", "") }, []heard{{sticker, "", "", "other"}}, []string{"media zalo:1 1"}},
		{"card", func() { o.Send("1", "business_card", "") }, []heard{{sticker, "0912345678", "", ""}}, nil},
		{"contact details", func() {
			o.send(t, "1", o.account.Render([]bot.Bubble{{Text: "Bác cho cháu xin số", Form: true}})[0])
			o.Lose()
			if err := o.SubmitInfo("1", fakezalo.Info{Name: "Mẩy", Phone: "84912345678", Ward: "Ba Chẽ", Address: "Thôn 1"}); err != nil {
				t.Error(err)
			}
		}, []heard{{sticker, "Mẩy 0912345678 Ba Chẽ Thôn 1", "", "shared"}}, nil},
		{"contact details in their older shape", func() {
			o.Emit("user_submit_info", map[string]any{"sender": map[string]any{"id": "1"}, "info": map[string]any{
				"name": "Mẩy", "phone": 84912345678, "address": "Thôn 1", "ward": "Ba Chẽ", "city": "Quảng Ninh", "district": "",
			}})
		}, []heard{{sticker, "Mẩy 0912345678 Ba Chẽ Thôn 1", "", "shared"}}, nil},
		{"follow", func() { o.Follow("1") }, []heard{{"zalo:1", "", "do:resume", ""}}, []string{"reachable zalo:1 true"}},
		{"unfollow", func() { o.Unfollow("1") }, nil, []string{"reachable zalo:1 false"}},
		{"chat opened", func() {
			o.Emit("user_click_chatnow", map[string]any{"oa_id": o.OAID, "user_id": "1", "user_id_by_app": "2"})
		}, []heard{{"zalo:1", "", "do:resume", ""}}, []string{"reachable zalo:1 true"}},
		{"withdrawal", func() { o.Withdraw("1") }, nil, []string{"withdrawn zalo:1"}},
		{"received", func() { o.Received("1", "m1") }, nil, nil},
		{"seen", func() { o.Seen("1", "m1", "m2") }, nil, nil},
		{"ids that are numbers", func() {
			o.Emit("user_send_text", map[string]any{"sender": map[string]any{"id": 246845883529197922}, "message": map[string]any{"text": "a", "msg_id": 12}})
		}, []heard{{"zalo:246845883529197922", "a", "", ""}}, nil},
		{"a person without an id", func() {
			o.Emit("user_send_text", map[string]any{"sender": map[string]any{}, "message": map[string]any{"text": "a", "msg_id": "x"}})
		}, nil, nil},
		{"a person with an odd id", func() {
			o.Emit("user_send_text", map[string]any{"sender": map[string]any{"id": "a b:{}"}, "message": map[string]any{"text": "a", "msg_id": "x"}})
		}, nil, nil},
		{"group", func() {
			o.Emit("user_send_group_text", map[string]any{"sender": map[string]any{"id": "1"}, "message": map[string]any{"text": "a", "msg_id": "x"}})
		}, nil, nil},
	} {
		o.heard = nil
		before := len(o.records.Calls())
		attempts := len(o.Attempts())
		c.do()
		o.Deliver(t.Context())
		var got []heard
		for _, in := range o.heard {
			h := heard{in.Contact.String(), in.Text, in.Tap, ""}
			if s := in.Shared; s != nil {
				h.Text, h.Media = strings.Join([]string{s.Name, s.Phone, s.Ward, s.Address}, " "), "shared"
			}
			if in.Media != nil {
				h.Media = in.Media.Kind
			}
			got = append(got, h)
			if in.Update == "" || !in.At.Equal(o.clock.Now()) {
				t.Errorf("%s: %+v", c.name, in)
			}
		}
		if diff := cmp.Diff(c.heard, got); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
		if diff := cmp.Diff(c.calls, append([]string(nil), o.records.Calls()[before:]...)); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
		if a := o.Attempts()[attempts:]; len(a) != 1 || a[0].Status != 200 {
			t.Errorf("%s: %+v", c.name, a)
		}
	}
	for _, m := range o.records.Media() {
		if m.Ref == "" || m.Kind == "" {
			t.Errorf("%+v", m)
		}
		if m.Kind == "location" && m.Ref != "21.2716,107.2856" {
			t.Errorf("%+v", m)
		}
	}
}

func TestEventsThatAreOnlyTaken(t *testing.T) {
	o := open(t)
	for _, name := range strings.Fields(`user_reacted_message oa_reacted_message add_user_to_tag remove_user_from_tag remove_tag update_user_info
		oa_send_consent user_reply_consent user_call_oa oa_call_user widget_interaction_accepted extension_purchased change_template_status
		change_oa_daily_quota oa_send_group_text user_join_group something_new`) {
		o.Emit(name, map[string]any{"sender": map[string]any{"id": "1"}, "recipient": map[string]any{"id": o.OAID}})
	}
	o.Deliver(t.Context())
	if slices.ContainsFunc(statuses(o), func(s int) bool { return s != 200 }) || len(o.heard) != 0 || len(o.records.Calls()) != 0 {
		t.Errorf("%v %v %v", statuses(o), o.heard, o.records.Calls())
	}
}

func TestAButtonComesBackAsATap(t *testing.T) {
	o := open(t)
	o.Say("1", "chào")
	o.Deliver(t.Context())
	for _, p := range o.account.Render(bubbles("chọn", options(7))) {
		if _, e := o.send(t, "1", p); e != nil {
			t.Fatal(e)
		}
	}
	o.Lose()
	if err := o.Tap("1", "2. Nghề số 2"); err != nil {
		t.Fatal(err)
	}
	o.Deliver(t.Context())
	if in := o.heard[len(o.heard)-1]; in.Tap != "trade/q=2" || in.Text != "Nghề số 2" {
		t.Errorf("%+v", in)
	}
}

func TestRepeatsDisorderAndRetries(t *testing.T) {
	o := open(t)
	o.Deliveries(fakezalo.Delivery{Prefix: true, Repeat: 4, Shuffle: rand.New(rand.NewPCG(1, 2))})
	for i := range 20 {
		o.Say("1", fmt.Sprint("câu ", i))
	}
	o.Deliver(t.Context())
	keys := map[string]int{}
	for _, in := range o.heard {
		keys[in.Turn()]++
	}
	if len(o.heard) != 100 || len(keys) != 20 {
		t.Errorf("%d heard under %d keys", len(o.heard), len(keys))
	}

	t.Run("what could not be kept is not confirmed, and comes again", func(t *testing.T) {
		o := open(t)
		o.Deliveries(fakezalo.Delivery{Prefix: true, RetryAnswers: true})
		o.refuse = errors.New("store is down")
		o.Say("1", "chào")
		o.Deliver(t.Context())
		o.clock.Pass(30 * time.Second)
		o.Deliver(t.Context())
		o.refuse = nil
		for range 4 {
			o.clock.Pass(time.Hour)
			o.Deliver(t.Context())
		}
		if got := statuses(o); !slices.Equal(got, []int{503, 503, 200}) || len(o.heard) != 1 {
			t.Errorf("%v, %d heard", got, len(o.heard))
		}
		if a := o.Attempts()[2]; a.NumRetry != 2 {
			t.Errorf("%+v", a)
		}
	})
	t.Run("each record that is down", func(t *testing.T) {
		for _, call := range []string{"withdrawn", "reachable", "media", "settle", "wrote"} {
			o := open(t)
			o.records.Before = func(c string) error {
				if c == call {
					return errors.New("down")
				}
				return nil
			}
			o.Withdraw("1")
			o.Follow("1")
			o.Send("1", "image", "")
			o.Human("1", "7", "chào")
			o.Say("1", "chào")
			o.Emit("oa_send_text", map[string]any{"sender": map[string]any{"id": o.OAID}, "recipient": map[string]any{"id": "1"}, "message": map[string]any{"msg_id": "m", "text": "x"}})
			o.Deliver(t.Context())
			if !slices.Contains(statuses(o), 503) {
				t.Errorf("%s: %v", call, statuses(o))
			}
		}
	})
}

func TestOldEventsAreNotTaken(t *testing.T) {
	o := open(t)
	for _, c := range []struct {
		age   time.Duration
		heard int
	}{{0, 1}, {111 * time.Minute, 1}, {4 * time.Hour, 0}, {-5 * time.Minute, 1}, {-time.Hour, 0}} {
		o.heard = nil
		at := fmt.Sprint(o.clock.Now().Add(-c.age).UnixMilli())
		body := fmt.Sprintf(`{"app_id":%q,"sender":{"id":"1"},"event_name":"user_send_text","message":{"text":"a","msg_id":"m"},"timestamp":%q}`, o.AppID, at)
		if got := o.post(t, body, "X-ZEvent-Signature", fakezalo.Sign(o.AppID, []byte(body), at, o.OASecret)); got != 200 {
			t.Errorf("%v old: %d", c.age, got)
		}
		if len(o.heard) != c.heard {
			t.Errorf("%v old: %d heard", c.age, len(o.heard))
		}
		if len(o.heard) == 1 && o.heard[0].At.After(o.clock.Now()) {
			t.Errorf("%v old: heard in the future", c.age)
		}
	}
}

func TestTheEchoSettlesAndAHumanIsHeard(t *testing.T) {
	o := open(t)
	o.Say("1", "chào")
	r, _ := o.send(t, "1", o.account.Render(bubbles("chào bác", nil))[0])
	o.Deliver(t.Context())
	if got := o.records.Calls(); !slices.Equal(got, []string{"settle zalo:1 " + r.MessageID + " chào bác"}) {
		t.Fatalf("%q", got)
	}
	o.Human("1", "777", "Chào chị, em là Hoa ở xã")
	o.Say("1", "alo")
	o.Deliver(t.Context())
	if got := o.records.Calls(); !slices.Contains(got, "wrote zalo:1 Chào chị, em là Hoa ở xã") {
		t.Errorf("%q", got)
	}
	if n := len(o.heard); n != 2 {
		t.Errorf("%d messages of the person were heard: what they say to the office is filed too", n)
	}
	o.webhook.Humans, o.webhook.Settle = nil, nil
	o.Human("1", "777", "x")
	o.Emit("oa_send_text", map[string]any{"sender": map[string]any{"id": o.OAID}, "recipient": map[string]any{"id": "1"}, "message": map[string]any{"msg_id": "m"}})
	o.Deliver(t.Context())
	if slices.ContainsFunc(statuses(o), func(s int) bool { return s != 200 }) {
		t.Error(statuses(o))
	}
}

func FuzzEvent(f *testing.F) {
	for _, body := range []string{
		`{}`, `null`, `{"event_name":"follow","follower":{"id":"1"},"oa_id":"2","app_id":"3","timestamp":"4"}`,
		`{"app_id":"360846524940903967","sender":{"id":"246845883529197922"},"user_id_by_app":"552177279717587730","recipient":{"id":"388613280878808645"},"event_name":"user_send_text","message":{"text":"message","msg_id":"96d3cdf3af150460909"},"timestamp":"1543908534740"}`,
		`{"sender":{"id":1},"event_name":"user_send_location","message":{"msg_id":2,"attachments":[{"type":"location","payload":{"coordinates":{"latitude":1.5,"longitude":"106"}}}]},"timestamp":1}`,
		`{"sender":{"id":"1"},"event_name":"user_submit_info","info":{"phone":84912345678,"full_address":{"user_ward":"Ba Chẽ"}}}`,
		`{"sender":{"id":"1"},"event_name":"user_send_business_card","message":{"attachments":[{"type":"link","payload":{"description":"{\"phone\":1}"}}]}}`,
		`{"event_name":"oa_send_text","sender":{"id":"1","admin_id":"2"},"recipient":{"id":"3"},"message":{"msg_id":"4"}}`,
		`{"event_name":"user_seen_message","sender":{"id":"1"},"message":{"msg_ids":["a",1]}}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		e, err := zalo.DecodeWith(tapKey, []byte(body))
		if err != nil {
			if json.Valid([]byte(body)) && strings.HasPrefix(strings.TrimSpace(body), "{}") {
				t.Fatal(err)
			}
			return
		}
		if e.Kind != zalo.Ignored && (e.Contact.ID == "" || len(e.Contact.ID) > 200 || e.Key == "" || len(e.Key) > 200) {
			t.Fatalf("%+v", e)
		}
		if len(e.Media) > 20 {
			t.Fatalf("%d media", len(e.Media))
		}
	})
}

func FuzzSignature(f *testing.F) {
	body := `{"app_id":"1","timestamp":"2","oa_id":"3"}`
	f.Add("mac="+fakezalo.Sign("1", []byte(body), "2", "secret"), body, "")
	f.Add(fakezalo.Sign("3", []byte(body), "5", "secret"), body, "5")
	f.Add("mac = zz", `{}`, "")
	f.Fuzz(func(t *testing.T, signature, body, header string) {
		if zalo.Signed(signature, []byte(body), header, "secret") == "" {
			return
		}
		// Whatever fits was made with the secret, over exactly these bytes.
		if zalo.Signed(signature, []byte(body), header, "another secret") != "" || zalo.Signed(signature, []byte(body+" "), header, "secret") != "" {
			t.Fatalf("%q fits %q", signature, body)
		}
		if !strings.HasPrefix(body, `{"app_id":"1","timestamp":"2","oa_id":"3"}`) {
			t.Fatalf("%q fits %q", signature, body)
		}
	})
}

func FuzzTap(f *testing.F) {
	f.Add(zalo.Payload(tapKey, options(1)[0]))
	f.Add("#nghe:0123456789ab a|b")
	f.Add("#nghe: |")
	f.Fuzz(func(t *testing.T, text string) {
		if _, tap := zalo.ReadTap(tapKey, text); tap != "" && !strings.Contains(text, zalo.Payload(tapKey, options(1)[0])[:18]) {
			t.Fatalf("%q is taken for a tap", text)
		}
	})
}

var _ http.Handler = (*zalo.Webhook)(nil)

// blocked is a store that does not answer.
type blocked struct{}

func (blocked) Accept(ctx context.Context, _ bot.Incoming) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestZaloIsAnsweredWithinTwoSeconds(t *testing.T) {
	o := open(t)
	at := fmt.Sprint(o.clock.Now().UnixMilli())
	body := fmt.Sprintf(`{"app_id":%q,"sender":{"id":"1"},"event_name":"user_send_text","message":{"text":"a","msg_id":"m"},"timestamp":%q}`, o.AppID, at)
	mac := fakezalo.Sign(o.AppID, []byte(body), at, o.OASecret)
	o.webhook.Accept = blocked{}
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if got := o.post(t, body, "X-ZEvent-Signature", mac); got != http.StatusServiceUnavailable {
			t.Errorf("%d", got)
		}
		if took := time.Since(began); took == 0 || took > 2*time.Second {
			t.Errorf("after %v", took)
		}
	})
}
