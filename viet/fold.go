package viet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// letters lists each marked letter behind the plain letter it folds to.
var letters = map[rune]string{
	'a': "àáảãạăằắẳẵặâầấẩẫậ", 'e': "èéẻẽẹêềếểễệ", 'i': "ìíỉĩị", 'o': "òóỏõọôồốổỗộơờớởỡợ",
	'u': "ùúủũụưừứửữự", 'y': "ỳýỷỹỵ", 'd': "đ",
}

// plain maps a marked letter to the plain one.
var plain = func() map[rune]rune {
	m := map[rune]rune{}
	for base, marked := range letters {
		for _, r := range marked {
			m[r] = base
		}
	}
	return m
}()

// Clean makes foreign text safe to keep and show: valid UTF-8 in NFC, without
// control, bidirectional and invisible characters, white space squeezed to
// single spaces, at most three combining marks on a letter, at most maxRunes
// runes.
func Clean(s string, maxRunes int) string {
	// Only what can end up in the result is worth normalising: 64 KB of
	// combining marks would otherwise cost.
	const slack = 8
	if most := maxRunes * utf8.UTFMax * slack; len(s) > most {
		s = s[:most]
	}
	s = strings.ToValidUTF8(s, "")
	var b strings.Builder
	marks, space, n := 0, true, 0
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			if !space {
				b.WriteByte(' ')
				n++
			}
			space, marks = true, 0
			continue
		case unicode.Is(unicode.Mn, r):
			if marks++; marks > 3 || space {
				continue
			}
		case unicode.Is(unicode.C, r), r == utf8.RuneError, unicode.Is(unicode.Me, r):
			continue
		default:
			marks, space = 0, false
		}
		b.WriteRune(r)
		if n++; n > maxRunes*4 {
			break
		}
	}
	s = norm.NFC.String(strings.TrimSpace(b.String()))
	if utf8.RuneCountInString(s) > maxRunes {
		s = strings.TrimSpace(string([]rune(s)[:maxRunes]))
	}
	return s
}

// Canon writes a text in one way: NFC, lower case, the tone mark where the
// older school puts it in oa, oe and uy ("hoà" becomes "hòa", "thuý" "thúy").
func Canon(s string) string {
	// Once more: there is a letter ẙ, and none that is its capital.
	s = norm.NFC.String(strings.ToLower(norm.NFC.String(s)))
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return placeTones(s)
		}
	}
	return s
}

// tonePairs are vowel pairs at the end of a syllable as the newer school
// writes them, with what the older one writes.
var tonePairs = func() map[[2]rune][2]rune {
	m := map[[2]rune][2]rune{}
	for _, p := range []struct{ first, tones, second, toned string }{
		{"o", "òóỏõọ", "a", "àáảãạ"}, {"o", "òóỏõọ", "e", "èéẻẽẹ"}, {"u", "ùúủũụ", "y", "ỳýỷỹỵ"},
	} {
		tones := []rune(p.tones)
		for i, r := range []rune(p.toned) {
			m[[2]rune{rune(p.first[0]), r}] = [2]rune{tones[i], rune(p.second[0])}
		}
	}
	return m
}()

func placeTones(s string) string {
	r := []rune(s)
	for i := 0; i+1 < len(r); i++ {
		old, ok := tonePairs[[2]rune{r[i], r[i+1]}]
		if !ok || i+2 < len(r) && (unicode.IsLetter(r[i+2]) || unicode.Is(unicode.Mn, r[i+2])) {
			continue
		}
		if r[i] == 'u' && i > 0 && r[i-1] == 'q' { // "quý": u belongs to the consonant
			continue
		}
		r[i], r[i+1] = old[0], old[1]
	}
	return string(r)
}

// Fold takes a text to lower case without any marks: "Đường" becomes "duong".
// Composed and decomposed text fold alike.
func Fold(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			ascii = false
			break
		}
	}
	if ascii {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r < utf8.RuneSelf {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			b.WriteByte(byte(r))
			continue
		}
		r = unicode.ToLower(r)
		if p, ok := plain[r]; ok {
			b.WriteByte(byte(p))
			continue
		}
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		for _, q := range norm.NFD.String(string(r)) {
			if !unicode.Is(unicode.Mn, q) {
				b.WriteRune(q)
			}
		}
	}
	return b.String()
}

// Word is one word of a text.
type Word struct {
	Canon string // as typed, canonical
	Fold  string // without marks
}

// Marked says that the word was typed with diacritics.
func (w Word) Marked() bool { return w.Canon != w.Fold }

// Words splits a text at everything that is no letter or digit. Numbers keep
// their points, commas and slashes ("1,5", "20/11"); a unit stays glued
// ("2tr5", "16km").
func Words(s string) []Word {
	s = Canon(s)
	words := make([]Word, 0, len(s)/4+1)
	start := -1
	add := func(end int) {
		if start >= 0 {
			w := s[start:end]
			if f := Fold(w); f != "" { // marks alone are no word
				words = append(words, Word{w, f})
			}
			start = -1
		}
	}
	for i, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r):
			if start < 0 {
				start = i
			}
		case (r == '.' || r == ',' || r == '/' || r == '-') && start >= 0 && digitAt(s, i-1) && digitAt(s, i+1):
		default:
			add(i)
		}
	}
	add(len(s))
	return words
}

func digitAt(s string, i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
