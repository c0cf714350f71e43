package telegram

import (
	"slices"
	"strings"
	"testing"

	"nghe/content"
)

// The shipped words fit where Telegram shows them, and `nghe check` knows all
// of them.
func TestTheShippedWordsFit(t *testing.T) {
	lib := content.MustBuiltin()
	for _, id := range Phrases {
		most := 256 // of a command
		switch id {
		case phraseDescription:
			most = 512
		case phraseShort:
			most = 120
		case phraseGroup:
			most = textLimit
		}
		if text := lib.Phrase(id)[0]; text == id || units(text) > most || !slices.Contains(content.Phrases, id) {
			t.Errorf("%s has %d of %d characters (checked: %v): %s", id, units(text), most, slices.Contains(content.Phrases, id), text)
		}
	}
	if !strings.Contains(lib.Phrase(phraseGroup)[0], "{name}") {
		t.Error("in groups nobody is told how to find the bot")
	}
}
