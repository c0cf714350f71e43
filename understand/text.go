package understand

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"nghe/viet"
)

const (
	// maxText is how much of a message is read, in runes: nobody asks a
	// question longer than this, and what a flood costs is bounded.
	maxText = 2000
	// asideWeight is what a sentence counts that only tells the story in a
	// long message; the question itself counts 1.
	asideWeight = 0.3
)

// token is one word of a message as it was probably meant.
type token struct {
	viet.Word
	// sure says that the marks can be relied on: "máy" is not "may" then.
	sure bool
	// weight is what the sentence counts, 0 to 1.
	weight float32
	// first word of its sentence: no pair of words crosses it.
	first bool
}

// text is a message made ready for reading.
type text struct {
	tokens   []token
	question bool // it asks something
	// others are less likely readings of it, with how likely each is beside the
	// tokens.
	others []otherReading
}

type otherReading struct {
	tokens []token
	share  float32
}

// maxOthers bounds how many readings are ranked beside the likeliest.
const maxOthers = 2

// readText cleans, splits, mends and weighs a message.
func (r *Reader) readText(s string) text {
	parts := sentences(viet.Clean(s, maxText))
	read := make([][]viet.Reading, len(parts))
	said := make([][]viet.Word, len(parts))
	for i, p := range parts {
		read[i] = viet.Readings(p, r.lexicon)
		said[i] = read[i][0].Words
	}
	t := r.weigh(parts, said)
	for i := range read {
		for _, other := range read[i][1:] {
			likeliest := said[i]
			said[i] = other.Words
			t.others = append(t.others, otherReading{r.weigh(parts, said).tokens, float32(other.Weight / read[i][0].Weight)})
			said[i] = likeliest
		}
	}
	slices.SortStableFunc(t.others, func(a, b otherReading) int { return cmp.Compare(b.share, a.share) })
	t.others = t.others[:min(len(t.others), maxOthers)]
	return t
}

// tokens gives the words of a text that teaches, as they were meant, each
// counting alike.
func (r *Reader) tokens(s string) []token {
	parts := sentences(viet.Clean(s, maxText))
	said := make([][]viet.Word, len(parts))
	for i, p := range parts {
		said[i] = viet.Repair(p, r.lexicon)
	}
	tokens := r.weigh(parts, said).tokens
	for i := range tokens {
		tokens[i].weight = 1
	}
	return tokens
}

// weigh makes one text of the sentences, with the words read in each: what is
// asked counts more than what is told around it.
func (r *Reader) weigh(parts []string, said [][]viet.Word) text {
	var t text
	weights := make([]float32, len(parts))
	asks := false
	for i, p := range parts {
		weights[i] = asideWeight
		if strings.HasSuffix(p, "?") || isQuestion(said[i]) {
			weights[i], asks = 1, true
		}
		for j, w := range said[i] {
			t.tokens = append(t.tokens, token{Word: w, first: j == 0, weight: float32(i)})
		}
	}
	if !asks && len(weights) > 0 {
		weights[len(weights)-1] = 1
	}
	// A short message is all question: "Nhà em nghèo. Có được gì không?"
	short := len(t.tokens) <= shortText
	for i := range t.tokens {
		part := int(t.tokens[i].weight)
		t.tokens[i].weight = weights[part]
		if short && weights[part] < 1 {
			t.tokens[i].weight = 0.6
		}
	}
	t.question = asks
	r.trustMarks(t.tokens)
	return t
}

// shortText is up to how many words a message is read as a whole.
const shortText = 22

// trustMarks decides which words are what their marks say. A marked word that
// exists is; a plain word is only when the message is typed with marks.
func (r *Reader) trustMarks(tokens []token) {
	marked := 0
	for _, t := range tokens {
		if t.Marked() {
			marked++
		}
	}
	typed := marked*10 >= len(tokens)*6
	for i := range tokens {
		t := &tokens[i]
		t.sure = (t.Marked() || typed) && r.lexicon.Written(t.Canon)
	}
}

// sentences splits at full stops, question marks and line ends; the mark stays
// with its sentence. A point inside a number does not end one.
func sentences(s string) []string {
	var parts []string
	start := 0
	add := func(end int) {
		if p := strings.TrimSpace(s[start:end]); p != "" {
			parts = append(parts, p)
		}
		start = end
	}
	for i, c := range s {
		switch c {
		case '?', '!', '\n', '…':
			add(i + utf8.RuneLen(c))
		case '.':
			if i+1 >= len(s) || s[i+1] == ' ' {
				add(i + 1)
			}
		}
	}
	add(len(s))
	return parts
}

// asking are words and pairs of words that make a sentence a question. Folded:
// in a message without marks they must do.
var asking = map[string]bool{
	"bao nhieu": true, "the nao": true, "lam sao": true, "o dau": true, "bao gio": true, "khi nao": true, "bao lau": true,
	"duoc khong": true, "phai khong": true, "co khong": true, "dung khong": true, "khong a": true, "cho hoi": true,
	"la gi": true, "gi a": true, "nhung gi": true, "cai gi": true, "nghe gi": true, "nghe nao": true, "hay khong": true,
	"hay la": true, "tai sao": true, "vi sao": true, "lieu co": true, "cho nao": true, "ai duoc": true, "hoi ai": true, "gap ai": true,
	"co duoc": true, "co phai": true, "may thang": true, "may nam": true, "may ngay": true, "may trieu": true, "may dong": true, "chua a": true,
	"giup em": true, "giup toi": true, "giup voi": true, "tu van": true, "cho em": true, "muon hoi": true, "giup minh": true, "giup chi": true,
}

// askingWords ask wherever they stand.
var askingWords = map[string]bool{"nao": true, "dau": true, "sao": true, "gi": true, "lieu": true}

// isQuestion says whether a sentence asks something.
func isQuestion(words []viet.Word) bool {
	for i, w := range words {
		if askingWords[w.Fold] {
			return true
		}
		if i > 0 && asking[words[i-1].Fold+" "+w.Fold] {
			return true
		}
	}
	for i := len(words) - 1; i >= 0 && i >= len(words)-3; i-- {
		if w := words[i].Fold; w == "khong" || w == "chua" {
			return true
		}
	}
	return false
}
