package viet

import "slices"

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

// part splits words that are glued, two or three: "hochnghe", "baonhieu",
// "muốnhọcnghề".
func (l *Lexicon) part(list []string, w string) []string {
	if len(w) < 4 || len(w) > maxGlued {
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
		if !l.Has(a) || !Syllable(a) {
			continue
		}
		for j := 1; j < len(b); j++ {
			if l.pairs[a+" "+b[:j]] && l.pairs[b[:j]+" "+b[j:]] {
				list = append(list, a+" "+b[:j]+" "+b[j:])
			}
		}
	}
	return list
}

// maxGlued is how many letters glued words have together, at most: three of the
// longest syllables.
const maxGlued = 21

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
