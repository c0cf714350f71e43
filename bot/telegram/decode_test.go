package telegram

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"nghe/bot"
	"nghe/bot/bottest"
	"nghe/dialog"
)

var an = bot.Contact{Channel: "telegram", ID: "5550001"}

const (
	sender = `"from":{"id":5550001,"is_bot":false,"first_name":"An","last_name":"Nguyen","username":"an_ng","language_code":"vi"},"chat":{"id":5550001,"first_name":"An","last_name":"Nguyen","username":"an_ng","type":"private"},"date":1795300000`
	inTeam = `"from":{"id":5550001,"is_bot":false,"first_name":"An"},"chat":{"id":-7,"title":"Lớp","type":"group"},"date":1795300000`
	member = `"chat":{"id":5550001,"first_name":"An","type":"private"},"from":{"id":5550001,"is_bot":false,"first_name":"An"},"date":1795300020`
)

func said41(text, tap string) heard {
	return heard{kind: said, chat: 5550001, message: 41, in: bot.Incoming{Contact: an, Text: text, Tap: tap}}
}

func shown41(kind, ref, caption, group string) heard {
	h := said41(caption, "")
	h.in.Media = &bot.Media{Kind: kind, Ref: ref, Group: group}
	return h
}

func shared41(phone string) heard {
	h := said41("", "")
	h.in.Shared = &dialog.Shared{Phone: phone}
	return h
}

func quoting41(text, quote string) heard {
	h := said41(text, "")
	h.in.Quote = quote
	return h
}

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       heard
	}{
		{"text", `"message":{"message_id":41,` + sender + `,"text":"hoc nghe gi"}`, said41("hoc nghe gi", "")},
		{"text with unknown things beside it", `"message":{"message_id":41,` + sender + `,"text":"a","brand_new":{"x":[1]},"link_preview_options":{"is_disabled":true}},"stopped_message_generation":{}`, said41("a", "")},
		{"answer to a message", `"message":{"message_id":41,` + sender + `,"text":"vâng","reply_to_message":{"message_id":7,"from":{"id":1,"is_bot":true},"text":"#12 lớp nào gần?"}}`, quoting41("vâng", "#12 lớp nào gần?")},
		{"answer to a picture", `"message":{"message_id":41,` + sender + `,"text":"vâng","reply_to_message":{"message_id":7,"photo":[{"file_id":"s"}]}}`, quoting41("vâng", "…")},
		{"start by a link", `"message":{"message_id":41,` + sender + `,"text":"/start course_course_01J8ZQ","entities":[{"offset":0,"length":6,"type":"bot_command"}]}`, said41("/start course_course_01J8ZQ", "flow:course?course=01J8ZQ")},
		{"start", `"message":{"message_id":41,` + sender + `,"text":"/start"}`, said41("/start", "do:restart")},
		{"voice", `"message":{"message_id":41,` + sender + `,"voice":{"file_id":"v1","file_unique_id":"u","duration":2}}`, shown41("voice", "v1", "", "")},
		{"photo, the largest, with words", `"message":{"message_id":41,` + sender + `,"media_group_id":"g","caption":"giấy này","photo":[{"file_id":"s","width":1,"height":1},{"file_id":"l","width":9,"height":9}]}`, shown41("photo", "l", "giấy này", "g")},
		{"sticker", `"message":{"message_id":41,` + sender + `,"sticker":{"file_id":"k","type":"regular"}}`, shown41("other", "k", "", "")},
		{"dice", `"message":{"message_id":41,` + sender + `,"dice":{"emoji":"x","value":3}}`, shown41("other", "", "", "")},
		{"a story that is a list one day", `"message":{"message_id":41,` + sender + `,"story":[]}`, shown41("other", "", "", "")},
		{"own number", `"message":{"message_id":41,` + sender + `,"contact":{"phone_number":"84912345678","first_name":"An","user_id":5550001}}`, shared41("+84912345678")},
		{"number of another", `"message":{"message_id":41,` + sender + `,"contact":{"phone_number":"84912345678","first_name":"Bình","user_id":6}}`, shown41("card", "", "", "")},
		{"number of nobody", `"message":{"message_id":41,` + sender + `,"contact":{"phone_number":"84912345678","first_name":"Bình"}}`, shown41("card", "", "", "")},
		{"place", `"message":{"message_id":41,` + sender + `,"location":{"latitude":21.2,"longitude":107.2}}`, shown41("location", "", "", "")},
		{"note of the platform", `"message":{"message_id":41,` + sender + `,"pinned_message":{"message_id":1}}`, heard{chat: 5550001, message: 41, in: bot.Incoming{Contact: an}}},
		{"another bot", `"message":{"message_id":41,"from":{"id":9,"is_bot":true},"chat":{"id":9,"type":"private"},"date":1,"text":"x"}`, heard{chat: 9, message: 41}},
		{"edit", `"edited_message":{"message_id":41,` + sender + `,"edit_date":1795300009,"text":"hai"}`, heard{kind: edited, chat: 5550001, message: 41, in: bot.Incoming{Contact: an, Text: "hai"}}},
		{"in a group", `"message":{"message_id":41,` + inTeam + `,"text":"/menu@nghe_thu_bot"}`, heard{kind: inGroup, chat: -7, message: 41}},
		{"edit in a group", `"edited_message":{"message_id":41,` + inTeam + `,"text":"x"}`, heard{chat: -7, message: 41}},
		{"blocked", `"my_chat_member":{` + member + `,"old_chat_member":{"user":{"id":1,"is_bot":true,"first_name":"B"},"status":"member"},"new_chat_member":{"user":{"id":1,"is_bot":true,"first_name":"B"},"status":"kicked","until_date":0}}`, heard{kind: blocked, chat: 5550001, in: bot.Incoming{Contact: an}}},
		{"unblocked", `"my_chat_member":{` + member + `,"new_chat_member":{"status":"member"}}`, heard{kind: unblocked, chat: 5550001, in: bot.Incoming{Contact: an}}},
		{"put into a group", `"my_chat_member":{"chat":{"id":-7,"type":"supergroup"},"from":{"id":5},"new_chat_member":{"status":"administrator"}}`, heard{kind: inGroup, chat: -7}},
		{"thrown out of a group", `"my_chat_member":{"chat":{"id":-7,"type":"group"},"from":{"id":5},"new_chat_member":{"status":"kicked"}}`, heard{chat: -7}},
		{"unknown kind", `"subscription":{"a":1}`, heard{}},
		{"tap out of reach", `"callback_query":{"id":"77","from":{"id":5550001},"message":{"message_id":40,"chat":{"id":5550001,"type":"private"},"date":0},"chat_instance":"1","data":"f/a=x"}`,
			heard{kind: tapped, chat: 5550001, message: 40, query: "77", in: bot.Incoming{Contact: an, Tap: "f/a=x"}}},
		{"tap without message", `"callback_query":{"id":"77","from":{"id":5550001},"inline_message_id":"i","chat_instance":"1","data":"x"}`,
			heard{kind: tapped, chat: 5550001, query: "77", in: bot.Incoming{Contact: an, Tap: "x"}}},
		{"game button", `"callback_query":{"id":"77","from":{"id":5550001},"chat_instance":"1","game_short_name":"x"}`, heard{query: "77"}},
		{"tap in a group", `"callback_query":{"id":"77","from":{"id":5550001},"message":{"message_id":40,"chat":{"id":-7,"type":"group"},"date":9},"data":"x"}`, heard{query: "77"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := decode([]byte(`{"update_id":700000001,`+c.body+`}`), bottest.Start)
			if err != nil {
				t.Fatal(err)
			}
			c.want.id, c.want.in.Update, c.want.in.At = 700000001, "700000001", bottest.Start
			got.pressed = nil // looked at below
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("heard %+v\nwant  %+v", got, c.want)
			}
		})
	}
}

