package understand

import "math"

// model is a linear classifier: what each term speaks for and against. It is
// trained on the ways of asking when the content is loaded, always with the
// same result.
type model struct {
	weights []float32 // term major: weights[term*subjects+subject]
	bias    []float32
	n       int // subjects
	idf     []float32
}

const (
	trainRounds = 8
	trainRate   = 0.8
	// negligible is a share of a subject that teaches nothing.
	negligible = 0.002
	// A sample whose own subject has this share is learnt, and is only looked
	// at again every third round.
	learnt = 0.97
)

// train fits the model by stochastic gradient descent on the logistic loss.
func train(samples []sample, idf []float32, subjects int) *model {
	m := &model{weights: make([]float32, len(idf)*subjects), bias: make([]float32, subjects), n: subjects, idf: idf}
	scores := make([]float32, subjects)
	order := make([]int, len(samples))
	for i := range order {
		order[i] = i
	}
	vectors := make([][]term, len(samples))
	for i, s := range samples {
		vectors[i] = m.vector(nil, s.terms)
	}
	var wrong []int32
	knows := make([]bool, len(samples))
	seed := uint32(1)
	for round := range trainRounds {
		for i := len(order) - 1; i > 0; i-- {
			seed = seed*1664525 + 1013904223
			j := int(seed>>8) % (i + 1)
			order[i], order[j] = order[j], order[i]
		}
		rate := float32(trainRate) * (1 - float32(round)/float32(trainRounds)*0.9)
		for _, i := range order {
			if knows[i] && round%3 != 0 {
				continue
			}
			s := samples[i]
			m.score(scores, vectors[i])
			softmax(scores)
			knows[i] = scores[s.subject] > learnt
			scores[s.subject]--
			wrong = wrong[:0] // few subjects are taken for another in earnest
			for c, g := range scores {
				if g > negligible || g < -negligible {
					wrong = append(wrong, int32(c))
				}
			}
			for _, t := range vectors[i] {
				row := m.weights[int(t.id)*m.n : int(t.id+1)*m.n]
				step := rate * s.weight * t.weight
				for _, c := range wrong {
					row[c] -= step * scores[c]
				}
			}
			for c, g := range scores {
				m.bias[c] -= 0.1 * rate * s.weight * g
			}
		}
	}
	return m
}

// vector weighs terms by how telling they are and makes the length 3: about
// what the few terms of a short question have.
func (m *model) vector(to []term, list []term) []term {
	var sum float32
	for _, t := range list {
		w := t.weight * m.idf[t.id]
		sum += w * w
		to = append(to, term{t.id, w})
	}
	norm := vectorLength / float32(math.Sqrt(float64(sum)+1e-9))
	for i := range to {
		to[i].weight *= norm
	}
	return to
}

const vectorLength = 2

// score fills in what the terms speak for each subject.
func (m *model) score(scores []float32, vector []term) {
	copy(scores, m.bias)
	for _, t := range vector {
		row := m.weights[int(t.id)*m.n : int(t.id+1)*m.n]
		for c, w := range row {
			scores[c] += t.weight * w
		}
	}
}

// softmax makes shares of one of scores.
func softmax(scores []float32) {
	top := scores[0]
	for _, s := range scores {
		top = max(top, s)
	}
	var sum float32
	for i, s := range scores {
		if s -= top; s < -12 { // e^-12 is nothing beside the best's 1
			scores[i] = 0
			continue
		}
		scores[i] = float32(math.Exp(float64(s)))
		sum += scores[i]
	}
	for i := range scores {
		scores[i] /= sum
	}
}
