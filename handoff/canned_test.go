package handoff_test

import (
	"strings"
	"testing"

	"nghe/handoff"
)

// Whoever is not known by name is still written to as one writes: a sentence
// begins with a capital.
func TestCannedSentencesBeginWithACapital(t *testing.T) {
	p := newWorld(t).start()
	named := 0
	for _, x := range p.Canned(&handoff.Case{Queue: "work", Number: 1}, hoa, "") {
		if strings.HasPrefix(x.Text, "anh/chị") || strings.Contains(x.Text, ". anh/chị") || strings.Contains(x.Text, "{") {
			t.Errorf("%s: %s", x.ID, x.Text)
		}
		if strings.HasPrefix(x.Text, "Anh/chị") {
			named++
		}
	}
	if named == 0 {
		t.Error("no canned answer begins with whom it is said to")
	}
}
