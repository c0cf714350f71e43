package content_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"go.yaml.in/yaml/v4"

	"nghe/content"
	"nghe/people"
)

var update = flag.Bool("update", false, "rewrite transcripts and schemas; read the difference before it is committed")

// Every topic that questions are scored by has an answer.
func TestEveryTopicIsAnswered(t *testing.T) {
	b, err := os.ReadFile("eval/topics.tsv")
	if err != nil {
		t.Fatal(err)
	}
	lib := content.MustBuiltin()
	n := 0
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n")[1:] {
		id, _, _ := strings.Cut(line, "\t")
		if id == "out.other" {
			continue
		}
		n++
		if topic := lib.Topic(id); topic == nil || topic.Text == "" {
			t.Errorf("%s has no answer", id)
		}
	}
	if n < 80 {
		t.Errorf("only %d topics are named", n)
	}
}

func TestReferenceData(t *testing.T) {
	lib := content.MustBuiltin()
	for what, n := range map[string]struct{ have, want int }{
		"places": {len(lib.Places), 54}, "trades": {len(lib.Trades), 60}, "dangers": {len(lib.Dangers), 9}, "loans": {len(lib.Programmes), 13}, "regimes": {len(lib.Regimes), 3},
	} {
		if n.have != n.want {
			t.Errorf("%d %s, want %d", n.have, what, n.want)
		}
	}
	for _, p := range lib.Places {
		if p.Lat < 20.6 || p.Lat > 21.7 || p.Lon < 106.3 || p.Lon > 108.2 {
			t.Errorf("%s lies outside the province: %v %v", p.ID, p.Lat, p.Lon)
		}
	}
	for _, f := range lib.Facts {
		if f.CheckedOn != "" {
			t.Errorf("%s is said to be checked against the original; nobody has yet", f.ID)
		}
	}
	for _, s := range lib.Stories {
		if text := fmt.Sprint(*s); strings.Contains(text, "anh Nguyễn") || strings.Contains(text, "chị Nguyễn") {
			t.Errorf("a story with a name: %s", text)
		}
	}
}

// Phone numbers are those of the facts, and nothing else that looks like one.
func TestNoPhoneNumberIsInvented(t *testing.T) {
	lib := content.MustBuiltin()
	known := map[string]bool{}
	for _, f := range lib.Facts {
		for _, n := range phoneLike(f.Statement + f.Note) {
			known[n] = true
		}
		for _, a := range f.Numbers {
			known[strings.TrimSpace(a.Value)] = true
			for _, n := range phoneLike(a.Value) {
				known[n] = true
			}
		}
	}
	for _, list := range [][]*content.Topic{lib.Topics, lib.Dangers} {
		for _, topic := range list {
			for _, n := range phoneLike(topic.Answer) {
				if !known[n] {
					t.Errorf("%s: where does the number %s come from?", topic.ID, n)
				}
			}
		}
	}
}

// phoneLike gives what may be a phone number: three digits that begin with 1,
// or eight and more.
func phoneLike(s string) []string {
	var out []string
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' }) {
		if len(f) == 3 && f[0] == '1' && f != "100" && f != "120" && f != "150" || len(f) >= 8 {
			out = append(out, f)
		}
	}
	return out
}

