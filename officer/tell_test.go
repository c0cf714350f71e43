package officer_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/bot/bottest"
	"nghe/broadcast"
	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/officer"
	"nghe/scheduler/reminder"
	"nghe/staff"
)

// messenger tells into real talks, which are sent to Telegram.
func (w *world) messenger() officer.Messenger {
	turns := &bot.Turns{
		Brain:    func() bot.Brain { return bot.Brain{Engine: dialog.New(library, nil), Reader: reader, Library: library} },
		Sessions: w.db.Sessions(), People: &bottest.People{}, Log: slog.New(slog.NewTextHandler(w.t.Output(), nil)),
		Pushed: func(channel string) bool { return channel == "telegram" },
	}
	current, courses := func() *content.Library { return library }, func() *course.Catalogue { return w.courses }
	return officer.Messenger{
		Office: officer.Office{
			Records: w.db, Staff: w.desk, Library: current, Courses: courses, Zone: zone,
			Broadcasts: &broadcast.Desk{Records: w.db, Library: current, Courses: courses, Zone: zone},
		},
		Notices: w.db, Say: turns.Tell, URL: "https://nghe.example",
	}
}

// heard takes what waits to be sent to somebody's chat, all of it.
func (w *world) heard(login string) (texts []string) {
	w.t.Helper()
	for {
		d, err := w.db.Sessions().Take(w.t.Context(), chat(login), "test", morning)
		if err != nil {
			w.t.Fatal(err)
		}
		if d == nil {
			return texts
		}
		for _, b := range d.Bubbles {
			text := b.Text
			for _, o := range b.Options {
				text += " [" + o.Tap + "]"
			}
			texts = append(texts, text)
		}
		if _, err := w.db.Sessions().Done(w.t.Context(), d, "test"); err != nil {
			w.t.Fatal(err)
		}
	}
}

// Those who may say yes are told once for each version, with the ways to do it;
// not who wrote it, and nobody who may not.
func TestApproversAreTold(t *testing.T) {
	w := begin(t)
	m := w.messenger()
	look := func() {
		t.Helper()
		if err := m.Approvals(t.Context(), morning); err != nil {
			t.Fatal(err)
		}
	}
	look()
	w.announced("lan", "cả tỉnh")
	w.do("lan", "5", "announce-send", "")
	b := w.broadcasts()[0]
	if b.State != broadcast.Awaiting {
		t.Fatalf("%+v", b)
	}
	for range 3 {
		look()
	}
	said := w.heard("tuan")
	if len(said) != 1 || !strings.Contains(said[0], "Lan muốn gửi") || !strings.Contains(said[0], "/duyet") || !strings.Contains(said[0], "https://nghe.example/console/broadcasts/"+b.ID) || !strings.Contains(said[0], "[flow:approve]") {
		t.Errorf("%q", said)
	}
	for _, other := range []string{"lan", "mai", "xem"} {
		if said := w.heard(other); said != nil {
			t.Errorf("%s was told %q", other, said)
		}
	}
	letter := broadcast.Letter{Text: b.Text + "\nMang theo căn cước.", Course: b.Course, Audience: b.Audience}
	if _, err := m.Office.Broadcasts.Edit(t.Context(), b.ID, letter, broadcast.By{Name: "lan", Outside: true}, morning); err != nil {
		t.Fatal(err)
	}
	look()
	if said := w.heard("tuan"); len(said) != 1 {
		t.Errorf("of the new version: %q", said)
	}
	if _, err := m.Office.Broadcasts.Approve(t.Context(), b.ID, broadcast.By{Name: "tuan"}, morning); err != nil {
		t.Fatal(err)
	}
	look()
	if said := w.heard("tuan"); said != nil {
		t.Errorf("after the yes: %q", said)
	}
}

