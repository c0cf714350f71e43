package bot

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"nghe/dialog"
)

// decision is all that a turn will write.
type decision struct {
	session dialog.Session
	bubbles []Bubble // of the person, then of the bot
	effects []effect
	erase   bool
	frank   bool // said to a human: it is no answer to the bot's questions
	events  []dialog.Event
}

// maxOutcomes bounds how often one turn waits for the outcome of an effect.
const maxOutcomes = 4

// decide lets the engine answer and carries out what it waits for. The error
// is one of the stores; a panic of the engine is not an error but a kind
// sentence, with the session as it was.
func (t *Turns) decide(ctx context.Context, brain Brain, session dialog.Session, in Incoming, log *slog.Logger) (d decision, err error) {
	defer func() {
		if p := recover(); p != nil {
			log.Error("engine panicked", "panic", p, "stack", string(debug.Stack()))
			d, err = decision{session: session}, nil
			d.hear(in)
			d.say(in, dialog.Message{
				Text:    brain.Phrase(PhraseTurn, session.Mine[slotAddress].Text()),
				Options: []dialog.Option{{Label: brain.Phrase(phraseRestart, ""), Tap: tapRestart}},
			})
		}
	}()

	if in.Shared != nil {
		// What was sent goes only where it was asked for.
		in.Text = brain.Phrase(PhraseShared, session.Mine[slotAddress].Text())
	}
	d.hear(in)
	if in.shortened {
		d.say(in, dialog.Message{Text: brain.Phrase(PhraseLong, session.Mine[slotAddress].Text())})
	}
	if in.Media != nil && in.Text == "" && in.Tap == "" {
		d.session = session
		opens, err := t.media(ctx, brain, &d, in)
		if err != nil || !opens {
			return d, err
		}
		in.Tap = tapHuman
	}
	if in.Text == "" && in.Tap == "" {
		d.session = session
		d.say(in, dialog.Message{Text: brain.Phrase(PhraseEmpty, session.Mine[slotAddress].Text())})
		return d, nil
	}
	u := dialog.Utterance{Text: in.Text, Tap: in.Tap, Shared: in.Shared, At: in.At}
	if t.Shares != nil {
		u.Shares = t.Shares(in.Contact)
	}
	var events []dialog.Event
	d.session, events = brain.Engine.Respond(session, u, brain.Reader)
	for range maxOutcomes {
		waits, err := t.take(ctx, brain, &d, events, in, log)
		if err != nil {
			return decision{}, err
		}
		if waits == "" {
			return d, nil
		}
		outcome, err := t.carryOut(ctx, brain, waits, d.session, in)
		if err != nil {
			return decision{}, fmt.Errorf("effect %s: %w", waits, err)
		}
		d.session, events = brain.Engine.Continue(d.session, u, brain.Reader, outcome)
	}
	return d, nil
}

// take turns events into what is said and what is to be done, and gives the
// effect that the talk waits for, if any.
func (t *Turns) take(ctx context.Context, brain Brain, d *decision, events []dialog.Event, in Incoming, log *slog.Logger) (waits string, err error) {
	if d.events == nil {
		d.events = events // nearly always all of them
	} else {
		d.events = append(d.events, events...)
	}
	topic := ""
	for _, ev := range events {
		switch ev.Type {
		case dialog.TopicAnswered:
			topic = ev.Topic
		case dialog.MessageSaid:
			d.say(in, *ev.Message)
			d.bubbles[len(d.bubbles)-1].Topic = topic
		case dialog.ContentFailed:
			log.Error("content can't go on", "flow", ev.Flow, "step", ev.Step, "error", ev.Error)
		case dialog.EffectAsked:
			if ev.Effect == dialog.EffectErase {
				d.erase = true
				d.effects = nil
			}
			if ev.Wait {
				waits = ev.Effect
				continue
			}
			e, err := t.effect(ctx, brain, ev.Effect, d.session, in)
			if err != nil {
				return "", err
			}
			d.effects = append(d.effects, e)
		}
	}
	return waits, nil
}

// media asks kindly for a word in the place of what can't be read; the talk
// stands where it stood. Several things sent as one are answered once. What a
// human can look at goes to one: opens says that one is to be asked for.
func (t *Turns) media(ctx context.Context, brain Brain, d *decision, in Incoming) (opens bool, err error) {
	if in.Media.Group != "" {
		kept, err := t.Sessions.Bubbles(ctx, in.Contact, 0, in.At)
		if err != nil {
			return false, fmt.Errorf("read bubbles: %w", err)
		}
		for _, b := range kept {
			if b.Media != nil && b.Media.Group == in.Media.Group {
				return false, nil
			}
		}
	}
	address := d.session.Mine[slotAddress].Text()
	if t.Cases != nil && in.Media.Ref != "" {
		flow := ""
		if n := len(d.session.Stack); n > 0 {
			flow = d.session.Stack[n-1].Flow
		}
		taking, err := t.Cases.Takes(ctx, in.Contact, *in.Media, flow, in.Turn(), in.At)
		switch {
		case err != nil:
			return false, fmt.Errorf("ask who takes it: %w", err)
		case taking == TakenFiled:
			d.say(in, dialog.Message{Text: brain.Phrase(PhraseFiled, address)})
			return false, nil
		case taking == TakenOpens:
			d.say(in, dialog.Message{Text: brain.Phrase(PhraseVoiceHuman, address)})
			return true, nil
		}
	}
	phrase := PhraseMedia
	switch in.Media.Kind {
	case MediaVoice:
		phrase = PhraseVoice
	case MediaPhoto:
		phrase = PhrasePhoto
	case MediaLocation:
		phrase = PhraseLocation
	case MediaCard:
		phrase = PhraseCard
	}
	d.say(in, dialog.Message{
		Text:    brain.Phrase(phrase, address),
		Options: []dialog.Option{{Label: brain.Phrase(phraseMenu, ""), Tap: tapMenu}},
	})
	return false, nil
}

// hear notes what the person said.
func (d *decision) hear(in Incoming) {
	if in.Text == "" && in.Media == nil {
		return
	}
	d.bubbles = append(d.bubbles, Bubble{From: FromPerson, Text: in.Text, Media: in.Media, At: in.At, Turn: in.Turn()})
}

// endBy shortens the life of everything said in this turn; the zero time does
// not.
func (d *decision) endBy(until time.Time) {
	for i := range d.bubbles {
		if b := &d.bubbles[i]; !until.IsZero() && until.Before(b.Ends()) {
			b.Until = until
		}
	}
}

// say notes what is said to the person.
func (d *decision) say(in Incoming, m dialog.Message) {
	d.bubbles = append(d.bubbles, Bubble{
		From: FromBot, Text: m.Text, Lead: m.Lead, Show: m.Show, Options: m.Options, Sources: m.Sources, Form: m.Form, At: in.At, Turn: in.Turn(),
	})
}
