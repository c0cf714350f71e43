package dialog

import (
	"slices"
	"strconv"
	"strings"
)

// ask puts the question of a step to the person.
func (t *turn) ask(step *Step) {
	t.asked = true
	t.s.Offers = nil
	t.emit(Event{Type: QuestionPut, Flow: t.frame().Flow, Step: step.ID})
	t.sayShowing(t.question(step), t.given[step.Show].Show(), step.Facts, t.choices(step)...)
}

// question is the text of a step, shorter when part of the answer is there.
func (t *turn) question(step *Step) string {
	switch {
	case step.Kind == Several && len(t.s.Picked) > 0:
		t.given["picked"] = Text(t.display(step.Slot, List(t.s.Picked...)))
		return t.phrase("several.more")
	case step.named() && len(t.s.Picked) > 0:
		return t.phrase(string(step.Kind) + ".which")
	}
	return step.Text
}

// choices are the options of a step as they stand now. A person who was not
// understood twice is also offered to leave the question or to see a human.
func (t *turn) choices(step *Step) []Option {
	var options []Option
	at := t.frame().Flow + "/" + step.ID + "="
	switch {
	case step.named():
		for _, id := range t.s.Picked {
			options = append(options, Option{Label: t.e.lib.ValueName(step.Slot, id), Value: id, Tap: at + id})
		}
	case step.Kind == Several && len(t.s.Picked) > 0:
		for _, o := range step.Options {
			if !o.Only && !slices.Contains(t.s.Picked, o.Value) {
				options = append(options, withTap(o, at))
			}
		}
		options = append(options, Option{Label: t.phrase("several.done"), Value: done, Tap: at + done, Also: t.e.lib.Phrase("several.done.also")})
	default:
		for _, o := range step.Options {
			options = append(options, withTap(o, at))
		}
	}
	if t.sharing(step) {
		options = append(options, t.formOption(step, at))
	}
	if step.Skippable || t.s.Misses >= 2 || step.named() && len(t.s.Picked) > 0 {
		options = append(options, Option{Label: t.phrase("option.skip"), Value: skip, Tap: at + skip, Also: t.e.lib.Phrase("option.skip.also")})
	}
	if t.s.Misses >= 2 {
		options = append(options, t.option("human.talk"))
	}
	// What is understood without being shown comes last, so that the numbers
	// are those that the person sees.
	slices.SortStableFunc(options, func(a, b Option) int { return order(a.Hidden) - order(b.Hidden) })
	return options
}

func order(hidden bool) int {
	if hidden {
		return 1
	}
	return 0
}

// The values of options that the engine adds. No slot can hold them.
const (
	done   = "."
	skip   = unknownText
	byForm = "+"
)

func withTap(o Option, at string) Option {
	o.Tap = at + o.Value
	return o
}

// tookExactAnswer takes a text that is an answer to the open question and
// nothing else.
func (t *turn) tookExactAnswer() bool {
	step := t.waiting()
	if step == nil {
		return false
	}
	if step.Kind == AskText {
		return t.typedForm(step)
	}
	return t.read(step, t.u.Text, Exact)
}

// Said stands in a slot for words that are not kept there.
const Said = "said"

// tookAnything takes whatever is typed where an effect reads it. What begins
// with a slash is meant for the bot.
func (t *turn) tookAnything() bool {
	step := t.waiting()
	if step == nil || step.Kind != AskAny || strings.HasPrefix(t.u.Text, "/") {
		return false
	}
	t.accept(step, Text(Said))
	return true
}

// tookAnswer takes an answer among other words, unless the text is a question
// that we can answer: then that comes first.
func (t *turn) tookAnswer() bool {
	step := t.waiting()
	if step == nil || t.mean().Question && t.mean().Outcome == Answer {
		return false
	}
	return t.read(step, t.u.Text, Part)
}

// waiting gives the step whose question the person has before them.
func (t *turn) waiting() *Step {
	if t.stale {
		return nil
	}
	if step := t.step(); step != nil && step.Kind.Asks() {
		return step
	}
	return nil
}

// read tries a text as the answer to a step and goes on if it is one.
func (t *turn) read(step *Step, text string, least Fit) bool {
	switch step.Kind {
	case Choice, Several:
		return t.readOptions(step, text, least)
	case AskAny:
		return t.readExtras(step, text)
	case AskPlace, AskTrade:
		return t.readName(step, text, least)
	}
	v, fit := t.value(step, text)
	if fit == None || fit < least {
		return t.readExtras(step, text)
	}
	if n, ok := v.Number(); ok && !step.allows(n) {
		t.outOfRange(step, n)
		return true
	}
	t.accept(step, v)
	return true
}

// value reads a text as the kind of thing that a step asks for.
func (t *turn) value(step *Step, text string) (Value, Fit) {
	switch step.Kind {
	case AskNum:
		n, fit := t.r.Number(text)
		return Number(n), fit
	case AskMoney:
		n, fit := t.r.Money(text)
		return Number(n), fit
	case AskKM:
		n, fit := t.r.Distance(text)
		return Number(n), fit
	case AskTerm:
		n, fit := t.r.Months(text)
		return Number(n), fit
	case AskAge:
		n, fit := t.r.Age(text, t.u.At)
		return Number(n), fit
	case AskDate:
		d, fit := t.r.Date(text, t.u.At)
		return Text(d), fit
	case AskPhone:
		p, fit := t.r.Phone(text)
		return Text(p), fit
	case AskText:
		s := cut(strings.NewReplacer("{", "(", "}", ")").Replace(text), maxTextSlot)
		if s == "" || s == unknownText {
			return Value{}, None
		}
		return Text(s), Part
	}
	return Value{}, None
}

