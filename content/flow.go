package content

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/types"
	"go.yaml.in/yaml/v4"

	"nghe/dialog"
)

// FlowFile is a talk with one aim, as it is written: one file a flow.
type FlowFile struct {
	ID    string   `yaml:"id" json:"id"`
	Title string   `yaml:"title" json:"title" jsonschema:"at most 30 characters: the label of a button"`
	Asks  []string `yaml:"asks" json:"asks,omitempty" jsonschema:"ways of asking for this journey outright"`
	// Replaces is, in an override, the hash of the built-in flow it was made
	// from; “nghe check” tells it.
	Replaces string `yaml:"replaces" json:"replaces,omitempty"`
	// Resume is the step for people whose step was deleted.
	Resume string            `yaml:"resume" json:"resume,omitempty"`
	Moved  map[string]string `yaml:"moved" json:"moved,omitempty" jsonschema:"former names of steps, with the present ones"`
	Staff  bool              `yaml:"staff" json:"staff,omitempty" jsonschema:"for staff: its asks must be said as they stand, so that questions of others are never taken for them"`
	Fresh  []string          `yaml:"fresh" json:"fresh,omitempty" jsonschema:"slots forgotten when the flow starts anew"`
	Steps  []StepFile        `yaml:"steps" json:"steps"`
}

// StepFile is one step. It has exactly one of say, choice, several, number,
// money, distance, months, age, text, place, trade, date, phone, anything, branch, call, forget,
// do and end; the texts go there.
type StepFile struct {
	ID       string   `yaml:"id" json:"id" jsonschema:"stable: sessions remember it"`
	Say      string   `yaml:"say" json:"say,omitempty"`
	Choice   string   `yaml:"choice" json:"choice,omitempty"`
	Several  string   `yaml:"several" json:"several,omitempty"`
	Number   string   `yaml:"number" json:"number,omitempty"`
	Money    string   `yaml:"money" json:"money,omitempty"`
	Distance string   `yaml:"distance" json:"distance,omitempty"`
	Months   string   `yaml:"months" json:"months,omitempty" jsonschema:"asks how long; the slot holds months"`
	Age      string   `yaml:"age" json:"age,omitempty"`
	Text     string   `yaml:"text" json:"text,omitempty"`
	Place    string   `yaml:"place" json:"place,omitempty"`
	Trade    string   `yaml:"trade" json:"trade,omitempty"`
	Date     string   `yaml:"date" json:"date,omitempty"`
	Phone    string   `yaml:"phone" json:"phone,omitempty"`
	Anything string   `yaml:"anything" json:"anything,omitempty" jsonschema:"asks for an option or for words that the effect after it reads; they are not kept in the slot"`
	Branch   []Arm    `yaml:"branch" json:"branch,omitempty"`
	Call     string   `yaml:"call" json:"call,omitempty" jsonschema:"id of a flow to go through"`
	Forget   []string `yaml:"forget" json:"forget,omitempty" jsonschema:"slots, or * for everything"`
	Do       string   `yaml:"do" json:"do,omitempty" jsonschema:"effect: what is done outside the talk, for example export, erase, keep-profile"`
	End      string   `yaml:"end" json:"end,omitempty"`

	Wait    bool         `yaml:"wait" json:"wait,omitempty" jsonschema:"with do: its outcome is needed for what is said next"`
	When    string       `yaml:"when" json:"when,omitempty" jsonschema:"condition over slots and computed values; the step is left out when it doesn't hold"`
	Compute string       `yaml:"compute" json:"compute,omitempty" jsonschema:"function that runs before the step"`
	Slot    string       `yaml:"slot" json:"slot,omitempty" jsonschema:"where the answer goes"`
	Options []OptionFile `yaml:"options" json:"options,omitempty"`
	Help    []string     `yaml:"help" json:"help,omitempty" jsonschema:"said after the first, second … answer that was not understood"`
	Why     string       `yaml:"why" json:"why,omitempty" jsonschema:"what the question is for, said when somebody asks that"`
	Facts   []string     `yaml:"facts" json:"facts,omitempty"`
	Min     int64        `yaml:"min" json:"min,omitempty"`
	Max     int64        `yaml:"max" json:"max,omitempty"`
	Once    bool         `yaml:"once" json:"once,omitempty" jsonschema:"when the person talks of something else instead of answering, it is left open"`
	Skip    bool         `yaml:"skip" json:"skip,omitempty" jsonschema:"the question may be left open"`
	Share   string       `yaml:"share" json:"share,omitempty" jsonschema:"what a form of the person's app may answer it with: name, phone, ward or address; where the app has one it is offered as an option"`
	Else    string       `yaml:"else" json:"else,omitempty" jsonschema:"with branch: where to go when no condition holds"`
	Next    string       `yaml:"next" json:"next,omitempty" jsonschema:"the step after it; the next in the file when left out; end ends the flow"`
	Offers  []string     `yaml:"offers" json:"offers,omitempty" jsonschema:"topics, flow:ID, flow:ID?SLOT=VALUE or do:COMMAND to offer; * for those that compute gives"`
	Show    string       `yaml:"show" json:"show,omitempty" jsonschema:"value of compute that is seen beside the text: cards, a picture"`
}

