package dialog

import "time"

// theirs begins the name of a sensitive slot of the person asked for.
const theirs = "o."

// Value gives a slot of the person the talk is about, or what a function gave
// in this turn.
func (t *turn) Value(name string) Value {
	if v, ok := t.given[name]; ok {
		return v
	}
	slot := t.e.lib.Slot(name)
	other := t.s.For != "" && !(slot != nil && slot.Own)
	if slot != nil && slot.Sensitive {
		if other {
			name = theirs + name
		}
		return t.s.private[name]
	}
	if other {
		return t.s.Theirs[name]
	}
	return t.s.Mine[name]
}

// fillSlot remembers an answer where it belongs.
func (t *turn) fillSlot(name string, v Value) {
	if name == "" {
		return
	}
	t.emit(Event{Type: SlotFilled, Slot: name, Value: &v})
	where, name := t.home(name)
	if *where == nil {
		*where = Values{}
	}
	(*where)[name] = v
}

func (t *turn) forgetSlot(name string) {
	where, key := t.home(name)
	if _, ok := (*where)[key]; ok {
		delete(*where, key)
		t.emit(Event{Type: SlotForgotten, Slot: name})
	}
}

// home says in which set of slots, and under which name, a slot is kept.
func (t *turn) home(name string) (*Values, string) {
	slot := t.e.lib.Slot(name)
	other := t.s.For != "" && !(slot != nil && slot.Own)
	switch {
	case slot != nil && slot.Sensitive:
		// Counted from the first answer: a later one must not make the
		// earlier ones live longer.
		if len(t.s.private) == 0 {
			t.s.until = t.u.At.Add(sensitiveFor).Unix()
		}
		if other {
			name = theirs + name
		}
		return &t.s.private, name
	case other:
		return &t.s.Theirs, name
	}
	return &t.s.Mine, name
}

// PickedSoFar is the name under which the choices of a sensitive question are
// kept, with the sensitive answers, until it is answered whole. No slot has it.
const PickedSoFar = "."

// hidePicked puts what was chosen so far of a sensitive question to the
// sensitive answers: it tells as much as they do.
func (t *turn) hidePicked() {
	step := t.step()
	if len(t.s.Picked) == 0 || step == nil {
		return
	}
	if slot := t.e.lib.Slot(step.Slot); slot == nil || !slot.Sensitive {
		return
	}
	where, _ := t.home(step.Slot)
	if *where == nil {
		*where = Values{}
	}
	(*where)[PickedSoFar] = List(t.s.Picked...)
	t.s.Picked = nil
}

// endSensitive forgets sensitive slots whose time is over.
func (t *turn) endSensitive(now time.Time) {
	if len(t.s.private) > 0 && now.Unix() >= t.s.until {
		t.s.private, t.s.until = nil, 0
	}
}

// forgetEverything leaves of the person only that they were greeted. The
// frames stay, so that the flow that erases can say so.
func (t *turn) forgetEverything() {
	t.s = Session{Stack: t.s.Stack[max(0, len(t.s.Stack)-1):], Met: t.s.Met, Turns: t.s.Turns}
	t.given = Values{}
}

// startOver keeps of the person what is kept in a profile: who they are is
// not asked again, what they wanted is.
func (t *turn) startOver() {
	for name := range t.s.Mine {
		if slot := t.e.lib.Slot(name); slot == nil || !slot.Profile && !slot.Own {
			delete(t.s.Mine, name)
		}
	}
	t.s.Theirs, t.s.For, t.s.private, t.s.until = nil, "", nil, 0
	t.s.Stack, t.s.Back, t.s.Offers, t.s.Picked, t.s.Misses = nil, nil, nil, nil, 0
}

// learnAddress takes from the person's own words how to address them.
func (t *turn) learnAddress() {
	if t.s.Mine[slotAddress].Known() {
		return
	}
	if a := t.r.Address(t.u.Text); a != "" {
		t.fillSlot(slotAddress, Text(a))
	}
}

// slotAddress holds how the person is addressed: the engine needs it for
// every text.
const slotAddress = "address"
