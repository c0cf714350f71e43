package dialog

import (
	"slices"
	"strings"
	"time"
)

// longSilence is after how long the person is reminded of what was going on.
const longSilence = 12 * time.Hour

// wake makes a session fit the present content and time: sensitive answers
// that are over are forgotten, and steps that moved are followed.
func (t *turn) wake() {
	t.endSensitive(t.u.At)
	t.followMoves()
	if t.s.Seen > 0 && t.u.At.Sub(time.Unix(t.s.Seen, 0)) > longSilence && t.step() != nil {
		t.given["title"] = Text(t.flow().Title)
		t.say(t.phrase("silence.long"), nil)
	}
	if t.stale {
		t.say(t.phrase("flow.moved"), nil)
	}
}

// followMoves repairs the frames of flows that were edited while the person
// was away. Nobody is stranded: a step that is gone is looked for under its
// new name, then the flow's resume step, then the menu.
func (t *turn) followMoves() {
	for i := range t.s.Stack {
		f := t.s.Stack[i]
		flow := t.e.lib.Flow(f.Flow)
		if flow != nil && flow.Steps[f.Step] != nil {
			continue
		}
		t.emit(Event{Type: FlowMoved, Flow: f.Flow, Step: f.Step})
		if flow == nil {
			t.s.Stack, t.s.Picked, t.stale = t.s.Stack[:i], nil, true
			break
		}
		if to := moved(flow, f.Step); to != "" {
			t.s.Stack[i].Step = to // the same question under another name
			continue
		}
		t.s.Stack, t.s.Picked, t.stale = t.s.Stack[:i+1], nil, true
		if flow.Resume != "" {
			t.s.Stack[i].Step = flow.Resume
		} else {
			t.s.Stack = t.s.Stack[:i]
		}
		break
	}
	t.s.Back = slices.DeleteFunc(t.s.Back, func(f Frame) bool { return t.stepOf(f) == nil })
}

// moved follows the new names of a step; "" when it is gone.
func moved(flow *Flow, step string) string {
	for range len(flow.Moved) {
		step = flow.Moved[step]
		if flow.Steps[step] != nil {
			return step
		}
	}
	return ""
}

// tapped takes a button, which may be old.
func (t *turn) tapped() {
	id := t.u.Tap
	place, value, ok := strings.Cut(id, "=")
	if !ok || strings.HasPrefix(id, flowPrefix) {
		t.tappedOffer(id)
		return
	}
	name, stepID, _ := strings.Cut(place, "/")
	flow := t.e.lib.Flow(name)
	if flow == nil {
		t.oldButton()
		return
	}
	step := flow.Steps[stepID]
	if step == nil {
		stepID = moved(flow, stepID)
		step = flow.Steps[stepID]
	}
	if step == nil || !step.Kind.Asks() {
		t.oldButton()
		return
	}
	if t.waiting() == step {
		for _, o := range t.choices(step) {
			if o.Value == value {
				t.choose(step, o)
				return
			}
		}
		t.oldButton()
		return
	}
	t.tappedEarlier(Frame{name, stepID}, step, value)
}

// tappedOffer takes the button of a topic, a journey or a command.
func (t *turn) tappedOffer(id string) {
	if t.option(id).Label == "" {
		t.oldButton()
		return
	}
	t.takeUp(id)
}

// tappedEarlier takes a button of a question that was answered before as a
// correction of that answer; any other is too old.
func (t *turn) tappedEarlier(f Frame, step *Step, value string) {
	answered := slices.Contains(t.s.Back, f)
	i := slices.IndexFunc(step.Options, func(o Option) bool { return o.Value == value })
	if !answered || i < 0 || step.Kind != Choice {
		t.oldButton()
		return
	}
	t.correct(f, step, Text(value))
}

// oldButton says why nothing happens and goes on with what is open.
func (t *turn) oldButton() {
	t.say(t.phrase("button.old"), nil)
	t.resume()
}

// corrected takes back an earlier answer: "không, em ở Tiên Yên". The latest
// question that the new words answer is the one they mean.
func (t *turn) corrected() bool {
	rest, ok := t.r.Correction(t.u.Text)
	if !ok {
		return false
	}
	for _, f := range slices.Backward(t.s.Back) {
		step := t.stepOf(f)
		if step == nil || !step.Kind.Asks() || step.Kind == AskText || step.Kind == AskAny {
			continue
		}
		if v, ok := t.reread(f, step, rest); ok {
			t.correct(f, step, v)
			return true
		}
	}
	// No question put it, or none of those that are remembered.
	if slot, v := t.ofPerson(rest); slot != "" && !isDigits(rest) {
		t.note(slot, v, "answer.corrected")
		return true
	}
	return false
}

// reread reads words as an answer to a question that is not open now.
func (t *turn) reread(f Frame, step *Step, text string) (Value, bool) {
	switch step.Kind {
	case Choice, Several:
		picks, fit := t.r.Options(text, step.Options, step.Kind == Several)
		if fit == None || len(picks) == 0 || isDigits(text) {
			return Value{}, false
		}
		if step.Kind == Choice {
			return Text(step.Options[picks[0]].Value), len(picks) == 1
		}
		var values []string
		for _, i := range picks {
			if o := step.Options[i]; !o.Only {
				values = append(values, o.Value)
			}
		}
		return List(values...), true
	case AskPlace, AskTrade:
		ids, fit := t.named(step, text)
		return oneOf(ids), fit != None && len(ids) > 0 && len(ids) <= maxNamed
	}
	v, fit := t.value(step, text)
	n, isNumber := v.Number()
	return v, fit != None && (!isNumber || step.allows(n))
}

func oneOf(ids []string) Value {
	if len(ids) == 1 {
		return Text(ids[0])
	}
	return List(ids...)
}

// correct puts another answer in the place of an earlier one and goes on from
// there: what was answered since and still matters is not asked again.
func (t *turn) correct(f Frame, step *Step, v Value) {
	t.fillSlot(step.Slot, v)
	t.s.Misses, t.s.Picked, t.s.Offers = 0, nil, nil
	t.given["what"] = Text(t.label(step.Slot))
	t.given["value"] = Text(t.display(step.Slot, v))
	t.say(t.phrase("answer.corrected"), nil)
	under := slices.ContainsFunc(t.s.Stack, func(g Frame) bool { return g.Flow == f.Flow })
	if under || len(t.s.Stack) == 0 {
		t.stand(Frame{f.Flow, step.Next})
	}
	t.walk()
}

func (t *turn) label(slot string) string {
	if s := t.e.lib.Slot(slot); s != nil && s.Label != "" {
		return s.Label
	}
	return slot
}