// Arm is one way of a branch.
type Arm struct {
	When string `yaml:"when" json:"when"`
	To   string `yaml:"to" json:"to"`
}

// OptionFile is one thing that can be chosen.
type OptionFile struct {
	Value  string   `yaml:"value" json:"value"`
	Label  string   `yaml:"label" json:"label" jsonschema:"at most 30 characters"`
	Also   []string `yaml:"also" json:"also,omitempty" jsonschema:"other words for it"`
	Only   bool     `yaml:"only" json:"only,omitempty" jsonschema:"with several: none of the others"`
	Hidden bool     `yaml:"hidden" json:"hidden,omitempty" jsonschema:"understood, but not shown"`
}

// end is the name of the step that ends a flow.
const end = "end"

// body gives the kind of a step and its text, and how many kinds it has.
func (s *StepFile) body() (kind dialog.Kind, text string, n int) {
	for _, b := range []struct {
		kind dialog.Kind
		text string
		set  bool
	}{
		{dialog.Say, s.Say, s.Say != ""}, {dialog.Choice, s.Choice, s.Choice != ""}, {dialog.Several, s.Several, s.Several != ""},
		{dialog.AskNum, s.Number, s.Number != ""}, {dialog.AskMoney, s.Money, s.Money != ""}, {dialog.AskKM, s.Distance, s.Distance != ""}, {dialog.AskTerm, s.Months, s.Months != ""},
		{dialog.AskAge, s.Age, s.Age != ""}, {dialog.AskText, s.Text, s.Text != ""}, {dialog.AskPlace, s.Place, s.Place != ""}, {dialog.AskTrade, s.Trade, s.Trade != ""},
		{dialog.AskDate, s.Date, s.Date != ""}, {dialog.AskPhone, s.Phone, s.Phone != ""}, {dialog.AskAny, s.Anything, s.Anything != ""}, {dialog.Branch, "", s.Branch != nil},
		{dialog.Call, "", s.Call != ""}, {dialog.Forget, "", s.Forget != nil}, {dialog.Do, "", s.Do != ""}, {dialog.End, s.End, s.End != ""},
	} {
		if b.set {
			kind, text = b.kind, b.text
			n++
		}
	}
	return kind, text, n
}

// compile makes flows that the engine can run.
func (w *raw) compile(l *Library) {
	w.compiled = map[string]*dialog.Flow{}
	env := w.environment()
	for _, it := range w.flows {
		c := &compiler{w: w, l: l, item: it, env: env}
		w.compiled[it.value.ID] = c.flow()
	}
}

