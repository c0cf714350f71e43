package dialog

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sawDanger answers a person in danger before anything else: the number to
// call and who can help, no menu, no question.
func (t *turn) sawDanger() bool {
	m := t.mean()
	if m.Outcome != Handoff {
		return false
	}
	topic := t.e.lib.Topic(m.Target)
	if topic == nil {
		return false
	}
	t.danger = true
	t.s.Misses = 0
	t.emit(Event{Type: DangerSeen, Topic: topic.ID})
	t.say(topic.Text, topic.Facts)
	if topic.Effect != "" {
		t.emit(Event{Type: EffectAsked, Effect: topic.Effect})
		t.say(t.phrase("danger.told"), nil)
	}
	return true
}

// worried asks kindly, with the numbers, when a text that is no answer may be of
// somebody in danger. What was open stays open.
func (t *turn) worried() bool {
	m := t.mean()
	topic := t.e.lib.Topic(m.Worry)
	if topic == nil || m.Outcome == Answer {
		return false
	}
	t.s.Misses = 0
	t.emit(Event{Type: DangerSeen, Topic: topic.ID})
	if t.step() == nil {
		t.say(topic.Text, topic.Facts, t.offer(topic.Offers)...)
	} else {
		t.say(topic.Text, topic.Facts)
	}
	return true
}

// digressed answers a question of the person's own, or starts the journey they
// ask for, and then asks the open question again.
func (t *turn) digressed() bool {
	m := t.mean()
	switch m.Outcome {
	case Answer:
		if flow, ok := strings.CutPrefix(m.Target, flowPrefix); ok {
			t.noteOther()
			t.s.Misses = 0
			t.start(flow, m.Slots)
			return true
		}
		return t.answerScored(m.Target, m.Score, m.Beside)
	case Offer:
		return t.offered(m)
	}
	return false
}

func (t *turn) answer(topic string) bool { return t.answerScored(topic, 1, "") }

// answerScored tells a topic. Inside a flow the open question is asked again;
// outside, what fits the topic is offered, and what was named beside it.
func (t *turn) answerScored(id string, score float64, beside string) bool {
	topic := t.e.lib.Topic(id)
	if topic == nil {
		return false
	}
	t.s.Misses = 0
	t.emit(Event{Type: TopicAnswered, Topic: id, Score: score})
	if topic.Effect != "" {
		t.emit(Event{Type: EffectAsked, Effect: topic.Effect})
	}
	if topic.Begins != "" {
		t.start(topic.Begins, nil)
		return true
	}
	if topic.Place {
		t.tellPlace()
	}
	if t.step() == nil {
		offers := t.fitting(topic)
		if beside != "" {
			offers = append(slices.Clip(offers), beside)
		}
		t.say(topic.Text, topic.Facts, t.offer(offers)...)
		return true
	}
	t.say(topic.Text, topic.Facts)
	if step := t.waiting(); step != nil && step.Once {
		t.accept(step, Skipped())
		return true
	}
	t.askAgain()
	return true
}

// fitting are the offers of a topic; when what it rests on is past its review
// date, a human comes first.
func (t *turn) fitting(topic *Topic) []string {
	if len(topic.Facts) == 0 || slices.Contains(topic.Offers, topicHuman) {
		return topic.Offers
	}
	if note, _ := t.e.lib.SourceNote(topic.Facts, t.u.At); !strings.Contains(note, t.phrase("source.lapsed")) {
		return topic.Offers
	}
	return append([]string{topicHuman}, topic.Offers...)
}

// topicHuman is the topic that asks for a human.
const topicHuman = "human.talk"

// tellPlace says to which present unit a place belongs that the person named.
func (t *turn) tellPlace() {
	ids, label, fit := t.r.Place(t.u.Text)
	if fit == None || len(ids) == 0 || len(ids) > maxNamed {
		return
	}
	var now []string
	for _, id := range ids {
		name := t.e.lib.ValueName(slotPlace, id)
		if name == label {
			return // it is a present unit
		}
		first, size := utf8.DecodeRuneInString(name)
		now = append(now, string(unicode.ToLower(first))+name[size:])
	}
	t.given["label"], t.given["now"] = Text(label), Text(strings.Join(now, ", "))
	if len(now) == 1 {
		t.say(t.phrase("place.now"), nil)
	} else {
		t.say(t.phrase("place.split"), nil)
	}
}

