package cli_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	faketelegram "nghe/bot/bottest/telegram"
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
