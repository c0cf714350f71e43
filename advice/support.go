package advice

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"time"

	"nghe/content"
)

// Case is a person and a course, for the support they may get. A nil field is
// not known.
type Case struct {
	// Groups are ids of priority groups; nil is not known, empty is none.
	Groups          *[]string `json:"groups"`
	Place           string    `json:"place"`
	Days            *int64    `json:"days"`        // attended
	DistanceKM      *float64  `json:"distance_km"` // from home to the course
	CourseCost      *int64    `json:"course_cost"` // đồng
	Level           string    `json:"level"`
	SupportedBefore *bool     `json:"supported_before"`
	On              string    `json:"on"` // YYYY-MM-DD; "" = today
}

// Levels of a course. Only the first two are supported by the regimes here.
const (
	LevelShort      = "duoi-3-thang"
	LevelElementary = "so-cap"
)

var levels = []string{LevelShort, LevelElementary, "trung-cap", "cao-dang"}

// ParseCase reads a case from JSON. Anything unknown, negative or impossible
// is an *InputError.
func ParseCase(lib *content.Library, b []byte) (Case, error) {
	var c Case
	if err := decodeStrict(b, &c); err != nil {
		return c, err
	}
	if c.Groups != nil {
		if err := checkGroups(*c.Groups); err != nil {
			return c, err
		}
	}
	if c.Level != "" && !slices.Contains(levels, c.Level) {
		return c, &InputError{"level", fmt.Sprintf("unknown level %q", c.Level), "one of duoi-3-thang, so-cap, trung-cap, cao-dang"}
	}
	return c, cmp.Or(checkPlace(lib, c.Place), checkDay(c.On), checkRange("days", c.Days, 0, 3660), checkRange("distance_km", c.DistanceKM, 0, 5000), checkRange("course_cost", c.CourseCost, 0, int64(1e12)))
}

// SupportAdvice is what a person may get.
type SupportAdvice struct {
	Best     string         `json:"best"` // id of the regime to go for; "" = none
	Regimes  []RegimeAdvice `json:"regimes"`
	Ask      []string       `json:"ask"` // fields of the case that could still change best or a total
	OnceOnly bool           `json:"once_only"`
	Notes    []string       `json:"notes"`
}

// RegimeAdvice is what one legal basis gives.
type RegimeAdvice struct {
	ID     string `json:"id"`
	Status string `json:"status"` // on the day of the case
	Items  []Item `json:"items"`
	Total  int64  `json:"total"` // đồng, of what is known
	Note   string `json:"note"`
}

// Item is one kind of money.
type Item struct {
	ID     string `json:"id"`
	Amount *int64 `json:"amount"` // đồng; null = can't be worked out yet
	Max    *int64 `json:"max"`    // đồng; null = no ceiling, or not known
	Unit   string `json:"unit"`
	Why    string `json:"why"`
	Source string `json:"source"`
}

// Support works out what a person may get on the day of the case, or today.
func Support(lib *content.Library, c Case, today time.Time) SupportAdvice {
	if c.On == "" {
		c.On = today.Format(time.DateOnly)
	}
	a := support(lib, c)
	a.Ask = ask(lib, c, a)
	return a
}

// support is Support without the questions that are left.
func support(lib *content.Library, c Case) SupportAdvice {
	a := SupportAdvice{Regimes: []RegimeAdvice{}, Ask: []string{}, Notes: []string{}, OnceOnly: true}
	note := func(s string) {
		if s != "" && !slices.Contains(a.Notes, s) {
			a.Notes = append(a.Notes, s)
		}
	}
	if c.Level != "" && c.Level != LevelShort && c.Level != LevelElementary {
		note(lib.Phrase("advice.level")[0])
		return a
	}
	if c.Groups == nil {
		return a
	}
	has := func(g string) bool { return slices.Contains(*c.Groups, g) }
	for _, r := range lib.Regimes {
		row := bestRow(r, c.On, has)
		if row == nil {
			continue
		}
		ra := regimeAdvice(lib, r, row, c, has)
		note(r.Note)
		note(row.Note)
		if spent(c) {
			note(r.Spent)
			note(r.SpentElsewhere)
		}
		a.Regimes = append(a.Regimes, ra)
	}
	if has("ex-prisoner") {
		note(lib.Phrase("advice.ex-prisoner")[0])
	}
	a.Best = best(a.Regimes)
	return a
}

