package viet

import (
	"slices"
	"strings"
)

// Lexicon is what counts as a word and as a pair of words, folded: repair
// turns what is typed into these. It is made once of the texts of the content
// and never changed.
type Lexicon struct {
	words map[string]int
	pairs map[string]bool
	byKey map[string][]string // words without one letter, to find slips
}

// NewLexicon makes a lexicon of the words of well-written texts.
func NewLexicon(texts [][]Word) *Lexicon {
	lex := &Lexicon{words: map[string]int{}, pairs: map[string]bool{}, byKey: map[string][]string{}}
	for _, text := range texts {
		var last string
		for _, w := range text {
			if lex.words[w.Fold]++; lex.words[w.Fold] == 1 && len(w.Fold) >= 3 {
				for i := range w.Fold {
					key := w.Fold[:i] + w.Fold[i+1:]
					lex.byKey[key] = append(lex.byKey[key], w.Fold)
				}
			}
			if last != "" {
				lex.pairs[last+" "+w.Fold] = true
			}
			last = w.Fold
		}
	}
	return lex
}

// Has says whether a folded word is known.
func (l *Lexicon) Has(w string) bool { return l.words[w] > 0 }

// Abbreviation says whether a word is one of those that people shorten in
// messages, and Repair spells out.
func Abbreviation(w Word) bool {
	_, known := chat[w.Canon]
	if !known && !w.Marked() {
		_, known = foldedChat[w.Fold]
	}
	return known
}

// maxRepaired bounds the work on one text, in words.
const maxRepaired = 400

// Repair reads a text as it was probably meant: abbreviations spelt out,
// left-overs of Telex and VNI undone, glued words parted, repeated letters and
// common slips mended. Words that are known, or can't be mended, stay.
func Repair(s string, lex *Lexicon) []Word {
	typed := Words(s)
	if len(typed) > maxRepaired {
		typed = typed[len(typed)-maxRepaired:]
	}
	out := make([]Word, 0, len(typed)+4)
	for i := 0; i < len(typed); i++ {
		w := typed[i]
		if i+1 < len(typed) && lex.broken(w, typed[i+1]) {
			w = Words(w.Canon + typed[i+1].Canon)[0]
			i++
		}
		var prev string
		if len(out) > 0 {
			prev = out[len(out)-1].Fold
		}
		out = lex.mend(out, w, prev)
	}
	return out
}

// broken says whether a space stands in the middle of a word: "ngh ề". The first
// part has no vowel, and the second is no word by itself.
func (l *Lexicon) broken(a, b Word) bool {
	return b.Fold != "" && len(a.Fold) <= 3 && !strings.ContainsAny(a.Fold, "aeiouy0123456789") && strings.ContainsAny(b.Fold[:1], "aeiouy") &&
		b.Marked() && !l.Has(b.Fold) && l.Has(a.Fold+b.Fold)
}

// mend appends what a word was meant to be.
func (l *Lexicon) mend(out []Word, w Word, prev string) []Word {
	if unitAfterNumber(w, prev) {
		return append(out, w)
	}
	if full, ok := chat[w.Canon]; ok {
		return appendWords(out, full)
	}
	if full, ok := foldedChat[w.Fold]; ok && !w.Marked() {
		return appendWords(out, full)
	}
	if l.slipKept(w.Fold) {
		// mended below
	} else if l.Has(w.Fold) || len(w.Fold) > 40 || isNumeric(w.Fold) {
		return append(out, w)
	}
	squeezed := squeeze(w.Fold)
	if full, ok := foldedChat[squeezed]; ok {
		return appendWords(out, full)
	}
	best, bestRank := "", 0
	for _, c := range l.candidates(w.Fold, squeezed) {
		rank := l.rank(c, prev)
		if rank > bestRank {
			best, bestRank = c, rank
		}
	}
	if best == "" {
		return append(out, w)
	}
	for part := range strings.FieldsSeq(best) {
		out = append(out, Word{part, part})
	}
	return out
}

// seldom and often are how many times the content has a word that it only has as
// a slip, and the word that was meant.
const seldom, often = 2, 20

// slipKept says that a word is in the content only because a way of asking has
// the slip in it: "hocj" is no word where "hoc" is everywhere.
func (l *Lexicon) slipKept(w string) bool {
	if n := l.words[w]; n == 0 || n > seldom || Syllable(w) {
		return false
	}
	return slices.ContainsFunc(undoTelex(w), func(c string) bool { return l.words[c] >= often })
}

// rank prefers words that follow the one before, then frequent ones.
func (l *Lexicon) rank(c, prev string) int {
	first, rest, glued := strings.Cut(c, " ")
	n := l.words[first]
	if n == 0 {
		return 0
	}
	if glued {
		if !l.pairs[c] && !l.Has(rest) {
			return 0
		}
		if l.pairs[c] {
			n += 1000
		}
	}
	n = min(n, 500)
	if l.pairs[prev+" "+first] {
		n += 1000
	}
	return n
}