func TestATapKnowsWhatStoodOnTheButton(t *testing.T) {
	h, err := decode([]byte(`{"update_id":1,"callback_query":{"id":"1","from":{"id":5550001},"message":{"message_id":42,"chat":{"id":5550001,"type":"private"},"date":9,"text":"Chọn",
		"reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"},{"text":"✓ B","callback_data":"b"}]]}},"data":"b"}}`), bottest.Start)
	if err != nil || h.in.Text != "B" || h.message != 42 || h.pressed == nil || h.pressed.Text != "Chọn" {
		t.Errorf("heard %+v, %v", h, err)
	}
}

func TestCommands(t *testing.T) {
	for text, want := range map[string]string{
		"/menu": "flow:menu", "/MENU@nghe_thu_bot": "flow:menu", "/help": "do:help", "/trogiup": "do:help", "/stop": "do:stop", "/dung": "do:stop",
		"/gapnguoi": "do:human", "/dulieu": "do:my-data", "/start": "do:restart", "/start ": "do:restart",
		"/start trade-quiz": "flow:trade-quiz", "/start trade_trade_nuoi-hau": "flow:trade?trade=nuoi-hau",
		"/start course_course_01J_8": "flow:course?course=01J_8", "/start two_words": "do:restart", "/start không": "do:restart",
		"/start " + strings.Repeat("x", 64): "do:restart", // too long for a tap
		"/nosuch":                           "", "menu": "", "1/2": "", "": "",
	} {
		if got := command(text); got != want {
			t.Errorf("%q stands for %q, want %q", text, got, want)
		}
	}
	for _, c := range Commands {
		if len(c.Name) > 32 || strings.Trim(c.Name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			t.Errorf("Telegram refuses the command %q", c.Name)
		}
	}
}

// Whatever comes in, decoding ends without a panic, and what it gives can be
// handled: taps that fit, a contact that can be written to.
func FuzzDecode(f *testing.F) {
	files, err := filepath.Glob("testdata/updates/*.json")
	if err != nil || len(files) == 0 {
		f.Fatalf("no updates to begin with: %v", err)
	}
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		h, err := decode(body, bottest.Start)
		if err != nil {
			return
		}
		switch h.kind {
		case said, tapped, blocked, unblocked:
			if h.in.Contact.Channel != Name || h.in.Contact.ID == "" {
				t.Fatalf("nobody said %q", body)
			}
		}
		if h.kind == tapped {
			markOf(h)
		}
		if h.kind == said && len(h.in.Tap) > dataLimit || !utf8.ValidString(h.in.Update) {
			t.Fatalf("heard %+v", h)
		}
	})
}
