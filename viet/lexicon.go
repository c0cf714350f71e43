package viet

// Lexicon is what counts as a word and as a pair of words: reading turns what
// is typed into these. It is made once of the texts of the content and never
// changed.
type Lexicon struct {
	words   map[string]int      // folded, with how often
	pairs   map[string]bool     // folded
	written map[string]bool     // words and pairs as they are written, with marks
	byKey   map[string][]string // words without one letter, to find slips
}

// NewLexicon makes a lexicon of the words of well-written texts.
func NewLexicon(texts [][]Word) *Lexicon {
	l := &Lexicon{words: map[string]int{}, pairs: map[string]bool{}, written: map[string]bool{}, byKey: map[string][]string{}}
	for _, text := range texts {
		var last Word
		for _, w := range text {
			if l.words[w.Fold]++; l.words[w.Fold] == 1 && len(w.Fold) >= 3 {
				for i := range w.Fold {
					key := w.Fold[:i] + w.Fold[i+1:]
					l.byKey[key] = append(l.byKey[key], w.Fold)
				}
			}
			l.written[w.Canon] = true
			if last.Fold != "" {
				l.pairs[last.Fold+" "+w.Fold] = true
				l.written[last.Canon+" "+w.Canon] = true
			}
			last = w
		}
	}
	return l
}

// Has says whether a folded word is known.
func (l *Lexicon) Has(w string) bool { return l.words[w] > 0 }

// Written says whether a word, or two with a space between, is written so, with
// these marks.
func (l *Lexicon) Written(canon string) bool { return l.written[canon] }
