package faults_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	faketelegram "nghe/bot/bottest/telegram"
	"nghe/broadcast"
	"nghe/course"
	"nghe/store"
	"nghe/store/storetest"
)

var dues = flag.Int("reminders", 60, "reminders that are due")

// Reminders fall due while two processes are killed at random moments, and
// while the clock of one is wrong again and again: each is told once, or was
// dropped as too late, and nobody hears one twice.
func TestRemindersOnTwoProcesses(t *testing.T) {
	besideOthers(t)
	random := rand.New(rand.NewPCG(*seed, 11))
	in := newInstallation(t, storetest.Postgres(t))
	platform, api := faketelegram.Start(t, faketelegram.Settings{Reach: in, Anybody: true, Rand: rand.New(rand.NewPCG(*seed, 8))})
	in.platform = onTelegram{platform}
	in.environ = append(in.environ, "TELEGRAM_TOKEN="+faketelegram.Token, "TELEGRAM_API="+api, "TELEGRAM_WEBHOOK_SECRET="+webhookSecret)
	classes := (*dues + 2) / 3
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().In(zone)
	// Three reminders of each class: one is over, one is to be made up, one falls
	// due while they run.
	over, past, soon := now.Add(-3*time.Hour), now.Add(-10*time.Minute), now.Add(time.Minute)
	deadline := soon.AddDate(0, 0, 1)
	content := in.remindBy(deadline, map[string]time.Time{"over": over, "past": past, "soon": soon})
	in.environ = append(in.environ, "NGHE_CONTENT="+content)

	db, err := store.OpenPostgres(t.Context(), in.database, now)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rules := broadcast.DefaultRules()
	rules.DayBegins, rules.DayEnds = 0, 24*60-1
	if _, err := db.EditRules(t.Context(), broadcast.DefaultRules(), rules); err != nil {
		t.Fatal(err)
	}
	var all []course.Course
	for i := range classes {
		id := fmt.Sprintf("lop-%04d", i)
		all = append(all, course.Course{ID: id, Title: id, Trade: "nau-an", Status: course.Enrolling, Deadline: course.DayOf(deadline)})
		if _, err := db.PutInterest(t.Context(), course.Interest{ID: id, Channel: "telegram", Contact: fmt.Sprint(1000 + i), Course: id, Trade: "nau-an", Remind: true, State: course.New,
			Source: course.FromTalk, Consent: "Đồng ý?", CreatedAt: now.AddDate(0, 0, -1), UpdatedAt: now}); err != nil {
			t.Fatal(err)
		}
	}
	// The classes were there before anything was due, and the records too.
	if _, err := db.PutCourses(t.Context(), all, now.AddDate(0, 0, -1)); err != nil {
		t.Fatal(err)
	}
	in.count("WITH begun AS (UPDATE migration SET at = 0 RETURNING at) SELECT count(*) FROM begun")

	clock := filepath.Join(t.TempDir(), "clock")
	sane := in.environ
	running := []*process{nil, nil}
	start := func(n int) {
		if in.environ = sane; n == 0 {
			in.environ = append(sane[:len(sane):len(sane)], "CRASH_CLOCK="+clock)
		}
		running[n] = in.start("")
	}
	start(0)
	start(1)
	done := func() bool {
		return in.count("SELECT count(*) FROM broadcast WHERE state = 'done'")+in.count("SELECT count(*) FROM reminder_missed") >= 3*classes
	}
	killed, jumped := 0, 0
	// The last one falls due in a minute, and is looked for every minute.
	limit := time.Now().Add(3*time.Minute + time.Duration(*dues)*200*time.Millisecond)
	for (!done() || killed < *kills) && time.Now().Before(limit) {
		time.Sleep(time.Duration(200+random.IntN(1800)) * time.Millisecond)
		off := []string{"72h", "-72h", "3m", "-3m", "2400h", "0s"}[random.IntN(6)]
		if err := os.WriteFile(clock, []byte(off), 0o600); err != nil {
			t.Fatal(err)
		}
		jumped++
		if n := random.IntN(2); killed < max(*kills, *dues/20) {
			in.gone(running[n])
			running[n].kill()
			start(n)
			killed++
		}
	}
	if !done() {
		t.Errorf("not done in time: %d done, %d missed of %d", in.count("SELECT count(*) FROM broadcast WHERE state = 'done'"), in.count("SELECT count(*) FROM reminder_missed"), 3*classes)
	}
	in.onceOrLate(classes, killed, jumped)
	if t.Failed() {
		for _, p := range running {
			t.Log(p.logged())
		}
	}
}

