package content

import "slices"

// Trade is a trade that people of the province can learn and live on.
type Trade struct {
	ID         string   `yaml:"id" json:"id"`
	Name       string   `yaml:"name" json:"name"`
	Short      string   `yaml:"short" json:"short" jsonschema:"at most 30 characters: the label of a button"`
	Aliases    []string `yaml:"aliases" json:"aliases,omitempty"`
	Field      string   `yaml:"field" json:"field"`
	WhatYouDo  string   `yaml:"what_you_do" json:"what_you_do" jsonschema:"what one does all day"`
	Level      string   `yaml:"level" json:"level" jsonschema:"duoi-3-thang, so-cap, trung-cap or cao-dang"`
	Duration   string   `yaml:"duration" json:"duration,omitempty" jsonschema:"what is usual; never a promise"`
	Basis      string   `yaml:"basis" json:"basis" jsonschema:"how well level and duration are supported"`
	Schooling  string   `yaml:"schooling" json:"schooling,omitempty"`
	Conditions string   `yaml:"conditions" json:"conditions,omitempty"`
	Areas      []string `yaml:"areas" json:"areas" jsonschema:"ids of places, or toan-tinh"`
	Income     string   `yaml:"income" json:"income,omitempty" jsonschema:"a single report, with who said it and when, as it goes on in a sentence"`
	Caution    string   `yaml:"caution" json:"caution,omitempty" jsonschema:"the hard side, told to whoever asks about the trade"`
	// Riasec are the letters of Holland's types, the strongest first; nobody
	// is ever told of them. Traits, FromAge and ToAge are our own judgement,
	// as matching.yaml says.
	Riasec      string     `yaml:"riasec" json:"riasec"`
	Traits      []string   `yaml:"traits" json:"traits" jsonschema:"ids of traits in matching.yaml"`
	FromAge     int64      `yaml:"from_age" json:"from_age,omitempty" jsonschema:"years; never named to somebody younger"`
	ToAge       int64      `yaml:"to_age" json:"to_age,omitempty" jsonschema:"years; never named to somebody older"`
	SuitableFor []string   `yaml:"suitable_for" json:"suitable_for,omitempty" jsonschema:"ids of groups, or youth"`
	Evidence    []Evidence `yaml:"evidence" json:"evidence,omitempty"`
	Note        string     `yaml:"note" json:"note,omitempty" jsonschema:"for those who edit: never told"`
}

// Label is the name of the trade where there is little room.
func (t *Trade) Label() string {
	if t.Short != "" {
		return t.Short
	}
	return t.Name
}

// Evidence is a page and what it says.
type Evidence struct {
	URL  string `yaml:"url" json:"url"`
	Says string `yaml:"says" json:"says,omitempty"`
}

// Institution is a school, a centre or an office.
type Institution struct {
	ID       string     `yaml:"id" json:"id"`
	Name     string     `yaml:"name" json:"name"`
	Kind     string     `yaml:"kind" json:"kind"`
	Where    string     `yaml:"where" json:"where,omitempty"`
	Serves   []string   `yaml:"serves" json:"serves,omitempty" jsonschema:"ids of places, or toan-tinh"`
	Levels   []string   `yaml:"levels" json:"levels,omitempty"`
	Trades   string     `yaml:"trades" json:"trades,omitempty"`
	Phone    string     `yaml:"phone" json:"phone,omitempty" jsonschema:"only when a page that was seen gives it"`
	Website  string     `yaml:"website" json:"website,omitempty"`
	Support  string     `yaml:"support" json:"support,omitempty"`
	Outdated string     `yaml:"outdated" json:"outdated,omitempty" jsonschema:"yes, maybe or no"`
	Note     string     `yaml:"note" json:"note,omitempty"`
	Evidence []Evidence `yaml:"evidence" json:"evidence,omitempty"`
}

// Story is what somebody did, told without a name.
type Story struct {
	ID      string `yaml:"id" json:"id"`
	Who     string `yaml:"who" json:"who" jsonschema:"without a name: một anh ở Liên Hòa"`
	Place   string `yaml:"place" json:"place,omitempty"`
	Trade   string `yaml:"trade" json:"trade,omitempty"`
	Kind    string `yaml:"kind" json:"kind" jsonschema:"training, loan, training+job or own-initiative"`
	Text    string `yaml:"text" json:"text"`
	URL     string `yaml:"url" json:"url"`
	Caution string `yaml:"caution" json:"caution,omitempty"`
	// Quiet stories are told where they fit and not shown on public pages.
	Quiet bool `yaml:"quiet" json:"quiet,omitempty" jsonschema:"told where it fits, not on public pages: a child, a conviction"`

	// The rest is of stories that staff wrote down (package story).
	Agreed  bool   `yaml:"-" json:"-"` // the person agreed to have it told
	Source  string `yaml:"-" json:"-"` // who told it
	Picture string `yaml:"-" json:"-"` // name of the picture, "" without one
	Alt     string `yaml:"-" json:"-"`
}

// WithStories gives the library with stories of other origin in front of its own.
func (l *Library) WithStories(more []*Story) *Library {
	with := *l
	with.Stories = append(slices.Clone(more), l.Stories...)
	return &with
}
