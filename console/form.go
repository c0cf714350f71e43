package console

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"nghe/broadcast"
	"nghe/staff"
)

// Form is what was typed and what is wrong with it. The zero Form is empty.
type Form struct {
	Values url.Values
	Wrong  map[string]string // by field; "" is about the whole
	of     *visit            // that it came with; nil: with none
}

// read reads the fields of a request.
func read(v *visit) (Form, error) {
	if err := v.ParseForm(); err != nil {
		return Form{}, errors.Join(errForm, err)
	}
	return Form{Values: v.PostForm, of: v}, nil
}

// Get gives what was typed in a field.
func (f Form) Get(field string) string { return f.Values.Get(field) }

// Has says whether a value of a field was chosen.
func (f Form) Has(field, value string) bool {
	for _, x := range f.Values[field] {
		if x == value {
			return true
		}
	}
	return false
}

// refuse notes an error that is about what was typed, and says whether it was.
func (f *Form) refuse(err error) bool {
	var w *staff.Wrong
	var d *staff.Denied
	field, text := "", ""
	switch {
	case errors.As(err, &w):
		field, text = w.Field, w.Text
	case errors.As(err, &d):
		if text = d.Why; f.of != nil {
			f.of.denied = d
		}
	default:
		return false
	}
	f.note(field, text)
	return true
}

// refuseSent notes why something can't be sent: at its field, if the form has it.
// It says whether the error was about that.
func (f *Form) refuseSent(err error, fields ...string) bool {
	var r *broadcast.Refused
	if !errors.As(err, &r) {
		return f.refuse(err)
	}
	field := r.Field
	if !slices.Contains(fields, field) {
		field = ""
	}
	f.note(field, sentence(r.Why))
	return true
}

func (f *Form) note(field, text string) {
	if f.Wrong == nil {
		f.Wrong = map[string]string{}
	}
	if f.Wrong[field] == "" {
		f.Wrong[field] = text
	}
}

// Bad says whether anything is wrong.
func (f Form) Bad() bool { return len(f.Wrong) > 0 }

// field is one line of a form, for the template of that name.
type field struct {
	Form         Form
	Name, Label  string
	Hint, Value  string
	Kind         string // of the input: text, password, …
	Complete     string // autocomplete
	Mode         string // inputmode
	Required     bool
	Lines        int // of a text area; 0: one line
	MaxLength    int
	Options      []option
	ChooseNobody string // label of the empty option
}

// option is something to choose.
type option struct{ Value, Label string }

// Wrong is what is wrong with the field.
func (f field) Wrong() string { return f.Form.Wrong[f.Name] }

// Text is what stands in it: what was typed, else what was there.
func (f field) Text() string {
	if f.Form.Values != nil && f.Kind != "password" {
		return f.Form.Get(f.Name)
	}
	return f.Value
}

// DescribedBy names the lines that explain the field.
func (f field) DescribedBy() string {
	out := ""
	if f.Hint != "" {
		out = "hint-" + f.Name
	}
	if f.Wrong() != "" {
		out += " wrong-" + f.Name
	}
	return out
}

// change is something that is kept, before and after.
type change struct{ what, was, is string }

// changed tells what is different, for the books; "" when nothing is.
func changed(all ...change) string {
	var told []string
	for _, c := range all {
		if c.was != c.is {
			told = append(told, c.what+": "+or(c.was, "chưa ghi")+" → "+or(c.is, "chưa ghi"))
		}
	}
	return strings.Join(told, "; ")
}
