package understand

import (
	_ "embed"
	"strings"

	"nghe/content"
	"nghe/viet"
)

//go:embed danger.txt
var dangerText string

// dangers finds messages of people in danger. It looks for the telling words
// of each way of asking, in their order and close together: a person in
// distress must be found in new words too, and a fisherman who "đánh cá" must
// not be sent to the police.
type dangers struct {
	rows     []tableRow // telling words of a way of asking, with the danger's id
	skip     wordSet
	innocent []tableRow
	notNow   []tableRow
}

func newDangers(list []*content.Topic, lexicon *viet.Lexicon) *dangers {
	d := &dangers{}
	var skip []string
	for _, row := range newPhraseTable(dangerText).rows {
		switch row.name {
		case "skip":
			skip = append(skip, spelling(row.words))
		case "innocent":
			d.innocent = append(d.innocent, row)
		case "not-now":
			d.notNow = append(d.notNow, row)
		}
	}
	d.skip = newWordSet(strings.Join(skip, " "))
	for _, topic := range list {
		for _, ask := range topic.Asks {
			if words := d.telling(viet.Repair(ask, lexicon)); len(words) > 0 {
				d.rows = append(d.rows, tableRow{name: topic.ID, words: words})
			}
		}
	}
	return d
}

// telling leaves out the words that say nothing about a danger.
func (d *dangers) telling(words []viet.Word) []viet.Word {
	var out []viet.Word
	for _, w := range words {
		if !d.skip.has(w) {
			out = append(out, w)
		}
	}
	return out
}

const (
	// dangerGap is how many other words may stand between two telling ones.
	dangerGap = 2
	// maxDanger is how much of a message is searched, in words.
	maxDanger = 120
)

// danger gives the danger that a message tells of in the words of a way of asking
// that the content has, or "".
func (r *Reader) danger(t text) string {
	words := make([]viet.Word, 0, len(t.tokens))
	starts := make([]bool, 0, len(t.tokens))
	for _, tok := range t.tokens[:min(len(t.tokens), maxDanger)] {
		words, starts = append(words, tok.Word), append(starts, tok.first)
	}
	for _, row := range r.dangers.notNow {
		if r.find(words, row.words) >= 0 {
			return ""
		}
	}
	counts := make([]bool, len(words))
	for i, skip := range r.dangers.skipped(words) {
		counts[i] = !skip
	}
	for _, row := range r.dangers.innocent {
		for i := range words {
			if r.starts(words[i:], row.words) {
				for j := range row.words {
					counts[i+j] = false
				}
			}
		}
	}
	best, length := "", 0
	for _, row := range r.dangers.rows {
		if len(row.words) > length && r.tells(words, counts, starts, row.words) {
			best, length = row.name, len(row.words)
		}
	}
	return best
}

// skipped says which words say nothing about a danger.
func (d *dangers) skipped(words []viet.Word) []bool {
	skip := make([]bool, len(words))
	for i, w := range words {
		skip[i] = d.skip.has(w)
	}
	return skip
}

// tells says whether the telling words stand in one sentence in their order.
func (r *Reader) tells(words []viet.Word, counts, starts []bool, telling []viet.Word) bool {
next:
	for i := range words {
		if !counts[i] || !r.means(words[i], telling[0]) {
			continue
		}
		at, between := i+1, 0
		for _, want := range telling[1:] {
			for between = 0; ; at++ {
				if at >= len(words) || starts[at] {
					continue next
				}
				if counts[at] && r.means(words[at], want) {
					at++
					break
				}
				if counts[at] {
					if between++; between > dangerGap {
						continue next
					}
				}
			}
		}
		return true
	}
	return false
}
