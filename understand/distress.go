package understand

import (
	_ "embed"
	"math"
	"strings"

	"nghe/content"
)

//go:embed distress.tsv
var distressText string

// distress tells a message of somebody in danger from all others, in words that
// nobody has foreseen: a linear model over its words, pairs of words, and the
// signs of signs.txt that stand in it, alone and two together. It learns from
// the ways of asking of the dangers, from distress.tsv, and, as what is no
// danger, from everything else that people ask.
type distress struct {
	dangers  []string // by class; "" is none
	terms    *terms
	signs    *signs
	together map[[2]int]int32 // one sign (twice), or two that stand in a message
	model    *model
}

const (
	// Of a long message each piece is looked at by itself: the danger may be one
	// clause of a story. In words.
	pieceWords = 18
	pieceStep  = 9
	signWeight = 1.2
	bothWeight = 0.8
	// clearly is which part of what speaks for danger must speak for one of them.
	clearly = 0.6
)

// harmless is the class of what is no danger, in distress.tsv.
const harmless = "none"

func newDistress(r *Reader, list []*content.Topic, others []string) *distress {
	d := &distress{dangers: []string{""}, terms: newTerms(len(r.concepts.names)), signs: newSigns(signsText), together: map[[2]int]int32{}}
	class := map[string]int32{harmless: 0}
	var texts []string
	var labels []int32
	add := func(label int32, text string) { texts, labels = append(texts, text), append(labels, label) }
	for _, topic := range list {
		if len(topic.Asks) == 0 {
			continue
		}
		n := int32(len(d.dangers))
		d.dangers = append(d.dangers, topic.ID)
		class[strings.TrimPrefix(topic.ID, "danger.")] = n
		for _, ask := range topic.Asks {
			add(n, ask)
		}
	}
	for _, line := range lines(distressText) {
		name, text, _ := strings.Cut(line, "\t")
		if n, ok := class[name]; ok {
			add(n, text)
		}
	}
	for _, text := range others {
		add(0, text)
	}
	var samples []sample
	for i, t := range each(texts, r.readText) {
		learn := func(tokens []token) {
			samples = append(samples, sample{subject: labels[i], terms: d.of(r, tokens, true), weight: 1, ask: true})
		}
		learn(t.tokens)
		if labels[i] == 0 { // of a story without danger, no piece is danger
			pieces(t.tokens, learn)
		}
	}
	d.model = train(samples, idfOf(samples, d.terms.n), len(d.dangers))
	return d
}

// idfOf works out how telling each of n terms is.
func idfOf(samples []sample, n int32) []float32 {
	counts := make([]float32, n)
	for _, s := range samples {
		for _, t := range s.terms {
			counts[t.id]++
		}
	}
	idf := make([]float32, n)
	for i, c := range counts {
		idf[i] = float32(math.Log(1 + float64(len(samples))/(1+float64(c))))
	}
	return idf
}

// of lists what a message has; with grow, what is new is given a number.
func (d *distress) of(r *Reader, tokens []token, grow bool) []term {
	for i := range tokens {
		tokens[i].weight = 1
	}
	list := d.terms.of(make([]term, 0, 4*len(tokens)), tokens, r.concepts, grow)
	words := wordsOf(tokens)
	there := d.signs.in(r, words, r.dangers.skipped(words))
	put := func(a, b int, weight float32) {
		id, ok := d.together[[2]int{a, b}]
		if !ok && grow {
			id = d.terms.next()
			d.together[[2]int{a, b}], ok = id, true
		}
		if ok {
			list = append(list, term{id, weight})
		}
	}
	for i, a := range there {
		put(a, a, signWeight)
		for _, b := range there[i+1:] {
			put(a, b, bothWeight)
		}
	}
	return unique(list)
}

// likely gives the likeliest danger of a message, content.SomeDanger when it is
// not clear which, and how likely it is that there is any, 0 to 1.
func (d *distress) likely(r *Reader, tokens []token) (string, float32) {
	best, share := "", float32(0)
	scores := make([]float32, len(d.dangers))
	look := func(piece []token) {
		list := d.of(r, piece, false)
		if len(list) == 0 {
			return
		}
		d.model.score(scores, d.model.vector(make([]term, 0, len(list)), list))
		softmax(scores)
		if some := 1 - scores[0]; some > share {
			likeliest := 1
			for c := range scores[1:] {
				if scores[c+1] > scores[likeliest] {
					likeliest = c + 1
				}
			}
			best, share = d.dangers[likeliest], some
			if scores[likeliest] < clearly*some {
				best = content.SomeDanger
			}
		}
	}
	tokens = append([]token(nil), tokens[:min(len(tokens), maxDanger)]...)
	look(tokens)
	pieces(tokens, look)
	return best, share
}

// pieces gives the pieces of a long message, which lie over each other.
func pieces(tokens []token, do func([]token)) {
	for at := 0; len(tokens) > pieceWords+pieceStep && at < len(tokens)-pieceStep; at += pieceStep {
		do(tokens[at:min(len(tokens), at+pieceWords)])
	}
}
