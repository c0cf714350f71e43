package understand

import (
	_ "embed"
	"strings"

	"nghe/dialog"
	"nghe/viet"
)

//go:embed commands.txt
var commandsText string

// phraseTable finds the name of a phrase that a text is.
type phraseTable struct {
	rows []tableRow
}

type tableRow struct {
	name  string
	words []viet.Word
	core  []viet.Word // without fillers
}

// newPhraseTable reads "name = phrase | phrase" lines.
func newPhraseTable(s string) *phraseTable {
	t := &phraseTable{}
	for _, line := range lines(s) {
		name, phrases, _ := strings.Cut(line, "=")
		for p := range strings.SplitSeq(phrases, "|") {
			if words := viet.Words(p); len(words) > 0 {
				t.rows = append(t.rows, tableRow{strings.TrimSpace(name), words, strip(words, fillers)})
			}
		}
	}
	return t
}

// maxCommand is how many words a message has at most to be one of the words
// that work at any step.
const maxCommand = 9

// Command reads one of the words that work at any step. The text must be that
// and nothing else but courtesy.
func (r *Reader) Command(text string) dialog.Command {
	if nod(text) {
		return dialog.Nod
	}
	words := r.words(text)
	if len(words) == 0 || len(words) > maxCommand {
		return dialog.NoCommand
	}
	bare := strip(words, fillers)
	for _, row := range r.commands.rows {
		if len(row.words) == len(words) && r.starts(words, row.words) {
			return dialog.Command(row.name)
		}
	}
	if len(bare) > 0 {
		for _, row := range r.commands.rows {
			if len(row.core) == len(bare) && r.starts(bare, row.core) {
				return dialog.Command(row.name)
			}
		}
	}
	if who := r.relation(words); who != "" {
		rest := words[asksFor(words)+len(viet.Words(who)):]
		if len(strip(rest, fillers, owners)) == 0 {
			return dialog.ForOther
		}
	}
	return dialog.NoCommand
}

// nods are the signs that say "heard" or "thank you" and nothing else, with the
// marks that only change how they look.
const nods = "👍👌🙏❤♥💕💖🥰😍😊🙂😀😁😄👏✅✔💪🌹🌸🤝\ufe0f\u200d🏻🏼🏽🏾🏿"

// nod says whether a text is made of such signs.
func nod(text string) bool {
	text = strings.Join(strings.Fields(text), "")
	return text != "" && strings.Trim(text, nods) == ""
}

// takesBack are the openings of a correction.
var takesBack = [][]viet.Word{
	viet.Words("không phải"), viet.Words("nhầm rồi"), viet.Words("nói nhầm"), viet.Words("gõ nhầm"), viet.Words("bấm nhầm"), viet.Words("viết nhầm"),
	viet.Words("chọn nhầm"), viet.Words("ghi nhầm"), viet.Words("nhầm"), viet.Words("à không"), viet.Words("ấy không"), viet.Words("sai rồi"), viet.Words("sửa lại"),
	viet.Words("đổi lại"), viet.Words("ý tôi là"), viet.Words("ý em là"), viet.Words("ý mình là"), viet.Words("nói lại"), viet.Words("không đúng"),
}

// Correction says whether the person takes something back and gives what they
// say instead. "Không" alone is an answer; followed by a comma it takes back.
func (r *Reader) Correction(text string) (string, bool) {
	text = viet.Clean(text, maxText)
	if head, rest, ok := strings.Cut(text, ","); ok {
		switch words := strip(r.words(head), fillers); {
		case len(words) == 1 && words[0].Fold == "khong",
			len(words) > 0 && len(words) <= 3 && r.opens(words) == len(words):
			return trimmed(rest)
		}
	}
	words := r.words(text)
	for skip := 0; skip < min(3, len(words)); skip++ {
		if n := r.opens(words[skip:]); n > 0 && (words[skip].Fold != "khong" || n > 1) {
			return restOf(words[skip+n:])
		}
		if !fillers.has(words[skip]) {
			break
		}
	}
	return "", false
}

// opens says how many words take something back at the beginning.
func (r *Reader) opens(words []viet.Word) int {
	for _, p := range takesBack {
		if r.starts(words, p) {
			return len(p)
		}
	}
	return 0
}

func trimmed(s string) (string, bool) {
	s = strings.TrimSpace(strings.TrimLeft(s, " ,.:;-"))
	return s, s != ""
}

func restOf(words []viet.Word) (string, bool) {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.Canon + " ")
	}
	return trimmed(b.String())
}

