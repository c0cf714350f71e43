package advice

import (
	"nghe/content"
)

// amount is a sum in đồng; the zero value is not known.
type amount struct {
	n     int64
	known bool
}

func sum(n int64) amount { return amount{n, true} }

// pointer is nil for what is not known, as JSON has it.
func (a amount) pointer() *int64 {
	if !a.known {
		return nil
	}
	return &a.n
}

// gift is what one regime gives in a case, before it is worded.
type gift struct {
	regime               *content.Regime
	row                  *content.Row // the one that counts
	status               string
	ceiling              amount // of the cost of the course; not known: there is none, or it depends on what is open
	course, meal, travel amount
	journey              *content.Journey // that is paid, or would be; nil: the regime pays for none
	total                int64            // of what is known
	spent                bool             // nothing is left of it
}

// giftsOf works out what each regime gives, in the order of the content; those
// that give nothing to anybody like this are left out.
func giftsOf(lib *content.Library, c Case) []gift {
	return appendGifts(make([]gift, 0, len(lib.Regimes)), lib, c)
}

// appendGifts is giftsOf for who works out many cases one after the other.
func appendGifts(gifts []gift, lib *content.Library, c Case) []gift {
	if !c.supported() || c.Groups == nil {
		return gifts
	}
	for _, r := range lib.Regimes {
		if row := bestRow(r, c); row != nil {
			gifts = append(gifts, giftOf(r, row, c))
		}
	}
	return gifts
}

// bestRow gives the row of a regime with the highest ceiling of those that a
// person fits; nil when the regime gives them nothing on that day.
func bestRow(r *content.Regime, c Case) *content.Row {
	if c.On < r.From {
		return nil
	}
	var found *content.Row
	for i := range r.Rows {
		row := &r.Rows[i]
		if fits(row.Groups, c.has) && (found == nil || row.Course.Whole && !found.Course.Whole || row.Course.Max > found.Course.Max && !found.Course.Whole) {
			found = row
		}
	}
	return found
}

func giftOf(r *content.Regime, row *content.Row, c Case) gift {
	g := gift{regime: r, row: row, status: status(r, c.On), ceiling: ceiling(row.Course, c)}
	g.course = courseAmount(row.Course, g.ceiling, c)
	if row.Meal != nil && c.Days != nil {
		g.meal = sum(*c.Days * row.Meal.Amount)
	}
	if len(row.Travel) > 0 {
		g.journey, g.travel = travel(row.Travel, c)
	}
	if row.Total > 0 {
		bound(row.Total, &g.course, &g.meal, &g.travel)
	}
	if spent(c) && r.Spent != "" {
		g.spent, g.course, g.meal, g.travel = true, sum(0), sum(0), sum(0)
	}
	g.total = g.course.n + g.meal.n + g.travel.n
	return g
}

// status of a regime on a day.
func status(r *content.Regime, on string) string {
	if r.UncertainFrom != "" && on >= r.UncertainFrom {
		return content.Uncertain
	}
	return content.InForce
}

// best gives the regime in force with the highest total, else an uncertain one;
// "" when there is none.
func best(gifts []gift) string {
	var found *gift
	for i := range gifts {
		g := &gifts[i]
		switch {
		case found == nil, g.status != found.status && g.status == content.InForce, g.status == found.status && g.total > found.total:
			found = g
		}
	}
	if found == nil {
		return ""
	}
	return found.regime.ID
}

// ceiling of the cost of a course; not known when there is none, or when it
// depends on days that are not known.
func ceiling(k content.Ceiling, c Case) amount {
	switch {
	case k.Whole:
		return amount{}
	case k.PerMonth == 0:
		return sum(k.Max)
	case c.Days == nil && c.Level == LevelShort:
		return sum(k.Max)
	case c.Days == nil:
		return amount{}
	case *c.Days <= k.ShortDays:
		return sum(k.Max)
	}
	months := (*c.Days + 29) / 30 // begun
	return sum(min(months, k.MaxMonths) * k.PerMonth)
}

// courseAmount is what is paid of the cost of a course.
func courseAmount(k content.Ceiling, most amount, c Case) amount {
	switch {
	case c.CourseCost == nil:
		return amount{}
	case most.known:
		return sum(min(*c.CourseCost, most.n))
	case k.Whole, *c.CourseCost <= k.Max: // paid however long the course is
		return sum(*c.CourseCost)
	}
	return amount{}
}

// travel gives the journey that fits and what is paid. Before the distance is
// known it is the one that would be paid, without an amount.
func travel(journeys []content.Journey, c Case) (*content.Journey, amount) {
	var open *content.Journey
	for i := range journeys {
		j := &journeys[i]
		switch {
		case j.Area != "" && !c.has(j.Area):
		case j.FromKM == 0 || c.DistanceKM != nil && *c.DistanceKM >= j.FromKM:
			return j, sum(j.Amount)
		case open == nil:
			open = j
		}
	}
	if open == nil {
		open = &journeys[len(journeys)-1]
	}
	if c.DistanceKM == nil {
		return open, amount{}
	}
	return open, sum(0)
}

// bound cuts sums so that together they stay within a total, in their order.
func bound(total int64, sums ...*amount) {
	for _, a := range sums {
		a.n = min(a.n, total)
		total -= a.n
	}
}

// advice words a gift.
func (g *gift) advice(lib *content.Library) RegimeAdvice {
	a := RegimeAdvice{ID: g.regime.ID, Status: g.status, Note: g.row.Note, Items: make([]Item, 0, 3), Total: g.total}
	if g.spent {
		a.Note = g.regime.Spent
	}
	add := func(id string, paid, most amount, why, fact string) {
		a.Items = append(a.Items, Item{ID: id, Amount: paid.pointer(), Max: most.pointer(), Unit: "VND", Why: why, Source: lib.Cite(fact)})
	}
	add("support.course", g.course, g.ceiling, g.row.Course.Why, g.row.Course.Fact)
	if m := g.row.Meal; m != nil {
		add("support.meal", g.meal, amount{}, m.Why, m.Fact)
	}
	if j := g.journey; j != nil {
		add("support.travel", g.travel, sum(j.Amount), j.Why, j.Fact)
	}
	return a
}