// allows says whether a number is possible.
func (s *Step) allows(n int64) bool {
	return n >= s.Min && (s.Max == 0 || n <= s.Max)
}

func (t *turn) outOfRange(step *Step, n int64) {
	t.s.Misses++
	for name, n := range map[string]int64{"number": n, "min": step.Min, "max": step.Max} {
		t.given[name] = Text(t.display(step.Slot, Number(n)))
	}
	id := "number.range"
	if step.Max == 0 {
		id = "number.least"
	}
	t.emit(Event{Type: TextMissed, Flow: t.frame().Flow, Step: step.ID})
	t.say(t.phrase(id), nil)
	t.ask(step)
}

// readExtras takes "skip" where a question may be left open.
func (t *turn) readExtras(step *Step, text string) bool {
	options := t.choices(step)
	if len(options) == 0 {
		return false
	}
	picks, fit := t.r.Options(text, options, false)
	if fit != Exact || len(picks) != 1 {
		return false
	}
	// A bare number is an answer to a question for a number.
	if !step.named() && isDigits(text) {
		return false
	}
	t.choose(step, options[picks[0]])
	return true
}

func (t *turn) readOptions(step *Step, text string, least Fit) bool {
	options := t.choices(step)
	picks, fit := t.r.Options(text, options, step.Kind == Several)
	if fit == None || fit < least || len(picks) == 0 {
		return false
	}
	if step.Kind == Choice {
		if len(picks) > 1 { // "one of these": ask again with only them
			return false
		}
		t.choose(step, options[picks[0]])
		return true
	}
	if len(picks) == 1 {
		t.choose(step, options[picks[0]])
		return true
	}
	chosen := slices.Clone(t.s.Picked)
	for _, i := range picks {
		if o := options[i]; !o.Only && o.Value != done && o.Value != skip && !slices.Contains(chosen, o.Value) {
			chosen = append(chosen, o.Value)
		}
	}
	t.accept(step, List(chosen...))
	return true
}

// choose takes one option of a step, typed or tapped.
func (t *turn) choose(step *Step, o Option) {
	switch {
	case o.Tap == "human.talk":
		t.answer("human.talk")
	case o.Value == skip:
		t.skip(step)
	case o.Share != "":
		t.shareForm()
	case step.Kind != Several:
		t.accept(step, Text(o.Value))
	case o.Only:
		t.accept(step, List())
	case o.Value == done:
		t.accept(step, List(t.s.Picked...))
	default:
		if !slices.Contains(t.s.Picked, o.Value) {
			t.s.Picked = append(slices.Clone(t.s.Picked), o.Value)
		}
		t.s.Misses = 0
		if len(t.choices(step)) == 1 { // only "done" is left
			t.accept(step, List(t.s.Picked...))
			return
		}
		t.ask(step)
	}
}

// skip leaves a question open: "không biết". Of a place that may be several
// it keeps what is known; who decides later can see it.
func (t *turn) skip(step *Step) {
	if step.named() && len(t.s.Picked) > 0 {
		t.accept(step, List(t.s.Picked...))
		return
	}
	t.accept(step, Skipped())
}

// named says whether the answer is the name of something that the reader
// knows. A name may mean several.
func (s *Step) named() bool { return s.Kind == AskPlace || s.Kind == AskTrade }

// named reads the names of what a step asks for.
func (t *turn) named(step *Step, text string) ([]string, Fit) {
	if step.Kind == AskTrade {
		return t.r.Trade(text)
	}
	ids, _, fit := t.r.Place(text)
	return ids, fit
}

func (t *turn) readName(step *Step, text string, least Fit) bool {
	if len(t.s.Picked) > 0 {
		options := t.choices(step)
		if picks, fit := t.r.Options(text, options, false); fit != None && len(picks) == 1 {
			t.choose(step, options[picks[0]])
			return true
		}
	}
	ids, fit := t.named(step, text)
	switch {
	case fit == None || fit < least || len(ids) == 0:
		return t.readExtras(step, text)
	case len(ids) == 1:
		t.accept(step, Text(ids[0]))
	case len(ids) > maxNamed:
		// A whole former city: too many to list, so ask for the commune.
		t.say(t.phrase(string(step.Kind)+".wide"), nil)
		t.ask(step)
	default:
		t.s.Picked = ids
		t.s.Misses = 0
		t.ask(step)
	}
	return true
}

// maxNamed is how many are offered for a name that may mean several.
const maxNamed = 5

// accept keeps an answer and goes on.
func (t *turn) accept(step *Step, v Value) {
	f := *t.frame()
	t.fillSlot(step.Slot, v)
	t.remember(f)
	t.s.Misses, t.s.Picked, t.s.Offers = 0, nil, nil
	t.goTo(step.Next)
	t.walk()
}

// remember keeps where a question was answered, to go back to it.
func (t *turn) remember(f Frame) {
	t.s.Back = slices.DeleteFunc(t.s.Back, func(b Frame) bool { return b == f })
	if len(t.s.Back) == maxBack {
		t.s.Back = t.s.Back[1:]
	}
	t.s.Back = append(t.s.Back, f)
}

func isDigits(s string) bool {
	_, err := strconv.Atoi(strings.TrimSpace(s))
	return err == nil
}
