package dialog

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Engine answers. It holds nothing that changes: one engine serves all
// talks at once, and another takes its place when the content changes.
type Engine struct {
	lib   Library
	funcs map[string]Func
}

// New makes an engine of the content and of the functions its flows name.
func New(lib Library, funcs map[string]Func) *Engine {
	return &Engine{lib: lib, funcs: funcs}
}

// Respond takes what the person said and gives the session as it is
// afterwards with everything that happened. It always says something.
//
// When the last event is EffectAsked with Wait, the talk waits for its
// outcome: carry it out and call Continue with the session given.
func (e *Engine) Respond(s Session, u Utterance, r Reader) (Session, []Event) {
	t := e.begin(s, u, r)
	t.s.Turns++
	t.wake()
	switch {
	case u.Shared != nil:
		t.shared()
	case u.Tap != "":
		t.tapped()
	default:
		t.heard()
	}
	return t.finish()
}

// Continue goes on after an effect with what it gave. The values can be used
// in the texts that follow. It says nothing when nothing was waiting.
func (e *Engine) Continue(s Session, u Utterance, r Reader, outcome Values) (Session, []Event) {
	t := e.begin(s, u, r)
	if step := t.step(); step != nil && step.Kind == Do && step.Wait {
		if step.Effect == EffectErase {
			t.forgetEverything()
		}
		t.learn(outcome)
		t.goTo(step.Next)
		t.walk()
	}
	return t.finish()
}

// learn takes what an effect gave. What has the name of a profile slot is what
// is kept of the one who writes from now on.
func (t *turn) learn(outcome Values) {
	for _, name := range sorted(outcome) {
		v := outcome[name]
		if slot := t.e.lib.Slot(name); slot == nil || !slot.Profile {
			t.given[name] = v
			continue
		}
		if t.s.Mine == nil {
			t.s.Mine = Values{}
		}
		t.s.Mine[name] = v
		t.emit(Event{Type: SlotFilled, Slot: name, Value: &v})
	}
}

// EffectErase is the one effect that the engine knows by name: afterwards the
// session knows nothing of the person.
const EffectErase = "erase"

// Profile gives the slots of the one who writes that may be kept beyond the
// session once they agreed.
func (e *Engine) Profile(s Session) Values {
	kept := Values{}
	for name, v := range s.Mine {
		if slot := e.lib.Slot(name); slot != nil && slot.Profile && !slot.Sensitive && v.Known() {
			kept[name] = v
		}
	}
	return kept
}

// Answers gives every slot of the person that the talk is about, and those of
// the one who writes that are always theirs.
func (e *Engine) Answers(s Session) Values {
	t := turn{e: e, s: s}
	all := Values{}
	for _, set := range []Values{s.Mine, s.Theirs, s.private} {
		for name := range set {
			name = strings.TrimPrefix(name, theirs)
			if v := t.Value(name); !v.IsZero() {
				all[name] = v
			}
		}
	}
	return all
}

// Open says whether a place in a flow is a question that nothing has answered yet.
func (e *Engine) Open(s Session, f Frame) bool {
	flow := e.lib.Flow(f.Flow)
	if flow == nil || flow.Steps[f.Step] == nil || !flow.Steps[f.Step].Kind.Asks() {
		return false
	}
	t := turn{e: e, s: s}
	return t.Value(flow.Steps[f.Step].Slot).IsZero()
}

// Remember gives a new session that knows what was kept.
func (e *Engine) Remember(kept Values) Session {
	return Session{Mine: maps.Clone(kept)}
}

// PrivateUntil says until when what is said at a moment may be kept, where it
// may tell a sensitive answer: while there are such answers, and while one is
// asked for. The zero time is nothing sensitive.
func (e *Engine) PrivateUntil(s Session, at time.Time) time.Time {
	if len(s.private) > 0 {
		return time.Unix(s.until, 0)
	}
	for _, f := range s.Stack {
		flow := e.lib.Flow(f.Flow)
		if flow == nil || flow.Steps[f.Step] == nil {
			continue
		}
		if slot := e.lib.Slot(flow.Steps[f.Step].Slot); slot != nil && slot.Sensitive {
			return at.Add(sensitiveFor)
		}
	}
	return time.Time{}
}

