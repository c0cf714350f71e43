package content

import (
	"strconv"
	"time"

	"nghe/dialog"
	"nghe/viet"
)

// ReleaseID names the state of the content in twelve letters.
func (l *Library) ReleaseID() string { return l.release }

// Flow gives a flow, nil when there is none of the name.
func (l *Library) Flow(id string) *dialog.Flow { return l.flows[id] }

// Topic gives a topic or a danger, nil when there is none of the name.
func (l *Library) Topic(id string) *dialog.Topic { return l.topics[id] }

// Slot gives a slot, nil when there is none of the name.
func (l *Library) Slot(id string) *dialog.Slot { return l.slots[id] }

// Phrase gives the texts of a phrase. Every phrase that the program names is
// there: check sees to it.
func (l *Library) Phrase(id string) []string {
	if texts := l.phrases[id]; len(texts) > 0 {
		return texts
	}
	return []string{id}
}

// neutral is the form for somebody whose form is not known.
const neutral = "bạn"

// Form gives the filling of {bạn}, {Bạn}, {mình} and {Mình}.
func (l *Library) Form(address string) map[string]string {
	if f := l.forms[address]; f != nil {
		return f
	}
	return l.forms[neutral]
}

// Fact gives a fact, nil when there is none of the name.
func (l *Library) Fact(id string) *Fact { return l.facts[id] }

// Source gives a document, nil when there is none of the name.
func (l *Library) Source(id string) *Source { return l.sources[id] }

// Trade gives a trade, nil when there is none of the name.
func (l *Library) Trade(id string) *Trade { return l.trades[id] }

// Place gives a commune-level unit, nil when there is none of the name.
func (l *Library) Place(id string) *Place { return l.places[id] }

// ValueName gives what the person calls a value of a slot.
func (l *Library) ValueName(slot, value string) string {
	switch l.slotKinds[slot] {
	case dialog.AskTrade:
		if t := l.trades[value]; t != nil {
			return t.Label()
		}
	case dialog.AskPlace:
		if p := l.places[value]; p != nil {
			return p.Name
		}
	case dialog.AskMoney:
		if n, err := strconv.ParseInt(value, 10, 64); err == nil {
			return viet.FormatMoney(n)
		}
	}
	if name, ok := l.valueNames[slot+"="+value]; ok {
		return name
	}
	return value
}

// Lapsed gives a warning for each fact that is past its review date on a day.
func (l *Library) Lapsed(on time.Time) []Problem {
	var out []Problem
	day := on.Format(time.DateOnly)
	for _, f := range l.Facts {
		if day > f.ReviewBy {
			out = append(out, Problem{File: "facts", What: "fact " + f.ID + " was to be reviewed by " + f.ReviewBy, Try: "read its source again, then set read_on and review_by", Warning: true})
		}
	}
	return out
}
