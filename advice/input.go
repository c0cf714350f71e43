package advice

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"nghe/content"
)

// InputError says what is wrong with a case, and what to do.
type InputError struct {
	Field   string
	Problem string
	Try     string
}

func (e *InputError) Error() string {
	return fmt.Sprintf("%s: %s: %s", e.Field, e.Problem, e.Try)
}

// decodeStrict reads one JSON object with known fields only, spelled exactly as
// they are. A field that is null is not known.
func decodeStrict(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	var given map[string]json.RawMessage
	if err := d.Decode(&given); err != nil {
		return plainJSON(err)
	}
	if given == nil {
		return &InputError{"json", "null is no object", tryObject}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return &InputError{"json", "something stands behind the object", "give exactly one JSON object"}
	}
	known := fieldsOf(v)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(known, name) {
			return &InputError{name, "unknown field", "one of " + strings.Join(known, ", ")}
		}
		if string(given[name]) == `""` {
			return &InputError{name, "is empty", "leave it out when it is not known"}
		}
	}
	if err := json.Unmarshal(b, v); err != nil {
		return plainJSON(err)
	}
	return nil
}

const tryObject = `give one JSON object, for example {"groups":["rural"]}`

// fieldsOf gives the names of the fields of the struct that v points to.
func fieldsOf(v any) []string {
	t := reflect.TypeOf(v).Elem()
	names := make([]string, t.NumField())
	for i := range names {
		names[i] = t.Field(i).Tag.Get("json")
	}
	return names
}

// wanted says in plain words what stands in a field.
func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int64:
		return "a whole number without quotes"
	case reflect.Float64:
		return "a number without quotes"
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		return "a text in quotes"
	case reflect.Slice:
		return `a list like ["rural"]`
	}
	return tryObject
}

func plainJSON(err error) error {
	var typ *json.UnmarshalTypeError
	if !errors.As(err, &typ) {
		return &InputError{"json", strings.TrimPrefix(err.Error(), "json: "), tryObject}
	}
	if typ.Field == "" {
		return &InputError{"json", typ.Value + " is no object", tryObject}
	}
	return &InputError{typ.Field, typ.Value + " can't stand there", "give " + wanted(typ.Type)}
}

func checkGroups(groups []string) error {
	for _, g := range groups {
		if !slices.Contains(content.Groups, g) {
			return &InputError{"groups", fmt.Sprintf("unknown group %q", g), "one of " + strings.Join(content.Groups, ", ")}
		}
	}
	return nil
}

func checkPlace(lib *content.Library, place string) error {
	if place != "" && lib.Place(place) == nil {
		return &InputError{"place", fmt.Sprintf("unknown place %q", place), "use an id of places.yaml, for example ba-che"}
	}
	return nil
}

func checkDay(on string) error {
	if on == "" {
		return nil
	}
	if t, err := time.Parse(time.DateOnly, on); err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return &InputError{"on", fmt.Sprintf("%q is no day of our times", on), "write it as 2026-11-22"}
	}
	return nil
}

func checkRange[N int64 | float64](field string, n *N, least, most N) error {
	if n != nil && (*n < least || *n > most || *n != *n) {
		return &InputError{field, fmt.Sprintf("%v is out of range", *n), fmt.Sprintf("give a number from %v to %v", least, most)}
	}
	return nil
}

// fits says whether a person of these groups is one of the combinations.
func fits(combinations [][]string, has func(string) bool) bool {
	return slices.ContainsFunc(combinations, func(all []string) bool {
		return !slices.ContainsFunc(all, func(g string) bool { return !has(g) })
	})
}