func TestOverridesReplaceItems(t *testing.T) {
	override := func(head string) fstest.MapFS {
		return fstest.MapFS{"phrases.yaml": {Data: []byte(head + "phrases:\n  - {id: greeting, texts: [Dạ chào {bạn}!]}\n")}}
	}
	// YAML needs the braces quoted.
	files := override("")
	files["phrases.yaml"].Data = []byte(strings.ReplaceAll(string(files["phrases.yaml"].Data), "[Dạ chào {bạn}!]", `["Dạ chào {bạn}!"]`))
	lib, problems := content.Load(content.Builtin(), files)
	if lib == nil || lib.Phrase("greeting")[0] != "Dạ chào {bạn}!" || lib.Phrase("thanks")[0] == "" {
		t.Fatalf("%v", problems)
	}
	if lib.ReleaseID() == content.MustBuiltin().ReleaseID() {
		t.Error("other content has the same release")
	}
	// It does not say what it was made from: a warning with what to write.
	if len(problems) != 1 || !problems[0].Warning || !strings.Contains(problems[0].Try, "replaces: {greeting: ") || len(lib.Overrides) != 1 || !lib.Overrides[0].Stale {
		t.Fatalf("%v %v", problems, lib.Overrides)
	}
	_, hash, _ := strings.Cut(problems[0].Try, "replaces: {greeting: ")
	hash = hash[:8]
	body := string(files["phrases.yaml"].Data)
	files["phrases.yaml"].Data = []byte("replaces: {greeting: " + hash + "}\n" + body)
	if lib, problems := content.Load(content.Builtin(), files); lib == nil || len(problems) > 0 || lib.Overrides[0].Stale {
		t.Errorf("%v", problems)
	}
	// The built-in one is corrected: the old copy must not hide it.
	corrected := copied(t)
	corrected["phrases.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(string(corrected["phrases.yaml"].Data), "Chào {bạn}!", "Kính chào {bạn}!", 1))}
	lib, problems = content.Load(corrected, files)
	if lib == nil || len(problems) != 1 || !strings.Contains(problems[0].What, `the built-in "greeting" changed`) {
		t.Errorf("%v", problems)
	}
	// The same for a flow, which is a file of its own.
	menu := string(copied(t)["flows/menu.yaml"].Data)
	files = fstest.MapFS{"flows/menu.yaml": {Data: []byte(menu)}}
	_, problems = content.Load(content.Builtin(), files)
	if len(problems) != 1 || !strings.Contains(problems[0].Try, "replaces: ") {
		t.Fatalf("%v", problems)
	}
	_, hash, _ = strings.Cut(problems[0].Try, "replaces: ")
	files["flows/menu.yaml"].Data = []byte("replaces: " + hash[:8] + "\n" + menu)
	if _, problems = content.Load(content.Builtin(), files); len(problems) > 0 {
		t.Errorf("%v", problems)
	}
}

func TestHolder(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "phrases.yaml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte("phrases:\n  - {id: thanks, texts: ["+text+"]}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("một")
	h, problems := content.Open(dir)
	if h == nil {
		t.Fatal(problems)
	}
	said := func() string { return h.Current().Phrase("thanks")[0] }
	if said() != "một" {
		t.Errorf("says %q", said())
	}

	changed := make(chan struct{}, 100)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	watcher, err := h.Watch()
	if err != nil {
		t.Fatal(err)
	}
	go func() { ended <- watcher.Run(ctx, func() { h.Reload(); changed <- struct{}{} }) }()
	await := func(text, want string) {
		t.Helper()
		write(text)
		select {
		case <-changed:
		case <-time.After(20 * time.Second):
			t.Fatalf("a change was not seen")
		}
		if said() != want {
			t.Fatalf("says %q, want %q", said(), want)
		}
	}
	await("hai", "hai")
	await(`"{nosuch}"`, "hai") // refused: goes on with what it had
	await("ba", "ba")
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}

	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if problems := h.Reload(); len(content.Errors(problems)) == 0 || said() != "ba" {
		t.Errorf("without the folder: %v, says %q", problems, said())
	}
	if h, problems := content.Open(filepath.Join(dir, "nosuch")); h != nil || len(problems) != 1 {
		t.Errorf("%v", problems)
	}
	if _, err := h.Watch(); err == nil {
		t.Error("a folder that is gone can't be watched")
	}
	builtin, _ := content.Open("")
	if watcher, err = builtin.Watch(); err != nil || watcher.Run(ctx, nil) != nil {
		t.Error("without a folder there is nothing to watch and nothing wrong")
	}
}

