package understand

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"nghe/dialog"
	"nghe/viet"
)

// Options finds which options a text names: by label or number, by a part of
// the label or another word for it, by yes and no, or by something close. What
// may have been meant in more than one way is tried in each, the likeliest
// first.
func (r *Reader) Options(text string, options []dialog.Option, several bool) ([]int, dialog.Fit) {
	if len(options) == 0 {
		return nil, dialog.None
	}
	names := make([][][]viet.Word, len(options))
	for i, o := range options {
		names[i] = r.namesOf(o)
	}
	if nod(text) {
		text = "vâng"
	}
	// "Chi" without its mark is Chị where that is an option, whatever it is short
	// for elsewhere.
	typed := choosing{r: r, words: viet.Words(viet.Clean(text, maxText)), options: options, names: names}
	if len(typed.words) > 0 && len(typed.words) <= maxAnswer {
		if picks := typed.byName(); picks != nil {
			return picks, dialog.Exact
		}
	}
	for _, reading := range viet.Readings(viet.Clean(text, maxText), r.lexicon) {
		c := choosing{r: r, words: reading.Words, options: options, names: names}
		if picks, fit := c.pick(text, several); picks != nil {
			return picks, fit
		}
	}
	return nil, dialog.None
}

// pick tries one way after the other, the surest first.
func (c choosing) pick(text string, several bool) ([]int, dialog.Fit) {
	if len(c.words) == 0 || len(c.words) > maxAnswer {
		return nil, dialog.None
	}
	if picks := c.byName(); picks != nil {
		return picks, dialog.Exact
	}
	if picks := c.byNumber(text, several); picks != nil {
		return picks, dialog.Exact
	}
	if picks := c.byYesOrNo(); picks != nil {
		return picks, dialog.Exact
	}
	if picks, fit := c.within(several); picks != nil {
		return picks, fit
	}
	if picks := c.byPart(); picks != nil {
		return picks, dialog.Exact
	}
	if picks := c.byLetters(); picks != nil {
		return picks, dialog.Exact
	}
	return nil, dialog.None
}

// namesOf gives what an option is called: its label, the parts of a label like
// "Đi biển, đánh cá", and other words for it.
func (r *Reader) namesOf(o dialog.Option) [][]viet.Word {
	names := append(make([][]viet.Word, 0, 1+len(o.Also)), r.labels.words(o.Label))
	if strings.Contains(o.Label, ",") {
		for p := range strings.SplitSeq(o.Label, ",") {
			names = append(names, r.labels.words(p))
		}
	}
	for _, a := range o.Also {
		names = append(names, r.labels.words(a))
	}
	return names
}

// labels remembers the words of what options are called, which are the same in
// every talk. Nobody changes them.
type labels struct {
	known sync.Map // string → []viet.Word
	count atomic.Int64
}

// maxLabels bounds what is remembered: all of the content, and the titles of a
// few thousand classes.
const maxLabels = 10_000

func (l *labels) words(name string) []viet.Word {
	if words, ok := l.known.Load(name); ok {
		return words.([]viet.Word)
	}
	words := viet.Words(name)
	if l.count.Load() < maxLabels {
		if _, there := l.known.LoadOrStore(name, words); !there {
			l.count.Add(1)
		}
	}
	return words
}

// maxAnswer is how many words an answer to a question with options has at
// most; more is a story.
const maxAnswer = 60

type choosing struct {
	r       *Reader
	words   []viet.Word // as typed, mended
	options []dialog.Option
	names   [][][]viet.Word // of each option: its label, then other words for it
}

// byName: the text is a label or another word for it, with courtesy around.
func (c choosing) byName() []int {
	bare := strip(c.words, fillers)
	for _, said := range [][]viet.Word{c.words, strip(c.words, courtesy), bare} {
		if len(said) == 0 {
			continue
		}
		for i, names := range c.names {
			for _, n := range names {
				if len(n) == len(said) && c.r.starts(said, n) {
					return []int{i}
				}
			}
		}
	}
	if len(bare) == 0 {
		return nil
	}
	for i, names := range c.names {
		for _, n := range names {
			if sameWords(strip(n, fillers), bare) {
				return []int{i}
			}
		}
	}
	return nil
}

var numberWords = newWordSet("số câu chọn lấy dòng mục cái thứ ý phương án đáp và với cả nữa thêm")

// byNumber: "2", "số 2", "hai", "1,4", "1 và 4". Only what is shown has a
// number.
func (c choosing) byNumber(text string, several bool) []int {
	if strings.Join(strings.Fields(strings.ToLower(text)), " ") == "hai ha" {
		return nil // Hải Hà without its marks, not "hai" and a courtesy
	}
	shown := 0
	for _, o := range c.options {
		if !o.Hidden {
			shown++
		}
	}
	if viet.Lasts(text) {
		return nil // "3 năm" is neither 3 nor 5
	}
	var picks []int
	for _, w := range strip(viet.Words(spaceCommas(text)), numberWords, fillers) {
		n, ok := viet.Number(w.Canon)
		if !ok || n < 1 || n > int64(shown) || len(w.Fold) > 4 && hasDigit(w) {
			return nil
		}
		if !slices.Contains(picks, int(n-1)) {
			picks = append(picks, int(n-1))
		}
	}
	if len(picks) > 1 && !several {
		return nil
	}
	return picks
}

