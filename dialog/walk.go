package dialog

import (
	"fmt"
	"maps"
	"slices"
)

// maxSteps bounds the steps taken in one turn. No talk needs a tenth of it;
// content that does is broken, and the person must still get an answer.
const maxSteps = 200

// frame gives the innermost frame, nil outside flows.
func (t *turn) frame() *Frame {
	if len(t.s.Stack) == 0 {
		return nil
	}
	return &t.s.Stack[len(t.s.Stack)-1]
}

// flow and step give where the talk stands, nil outside flows.
func (t *turn) flow() *Flow {
	if f := t.frame(); f != nil {
		return t.e.lib.Flow(f.Flow)
	}
	return nil
}

func (t *turn) step() *Step {
	if flow := t.flow(); flow != nil {
		return flow.Steps[t.frame().Step]
	}
	return nil
}

func (t *turn) goTo(step string) { t.frame().Step = step }

// start begins a flow above what is under way, with what is known already of
// what it asks. A flow that is under way is gone back to instead: to where it
// was, or with something new known to its beginning.
func (t *turn) start(id string, known Values) {
	flow := t.e.lib.Flow(id)
	if flow == nil {
		t.fail(fmt.Errorf("flow %q does not exist", id))
		return
	}
	i := slices.IndexFunc(t.s.Stack, func(f Frame) bool { return f.Flow == id })
	switch {
	case i < 0:
		t.push(flow)
	case len(known) == 0:
		t.s.Stack, t.s.Picked = t.s.Stack[:i+1], nil
	default:
		t.s.Stack = t.s.Stack[:i]
		t.push(flow)
	}
	for _, name := range sorted(known) {
		t.fillSlot(name, known[name])
		if step := asks(flow, name); step != "" { // it was answered before it was put
			t.remember(Frame{flow.ID, step})
		}
	}
	t.walk()
}

// asks gives the step of a flow that asks for a slot, "" when none does.
func asks(flow *Flow, slot string) string {
	for _, id := range sortedSteps(flow) {
		if step := flow.Steps[id]; step.Kind.Asks() && step.Slot == slot {
			return id
		}
	}
	return ""
}

func (t *turn) push(flow *Flow) {
	for _, name := range flow.Fresh {
		t.forgetSlot(name)
	}
	if len(t.s.Stack) == maxDepth {
		t.s.Stack = t.s.Stack[1:]
	}
	t.s.Stack = append(t.s.Stack, Frame{flow.ID, flow.Start})
	t.s.Picked = nil
	t.emit(Event{Type: FlowStarted, Flow: flow.ID})
}

// pop ends the innermost flow. The one below goes on: after its call, or by
// asking its question again.
func (t *turn) pop() {
	t.emit(Event{Type: FlowEnded, Flow: t.frame().Flow})
	t.s.Stack = t.s.Stack[:len(t.s.Stack)-1]
	t.s.Picked = nil
	step := t.step()
	switch {
	case step == nil:
	case step.Kind == Call:
		t.goTo(step.Next)
	default:
		t.given["title"] = Text(t.flow().Title)
		t.say(t.phrase("flow.back-to"), nil)
	}
}

// walk goes on from where the talk stands until a question is put, an effect
// is awaited or nothing is under way.
func (t *turn) walk() {
	for t.frame() != nil {
		if t.steps++; t.steps > maxSteps {
			t.fail(fmt.Errorf("no end after %d steps in flow %q at %q", maxSteps, t.frame().Flow, t.frame().Step))
			return
		}
		if t.frame().Step == "" {
			t.pop()
			continue
		}
		step := t.step()
		if step == nil {
			t.fail(fmt.Errorf("flow %q has no step %q", t.frame().Flow, t.frame().Step))
			return
		}
		taken, err := t.enter(step)
		if err != nil {
			t.fail(err)
			return
		}
		if !taken {
			t.goTo(step.Next)
			continue
		}
		if wait := t.take(step); wait {
			return
		}
	}
}

// enter runs the function of a step and looks at its condition.
func (t *turn) enter(step *Step) (taken bool, err error) {
	if step.Compute != "" {
		if err := t.compute(step.Compute); err != nil {
			return false, fmt.Errorf("flow %q step %q: %w", t.frame().Flow, step.ID, err)
		}
	}
	return step.When == nil || step.When(t), nil
}

