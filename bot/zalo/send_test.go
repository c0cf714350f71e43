package zalo_test

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"nghe/bot"
	fakezalo "nghe/bot/bottest/zalo"
	"nghe/bot/zalo"
	"nghe/dialog"
)

func options(n int) []dialog.Option {
	var list []dialog.Option
	for i := range n {
		list = append(list, dialog.Option{Label: fmt.Sprintf("Nghề số %d", i+1), Tap: fmt.Sprintf("trade/q=%d", i+1)})
	}
	return list
}

func TestRender(t *testing.T) {
	o := open(t)
	t.Run("one message of a turn, which ends with its options", func(t *testing.T) {
		parts := o.account.Render([]bot.Bubble{{Text: "một"}, {Text: "hai", Options: options(5)}, {Text: "ba"}})
		if len(parts) != 2 || parts[0].Text != "một\n\nhai" || len(parts[0].Options) != 5 || len(parts[1].Options) != 0 || parts[1].Text != "ba" {
			t.Errorf("%+v", parts)
		}
	})
	t.Run("more than five options: all have their number", func(t *testing.T) {
		parts := o.account.Render([]bot.Bubble{{Text: "chọn", Options: options(7)}})
		if len(parts) != 1 || parts[0].Text != "chọn\n\n6. Nghề số 6\n7. Nghề số 7" || len(parts[0].Options) != 5 {
			t.Fatalf("%+v", parts)
		}
		o.Say("1", "chào")
		if _, e := o.send(t, "1", parts[0]); e != nil {
			t.Fatal(e)
		}
		sent := o.Sent()
		if b := sent[len(sent)-1].Buttons; b[0].Title != "1. Nghề số 1" || b[4].Title != "5. Nghề số 5" || b[0].Type != "oa.query.hide" {
			t.Errorf("%+v", b)
		}
	})
	t.Run("leaving it open needs no button where the answers take all", func(t *testing.T) {
		skip := dialog.Option{Label: "Bỏ qua", Value: dialog.Skipped().String(), Tap: "f/s=?"}
		for text, want := range map[string]string{"Thích gì?": "Thích gì?\n\ngõ “bỏ qua”", "Thích gì? Không thì bỏ qua.": "Thích gì? Không thì bỏ qua."} {
			parts := o.account.Render([]bot.Bubble{{Text: text, Options: append(options(5), skip)}})
			if len(parts) != 1 || parts[0].Text != want || len(parts[0].Options) != 5 || o.account.Labels(parts[0])[0] != "Nghề số 1" {
				t.Errorf("%+v", parts)
			}
		}
		parts := o.account.Render([]bot.Bubble{{Text: "Thích gì?", Options: append(options(4), skip)}})
		if len(parts[0].Options) != 5 || parts[0].Text != "Thích gì?" {
			t.Errorf("%+v", parts)
		}
	})
	t.Run("a long label is shortened on the button only", func(t *testing.T) {
		label := "Sửa chữa máy nông nghiệp và máy thuỷ ở Ba Chẽ"
		o.Say("1", "chào")
		if _, e := o.send(t, "1", bot.Part{Text: "chọn", Options: []dialog.Option{{Label: label, Tap: "t"}}}); e != nil {
			t.Fatal(e)
		}
		sent := o.Sent()
		b := sent[len(sent)-1].Buttons[0]
		if utf8.RuneCountInString(b.Title) > fakezalo.MaxTitle || !strings.HasSuffix(b.Title, "…") {
			t.Errorf("%q", b.Title)
		}
		if got, tap := zalo.ReadTap(tapKey, b.Payload); got != label || tap != "t" {
			t.Errorf("%q %q", got, tap)
		}
	})
	if can := o.account.Can(); can.Buttons != 5 || can.TextLimit != 2000 || can.TextUnit != "runes" || can.Window != 7*24*time.Hour || !can.JoinsBubbles {
		t.Errorf("%+v", can)
	}
}