// slotPlace holds where somebody lives.
const slotPlace = "place"

// askAgain comes back to the open question after something else.
func (t *turn) askAgain() {
	step := t.step()
	if step == nil {
		return
	}
	if !step.Kind.Asks() {
		t.walk()
		return
	}
	t.say(t.phrase("question.again"), nil)
	t.walk()
}

// offered names the nearest topics when it is not clear which is meant.
func (t *turn) offered(m *Meaning) bool {
	if t.waiting() != nil && !m.Question {
		return false // more likely an answer that was not understood
	}
	near := nearest(m)
	if len(near) == 0 {
		return false
	}
	if t.step() != nil {
		near = append(near, "do:resume")
	}
	t.s.Misses = 0
	t.asked = true
	t.emit(Event{Type: TopicsOffered, Topic: near[0], Score: m.Score})
	t.say(t.phrase("topics.offer"), nil, t.offer(near)...)
	return true
}

// nearest gives at most three topics; none when nothing in the text says that
// it is about any.
func nearest(m *Meaning) []string {
	var ids []string
	if m.Score == 0 {
		return nil
	}
	for _, c := range m.Candidates[:min(3, len(m.Candidates))] {
		ids = append(ids, c.Topic)
	}
	return ids
}

// The prefixes of what can be offered besides topics.
const (
	flowPrefix    = "flow:"
	commandPrefix = "do:"
)

// cutFlow takes "flow:id?slot=value" apart; slot is "" without a value.
func cutFlow(id string) (flow, slot, value string) {
	flow, with, _ := strings.Cut(id[len(flowPrefix):], "?")
	slot, value, _ = strings.Cut(with, "=")
	return flow, slot, value
}

// offer makes options of topics, flows and commands, and remembers them so
// that a number or a label means one of them.
func (t *turn) offer(ids []string) []Option {
	var options []Option
	t.s.Offers = nil
	for _, id := range ids {
		if o := t.option(id); o.Label != "" && len(options) < maxOffers {
			options = append(options, o)
			t.s.Offers = append(t.s.Offers, id)
		}
	}
	return options
}

// option gives the option for an offer; without a label when it is gone.
func (t *turn) option(id string) Option { return OptionOf(t.e.lib, id) }

// OptionOf gives the option for an offer, "topic.id", "flow:id",
// "flow:id?slot=value" or "do:command", as a library has it now; without a
// label when it has not.
func OptionOf(lib Library, id string) Option {
	switch {
	case strings.HasPrefix(id, flowPrefix):
		name, slot, value := cutFlow(id)
		switch flow := lib.Flow(name); {
		case flow == nil:
		case slot == "":
			return Option{Label: flow.Title, Tap: id}
		// Taps come from outside: they may say what a journey is about, and
		// nothing else of the person. A value without a name is gone.
		case slices.Contains(flow.Fresh, slot):
			if label := lib.ValueName(slot, value); label != value {
				return Option{Label: label, Tap: id}
			}
		}
	case strings.HasPrefix(id, commandPrefix):
		return Option{Label: lib.Phrase("option." + id[len(commandPrefix):])[0], Tap: id}
	default:
		if topic := lib.Topic(id); topic != nil {
			return Option{Label: topic.Title, Tap: id}
		}
	}
	return Option{}
}

// tookOffer takes one of the things that were offered last.
func (t *turn) tookOffer() bool {
	if len(t.s.Offers) == 0 {
		return false
	}
	options := make([]Option, len(t.s.Offers))
	for i, id := range t.s.Offers {
		options[i] = t.option(id)
	}
	picks, fit := t.r.Options(t.u.Text, options, false)
	if fit != Exact || len(picks) != 1 {
		return false
	}
	t.takeUp(t.s.Offers[picks[0]])
	return true
}

// takeUp does what an offer names.
func (t *turn) takeUp(id string) {
	t.s.Offers = nil
	switch {
	case strings.HasPrefix(id, flowPrefix):
		t.s.Misses = 0
		name, slot, value := cutFlow(id)
		var known Values
		if slot != "" {
			known = Values{slot: Text(value)}
		}
		t.start(name, known)
	case strings.HasPrefix(id, commandPrefix):
		t.obey(Command(id[len(commandPrefix):]))
	default:
		t.answer(id)
	}
}
