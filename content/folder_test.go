package content_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"nghe/content"
)

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	f := content.Folder(dir)
	if !f.Writable() || content.Folder(filepath.Join(dir, "nosuch")).Writable() {
		t.Error("it does not know whether it can be written to")
	}
	for _, text := range []string{"topics:\n", "topics: []\n"} {
		if err := f.Write("topics/loan.yaml", text); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"../x.yaml", "/x.yaml", "topics/../../x.yaml", "x.txt", "", "topics"} {
		if err := f.Write(name, "x"); err == nil {
			t.Errorf("%q is written", name)
		}
	}
	all, err := f.Read()
	if err != nil || !maps.Equal(all, map[string]string{"topics/loan.yaml": "topics: []\n"}) {
		t.Errorf("%v %v", all, err)
	}
	for range 2 { // what is gone already is no matter
		if err := f.Write("topics/loan.yaml", ""); err != nil {
			t.Fatal(err)
		}
	}
	left, err := os.ReadDir(filepath.Join(dir, "topics"))
	if err != nil || len(left) != 0 {
		t.Errorf("%v %v", left, err)
	}
}

// What is laid on top is told if it is sound; else what lies beneath.
func TestLay(t *testing.T) {
	h, problems := content.Open("")
	if h == nil {
		t.Fatal(problems)
	}
	greeting := func() string { return h.Current().Phrase("greeting")[0] }
	was := greeting()
	file := func(text string) fstest.MapFS {
		return fstest.MapFS{"phrases.yaml": {Data: []byte("phrases:\n  - id: greeting\n    texts: [\"" + text + "\"]\n")}}
	}
	if h.Lay(file("Kính chào {bạn}!")); greeting() != "Kính chào {bạn}!" {
		t.Errorf("%q", greeting())
	}
	problems = h.Lay(file("Chào {nobody}!"))
	if greeting() != was || !slices.ContainsFunc(content.Errors(problems), func(p content.Problem) bool { return strings.Contains(p.What, "nobody") }) {
		t.Errorf("%q, %v", greeting(), problems)
	}
	if problems = h.Reload(); greeting() != was || len(content.Errors(problems)) == 0 {
		t.Errorf("%q, %v", greeting(), problems)
	}
	if problems = h.Lay(fstest.MapFS{}); greeting() != was || len(problems) > 0 {
		t.Errorf("%q, %v", greeting(), problems)
	}
}