// Whatever is said: Zalo takes every part, nothing is lost, every option can
// be tapped or typed, and a tap comes back as it was made.
func TestZaloTakesWhateverIsRendered(t *testing.T) {
	o := open(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringN(1, 50, -1), rapid.StringOfN(rapid.RuneFrom([]rune("nghề học. \n")), 1, 6000, -1)).Draw(t, "text")
		label := rapid.StringN(1, 60, -1).Filter(func(s string) bool { return strings.TrimSpace(s) != "" && !strings.Contains(s, "\x00") })
		n := rapid.IntRange(0, 12).Draw(t, "options")
		var list []dialog.Option
		for i := range n {
			list = append(list, dialog.Option{Label: label.Draw(t, "label"), Tap: fmt.Sprint("flow:a/b=", i)})
		}
		if strings.Contains(text, "\x00") || strings.TrimSpace(text) == "" {
			text = "x" + strings.ReplaceAll(text, "\x00", "")
		}
		parts := o.account.Render([]bot.Bubble{{Text: text, Options: list}})
		if again := o.account.Render([]bot.Bubble{{Text: text, Options: list}}); fmt.Sprint(again) != fmt.Sprint(parts) {
			t.Fatal("rendered twice, it differs")
		}
		before := len(o.Sent())
		o.Say("1", "chào")
		for _, p := range parts {
			if _, err := o.account.Send(t.Context(), person("1"), p); err != nil {
				t.Fatalf("%+v: %v", p, err)
			}
		}
		o.Lose()
		sent := o.Sent()[before:]
		var all strings.Builder
		for _, m := range sent {
			all.WriteString(m.Text)
		}
		buttons := sent[len(sent)-1].Buttons
		for i, want := range list {
			if i < 5 {
				got, tap := zalo.ReadTap(tapKey, buttons[i].Payload)
				if tap != want.Tap || got != strings.TrimSpace(norm.NFC.String(want.Label)) {
					t.Fatalf("%q %q of %+v", got, tap, want)
				}
				continue
			}
			if !strings.Contains(all.String(), fmt.Sprintf("%d. ", i+1)) {
				t.Fatalf("option %d can't be reached: %q", i+1, all.String())
			}
		}
	})
}

func TestTaps(t *testing.T) {
	key, other := tapKey, []byte("another key 0123")
	o := dialog.Option{Label: "Hàn | điện", Tap: "trade/q=han"}
	payload := zalo.Payload(key, o)
	for _, c := range []struct{ name, text, label, tap string }{
		{"ours", payload, o.Label, o.Tap},
		{"ours with white space", " " + payload + "\n", o.Label, o.Tap},
		{"made with another key", zalo.Payload(other, o), o.Label, ""},
		{"changed", strings.Replace(payload, "q=han", "q=may", 1), o.Label, ""},
		{"cut", payload[:15], payload[:15], ""},
		{"typed", "trade/q=han", "trade/q=han", ""},
		{"mark only", "#nghe:", "#nghe:", ""},
		{"other sign", "#prices", "#prices", ""},
	} {
		if label, tap := zalo.ReadTap(key, c.text); label != c.label || tap != c.tap {
			t.Errorf("%s: %q %q", c.name, label, tap)
		}
	}
	long := dialog.Option{Label: strings.Repeat("ề", 2000), Tap: "t"}
	if p := zalo.Payload(key, long); utf8.RuneCountInString(p) > 1000 {
		t.Errorf("%d characters", utf8.RuneCountInString(p))
	} else if _, tap := zalo.ReadTap(key, p); tap != "t" {
		t.Error("a shortened payload is not known again")
	}
}