func (t *turn) compute(name string) error {
	if name == "known" {
		maps.Copy(t.given, t.known())
		return nil
	}
	f := t.e.funcs[name]
	if f == nil {
		return fmt.Errorf("function %q is not registered", name)
	}
	v, err := f(t)
	if err != nil {
		return fmt.Errorf("function %q: %w", name, err)
	}
	maps.Copy(t.given, v)
	return nil
}

// take does what a step says and whether the turn waits there.
func (t *turn) take(step *Step) (wait bool) {
	switch step.Kind {
	case Say:
		t.speak(step)
	case Branch:
		t.goTo(t.arm(step))
		return false
	case Call:
		flow := t.e.lib.Flow(step.Flow)
		if flow == nil {
			t.fail(fmt.Errorf("flow %q does not exist", step.Flow))
			return true
		}
		t.push(flow)
		return false
	case Forget:
		t.forget(step.Slots)
	case Do:
		t.emit(Event{Type: EffectAsked, Effect: step.Effect, Wait: step.Wait})
		if step.Wait {
			return true
		}
	case End:
		t.speak(step)
		t.goTo("")
		return false
	default:
		if t.Value(step.Slot).IsZero() {
			t.ask(step)
			return true
		}
	}
	t.goTo(step.Next)
	return false
}

// ComputedFacts stands for the facts that a function gave ("facts").
const ComputedFacts = "*"

// speak says the text of a step with what the person may want next.
func (t *turn) speak(step *Step) {
	if step.Text == "" {
		return
	}
	facts := step.Facts
	if len(facts) == 1 && facts[0] == ComputedFacts {
		facts = t.given["facts"].List()
	}
	show := t.given[step.Show].Show()
	var options []Option
	// In a flow above others the question that is open below comes next, and
	// numbers are answers to it; only cards keep their buttons.
	if len(step.Offers) > 0 && (len(t.s.Stack) == 1 || show != nil && len(show.Cards) > 0) {
		options = t.offer(t.offers(step))
	}
	before := len(t.events)
	t.sayShowing(step.Text, show, facts, options...)
	if n := len(t.events); n > before && len(step.Facts) == 1 && step.Facts[0] == ComputedFacts {
		t.events[n-1].Advised = t.given[advised].List()
	}
}

// advised is the name of what a function gives: the programmes of which the text
// that it made tells.
const advised = "advised"

// ComputedOffers stands for the offers that a function gave ("offers").
const ComputedOffers = "*"

// offers are those of a step, with the computed ones in their place.
func (t *turn) offers(step *Step) []string {
	i := slices.Index(step.Offers, ComputedOffers)
	if i < 0 {
		return step.Offers
	}
	return slices.Concat(step.Offers[:i], t.given["offers"].List(), step.Offers[i+1:])
}

func (t *turn) arm(step *Step) string {
	for _, to := range step.Branches {
		if to.When == nil || to.When(t) {
			return to.Step
		}
	}
	return step.Next
}

func (t *turn) forget(slots []string) {
	for _, name := range slots {
		if name == "*" {
			t.forgetEverything()
			return
		}
		t.forgetSlot(name)
	}
}

// fail ends what is under way when content can't go on: the person gets a
// kind sentence and the menu, the operator the cause.
func (t *turn) fail(err error) {
	t.emit(Event{Type: ContentFailed, Error: err.Error()})
	t.s.Stack, t.s.Picked = nil, nil
	t.say(t.phrase("error.content"), nil, t.offer([]string{"do:restart", "human.talk"})...)
}

// known gives what is remembered of the one who writes, a line each.
func (t *turn) known() Values {
	var lines []string
	for _, set := range []Values{t.s.Mine, t.s.private} {
		for _, name := range sorted(set) {
			slot := t.e.lib.Slot(name)
			if slot == nil || slot.Label == "" || !set[name].Known() {
				continue
			}
			value := t.display(name, set[name])
			if value == "" { // a list with nothing in it
				value = t.phrase("value.none")
			}
			lines = append(lines, slot.Label+": "+value)
		}
	}
	return Values{"known": List(lines...), "anything": yesNo(len(lines) > 0)}
}

func yesNo(b bool) Value {
	if b {
		return Text("yes")
	}
	return Text("no")
}
