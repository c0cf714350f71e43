package unanswered_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"nghe/advice"
	"nghe/bot"
	"nghe/content"
	"nghe/course"
	"nghe/daily"
	"nghe/dialog"
	"nghe/unanswered"
	"nghe/understand"
)

var zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)

var reader = sync.OnceValue(func() *understand.Reader { return understand.New(content.MustBuiltin()) })

var shipped = sync.OnceValue(func() bot.Brain {
	lib, courses := content.MustBuiltin(), course.NewCatalogue(nil)
	whole := advice.WithCourses(lib, courses)
	return bot.Brain{Engine: dialog.New(whole, advice.Functions(lib, courses)), Reader: reader(), Library: whole}
})

// records note what is written.
type records struct {
	changes []unanswered.Change
	fails   error
	ripened time.Time
	dropped daily.Day
}

func (r *records) ChangeUnanswered(_ context.Context, c []unanswered.Change) error {
	if r.fails == nil {
		r.changes = append(r.changes, c...)
	}
	return r.fails
}
func (r *records) RipenOffers(_ context.Context, before time.Time) error {
	r.ripened = before
	return nil
}
func (r *records) DropUnanswered(_ context.Context, before daily.Day) error {
	r.dropped = before
	return nil
}

// talk is somebody who talks with the shipped content.
type talk struct {
	t       *testing.T
	session dialog.Session
	log     *unanswered.Log
	records *records
	at      time.Time
}

func newTalk(t *testing.T) *talk {
	r := &records{}
	return &talk{t: t, records: r, at: time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC),
		log: &unanswered.Log{Records: r, Zone: zone, Log: slog.New(slog.DiscardHandler)}}
}

