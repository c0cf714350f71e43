package understand

import (
	_ "embed"
	"strings"

	"nghe/viet"
)

//go:embed signs.txt
var signsText string

// signs find what may be a sign of danger.
type signs struct {
	ids     map[string]int          // by name
	byFirst map[string][]signPhrase // by the folded first word
}

type signPhrase struct {
	sign  int
	words []viet.Word
}

// minorSign is read by the program: no list has all ages.
const minorSign = "minor"

// newSigns reads "<sign> = phrase | phrase" lines.
func newSigns(s string) *signs {
	x := &signs{ids: map[string]int{minorSign: 0}, byFirst: map[string][]signPhrase{}}
	for _, line := range lines(s) {
		name, phrases, _ := strings.Cut(line, "=")
		name = strings.Trim(name, "<> ")
		id, ok := x.ids[name]
		if !ok {
			id = len(x.ids)
			x.ids[name] = id
		}
		for p := range strings.SplitSeq(phrases, "|") {
			if words := viet.Words(p); len(words) > 0 {
				x.byFirst[words[0].Fold] = append(x.byFirst[words[0].Fold], signPhrase{id, words})
			}
		}
	}
	return x
}

// denials take away the sign that they stand before.
var denials = newWordSet("chưa đừng sợ khỏi tránh")

// in says which signs stand in the words, in the order of their numbers. Words to
// skip may stand within one: "không cho em về".
func (x *signs) in(r *Reader, words []viet.Word, skip []bool) []int {
	there := make([]bool, len(x.ids))
	for i, w := range words {
		if i > 0 && denials.has(words[i-1]) {
			continue
		}
		for _, p := range x.byFirst[w.Fold] {
			if !there[p.sign] && r.saidAt(words, skip, i, p.words) {
				there[p.sign] = true
			}
		}
		if minor(words[i:]) {
			there[x.ids[minorSign]] = true
		}
	}
	var list []int
	for id, is := range there {
		if is {
			list = append(list, id)
		}
	}
	return list
}

// saidAt says whether a phrase is said from word i on.
func (r *Reader) saidAt(words []viet.Word, skip []bool, i int, phrase []viet.Word) bool {
	for _, w := range phrase {
		for i < len(words) && skip[i] && !r.means(words[i], w) {
			i++
		}
		if i >= len(words) || !r.means(words[i], w) {
			return false
		}
		i++
	}
	return true
}

// minor says whether the words begin with what makes somebody a child: "14t",
// "12 tuổi", "lớp 8".
func minor(words []viet.Word) bool {
	const youngest, oldest, grades = 3, 15, 9
	number := func(s string, most int64) bool {
		n, ok := viet.Number(s)
		return ok && n >= youngest && n <= most
	}
	w := words[0].Fold
	for _, unit := range []string{"tuoi", "t"} {
		if age, ok := strings.CutSuffix(w, unit); ok && age != "" && number(age, oldest) {
			return true
		}
	}
	if len(words) < 2 {
		return false
	}
	next := words[1].Fold
	return (next == "tuoi" || next == "t") && number(w, oldest) || w == "lop" && number(next, grades)
}