// compiler makes one flow.
type compiler struct {
	w    *raw
	l    *Library
	item item[FlowFile]
	env  types.Map
}

func (c *compiler) report(line int, what, try string) {
	c.w.problems = append(c.w.problems, Problem{File: c.item.file, Line: line, What: what, Try: try})
}

// stepLine gives the line at which a step begins.
func (c *compiler) stepLine(i int) int { return childLine(c.item.node, "steps", i) }

// childLine finds the line of the i-th item of a list in a mapping.
func childLine(node *yaml.Node, key string, i int) int {
	for j := 0; j+1 < len(node.Content); j += 2 {
		if v := node.Content[j+1]; node.Content[j].Value == key && i < len(v.Content) {
			return v.Content[i].Line
		}
	}
	return node.Line
}

func (c *compiler) flow() *dialog.Flow {
	f := &c.item.value
	flow := &dialog.Flow{ID: f.ID, Title: f.Title, Resume: f.Resume, Moved: f.Moved, Fresh: f.Fresh, Steps: map[string]*dialog.Step{}}
	if len(f.Steps) == 0 {
		c.report(c.item.line, fmt.Sprintf("flow %q has no steps", f.ID), "write at least one step under “steps”")
		return flow
	}
	flow.Start = f.Steps[0].ID
	for i := range f.Steps {
		s := &f.Steps[i]
		line := c.stepLine(i)
		switch {
		case s.ID == "" || s.ID == end || strings.ContainsAny(s.ID, "/= "):
			c.report(line, fmt.Sprintf("%q can't be the name of a step", s.ID), "use small letters, digits and hyphens; “end” is taken")
			continue
		case flow.Steps[s.ID] != nil:
			c.report(line, fmt.Sprintf("duplicate id: step %q stands twice", s.ID), "give one of them another name")
			continue
		}
		next := end
		if i+1 < len(f.Steps) {
			next = f.Steps[i+1].ID
		}
		flow.Steps[s.ID] = c.step(s, line, next)
	}
	return flow
}

func (c *compiler) step(s *StepFile, line int, following string) *dialog.Step {
	kind, text, n := s.body()
	if n != 1 {
		c.report(line, fmt.Sprintf("step %q has %d of say, choice, several, number, money, distance, age, text, place, trade, date, phone, anything, branch, call, forget, do, end", s.ID, n), "give it exactly one")
	}
	step := &dialog.Step{ID: s.ID, Kind: kind, Text: strings.TrimSpace(text), Compute: s.Compute, Help: s.Help, Why: s.Why, Facts: s.Facts, Slot: s.Slot,
		Min: s.Min, Max: s.Max, Skippable: s.Skip, Once: s.Once, Share: s.Share, Flow: s.Call, Effect: s.Do, Wait: s.Wait, Slots: s.Forget, Offers: s.Offers, Show: s.Show, Next: following}
	if s.Next != "" {
		step.Next = s.Next
	}
	if kind == dialog.Branch {
		if step.Next = s.Else; s.Else == "" {
			c.report(line, fmt.Sprintf("branch %q has no fallback", s.ID), "say under “else” where to go when no condition holds")
		}
	}
	if step.Next == end || kind == dialog.End {
		step.Next = ""
	}
	if kind.Asks() && s.Slot != "" {
		c.l.slotKinds[s.Slot] = kind
	}
	for _, o := range s.Options {
		step.Options = append(step.Options, dialog.Option{Label: o.Label, Value: o.Value, Only: o.Only, Also: o.Also, Hidden: o.Hidden})
		c.l.valueNames[s.Slot+"="+o.Value] = o.Label
	}
	step.When = c.condition(s.When, line)
	for _, arm := range s.Branch {
		to := arm.To
		if to == end {
			to = ""
		}
		step.Branches = append(step.Branches, dialog.To{When: c.condition(arm.When, line), Step: to})
	}
	return step
}