// candidates gives what a folded word may have been meant to be.
func (l *Lexicon) candidates(w, squeezed string) []string {
	var list []string
	add := func(c string) {
		if c != w && l.Has(c) {
			list = append(list, c)
		}
	}
	add(squeezed)
	if c := undoVNI(w); c != "" {
		add(c)
		if len(list) > 0 {
			return list
		}
	}
	for _, c := range undoTelex(w) {
		add(c)
	}
	if len(list) > 0 {
		return list
	}
	list = l.part(list, w)
	for _, c := range confusions(w) {
		add(c)
	}
	if len(list) > 0 {
		return list
	}
	return l.slips(list, w)
}

// part splits glued words: "hochnghe", "baonhieu".
func (l *Lexicon) part(list []string, w string) []string {
	if len(w) < 4 {
		return list
	}
	for i := 1; i < len(w); i++ {
		a, b := w[:i], w[i:]
		if l.pairs[a+" "+b] {
			list = append(list, a+" "+b)
		}
		for _, c := range undoTelex(a) {
			for _, d := range append(undoTelex(b), b) {
				if l.pairs[c+" "+d] {
					list = append(list, c+" "+d)
				}
			}
		}
	}
	return list
}

// slips gives known words one letter off: missing, too many, another, or two
// changed about.
func (l *Lexicon) slips(list []string, w string) []string {
	if len(w) < 3 {
		return list
	}
	take := func(c string) {
		if l.Has(c) && Syllable(c) {
			list = append(list, c)
		}
	}
	for _, c := range l.byKey[w] { // a letter is missing
		take(c)
	}
	for i := range len(w) {
		short := w[:i] + w[i+1:]
		take(short) // a letter too many
		if i+1 < len(w) {
			take(w[:i] + w[i+1:i+2] + w[i:i+1] + w[i+2:]) // changed about
		}
		for _, c := range l.byKey[short] { // another letter
			if len(c) == len(w) {
				take(c)
			}
		}
	}
	return list
}

// unitAfterNumber keeps "5 k" (nghìn), "3 th" and the like apart from chat words.
func unitAfterNumber(w Word, prev string) bool {
	return isNumeric(prev) && (w.Fold == "k" || w.Fold == "h" || w.Fold == "t" || w.Fold == "c")
}

func appendWords(out []Word, s string) []Word {
	for part := range strings.FieldsSeq(s) {
		out = append(out, Word{part, Fold(part)})
	}
	return out
}

func isNumeric(s string) bool {
	return s != "" && s[0] >= '0' && s[0] <= '9'
}

// squeeze takes repeated letters together: "đcccc" -> "đc", "hoccc" -> "hoc".
func squeeze(w string) string {
	b := make([]byte, 0, len(w))
	for i := range len(w) {
		if i == 0 || w[i] != w[i-1] {
			b = append(b, w[i])
		}
	}
	return string(b)
}

// undoVNI takes out the digits that VNI left: "vo61n" -> "von". Words that
// begin with a digit are numbers with units.
func undoVNI(w string) string {
	b := make([]byte, 0, len(w))
	digits := 0
	for i := range len(w) {
		if w[i] >= '0' && w[i] <= '9' {
			digits++
			continue
		}
		b = append(b, w[i])
	}
	if digits == 0 || len(b) == 0 || isNumeric(w) {
		return ""
	}
	return string(b)
}

// undoTelex gives what a word was when Telex left its keys in it: doubled
// letters, w, and one of s f r x j for the tone: "ngheef" -> "nghe",
// "dduwowcj" -> "duoc", "hojc" -> "hoc".
func undoTelex(w string) []string {
	b := make([]byte, 0, len(w))
	for i := range len(w) {
		c := w[i]
		if c == 'w' && i > 0 || i > 0 && c == w[i-1] && strings.IndexByte("aeod", c) >= 0 {
			continue
		}
		b = append(b, c)
	}
	base := string(b)
	var list []string
	if base != w && Syllable(base) {
		list = append(list, base)
	}
	for i := 1; i < len(base); i++ {
		if strings.IndexByte("sfrxj", base[i]) < 0 {
			continue
		}
		if c := base[:i] + base[i+1:]; Syllable(c) {
			list = append(list, c)
		}
	}
	return list
}

// swaps are sounds that are written for each other: "nàm" for "làm", "xửa"
// for "sửa", "trăn" for "chăn", "dạy" for "giạy", "ki" for "ky".
var swaps = [][2]string{
	{"l", "n"}, {"n", "l"}, {"s", "x"}, {"x", "s"}, {"ch", "tr"}, {"tr", "ch"},
	{"d", "gi"}, {"gi", "d"}, {"r", "d"}, {"d", "r"}, {"r", "gi"}, {"gi", "r"}, {"v", "d"},
	{"ng", "ngh"}, {"ngh", "ng"}, {"g", "gh"}, {"gh", "g"}, {"c", "k"}, {"k", "c"}, {"f", "ph"}, {"q", "qu"}, {"z", "d"}, {"j", "gi"},
}

func confusions(w string) []string {
	var list []string
	for _, s := range swaps {
		if rest, ok := strings.CutPrefix(w, s[0]); ok {
			if c := s[1] + rest; Syllable(c) {
				list = append(list, c)
			}
		}
	}
	if n := len(w); n > 1 {
		switch w[n-1] {
		case 'i':
			list = append(list, w[:n-1]+"y")
		case 'y':
			list = append(list, w[:n-1]+"i")
		}
	}
	return list
}
