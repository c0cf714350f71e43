package understand

import (
	"cmp"
	"math"
	"slices"
)

// Each view of a question gives every subject a score from 0 to 1; these are
// what the views count. They were set by leaving ways of asking out (see
// understand/eval), never by single questions.
const (
	modelShare = 0.45
	nearShare  = 0.25
	bagShare   = 0.15
	gramShare  = 0.15
)

// ranked is one subject with what speaks for it.
type ranked struct {
	subject int32
	score   float32
}

// views are the scores by subject, view by view.
type views struct {
	model, near, bag, gram []float32
}

func (x *index) look(tokens []token, c *concepts) views {
	n := len(x.subjects)
	all := make([]float32, 4*n)
	v := views{all[:n:n], all[n : 2*n : 2*n], all[2*n : 3*n : 3*n], all[3*n:]}
	list := x.termsOf(tokens, c)
	vector := x.model.vector(make([]term, 0, len(list)), list)
	x.model.score(v.model, vector)
	softmax(v.model)
	x.lookNear(v.near, list)
	x.lookBag(v.bag, list)
	x.grams.look(v.gram, tokens)
	return v
}

// termsOf lists the terms of a text that the index has learnt.
func (x *index) termsOf(tokens []token, c *concepts) []term {
	list := x.terms.of(make([]term, 0, 4*len(tokens)), tokens, c, false)
	for len(list) > 0 && list[len(list)-1].id >= x.known { // they are in order
		list = list[:len(list)-1]
	}
	return list
}

// rank orders all subjects, best first: each reading of the text counts as much
// as it is likely.
func (r *Reader) rank(t text) []ranked {
	out := make([]ranked, len(r.index.subjects))
	all := float32(1)
	r.index.add(out, t.tokens, r.concepts, 1)
	for _, other := range t.others {
		r.index.add(out, other.tokens, r.concepts, other.share)
		all += other.share
	}
	for i := range out {
		out[i].subject = int32(i)
		out[i].score /= all
	}
	slices.SortStableFunc(out, func(a, b ranked) int { return cmp.Compare(b.score, a.score) })
	return out
}

// add adds what speaks for each subject, times how much the reading counts.
func (x *index) add(to []ranked, tokens []token, c *concepts, share float32) {
	v := x.look(tokens, c)
	for i := range to {
		to[i].score += share * (modelShare*v.model[i] + nearShare*v.near[i] + bagShare*v.bag[i] + gramShare*v.gram[i])
	}
}

// lookNear gives each subject the likeness of its nearest way of asking.
func (x *index) lookNear(scores []float32, list []term) {
	dots := make([]float32, len(x.docs))
	var sum float32
	for _, t := range list {
		w := t.weight * x.idf[t.id]
		sum += w * w
		for _, p := range x.postings[t.id] {
			dots[p.doc] += w * p.weight
		}
	}
	bestOf(scores, dots, x.docs, sum)
}

// look gives each subject the likeness of its nearest way of asking, by letters.
func (x *gramIndex) look(scores []float32, tokens []token) {
	dots := make([]float32, len(x.docs))
	weights := map[int]float32{}
	grams(tokens, func(g int, w float32) { weights[g] = max(weights[g], w) })
	var sum float32
	for g, w := range weights {
		w *= x.idf[g]
		sum += w * w
		for _, p := range x.postings[g] {
			dots[p.doc] += w * p.weight
		}
	}
	bestOf(scores, dots, x.docs, sum)
}

// bestOf takes of each subject the best of its ways of asking, and a little of
// the second: one odd way of asking must not win alone.
func bestOf(scores, dots []float32, docs []doc, sum float32) {
	norm := float32(math.Sqrt(float64(sum))) + 1e-6
	second := make([]float32, len(scores))
	for d, dot := range dots {
		if dot == 0 {
			continue
		}
		s := dot / (norm*docs[d].norm + 1e-6)
		switch i := docs[d].subject; {
		case s > scores[i]:
			second[i], scores[i] = scores[i], s
		case s > second[i]:
			second[i] = s
		}
	}
	for i := range scores {
		scores[i] = 0.75*scores[i] + 0.25*second[i]
	}
}

// lookBag gives BM25 over all that is written on a subject, as a part of the
// best that the question could reach.
func (x *index) lookBag(scores []float32, list []term) {
	var top float32
	for _, t := range list {
		for _, p := range x.bag[t.id] {
			scores[p.doc] += t.weight * p.weight
			top = max(top, scores[p.doc])
		}
	}
	if top > 0 {
		for i := range scores {
			scores[i] /= top
		}
	}
}
