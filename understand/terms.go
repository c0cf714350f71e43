package understand

// term is one thing that a text has: a word, a pair of words or a concept.
type term struct {
	id     int32
	weight float32
}

// terms numbers what texts can have. It grows while the index is built and
// never changes afterwards.
type terms struct {
	words    map[string]int32
	pairs    map[uint64]int32
	concepts []int32 // by concept
	n        int32
}

func newTerms(concepts int) *terms {
	v := &terms{words: map[string]int32{}, pairs: map[uint64]int32{}, concepts: make([]int32, concepts)}
	for i := range v.concepts {
		v.concepts[i] = v.next()
	}
	return v
}

func (v *terms) next() int32 { v.n++; return v.n - 1 }

// Weights of the kinds of terms beside each other. Concepts carry most: they
// are what is the same in a question never seen before.
const (
	wordWeight    = 1.0
	pairWeight    = 0.7
	conceptWeight = 1.5
)

// of lists the terms of a text, each once with its highest weight. With grow,
// new words and pairs are given numbers; else unknown ones are left out.
func (v *terms) of(list []term, tokens []token, c *concepts, grow bool) []term {
	var last int32 = -1
	for _, t := range tokens {
		id, ok := v.words[t.Fold]
		if !ok && grow {
			id, ok = v.next(), true
			v.words[t.Fold] = id
		}
		if !ok {
			last = -1
			continue
		}
		list = append(list, term{id, t.weight * wordWeight})
		if last >= 0 && !t.first {
			key := uint64(last)<<32 | uint64(id)
			pair, ok := v.pairs[key]
			if !ok && grow {
				pair, ok = v.next(), true
				v.pairs[key] = pair
			}
			if ok {
				list = append(list, term{pair, t.weight * pairWeight})
			}
		}
		last = id
	}
	c.find(tokens, func(concept int32, weight float32, _, words int) {
		// A longer phrase says it more surely than a single word.
		list = append(list, term{v.concepts[concept], weight * conceptWeight * min(1.2, 0.7+0.2*float32(words))})
	})
	return unique(list)
}

// unique keeps each term once, with its highest weight.
func unique(list []term) []term {
	sortTerms(list)
	out := list[:0]
	for _, t := range list {
		if n := len(out); n > 0 && out[n-1].id == t.id {
			out[n-1].weight = max(out[n-1].weight, t.weight)
			continue
		}
		out = append(out, t)
	}
	return out
}
