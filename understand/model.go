package understand

import (
	"math"
	"slices"
)

// model is a linear classifier: what each term speaks for and against. It is
// trained on the ways of asking when the content is loaded, always with the
// same result.
type model struct {
	weights []evidence // of each term
	bias    []float32  // of each subject
	idf     []float32
}

// evidence is what a term speaks for and against subjects. Of few subjects it
// has the weights of all, without their names. A term says nothing of most when
// there are many: then it has those it speaks of, in ascending order, so that a
// question costs what is known of its words, and not all that is known.
type evidence struct {
	subjects []int32
	weights  []float32
}

// fewSubjects is up to how many the weights of all are faster than a search.
const fewSubjects = 256

// noEvidence is what is known at first, of each term.
func noEvidence(terms, subjects int) []evidence {
	all := make([]evidence, terms)
	if subjects > fewSubjects {
		return all
	}
	weights := make([]float32, terms*subjects)
	for i := range all {
		all[i].weights = weights[i*subjects : (i+1)*subjects]
	}
	return all
}

// learn adds to what is said of some subjects; they are in ascending order.
func (e *evidence) learn(subjects []int32, gradient []float32, step float32) {
	if len(gradient) <= fewSubjects {
		for _, c := range subjects {
			e.weights[c] -= step * gradient[c]
		}
		return
	}
	at := 0
	for _, c := range subjects {
		n, there := slices.BinarySearch(e.subjects[at:], c)
		if at += n; !there {
			e.subjects = slices.Insert(e.subjects, at, c)
			e.weights = slices.Insert(e.weights, at, 0)
		}
		e.weights[at] -= step * gradient[c]
	}
}

// speak adds what a term of some weight says to the scores of the subjects.
func (e *evidence) speak(scores []float32, weight float32) {
	if len(scores) <= fewSubjects {
		for c, w := range e.weights {
			scores[c] += weight * w
		}
		return
	}
	for i, c := range e.subjects {
		scores[c] += weight * e.weights[i]
	}
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
	m := &model{weights: noEvidence(len(idf), subjects), bias: make([]float32, subjects), idf: idf}
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
				m.weights[t.id].learn(wrong, scores, rate*s.weight*t.weight)
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
		m.weights[t.id].speak(scores, t.weight)
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
