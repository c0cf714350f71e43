package understand

import "math"

// gramIndex finds ways of asking by the letters they are made of: the view
// that slips of the fingers harm least.
type gramIndex struct {
	postings [][]posting // by three letters
	idf      []float32
	docs     []doc
}

// letterCount is how many letters there are in a folded text: a-z, 0-9, space.
const letterCount = 37

func letter(c byte) int {
	switch {
	case 'a' <= c && c <= 'z':
		return int(c-'a') + 1
	case '0' <= c && c <= '9':
		return int(c-'0') + 27
	}
	return 0
}

// grams calls f for every three letters running of the tokens, with a space
// on either side of each word.
func grams(tokens []token, f func(gram int, weight float32)) {
	a, b := 0, 0
	for i, t := range tokens {
		if i == 0 || t.first {
			a, b = 0, 0
		}
		for j := 0; j <= len(t.Fold); j++ {
			c := 0
			if j < len(t.Fold) {
				c = letter(t.Fold[j])
			}
			if b != 0 || a != 0 || c != 0 {
				f((a*letterCount+b)*letterCount+c, t.weight)
			}
			a, b = b, c
		}
	}
}

const gramCount = letterCount * letterCount * letterCount

func newGramIndex(samples []sample) *gramIndex {
	x := &gramIndex{postings: make([][]posting, gramCount), idf: make([]float32, gramCount)}
	seen := make([]int32, gramCount)
	for _, s := range samples {
		if s.ask && s.text != nil {
			d := int32(len(x.docs))
			x.docs = append(x.docs, doc{subject: s.subject})
			grams(s.text, func(g int, _ float32) {
				if seen[g] != d+1 {
					seen[g] = d + 1
					x.postings[g] = append(x.postings[g], posting{d, 1})
				}
			})
		}
	}
	for g, list := range x.postings {
		x.idf[g] = float32(math.Log(1 + float64(len(x.docs))/(1+float64(len(list)))))
		for i := range list {
			list[i].weight = x.idf[g]
			x.docs[list[i].doc].norm += x.idf[g] * x.idf[g]
		}
	}
	for i := range x.docs {
		x.docs[i].norm = float32(math.Sqrt(float64(x.docs[i].norm)))
	}
	return x
}
