package bot

import (
	"strings"
	"time"
	"unicode/utf8"

	"nghe/dialog"
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
	Media  *Media // what was sent that is not text; Text is then its caption
	// File is Media itself, whole and looked at, from a channel of ours; platforms
	// give it out later, by Media.Ref.
	File *File `json:"-"`
	// Shared is what a form of the platform brought, instead of Text.
	Shared *dialog.Shared `json:",omitempty"`
	// Quote is the text of the message of ours that this one answers, where the
	// platform shows such a thing; of a message of their own, that.
	Quote string `json:",omitempty"`
	At    time.Time

	lines     string // Text with its lines, "" for a tap
	shortened bool   // only the beginning of Text is there
	before    int64  // Seq of the last bubble before it
}

// Turn is the id of the turn that this message makes.
func (in Incoming) Turn() string { return in.Contact.Channel + ":" + in.Update }

// Lines gives what was typed, with the lines that it has; "" for a tap.
func (in Incoming) Lines() string { return in.lines }

const (
	maxText   = 4000 // runes of a message that are read; nobody types more on a phone
	maxTap    = 64   // bytes, as dialog.Option promises
	maxShared = 200  // runes of each part of what a form brought
	maxQuote  = 100  // runes of what is quoted: it says whose it is at its beginning
	maxRef    = 2000 // runes of a reference: Zalo's are addresses
)

// platformName makes a platform's name for something fit to be kept in any store.
func platformName(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "")
}

// tidy makes foreign text fit to be read, kept and shown, and notes whether it
// had to be shortened.
func (in Incoming) tidy() Incoming {
	in.shortened = utf8.RuneCountInString(in.Text) > maxText
	if in.Tap == "" {
		in.lines = cleanLines(in.Text)
	}
	in.Text, in.Quote = viet.Clean(in.Text, maxText), viet.Clean(in.Quote, maxQuote)
	in.Contact.ID, in.Update = platformName(in.Contact.ID), platformName(in.Update)
	if len(in.Tap) > maxTap || !utf8.ValidString(in.Tap) {
		in.Tap = ""
	}
	if s := in.Shared; s != nil {
		in.Shared = &dialog.Shared{
			Name: viet.Clean(s.Name, maxShared), Phone: viet.Clean(s.Phone, maxShared), Ward: viet.Clean(s.Ward, maxShared), Address: viet.Clean(s.Address, maxShared),
		}
	}
	if in.Media != nil {
		m := Media{Kind: in.Media.Kind, Ref: viet.Clean(in.Media.Ref, maxRef), Group: viet.Clean(in.Media.Group, maxRef), Name: viet.Clean(in.Media.Name, maxQuote)}
		in.Media = &m
	}
	return in
}

// cleanLines makes foreign text fit to be read, with the lines that it has.
func cleanLines(text string) string {
	if len(text) > maxText*utf8.UTFMax {
		text = strings.ToValidUTF8(text[:maxText*utf8.UTFMax], "")
	}
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = viet.Clean(line, maxText); line != "" {
			lines = append(lines, line)
		}
	}
	text = strings.Join(lines, "\n")
	if r := []rune(text); len(r) > maxText {
		text = strings.TrimSpace(string(r[:maxText]))
	}
	return text
}
