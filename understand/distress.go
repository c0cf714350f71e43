package understand

import (
	_ "embed"
	"math"
	"slices"
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
	// pieceTrust is what a piece counts beside the whole: of many pieces one is
	// soon mistaken.
	pieceTrust = 0.93
	signWeight = 1.2
	bothWeight = 0.8
	// clearly is which part of what speaks for danger must speak for one of them.
	clearly = 0.6
)

// harmless is the class of what is no danger, in distress.tsv.
const harmless = "none"

// readDistress reads what teaches: the ways of asking of the dangers,
// distress.tsv, and as harmless what else people ask. New terms are numbered
// after those of the index, which knows none of them.
func readDistress(r *Reader, list []*content.Topic, asked []sample) (*distress, []sample) {
	d := &distress{dangers: []string{""}, terms: r.index.terms, signs: newSigns(signsText), together: map[[2]int]int32{}}
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
	var samples []sample
	for i, tokens := range each(texts, r.tokens) {
		learn := func(tokens []token) {
			list := d.terms.of(nil, tokens, r.concepts, true)
			samples = append(samples, sample{subject: labels[i], terms: d.withSigns(r, list, tokens, true), weight: 1, ask: true})
		}
		learn(tokens)
		if labels[i] == 0 { // of a story without danger, no piece is danger
			pieces(tokens, learn)
		}
	}
	for _, s := range asked {
		if s.ask && s.text != nil {
			list := slices.Clone(s.terms)
			samples = append(samples, sample{terms: d.withSigns(r, list, s.text, true), weight: 1, ask: true})
		}
	}
	return d, samples
}

// learn fits the model to what was read.
func (d *distress) learn(samples []sample) {
	d.model = train(samples, idfOf(samples, d.terms.n), len(d.dangers))
}

// idfOf works out how telling each of n terms is: those that teach how a thing
// is asked for count.
func idfOf(samples []sample, n int32) []float32 {
	counts := make([]float32, n)
	for _, s := range samples {
		if s.ask {
			for _, t := range s.terms {
				counts[t.id]++
			}
		}
	}
	idf := make([]float32, n)
	for i, c := range counts {
		idf[i] = float32(math.Log(1 + float64(len(samples))/(1+float64(c))))
	}
	return idf
}

// withSigns adds the signs in the words to the other terms of a message; with
// grow, what is new is given a number.
func (d *distress) withSigns(r *Reader, list []term, tokens []token, grow bool) []term {
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
	look := func(piece []token, trust float32) {
		list := d.withSigns(r, d.terms.of(make([]term, 0, 4*len(piece)), piece, r.concepts, false), piece, false)
		if len(list) == 0 {
			return
		}
		d.model.score(scores, d.model.vector(make([]term, 0, len(list)), list))
		softmax(scores)
		if some := trust * (1 - scores[0]); some > share {
			likeliest := 1
			for c := range scores[1:] {
				if scores[c+1] > scores[likeliest] {
					likeliest = c + 1
				}
			}
			best, share = d.dangers[likeliest], some
			if scores[likeliest] < clearly*(1-scores[0]) {
				best = content.SomeDanger
			}
		}
	}
	tokens = slices.Clone(tokens[:min(len(tokens), maxDanger)])
	for i := range tokens {
		tokens[i].weight = 1 // the danger may be told beside the question
	}
	look(tokens, 1)
	pieces(tokens, func(piece []token) { look(piece, pieceTrust) })
	return best, share
}

// pieces gives the pieces of a long message, which lie over each other.
func pieces(tokens []token, do func([]token)) {
	for at := 0; len(tokens) > pieceWords+pieceStep && at < len(tokens)-pieceStep; at += pieceStep {
		do(tokens[at:min(len(tokens), at+pieceWords)])
	}
}
