package telegram

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// units counts a text as Telegram does, in UTF-16.
func units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0xffff {
			n++
		}
	}
	return n
}

// split cuts a text into parts of at most limit units: between paragraphs,
// else lines, sentences, words, and at last between letters, whichever comes
// first that leaves a part at least half full. White space at the cuts goes.
func split(text string, limit int) []string {
	var parts []string
	for text = strings.TrimSpace(text); text != ""; {
		cut := len(text)
		if units(text) > limit {
			cut = cutAt(text, limit)
		}
		if part := strings.TrimSpace(text[:cut]); part != "" {
			parts = append(parts, part)
		}
		text = strings.TrimSpace(text[cut:])
	}
	return parts
}

// cutAt gives where a text that is too long is cut, in bytes.
func cutAt(text string, limit int) int {
	head := text[:prefix(text, limit)]
	half := prefix(text, limit/2)
	for _, end := range []func(string) int{paragraph, line, sentence, word} {
		if i := end(head); i > half {
			return i
		}
	}
	if i := letters(text, len(head)); i > 0 {
		return i
	}
	return len(head) // one letter with thousands of marks
}

// prefix is the length in bytes of what fits in so many units, whole runes.
func prefix(s string, limit int) int {
	n := 0
	for i, r := range s {
		if n++; r > 0xffff {
			n++
		}
		if n > limit {
			return i
		}
	}
	return len(s)
}

func paragraph(s string) int { return strings.LastIndex(s, "\n\n") }
func line(s string) int      { return strings.LastIndexByte(s, '\n') }
func word(s string) int      { return strings.LastIndexFunc(s, unicode.IsSpace) }

// sentence gives the end of the last sentence that something follows.
func sentence(s string) int {
	for i := len(s); ; {
		i = strings.LastIndexFunc(s[:i], unicode.IsSpace)
		if i < 0 {
			return -1
		}
		before := strings.TrimRight(s[:i], `"'”’)]»`)
		if r, _ := utf8.DecodeLastRuneInString(before); strings.ContainsRune(".!?…", r) {
			return i
		}
	}
}

// letters gives the end of the last whole letter, as people see letters, that
// ends at most at byte most.
func letters(s string, most int) int {
	end, state := 0, -1
	for rest := s; rest != ""; {
		var letter string
		letter, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if end+len(letter) > most {
			break
		}
		end += len(letter)
	}
	return end
}
