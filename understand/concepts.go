package understand

import (
	_ "embed"
	"strings"

	"nghe/viet"
)

//go:embed concepts.txt
var conceptsText string

// phrase is one way of saying a concept.
type phrase struct {
	words   []viet.Word // any is a gap
	concept int32
}

// gap stands for up to two words between the others.
const (
	gap    = "*"
	maxGap = 2
)

// concepts finds meanings in words.
type concepts struct {
	names   []string
	ids     map[string]int32
	byFirst map[string][]phrase // folded first word
}

// newConcepts reads "name = phrase | phrase" lines.
func newConcepts(s string) *concepts {
	c := &concepts{ids: map[string]int32{}, byFirst: map[string][]phrase{}}
	for line := range strings.Lines(s) {
		name, phrases, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		id := c.id(strings.TrimSpace(name))
		for p := range strings.SplitSeq(phrases, "|") {
			if words := phraseWords(p); len(words) > 0 {
				c.byFirst[words[0].Fold] = append(c.byFirst[words[0].Fold], phrase{words, id})
			}
		}
	}
	return c
}

func (c *concepts) id(name string) int32 {
	id, ok := c.ids[name]
	if !ok {
		id = int32(len(c.names))
		c.ids[name] = id
		c.names = append(c.names, name)
	}
	return id
}

// phraseWords splits a phrase and keeps its gaps.
func phraseWords(p string) []viet.Word {
	var words []viet.Word
	for f := range strings.FieldsSeq(p) {
		if f == gap {
			words = append(words, viet.Word{Canon: gap, Fold: gap})
			continue
		}
		words = append(words, viet.Words(f)...)
	}
	return words
}

// texts gives all phrases, to learn words from.
func (c *concepts) texts() []string {
	var list []string
	for _, phrases := range c.byFirst {
		for _, p := range phrases {
			var b strings.Builder
			for _, w := range p.words {
				b.WriteString(w.Canon + " ")
			}
			list = append(list, b.String())
		}
	}
	return list
}

// find calls f for each concept in the tokens with the weight of its sentence
// and the number of words that say it.
func (c *concepts) find(tokens []token, f func(concept int32, weight float32, at, words int)) {
	for i := range tokens {
		for _, p := range c.byFirst[tokens[i].Fold] {
			if p.matches(tokens[i:]) {
				f(p.concept, tokens[i].weight, i, len(p.words))
			}
		}
	}
}

// matches says whether the tokens begin with the phrase.
func (p phrase) matches(tokens []token) bool { return matchWords(p.words, tokens) }

func matchWords(words []viet.Word, tokens []token) bool {
	for i, w := range words {
		if w.Fold == gap {
			for skip := 0; skip <= maxGap && i+skip <= len(tokens); skip++ {
				if matchWords(words[i+1:], tokens[i+skip:]) {
					return true
				}
			}
			return false
		}
		if i >= len(tokens) || !tokens[i].is(w) {
			return false
		}
	}
	return true
}

// is says whether a token may be the word.
func (t token) is(w viet.Word) bool {
	return t.Fold == w.Fold && (!t.sure || t.Canon == w.Canon)
}
