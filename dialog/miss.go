package dialog

import (
	"slices"
	"strings"
)

// missed says what was not understood. Inside a flow the help of the question
// grows; outside, the nearest topics are offered; after two misses a human.
func (t *turn) missed() {
	m := t.mean()
	t.s.Misses++
	if step := t.waiting(); step != nil {
		t.missedAnswer(step, m)
		return
	}
	if t.stale && t.step() != nil { // they answered a question that is gone
		t.s.Misses = 0
		t.walk()
		return
	}
	if m.OffTopic {
		t.emit(Event{Type: TextRefused, Score: m.Score})
		t.say(t.phrase("refuse"), nil, t.offer([]string{"flow:support", "flow:loan", "human.talk"})...)
		return
	}
	t.emit(Event{Type: TextMissed, Score: m.Score})
	ids := nearest(m)
	if len(ids) == 0 {
		ids = []string{"flow:support", "flow:loan", "bot.help"}
	}
	if t.s.Misses >= 2 {
		ids = append(ids, "human.talk")
	}
	t.say(t.again("miss", t.s.Misses), nil, t.offer(unique(ids))...)
}

func (t *turn) missedAnswer(step *Step, m *Meaning) {
	f := *t.frame()
	// What only looks foreign may be an answer in words we don't know; a
	// question that is none of our business is none here either.
	if m.OffTopic && m.Question {
		t.emit(Event{Type: TextRefused, Flow: f.Flow, Step: step.ID, Score: m.Score})
		t.say(t.phrase("refuse.short"), nil)
	} else {
		t.emit(Event{Type: TextMissed, Flow: f.Flow, Step: step.ID, Score: m.Score})
		t.say(t.again("miss.answer", t.s.Misses), nil)
	}
	if len(step.Help) > 0 {
		t.say(step.Help[min(t.s.Misses, len(step.Help))-1], nil)
	}
	t.ask(step)
}

func unique(ids []string) []string {
	var out []string
	for _, id := range ids {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

func sorted(v Values) []string {
	names := make([]string, 0, len(v))
	for name := range v {
		if !strings.HasPrefix(name, theirs) && name != PickedSoFar {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