func spent(c Case) bool { return c.SupportedBefore != nil && *c.SupportedBefore }

// bestRow gives the row of a regime with the highest ceiling of those that a
// person fits; nil when the regime gives them nothing on that day.
func bestRow(r *content.Regime, on string, has func(string) bool) *content.Row {
	if on < r.From {
		return nil
	}
	var found *content.Row
	for i := range r.Rows {
		row := &r.Rows[i]
		if fits(row.Groups, has) && (found == nil || row.Course.Whole && !found.Course.Whole || row.Course.Max > found.Course.Max && !found.Course.Whole) {
			found = row
		}
	}
	return found
}

// status of a regime on a day.
func status(r *content.Regime, on string) string {
	if r.UncertainFrom != "" && on >= r.UncertainFrom {
		return content.Uncertain
	}
	return content.InForce
}

// best gives the regime in force with the highest total, else an uncertain one.
func best(regimes []RegimeAdvice) string {
	var found *RegimeAdvice
	for i := range regimes {
		r := &regimes[i]
		switch {
		case found == nil, r.Status != found.Status && r.Status == content.InForce, r.Status == found.Status && r.Total > found.Total:
			found = r
		}
	}
	if found == nil {
		return ""
	}
	return found.ID
}

func regimeAdvice(lib *content.Library, r *content.Regime, row *content.Row, c Case, has func(string) bool) RegimeAdvice {
	ra := RegimeAdvice{ID: r.ID, Status: status(r, c.On), Note: row.Note, Items: make([]Item, 0, 3)}
	add := func(id string, amount, most *int64, why, fact string) {
		ra.Items = append(ra.Items, Item{ID: id, Amount: amount, Max: most, Unit: "VND", Why: why, Source: lib.Cite(fact)})
	}
	most := ceiling(row.Course, c)
	add("support.course", courseAmount(row.Course, most, c), most, row.Course.Why, row.Course.Fact)
	if m := row.Meal; m != nil {
		var amount *int64
		if c.Days != nil {
			amount = ptr(*c.Days * m.Amount)
		}
		add("support.meal", amount, nil, m.Why, m.Fact)
	}
	if len(row.Travel) > 0 {
		j, amount := travel(row.Travel, c.DistanceKM, has)
		add("support.travel", amount, ptr(j.Amount), j.Why, j.Fact)
	}
	if row.Total > 0 {
		bound(ra.Items, row.Total)
	}
	if spent(c) && r.Spent != "" {
		for i := range ra.Items {
			ra.Items[i].Amount = ptr(int64(0))
		}
		ra.Note = r.Spent
	}
	for _, it := range ra.Items {
		if it.Amount != nil {
			ra.Total += *it.Amount
		}
	}
	return ra
}

func ptr[T any](v T) *T { return &v }

// ceiling of the cost of a course; nil when there is none, or when it depends
// on days that are not known.
func ceiling(k content.Ceiling, c Case) *int64 {
	switch {
	case k.Whole:
		return nil
	case k.PerMonth == 0:
		return ptr(k.Max)
	case c.Days == nil && c.Level == LevelShort:
		return ptr(k.Max)
	case c.Days == nil:
		return nil
	case *c.Days <= k.ShortDays:
		return ptr(k.Max)
	}
	months := (*c.Days + 29) / 30 // begun
	return ptr(min(months, k.MaxMonths) * k.PerMonth)
}

