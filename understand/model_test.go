package understand

import (
	"testing"

	"pgregory.net/rapid"
)

// What is learnt of many subjects, where each term has only those it speaks of,
// is what is learnt of few, where each has all.
func TestEvidenceOfManyIsThatOfFew(t *testing.T) {
	const few, many = 20, fewSubjects + 1
	rapid.Check(t, func(t *rapid.T) {
		dense, sparse := noEvidence(1, few)[0], noEvidence(1, many)[0]
		for range rapid.IntRange(1, 8).Draw(t, "lessons") {
			gradient := make([]float32, many)
			var wrong []int32
			for c := range int32(few) {
				if rapid.Bool().Draw(t, "wrong") {
					gradient[c] = rapid.Float32Range(-1, 1).Draw(t, "gradient")
					wrong = append(wrong, c)
				}
			}
			step := rapid.Float32Range(0, 1).Draw(t, "step")
			dense.learn(wrong, gradient[:few], step)
			sparse.learn(wrong, gradient, step)
		}
		said, want := make([]float32, many), make([]float32, few)
		dense.speak(want, 0.5)
		sparse.speak(said, 0.5)
		for c, w := range want {
			if said[c] != w {
				t.Fatalf("subject %d: %v of many, %v of few", c, said[c], w)
			}
		}
	})
}
