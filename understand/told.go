package understand

import (
	"strings"
	"time"

	"nghe/viet"
)

// selves are the words for oneself that an own age or place follows.
var selves = newWordSet("tôi em e mình anh chị cháu bác cô chú tui mk")

// betweenTold stand between the word for oneself and the age: "em năm nay nữ
// 52 tuổi".
var betweenTold = newWordSet("năm nay giờ đã mới là nữ nam được thì bây giờ ở")

// Told gives what people say of themselves in passing: "e 52t o hai ha", "tôi
// 45 tuổi, nhà ở Ba Chẽ". Only at the beginning, where nobody else can be
// meant: "bố em 52 tuổi" tells nothing of the writer.
func (r *Reader) Told(text string, at time.Time) (age int64, place []string) {
	text = viet.Clean(text, maxText)
	if r.Other(text) != "" {
		return 0, nil
	}
	words := viet.Words(text)
	words = words[:min(len(words), maxAnswer)]
	i := 0
	for i < len(words) && i < 3 && !selves.has(words[i]) && fillers.has(words[i]) { // "dạ", "cho hỏi"
		i++
	}
	if i >= len(words) || !selves.has(words[i]) {
		return 0, nil
	}
	for i++; i < len(words) && i < 8; i++ {
		w := words[i]
		if w.Fold == "o" || w.Fold == "que" {
			ids, n := r.placeAfter(words, i+1)
			if n == 0 {
				return age, place
			}
			place, i = ids, i+n
			continue
		}
		if n, ok := viet.Age(w.Canon, at); ok && hasDigit(w) && n >= 10 {
			if next := i + 1; strings.HasSuffix(w.Fold, "t") || next < len(words) && words[next].Fold == "tuoi" {
				age = int64(n)
				if next < len(words) && words[next].Fold == "tuoi" {
					i++
				}
				continue
			}
		}
		if w.Fold == "nha" && i+1 < len(words) && words[i+1].Fold == "o" {
			continue
		}
		if !betweenTold.has(w) {
			return age, place
		}
	}
	return age, place
}

// placeAfter gives the place whose name begins at a word, after words like
// "xã", and how many words that took.
func (r *Reader) placeAfter(words []viet.Word, at int) ([]string, int) {
	if at >= len(words) {
		return nil, 0
	}
	p, ok := r.placeAt(words, at)
	if !ok {
		return nil, 0
	}
	return p.ids, len(p.words)
}
