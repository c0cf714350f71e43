package understand

import (
	"cmp"
	"math"
	"slices"
)

// subject is something a question can be about.
type subject struct {
	id    string
	asks  []string
	title string
	text  string
}

// index is everything that ranking needs, built once of the content.
type index struct {
	subjects []subject
	terms    *terms
	known    int32 // terms that it has learnt; later ones are the distress's
	idf      []float32
	docs     []doc
	postings [][]posting // by term
	bag      [][]posting // by term: subjects, weights as BM25 sees them
	grams    *gramIndex
	model    *model
}

// doc is one way of asking.
type doc struct {
	subject int32
	norm    float32
}

type posting struct {
	doc    int32
	weight float32
}

func sortTerms(list []term) {
	slices.SortFunc(list, func(a, b term) int { return cmp.Compare(a.id, b.id) })
}

// sample is one text that teaches what a subject is asked with.
type sample struct {
	subject int32
	terms   []term
	text    []token
	weight  float32
	ask     bool
}

// readIndex reads what teaches how each subject is asked for. The index can be
// used when it has learnt it.
func readIndex(r *Reader, subjects []subject, profiles map[string][][]int32) (*index, []sample) {
	x := &index{subjects: subjects, terms: newTerms(len(r.concepts.names))}
	samples := x.readSamples(r, subjects, profiles)
	x.known = x.terms.n
	x.idf = idfOf(samples, x.known)
	return x, samples
}

// learn makes the four views of what was read.
func (x *index) learn(samples []sample) {
	trained := make(chan *model)
	go func() { trained <- train(samples, x.idf, len(x.subjects)) }() // what takes longest
	x.postAsks(samples)
	x.postBags(samples)
	x.grams = newGramIndex(samples)
	x.model = <-trained
}

// readSamples gives what teaches how each subject is asked for. Reading takes
// all processors; numbering the terms goes in order, so that the same content
// makes the same index.
func (x *index) readSamples(r *Reader, subjects []subject, profiles map[string][][]int32) []sample {
	var samples []sample
	var texts []string // of each sample; "" = its terms are known
	add := func(text string, s sample) {
		samples, texts = append(samples, s), append(texts, text)
	}
	for i, s := range subjects {
		n := int32(i)
		for _, a := range s.asks {
			add(a, sample{subject: n, weight: 1, ask: true})
		}
		if s.title != "" {
			add(s.title, sample{subject: n, weight: 1, ask: true})
		}
		if s.text != "" {
			add(s.text, sample{subject: n, weight: 0.3})
		}
		for _, p := range profiles[s.id] {
			list := make([]term, len(p))
			for j, c := range p {
				list[j] = term{x.terms.concepts[c], conceptWeight}
			}
			add("", sample{subject: n, terms: unique(list), weight: 1.5, ask: true})
		}
	}
	for i, tokens := range each(texts, r.tokens) {
		if texts[i] != "" {
			samples[i].text = tokens
			samples[i].terms = x.terms.of(nil, tokens, r.concepts, true)
		}
	}
	return samples
}

// postAsks makes the lists that find the nearest ways of asking.
func (x *index) postAsks(samples []sample) {
	x.postings = make([][]posting, x.known)
	for _, s := range samples {
		if !s.ask {
			continue
		}
		d := int32(len(x.docs))
		var sum float32
		for _, t := range s.terms {
			w := t.weight * x.idf[t.id]
			sum += w * w
			x.postings[t.id] = append(x.postings[t.id], posting{d, w})
		}
		x.docs = append(x.docs, doc{s.subject, float32(math.Sqrt(float64(sum)))})
	}
}

// BM25: how fast repetition stops to count, and how much length matters.
const (
	bm25K = 1.2
	bm25B = 0.5
)

// postBags makes the lists of BM25 over all that is written on a subject.
func (x *index) postBags(samples []sample) {
	counts := make([]map[int32]float32, len(x.subjects))
	length := make([]float32, len(x.subjects))
	var total float32
	for _, s := range samples {
		if counts[s.subject] == nil {
			counts[s.subject] = map[int32]float32{}
		}
		for _, t := range s.terms {
			counts[s.subject][t.id] += s.weight
			length[s.subject] += s.weight
			total += s.weight
		}
	}
	mean := total / float32(len(x.subjects))
	x.bag = make([][]posting, x.known)
	df := make([]float32, x.known)
	for _, c := range counts {
		for t := range c {
			df[t]++
		}
	}
	for i, c := range counts {
		for t, n := range c {
			idf := float32(math.Log(1 + (float64(len(x.subjects))-float64(df[t])+0.5)/(float64(df[t])+0.5)))
			w := idf * n * (bm25K + 1) / (n + bm25K*(1-bm25B+bm25B*length[i]/mean))
			x.bag[t] = append(x.bag[t], posting{int32(i), w})
		}
	}
}
