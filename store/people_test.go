package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/dialog"
	"nghe/people"
	"nghe/store"
)

func TestPeople(t *testing.T) { onEach(t, peopleSuite) }

func peopleSuite(t *testing.T, db *store.DB) {
	book := people.Book{Records: db.People([]byte("key"))}
	an, binh := bot.Contact{Channel: "web", ID: "an"}, bot.Contact{Channel: "web", ID: "binh"}
	ctx := t.Context()

	if v, err := book.Profile(ctx, an); v != nil || err != nil {
		t.Errorf("nobody has %v, %v", v, err)
	}
	if e, err := book.Export(ctx, an); e != nil || err != nil {
		t.Errorf("nobody has %s, %v", e, err)
	}
	keeping := bot.Keeping{Words: "Cho nghe nhớ?", Profile: dialog.Values{"place": dialog.Text("ba-che")}, At: noon}
	for range 2 { // harmless when called again
		if err := book.Keep(ctx, an, keeping); err != nil {
			t.Fatal(err)
		}
	}
	later := keeping
	later.Profile = dialog.Values{"place": dialog.Text("tien-yen"), "address": dialog.Text("chị")}
	later.At = noon.Add(time.Hour)
	if err := book.Keep(ctx, an, later); err != nil {
		t.Fatal(err)
	}
	if err := book.Keep(ctx, binh, keeping); err != nil {
		t.Fatal(err)
	}
	v, err := book.Profile(ctx, an)
	if err != nil || v["place"].Text() != "tien-yen" || v["address"].Text() != "chị" {
		t.Errorf("%v %v", v, err)
	}
	exported, err := book.Export(ctx, an)
	if err != nil || strings.Count(string(exported), "Cho nghe nhớ?") != 1 || !strings.Contains(string(exported), `"place":"tien-yen"`) {
		t.Errorf("%s %v", exported, err)
	}
	p, err := book.Records.Find(ctx, an)
	if err != nil || len(p.Contacts) != 1 || p.Contacts[0] != an || !p.CreatedAt.Equal(noon) || !p.UpdatedAt.Equal(later.At) {
		t.Errorf("%+v %v", p, err)
	}
	if same, err := book.Records.FindID(ctx, p.ID); err != nil || same.ID != p.ID {
		t.Errorf("%+v %v", same, err)
	}

	for range 2 {
		if err := book.Delete(ctx, an, noon); err != nil {
			t.Fatal(err)
		}
	}
	if v, err := book.Profile(ctx, an); v != nil || err != nil {
		t.Errorf("after deletion: %v, %v", v, err)
	}
	for table, want := range map[string]int{"person": 1, "contact": 1, "consent": 1, "deletion": 1} {
		if n := count(t, db, table); n != want {
			t.Errorf("%s has %d rows, want %d", table, n, want)
		}
	}
	if err := book.Withdraw(ctx, binh, noon); err != nil {
		t.Fatal(err)
	}
	if v, err := book.Profile(ctx, binh); v != nil || err != nil {
		t.Errorf("after withdrawal: %v, %v", v, err)
	}
}

// What was deleted is not in the file either.
func TestDeletedIsOverwritten(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(t.Context(), dir, noon)
	if err != nil {
		t.Fatal(err)
	}
	const secret = "một câu rất riêng"
	c := somebody()
	book := people.Book{Records: db.People([]byte("key"))}
	if err := book.Keep(t.Context(), c, bot.Keeping{Words: secret, At: noon}); err != nil {
		t.Fatal(err)
	}
	commit := turn(c, 0, "1", secret)
	commit.Session = []byte(secret)
	if _, err := db.Sessions().Save(t.Context(), commit); err != nil {
		t.Fatal(err)
	}
	if err := book.Delete(t.Context(), c, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Sessions().Save(t.Context(), bot.Commit{Contact: c, Turn: "2", Base: 1, Erase: true, At: noon}); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil { // writes the log into the file
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), secret) {
			t.Errorf("%s still holds what was deleted", filepath.Base(name))
		}
	}
}
