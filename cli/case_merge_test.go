package cli_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/cli"
	"nghe/handoff"
	"nghe/people"
	"nghe/store"
)

// “nghe case merge” makes one case of two of a person who linked two places, and
// of nobody else.
func TestCaseMerge(t *testing.T) {
	data := t.TempDir()
	hires(t, data, "hoa", "Hoa", bot.Contact{Channel: "telegram", ID: "6"})
	db, err := store.Open(t.Context(), data, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	first, second := bot.Contact{Channel: "web", ID: "a"}, bot.Contact{Channel: "telegram", ID: "1"}
	for i, c := range []bot.Contact{first, second} {
		k := handoff.Case{
			ID: string(rune('a' + i)), State: handoff.Waiting, Kind: handoff.Help, Queue: "training", Contact: c, Turn: c.Channel + ":1", OpenedAt: time.Now(), WaitingAt: time.Now(),
			FirstDue: time.Now(), CloseDue: time.Now(),
		}
		if _, _, err := db.OpenCase(t.Context(), k, []handoff.Message{{Key: "1", From: handoff.FromPerson, Text: "chào từ " + c.Channel, At: time.Now()}}); err != nil {
			t.Fatal(err)
		}
	}
	run := func(args ...string) (int, string) {
		var out bytes.Buffer
		code := cli.Run(t.Context(), &cli.Process{Args: args, Environ: []string{"NGHE_DATA=" + data}, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Now: time.Now})
		return code, out.String()
	}
	if code, text := run("case", "merge", "1", "2", "--as", "hoa"); code != 1 || !strings.Contains(text, "Chưa rõ ca #1 và ca #2") {
		t.Errorf("of two people: %d %s", code, text)
	}
	for _, args := range [][]string{{"case", "merge", "1", "--as", "hoa"}, {"case", "merge", "1", "2"}, {"case", "merge", "1", "2", "3", "--as", "hoa"}} {
		if code, text := run(args...); code != 2 {
			t.Errorf("%q: %d %s", args, code, text)
		}
	}
	book := db.People([]byte("key"))
	if err := book.Keep(t.Context(), people.Person{ID: "p1", Profile: []byte("{}"), UpdatedAt: time.Now()}, first, people.Consent{Purpose: people.PurposeRemember, Words: "Đồng ý", GivenAt: time.Now()}); err != nil {
		t.Fatal(err)
	}
	if ok, err := db.PutCode(t.Context(), []byte("code"), "p1", time.Now(), time.Now().Add(time.Minute)); err != nil || !ok {
		t.Fatal(ok, err)
	}
	if done, err := db.Link(t.Context(), people.Linking{Contact: second, Turn: "telegram:2", Code: []byte("code"), Words: "Đồng ý", At: time.Now()}); err != nil || done != people.Linked {
		t.Fatal(done, err)
	}
	db.Close()
	if code, text := run("case", "merge", "1", "2", "--as", "hoa"); code != 0 || !strings.Contains(text, "chào từ web") || !strings.Contains(text, "chào từ telegram") {
		t.Errorf("%d %s", code, text)
	}
	if code, text := run("case", "show", "2"); code != 0 || strings.Contains(text, "chào từ telegram") {
		t.Errorf("%d %s", code, text)
	}
}