// Every code of the table has its answer.
func TestErrorsOfZalo(t *testing.T) {
	// 15:00 in Vietnam, on the minute.
	for _, c := range []struct {
		code   int
		next   bot.Next
		after  time.Duration
		scope  bot.Scope
		reason string
	}{
		{-32, bot.Again, 61 * time.Second, bot.WholeBot, "rate"},
		{-100, bot.Never, 0, bot.ThisChat, "attachment"},
		{-200, bot.Again, 0, bot.ThisChat, "failed"},
		{-201, bot.Never, 0, bot.ThisChat, "invalid"},
		{-204, bot.Halt, 0, bot.WholeBot, "disabled"},
		{-205, bot.Halt, 0, bot.WholeBot, "disabled"},
		{-209, bot.Halt, 0, bot.WholeBot, "app"},
		{-210, bot.Never, 0, bot.ThisChat, "invalid"},
		{-211, bot.Never, 0, bot.ThisChat, "quota"},
		{-212, bot.Halt, 0, bot.WholeBot, "app"},
		{-213, bot.Gone, 0, bot.ThisChat, "not-following"},
		{-214, bot.Never, 0, bot.ThisChat, "invalid"},
		{-217, bot.Gone, 0, bot.ThisChat, "blocked"},
		{-218, bot.Again, 15*time.Hour + time.Minute, bot.ThisChat, "day-quota"},
		{-219, bot.Halt, 0, bot.WholeBot, "app"},
		{-221, bot.Halt, 0, bot.WholeBot, "tier"},
		{-223, bot.Halt, 0, bot.WholeBot, "app"},
		{-224, bot.Halt, 0, bot.WholeBot, "tier"},
		{-227, bot.Gone, 0, bot.ThisChat, "inactive"},
		{-230, bot.Gone, 0, bot.ThisChat, "window"},
		{-231, bot.Gone, 0, bot.ThisChat, "window"},
		{-232, bot.Gone, 0, bot.ThisChat, "window"},
		{-233, bot.Never, 0, bot.ThisChat, "invalid"},
		{-234, bot.Again, 15*time.Hour + time.Minute, bot.ThisChat, "night"},
		{-235, bot.Halt, 0, bot.WholeBot, "app"},
		{-237, bot.Never, 0, bot.ThisChat, "invalid"},
		{-240, bot.Halt, 0, bot.WholeBot, "api"},
		{-242, bot.Halt, 0, bot.WholeBot, "proof"},
		{-244, bot.Gone, 0, bot.ThisChat, "opted-out"},
		{-248, bot.Never, 0, bot.ThisChat, "standards"},
		{-249, bot.Never, 0, bot.ThisChat, "template"},
		{-320, bot.Never, 0, bot.ThisChat, "money"},
		{-321, bot.Never, 0, bot.ThisChat, "money"},
		{-403, bot.Never, 0, bot.ThisChat, "invalid"},
		// Of templates.
		{-108, bot.Never, 0, bot.ThisChat, "invalid"},
		{-114, bot.Gone, 0, bot.ThisChat, "inactive"},
		{-115, bot.Never, 0, bot.ThisChat, "money"},
		{-118, bot.Gone, 0, bot.ThisChat, "inactive"},
		{-119, bot.Gone, 0, bot.ThisChat, "inactive"},
		{-131, bot.Never, 0, bot.ThisChat, "template"},
		{-133, bot.Again, 15*time.Hour + time.Minute, bot.ThisChat, "night"},
		{-139, bot.Gone, 0, bot.ThisChat, "blocked"},
		{-141, bot.Gone, 0, bot.ThisChat, "blocked"},
		{-144, bot.Again, 15*time.Hour + time.Minute, bot.ThisChat, "day-quota"},
		{-9999, bot.Never, 0, bot.ThisChat, "refused"},
	} {
		o := open(t)
		o.Say("1", "chào")
		o.Fail(fakezalo.Fault{Path: "/message/cs", Code: c.code})
		_, e := o.send(t, "1", bot.Part{Text: "chào"})
		if e == nil || e.Next != c.next || e.After != c.after || e.Scope != c.scope || e.Reason != c.reason {
			t.Errorf("%d: %+v", c.code, e)
		}
		if n := len(o.Sent()); n != 0 {
			t.Errorf("%d: %d messages were sent", c.code, n)
		}
	}
}

func TestNight(t *testing.T) {
	o := open(t)
	o.Say("1", "chào")
	o.clock.Pass(10 * time.Hour) // 01:00
	o.Fail(fakezalo.Fault{Path: "/message/cs", Code: -234, Times: 2})
	if _, e := o.send(t, "1", bot.Part{Text: "x"}); e.After != 5*time.Hour+time.Minute {
		t.Errorf("at 1 in the morning: after %v", e.After)
	}
	o.clock.Pass(-3 * time.Hour) // 22:00
	if _, e := o.send(t, "1", bot.Part{Text: "x"}); e.After != 8*time.Hour+time.Minute {
		t.Errorf("at 10 in the evening: after %v", e.After)
	}
}

func TestWhoMayBeWrittenTo(t *testing.T) {
	o := open(t, func(s *fakezalo.Settings) { s.Package = 1; s.Unpaid = true })
	o.Say("1", "chào")
	p := bot.Part{Text: "chào"}
	for _, step := range []struct {
		pass   time.Duration
		reason string
	}{
		{47 * time.Hour, ""},
		{time.Hour, ""},
		{time.Hour, ""},      // of the package
		{time.Hour, "quota"}, // and it is used up
		{6 * 24 * time.Hour, "window"},
	} {
		o.clock.Pass(step.pass)
		if r, e := o.send(t, "1", p); step.reason == "" && (e != nil || r.MessageID == "") || step.reason != "" && (e == nil || e.Reason != step.reason) {
			t.Errorf("after %v: %v %v", step.pass, r, e)
		}
	}
	if _, e := o.send(t, "2", p); e == nil || e.Reason != "invalid" {
		t.Errorf("a stranger: %v", e)
	}
	o.Refuse("1", -213)
	if _, e := o.send(t, "1", p); e == nil || e.Next != bot.Gone {
		t.Error(e)
	}
}

