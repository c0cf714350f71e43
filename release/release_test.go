package release_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nghe/content"
	"nghe/release"
	"nghe/staff"
	"nghe/store"
)

var shipped = release.Shelf{Base: []fs.FS{content.Builtin()}}

func kind(t *testing.T, id string) release.Kind {
	t.Helper()
	k, ok := release.KindOf(id)
	if !ok {
		t.Fatalf("no kind %q", id)
	}
	return k
}

func entry(t *testing.T, s release.Shelf, k, id string) release.Entry {
	t.Helper()
	e, err := s.Entry(kind(t, k), id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Every shipped entry can be edited: put as it is, it is what it was and stands
// in for itself.
func TestEveryEntryCanBeEdited(t *testing.T) {
	edited := shipped
	for _, k := range release.Kinds {
		all, err := shipped.Entries(k)
		if err != nil || len(all) < 3 {
			t.Fatalf("%s: %d entries, %v", k.ID, len(all), err)
		}
		for i, e := range all {
			if i%15 != 0 && len(all) > 20 {
				continue
			}
			c, err := edited.Put(k, e.ID, e.Text)
			if err != nil {
				t.Fatalf("%s %s: %v\n%s", k.ID, e.ID, err, e.Text)
			}
			edited = c.Shelf
		}
		again, err := edited.Entries(k)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range again {
			if i%15 != 0 && len(all) > 20 {
				continue
			}
			if e.ID != all[i].ID || e.Text != all[i].Text || !e.Edited || e.Stale || !e.Base {
				t.Errorf("%s %s: edited %v, stale %v:\n%s\nwas\n%s", k.ID, e.ID, e.Edited, e.Stale, e.Text, all[i].Text)
			}
		}
	}
	if lib, problems := edited.Load(); lib == nil || len(problems) > 0 {
		t.Errorf("%v", problems)
	}
	for _, k := range release.Kinds { // and back
		all, err := edited.Entries(k)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all[:1] {
			c, err := edited.Drop(k, e.ID)
			if err != nil {
				t.Fatal(err)
			}
			if is := entry(t, c.Shelf, k.ID, e.ID); is.Edited {
				t.Errorf("%s %s is still edited", k.ID, e.ID)
			}
			edited = c.Shelf
		}
	}
	if lib, problems := edited.Load(); lib == nil || len(problems) > 0 {
		t.Errorf("%v", problems)
	}
}

// In a file that people keep, nothing else changes: neither comments nor order.
func TestTheRestOfAFileStays(t *testing.T) {
	for _, k := range release.Kinds {
		all, err := shipped.Entries(k)
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range all {
			if i%15 != 0 && i != len(all)-1 {
				continue
			}
			b, err := fs.ReadFile(content.Builtin(), e.File)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(b), ": *") || strings.Contains(string(b), ": &") {
				continue // what stands for something else is written out
			}
			own := release.Shelf{Base: []fs.FS{release.Files{}.FS()}, Edited: release.Files{e.File: string(b)}}
			c, err := own.Put(k, e.ID, e.Text)
			if err != nil {
				t.Fatal(err)
			}
			if c.Edited[e.File] != string(b) {
				t.Fatalf("%s %s: the file is another:\n%s", k.ID, e.ID, c.Edited[e.File])
			}
		}
	}
	const file = `# Lời của trung tâm.
phrases:
  # Câu chào, đã thống nhất với lãnh đạo.
  - id: greeting
    texts: ["Chào {bạn}!"] # ngắn thôi
  - id: thanks
    texts:
      - "Không có gì."

# Xưng hô.
forms:
  - {id: bạn, self: mình, selves: []}
`
	own := release.Shelf{Base: shipped.Base, Edited: release.Files{"phrases.yaml": file}}
	e := entry(t, own, "phrase", "greeting")
	if want := "# Câu chào, đã thống nhất với lãnh đạo.\nid: greeting\ntexts: [\"Chào {bạn}!\"] # ngắn thôi\n"; e.Text != want || !e.Stale {
		t.Fatalf("%q, stale %v", e.Text, e.Stale)
	}
	c, err := own.Put(kind(t, "phrase"), "greeting", strings.Replace(e.Text, "Chào {bạn}!", "Kính chào {bạn}!", 1))
	if err != nil {
		t.Fatal(err)
	}
	got := c.Edited["phrases.yaml"]
	if rest := strings.Replace(strings.SplitN(got, "phrases:", 2)[1], "Kính chào", "Chào", 1); rest != strings.SplitN(file, "phrases:", 2)[1] || !strings.HasPrefix(got, "# Lời của trung tâm.\nreplaces:\n  \"greeting\": \"") {
		t.Errorf("%s", got)
	}
	if e := entry(t, c.Shelf, "phrase", "greeting"); e.Stale {
		t.Error("saved, and still of an older state")
	}
	if c, err = c.Put(kind(t, "phrase"), "silence.new", "id: silence.new\ntexts: [\"Có ai không?\"]"); err != nil {
		t.Fatal(err)
	}
	if got := c.Edited["phrases.yaml"]; !strings.Contains(got, "      - \"Không có gì.\"\n  - id: silence.new\n    texts: [\"Có ai không?\"]\n\n# Xưng hô.\nforms:") {
		t.Errorf("%s", got)
	}
	if got := strings.Split(c.Edited["phrases.yaml"], "\n")[c.First-1 : c.Last]; len(got) != 2 || got[0] != "  - id: silence.new" {
		t.Errorf("lines %d to %d: %q", c.First, c.Last, got)
	}
}

func TestWhatIsRefused(t *testing.T) {
	topic := kind(t, "topic")
	text := entry(t, shipped, "topic", "support.who").Text
	for what, bad := range map[string]struct {
		text string
		line int
	}{
		"a bomb":          {"id: support.who\ntitle: &a [x, x]\nanswer: [*a, *a]\n", 2},
		"a tag":           {"id: support.who\ntitle: !!binary aGk=\n", 2},
		"another id":      {strings.Replace(text, "support.who", "support.whom", 1), 1},
		"a second one":    {text + "---\nid: x\n", strings.Count(text, "\n") + 1},
		"a list":          {"- id: support.who\n", 1},
		"too much":        {text + strings.Repeat("# dài\n", 6000), 0},
		"a tab":           {"id: support.who\n\ttitle: x\n", 2},
		"no text":         {"id: support.who\ntitle: \xff\n", 0},
		"broken":          {"id: support.who\ntitle: \"x\nanswer: y\n", 2},
		"nothing":         {"", 1},
		"a way out of it": {"id: support.who\ntitle: x\n]\n", 3},
	} {
		_, err := shipped.Put(topic, "support.who", bad.text)
		var refused *release.Refused
		if !errors.As(err, &refused) || bad.line > 0 && (refused.Line < bad.line || refused.Line > bad.line+2) {
			t.Errorf("%s: %v (%+v), want line %d", what, err, refused, bad.line)
		}
	}
	if _, err := shipped.Drop(topic, "support.who"); !errors.Is(err, release.ErrNone) {
		t.Errorf("what nobody edited is taken away: %v", err)
	}
	for _, k := range []string{"flow", "", "../facts", "topics/*.yaml"} {
		if _, ok := release.KindOf(k); ok {
			t.Errorf("%q can be edited", k)
		}
	}
}

// A file that somebody broke by other means is told, not taken for empty.
func TestBrokenFile(t *testing.T) {
	for _, text := range []string{"topics:\n  - id: \"x\n", "- id: x\n", "topics: [{id: x}]\n"} {
		own := release.Shelf{Base: shipped.Base, Edited: release.Files{"topics/loan.yaml": text}}
		var wrong *staff.Wrong
		if _, err := own.Put(kind(t, "topic"), "support.who", "id: support.who\n"); !errors.As(err, &wrong) || !strings.Contains(wrong.Text, "topics/loan.yaml") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// The check is told beside the line that it is about.
func TestBesideTheLine(t *testing.T) {
	text := entry(t, shipped, "topic", "support.who").Text
	c, err := shipped.Put(kind(t, "topic"), "support.who", strings.Replace(text, "Từ 2026, người", "Có 7 triệu đồng. Từ 2026, người", 1))
	if err != nil {
		t.Fatal(err)
	}
	lib, problems := c.Load()
	if lib != nil || len(problems) != 1 {
		t.Fatalf("%v", problems)
	}
	line, about := c.Beside(problems[0])
	if lines := strings.Split(c.Edited[c.File], "\n"); !about || !strings.Contains(lines[c.First+line-2], "7 triệu") {
		t.Errorf("line %d, %v", line, about)
	}
	if c, err = shipped.Put(kind(t, "topic"), "support.who", text+"nonsense: 1\n"); err != nil {
		t.Fatal(err)
	}
	if _, problems = c.Load(); len(problems) == 0 {
		t.Fatal("an unknown key is taken")
	}
	if line, about := c.Beside(problems[0]); !about || line != strings.Count(text, "\n")+1 {
		t.Errorf("line %d, %v: %v", line, about, problems[0])
	}
}

// After an upgrade what nobody touched is new, and what both changed is told.
func TestUpgrade(t *testing.T) {
	topic := kind(t, "topic")
	e := entry(t, shipped, "topic", "support.who")
	c, err := shipped.Put(topic, "support.who", strings.Replace(e.Text, "title: Ai được hỗ trợ học nghề", "title: Ai được hỗ trợ", 1))
	if err != nil {
		t.Fatal(err)
	}
	newer := release.Files{}
	for _, id := range []string{"support.who", "support.amount"} {
		e := entry(t, shipped, "topic", id)
		n, err := release.Shelf{Base: shipped.Base, Edited: newer}.Put(topic, id, e.Text+"place: true\n")
		if err != nil {
			t.Fatal(err)
		}
		newer = n.Edited
	}
	after := release.Shelf{Base: append(slices.Clone(shipped.Base), newer.FS()), Edited: c.Edited}
	if e := entry(t, after, "topic", "support.who"); !e.Stale || !e.Edited || strings.Contains(e.Text, "place: true") {
		t.Errorf("%+v", e)
	}
	if e := entry(t, after, "topic", "support.amount"); e.Stale || e.Edited || !strings.Contains(e.Text, "place: true") {
		t.Errorf("%+v", e)
	}
	lib, problems := after.Load()
	if lib == nil || len(problems) != 1 || !problems[0].Warning {
		t.Errorf("%v", problems)
	}
	if e, err := after.Beneath(topic, "support.who"); err != nil || !strings.Contains(e.Text, "place: true") {
		t.Errorf("%v %+v", err, e)
	}
}

// folder is one in memory.
type folder map[string]string

func (f folder) Read() (map[string]string, error) { return maps.Clone(f), nil }
func (f folder) Write(name, text string) error {
	if f[name] = text; text == "" {
		delete(f, name)
	}
	return nil
}

var editor = staff.Member{ID: "1", Login: "lan", Name: "Lan", Role: staff.Editor, Scope: staff.Scope{Province: true}}

func desk(t *testing.T, in release.Folder) *release.Desk {
	t.Helper()
	db, err := store.Open(t.Context(), t.TempDir(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	at := time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)
	return &release.Desk{Records: db, Base: shipped.Base, Folder: in, Taken: func(context.Context) error { return nil }, Now: func() time.Time { at = at.Add(time.Minute); return at }}
}

func shelf(t *testing.T, d *release.Desk) release.Shelf {
	t.Helper()
	s, _, err := d.Shelf(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A change is published, followed by another, and gone back from, wherever it is
// kept.
func TestPublishAndGoBack(t *testing.T) {
	for name, in := range map[string]release.Folder{"records": nil, "folder": folder{"canned.yaml": "# Của trung tâm.\ncanned:\n  - id: hoi-lai\n    title: Hỏi lại\n    text: Xin hỏi lại {name}.\n"}} {
		t.Run(name, func(t *testing.T) {
			d, ctx := desk(t, in), t.Context()
			begun := shelf(t, d)
			edit := func(k, id, from, to string) release.Edit {
				e := entry(t, shelf(t, d), k, id)
				return release.Edit{Kind: e.Kind, ID: id, Text: strings.Replace(e.Text, from, to, 1), Seen: e.Version()}
			}
			one := edit("phrase", "greeting", "Chào", "Kính chào")
			r, err := d.Publish(ctx, editor, one, "  Lịch sự   hơn ")
			if err != nil || r.Why != "Lịch sự hơn" || r.Name != "Lan" || r.Base == "" {
				t.Fatalf("%+v %v", r, err)
			}
			first := r.Number
			if _, err := d.Publish(ctx, editor, edit("canned", "hello", "\"Chào", "\"Xin chào"), "Lịch sự hơn"); err != nil {
				t.Fatal(err)
			}
			if e := entry(t, shelf(t, d), "canned", "hello"); !strings.Contains(e.Text, "Xin chào {name}") || !e.Edited {
				t.Errorf("%s", e.Text)
			}

			// Who saw an older one is told, and by whom it was changed.
			late := one
			late.Text = strings.Replace(one.Text, "Kính chào", "Thân chào", 1)
			var changed *release.Changed
			if _, err := d.Publish(ctx, editor, late, "Thân mật hơn"); !errors.As(err, &changed) || changed.By != "Lan" || !strings.Contains(changed.Now.Text, "Kính chào") {
				t.Errorf("%v %+v", err, changed)
			}
			var unsound *release.Unsound
			if _, err := d.Publish(ctx, editor, edit("phrase", "thanks", "id: thanks", "id: thanks\nnope: 1"), "Thử xem sao"); !errors.As(err, &unsound) || len(unsound.Problems) != 1 {
				t.Errorf("%v", err)
			}
			var wrong *staff.Wrong
			for _, why := range []string{"", " a ", strings.Repeat("dài ", 100)} {
				if _, err := d.Publish(ctx, editor, edit("phrase", "thanks", "id", "id"), why); !errors.As(err, &wrong) || wrong.Field != "why" {
					t.Errorf("why %q: %v", why, err)
				}
			}
			var denied *staff.Denied
			if _, err := d.Publish(ctx, staff.Member{Role: staff.Officer}, one, "Lịch sự hơn"); !errors.As(err, &denied) {
				t.Errorf("%v", err)
			}

			if _, err := d.Restore(ctx, editor, first, "Câu mẫu chưa ổn"); err != nil {
				t.Fatal(err)
			}
			if e := entry(t, shelf(t, d), "canned", "hello"); e.Edited || strings.Contains(e.Text, "Xin chào") {
				t.Errorf("%s", e.Text)
			}
			if e := entry(t, shelf(t, d), "phrase", "greeting"); !strings.Contains(e.Text, "Kính chào") {
				t.Errorf("%s", e.Text)
			}
			if _, err := d.Restore(ctx, editor, 0, "Về như lúc đầu"); err != nil {
				t.Fatal(err)
			}
			for file, text := range shelf(t, d).Edited {
				if text != begun.Edited[file] {
					t.Errorf("%s is not as in the beginning:\n%s", file, text)
				}
			}
			all, err := d.Records.Releases(ctx, 0, 99)
			if err != nil {
				t.Fatal(err)
			}
			var told []string
			for _, r := range slices.Backward(all) {
				told = append(told, r.Name+" "+r.About)
			}
			want := []string{"Lan phrase:greeting", "Lan canned:hello", fmt.Sprintf("Lan release:%d", first), "Lan release:0"}
			if in != nil {
				want = slices.Insert(want, 1, " folder") // what had stood there is kept, too
			}
			if !slices.Equal(told, want) {
				t.Errorf("%q, want %q", told, want)
			}
		})
	}
}

// Many who change different entries at once lose nothing; of those who change
// the same one, one wins.
func TestManyEditorsAtOnce(t *testing.T) {
	d, ctx := desk(t, nil), t.Context()
	ids := []string{"greeting", "thanks", "intro"}
	var all sync.WaitGroup
	for _, id := range ids {
		e := entry(t, shipped, "phrase", id)
		own := &release.Desk{Records: d.Records, Base: d.Base, Taken: d.Taken, Now: time.Now}
		all.Go(func() {
			if _, err := own.Publish(ctx, editor, release.Edit{Kind: e.Kind, ID: id, Text: e.Text + "# đã xem lại\n", Seen: e.Version()}, "Đã xem lại"); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		})
	}
	all.Wait()
	for _, id := range ids {
		if e := entry(t, shelf(t, d), "phrase", id); !strings.Contains(e.Text, "đã xem lại") {
			t.Errorf("%s is lost:\n%s", id, e.Text)
		}
	}
	won := make([]error, 2)
	e := entry(t, shipped, "canned", "hello")
	for i := range won {
		own := &release.Desk{Records: d.Records, Base: d.Base, Taken: d.Taken, Now: time.Now}
		all.Go(func() {
			_, won[i] = own.Publish(ctx, editor, release.Edit{Kind: e.Kind, ID: e.ID, Text: strings.Replace(e.Text, "Chào", fmt.Sprintf("Chào %d", i), 1), Seen: e.Version()}, "Ai nhanh hơn")
		})
	}
	all.Wait()
	n := 0
	for _, err := range won {
		var changed *release.Changed
		if err == nil {
			n++
		} else if !errors.As(err, &changed) {
			t.Error(err)
		}
	}
	if n != 1 {
		t.Errorf("%d won", n)
	}
}

// New entries go to the file of their kind, or of their group.
func TestNewEntry(t *testing.T) {
	for id, file := range map[string]string{"loan.farm": "topics/loan.yaml", "weather.rain": "topics/other.yaml"} {
		c, err := shipped.Put(kind(t, "topic"), id, "id: "+id+"\ntitle: x\n")
		if err != nil || c.File != file || c.Replaces || path.Dir(c.File) != "topics" {
			t.Errorf("%s: %s %v %v", id, c.File, c.Replaces, err)
		}
		if e := entry(t, c.Shelf, "topic", id); e.Base || !e.Edited || e.Stale {
			t.Errorf("%+v", e)
		}
	}
}
