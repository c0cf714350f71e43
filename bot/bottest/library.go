package bottest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"nghe/dialog"
)

// Library is content of a few steps. Its texts are in plain English words, so
// that a test shows at once that nothing is said which is not content.
//
//	"colour"   asks "red or blue?" and says which it was
//	"remember" asks for consent and has the profile kept
//	"export", "erase", "withdraw" do what they say
//	"crash"    panics; "keep twice" asks for an effect twice
//	"count", "long", "odd" say three bubbles, Long and Odd
//	"many"     asks with more options than any channel has buttons
type Library struct{}

var _ dialog.Library = Library{}

func (Library) ReleaseID() string { return "bottest" }

func (Library) Flow(id string) *dialog.Flow { return flows[id] }

func (Library) Topic(id string) *dialog.Topic {
	if id == "topic.sky" {
		return &dialog.Topic{ID: id, Title: "The sky", Text: "the sky is blue", Facts: []string{"fact.sky"}}
	}
	return nil
}

func (Library) Slot(id string) *dialog.Slot {
	switch id {
	case "colour":
		return &dialog.Slot{ID: id, Label: "Colour", Profile: true}
	case "secret":
		return &dialog.Slot{ID: id, Label: "Secret", Sensitive: true}
	case "address":
		return &dialog.Slot{ID: id, Label: "Address", Own: true, Profile: true}
	}
	return nil
}

func (Library) Phrase(id string) []string {
	switch id {
	case "export.link":
		return []string{"your data: {link}"}
	case "export.text":
		return []string{"your data: {text}"}
	}
	return []string{id + " {bạn}"}
}

func (Library) Form(string) map[string]string {
	return map[string]string{"bạn": "friend", "Bạn": "Friend", "mình": "me", "Mình": "Me"}
}

func (Library) SourceNote(facts []string, _ time.Time) (string, []string) {
	return "source", facts
}

func (Library) ValueName(_, value string) string { return strings.ToUpper(value) }

var flows = map[string]*dialog.Flow{
	"menu": flow("menu", &dialog.Step{ID: "what", Kind: dialog.End, Text: "what now?", Offers: []string{"flow:colour", "topic.sky"}}),
	"colour": flow("colour",
		&dialog.Step{ID: "forget", Kind: dialog.Forget, Slots: []string{"colour"}},
		&dialog.Step{ID: "ask", Kind: dialog.Choice, Slot: "colour", Text: "red or blue?", Options: []dialog.Option{{Label: "Red", Value: "red"}, {Label: "Blue", Value: "blue"}}},
		&dialog.Step{ID: "told", Kind: dialog.Say, Text: "it is {colour}"},
	),
	"remember": flow("remember",
		&dialog.Step{ID: "ask", Kind: dialog.Choice, Slot: "consent", Text: "may I remember it, {bạn}?", Options: []dialog.Option{{Label: "Yes", Value: "yes"}, {Label: "No", Value: "no"}}},
		&dialog.Step{ID: "keep", Kind: dialog.Do, Effect: "keep-profile"},
		&dialog.Step{ID: "kept", Kind: dialog.Say, Text: "kept"},
	),
	"withdraw": flow("withdraw",
		&dialog.Step{ID: "do", Kind: dialog.Do, Effect: "withdraw-consent"},
		&dialog.Step{ID: "forget", Kind: dialog.Forget, Slots: []string{"consent"}},
		&dialog.Step{ID: "done", Kind: dialog.Say, Text: "withdrawn"},
	),
	"export": flow("export",
		&dialog.Step{ID: "do", Kind: dialog.Do, Effect: "export", Wait: true},
		&dialog.Step{ID: "done", Kind: dialog.Say, Text: "{export}"},
	),
	"erase": flow("erase",
		&dialog.Step{ID: "do", Kind: dialog.Do, Effect: "erase", Wait: true},
		&dialog.Step{ID: "done", Kind: dialog.Say, Text: "all gone"},
	),
	"secret": flow("secret",
		&dialog.Step{ID: "ask", Kind: dialog.AskText, Slot: "secret", Text: "what is it?"},
		&dialog.Step{ID: "done", Kind: dialog.Say, Text: "noted"},
	),
	"count": flow("count",
		&dialog.Step{ID: "one", Kind: dialog.Say, Text: "one"},
		&dialog.Step{ID: "two", Kind: dialog.Say, Text: "two"},
		&dialog.Step{ID: "three", Kind: dialog.Say, Text: "three"},
	),
	"long": flow("long", &dialog.Step{ID: "say", Kind: dialog.Say, Text: Long}),
	"odd":  flow("odd", &dialog.Step{ID: "say", Kind: dialog.Say, Text: Odd}),
	"many": flow("many",
		&dialog.Step{ID: "ask", Kind: dialog.Choice, Slot: "many", Text: "which?", Options: many},
		&dialog.Step{ID: "told", Kind: dialog.Say, Text: "it is {many}"},
	),
	"unknown-effect": flow("unknown-effect",
		&dialog.Step{ID: "do", Kind: dialog.Do, Effect: "make-tea"},
		&dialog.Step{ID: "done", Kind: dialog.Say, Text: "tea is made"},
	),
}

