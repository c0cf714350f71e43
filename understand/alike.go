package understand

import "math"

// alikeScore is how alike two texts are at least that ask for the same: set so
// that another way of asking joins, and another question does not (alike_test.go).
const alikeScore = 0.42

// Alike puts texts together that ask for the same. It gives for each text the
// index of the one that leads its group: the first of them, so that whoever wants
// the most frequent to lead puts those first. The same texts in the same order
// give the same groups.
//
// How alike two texts are is the mean of two views that ranking has, too: the
// words, pairs and concepts they share, and the letters. Words that we do not know
// are only seen by the letters; they are what is new in what nobody could answer.
func (r *Reader) Alike(texts []string) []int {
	a := alike{terms: map[int32][]posting{}, grams: map[int32][]posting{}}
	leads := make([]int, len(texts))
	for i, text := range texts {
		v := r.vectors(text)
		if at, score := a.nearest(v); score >= alikeScore {
			leads[i] = a.leaders[at].text
			continue
		}
		leads[i] = i
		a.lead(i, v)
	}
	return leads
}

// vectors are a text in two views, each of length 1, or empty.
type vectors struct{ terms, grams []term }

func (r *Reader) vectors(s string) vectors {
	tokens := r.readText(s).tokens
	for i := range tokens {
		tokens[i].weight = 1
	}
	var v vectors
	for _, t := range r.index.termsOf(tokens, r.concepts) {
		v.terms = append(v.terms, term{t.id, t.weight * r.index.idf[t.id]})
	}
	// What only says whom one speaks to makes nothing alike.
	grams(without(tokens, fillers), func(g int, w float32) {
		v.grams = append(v.grams, term{int32(g), w * r.index.grams.idf[g]})
	})
	v.grams = unique(v.grams)
	return vectors{unit(v.terms), unit(v.grams)}
}

func without(tokens []token, words wordSet) []token {
	left := make([]token, 0, len(tokens))
	for _, t := range tokens {
		if !words.has(t.Word) {
			left = append(left, t)
		}
	}
	if len(left) == 0 {
		return tokens
	}
	return left
}

// unit gives a vector the length 1.
func unit(v []term) []term {
	var sum float64
	for _, t := range v {
		sum += float64(t.weight) * float64(t.weight)
	}
	if sum == 0 {
		return nil
	}
	length := float32(math.Sqrt(sum))
	for i := range v {
		v[i].weight /= length
	}
	return v
}

// alike are the groups found so far, by what leads them.
type alike struct {
	leaders      []leader
	terms, grams map[int32][]posting // doc is a leader
}

type leader struct {
	text  int
	words bool // it has words that we know
}

func (a *alike) lead(text int, v vectors) {
	at := int32(len(a.leaders))
	a.leaders = append(a.leaders, leader{text, v.terms != nil})
	for _, t := range v.terms {
		a.terms[t.id] = append(a.terms[t.id], posting{at, t.weight})
	}
	for _, t := range v.grams {
		a.grams[t.id] = append(a.grams[t.id], posting{at, t.weight})
	}
}

// nearest gives the leader that is most like a text; of several the first.
func (a *alike) nearest(v vectors) (at int, score float32) {
	words, letters := dots(a.terms, v.terms, len(a.leaders)), dots(a.grams, v.grams, len(a.leaders))
	for i, l := range a.leaders {
		s := letters[i]
		if l.words && v.terms != nil {
			s = (s + words[i]) / 2
		}
		if s > score {
			at, score = i, s
		}
	}
	return at, score
}

func dots(postings map[int32][]posting, v []term, n int) []float32 {
	sums := make([]float32, n)
	for _, t := range v {
		for _, p := range postings[t.id] {
			sums[p.doc] += t.weight * p.weight
		}
	}
	return sums
}