// turn is one utterance being worked on.
type turn struct {
	e *Engine
	s Session
	u Utterance
	r Reader

	events []Event
	given  Values // what functions and effects gave in this turn
	steps  int    // walked so far, against endless loops
	asked  bool   // a question or an offer was put at the end

	meaning *Meaning // of the text, read at most once
	danger  bool
	first   bool // nobody has introduced the bot yet
	looking bool // nobody is talked to: Look
	stale   bool // the question the person saw is gone: not an answer to the present one
}

func (e *Engine) begin(s Session, u Utterance, r Reader) *turn {
	s.Mine, s.Theirs, s.private = maps.Clone(s.Mine), maps.Clone(s.Theirs), maps.Clone(s.private)
	s.Stack, s.Back = slices.Clone(s.Stack), slices.Clone(s.Back)
	if picked, ok := s.private[PickedSoFar]; ok {
		s.Picked = picked.List()
		delete(s.private, PickedSoFar)
	}
	return &turn{e: e, s: s, u: u, r: r, given: Values{}, first: !s.Met, events: make([]Event, 0, 8)}
}

func (t *turn) finish() (Session, []Event) {
	if !t.waits() && !slices.ContainsFunc(t.events, said) {
		t.resume() // a journey whose every question was answered before, say
	}
	t.introduce()
	t.hidePicked()
	t.s.Release = t.e.lib.ReleaseID()
	t.s.Seen = t.u.At.Unix()
	return t.s, t.events
}

// waits says whether the turn stops for the outcome of an effect.
func (t *turn) waits() bool {
	return len(t.events) > 0 && t.events[len(t.events)-1].Wait
}

func said(ev Event) bool { return ev.Type == MessageSaid }

// introduce says once that this is a machine: after the answer to the first
// thing the person said, and before the question that ends the turn.
func (t *turn) introduce() {
	if t.s.Met || t.danger || t.waits() {
		return
	}
	t.s.Met = true
	m := &Message{Text: t.fill(t.phrase("intro"))}
	last := len(t.events) - 1
	for last > 0 && !said(t.events[last]) {
		last--
	}
	// A question stays the last thing said, and cards stay with their options.
	if end := t.events[last].Message; t.asked && t.step() != nil || end != nil && end.Show != nil {
		t.events = slices.Insert(t.events, last, Event{Type: MessageSaid, Message: m})
		return
	}
	before := *t.events[last].Message
	m.Options, before.Options = before.Options, nil
	t.events[last].Message = &before
	t.events = slices.Insert(t.events, last+1, Event{Type: MessageSaid, Message: m})
}

func (t *turn) emit(ev Event) { t.events = append(t.events, ev) }

// mean reads the text once.
func (t *turn) mean() *Meaning {
	if t.meaning == nil {
		m := t.r.Meaning(t.u.Text)
		t.meaning = &m
	}
	return t.meaning
}

// At and About make a turn the Scope of conditions and functions.
func (t *turn) At() time.Time { return t.u.At }

func (t *turn) About() string {
	if t.s.For != "" {
		return "other"
	}
	return "self"
}

// heard is the path of a typed text.
func (t *turn) heard() {
	if t.tookOffer() || t.tookExactAnswer() {
		return
	}
	if c := t.r.Command(t.u.Text); c != NoCommand {
		t.obey(c)
		return
	}
	if t.tookAnything() {
		return
	}
	t.learnAddress()
	t.learnTold()
	if t.sawDanger() || t.corrected() || t.volunteered() || t.tookAnswer() || t.worried() || t.digressed() {
		return
	}
	t.missed()
}