func TestARefusedTokenIsExchangedAndTheMessageGoesOnce(t *testing.T) {
	o := open(t)
	o.Say("1", "chào")
	o.token(t, o.keeper)
	o.clock.Pass(2 * time.Minute)
	o.RevokeAccess()
	if _, e := o.send(t, "1", bot.Part{Text: "x"}); e != nil {
		t.Fatal(e)
	}
	if n := len(o.Sent()); n != 1 {
		t.Errorf("%d messages", n)
	}
	o.Fail(fakezalo.Fault{Path: "/message/cs", Code: -220, Times: 2})
	o.clock.Pass(2 * time.Minute)
	if _, e := o.send(t, "1", bot.Part{Text: "x"}); e == nil || e.Next != bot.Again || e.Scope != bot.WholeBot || e.Reason != "token" {
		t.Errorf("refused twice: %v", e)
	}
	o.asked(t, 3, 3)
	o.RevokeRefresh()
	o.RevokeAccess()
	o.clock.Pass(2 * time.Minute)
	if _, e := o.send(t, "1", bot.Part{Text: "x"}); e == nil || e.Next != bot.Halt || !errors.Is(e, zalo.ErrDead) {
		t.Errorf("no refresh token works: %v", e)
	}
}

func TestWhatMayHaveArrivedIsDoubtful(t *testing.T) {
	for name, f := range map[string]fakezalo.Fault{
		"broken off after":  {Drop: fakezalo.DropAfter},
		"broken off before": {Drop: fakezalo.DropBefore}, // we can't know
		"a proxy's page":    {Status: 502, Body: "<html>"},
		"an empty page":     {Status: 200},
		"no error code":     {Status: 200, Body: `{"data":{}}`},
	} {
		o := open(t)
		o.Say("1", "chào")
		f.Path = "/message/cs"
		o.Fail(f)
		if _, e := o.send(t, "1", bot.Part{Text: "x"}); e == nil || e.Next != bot.Doubtful {
			t.Errorf("%s: %v", name, e)
		}
	}
	t.Run("what was never written goes again", func(t *testing.T) {
		o := open(t)
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		nobody := "http://" + l.Addr().String()
		l.Close()
		o.token(t, o.keeper)
		a := zalo.New(zalo.Settings{API: nobody, TapKey: tapKey, Keeper: o.keeper, Now: o.clock.Now, Log: o.log, Zone: zone})
		_, err = a.Send(t.Context(), person("1"), bot.Part{Text: "x"})
		var e *bot.SendError
		if !errors.As(err, &e) || e.Next != bot.Again || e.Reason != "connection" || e.After == 0 {
			t.Errorf("%v", err)
		}
	})
}

func TestThePaceOfTheApp(t *testing.T) {
	o := open(t, func(s *fakezalo.Settings) { s.PerMinute = 3 })
	o.Say("1", "chào")
	for range 3 {
		if _, e := o.send(t, "1", bot.Part{Text: "x"}); e != nil {
			t.Fatal(e)
		}
	}
	// The third answer said that none is left: nothing is tried.
	o.clock.Pass(20 * time.Second)
	if _, e := o.send(t, "1", bot.Part{Text: "x"}); e == nil || e.Reason != "rate" || e.After != 41*time.Second || e.Scope != bot.WholeBot {
		t.Errorf("%+v", e)
	}
	o.clock.Pass(41 * time.Second)
	if _, e := o.send(t, "1", bot.Part{Text: "x"}); e != nil {
		t.Error(e)
	}
}

