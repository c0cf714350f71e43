package viet

// selves are the words by which people speak of themselves.
var selves = map[string]string{"anh": "anh", "chị": "chị", "cô": "cô", "chú": "chú", "bác": "bác", "em": "em", "cháu": "cháu", "con": "con",
	"chi": "chị", "co": "cô", "chu": "chú", "bac": "bác", "chau": "cháu", "bà": "bà", "ông": "ông", "tôi": "tôi", "toi": "tôi", "mình": "mình", "minh": "mình", "tui": "tôi", "e": "em"}

// verbs follow the word for oneself in what people write first.
var verbs = set("muon hoi dinh dang la o lam hoc can co bi khong ko k chua moi xin thay nghe biet nam sinh nay gia ten vua tinh thich mun duoc nghi mat di dinh nen")

// before stand in front of it: "cho chị hỏi", "giúp em".
var givers = set("cho giup bao bay chi giùm gium dum nho")

// Address says by what word the writer speaks of themself ("chị muốn hỏi",
// "cho bác hỏi", "em ở Ba Chẽ"), when the text begins with it or asks with it.
// Families don't count: "chị em", "em trai em", "con em".
func Address(s string) (self string, ok bool) {
	words := Words(s)
	for i, w := range words[:min(len(words), 12)] {
		name, known := selves[w.Canon]
		if !known || i+1 >= len(words) {
			continue
		}
		next := words[i+1]
		begins := i == 0 || givers[words[i-1].Fold] || words[i-1].Fold == "a" || words[i-1].Fold == "oi"
		if !begins || !verbs[next.Fold] || selves[next.Canon] != "" {
			continue
		}
		if !w.Marked() && (w.Fold == "chi" || w.Fold == "co" || w.Fold == "con" || w.Fold == "chu") && next.Fold != "hoi" && next.Fold != "muon" {
			continue // "chi hoc", "co o": not clear without marks
		}
		return name, true
	}
	return "", false
}
