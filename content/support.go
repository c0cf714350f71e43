package content

// Regime is one legal basis for supporting people who learn a short trade
// (elementary level or under three months). Regimes are never added together.
type Regime struct {
	ID   string `yaml:"id" json:"id"`
	Name string `yaml:"name" json:"name"`
	From string `yaml:"from" json:"from" jsonschema:"first day it is in force, YYYY-MM-DD"`
	// UncertainFrom is the first day on which nobody knows whether it still holds.
	UncertainFrom string `yaml:"uncertain_from" json:"uncertain_from,omitempty"`
	Rows          []Row  `yaml:"rows" json:"rows" jsonschema:"of the rows that a person fits, the one with the highest ceiling counts"`
	// Spent is the note, when one who was supported before gets nothing.
	Spent string `yaml:"spent" json:"spent,omitempty"`
	// SpentElsewhere is the note when it is not known to matter.
	SpentElsewhere string   `yaml:"spent_elsewhere" json:"spent_elsewhere,omitempty"`
	Note           string   `yaml:"note" json:"note,omitempty"`
	Papers         string   `yaml:"papers" json:"papers" jsonschema:"what to bring"`
	Where          string   `yaml:"where" json:"where" jsonschema:"where to apply; {place} is the person's commune"`
	Facts          []string `yaml:"facts" json:"facts"`
}

// Row is what a regime gives one kind of person.
type Row struct {
	Groups [][]string `yaml:"groups" json:"groups" jsonschema:"one of these combinations of groups"`
	Course Ceiling    `yaml:"course" json:"course"`
	// Total bounds course, meal and travel together, in đồng; they are paid
	// in that order.
	Total  int64     `yaml:"total" json:"total,omitempty"`
	Meal   *PerDay   `yaml:"meal" json:"meal,omitempty"`
	Travel []Journey `yaml:"travel" json:"travel,omitempty" jsonschema:"the first that fits counts"`
	Note   string    `yaml:"note" json:"note,omitempty"`
}

// Ceiling bounds the cost of a course that is paid, in đồng.
type Ceiling struct {
	Max   int64 `yaml:"max" json:"max,omitempty"`
	Whole bool  `yaml:"whole" json:"whole,omitempty" jsonschema:"the whole cost is paid"`
	// A longer course than ShortDays is paid by the month begun.
	ShortDays int64  `yaml:"short_days" json:"short_days,omitempty"`
	PerMonth  int64  `yaml:"per_month" json:"per_month,omitempty"`
	MaxMonths int64  `yaml:"max_months" json:"max_months,omitempty"`
	Why       string `yaml:"why" json:"why"`
	Fact      string `yaml:"fact" json:"fact"`
}

// PerDay is paid for each day attended, in đồng.
type PerDay struct {
	Amount int64  `yaml:"amount" json:"amount"`
	Why    string `yaml:"why" json:"why"`
	Fact   string `yaml:"fact" json:"fact"`
}

// Journey is travel money for a course, in đồng.
type Journey struct {
	Amount int64 `yaml:"amount" json:"amount"`
	// Area is a group that one must be of; "" is anybody.
	Area string `yaml:"area" json:"area,omitempty"`
	// FromKM is the least distance; 0 is any.
	FromKM float64 `yaml:"from_km" json:"from_km,omitempty"`
	Why    string  `yaml:"why" json:"why"`
	Fact   string  `yaml:"fact" json:"fact"`
}

// Groups are the ids of priority groups, for people and for scripts.
var Groups = []string{"women", "rural", "disability", "merit", "ethnic", "poor", "near-poor", "newly-escaped-poor", "average-income", "orphan", "youth-volunteer", "special-area",
	"land-recovered", "women-jobless", "fisher", "fisher-offshore", "ex-prisoner", "after9", "after12", "industrial-worker", "soldier", "unemployed", "older"}
