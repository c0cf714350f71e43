package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"nghe/crash"
	"nghe/dialog"
)

// The effects that Turns knows by itself.
const (
	EffectKeep     = "keep-profile"     // the person agreed that we remember them; the outcome may be waited for
	EffectWithdraw = "withdraw-consent" // they don't agree any more
	EffectExport   = "export"           // they want their data; the outcome is spoken
	EffectErase    = dialog.EffectErase // they want everything deleted; the outcome is spoken
)

// Effects are all of them, for checks of the content.
var Effects = [...]string{EffectKeep, EffectWithdraw, EffectExport, EffectErase}

// Effect is something that another room does for a flow, in its records, and
// whose outcome is spoken. It may be asked for again with the same Turn: then
// it changes nothing and gives what it gave before.
type Effect func(ctx context.Context, asked Asked) (dialog.Values, error)

// Asked is what an Effect needs.
type Asked struct {
	Contact Contact
	Turn    string // id of the turn: the key under which it is done once
	// Slots are what is known of the person that the talk is about, For who
	// that is to the one who writes; "" = themself.
	Slots dialog.Values
	For   string
	At    time.Time
	// Left is where the talk was when the flow that asks was begun; the zero
	// value: nowhere, or where nothing waits for the outcome.
	Left dialog.Frame
	// Text is what was typed in this turn, line by line; "" for a tap, and
	// where nothing waits for the outcome.
	Text string
	// Words gives the question of a step of a flow as the person read it: what
	// they said yes to.
	Words func(ctx context.Context, flow, step string) (string, error)
}

// effect is something to be done after the commit, kept with it until it was
// done. It holds all that it needs: it may be carried out by another process.
type effect struct {
	Name    string        `json:"name"`
	Turn    string        `json:"turn,omitempty"`
	At      time.Time     `json:"at"`
	Words   string        `json:"words,omitempty"`
	Profile dialog.Values `json:"profile,omitempty"`
	Case    string        `json:"case,omitempty"`
	Said    []Bubble      `json:"said,omitempty"`
}

// effect prepares what is done after the commit.
func (t *Turns) effect(ctx context.Context, brain Brain, name string, s dialog.Session, in Incoming) (effect, error) {
	e := effect{Name: name, Turn: in.Turn(), At: in.At}
	if name == EffectKeep {
		words, err := t.consentWords(ctx, brain, s, in)
		if err != nil {
			return effect{}, err
		}
		e.Words, e.Profile = words, brain.Engine.Profile(s)
	}
	return e, nil
}

// The question whether a profile may be kept.
const (
	flowConsent = "remember"
	slotConsent = "consent"
)

// consentWords gives what the person said yes to when their profile is kept.
func (t *Turns) consentWords(ctx context.Context, brain Brain, s dialog.Session, in Incoming) (string, error) {
	flow := brain.Library.Flow(flowConsent)
	if flow == nil {
		return "", nil
	}
	for _, step := range flow.Steps {
		if step.Slot == slotConsent {
			return t.words(ctx, brain, s, in, flow.ID, step.ID)
		}
	}
	return "", nil
}

// words gives a question as the person read it; as the content words it now
// when that bubble is gone, "" when the question is.
func (t *Turns) words(ctx context.Context, brain Brain, s dialog.Session, in Incoming, flow, step string) (string, error) {
	f := brain.Library.Flow(flow)
	if f == nil || f.Steps[step] == nil {
		return "", nil
	}
	words := f.Steps[step].Text
	read, err := t.asked(ctx, in, flow+"/"+step+"=")
	if err != nil {
		return "", err
	}
	if read != "" {
		words = read
	}
	for name, word := range brain.Library.Form(s.Mine[slotAddress].Text()) {
		words = strings.ReplaceAll(words, "{"+name+"}", word)
	}
	return strings.TrimSpace(words), nil
}

// asked gives the last question that was read whose options send taps that
// begin so; "" when it is not there any more. It was mostly asked a moment ago.
func (t *Turns) asked(ctx context.Context, in Incoming, taps string) (words string, err error) {
	const moment = 8 // bubbles
	for _, after := range []int64{max(0, in.before-moment), 0} {
		bubbles, err := t.Sessions.Bubbles(ctx, in.Contact, after, in.At)
		if err != nil {
			return "", fmt.Errorf("read bubbles: %w", err)
		}
		for _, b := range bubbles {
			if len(b.Options) > 0 && strings.HasPrefix(b.Options[0].Tap, taps) {
				words = b.Text
			}
		}
		if words != "" || after == 0 {
			break
		}
	}
	return words, nil
}

