package dialog

import "slices"

// obey does what a word says that works at any step.
func (t *turn) obey(c Command) {
	switch c {
	case Back:
		t.goBack()
	case Restart:
		t.startOver()
		t.menu()
	case Help:
		t.help()
	case Why:
		t.why()
	case Skip:
		t.skipOrMiss()
	case Resume:
		t.resume()
	case Human:
		t.answer(topicHuman)
	case Bot:
		t.say(t.phrase("human.back"), nil)
		t.resume()
	case Stop:
		t.stop()
	case Quit:
		t.quit()
	case MyData:
		t.start("my-data", nil)
	case Erase:
		t.start("erase", nil)
	case ForSelf:
		t.forSelf()
	case ForOther:
		t.forOther(t.r.Other(t.u.Text))
	case Thanks:
		t.courtesy("thanks")
	case Greeting:
		t.courtesy("greeting")
	case Nod:
		t.nodded()
	default:
		t.missed()
	}
}

// menu shows what can be done, outside all flows.
func (t *turn) menu() {
	t.s.Stack, t.s.Picked = nil, nil
	t.start("menu", nil)
}

// goBack asks the question before the present one again.
func (t *turn) goBack() {
	t.s.Misses, t.s.Picked, t.s.Offers = 0, nil, nil
	for len(t.s.Back) > 0 {
		f := t.s.Back[len(t.s.Back)-1]
		t.s.Back = t.s.Back[:len(t.s.Back)-1]
		step := t.stepOf(f)
		if step == nil || !step.Kind.Asks() {
			continue
		}
		t.forgetSlot(step.Slot)
		t.stand(f)
		t.walk()
		return
	}
	t.say(t.phrase("back.none"), nil)
	t.resume()
}

// stand puts the talk at a place: within the flows under way when the flow is
// one of them, else in that flow above them.
func (t *turn) stand(f Frame) {
	if i := slices.IndexFunc(t.s.Stack, func(g Frame) bool { return g.Flow == f.Flow }); i >= 0 {
		t.s.Stack = t.s.Stack[:i+1]
		t.s.Stack[i] = f
		return
	}
	if len(t.s.Stack) == maxDepth {
		t.s.Stack = t.s.Stack[1:]
	}
	t.s.Stack = append(t.s.Stack, f)
}

func (t *turn) stepOf(f Frame) *Step {
	if flow := t.e.lib.Flow(f.Flow); flow != nil {
		return flow.Steps[f.Step]
	}
	return nil
}

// resume asks the open question, or shows the menu when there is none.
func (t *turn) resume() {
	t.s.Offers = nil
	if t.step() == nil {
		t.menu()
		return
	}
	t.walk()
}

// help explains the open question, or what can be done here.
func (t *turn) help() {
	step := t.waiting()
	if step == nil {
		if !t.answer("bot.help") {
			t.menu()
		}
		return
	}
	if len(step.Help) > 0 && len(t.s.Picked) == 0 { // it names the numbers of the whole list
		t.say(step.Help[min(t.s.Misses, len(step.Help)-1)], nil)
	}
	t.say(t.phrase("help.words"), nil)
	t.ask(step)
}

// why says what the open question is for, and asks it again.
func (t *turn) why() {
	step := t.waiting()
	if step == nil {
		t.help()
		return
	}
	reason := step.Why
	if reason == "" {
		reason = t.phrase("why")
	}
	t.say(reason, nil)
	t.ask(step)
}

func (t *turn) skipOrMiss() {
	switch step := t.waiting(); {
	case step == nil:
		t.resume()
	case step.Skippable || t.s.Misses >= 2 || len(t.s.Picked) > 0:
		t.skip(step)
	default:
		t.s.Misses++
		t.say(t.phrase("skip.not"), nil)
		t.ask(step)
	}
}

// stop leaves the flow under way and, by the effect of its topic, makes sure
// that nobody writes first.
func (t *turn) stop() {
	t.s.Stack, t.s.Picked, t.s.Offers = nil, nil, nil
	t.answer("notify.off")
}

// quit leaves the flow under way and nothing more.
func (t *turn) quit() {
	t.s.Stack, t.s.Picked, t.s.Offers = nil, nil, nil
	t.say(t.phrase("quit"), nil, t.offer([]string{"do:restart"})...)
}

// nodded is kind about a "vâng" or a thumb up that answers nothing: what can be
// done next stays in sight.
func (t *turn) nodded() {
	if t.step() != nil {
		t.askAgain()
		return
	}
	t.s.Misses = 0
	t.say(t.phrase("nod"), nil, t.offer(t.s.Offers)...)
}

func (t *turn) courtesy(phrase string) {
	if t.step() != nil {
		t.say(t.phrase(phrase), nil)
		t.askAgain()
		return
	}
	if phrase == "greeting" {
		t.say(t.phrase(phrase), nil)
		t.menu()
		return
	}
	t.say(t.phrase(phrase), nil)
}

// forOther makes the talk about somebody else; what they answer stays apart
// from what is known of the one who writes.
func (t *turn) forOther(who string) {
	if who == "" {
		who = t.phrase("other.someone")
	}
	t.s.For, t.s.Theirs = cut(who, 20), nil
	t.say(t.phrase("other.begun"), nil)
	t.askAnew()
}

func (t *turn) forSelf() {
	t.s.For, t.s.Theirs = "", nil
	t.say(t.phrase("other.ended"), nil)
	t.askAnew()
}

// askAnew goes through the journey under way from its beginning: its questions
// are about another person now.
func (t *turn) askAnew() {
	t.s.Misses, t.s.Picked, t.s.Back = 0, nil, nil
	if flow := t.flow(); flow != nil {
		t.goTo(flow.Start)
	}
	t.resume()
}

// noteOther makes a journey about somebody else when the text that asks for
// it says so.
func (t *turn) noteOther() {
	if who := t.r.Other(t.u.Text); who != "" && t.s.For == "" {
		t.s.For, t.s.Theirs = cut(who, 20), nil
		t.say(t.phrase("other.begun"), nil)
	}
}
