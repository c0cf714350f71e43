package daily

import (
	"slices"
	"time"

	"nghe/bot"
	"nghe/dialog"
)

// Turn adds what a kept turn counts. Zone is the province's.
func (c Counts) Turn(k bot.Kept, zone *time.Location) {
	t := turn{Kept: k, counts: c, zone: zone, day: DayOf(k.In.At.In(zone)), version: k.Brain.Library.ReleaseID()}
	t.add(Turns, "")
	if k.Human {
		t.add(HumanTurns, "")
		return
	}
	t.place = agreedPlace(k)
	t.conversation()
	t.begin()
	for i := range k.Events {
		t.event(&k.Events[i])
	}
	t.end()
}

// turn is one turn being counted. It lives on the stack: counting must not cost.
type turn struct {
	bot.Kept
	counts         Counts
	zone           *time.Location
	day            Day
	version, place string

	questions [deep]dialog.Frame // that stand open, of all flows under way
	flows     [deep]string       // under way
	asked     int
	under     int
}

// deep is more flows, and open questions, than one turn goes through; what is
// deeper is not counted.
const deep = 16

func (t *turn) add(kind Kind, what string) {
	t.counts[Key{Day: t.day, Kind: kind, Channel: t.In.Contact.Channel, What: what}]++
}

func (t *turn) addPlaced(kind Kind, what string) {
	t.counts[Key{Day: t.day, Kind: kind, Channel: t.In.Contact.Channel, What: what, Place: t.place}]++
}

func (t *turn) addFlow(kind Kind, flow, place string) {
	t.counts[Key{Day: t.day, Kind: kind, Channel: t.In.Contact.Channel, What: flow, Version: t.version, Place: place}]++
}

func (t *turn) addStep(kind Kind, f dialog.Frame) {
	t.counts[Key{Day: t.day, Kind: kind, Channel: t.In.Contact.Channel, What: f.Flow, Step: f.Step, Version: t.version}]++
}

// The slots by which a person agrees to be remembered, and where they live.
const (
	slotConsent = "consent"
	slotPlace   = "place"
)

// agreedPlace gives the commune of who agreed to have it kept.
func agreedPlace(k bot.Kept) string {
	if k.After.Mine[slotConsent].Text() != "yes" {
		return ""
	}
	return k.After.Mine[slotPlace].Text()
}

// conversation counts a contact on the first turn of its day: the session knows
// when it was last answered, on whichever process that was.
func (t *turn) conversation() {
	seen := func(s dialog.Session) Day { return DayOf(time.Unix(s.Seen, 0).In(t.zone)) }
	if seen(t.After) == t.day && (t.Before.Seen == 0 || seen(t.Before) < t.day) {
		t.addPlaced(Conversations, "")
	}
}

// begin notes what stood open before.
func (t *turn) begin() {
	for _, f := range t.Before.Stack {
		t.enter(f.Flow)
		if t.Brain.Engine.Open(t.Before, f) {
			t.put(f)
		}
	}
}

func (t *turn) step(f dialog.Frame) *dialog.Step {
	if flow := t.Brain.Library.Flow(f.Flow); flow != nil {
		return flow.Steps[f.Step]
	}
	return nil
}

