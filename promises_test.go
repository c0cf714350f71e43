package main

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// Each proof that docs/promises.md names is a test of this tree.
func TestPromisesNameTheirProofs(t *testing.T) { provesItself(t, "docs/promises.md", 40) }

// The same of docs/security.md.
func TestSecurityNamesItsProofs(t *testing.T) { provesItself(t, "docs/security.md", 25) }

func provesItself(t *testing.T, name string, least int) {
	t.Helper()
	page, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err = fs.WalkDir(os.DirFS("."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range declared.FindAllSubmatch(source, -1) {
			there[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(Test\\w+)`").FindAllSubmatch(page, -1)
	if len(named) < least {
		t.Errorf("only %d proofs are named", len(named))
	}
	for _, m := range named {
		if name := string(m[1]); !there[name] {
			t.Errorf("there is no %s", name)
		}
	}
}
