package advice

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// decodeStrict reads one JSON object with known fields only.
func decodeStrict(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return plainJSON(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return &InputError{"json", "something stands behind the object", "give exactly one JSON object"}
	}
	return nil
}

func plainJSON(err error) error {
	var typ *json.UnmarshalTypeError
	if errors.As(err, &typ) {
		return &InputError{typ.Field, "a " + typ.Value + " can't stand there", "give a " + typ.Type.String()}
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return &InputError{strings.Trim(name, `"`), "unknown field", "see “nghe help support” and “nghe help loan” for the fields"}
	}
	return &InputError{"json", strings.TrimPrefix(err.Error(), "json: "), "give one JSON object, for example {\"groups\":[\"rural\"]}"}
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
		return &InputError{"on", fmt.Sprintf("%q is no day", on), "write it as 2026-11-22"}
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