// The schemas that editors use are those of the Go types, and the built-in
// files are what they say.
func TestSchemas(t *testing.T) {
	patterns := map[string]string{"facts": "facts/*.yaml", "topics": "topics/*.yaml", "flows": "flows/*.yaml"}
	for _, kind := range content.Kinds() {
		b, err := content.Schema(kind)
		if err != nil {
			t.Fatal(err)
		}
		b = append(b, '\n')
		file := filepath.Join("schemas", kind+".json")
		if *update {
			if err := os.WriteFile(file, b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		written, err := os.ReadFile(file)
		if err != nil || string(written) != string(b) {
			t.Errorf("%s is not of these types any more: run “go test ./content -update” (%v)", file, err)
		}
		var schema jsonschema.Schema
		if err := json.Unmarshal(b, &schema); err != nil {
			t.Fatal(err)
		}
		resolved, err := schema.Resolve(nil)
		if err != nil {
			t.Fatal(err)
		}
		pattern := patterns[kind]
		if pattern == "" {
			pattern = kind + ".yaml"
		}
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Errorf("no file of kind %s", kind)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var v any
			if err := yaml.Unmarshal(b, &v); err != nil {
				t.Fatal(err)
			}
			if err := resolved.Validate(v); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
	if _, err := content.Schema("nosuch"); err == nil {
		t.Error("a schema of no kind")
	}
}

func TestSourceNote(t *testing.T) {
	lib := content.MustBuiltin()
	day := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	note, sources := lib.SourceNote([]string{"support.nd338.meal", "support.meal.qd46", "nosuch"}, day)
	for _, want := range []string{"Nghị định 338/2025/NĐ-CP, Điều 25", "Quyết định 46/2015/QĐ-TTg", "tra cứu 22/11/2026", "chưa đối chiếu văn bản gốc", "Chưa rõ còn áp dụng"} {
		if !strings.Contains(note, want) {
			t.Errorf("%q is not in %s", want, note)
		}
	}
	if len(sources) != 2 {
		t.Errorf("%q", sources)
	}
	if note, sources := lib.SourceNote(nil, day); note != "" || sources != nil {
		t.Errorf("%q %q", note, sources)
	}
	// A fact that says more swallows one that says less.
	if _, sources := lib.SourceNote([]string{"support.nd338.rural-training-cost", "support.nd338.youth-cap"}, day); len(sources) != 1 && slices.Contains(sources, "Nghị định 338/2025/NĐ-CP, Điều 25") {
		t.Errorf("%q", sources)
	}
}

func TestNames(t *testing.T) {
	lib := content.MustBuiltin()
	for _, c := range []struct{ slot, value, want string }{
		{"place", "ba-che", "Xã Ba Chẽ"}, {"place", "nosuch", "nosuch"}, {"cost", "2500000", "2.500.000 đồng"}, {"work", "rural", "Ở xã, hoặc làm nông"}, {"days", "30", "30"},
	} {
		if got := lib.ValueName(c.slot, c.value); got != c.want {
			t.Errorf("%s %s is called %q, want %q", c.slot, c.value, got, c.want)
		}
	}
	for address, want := range map[string]string{"bác": "cháu", "chị": "em", "em": "mình", "": "mình", "nosuch": "mình"} {
		if got := lib.Form(address)["mình"]; got != want {
			t.Errorf("the bot calls itself %q to %q", got, address)
		}
	}
	if lib.Phrase("nosuch")[0] != "nosuch" || lib.Fact("nosuch") != nil || lib.Source("nosuch") != nil || lib.Cite("nosuch") != "" {
		t.Error("what is not there is made up")
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		content.MustBuiltin()
	}
}

// Every answer to a reminder has a label, a meaning, and something that is said
// to it.
func TestAnswersToReminders(t *testing.T) {
	lib := content.MustBuiltin()
	known := people.Answers()
	for _, answer := range known {
		if lib.Phrase("said." + answer)[0] == "said."+answer {
			t.Errorf("the answer %q has no label", answer)
		}
		if lib.Flow("said").Steps[answer] == nil {
			t.Errorf("nothing is said to the answer %q", answer)
		}
	}
	for _, r := range lib.Reminders {
		for _, answer := range r.Answers {
			if !slices.Contains(known, answer) {
				t.Errorf("reminder %s: nobody knows what %q means", r.ID, answer)
			}
		}
	}
}
