// Package split makes messages of a text that is longer than a platform takes:
// cut between paragraphs, else lines, sentences, words, and never within a
// letter with its marks.
//
// It is not for what a message looks like: the channels' render.go decides.
package split

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"

	"nghe/dialog"
)

// Unit says how much of a platform's limit a letter takes.
type Unit func(rune) int

// Runes counts characters, UTF16 their units of UTF-16.
func Runes(rune) int { return 1 }

// UTF16 counts what JavaScript and Telegram call characters.
func UTF16(r rune) int {
	if r > 0xffff {
		return 2
	}
	return 1
}

// Text gives the parts of a text, each at most limit units long. Nothing is
// lost but white space at the cuts. The text is written in NFC first: two
// thirds of what a Vietnamese text takes in NFD. An empty text has no parts.
func Text(text string, limit int, unit Unit) []string {
	text = strings.TrimSpace(norm.NFC.String(strings.ToValidUTF8(text, "")))
	var parts []string
	for text != "" {
		fits := prefix(text, limit, unit)
		if fits == len(text) {
			return append(parts, text)
		}
		at := cut(text, fits)
		if part := strings.TrimSpace(text[:at]); part != "" {
			parts = append(parts, part)
		}
		text = strings.TrimSpace(text[at:])
	}
	return parts
}

// prefix gives how many bytes of the text fit.
func prefix(text string, limit int, unit Unit) int {
	for i, r := range text {
		if limit -= unit(r); limit < 0 {
			return i
		}
	}
	return len(text)
}

// cut gives where to cut a text of which only the beginning fits. A better
// place is taken only when it leaves a third of a part.
func cut(text string, fits int) int {
	// What follows the cut may be what makes it one: the space after a dot.
	window := text[:fits]
	if _, size := utf8.DecodeRuneInString(text[fits:]); size > 0 {
		window = text[:fits+size]
	}
	for _, ends := range []func(before, after rune) bool{paragraph, line, sentence, space} {
		if at := last(window, ends); at >= fits/3 && at > 0 && at <= fits {
			return at
		}
	}
	return letter(text, fits)
}

// last gives the last place between two letters that ends something.
func last(window string, ends func(before, after rune) bool) int {
	for at := len(window); at > 0; {
		after, size := utf8.DecodeLastRuneInString(window[:at])
		at -= size
		before, _ := utf8.DecodeLastRuneInString(window[:at])
		if at > 0 && ends(before, after) {
			return at
		}
	}
	return 0
}

func paragraph(before, after rune) bool { return before == '\n' && after == '\n' }
func line(_, after rune) bool           { return after == '\n' }
func sentence(before, after rune) bool {
	return unicode.IsSpace(after) && strings.ContainsRune(".!?…", before)
}
func space(_, after rune) bool { return unicode.IsSpace(after) }

// letter gives the last cut between whole letters, as people see letters: with
// their marks, joined signs and flags together. A row of marks longer than a
// part is cut anyway.
func letter(text string, fits int) int {
	end, state := 0, -1
	for rest := text; rest != ""; {
		var one string
		one, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if end+len(one) > fits {
			break
		}
		end += len(one)
	}
	switch {
	case end > 0:
		return end
	case fits == 0: // a letter larger than the limit
		_, size := utf8.DecodeRuneInString(text)
		return size
	}
	return fits
}

// Numbered writes options as lines, "3. label", counted from first: what the
// person may type instead of tapping.
func Numbered(options []dialog.Option, first int) string {
	var b strings.Builder
	for i, o := range options {
		fmt.Fprintf(&b, "\n%d. %s", first+i, o.Label)
	}
	return strings.TrimPrefix(b.String(), "\n")
}
