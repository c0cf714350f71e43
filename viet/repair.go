package viet

import (
	"cmp"
	"slices"
	"strings"
)

// Reading is a text as it may have been meant.
type Reading struct {
	Words  []Word
	Weight float64 // how likely; of all readings of a text together 1
}

const (
	// maxRepaired bounds the work on one text, in words.
	maxRepaired = 400
	// maxDoubts is how many readings there are beside the likeliest.
	maxDoubts = 2
	// doubtful is how likely a reading is beside the likeliest, at least; what is
	// less likely is left out.
	doubtful = 0.3
)

// Repair reads a text as it was most probably meant: abbreviations spelt out,
// left-overs of Telex and VNI undone, glued words parted, repeated letters and
// common slips mended. Words that are known, or can't be mended, stay.
func Repair(s string, lex *Lexicon) []Word {
	return said(lex.read(s, false), -1, 0)
}

// Readings gives what a text may have been meant to say, the likeliest first:
// "dk" is được, đăng ký or điều kiện, and which of them the words beside it
// only make likely. There is one at least.
func Readings(s string, lex *Lexicon) []Reading { return readings(lex.read(s, true)) }

// read gives what each word of a text may be; without doubts only the likeliest
// counts, and what can only come second is not looked for.
func (l *Lexicon) read(s string, doubts bool) [][]choice {
	typed := l.join(Words(s))
	if len(typed) > maxRepaired {
		typed = typed[len(typed)-maxRepaired:]
	}
	choices := make([][]choice, len(typed))
	var prev Word
	for i, w := range typed {
		var next Word
		if i+1 < len(typed) {
			next = begins(typed[i+1])
		}
		choices[i] = l.choices(w, prev, next, doubts)
		if said := choices[i][0].words; len(said) > 0 {
			prev = said[len(said)-1]
		}
	}
	return choices
}

// choice is what one typed word may be; the weights only mean something beside
// each other.
type choice struct {
	words  []Word
	weight float64
}

// readings puts together the likeliest of each word, and beside it readings
// that differ from it in the most doubtful word each.
func readings(choices [][]choice) []Reading {
	type doubt struct {
		at, choice int
		share      float64
	}
	var doubts []doubt
	for i, list := range choices {
		for j, c := range list[1:] {
			if share := c.weight / list[0].weight; share >= doubtful {
				doubts = append(doubts, doubt{i, j + 1, share})
			}
		}
	}
	slices.SortStableFunc(doubts, func(a, b doubt) int { return cmp.Compare(b.share, a.share) })
	doubts = doubts[:min(len(doubts), maxDoubts)]
	all := 1.0
	for _, d := range doubts {
		all += d.share
	}
	out := []Reading{{said(choices, -1, 0), 1 / all}}
	for _, d := range doubts {
		out = append(out, Reading{said(choices, d.at, d.choice), d.share / all})
	}
	return out
}

// said gives the likeliest of each word, but for one.
func said(choices [][]choice, at, other int) []Word {
	words := make([]Word, 0, len(choices)+4)
	for i, list := range choices {
		n := 0
		if i == at {
			n = other
		}
		words = append(words, list[n].words...)
	}
	return words
}

// join takes away spaces that stand in the middle of a word: "ngh ề", "h ọc".
func (l *Lexicon) join(typed []Word) []Word {
	out := typed[:0]
	for i := 0; i < len(typed); i++ {
		w := typed[i]
		if i+1 < len(typed) && l.broken(w, typed[i+1]) {
			w = Words(w.Canon + typed[i+1].Canon)[0]
			i++
		}
		out = append(out, w)
	}
	return out
}

// broken says whether the space between two words stands in the middle of one:
// the first has no vowel, and the second is not written so by itself.
func (l *Lexicon) broken(a, b Word) bool {
	return b.Fold != "" && len(a.Fold) <= 3 && !strings.ContainsAny(a.Fold, "aeiouy0123456789") && strings.ContainsAny(b.Fold[:1], "aeiouy") &&
		b.Marked() && !l.Written(b.Canon) && l.Has(a.Fold+b.Fold)
}

