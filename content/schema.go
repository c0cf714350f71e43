package content

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/google/jsonschema-go/jsonschema"
)

// kinds gives a schema for each kind of file.
var kinds = map[string]func() (*jsonschema.Schema, error){
	"facts": schemaOf[struct {
		Facts []Fact `json:"facts"`
	}],
	"sources": schemaOf[struct {
		Sources []Source `json:"sources"`
	}],
	"places": schemaOf[struct {
		Places          []Place          `json:"places"`
		FormerDistricts []FormerDistrict `json:"former_districts,omitempty"`
		Ambiguous       []AmbiguousName  `json:"ambiguous,omitempty"`
	}],
	"institutions": schemaOf[struct {
		Institutions []Institution `json:"institutions"`
	}],
	"trades": schemaOf[struct {
		Trades []Trade `json:"trades"`
	}],
	"matching": schemaOf[struct {
		Traits     []Trait         `json:"traits"`
		Questions  []MatchQuestion `json:"questions"`
		Exclusions []Exclusion     `json:"exclusions"`
		Inland     []InlandPlace   `json:"inland"`
	}],
	"stories": schemaOf[struct {
		Stories []Story `json:"stories"`
	}],
	"topics": schemaOf[struct {
		Topics []Topic `json:"topics"`
	}],
	"dangers": schemaOf[struct {
		Dangers []Topic `json:"dangers"`
	}],
	"phrases": schemaOf[struct {
		Forms   []Form   `json:"forms,omitempty"`
		Phrases []Phrase `json:"phrases"`
	}],
	"slots": schemaOf[struct {
		Slots []Slot `json:"slots"`
	}],
	"holidays": schemaOf[struct {
		Holidays []Holiday `json:"holidays"`
	}],
	"reminders": schemaOf[struct {
		Reminders []Reminder `json:"reminders"`
	}],
	"queues": schemaOf[struct {
		Queues []Queue `json:"queues"`
		Bodies []Body  `json:"bodies,omitempty"`
	}],
	"canned": schemaOf[struct {
		Canned []Canned `json:"canned"`
	}],
	"flows": schemaOf[FlowFile],
	"supports": schemaOf[struct {
		Regimes []Regime `json:"regimes"`
	}],
	"loans": schemaOf[struct {
		Programmes []Programme `json:"programmes"`
	}],
}

func schemaOf[T any]() (*jsonschema.Schema, error) { return jsonschema.For[T](nil) }

// Kinds names the kinds of files.
func Kinds() []string { return slices.Sorted(maps.Keys(kinds)) }

// Schema gives the JSON Schema of a kind of file, for editors that help while
// writing. It is made of the Go types, so it can't differ from what is read.
func Schema(kind string) ([]byte, error) {
	make, ok := kinds[kind]
	if !ok {
		return nil, fmt.Errorf("no kind %q: one of %v", kind, Kinds())
	}
	s, err := make()
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", kind, err)
	}
	return json.MarshalIndent(s, "", "  ")
}
