package dialog

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Value is what a slot holds: a number, a text or a list of texts. The zero
// Value is "not known". Yes and no are the texts "yes" and "no"; a slot that
// the person chose to leave open is Skipped.
type Value struct {
	kind kind
	num  int64
	text string
	rest *rest
}

// rest is what few values hold: kept apart, because each turn copies many.
type rest struct {
	list []string
	show *Show
}

type kind uint8

const (
	kindNone kind = iota
	kindNumber
	kindText
	kindList
	kindShow
)

// unknownText marks a question that was asked and left open.
const unknownText = "?"

// Number, Text and List make values.
func Number(n int64) Value       { return Value{kind: kindNumber, num: n} }
func Text(s string) Value        { return Value{kind: kindText, text: s} }
func List(items ...string) Value { return Value{kind: kindList, rest: &rest{list: items}} }

// Skipped is the value of a question that was asked and left open.
func Skipped() Value { return Text(unknownText) }

// IsZero says that nothing was ever said about it.
func (v Value) IsZero() bool { return v.kind == kindNone }

// IsSkipped says that the question was asked and left open.
func (v Value) IsSkipped() bool { return v.kind == kindText && v.text == unknownText }

// Known says that there is an answer.
func (v Value) Known() bool { return !v.IsZero() && !v.IsSkipped() }

// Number gives the number and whether it is one.
func (v Value) Number() (int64, bool) { return v.num, v.kind == kindNumber }

// Text gives the text, or "" when it is not a known text.
func (v Value) Text() string {
	if v.kind != kindText || v.IsSkipped() {
		return ""
	}
	return v.text
}

// List gives the items, or nil. The caller must not change them.
func (v Value) List() []string {
	if v.kind == kindText && v.Known() {
		return []string{v.text}
	}
	return v.items()
}

// items are those of a list; nil for anything else.
func (v Value) items() []string {
	if v.rest == nil {
		return nil
	}
	return v.rest.list
}

// Has says whether the value is the item or a list with it.
func (v Value) Has(item string) bool {
	return v.Text() == item && item != "" || slices.Contains(v.items(), item)
}

// Equal compares two values.
func (v Value) Equal(w Value) bool {
	return v.kind == w.kind && v.num == w.num && v.text == w.text && slices.Equal(v.items(), w.items())
}

// String is for logs and transcripts.
func (v Value) String() string {
	switch v.kind {
	case kindNumber:
		return strconv.FormatInt(v.num, 10)
	case kindList:
		return fmt.Sprint(v.items())
	}
	return v.text
}

// Any gives the value as expressions see it: int64, string, []string or nil.
func (v Value) Any() any {
	switch v.kind {
	case kindNumber:
		return v.num
	case kindText:
		if v.IsSkipped() {
			return nil
		}
		return v.text
	case kindList:
		return v.items()
	}
	return nil
}

// MarshalJSON writes a number, a string, an array or null.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case kindNumber:
		return strconv.AppendInt(nil, v.num, 10), nil
	case kindText:
		if plainJSON(v.text) {
			return append(append(append(make([]byte, 0, len(v.text)+2), '"'), v.text...), '"'), nil
		}
		return json.Marshal(v.text)
	case kindList:
		if v.items() == nil {
			return []byte("[]"), nil
		}
		return json.Marshal(v.items())
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (v *Value) UnmarshalJSON(b []byte) error {
	switch {
	case string(b) == "null":
		*v = Value{}
		return nil
	case len(b) > 0 && b[0] == '"':
		v.kind = kindText
		if inner := string(b[1:max(1, len(b)-1)]); plainJSON(inner) {
			v.text = inner
			return nil
		}
		return json.Unmarshal(b, &v.text)
	case len(b) > 0 && b[0] == '[':
		v.kind, v.rest = kindList, &rest{}
		return json.Unmarshal(b, &v.rest.list)
	}
	n, err := strconv.ParseInt(string(b), 10, 64)
	if err != nil {
		return fmt.Errorf("slot value %.20q: %w", b, err)
	}
	*v = Number(n)
	return nil
}

// plainJSON says that a text is written in JSON as it is. Nearly all values
// are ids, and each turn reads and writes all of them.
func plainJSON(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return false
		}
	}
	return true
}

// Values are slots by name.
type Values map[string]Value
