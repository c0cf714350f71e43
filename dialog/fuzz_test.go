package dialog_test

import (
	"errors"
	"testing"

	"nghe/dialog"
)

// What stands in a store may be of another program, cut off or changed by hand: it
// is read or refused, and what was read is read alike once it was written.
func FuzzDecode(f *testing.F) {
	for _, s := range [][2]string{
		{`{"v":1,"n":3,"t":1795300000,"s":[{"f":"support","s":"groups"}],"m":{"place":"ba-che","age":40},"x":["do:menu"]}`, `{"u":1795390000,"s":{"groups":["poor"],"theirs.poor":true}}`},
		{`{"v":2}`, ``}, {`{}`, `{}`}, {``, ``}, {`null`, `null`}, {`{"m":{"a":{"b":1}}}`, `[]`}, {"{\"v\":1,\"p\":[\"\xff\"]}", `{"u":-1}`},
	} {
		f.Add([]byte(s[0]), []byte(s[1]))
	}
	f.Fuzz(func(t *testing.T, plain, sensitive []byte) {
		s, err := dialog.Decode(plain, sensitive)
		if err != nil {
			return
		}
		a, b, _, err := s.Encode()
		if err != nil {
			t.Fatalf("%q is read and can't be written: %v", plain, err)
		}
		again, err := dialog.Decode(a, b)
		if errors.Is(err, dialog.ErrNewer) {
			t.Fatalf("%q is written as of a newer program: %q", plain, a)
		}
		if err != nil {
			t.Fatalf("%q is written as %q, %q, which is not read: %v", plain, a, b, err)
		}
		if c, d, _, err := again.Encode(); err != nil || string(c) != string(a) || string(d) != string(b) {
			t.Errorf("%q is written as %q, then as %q (%v)", plain, a, c, err)
		}
	})
}