func TestTemplatesAreCapped(t *testing.T) {
	o := open(t)
	o.Say("1", "chào")
	o.clock.Pass(30 * 24 * time.Hour) // far beyond every window
	p := templatePart(o, bot.Template{ID: "t1", Data: map[string]string{"name": "Lý Thị Mẩy"}, Dong: 400}, "Chị Mẩy ơi, lớp mở rồi")
	for i, want := range []string{"", "", "budget"} {
		if _, e := o.send(t, "1", p); (e == nil) != (want == "") || e != nil && (e.Reason != want || e.Next != bot.Never) {
			t.Errorf("message %d: %v", i, e)
		}
	}
	t.Run("each refusal is counted, the first alarms", func(t *testing.T) {
		for range 2 {
			o.send(t, "1", p)
		}
		if told := o.told(); strings.Count(told, "level=ERROR") != 1 || !strings.Contains(told, `reason=budget cap=1000 "refused this month"=3`) {
			t.Error(told)
		}
		o.clock.Pass(31 * 24 * time.Hour)
		for range 3 {
			o.send(t, "1", p)
		}
		if told := o.told(); strings.Count(told, "level=ERROR") != 2 || strings.Count(told, `"refused this month"=1 `) != 2 {
			t.Error("a new month has no alarm of its own:", told)
		}
		o.records.Reset()
	})
	if n := len(o.Sent()); n != 4 || o.Sent()[0].Template != "t1" || o.Sent()[0].Data["name"] != "Lý Thị Mẩy" {
		t.Errorf("%+v", o.Sent())
	}
	t.Run("what was refused is given back, what is in doubt is not", func(t *testing.T) {
		o.Refuse("1", -244)
		if _, e := o.send(t, "1", p); e == nil || e.Reason != "opted-out" || o.records.Spent(o.clock.Now()) != 0 {
			t.Errorf("%v, %d spent", e, o.records.Spent(o.clock.Now()))
		}
		o.Refuse("1", 0)
		o.Fail(fakezalo.Fault{Path: "/template", Drop: fakezalo.DropAfter})
		if _, e := o.send(t, "1", p); e == nil || e.Next != bot.Doubtful || o.records.Spent(o.clock.Now()) != 400 {
			t.Errorf("%v, %d spent", e, o.records.Spent(o.clock.Now()))
		}
	})
	t.Run("without a cap none goes", func(t *testing.T) {
		a := zalo.New(zalo.Settings{API: o.url, TapKey: tapKey, Keeper: o.keeper, Now: o.clock.Now, Log: o.log, Zone: zone, Budget: o.records})
		_, err := a.Send(t.Context(), person("1"), p)
		var e *bot.SendError
		if !errors.As(err, &e) || e.Reason != "budget" {
			t.Errorf("%v", err)
		}
	})
	t.Run("when records are down it waits", func(t *testing.T) {
		o.records.Before = func(string) error { return errors.New("down") }
		if _, e := o.send(t, "1", p); e == nil || e.Next != bot.Again {
			t.Errorf("%v", e)
		}
		o.records.Before = nil
	})
	if _, e := o.send(t, "1", templatePart(o, bot.Template{ID: "unknown", Dong: 1}, "x")); e == nil || e.Reason != "template" {
		t.Errorf("%v", e)
	}
}

func TestPicturesRequestsAndAnonymousPeople(t *testing.T) {
	o := open(t)
	o.Say("1", "chào")
	form := o.account.Render([]bot.Bubble{
		{From: bot.FromBot, Text: "Vâng."},
		{From: bot.FromBot, Text: "Bác cho cháu xin số để tư vấn viên gọi nhé", Form: true},
		{From: bot.FromBot, Text: "Còn gì nữa không ạ?"},
	})
	if len(form) != 2 || form[1].Text != "Còn gì nữa không ạ?" {
		t.Fatalf("%+v", form)
	}
	for i, p := range []bot.Part{zalo.Image("https://example.com/a.jpg", "Lớp hàn"), form[0]} {
		if _, e := o.send(t, "1", p); e != nil {
			t.Fatal(e)
		}
		if got := o.Sent()[i]; got.Kind != []string{"image", "request_user_info"}[i] || got.Text != p.Text {
			t.Errorf("%+v", got)
		}
	}
	o.Lose()
	o.SayAnonymous("a-1", "c-1", "học nghề gì")
	o.Deliver(t.Context())
	if len(o.heard) != 1 || o.heard[0].Text != "học nghề gì" {
		t.Fatalf("%+v", o.heard)
	}
	if _, e := o.send(t, o.heard[0].Contact.ID, bot.Part{Text: "chào", Options: options(2)}); e != nil {
		t.Fatal(e)
	}
	if o.account.Shares(o.heard[0].Contact) != nil || o.account.Shares(person("1")) == nil {
		t.Error("who can be sent a form?")
	}
	if m := o.Sent()[2]; m.To != "a-1" || m.Text != "chào\n\n1. Nghề số 1\n2. Nghề số 2" {
		t.Errorf("%+v", m)
	}
	if _, e := o.send(t, "1", bot.Part{Text: "x", Raw: []byte("{")}); e == nil || e.Next != bot.Never {
		t.Error(e)
	}
	if name, err := o.account.Check(t.Context()); name == "" || err != nil {
		t.Error(name, err)
	}
}