// Address gives the form of address that the text shows: "chị muốn hỏi", "chào
// em, bác ở Ba Chẽ".
func (r *Reader) Address(text string) string {
	clauses := strings.FieldsFunc(viet.Clean(text, maxText), func(c rune) bool { return strings.ContainsRune(",.;!?\n", c) })
	for _, clause := range clauses[:min(len(clauses), 4)] {
		if self, ok := viet.Address(clause); ok {
			return r.forms[self]
		}
	}
	return ""
}

// relations are the people one asks for, longest first.
var relations = [][]viet.Word{
	viet.Words("con trai"), viet.Words("con gái"), viet.Words("con dâu"), viet.Words("con rể"), viet.Words("em trai"), viet.Words("em gái"), viet.Words("anh trai"),
	viet.Words("chị gái"), viet.Words("cháu trai"), viet.Words("cháu gái"), viet.Words("em chồng"), viet.Words("em vợ"), viet.Words("em dâu"), viet.Words("người nhà"),
	viet.Words("người quen"), viet.Words("hàng xóm"), viet.Words("bố mẹ"), viet.Words("mẹ chồng"), viet.Words("bố vợ"), viet.Words("bạn bè"),
	viet.Words("con"), viet.Words("cháu"), viet.Words("chồng"), viet.Words("vợ"), viet.Words("bố"), viet.Words("mẹ"), viet.Words("bà ngoại"), viet.Words("ông ngoại"),
	viet.Words("thằng con"), viet.Words("đứa con"), viet.Words("đứa em"), viet.Words("đứa cháu"), viet.Words("thằng cháu"),
}

var owners = newWordSet("tôi em mình anh chị cháu bác nhà cô chú")

// asksFor gives where "hỏi cho", "xem hộ", "tính giúp" ends, or -1.
func asksFor(words []viet.Word) int {
	for i := 0; i+1 < len(words); i++ {
		verb, for_ := words[i].Fold, words[i+1].Fold
		asks := verb == "hoi" || verb == "xem" || verb == "tinh" || verb == "tim" || verb == "dang" || verb == "ky" || verb == "lop" || verb == "vay"
		if asks && (for_ == "cho" || for_ == "ho" || for_ == "gium" || for_ == "giup") {
			if i+2 < len(words) && words[i+2].Fold == "cho" {
				return i + 3
			}
			return i + 2
		}
	}
	return -1
}

// relation gives the person that follows "hỏi cho", "" when there is none.
func (r *Reader) relation(words []viet.Word) string {
	at := asksFor(words)
	if at < 0 {
		return ""
	}
	for _, rel := range relations {
		if !r.starts(words[at:], rel) {
			continue
		}
		after := at + len(rel)
		// "Hỏi cho cháu", "xem giúp con": the young speak of themselves so;
		// "hỏi cho cháu tôi", "tính cho con trai" are somebody else.
		if rel[0].Fold == "con" || rel[0].Fold == "chau" {
			if len(rel) == 1 && (after >= len(words) || !owners.has(words[after])) {
				continue
			}
		}
		return spelling(rel)
	}
	return ""
}

func spelling(words []viet.Word) string {
	var b []string
	for _, w := range words {
		b = append(b, w.Canon)
	}
	return strings.Join(b, " ")
}

// Other says for whom the person asks when it is clearly not themself: "hỏi
// cho con trai", "chồng em muốn học lái xe".
func (r *Reader) Other(text string) string {
	words := r.words(text)
	words = words[:min(len(words), maxAnswer)]
	if who := r.relation(words); who != "" {
		return who
	}
	for at := range words[:min(4, len(words))] {
		for _, rel := range relations {
			n := at + len(rel)
			if !r.starts(words[at:], rel) || n+1 >= len(words) || !owners.has(words[n]) {
				continue
			}
			if wants.has(words[n+1]) && !r.alsoForSelf(words[n+2:]) {
				return spelling(rel)
			}
		}
	}
	return ""
}

// wants follow somebody who would learn or borrow themself.
var wants = newWordSet("muốn định cần thích xin học vay nên")

// alsoForSelf: "chồng em muốn vay, em muốn học": not about one other person.
func (r *Reader) alsoForSelf(rest []viet.Word) bool {
	for i := 0; i+1 < len(rest); i++ {
		if (rest[i].Fold == "em" || rest[i].Fold == "toi" || rest[i].Fold == "minh") && rest[i+1].Fold == "muon" {
			return true
		}
	}
	return false
}