// carryOut does an effect whose outcome is spoken. Doing it again is harmless:
// the turn may be decided anew.
func (t *Turns) carryOut(ctx context.Context, brain Brain, name string, s dialog.Session, in Incoming) (dialog.Values, error) {
	crash.Point("effect.requested")
	switch name {
	case EffectErase:
		return nil, t.erasePerson(ctx, in.Contact, in.Turn(), in.At)
	case EffectKeep:
		e, err := t.effect(ctx, brain, name, s, in)
		if err != nil {
			return nil, err
		}
		return nil, t.People.Keep(ctx, in.Contact, Keeping{Words: e.Words, Profile: e.Profile, At: e.At})
	case EffectExport:
		return t.exported(ctx, brain, in)
	}
	do := t.Effects[name]
	if do == nil {
		return nil, fmt.Errorf("no effect %q has an outcome", name)
	}
	return do(ctx, Asked{
		Contact: in.Contact, Turn: in.Turn(), Slots: brain.Engine.Answers(s), For: s.For, At: in.At, Text: in.lines, Left: left(s),
		Words: func(ctx context.Context, flow, step string) (string, error) {
			return t.words(ctx, brain, s, in, flow, step)
		},
	})
}

// left gives the place in the talk below the flow under way.
func left(s dialog.Session) dialog.Frame {
	if n := len(s.Stack); n > 1 {
		return s.Stack[n-2]
	}
	return dialog.Frame{}
}

// exported tells the person where their data is, or tells the data.
func (t *Turns) exported(ctx context.Context, brain Brain, in Incoming) (dialog.Values, error) {
	if t.DataLink != nil {
		if link := t.DataLink(in.Contact); link != "" {
			return dialog.Values{
				"export": dialog.Text(brain.Library.Phrase(PhraseExportLink)[0]),
				"link":   dialog.Text(link),
			}, nil
		}
	}
	data, err := t.Export(ctx, in.Contact, in.At)
	if err != nil {
		return nil, err
	}
	return dialog.Values{
		"export": dialog.Text(brain.Library.Phrase(PhraseExportText)[0]),
		"text":   dialog.Text(data.lines()),
	}, nil
}

// applyAfter applies what a turn just committed. A failure is not the
// person's concern: it is done again before their next turn.
func (t *Turns) applyAfter(ctx context.Context, c Contact, version int64, effects []effect, log *slog.Logger) {
	if len(effects) == 0 {
		return
	}
	raw, err := encodeEffects(effects)
	if err == nil {
		err = t.apply(ctx, c, version, raw, log)
	}
	if err != nil {
		log.Error("effects wait for the next turn", "error", err)
	}
}

// apply carries out kept effects and forgets them. Every one of them may be
// done twice without harm.
func (t *Turns) apply(ctx context.Context, c Contact, version int64, raw []byte, log *slog.Logger) error {
	var effects []effect
	if err := json.Unmarshal(raw, &effects); err != nil {
		log.Error("effects can't be read: given up", "error", err)
	}
	for _, e := range effects {
		var err error
		switch e.Name {
		case EffectKeep:
			err = t.People.Keep(ctx, c, Keeping{Words: e.Words, Profile: e.Profile, At: e.At})
		case EffectWithdraw:
			err = t.People.Withdraw(ctx, c, e.At)
		case effectFile, effectAlarm:
			err = t.tellCases(ctx, c, e)
		case EffectErase:
			err = t.erasePerson(ctx, c, fmt.Sprintf("erase-%d", version), e.At)
		default:
			if do := t.Effects[e.Name]; do != nil {
				_, err = do(ctx, Asked{Contact: c, Turn: e.Turn, At: t.local(e.At), Words: noWords})
				break
			}
			log.Error("effect is not known: left out", "effect", e.Name)
		}
		if err != nil {
			return fmt.Errorf("effect %s: %w", e.Name, err)
		}
	}
	if err := t.Sessions.Applied(ctx, c, version); err != nil {
		return fmt.Errorf("forget applied effects: %w", err)
	}
	return nil
}

// noWords is for effects that nothing waits for: they know only who and when.
func noWords(context.Context, string, string) (string, error) { return "", nil }

// Sweep applies what was left when the program ended in the middle of turns.
// Call it at the start; it stops at the first store error.
func (t *Turns) Sweep(ctx context.Context, now time.Time) error {
	const atATime = 100
	for {
		contacts, err := t.Sessions.Pending(ctx, atATime)
		if err != nil {
			return fmt.Errorf("look for effects left: %w", err)
		}
		for _, c := range contacts {
			if err := t.sweep(ctx, c, now); err != nil {
				return err
			}
		}
		if len(contacts) < atATime {
			return nil
		}
	}
}

func (t *Turns) sweep(ctx context.Context, c Contact, now time.Time) error {
	leave, err := t.lanes.enter(ctx, c)
	if err != nil {
		return err
	}
	defer leave()
	_, err = t.load(ctx, Incoming{Contact: c, At: now}, t.Log.With("contact", c.String()))
	return err
}

func encodeEffects(effects []effect) ([]byte, error) {
	if len(effects) == 0 {
		return nil, nil
	}
	raw, err := json.Marshal(effects)
	if err != nil {
		return nil, fmt.Errorf("encode effects: %w", err)
	}
	return raw, nil
}
