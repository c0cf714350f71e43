package advice

import (
	"cmp"
	"fmt"
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
	a.Ask = ask(lib, c)
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
	if !c.supported() {
		note(lib.Phrase("advice.level")[0])
		return a
	}
	gifts := giftsOf(lib, c)
	for i := range gifts {
		g := &gifts[i]
		note(g.regime.Note)
		note(g.row.Note)
		if spent(c) {
			note(g.regime.Spent)
			note(g.regime.SpentElsewhere)
		}
		a.Regimes = append(a.Regimes, g.advice(lib))
	}
	if c.has("ex-prisoner") {
		note(lib.Phrase("advice.ex-prisoner")[0])
	}
	a.Best = best(gifts)
	return a
}

// supported says whether any regime here applies to courses of the level.
func (c Case) supported() bool {
	return c.Level == "" || c.Level == LevelShort || c.Level == LevelElementary
}

func (c Case) has(group string) bool { return c.Groups != nil && slices.Contains(*c.Groups, group) }

func spent(c Case) bool { return c.SupportedBefore != nil && *c.SupportedBefore }

func ptr[T any](v T) *T { return &v }

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
func ask(lib *content.Library, c Case) []string {
	names, now := []string{}, giftsOf(lib, c)
	for _, f := range fields {
		if f.known(c) {
			continue
		}
		for _, try := range f.tries(lib) {
			d := c
			try(&d)
			if decides(now, giftsOf(lib, d)) {
				names = append(names, f.name)
				break
			}
		}
	}
	return names
}

// decides says whether two outcomes differ in what matters: which regime is
// best, and the totals.
func decides(a, b []gift) bool {
	return best(a) != best(b) || !slices.EqualFunc(a, b, func(x, y gift) bool { return x.regime == y.regime && x.total == y.total })
}
