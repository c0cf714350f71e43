package officer_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"nghe/announce"
	"nghe/bot"
	"nghe/broadcast"
	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/officer"
	"nghe/people"
	"nghe/staff"
	"nghe/store"
	"nghe/understand"
)

var (
	zone    = time.FixedZone("Asia/Ho_Chi_Minh", 7*3600)
	morning = time.Date(2026, 11, 24, 9, 0, 0, 0, zone)
	library = content.MustBuiltin()
	reader  = understand.New(library)
)

// world is an installation with staff whose chats are linked.
type world struct {
	t       *testing.T
	db      *store.DB
	desk    staff.Desk
	effects map[string]bot.Effect
	courses *course.Catalogue
	members map[string]staff.Member
}

func begin(t *testing.T) *world {
	db, err := store.Open(t.Context(), t.TempDir(), morning)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := &world{t: t, db: db, courses: course.NewCatalogue(nil), members: map[string]staff.Member{}}
	w.desk = staff.Desk{Records: db.Staff(), Now: func() time.Time { return morning }, Key: []byte("key")}
	courses := func() *course.Catalogue { return w.courses }
	current := func() *content.Library { return library }
	w.effects = officer.Office{
		Records: db, Staff: w.desk, Library: current, Courses: courses, Zone: zone,
		Broadcasts: &broadcast.Desk{Records: db, Library: current, Courses: courses, Zone: zone},
		Reader:     func() announce.Reader { return reader },
		Learn: func(ctx context.Context) error {
			kept, _, err := db.Courses(ctx)
			w.courses = course.NewCatalogue(kept)
			return err
		},
	}.Effects()
	for login, m := range map[string]staff.Member{
		"lan":  {Name: "Lan", Role: staff.Officer, Scope: staff.Scope{Places: []string{"ba-che"}}},
		"tuan": {Name: "Tuấn", Role: staff.Officer, Scope: staff.Scope{Province: true}},
		"mai":  {Name: "Mai", Role: staff.Officer, Scope: staff.Scope{Places: []string{"tien-yen"}}},
		"xem":  {Name: "Xem", Role: staff.Viewer, Scope: staff.Scope{Province: true}},
	} {
		m.Login = login
		m, _, err := w.desk.Invite(t.Context(), staff.Operator, m)
		if err != nil {
			t.Fatal(err)
		}
		code, err := w.desk.ChatCode(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.desk.Effects()[staff.EffectLink](t.Context(), bot.Asked{Contact: chat(login), Turn: "link", Slots: dialog.Values{"staff_code": dialog.Text(code)}, At: morning}); err != nil {
			t.Fatal(err)
		}
		w.members[login] = m
	}
	for _, id := range []string{"1", "2", "3"} {
		c := bot.Contact{Channel: "telegram", ID: id}
		p := people.Person{ID: "demo-" + id, Profile: []byte(`{"place":"ba-che"}`), UpdatedAt: morning}
		if err := db.Follow(t.Context(), p, c, people.Following{Trade: "nau-an", At: morning}, nil, people.Consent{Purpose: people.PurposeNews, Words: "Đồng ý", GivenAt: morning}); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func chat(login string) bot.Contact { return bot.Contact{Channel: "telegram", ID: "chat-" + login} }

// do carries out an effect in a turn of somebody.
func (w *world) do(who, turn, effect, text string) dialog.Values {
	w.t.Helper()
	v, err := w.effects[effect](w.t.Context(), bot.Asked{Contact: chat(who), Turn: turn, Text: text, At: morning})
	if err != nil {
		w.t.Fatalf("%s: %v", effect, err)
	}
	return v
}

const class = "Lớp nấu ăn ở Ba Chẽ, hạn 30/12, liên hệ chị Lan 0912345678"

// announced leads an announcement as far as its preview.
func (w *world) announced(who string, audience string) {
	w.t.Helper()
	w.do(who, "1", "announce-read", class)
	w.do(who, "2", "announce-audience", "")
	if audience != "" {
		w.do(who, "3", "announce-audience", audience)
	}
	w.do(who, "4", "announce-preview", "")
}

func (w *world) broadcasts() []broadcast.Broadcast {
	w.t.Helper()
	all, err := w.db.Broadcasts(w.t.Context(), 10)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func (w *world) entries(did string) int {
	w.t.Helper()
	all, err := w.db.Staff().Entries(w.t.Context(), staff.Query{Did: did, Limit: 10})
	if err != nil {
		w.t.Fatal(err)
	}
	return len(all)
}

// A turn that is decided again, also after it had gone further elsewhere, makes
// nothing twice.
func TestSendOnce(t *testing.T) {
	w := begin(t)
	w.announced("lan", "")
	first := w.do("lan", "5", "announce-send", "")
	if first["sent"].Text() != "sending" || first["who_count"].Text() != "3" {
		t.Fatalf("sent: %v", first)
	}
	if again := w.do("lan", "5", "announce-send", ""); again["sent"].Text() != "sending" {
		t.Errorf("again: %v", again)
	}
	if next := w.do("lan", "6", "announce-send", ""); next["sent"].Text() != "nothing" {
		t.Errorf("another turn: %v", next)
	}
	// Another one tells the same class in the same words.
	w.do("tuan", "7", "announce-read", class)
	w.do("tuan", "7", "announce-same", "")
	w.do("tuan", "8", "announce-audience", "")
	w.do("tuan", "9", "announce-preview", "")
	if twin := w.do("tuan", "10", "announce-send", ""); twin["sent"].Text() != "duplicate" {
		t.Errorf("twin: %v", twin)
	}
	if n := len(w.broadcasts()); n != 1 {
		t.Errorf("%d broadcasts", n)
	}
	if kept, _, err := w.db.Courses(t.Context()); err != nil || len(kept) != 1 || kept[0].CheckedBy == "" {
		t.Errorf("classes %v, %v", kept, err)
	}
	if add, sent := w.entries("course.add"), w.entries("broadcast.new"); add != 1 || sent != 1 {
		t.Errorf("%d and %d entries", add, sent)
	}
}

// What is sent is what was shown.
func TestChangedSinceShown(t *testing.T) {
	w := begin(t)
	w.announced("lan", "")
	w.do("lan", "5", "announce-read", "hạn 25/12")
	if v := w.do("lan", "6", "announce-send", ""); v["sent"].Text() != "changed" {
		t.Errorf("%v", v)
	}
	if n := len(w.broadcasts()); n != 0 {
		t.Errorf("%d broadcasts", n)
	}
}

// Beyond one's people a second person says yes, to the version that they saw.
func TestApprove(t *testing.T) {
	w := begin(t)
	w.announced("lan", "cả tỉnh")
	if v := w.do("lan", "5", "announce-send", ""); v["sent"].Text() != "awaiting" || v["officer_why"].Text() == "" {
		t.Fatalf("%v", v)
	}
	for who, want := range map[string]string{"lan": "own", "mai": "no", "tuan": "yes"} {
		if v := w.do(who, "6 "+who, "approve-show", ""); v["approve_any"].Text() != want {
			t.Errorf("%s: %v", who, v)
		}
	}
	if v := w.do("xem", "7", "approve-show", ""); v["officer"].Text() != "denied" {
		t.Errorf("viewer: %v", v)
	}
	// It is edited after it was seen.
	b := w.broadcasts()[0]
	desk := broadcast.Desk{Records: w.db, Library: func() *content.Library { return library }, Courses: func() *course.Catalogue { return w.courses }, Zone: zone}
	letter := broadcast.Letter{Text: b.Text + "\nMang theo căn cước.", Course: b.Course, Audience: b.Audience}
	if _, err := desk.Edit(t.Context(), b.ID, letter, broadcast.By{Name: "lan", Outside: true}, morning); err != nil {
		t.Fatal(err)
	}
	if v := w.do("tuan", "8", "approve-yes", ""); v["approved"].Text() != "changed" {
		t.Errorf("after an edit: %v", v)
	}
	if v := w.do("tuan", "9", "approve-show", ""); !strings.Contains(v["message"].Text(), "căn cước") {
		t.Errorf("shown: %v", v)
	}
	for range 2 {
		if v := w.do("tuan", "10", "approve-yes", ""); v["approved"].Text() != "yes" {
			t.Errorf("%v", v)
		}
	}
	if b := w.broadcasts()[0]; b.State != broadcast.Sending || b.ApprovedBy != "tuan" {
		t.Errorf("%s by %q", b.State, b.ApprovedBy)
	}
	if n := w.entries("broadcast.approve"); n != 1 {
		t.Errorf("%d entries", n)
	}
}

// Pause and resume, each once for a turn; only of what is one's own.
func TestPause(t *testing.T) {
	w := begin(t)
	w.announced("lan", "")
	w.do("lan", "5", "announce-send", "")
	if v := w.do("mai", "6", "sent-pause", ""); v["changed"].Text() != "none" {
		t.Errorf("not hers: %v", v)
	}
	for range 2 {
		if v := w.do("lan", "7", "sent-pause", ""); v["changed"].Text() != "yes" {
			t.Errorf("%v", v)
		}
	}
	if v := w.do("lan", "8", "sent-show", ""); v["sent_can"].Text() != "resume" || !strings.Contains(v["sent_lines"].Text(), "tạm dừng") {
		t.Errorf("%v", v)
	}
	if v := w.do("lan", "9", "sent-resume", ""); v["changed"].Text() != "yes" || w.broadcasts()[0].State != broadcast.Sending {
		t.Errorf("%v", v)
	}
	if pause, resume := w.entries("broadcast.pause"), w.entries("broadcast.resume"); pause != 1 || resume != 1 {
		t.Errorf("%d and %d entries", pause, resume)
	}
}

// Nobody gets anywhere without an account that may.
func TestOnlyStaff(t *testing.T) {
	w := begin(t)
	for name, effect := range w.effects {
		v, err := effect(t.Context(), bot.Asked{Contact: chat("nobody"), Turn: "1", Text: class, At: morning})
		if err != nil || v["officer"].Text() != "no" || len(v) != 1 {
			t.Errorf("%s: %v, %v", name, v, err)
		}
		if name == "sent-show" {
			continue
		}
		if v := w.do("xem", "1 "+name, name, class); v["officer"].Text() != "denied" || v["officer_why"].Text() == "" {
			t.Errorf("viewer, %s: %v", name, v)
		}
	}
	if v := w.do("mai", "1", "announce-read", class); v["draft_next"].Text() != "outside" {
		t.Errorf("another commune: %v", v)
	}
	w.do("mai", "2", "announce-audience", "")
	if v := w.do("mai", "3", "announce-send", ""); v["officer"].Text() != "denied" || len(w.broadcasts()) != 0 {
		t.Errorf("sent: %v", v)
	}
}

// For whom it is, by talk.
func TestAudience(t *testing.T) {
	for text, want := range map[string]string{
		"chỉ Ba Chẽ":            "những người ở Ba Chẽ, quan tâm nghề nấu ăn, đã đồng ý nhận tin",
		"thêm Kỳ Thượng":        "những người ở Ba Chẽ, Kỳ Thượng và các xã, phường giáp ranh, quan tâm nghề nấu ăn, đã đồng ý nhận tin",
		"cả tỉnh":               "những người quan tâm nghề nấu ăn, đã đồng ý nhận tin",
		"mọi nghề":              "những người ở Ba Chẽ và các xã, phường giáp ranh, đã đồng ý nhận tin",
		"thêm nghề hàn":         "những người ở Ba Chẽ và các xã, phường giáp ranh, quan tâm nghề thợ hàn hoặc nấu ăn, đã đồng ý nhận tin",
		"chi trong xa":          "những người ở Ba Chẽ, quan tâm nghề nấu ăn, đã đồng ý nhận tin",
		"Tiên Yên và Kỳ Thượng": "những người ở Kỳ Thượng, Tiên Yên, quan tâm nghề nấu ăn, đã đồng ý nhận tin",
		"không lấy xã lân cận":  "những người ở Ba Chẽ, quan tâm nghề nấu ăn, đã đồng ý nhận tin",
	} {
		t.Run(text, func(t *testing.T) {
			w := begin(t)
			w.do("tuan", "1", "announce-read", class)
			w.do("tuan", "2", "announce-audience", "")
			v := w.do("tuan", "3", "announce-audience", text)
			if got := v["who_sentence"].Text(); got != want || v["who"].Text() != "taken" {
				t.Errorf("%s (%s), want %s", got, v["who"], want)
			}
			if v := w.do("tuan", "4", "announce-audience", "ơ kìa"); v["who"].Text() != "unread" || v["who_sentence"].Text() != want {
				t.Errorf("not understood: %v", v)
			}
		})
	}
}