// spaceCommas parts "1,4" and "1.4", which would be read as fractions.
func spaceCommas(s string) string {
	b := []byte(s)
	for i, ch := range b {
		if ch == ',' || ch == '.' || ch == ';' || ch == '+' || ch == '-' || ch == '/' || ch == '&' {
			b[i] = ' '
		}
	}
	return string(b)
}

var (
	yesWords = newWordSet("có vâng ừ uh ừm uk đúng phải ok oke được chuẩn yes đồng ý chắc rồi đấy nhất trí")
	noWords  = newWordSet("không chưa chả chẳng đâu no")
)

// byYesOrNo: a text that is nothing but yes or no, where options are that.
func (c choosing) byYesOrNo() []int {
	words := strip(c.words, fillers)
	if len(words) == 0 {
		words = c.words // "vâng ạ", "dạ": only courtesy, which says yes
	}
	yes, no := true, false
	for _, w := range words {
		no = no || noWords.has(w)
		if !yesWords.has(w) && !noWords.has(w) && !fillers.has(w) {
			return nil
		}
		yes = yes && !noWords.has(w)
	}
	if yes == no || len(words) > 4 {
		return nil
	}
	if yes && !slices.ContainsFunc(c.words, func(w viet.Word) bool { return yesWords.has(w) || w.Fold == "da" }) {
		return nil
	}
	for i, o := range c.options {
		first := c.r.labels.words(o.Label)
		if len(first) == 0 {
			continue
		}
		if yes && (o.Value == "yes" || first[0].Canon == "có" || first[0].Canon == "đồng") ||
			no && (o.Value == "no" || o.Value == "none" && o.Only || first[0].Canon == "không" || first[0].Canon == "chưa") {
			return []int{i}
		}
	}
	return nil
}

// hit is an option named among other words.
type hit struct{ option, at, n int }

// within: labels or other words for them, among other words. What is denied
// ("không phải hộ nghèo") does not count, and of two names one within the
// other the longer counts ("cận nghèo" is not "nghèo").
func (c choosing) within(several bool) ([]int, dialog.Fit) {
	var hits []hit
	for i, names := range c.names {
		for _, n := range names {
			if tooVague(n) {
				continue
			}
			for at := range c.words {
				if c.r.starts(c.words[at:], n) && !c.denied(at) {
					hits = append(hits, hit{i, at, len(n)})
				}
			}
		}
	}
	hits = slices.DeleteFunc(hits, func(h hit) bool {
		return slices.ContainsFunc(hits, func(o hit) bool {
			return o.option != h.option && o.n > h.n && o.at <= h.at && o.at+o.n >= h.at+h.n
		})
	})
	var picks []int
	said := 0
	for _, h := range hits {
		if !slices.Contains(picks, h.option) {
			picks = append(picks, h.option)
		}
		said = max(said, h.n)
	}
	if len(picks) == 0 {
		return nil, dialog.None
	}
	if len(picks) > 1 && several {
		// "none of them" beside others was meant for something else.
		picks = slices.DeleteFunc(picks, func(i int) bool { return c.options[i].Only })
	}
	if len(strip(c.words, fillers)) <= said+1 {
		return picks, dialog.Exact
	}
	return picks, dialog.Part
}

// tooVague: one short word that stands in any sentence.
func tooVague(name []viet.Word) bool {
	return len(name) == 0 || len(name) == 1 && (yesWords.has(name[0]) || noWords.has(name[0]) || fillers.has(name[0]) || len(name[0].Fold) < 2 || hasDigit(name[0]))
}

// denied says whether "không" or "chưa" stands shortly before a word.
func (c choosing) denied(at int) bool {
	for i := max(0, at-3); i < at; i++ {
		if w := c.words[i]; w.Fold == "khong" || w.Fold == "chua" || w.Canon == "chả" || w.Canon == "chẳng" || w.Fold == "het" {
			return true
		}
	}
	return false
}

// byPart: words that stand so, one after the other, in one label only.
func (c choosing) byPart() []int {
	said := strip(c.words, fillers)
	if len(said) == 0 || len(said) == 1 && tooVague(said) {
		return nil
	}
	var picks []int
	for i, names := range c.names {
		for _, n := range names {
			if c.r.find(n, said) >= 0 && !slices.Contains(picks, i) {
				picks = append(picks, i)
			}
		}
	}
	if len(picks) != 1 {
		return nil
	}
	return picks
}

// byLetters: a label with a slip of the finger in it.
func (c choosing) byLetters() []int {
	said := joined(strip(c.words, fillers))
	if len(said) < 4 {
		return nil
	}
	best, bestDistance, ties := -1, (len(said)+2)/5, 0
	for i, names := range c.names {
		nearest := bestDistance + 1
		for _, n := range names {
			nearest = min(nearest, editDistance(said, joined(strip(n, fillers)), bestDistance))
		}
		switch {
		case nearest < bestDistance || nearest == bestDistance && best < 0:
			best, bestDistance, ties = i, nearest, 0
		case nearest == bestDistance:
			ties++
		}
	}
	if best < 0 || ties > 0 {
		return nil
	}
	return []int{best}
}

// editDistance is the number of letters put in, left out, changed or swapped
// with their neighbour between two texts (optimal string alignment); more than
// most is most+1.
func editDistance(a, b string, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], most+1)
}
