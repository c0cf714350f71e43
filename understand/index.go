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

func buildIndex(r *Reader, subjects []subject, profiles map[string][][]int32) *index {
	x := &index{subjects: subjects, terms: newTerms(len(r.concepts.names))}
	samples := x.readSamples(r, subjects, profiles)
	x.countTerms(samples)
	trained := make(chan *model)
	go func() { trained <- train(samples, x.idf, len(subjects)) }() // what takes longest
	x.postAsks(samples)
	x.postBags(samples)
	x.grams = newGramIndex(samples)
	x.model = <-trained
	return x
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
	for i, t := range each(texts, r.readText) {
		if texts[i] == "" {
			continue
		}
		for j := range t.tokens {
			t.tokens[j].weight = 1
		}
		samples[i].text = t.tokens
		samples[i].terms = x.terms.of(nil, t.tokens, r.concepts, true)
	}
	return samples
}

// countTerms works out how telling each term is.
func (x *index) countTerms(samples []sample) {
	n := make([]float32, x.terms.n)
	for _, s := range samples {
		if s.ask {
			for _, t := range s.terms {
				n[t.id]++
			}
		}
	}
	x.idf = make([]float32, x.terms.n)
	for i := range n {
		x.idf[i] = float32(math.Log(1 + float64(len(samples))/(1+float64(n[i]))))
	}
}

// postAsks makes the lists that find the nearest ways of asking.
func (x *index) postAsks(samples []sample) {
	x.postings = make([][]posting, x.terms.n)
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
	x.bag = make([][]posting, x.terms.n)
	df := make([]float32, x.terms.n)
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
