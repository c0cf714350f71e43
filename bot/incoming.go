package bot

import (
	"strings"
	"time"
	"unicode/utf8"

	"nghe/viet"
)

// Incoming is one message of a person as a channel received it.
type Incoming struct {
	Contact Contact
	// Update is the platform's own id of the message: the same message
	// delivered again has the same.
	Update string
	Text   string // what was typed, or the label of what was tapped
	Tap    string // dialog.Option.Tap of what was tapped, else ""
	At     time.Time

	shortened bool // only the beginning of Text is there
}

// Turn is the id of the turn that this message makes.
func (in Incoming) Turn() string { return in.Contact.Channel + ":" + in.Update }

const (
	maxText = 4000 // runes of a message that are read; nobody types more on a phone
	maxTap  = 64   // bytes, as dialog.Option promises
)

// platformName makes a platform's name for something fit to be kept in any store.
func platformName(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")
}

// tidy makes foreign text fit to be read, kept and shown, and notes whether it
// had to be shortened.
func (in Incoming) tidy() Incoming {
	in.shortened = utf8.RuneCountInString(in.Text) > maxText
	in.Text = viet.Clean(in.Text, maxText)
	in.Contact.ID, in.Update = platformName(in.Contact.ID), platformName(in.Update)
	if len(in.Tap) > maxTap || !utf8.ValidString(in.Tap) {
		in.Tap = ""
	}
	return in
}
