package store_test

import (
	"bytes"
	"testing"
	"time"

	"nghe/bot"
	"nghe/handoff"
	"nghe/store"
)

// Files of messages, and two cases that become one, on both databases.
func TestFilesAndMergesOfCases(t *testing.T) {
	onEach(t, func(t *testing.T, db *store.DB) {
		ctx := t.Context()
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		shown := func(key string, at time.Time) handoff.Message {
			return handoff.Message{Key: key, From: handoff.FromPerson, Media: &bot.Media{Kind: bot.MediaPhoto, Ref: key}, At: at}
		}
		who, other := bot.Contact{Channel: "web", ID: "files-1"}, bot.Contact{Channel: "web", ID: "files-2"}
		a, _, err := db.OpenCase(ctx, newCase(who, "f1"), []handoff.Message{shown("one", noon), shown("old", noon.Add(-time.Hour)), said("words", handoff.Sent)})
		must(err)
		b, _, err := db.OpenCase(ctx, newCase(other, "f2"), []handoff.Message{shown("two", noon)})
		must(err)
		wanted, err := db.Unfetched(ctx, noon.Add(-time.Minute), 10)
		must(err)
		if len(wanted) != 2 {
			t.Fatalf("%+v", wanted)
		}
		for _, m := range wanted {
			why := map[string]string{"one": "", "two": "file-type"}[m.Key]
			for range 2 {
				must(db.PutFile(ctx, m.ID, bot.File{Name: "a.png", Type: "image/png", Body: []byte("\x89PNG\x00\xff")}, why, noon))
			}
		}
		must(db.PutFile(ctx, "nosuch", bot.File{}, "", noon))
		if wanted, err = db.Unfetched(ctx, noon.Add(-time.Minute), 10); err != nil || len(wanted) != 0 {
			t.Errorf("%+v %v", wanted, err)
		}
		all, err := db.Messages(ctx, a.ID, 0, 10, noon)
		must(err)
		if len(all) != 3 || !all[0].File.There() || all[0].File.Size != 6 || all[1].File != nil {
			t.Fatalf("%+v", all)
		}
		one := all[0].ID
		f, err := db.File(ctx, one)
		must(err)
		if f == nil || !bytes.Equal(f.Body, []byte("\x89PNG\x00\xff")) || f.Type != "image/png" {
			t.Errorf("%+v", f)
		}

		kept, gone, err := db.MergeCases(ctx, b.ID, a.ID, func(b, a handoff.Case) (handoff.Change, handoff.Change, error) {
			a.State, a.ClosedAt = handoff.Closed, noon
			return handoff.Change{Case: b, At: noon, Said: []handoff.Message{said("merged", handoff.Sent)}}, handoff.Change{Case: a, At: noon, Hold: &bot.Hold{}}, nil
		})
		must(err)
		if kept.Case.Said != 5 || gone.Hold == nil || gone.Case.Said != 3 {
			t.Errorf("%+v %+v", kept, gone)
		}
		all, err = db.Messages(ctx, b.ID, 0, 10, noon)
		must(err)
		for i, key := range []string{"two", a.ID + " one", a.ID + " old", a.ID + " words", "merged"} {
			if i >= len(all) || all[i].N != i+1 || all[i].Case != b.ID {
				t.Fatalf("%q is not number %d in %+v", key, i+1, all)
			}
		}
		if all[1].ID != one || !all[1].File.There() {
			t.Errorf("its file did not come with it: %+v", all[1])
		}
		for key, want := range map[string]string{"two": all[0].ID, handoff.MergedKey(a.ID, "one"): one, "one": ""} {
			m, err := db.MessageBy(ctx, b.ID, key)
			must(err)
			if (m == nil) != (want == "") || m != nil && m.ID != want {
				t.Errorf("%q gives %+v", key, m)
			}
		}
		if rest, err := db.Messages(ctx, a.ID, 0, 10, noon); err != nil || len(rest) != 0 {
			t.Errorf("%+v %v", rest, err)
		}
		if _, _, err := db.MergeCases(ctx, b.ID, "nosuch", nil); err != nil {
			t.Error(err)
		}

		_, err = db.ChangeCase(ctx, b.ID, func(c handoff.Case) (handoff.Change, error) {
			c.State, c.ClosedAt = handoff.Closed, noon
			return handoff.Change{Case: c, At: noon}, nil
		})
		must(err)
		for before, want := range map[time.Time]int{noon: 0, noon.Add(time.Second): 1} {
			if n, err := db.ForgetFiles(ctx, before, "file-old"); err != nil || n > want || want == 1 && n != 1 {
				t.Errorf("before %v: %d %v", before, n, err)
			}
		}
		if f, err := db.File(ctx, one); f != nil || err != nil {
			t.Errorf("%+v %v", f, err)
		}
		m, err := db.Message(ctx, one)
		must(err)
		if m.File == nil || m.File.Why != "file-old" {
			t.Errorf("%+v", m.File)
		}
		must(db.People([]byte("key")).Delete(ctx, other, noon.UnixMilli()))
		if n := count(t, db, "handoff_file"); n != 0 {
			t.Errorf("%d files left of somebody who deleted everything", n)
		}
	})
}