// Long is longer than two messages of any channel.
var Long = func() string {
	var b strings.Builder
	for i := range 400 {
		fmt.Fprintf(&b, "\n\nĐoạn %d. Học nghề ngắn hạn có 🏠 gần nhà!", i)
	}
	return strings.TrimSpace(b.String())
}()

// Odd has what goes wrong on the way: letters with their marks apart, signs
// of several characters, Arabic, and what HTML and Markdown make something of.
const Odd = "nghe\u0302\u0300 ho\u0323c 👩‍🌾👍🏽🇻🇳 \u200fمرحبا\u200f <b>a</b> &amp; *b* _c_ `d` [e](http://example.org) #f ~g~ \\h"

// many are more than the hundred buttons of the channel that has most.
var many = func() (options []dialog.Option) {
	for i := range 104 {
		options = append(options, dialog.Option{Label: fmt.Sprint("No ", i+1), Value: fmt.Sprint("v", i+1)})
	}
	return options
}()

// flow joins steps: each goes on with the one after it.
func flow(id string, steps ...*dialog.Step) *dialog.Flow {
	f := &dialog.Flow{ID: id, Title: "The " + id, Start: steps[0].ID, Steps: map[string]*dialog.Step{}}
	for i, s := range steps {
		if i+1 < len(steps) {
			s.Next = steps[i+1].ID
		}
		f.Steps[s.ID] = s
	}
	return f
}

// Reader knows labels, numbers of options, and the names of flows and topics.
// The text "crash" makes it panic.
type Reader struct{}

var _ dialog.Reader = Reader{}

func (Reader) Options(text string, options []dialog.Option, _ bool) ([]int, dialog.Fit) {
	for i, o := range options {
		if strings.EqualFold(o.Label, text) || text == strconv.Itoa(i+1) {
			return []int{i}, dialog.Exact
		}
	}
	return nil, dialog.None
}

func (Reader) Meaning(text string) dialog.Meaning {
	if text == "crash" {
		panic("the reader was told to crash")
	}
	if flows[text] != nil {
		return dialog.Meaning{Outcome: dialog.Answer, Target: "flow:" + text, Score: 1}
	}
	if text == "sky" {
		return dialog.Meaning{Outcome: dialog.Answer, Target: "topic.sky", Score: 1, Question: true}
	}
	return dialog.Meaning{Outcome: dialog.Refuse}
}

func (Reader) Number(string) (int64, dialog.Fit)           { return 0, dialog.None }
func (Reader) Money(string) (int64, dialog.Fit)            { return 0, dialog.None }
func (Reader) Months(string) (int64, dialog.Fit)           { return 0, dialog.None }
func (Reader) Told(string, time.Time) (int64, []string)    { return 0, nil }
func (Reader) Distance(string) (int64, dialog.Fit)         { return 0, dialog.None }
func (Reader) Age(string, time.Time) (int64, dialog.Fit)   { return 0, dialog.None }
func (Reader) Date(string, time.Time) (string, dialog.Fit) { return "", dialog.None }
func (Reader) Place(string) ([]string, string, dialog.Fit) { return nil, "", dialog.None }
func (Reader) Trade(string) ([]string, dialog.Fit)         { return nil, dialog.None }
func (Reader) Phone(string) (string, dialog.Fit)           { return "", dialog.None }
func (Reader) Command(string) dialog.Command               { return dialog.NoCommand }
func (Reader) Correction(string) (string, bool)            { return "", false }
func (Reader) Address(string) string                       { return "" }
func (Reader) Other(string) string                         { return "" }