func (t *turn) event(ev *dialog.Event) {
	switch ev.Type {
	case dialog.FlowStarted:
		t.addFlow(FlowsStarted, ev.Flow, t.place)
		t.enter(ev.Flow)
	case dialog.FlowEnded:
		t.addFlow(FlowsEnded, ev.Flow, t.place)
		t.leaveBegun(ev.Flow)
		t.pass(ev.Flow)
	case dialog.FlowMoved:
		// The question is another from now on; what came to the old one is told
		// with the old content.
		t.close(dialog.Frame{Flow: ev.Flow, Step: ev.Step})
	case dialog.QuestionPut:
		t.questionPut(dialog.Frame{Flow: ev.Flow, Step: ev.Step})
	case dialog.SlotFilled:
		t.slotFilled(ev)
	case dialog.TextMissed:
		t.add(TextsMissed, "")
		if ev.Step != "" {
			t.addStep(StepsMissed, dialog.Frame{Flow: ev.Flow, Step: ev.Step})
		}
	case dialog.TextRefused:
		t.add(TextsRefused, "")
	case dialog.TopicsOffered:
		t.add(TopicsOffered, ev.Topic)
	case dialog.TopicAnswered:
		t.add(TopicsTold, ev.Topic)
	case dialog.DangerSeen:
		t.add(DangersSeen, ev.Topic)
	case dialog.EffectAsked:
		t.addPlaced(Effects, ev.Effect)
	case dialog.MessageSaid:
		for _, fact := range ev.Facts {
			t.add(FactsTold, fact)
		}
		for _, p := range ev.Advised {
			t.addPlaced(Programmes, p)
		}
	}
}

// questionPut counts who comes to a question: not who hears it once more.
func (t *turn) questionPut(f dialog.Frame) {
	if slices.Contains(t.questions[:t.asked], f) {
		return
	}
	t.pass(f.Flow)
	t.addStep(StepsCame, f)
	t.put(f)
}

// slotFilled counts the answer to an open question, however it was given.
func (t *turn) slotFilled(ev *dialog.Event) {
	for i := t.asked - 1; i >= 0; i-- {
		f := t.questions[i]
		if step := t.step(f); step == nil || step.Slot != ev.Slot {
			continue
		}
		kind := StepsAnswered
		if ev.Value.IsSkipped() {
			kind = StepsSkipped
		}
		t.addStep(kind, f)
		t.close(f)
	}
}

// end counts what does not stand open any more although nothing answered or ended
// it, and what stands open again because an answer was forgotten.
func (t *turn) end() {
	for _, f := range t.After.Stack {
		if t.Brain.Engine.Open(t.After, f) && !slices.Contains(t.questions[:t.asked], f) {
			t.addStep(StepsCame, f)
			t.put(f)
		}
	}
	for _, f := range t.questions[:t.asked] {
		under := slices.ContainsFunc(t.After.Stack, func(g dialog.Frame) bool { return g.Flow == f.Flow })
		switch {
		case slices.Contains(t.After.Stack, f) && t.Brain.Engine.Open(t.After, f):
		case under:
			t.addStep(StepsPassed, f)
		default:
			t.addStep(StepsLeft, f)
		}
	}
	for _, f := range t.After.Stack {
		t.leaveBegun(f.Flow)
	}
	for _, flow := range t.flows[:t.under] {
		t.addFlow(FlowsLeft, flow, "")
	}
}

// pass counts open questions of a flow that the talk is no longer at.
func (t *turn) pass(flow string) {
	for i := t.asked - 1; i >= 0; i-- {
		if f := t.questions[i]; f.Flow == flow {
			t.addStep(StepsPassed, f)
			t.close(f)
		}
	}
}

func (t *turn) put(f dialog.Frame) {
	// The same question may stand under two flows; to who reads it it is one.
	if t.asked < deep && !slices.Contains(t.questions[:t.asked], f) {
		t.questions[t.asked] = f
		t.asked++
	}
}

func (t *turn) close(f dialog.Frame) {
	if i := slices.Index(t.questions[:t.asked], f); i >= 0 {
		copy(t.questions[i:], t.questions[i+1:t.asked])
		t.asked--
	}
}

func (t *turn) enter(flow string) {
	if t.under < deep {
		t.flows[t.under] = flow
		t.under++
	}
}

// leaveBegun takes away a flow that is under way. One that is not was over, and
// was gone back into: that begins it again.
func (t *turn) leaveBegun(flow string) {
	i := slices.Index(t.flows[:t.under], flow)
	if i < 0 {
		t.addFlow(FlowsStarted, flow, t.place)
		return
	}
	copy(t.flows[i:], t.flows[i+1:t.under])
	t.under--
}
