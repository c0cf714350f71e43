package faketelegram

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// described is a method or type of the machine-readable Bot API.
type described struct {
	Returns  []string
	Subtypes []string
	Fields   []struct {
		Name, Description string
		Types             []string
		Required          bool
	}
}

// The table says what the Bot API says. The description is not part of the
// project: where it does not lie beside it, the table is only held against
// itself.
func TestTheTableSaysWhatTheBotAPISays(t *testing.T) {
	var api struct {
		Version        string
		Methods, Types map[string]described
	}
	path := filepath.Join("..", "..", "..", "..", "shared", "protocols", "telegram-api.json")
	body, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Logf("%s is not there: the table is compared with itself only", path)
	} else if err != nil {
		t.Fatal(err)
	} else if err := json.Unmarshal(body, &api); err != nil {
		t.Fatal(err)
	}

	for _, set := range []struct {
		shapes map[string]*shape
		api    map[string]described
	}{{methods, api.Methods}, {types, api.Types}} {
		for _, s := range set.shapes {
			for _, f := range s.fields {
				for _, typ := range append(f.types, s.returns...) {
					if base := strings.ReplaceAll(typ, "Array of ", ""); types[base] == nil && !slices.Contains(plainTypes, base) {
						t.Errorf("%s.%s: type %s is not in the table", s.name, f.name, base)
					}
				}
			}
			if api.Version == "" {
				continue
			}
			d, ok := set.api[s.name]
			if !ok {
				t.Errorf("%s is not in %s", s.name, api.Version)
				continue
			}
			compare(t, s, d)
		}
	}
}

func compare(t *testing.T, s *shape, d described) {
	t.Helper()
	if s.opaque {
		return
	}
	if s.returns != nil && !slices.Equal(s.returns, d.Returns) {
		t.Errorf("%s gives %v, not %v", s.name, d.Returns, s.returns)
	}
	for _, m := range s.members {
		if !slices.Contains(d.Subtypes, m) {
			t.Errorf("%s is no %s", m, s.name)
		}
	}
	for _, want := range d.Fields {
		f := s.field(want.Name)
		switch {
		case f == nil:
			if want.Required || s.returns != nil {
				t.Errorf("%s.%s is missing in the table", s.name, want.Name)
			}
		case !slices.Equal(f.types, want.Types) || f.required != want.Required:
			t.Errorf("%s.%s is %v (required %v), not %v (required %v)", s.name, f.name, want.Types, want.Required, f.types, f.required)
		case f.constant != "" && !strings.Contains(want.Description, f.constant):
			t.Errorf("%s.%s: %q does not say %s", s.name, f.name, want.Description, f.constant)
		}
	}
	for _, f := range s.fields {
		if !slices.ContainsFunc(d.Fields, func(w struct {
			Name, Description string
			Types             []string
			Required          bool
		}) bool {
			return w.Name == f.name
		}) {
			t.Errorf("%s.%s does not exist", s.name, f.name)
		}
	}
}