// choices gives what a word may be between its neighbours, the likeliest first,
// one at least.
func (l *Lexicon) choices(w, prev, next Word, doubts bool) []choice {
	full, short := spelt(w)
	switch {
	case unitAfterNumber(w, prev.Fold):
		return []choice{{[]Word{w}, 1}}
	case short:
		return l.inContext(full, prev, next)
	case !l.slipKept(w.Fold) && (l.Has(w.Fold) || len(w.Fold) > 40 || isNumeric(w.Fold)):
		return l.alike(w, prev, next, doubts)
	}
	squeezed := squeeze(w.Fold)
	if full, ok := foldedChat[squeezed]; ok {
		return l.inContext(full, prev, next)
	}
	var list []choice
	candidates := l.candidates(w.Fold, squeezed)
	for i, c := range candidates {
		if rank := l.rank(c, prev.Fold); rank > 0 && !slices.Contains(candidates[:i], c) {
			list = append(list, choice{bare(c), float64(rank)})
		}
	}
	if len(list) == 0 {
		return []choice{{[]Word{w}, 1}}
	}
	likeliestFirst(list)
	return list
}

// beside is how much likelier a word is for each neighbour with which it makes
// a pair that is known.
const beside = 3

// inContext gives what an abbreviation stands for. What stands first in the
// table is likelier, and what goes with the words beside it more so.
func (l *Lexicon) inContext(full []string, prev, next Word) []choice {
	list := make([]choice, 0, len(full))
	prior := 1.0
	for _, f := range full {
		words := make([]Word, 0, 4)
		for part := range strings.FieldsSeq(f) {
			words = append(words, Word{part, Fold(part)})
		}
		weight := prior
		if l.pairs[prev.Fold+" "+words[0].Fold] {
			weight *= beside
		}
		if l.pairs[words[len(words)-1].Fold+" "+next.Fold] {
			weight *= beside
		}
		list = append(list, choice{words, weight})
		prior /= 2
	}
	likeliestFirst(list)
	return list
}

// stray is how likely a word that is known is another one that sounds alike,
// when only the other goes with a word beside it.
const stray = 0.5

// alike gives a word that is known, and beside it what sounds alike if that
// goes with the neighbours and the word itself does not: "lương cao" is not
// "nương cao", "mỡ quán" not "mở quán".
func (l *Lexicon) alike(w, prev, next Word, doubts bool) []choice {
	list := []choice{{[]Word{w}, 1}}
	if isNumeric(w.Fold) {
		return list
	}
	if doubts && !l.pairs[prev.Fold+" "+w.Fold] && !l.pairs[w.Fold+" "+next.Fold] {
		for _, c := range confusions(w.Fold) {
			if l.Has(c) && l.pairs[prev.Fold+" "+c] && (next.Fold == "" || l.pairs[c+" "+next.Fold]) {
				list = append(list, choice{bare(c), stray})
			}
		}
	}
	if !w.Marked() || !doubts && l.Written(w.Canon) {
		return list
	}
	c := tilted(w.Canon)
	switch other := (Word{c, w.Fold}); {
	case c == w.Canon || !l.Written(c):
	case !l.Written(w.Canon): // marks that make no word, and marks that do
		list = []choice{{[]Word{other}, 1}}
	case !l.together(prev, w, next) && l.together(prev, other, next):
		list = append(list, choice{[]Word{other}, stray})
	}
	return list
}

// together says whether a word is written, with these marks, beside one of its
// neighbours.
func (l *Lexicon) together(prev, w, next Word) bool {
	return l.Written(prev.Canon+" "+w.Canon) || l.Written(w.Canon+" "+next.Canon)
}

func likeliestFirst(list []choice) {
	slices.SortStableFunc(list, func(a, b choice) int { return cmp.Compare(b.weight, a.weight) })
}

// rank prefers words that follow the one before, then frequent ones. What was
// glued must be pairs that are known, or two words.
func (l *Lexicon) rank(c, prev string) int {
	first, rest, glued := strings.Cut(c, " ")
	n := l.words[first]
	if n == 0 {
		return 0
	}
	if second, third, three := strings.Cut(rest, " "); three {
		n = 1000 * min(1, l.words[second]*l.words[third])
	} else if glued {
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

// unitAfterNumber keeps "5 k" (nghìn), "3 th" and the like apart from chat words.
func unitAfterNumber(w Word, prev string) bool {
	return isNumeric(prev) && (w.Fold == "k" || w.Fold == "h" || w.Fold == "t" || w.Fold == "c")
}

// bare makes words of folded ones.
func bare(s string) []Word {
	words := make([]Word, 0, 3)
	for part := range strings.FieldsSeq(s) {
		words = append(words, Word{part, part})
	}
	return words
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
