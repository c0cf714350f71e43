package dialog

// Again puts the open question once more, after something that was none of the
// talk. One that is put only once is left open, and the next is put: who has
// talked to a human for a while is not asked again what to call them. Without an
// open question nothing is said and nothing changes.
func (e *Engine) Again(s Session, u Utterance) (Session, []Event) {
	t := e.begin(s, u, nil)
	t.endSensitive(u.At)
	t.followMoves()
	step := t.step()
	if step == nil || !step.Kind.Asks() {
		return s, nil // the next thing said finds where to go on
	}
	if t.stale {
		t.say(t.phrase("flow.moved"), nil)
	}
	if step.Once {
		t.accept(step, Skipped())
	} else {
		t.askAgain()
	}
	if t.waits() {
		return s, nil // it is put again when the person says something
	}
	t.hidePicked()
	return t.s, t.events
}
