package counsel_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/bot/bottest"
	"nghe/content"
	"nghe/counsel"
	"nghe/dialog"
	"nghe/handoff"
	"nghe/staff"
	"nghe/store"
)

var (
	zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)
	// morning is in working hours: a Monday.
	morning = time.Date(2026, 11, 23, 8, 0, 0, 0, zone)
	builtin = content.MustBuiltin()
)

// world is an office: records, talks, a desk and the counsellors' chats.
type world struct {
	t     *testing.T
	db    *store.DB
	turns *bottest.World
	desk  *handoff.Desk
	chats *counsel.Chats
	now   time.Time
	said  int
	read  map[bot.Contact]int64
	taps  map[bot.Contact][]dialog.Option
	told  []handoff.Notice
	// answered are the turns whose answers were given back.
	answered map[string]bool
}

func newWorld(t *testing.T) *world {
	db, err := store.Open(t.Context(), t.TempDir(), morning)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := &world{t: t, db: db, turns: bottest.New(t), now: morning, read: map[bot.Contact]int64{}, taps: map[bot.Contact][]dialog.Option{}, answered: map[string]bool{}}
	log := slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
	w.turns.Log = log
	w.desk = &handoff.Desk{
		Records: db, Sessions: w.turns.Sessions, Talks: w.turns.Turns, Library: func() *content.Library { return builtin }, Zone: zone,
		Drawer: db, Roster: db, Staff: db.Staff(), Log: log, Window: func(channel string) time.Duration {
			if channel == "zalo" {
				return 7 * 24 * time.Hour
			}
			return 0
		},
		Notify: func(_ context.Context, n handoff.Notice) error { w.told = append(w.told, n); return nil },
	}
	w.chats = &counsel.Chats{
		Cases: w.desk, Records: db, Staff: staff.Desk{Records: db.Staff(), Now: func() time.Time { return w.now }, Key: []byte("key")}, Zone: zone, Log: log,
	}
	w.turns.Cases, w.turns.Duty = w.desk, w.chats.Hear
	return w
}

// joins makes somebody a counsellor whose chat is a Telegram contact of that name.
func (w *world) joins(login, name string, scope staff.Scope) (staff.Member, bot.Contact) {
	w.t.Helper()
	desk := w.chats.Staff.(staff.Desk)
	m, _, err := desk.Invite(w.t.Context(), staff.Operator, staff.Member{Login: login, Name: name, Role: staff.Counsellor, Scope: scope})
	if err != nil {
		w.t.Fatal(err)
	}
	code, err := desk.ChatCode(w.t.Context(), m)
	if err != nil {
		w.t.Fatal(err)
	}
	phone := bot.Contact{Channel: "telegram", ID: login}
	if _, err := desk.Effects()[staff.EffectLink](w.t.Context(), bot.Asked{Contact: phone, Turn: "link", Slots: dialog.Values{"staff_code": dialog.Text(code)}, At: w.now}); err != nil {
		w.t.Fatal(err)
	}
	return m, phone
}

var province = staff.Scope{Province: true}

// person is somebody who asks.
func person(name string) bot.Contact { return bot.Contact{Channel: "web", ID: name} }

// opens has somebody ask for a human.
func (w *world) opens(who bot.Contact, wish string) *handoff.Case {
	w.t.Helper()
	w.now = w.now.Add(time.Second)
	c, _, err := w.desk.Open(w.t.Context(), handoff.Opening{
		Contact: who, Turn: fmt.Sprintf("open-%s-%d", who.ID, w.now.Unix()), Kind: handoff.Help, Wish: wish, Answers: dialog.Values{"place": dialog.Text("ba-che")}, At: w.now,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// hears takes a message, and gives what is answered.
func (w *world) hears(who bot.Contact, in bot.Incoming) []string {
	w.t.Helper()
	w.said++
	w.now = w.now.Add(time.Second)
	in.Contact, in.Update, in.At = who, fmt.Sprint(w.said), w.now
	turn, err := w.turns.Handle(w.t.Context(), in)
	if err != nil {
		w.t.Fatal(err)
	}
	w.answered[turn.ID] = true
	for _, b := range turn.Bubbles {
		w.taps[who] = append(w.taps[who], b.Options...)
	}
	return bottest.Texts(turn.Bubbles)
}

// says types something, or taps "[label]", the one shown last.
func (w *world) says(who bot.Contact, text string) string {
	w.t.Helper()
	in := bot.Incoming{Text: text}
	if strings.HasPrefix(text, "[") {
		in.Text = strings.Trim(text, "[]")
		for _, o := range w.taps[who] {
			if o.Label == in.Text {
				in.Tap = o.Tap
			}
		}
		if in.Tap == "" {
			w.t.Fatalf("no button %q was shown to %s", in.Text, who)
		}
	}
	return strings.Join(w.hears(who, in), "\n")
}

// looks has everybody shown what there is, and gives what came into a talk since
// the last time.
func (w *world) looks(who bot.Contact) string {
	w.t.Helper()
	if err := w.chats.Look(w.t.Context(), w.now); err != nil {
		w.t.Fatal(err)
	}
	return w.news(who)
}

// news gives what came into a talk since the last time, but what they typed and
// what was answered.
func (w *world) news(who bot.Contact) string {
	w.t.Helper()
	bubbles, err := w.turns.Sessions.Bubbles(w.t.Context(), who, w.read[who], w.now)
	if err != nil {
		w.t.Fatal(err)
	}
	var texts []string
	for _, b := range bubbles {
		w.read[who] = b.Seq
		w.taps[who] = append(w.taps[who], b.Options...)
		if b.From != bot.FromPerson && !w.answered[b.Turn] {
			texts = append(texts, b.Text)
		}
	}
	return strings.Join(texts, "\n")
}

// has fails when a text lacks something, or has what begins with "!".
func has(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if not, ok := strings.CutPrefix(p, "!"); ok {
			if strings.Contains(text, not) {
				t.Errorf("%q should not be in\n%s", not, text)
			}
		} else if !strings.Contains(text, p) {
			t.Errorf("%q is missing in\n%s", p, text)
		}
	}
}
