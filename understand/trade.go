package understand

import (
	"slices"

	"nghe/content"
	"nghe/dialog"
	"nghe/viet"
)

// tradeName is one name of a trade.
type tradeName struct {
	id    string
	words []viet.Word
}

// tradeNames gives the names of all trades, and what people call them.
func tradeNames(lib *content.Library) []tradeName {
	var list []tradeName
	for _, t := range lib.Trades {
		for _, name := range append([]string{t.Name, t.Label()}, t.Aliases...) {
			list = append(list, tradeName{t.ID, viet.Words(name)})
		}
	}
	return list
}

// Trade reads the ids of trades by their names and by what people call them.
func (r *Reader) Trade(text string) ([]string, dialog.Fit) {
	words := r.words(text)
	var ids []string
	for _, name := range r.trades {
		if len(words) == len(name.words) && r.starts(words, name.words) && !slices.Contains(ids, name.id) {
			ids = append(ids, name.id)
		}
	}
	if ids == nil {
		return nil, dialog.None
	}
	return ids, dialog.Exact
}
