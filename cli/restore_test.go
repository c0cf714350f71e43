package cli_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	faketelegram "nghe/bot/bottest/telegram"
	"nghe/people"
	"nghe/staff"
	"nghe/store"
	"nghe/story"
)

// A backup has an answer that was on its way, a broadcast in the middle, a class
// whose reminder is due, a lease and somebody who is signed in. Restored, it tells
// nobody anything; said to go, it answers who asks and does nothing again that may
// have been done.
func TestARestoredCopySendsNothing(t *testing.T) {
	var reach handlerAt
	platform, api := faketelegram.Start(t, faketelegram.Settings{Pace: &faketelegram.Published, Reach: &reach})
	told := func() (all []string) {
		for _, method := range []string{"sendMessage", "sendPhoto", "sendDocument", "sendChatAction", "editMessageText"} {
			for _, call := range platform.Calls(method) {
				all = append(all, fmt.Sprint(call))
			}
		}
		return all
	}
	data := t.TempDir()
	settings := []string{"NGHE_DATA=" + data, "TELEGRAM_TOKEN=" + faketelegram.Token, "TELEGRAM_API=" + api,
		"TELEGRAM_WEBHOOK_SECRET=webhook-secret", "NGHE_PUBLIC_URL=https://nghe.example.vn"}
	command(t, data, "demo", "--people", "40", "--channel", "telegram")
	b := broadcasting(t, data, "new", "--json", `{"text":"Tin cũ cho mọi người"}`, "--yes")
	an := platform.Person(5, "An")
	says := lastSaid(t, platform)
	s := serve(t, settings...)
	reach.set(s.url)
	an.Starts("")
	says("giúp")
	s.stop()

	records, err := sql.Open("sqlite", "file:"+filepath.Join(data, "nghe.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer records.Close()
	now := time.Now()
	do := func(query string, args ...any) {
		t.Helper()
		if _, err := records.Exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	number := func(query string) (n int) {
		t.Helper()
		if err := records.QueryRow(query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	do(`INSERT INTO outbox (channel, contact, seq, turn, bubbles, at, progress, not_before) VALUES ('telegram', '5', 900, 'telegram:900', '[{"from":"bot","text":"Câu trả lời cũ"}]', ?, '{}', 0)`, now.UnixMilli())
	do(`INSERT INTO lease (name, owner, until) VALUES ('telegram', 'gone', ?)`, now.Add(time.Hour).UnixMilli())
	do(`INSERT INTO staff_link (hash, staff, ends) VALUES (x'01', 'm', ?)`, now.Add(time.Hour).UnixMilli())
	do(`UPDATE broadcast SET state = 'sending', at = 0 WHERE id = ?`, b.ID)
	if n := number("SELECT count(*) FROM broadcast WHERE state = 'sending'"); n != 1 {
		t.Fatalf("%d broadcasts are being sent", n)
	}
	file := filepath.Join(t.TempDir(), "backup.db")
	command(t, data, "backup", file)
	records.Close()

	before := len(told())
	out := command(t, data, "restore", file)
	if !strings.Contains(out, "1 answers and 0 messages") || !strings.Contains(out, "1 broadcasts are paused") {
		t.Errorf("%s", out)
	}
	s = serve(t, settings...)
	reach.set(s.url)
	an.Says("tien an dc bao nhieu")
	err = platform.Wait(within(t), func() bool { return platform.Waiting() == 0 })
	if err != nil {
		t.Fatalf("the question was not taken: %v", err)
	}
	s.stop()
	if after := told(); len(after) != before {
		t.Errorf("a copy that was not told to go sent:\n%q", after[before:])
	}

	if out := command(t, data, "restore", "--go"); !strings.Contains(out, "sent again") {
		t.Error(out)
	}
	s = serve(t, settings...)
	reach.set(s.url)
	says("50.000 đồng") // asked meanwhile, never answered
	s.stop()
	if after := strings.Join(told()[before:], "\n"); strings.Contains(after, "Câu trả lời cũ") || strings.Contains(after, "Tin cũ") {
		t.Errorf("done again:\n%s", after)
	}
	if records, err = sql.Open("sqlite", "file:"+filepath.Join(data, "nghe.db")); err != nil {
		t.Fatal(err)
	}
	defer records.Close()
	for what, query := range map[string]string{
		"the doubtful answer is not listed": "SELECT count(*) = 1 FROM trouble WHERE seq = 900 AND kind = 'doubtful' AND reason = 'restored'",
		"the broadcast is not paused":       "SELECT count(*) = 1 FROM broadcast WHERE state = 'paused' AND why <> ''",
		"the old lease is held":             "SELECT count(*) = 0 FROM lease WHERE owner = 'gone'",
		"an old link opens":                 "SELECT count(*) = 0 FROM staff_link WHERE hash = x'01'",
	} {
		if number(query) != 1 {
			t.Error(what)
		}
	}
}

// Who said stop since the backup, of everything or of one trade, and a story that was
// withdrawn since, stay so after it is restored; of the others nothing changes.
func TestWhatWasStoppedSinceABackupStaysSo(t *testing.T) {
	t.Parallel()
	data, ctx, now := t.TempDir(), t.Context(), time.Now().Add(-time.Hour)
	open := func() *store.DB {
		t.Helper()
		db, err := store.Open(ctx, data, now)
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	db := open()
	_, err := db.Setting(ctx, store.SettingSecret, 32) // as the first start makes it
	must(err)
	contact := func(id string) bot.Contact { return bot.Contact{Channel: "telegram", ID: id} }
	ids := []string{"all", "cooking", "stays", "before"}
	for _, id := range ids {
		for _, trade := range []string{"nau-an", "han"} {
			must(db.Follow(ctx, people.Person{ID: "p-" + id, Profile: []byte("{}"), CreatedAt: now, UpdatedAt: now}, contact(id), people.Following{Trade: trade, At: now}, nil, people.Consent{Purpose: people.PurposeNews, Words: "có", GivenAt: now}))
		}
	}
	stop := func(id, trade string, at time.Time) {
		t.Helper()
		had, err := db.Unfollow(ctx, contact(id), trade, people.PurposeNews, at.UnixMilli())
		if err != nil || !had {
			t.Fatalf("%s %q: %v %v", id, trade, had, err)
		}
	}
	stop("before", "", now.Add(time.Minute))
	told := map[string]story.Story{}
	for _, id := range []string{"gone", "kept"} {
		told[id] = story.Story{ID: id, Who: "một chị", Place: "ba-che", Trade: "nau-an", Kind: "training", Text: "Chị học rồi mở quán.", Source: "Hội", State: story.Published, Consent: story.Consent{Words: story.Words, On: "2026-11-01", How: "paper", By: "Lan"}, CreatedAt: now, UpdatedAt: now}
		put, err := db.PutStory(ctx, nil, told[id], nil)
		if err != nil || !put {
			t.Fatal(put, err)
		}
	}
	must(db.Close())
	file := filepath.Join(t.TempDir(), "backup.db")
	command(t, data, "backup", file)

	db = open()
	stop("all", "", now.Add(2*time.Minute))
	stop("cooking", "nau-an", now.Add(2*time.Minute))
	was, gone := told["gone"], told["gone"]
	put, err := db.PutStory(ctx, &was, gone.Withdraw(now.Add(2*time.Minute)), nil, staff.NewEntry(staff.Operator, now, "story.withdraw", "story:gone", "rút"))
	if err != nil || !put {
		t.Fatal(put, err)
	}
	must(db.Close())
	if out := command(t, data, "restore", file); !strings.Contains(out, "3 times somebody had said stop") {
		t.Error(out)
	}

	db = open()
	defer db.Close()
	for id, want := range map[string]string{"all": "", "cooking": "han", "stays": "han nau-an", "before": ""} {
		news, _, err := db.Following(ctx, contact(id))
		must(err)
		var trades []string
		for _, f := range news {
			trades = append(trades, f.Trade)
		}
		slices.Sort(trades)
		if is := strings.Join(trades, " "); is != want {
			t.Errorf("%s is told of %q, want %q", id, is, want)
		}
	}
	for id, want := range map[string]story.State{"gone": story.Withdrawn, "kept": story.Published} {
		s, err := db.Story(ctx, id)
		if err != nil || s == nil || s.State != want || want == story.Withdrawn && strings.Contains(s.Text, "mở quán") {
			t.Errorf("story %s: %+v %v", id, s, err)
		}
	}
}