// At night nobody is woken for a yes that can wait: it is told when the morning
// comes, once. What is urgent is told at once.
func TestApproversSleep(t *testing.T) {
	w := begin(t)
	m := w.messenger()
	night := time.Date(2026, 11, 24, 22, 0, 0, 0, zone)
	look := func(at time.Time, want int) {
		t.Helper()
		if err := m.Approvals(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		if said := w.heard("tuan"); len(said) != want {
			t.Errorf("at %s %q", at.Format("15:04"), said)
		}
	}
	w.announced("lan", "cả tỉnh")
	w.do("lan", "5", "announce-send", "")
	b := w.broadcasts()[0]
	look(night, 0)
	look(night.Add(8*time.Hour), 0) // 6:00
	look(night.Add(9*time.Hour), 1)
	look(night.Add(9*time.Hour), 0)

	letter := broadcast.Letter{Text: "Bão sắp vào, lớp nghỉ.", Course: b.Course, Audience: b.Audience, Urgent: true}
	if _, err := m.Office.Broadcasts.Edit(t.Context(), b.ID, letter, broadcast.By{Name: "lan", Outside: true, Urgent: true}, night); err != nil {
		t.Fatal(err)
	}
	look(night, 1)
}

// A reminder of the office reaches everybody of its roles once, through two
// processes and a store that fails in between.
func TestTheOfficeIsReminded(t *testing.T) {
	w := begin(t)
	n := reminder.Notice{Name: "report-begin/2026-11-24", Roles: []string{"officer"}, Text: "Đến kỳ làm báo cáo.", At: morning, Until: morning.AddDate(0, 0, 9)}
	broken := w.messenger()
	say := broken.Say
	broken.Say = func(ctx context.Context, c bot.Contact, name string, bubbles []bot.Bubble, at time.Time) error {
		if c == chat("mai") {
			return errors.New("the store is away")
		}
		return say(ctx, c, name, bubbles, at)
	}
	if fresh, err := broken.Tell(t.Context(), n); !fresh || err == nil {
		t.Errorf("%v %v", fresh, err)
	}
	if told, err := w.db.Told(t.Context(), []string{n.Name}); err != nil || told[n.Name] {
		t.Errorf("%v %v", told, err)
	}
	if missed, err := w.db.Miss(t.Context(), reminder.Missed{Name: n.Name, Reminder: "report-begin", Due: morning, At: morning, Why: reminder.Late}); missed || err != nil {
		t.Errorf("it is told and missed: %v", err)
	}
	for range 2 {
		if fresh, err := w.messenger().Tell(t.Context(), n); fresh || err != nil {
			t.Errorf("%v %v", fresh, err)
		}
	}
	if told, err := w.db.Told(t.Context(), []string{n.Name}); err != nil || !told[n.Name] {
		t.Errorf("%v %v", told, err)
	}
	for login, want := range map[string]int{"lan": 1, "tuan": 1, "mai": 1, "xem": 0} {
		if said := w.heard(login); len(said) != want {
			t.Errorf("%s was told %q", login, said)
		}
	}

	n.Name, n.Province = "report-province/2026-11-24", true
	if fresh, err := w.messenger().Tell(t.Context(), n); !fresh || err != nil {
		t.Errorf("%v %v", fresh, err)
	}
	for login, want := range map[string]int{"lan": 0, "tuan": 1, "mai": 0} {
		if said := w.heard(login); len(said) != want {
			t.Errorf("of the province: %s was told %q", login, said)
		}
	}
	sums, err := w.db.Sums(t.Context(), morning)
	if err != nil || sums["report-begin"].Told != 1 || sums["report-begin"].Late != 0 {
		t.Errorf("%+v %v", sums, err)
	}
}

// What nobody sees to with a case is told, once, to administrators who may see
// it where it lies.
func TestWhoAnswersForCounsellorsIsWarned(t *testing.T) {
	w := begin(t)
	for login, scope := range map[string]staff.Scope{"tuan": {Province: true}, "mai": {Places: []string{"mong-cai-1"}}} {
		m := w.members[login]
		m.Role, m.Scope = staff.Administrator, scope
		if err := w.desk.Change(t.Context(), staff.Operator, m); err != nil {
			t.Fatal(err)
		}
	}
	n := reminder.Notice{Name: "case 7 day 1", Case: "7", Text: "Ca #7: đã một ngày chưa ai nhận.", At: morning, Until: morning.AddDate(0, 0, 3)}
	for range 2 {
		if err := w.messenger().Warn(t.Context(), n, staff.Where{Places: []string{"ba-che"}}); err != nil {
			t.Fatal(err)
		}
	}
	for login, want := range map[string]int{"tuan": 1, "mai": 0, "lan": 0, "xem": 0} {
		if said := w.heard(login); len(said) != want {
			t.Errorf("%s was told %q", login, said)
		}
	}
	kept, err := w.db.Notices(t.Context(), morning)
	if err != nil || len(kept) != 1 || kept[0].Case != "7" || !kept[0].For(string(staff.Administrator), false) {
		t.Errorf("%+v %v", kept, err)
	}
}
