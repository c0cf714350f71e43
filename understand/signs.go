package understand

import (
	_ "embed"
	"strings"

	"nghe/viet"
)

//go:embed signs.txt
var signsText string

// signRules find dangers by signs that stand together in a message.
type signRules struct {
	signs         map[string]int          // by name, without the brackets
	byFoldedFirst map[string][]signPhrase // the first word of a phrase → phrases
	rules         []signRule
}

type signPhrase struct {
	sign  int
	words []viet.Word
}

// signRule is what must stand in a message, in its order.
type signRule struct {
	danger   string
	always   bool // also where learning or borrowing is spoken of
	elements []signElement
}

type signElement struct {
	sign int
	far  bool // many words may stand before it
}

// minorSign is read by the program: no list has all ages.
const minorSign = "minor"

const (
	nearWords = 3  // other words between two signs
	farWords  = 45 // where the rule has "…"
)

// newSignRules reads signs.txt.
func newSignRules(s string) *signRules {
	x := &signRules{signs: map[string]int{}, byFoldedFirst: map[string][]signPhrase{}}
	x.sign(minorSign)
	for _, line := range lines(s) {
		name, values, _ := strings.Cut(line, "=")
		name = strings.TrimSpace(name)
		for v := range strings.SplitSeq(values, "|") {
			v = strings.TrimSpace(v)
			if sign, ok := bracketed(name); ok {
				x.phrase(x.sign(sign), v)
				continue
			}
			danger, always := strings.CutSuffix(name, "!")
			x.rules = append(x.rules, signRule{danger, always, x.elements(v)})
		}
	}
	return x
}

func bracketed(s string) (string, bool) {
	inside, ok := strings.CutPrefix(s, "<")
	return strings.TrimSuffix(inside, ">"), ok
}

// sign gives the number of a sign.
func (x *signRules) sign(name string) int {
	n, ok := x.signs[name]
	if !ok {
		n = len(x.signs)
		x.signs[name] = n
	}
	return n
}

// phrase adds one way of saying a sign.
func (x *signRules) phrase(sign int, s string) {
	if words := viet.Words(s); len(words) > 0 {
		x.byFoldedFirst[words[0].Fold] = append(x.byFoldedFirst[words[0].Fold], signPhrase{sign, words})
	}
}

// elements reads one side of a rule. Plain words that follow each other are a
// sign of their own.
func (x *signRules) elements(s string) []signElement {
	var list []signElement
	var plain []string
	far, plainFar := false, false
	flush := func() {
		if len(plain) > 0 {
			text := strings.Join(plain, " ")
			n := x.sign("word " + text)
			x.phrase(n, text)
			list, plain = append(list, signElement{n, plainFar}), nil
		}
	}
	for field := range strings.FieldsSeq(s) {
		sign, ok := bracketed(field)
		switch {
		case field == "…":
			flush()
			far = true
		case ok:
			flush()
			list, far = append(list, signElement{x.sign(sign), far}), false
		default:
			if len(plain) == 0 {
				plainFar, far = far, false
			}
			plain = append(plain, field)
		}
	}
	flush()
	return list
}

// span is where a sign stands: the words from at to before end.
type span struct{ at, end int }

// denials take away the sign that they stand before.
var denials = newWordSet("chưa đừng sợ khỏi tránh")

// found gives where each sign stands; masked words are no part of any, and words
// to skip may stand within one: "không cho em về".
func (x *signRules) found(r *Reader, words []viet.Word, masked, skip []bool) [][]span {
	at := make([][]span, len(x.signs))
	for i, w := range words {
		if masked[i] || i > 0 && denials.has(words[i-1]) {
			continue
		}
		for _, p := range x.byFoldedFirst[w.Fold] {
			if end := r.saidAt(words, skip, i, p.words); end > 0 {
				at[p.sign] = append(at[p.sign], span{i, end})
			}
		}
		if n := minor(words[i:]); n > 0 {
			at[x.signs[minorSign]] = append(at[x.signs[minorSign]], span{i, i + n})
		}
	}
	return at
}

// saidAt says where a phrase that begins at word i ends, 0 when it is not said
// there.
func (r *Reader) saidAt(words []viet.Word, skip []bool, i int, phrase []viet.Word) int {
	for _, w := range phrase {
		for i < len(words) && skip[i] && !r.means(words[i], w) {
			i++
		}
		if i >= len(words) || !r.means(words[i], w) {
			return 0
		}
		i++
	}
	return i
}

// minor says how many words at the beginning say that somebody is a child:
// "14t", "12 tuổi", "lớp 8"; 0 for none.
func minor(words []viet.Word) int {
	const youngest, oldest, grades = 3, 15, 9
	number := func(s string, most int) bool {
		n, ok := viet.Number(s)
		return ok && n >= youngest && int(n) <= most
	}
	w := words[0].Fold
	for _, unit := range []string{"tuoi", "t"} {
		if age, ok := strings.CutSuffix(w, unit); ok && number(age, oldest) {
			return 1
		}
	}
	if len(words) < 2 {
		return 0
	}
	switch next := words[1].Fold; {
	case (next == "tuoi" || next == "t") && number(w, oldest):
		return 2
	case w == "lop" && number(next, grades):
		return 2
	}
	return 0
}

// holds says whether the signs of a rule stand in the message in its order.
// skip are words that do not count between them.
func (rule *signRule) holds(at [][]span, starts, skip []bool) bool {
	var follows func(element, from int) bool
	follows = func(element, from int) bool {
		if element == len(rule.elements) {
			return true
		}
		e := rule.elements[element]
		for _, s := range at[e.sign] {
			if element > 0 && (s.at < from || !reaches(from, s.at, e.far, starts, skip)) {
				continue
			}
			if follows(element+1, s.end) {
				return true
			}
		}
		return false
	}
	return follows(0, 0)
}

// reaches says whether few enough words stand between two signs.
func reaches(from, to int, far bool, starts, skip []bool) bool {
	if far {
		return to-from <= farWords
	}
	between := 0
	for i := from; i < to; i++ {
		if starts[i] && i > 0 {
			return false
		}
		if !skip[i] {
			between++
		}
	}
	return between <= nearWords && (to >= len(starts) || !starts[to] || to == 0)
}
