package advice

import (
	"cmp"
	"slices"
	"strconv"

	"nghe/content"
)

// Wish is what is known of a person's life for finding them a trade. Nothing
// known is the zero Wish.
type Wish struct {
	// Answers by question of matching.yaml. A missing question was not
	// answered; an empty answer is "none of these".
	Answers content.Answers
	Age     *int64 // years
	Place   string // id of the unit where they live
}

// TradeMatch is a trade that may fit somebody.
type TradeMatch struct {
	Trade  *content.Trade
	Points int // what all answers speak for it
	// Reasons are the weights that counted, for and against, the heaviest
	// first.
	Reasons []content.Reason
}

const (
	// mostTrades is how many are named: what one can still compare.
	mostTrades = 5
	// mostOfField keeps a farmer from hearing five ways of farming.
	mostOfField = 2
	// fewTrades are named in any case; what comes after them must have at
	// least half the points of the best.
	fewTrades = 3
	// leastAnswers must be there before anything is named: with less, every
	// answer would be chance.
	leastAnswers = 3
)

// wishes are the questions that say something of what a person wants or has.
// Age, place and schooling alone fit everybody.
var wishes = []string{"like", "where", "have", "hours", "way"}

// Trades gives the trades that fit a person, the best first: three to five, at
// most two of a field, less where less is possible; none when too little is known. The same wish over
// the same content gives the same trades: those of equal points stand in the
// order of trades.yaml.
func Trades(lib *content.Library, w Wish) []TradeMatch {
	if !w.enough() {
		return nil
	}
	var out []TradeMatch
	fields := map[string]int{}
	for _, m := range Rank(lib, w) {
		if m.Points <= 0 || len(out) == mostTrades || len(out) >= fewTrades && 2*m.Points < out[0].Points {
			break
		}
		if fields[m.Trade.Field]++; fields[m.Trade.Field] <= mostOfField {
			out = append(out, m)
		}
	}
	return out
}

// enough says whether so much is known that naming trades is more than a guess.
func (w Wish) enough() bool {
	n := 0
	for _, q := range wishes {
		if _, ok := w.Answers[q]; ok {
			n++
		}
	}
	return n >= leastAnswers
}

// Rank gives all trades that are possible for a person, the best first.
func Rank(lib *content.Library, w Wish) []TradeMatch {
	answers := w.answers(lib)
	var out []TradeMatch
	for _, t := range lib.Trades {
		if !w.possible(t) {
			continue
		}
		traits := t.AllTraits()
		w.around(lib, t, traits)
		if lib.Matching.Excluded(traits, answers) != nil {
			continue
		}
		m := TradeMatch{Trade: t}
		m.Points, m.Reasons = lib.Matching.Points(traits, answers)
		slices.SortStableFunc(m.Reasons, func(a, b content.Reason) int { return b.Points - a.Points })
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b TradeMatch) int { return cmp.Compare(b.Points, a.Points) })
	return out
}

// possible says whether the age of the person is one that the trade takes.
func (w Wish) possible(t *content.Trade) bool {
	return w.Age == nil || *w.Age >= t.FromAge && (t.ToAge == 0 || *w.Age <= t.ToAge)
}

// answers are those of the person with what follows from age and place, in the
// words of the table.
func (w Wish) answers(lib *content.Library) content.Answers {
	all := content.Answers{"always": {"known"}}
	for id, values := range w.Answers {
		if len(values) == 0 {
			values = []string{"none"}
		}
		all[id] = values
	}
	if w.Age != nil {
		all["age"] = []string{lib.Matching.Question("age").Answer(strconv.FormatInt(*w.Age, 10))}
	}
	if p := lib.Place(w.Place); p != nil {
		all["place"] = []string{"known"}
		if lib.Matching.Inland[p.ID] {
			all["place"] = append(all["place"], "inland")
		}
		if len(p.Links) > 0 {
			all["place"] = append(all["place"], "island")
		}
	}
	return all
}

// around adds the traits that a trade has for somebody who lives at a place:
// whether it is practised there, next door, everywhere or elsewhere.
func (w Wish) around(lib *content.Library, t *content.Trade, traits map[string]bool) {
	p := lib.Place(w.Place)
	if p == nil {
		return
	}
	traits[where(t, p)] = true
}

func where(t *content.Trade, p *content.Place) string {
	near := func(id string) bool { return slices.Contains(t.Areas, id) }
	switch {
	case near(allProvince):
		return "everywhere"
	case near(p.ID):
		return "here"
	case slices.ContainsFunc(p.Neighbours, near), slices.ContainsFunc(p.Links, near):
		return "near"
	}
	return "elsewhere"
}

// allProvince stands in areas for every unit.
const allProvince = "toan-tinh"
