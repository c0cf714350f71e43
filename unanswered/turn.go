package unanswered

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"nghe/bot"
	"nghe/daily"
	"nghe/dialog"
)

// Why says how a text went unanswered.
type Why string

// The reasons.
const (
	Missed  Why = "missed"  // not understood
	Refused Why = "refused" // none of our business
	Offered Why = "offered" // the nearest topics were offered, and none was taken
)

// Text is something that was asked and not answered, with nothing of who asked.
type Text struct {
	Day        daily.Day
	Text       string // scrubbed
	Why        Why
	Flow, Step string // the question that stood open, "" outside of any
	Channel    string
}

// Change is something to write. Of a contact's changes the order counts.
type Change struct {
	// Text is to be kept; the zero Text is nothing.
	Text Text
	// Contact is set of an offer, which waits for what they do, and of who took
	// one, or erased everything: then what waits of them is dropped.
	Contact bot.Contact
	Settled bool
	At      time.Time
}

// changes gives what a kept turn changes, at most two.
func changes(k bot.Kept, zone *time.Location) []Change {
	if k.Human {
		return nil
	}
	var all []Change
	if k.Erased || tookOffer(k) {
		all = append(all, Change{Contact: k.In.Contact, Settled: true, At: k.In.At})
	}
	why, ok := unanswered(k.Events)
	if !ok || k.Erased || private(k) {
		return all
	}
	text := Scrub(k.In.Text, names(k))
	if !tells(text) {
		return all
	}
	c := Change{At: k.In.At, Text: Text{Day: daily.DayOf(k.In.At.In(zone)), Text: text, Why: why, Channel: k.In.Contact.Channel}}
	if f := open(k); f != nil {
		c.Text.Flow, c.Text.Step = f.Flow, f.Step
	}
	if why == Offered {
		c.Contact = k.In.Contact
	}
	return append(all, c)
}

// unanswered says whether the events tell of a text that was not answered. Where
// danger was seen nothing is kept.
func unanswered(events []dialog.Event) (why Why, ok bool) {
	for i := range events {
		switch events[i].Type {
		case dialog.DangerSeen:
			return "", false
		case dialog.TextMissed:
			why = Missed
		case dialog.TextRefused:
			why = Refused
		case dialog.TopicsOffered:
			why = Offered
		}
	}
	return why, why != ""
}

// open gives the question that stood open when the text was said, nil for none.
func open(k bot.Kept) *dialog.Frame {
	n := len(k.Before.Stack)
	if n == 0 || step(k, k.Before.Stack[n-1]) == nil {
		return nil
	}
	return &k.Before.Stack[n-1]
}

func step(k bot.Kept, f dialog.Frame) *dialog.Step {
	if flow := k.Brain.Library.Flow(f.Flow); flow != nil {
		return flow.Steps[f.Step]
	}
	return nil
}

// private says whether the text may be something about the person rather than a
// question: a tap, a form, or an answer where a name, a number to call, a day or
// something sensitive was asked for.
func private(k bot.Kept) bool {
	if k.In.Tap != "" || k.In.Shared != nil || k.In.Media != nil {
		return true
	}
	f := open(k)
	if f == nil {
		return false
	}
	s := step(k, *f)
	switch s.Kind {
	case dialog.AskText, dialog.AskPhone, dialog.AskDate, dialog.AskAny:
		return true
	}
	slot := k.Brain.Library.Slot(s.Slot)
	return slot != nil && slot.Sensitive
}

// nameSlots hold names of people and of where exactly they live.
var nameSlots = []string{"person_name", "village"}

// names gives the names that the session knows, of both people it may be about.
func names(k bot.Kept) []string {
	var all []string
	for _, s := range []dialog.Session{k.Before, k.After} {
		for _, about := range []string{"", "other"} {
			s.For = about // whose answers are given
			answers := k.Brain.Engine.Answers(s)
			for _, slot := range nameSlots {
				if name := answers[slot].Text(); name != "" && !slices.Contains(all, name) {
					all = append(all, name)
				}
			}
		}
	}
	return all
}

// tookOffer says whether the person took one of the things that were offered
// before.
func tookOffer(k bot.Kept) bool {
	for i := range k.Events {
		took := k.Events[i].Topic
		switch k.Events[i].Type {
		case dialog.TopicAnswered:
		case dialog.FlowStarted:
			took = "flow:" + k.Events[i].Flow
		default:
			continue
		}
		for _, offer := range k.Before.Offers {
			if id, _, _ := strings.Cut(offer, "?"); id == took {
				return true
			}
		}
	}
	return false
}

// tells says whether there is anything to read in a text but what was taken out.
func tells(text string) bool {
	letters := 0
	for _, part := range split(text) {
		if part.hidden {
			continue
		}
		for _, r := range text[part.start:part.end] {
			if unicode.IsLetter(r) {
				letters++
			}
		}
	}
	return letters > 1
}
