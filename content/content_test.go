package content

import "testing"

func TestBuiltinIsClean(t *testing.T) {
	_, problems := Load(Builtin())
	for _, p := range problems {
		t.Error(p)
	}
}
