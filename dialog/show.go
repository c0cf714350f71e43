package dialog

import (
	"strconv"
	"strings"
)

// Show is what may be seen beside a text, where a channel can: the text alone
// always says everything.
type Show struct {
	Cards []Card `json:"cards,omitempty"`
	Chart *Chart `json:"chart,omitempty"`
}

// Card is one of several things to choose among: a trade, a class.
type Card struct {
	Title string `json:"title"`
	Text  string `json:"text"` // lines
}

// Chart is a row of bars, each made of the same parts.
type Chart struct {
	Title string   `json:"title"`
	Unit  string   `json:"unit"`  // of the numbers: "đ"
	Parts []string `json:"parts"` // their names, as many as each bar has
	Bars  []Bar    `json:"bars"`
}

// Bar is one bar of a Chart.
type Bar struct {
	Label string  `json:"label"`
	Parts []int64 `json:"parts"`
}

// Showing makes a value of what a function wants to be seen. It lives for a
// turn only and is never kept.
func Showing(s Show) Value { return Value{kind: kindShow, rest: &rest{show: &s}} }

// Show gives what Showing was given, or nil.
func (v Value) Show() *Show {
	if v.rest == nil {
		return nil
	}
	return v.rest.show
}

// written writes cards out as numbered paragraphs of one bubble: what somebody
// reads who has no cards.
func (s *Show) written() string {
	var b strings.Builder
	for i, card := range s.Cards {
		b.WriteString("\n" + strconv.Itoa(i+1) + ". " + card.Title)
		if card.Text != "" {
			b.WriteString("\n" + card.Text)
		}
	}
	return b.String()
}