// onceOrLate looks at the books, and at what people heard.
func (in *installation) onceOrLate(classes, killed, jumped int) {
	t := in.t
	t.Helper()
	for query, want := range map[string]int{
		"SELECT count(*) FROM broadcast WHERE name LIKE 'past/%'":                                      classes,
		"SELECT count(*) FROM broadcast WHERE name LIKE 'soon/%'":                                      classes,
		"SELECT count(*) FROM broadcast":                                                               2 * classes,
		"SELECT count(*) FROM reminder_missed WHERE reminder = 'over' AND why = 'late' AND people = 1": classes,
		"SELECT count(*) FROM reminder_missed":                                                         classes,
		"SELECT count(*) FROM reminder_missed m JOIN broadcast b ON b.name = m.name":                   0,
		"SELECT count(*) FROM delivery WHERE state IN ('sent', 'doubtful')":                            2 * classes,
		"SELECT count(*) FROM broadcast WHERE planned <> 1":                                            0,
		"SELECT count(*) FROM delivery":                                                                2 * classes,
	} {
		if got := in.count(query); got != want {
			t.Errorf("%s: %d, want %d", query, got, want)
		}
	}
	if n := in.count("SELECT count(*) FROM delivery WHERE state IN ('skipped', 'failed')"); n > 0 {
		late := in.count("SELECT count(*) FROM delivery WHERE state = 'skipped' AND reason = 'late'")
		t.Errorf("%d were skipped or failed, %d of them as late", n, late)
	}
	doubtful, heard := in.count("SELECT count(*) FROM delivery WHERE state = 'doubtful'"), 0
	for i := range classes {
		said := map[string]int{}
		for _, text := range in.platform.said(i) {
			said[text]++
			heard++
			if said[text] > 1 {
				t.Errorf("person %d heard twice: %q", i, text)
			}
			if strings.HasPrefix(text, "over ") {
				t.Errorf("person %d heard what was too late: %q", i, text)
			}
		}
	}
	if heard < 2*classes-doubtful || heard > 2*classes {
		t.Errorf("%d were heard, %d were to be, %d are in doubt", heard, 2*classes, doubtful)
	}
	t.Logf("%d due: %d told once (%d of them in doubt), %d dropped as late; %d kills, the clock of one set %d times", 3*classes, 2*classes, doubtful, classes, killed, jumped)
}

// remindBy writes content in which only these reminders are on, each due at its
// time for classes that close on a day, and no day is quiet.
func (in *installation) remindBy(deadline time.Time, at map[string]time.Time) string {
	in.t.Helper()
	var b strings.Builder
	b.WriteString("reminders:\n")
	for _, id := range strings.Fields("closes-7 closes-3 closes-1 papers-3 starts-1 freed opened started-3 ended ended-3-months ended-6-months bank-1 new-classes unfinished facts-review report-begin report-agencies report-province") {
		fmt.Fprintf(&b, "  - {id: %s, title: Tắt, on: false, what: digest, when: \"0 9 * * 1\", useful_hours: 1, text: tắt}\n", id)
	}
	day := func(t time.Time) time.Time { y, m, d := t.Date(); return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	for _, id := range []string{"over", "past", "soon"} {
		useful := 12
		if id == "over" {
			useful = 1
		}
		fmt.Fprintf(&b, "  - {id: %s, title: Thử, on: true, what: closes, days: %d, when: \"%d %d * * *\", useful_hours: %d, to: [new], text: \"%s {title}\"}\n",
			id, int(day(deadline).Sub(day(at[id])).Hours()/24), at[id].Minute(), at[id].Hour(), useful, id)
	}
	dir := in.t.TempDir()
	in.write(dir, "reminders.yaml", b.String())
	b.Reset()
	b.WriteString("holidays:\n")
	for _, id := range strings.Fields("nam-moi tet gio-to thong-nhat lao-dong quoc-khanh") {
		fmt.Fprintf(&b, "  - {id: %s, name: Không, date: 2000-01-01}\n", id)
	}
	in.write(dir, "holidays.yaml", b.String())
	return dir
}

func (in *installation) write(dir, name, text string) {
	in.t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		in.t.Fatal(err)
	}
}