// say says something and gives what it changed: “why text (flow/step)”.
func (p *talk) say(text string, more ...func(*bot.Kept)) string {
	p.t.Helper()
	brain := shipped()
	in := bot.Incoming{Contact: bot.Contact{Channel: "zalo", ID: "x"}, Text: text, At: p.at}
	after, events := brain.Engine.Respond(p.session, dialog.Utterance{Text: text, At: p.at}, brain.Reader)
	k := bot.Kept{In: in, Brain: brain, Before: p.session, After: after, Events: events}
	for _, change := range more {
		change(&k)
	}
	p.session, p.at = after, p.at.Add(time.Minute)
	p.log.Turn(k)
	p.records.changes = nil
	if err := p.log.Write(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	var told []string
	for _, c := range p.records.changes {
		switch waits := c.Contact != (bot.Contact{}); {
		case c.Settled:
			told = append(told, "settled")
		case waits != (c.Text.Why == unanswered.Offered):
			p.t.Errorf("%+v", c)
		case c.Text.Step != "":
			told = append(told, fmt.Sprintf("%s %s (%s/%s)", c.Text.Why, c.Text.Text, c.Text.Flow, c.Text.Step))
		default:
			told = append(told, fmt.Sprintf("%s %s", c.Text.Why, c.Text.Text))
		}
		if !c.Settled && (c.Text.Day != 20261124 || c.Text.Channel != "zalo") {
			p.t.Errorf("%+v", c)
		}
	}
	return strings.Join(told, "; ")
}

// What is kept of a turn, and what is not.
func TestWhatIsKept(t *testing.T) {
	p := newTalk(t)
	for _, c := range []struct{ say, want string }{
		{"chào em", ""},
		{"học có phải trả gì không", ""}, // answered
		{"asdf qwer zxcv 0912345678", "refused asdf qwer zxcv [số]"},
		{"giá vàng hôm nay bao nhiêu tiền một chỉ", "refused giá vàng hôm nay bao nhiêu tiền một chỉ"},
		{"0912345678", ""},    // nothing to read is left
		{"chồng đánh em", ""}, // danger
	} {
		if got := p.say(c.say); got != c.want {
			t.Errorf("%q kept as %q, want %q", c.say, got, c.want)
		}
	}

	// Within a journey the question that stood open is noted.
	p = newTalk(t)
	p.session.Mine = dialog.Values{"address": dialog.Text("chị")}
	p.say("tìm gói vay hợp với tôi")
	if got, want := p.say("blabla ủa zyx"), "missed blabla ủa zyx (loan/purpose)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}

	// What a human has in hand, what was tapped, and what was erased is nobody's.
	p = newTalk(t)
	for name, change := range map[string]func(*bot.Kept){
		"human": func(k *bot.Kept) { k.Human = true }, "tap": func(k *bot.Kept) { k.In.Tap = "flow:loan" }, "media": func(k *bot.Kept) { k.In.Media = &bot.Media{} },
	} {
		if got := p.say("asdf qwer zxcv", change); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := p.say("asdf qwer zxcv", func(k *bot.Kept) { k.Erased = true }); got != "settled" {
		t.Errorf("erased: %q", got)
	}
}

// What is typed where a name, a number, or something sensitive is asked for is not
// kept, understood or not.
func TestAnswersAreNotKept(t *testing.T) {
	asks := map[string]bool{}
	for _, f := range content.MustBuiltin().Flows {
		flow := shipped().Library.Flow(f.ID)
		for _, s := range flow.Steps {
			slot := shipped().Library.Slot(s.Slot)
			private := s.Kind == dialog.AskText || s.Kind == dialog.AskPhone || s.Kind == dialog.AskDate || s.Kind == dialog.AskAny || slot != nil && slot.Sensitive
			if !s.Kind.Asks() || !private {
				continue
			}
			asks[string(s.Kind)] = true
			p := newTalk(t)
			p.session.Stack = []dialog.Frame{{Flow: f.ID, Step: s.ID}}
			missed := func(k *bot.Kept) {
				k.Events = []dialog.Event{{Type: dialog.TextMissed, Flow: f.ID, Step: s.ID}}
			}
			if got := p.say("nhà em nghèo lắm ạ", missed); got != "" {
				t.Errorf("%s/%s keeps %q", f.ID, s.ID, got)
			}
		}
	}
	if len(asks) < 4 {
		t.Errorf("only %v were asked for", asks)
	}
}

// The names that the session knows are taken out.
func TestNamesOfTheSession(t *testing.T) {
	p := newTalk(t)
	p.session.Mine = dialog.Values{"village": dialog.Text("Khe Nà")}
	missed := func(k *bot.Kept) {
		k.Events = []dialog.Event{{Type: dialog.TextMissed}}
		session, err := dialog.Decode([]byte(`{"v":1}`), []byte(`{"u":9999999999,"s":{"person_name":"Lỷ A Sáng","o.person_name":"Lỷ Thị Hoa"}}`))
		if err != nil {
			t.Fatal(err)
		}
		k.After = session
	}
	if got, want := p.say("lỷ a sáng với ly thi hoa muốn hỏi zyxw", missed), "missed [tên] với [tên] muốn hỏi zyxw"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Topics that were offered wait for what the person does: one who takes one has
// an answer.
func TestOffersWait(t *testing.T) {
	for _, take := range []bool{true, false} {
		p := newTalk(t)
		said := ""
		for _, text := range []string{"vay", "hỗ trợ", "lớp", "giấy tờ thế nào", "tiền"} { // one of them is offered something
			if said = p.say(text); said != "" {
				break
			}
		}
		if !strings.HasPrefix(said, "offered ") || len(p.session.Offers) == 0 {
			t.Fatalf("nothing was offered: %q", said)
		}
		next, want := "asdf qwer zxcv", "refused asdf qwer zxcv"
		if take {
			next, want = "1", "settled"
		}
		if got := p.say(next); got != want {
			t.Errorf("%q after an offer: %q, want %q", next, got, want)
		}
	}
}

// What can't be written waits, in its order.
func TestLogWaits(t *testing.T) {
	p := newTalk(t)
	brain := shipped()
	p.records.fails = errors.New("no records")
	for _, text := range []string{"asdf qwer zxcv", "zxcv asdf"} {
		after, events := brain.Engine.Respond(p.session, dialog.Utterance{Text: text, At: p.at}, brain.Reader)
		p.log.Turn(bot.Kept{In: bot.Incoming{Text: text, At: p.at}, Brain: brain, Before: p.session, After: after, Events: events})
		if p.log.Write(t.Context()) == nil {
			t.Error("a write that failed is no error")
		}
	}
	p.records.fails = nil
	if err := p.log.Write(t.Context()); err != nil || len(p.records.changes) != 2 || p.records.changes[0].Text.Text != "asdf qwer zxcv" {
		t.Errorf("%+v, %v", p.records.changes, err)
	}
	if err := p.log.Tidy(t.Context(), p.at); err != nil || p.records.dropped != 20260528 || p.at.Sub(p.records.ripened) < time.Hour {
		t.Errorf("%+v", p.records)
	}
}
