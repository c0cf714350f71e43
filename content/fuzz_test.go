package content_test

import (
	"io/fs"
	"testing"
	"testing/fstest"

	"nghe/content"
)

// A file of overrides may hold anything: it is taken up or every problem is told
// with its place, and the program goes on.
func FuzzOverride(f *testing.F) {
	for _, s := range []string{
		"- id: web.title\n  text: Xin chào\n", "- id: error.busy\n  text: [a, b]\n  replaces: 0\n", "&a [*a, *a]\n", "{", "\t- x", "- id: \"\\xff\"\n  text: !!binary aGVq\n",
		"a: &x [1,1,1]\nb: &y [*x,*x,*x]\nc: [*y,*y,*y]\n", "---\n---\n- 1\n", "<<: {a: 1}\n",
	} {
		for _, name := range []string{"phrases.yaml", "canned.yaml", "holidays.yaml"} {
			f.Add(name, s)
		}
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		if len(text) > 4<<10 || !fs.ValidPath(name) {
			return
		}
		lib, problems := content.Load(content.Builtin(), fstest.MapFS{name: {Data: []byte(text)}})
		if (lib == nil) != (len(content.Errors(problems)) > 0) {
			t.Errorf("%s: a library %v with %v", name, lib != nil, problems)
		}
		for _, p := range problems {
			if p.String() == "" {
				t.Errorf("%s: a problem without words", name)
			}
		}
	})
}
