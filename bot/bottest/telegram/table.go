package faketelegram

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed table.txt
var tableText string

// field is a parameter of a method or a field of a type.
type field struct {
	name     string
	types    []string // alternatives: "Integer", "Array of X", the name of a type
	required bool
	constant string
}

// shape is a method or a type.
type shape struct {
	name    string
	returns []string // of a method
	fields  []field
	members []string // of a union
	opaque  bool
}

func (s *shape) field(name string) *field {
	for i := range s.fields {
		if s.fields[i].name == name {
			return &s.fields[i]
		}
	}
	return nil
}

// methods by their lower-case name, types by their name.
var methods, types = readTable(tableText)

func readTable(text string) (methods, types map[string]*shape) {
	methods, types = map[string]*shape{}, map[string]*shape{}
	var s *shape
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		kind, rest, _ := strings.Cut(line, " ")
		name, after, _ := strings.Cut(rest, ": ")
		switch {
		case line == "" || line[0] == '#':
		case kind == "method":
			s = &shape{name: name, returns: strings.Split(after, "|")}
			methods[strings.ToLower(name)] = s
		case kind == "type":
			s = &shape{name: name}
			types[name] = s
		case kind == "union":
			types[name] = &shape{name: name, members: strings.Split(after, "|")}
		case kind == "opaque":
			for _, name := range strings.Fields(rest) {
				types[name] = &shape{name: name, opaque: true}
			}
		case s == nil:
			panic(fmt.Sprintf("table.txt: %q belongs to nothing", line))
		default:
			f := field{name: strings.TrimSuffix(kind, "*"), required: strings.HasSuffix(kind, "*")}
			rest, f.constant, _ = strings.Cut(rest, " = ")
			f.types = strings.Split(rest, "|")
			s.fields = append(s.fields, f)
		}
	}
	return methods, types
}

// oldNames are parameters of the library's time that the server still takes.
var oldNames = map[string]field{
	"reply_to_message_id":         {name: "reply_to_message_id", types: []string{"Integer"}},
	"allow_sending_without_reply": {name: "allow_sending_without_reply", types: []string{"Boolean"}},
	"disable_web_page_preview":    {name: "disable_web_page_preview", types: []string{"Boolean"}},
}