// courseAmount is what is paid of the cost of a course.
func courseAmount(k content.Ceiling, most *int64, c Case) *int64 {
	switch {
	case c.CourseCost == nil:
		return nil
	case most != nil:
		return ptr(min(*c.CourseCost, *most))
	case k.Whole:
		return c.CourseCost
	case *c.CourseCost <= k.Max: // paid however long the course is
		return c.CourseCost
	}
	return nil
}

// travel gives the journey that fits and what is paid. Before the distance is
// known it is the one that would be paid, without an amount.
func travel(journeys []content.Journey, km *float64, has func(string) bool) (content.Journey, *int64) {
	var open *content.Journey
	for i := range journeys {
		j := &journeys[i]
		switch {
		case j.Area != "" && !has(j.Area):
		case j.FromKM == 0 || km != nil && *km >= j.FromKM:
			return *j, ptr(j.Amount)
		case open == nil:
			open = j
		}
	}
	if open == nil {
		open = &journeys[len(journeys)-1]
	}
	if km == nil {
		return *open, nil
	}
	return *open, ptr(int64(0))
}

// bound cuts items so that together they stay within a total, in their order.
func bound(items []Item, total int64) {
	for i := range items {
		if a := items[i].Amount; a != nil {
			items[i].Amount = ptr(min(*a, total))
			total -= *items[i].Amount
		}
	}
}

// fields of a case that can be asked for, with values on all sides of what
// they decide.
var fields = []struct {
	name  string
	known func(Case) bool
	tries func(*content.Library) []func(*Case)
}{
	{"groups", func(c Case) bool { return c.Groups != nil }, func(lib *content.Library) []func(*Case) {
		var tries []func(*Case)
		for _, r := range lib.Regimes {
			for _, row := range r.Rows {
				for _, groups := range row.Groups {
					tries = append(tries, func(c *Case) { c.Groups = &groups })
				}
			}
		}
		return append(tries, func(c *Case) { c.Groups = &[]string{} })
	}},
	{"days", func(c Case) bool { return c.Days != nil }, func(*content.Library) []func(*Case) {
		var tries []func(*Case)
		for _, n := range []int64{0, 30, 90, 91, 200, 700} {
			tries = append(tries, func(c *Case) { c.Days = ptr(n) })
		}
		return tries
	}},
	{"distance_km", func(c Case) bool { return c.DistanceKM != nil }, func(*content.Library) []func(*Case) {
		var tries []func(*Case)
		for _, km := range []float64{0, 5, 15} {
			tries = append(tries, func(c *Case) { c.DistanceKM = ptr(km) })
		}
		return tries
	}},
	{"course_cost", func(c Case) bool { return c.CourseCost != nil }, func(*content.Library) []func(*Case) {
		var tries []func(*Case)
		for _, n := range []int64{0, 1000000, 5000000, 50000000} {
			tries = append(tries, func(c *Case) { c.CourseCost = ptr(n) })
		}
		return tries
	}},
	{"supported_before", func(c Case) bool { return c.SupportedBefore != nil }, func(*content.Library) []func(*Case) {
		return []func(*Case){func(c *Case) { c.SupportedBefore = ptr(true) }, func(c *Case) { c.SupportedBefore = ptr(false) }}
	}},
}

// ask names the fields that are not known and whose value could change best or
// a total.
func ask(lib *content.Library, c Case, now SupportAdvice) []string {
	names := []string{}
	for _, f := range fields {
		if f.known(c) {
			continue
		}
		for _, try := range f.tries(lib) {
			d := c
			try(&d)
			if decides(now, support(lib, d)) {
				names = append(names, f.name)
				break
			}
		}
	}
	return names
}

// decides says whether two outcomes differ in what matters: which regime is
// best, and the totals.
func decides(a, b SupportAdvice) bool {
	return a.Best != b.Best || !reflect.DeepEqual(totals(a), totals(b))
}

func totals(a SupportAdvice) map[string]int64 {
	m := map[string]int64{}
	for _, r := range a.Regimes {
		m[r.ID] = r.Total
	}
	return m
}
