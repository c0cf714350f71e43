package dialog

import (
	"slices"
	"strings"
)

// slotAge holds how old somebody is.
const slotAge = "age"

// learnTold keeps what the person says of themself in passing, so that it is
// not asked again. What they said before stays: a correction changes it.
func (t *turn) learnTold() {
	if t.s.For != "" {
		return
	}
	age, place := t.r.Told(t.u.Text, t.u.At)
	step := t.waiting()
	open := func(slot string) bool { return step != nil && step.Slot == slot }
	if age > 0 && t.Value(slotAge).IsZero() && !open(slotAge) {
		t.fillSlot(slotAge, Number(age))
	}
	if n := len(place); n > 0 && n <= maxNamed && t.Value(slotPlace).IsZero() && !open(slotPlace) {
		t.fillSlot(slotPlace, oneOf(place))
	}
}

// volunteered takes a text that is a sum, a time, an age or a place and nothing
// else, where that is not what was asked: "100 triệu" after an answer about
// loans begins the journey offered there, "Vân Đồn" is kept.
func (t *turn) volunteered() bool {
	step := t.waiting()
	if step != nil && (step.Kind == AskText || step.Kind == AskAny) || step == nil && t.step() != nil {
		return false
	}
	if step != nil {
		return t.aheadOf(step)
	}
	if t.otherwise() {
		return true
	}
	offers := t.s.Offers
	if n := len(t.s.Back); n > 0 && t.ended(t.e.lib.Flow(t.s.Back[n-1].Flow)) {
		offers = nil // what comes next is another matter, and none of its sums was asked
	}
	for _, id := range offers {
		if !strings.HasPrefix(id, flowPrefix) {
			continue
		}
		name, _, _ := cutFlow(id)
		if v, step := t.answers(t.e.lib.Flow(name), AskMoney, AskTerm); step != nil {
			t.s.Misses = 0
			t.start(name, Values{step.Slot: v})
			return true
		}
	}
	slot, v := t.ofPerson(t.u.Text)
	if slot == "" || slot == slotAge && isDigits(t.u.Text) && t.s.For == "" {
		return false // a bare number may be anything
	}
	t.note(slot, v, "noted")
	return true
}

// aheadOf keeps the answer to a question of the journey that is not yet put,
// and puts the open one again.
func (t *turn) aheadOf(open *Step) bool {
	for _, f := range slices.Backward(t.s.Stack) {
		v, step := t.answers(t.e.lib.Flow(f.Flow), AskMoney, AskTerm, AskAge, AskPlace)
		if step == nil {
			continue
		}
		if step.Slot == open.Slot {
			return false
		}
		t.note(step.Slot, v, "noted")
		return true
	}
	return false
}

// otherwise takes another sum, time or place after a journey as a correction: it
// is worked out once more. The journey is the last thing said while what it
// offers at its end still stands there.
func (t *turn) otherwise() bool {
	if len(t.s.Back) == 0 {
		return false
	}
	flow := t.e.lib.Flow(t.s.Back[len(t.s.Back)-1].Flow)
	if !t.ended(flow) {
		return false
	}
	v, step := t.answers(flow, AskMoney, AskTerm)
	if step == nil {
		v, step = t.elsewhere(flow)
	}
	if step == nil || !t.Value(step.Slot).Known() {
		return false
	}
	t.correct(Frame{flow.ID, step.ID}, step, v)
	return true
}

// mostSearched is how many units a name may mean where something is looked for
// in all of them: a former district has twelve at most.
const mostSearched = 12

// elsewhere gives another place for a journey that looks for something at one:
// "thế còn ở Hạ Long".
func (t *turn) elsewhere(flow *Flow) (Value, *Step) {
	ids, _, fit := t.r.Place(t.u.Text)
	if fit != Exact || len(ids) == 0 || len(ids) > mostSearched {
		return Value{}, nil
	}
	for _, id := range sortedSteps(flow) {
		if step := flow.Steps[id]; step.Kind == AskPlace && step.Slot != "" {
			return oneOf(ids), step
		}
	}
	return Value{}, nil
}

// ended says whether a flow has just ended: what it offers at its end still
// stands there.
func (t *turn) ended(flow *Flow) bool {
	if flow == nil || len(t.s.Offers) == 0 {
		return false
	}
	for _, step := range flow.Steps {
		if step.Kind != End || len(step.Offers) == 0 {
			continue
		}
		fixed := slices.DeleteFunc(slices.Clone(step.Offers), func(id string) bool { return id == ComputedOffers })
		computed := len(fixed) < len(step.Offers)
		if !computed && slices.Equal(fixed, t.s.Offers) || computed && len(fixed) > 0 && slices.Contains(t.s.Offers, fixed[0]) {
			return true
		}
	}
	return false
}

// answers gives the question of a flow that the text answers, being nothing but
// that; a bare number could answer any.
func (t *turn) answers(flow *Flow, kinds ...Kind) (Value, *Step) {
	if flow == nil || isDigits(t.u.Text) {
		return Value{}, nil
	}
	for _, kind := range kinds {
		if kind == AskAge && t.lasts() {
			continue
		}
		for _, id := range sortedSteps(flow) {
			step := flow.Steps[id]
			if step.Kind != kind || step.Slot == "" {
				continue
			}
			if kind == AskPlace {
				if ids, fit := t.named(step, t.u.Text); fit == Exact && len(ids) > 0 && len(ids) <= maxNamed {
					return oneOf(ids), step
				}
				continue
			}
			v, fit := t.value(step, t.u.Text)
			if n, _ := v.Number(); fit == Exact && step.allows(n) {
				return v, step
			}
		}
	}
	return Value{}, nil
}

// lasts says that the text is how long something takes: "3 năm" is no age.
func (t *turn) lasts() bool {
	_, fit := t.r.Months(t.u.Text)
	return fit == Exact && !isDigits(t.u.Text)
}

func sortedSteps(flow *Flow) []string {
	ids := make([]string, 0, len(flow.Steps))
	for id := range flow.Steps {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// ofPerson reads words that are nothing but where somebody lives or how old
// they are.
func (t *turn) ofPerson(text string) (string, Value) {
	if ids, _, fit := t.r.Place(text); fit == Exact && len(ids) > 0 && len(ids) <= maxNamed {
		return slotPlace, oneOf(ids)
	}
	if n, fit := t.r.Age(text, t.u.At); fit == Exact && n >= leastAge && n <= mostAge && !t.lasts() {
		return slotAge, Number(n)
	}
	return "", Value{}
}

// The ages that somebody who talks here, or is asked for, can have.
const leastAge, mostAge = 10, 100

// note keeps a value that was not asked for, says so, and goes on with what is
// open or was offered.
func (t *turn) note(slot string, v Value, phrase string) {
	t.fillSlot(slot, v)
	t.s.Misses = 0
	t.given["what"] = Text(t.label(slot))
	t.given["value"] = Text(t.display(slot, v))
	if t.step() != nil || len(t.s.Offers) == 0 {
		t.say(t.phrase(phrase), nil)
		t.resume()
		return
	}
	t.say(t.phrase(phrase), nil, t.offer(t.s.Offers)...)
}
