package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"nghe/dialog"
)

// Cases is where humans take talks in hand. Package handoff has it. All methods
// are harmless when called again.
type Cases interface {
	// Held says how a contact is held, as far as it is known without asking the
	// records: for a contact whose session is not known, and may have been lost.
	Held(c Contact) Hold
	// File files what was said in a turn with a case.
	File(ctx context.Context, who Contact, id, turn string, said []Bubble) error
	// Takes says what becomes of something that is no words, said within a flow, ""
	// outside of any; it asks for nothing.
	Takes(ctx context.Context, who Contact, m Media, flow, turn string, at time.Time) (Taking, error)
	// Keep keeps the file that came with a turn, once. False: no case has that
	// turn.
	Keep(ctx context.Context, who Contact, turn string, f File, at time.Time) (bool, error)
	// Alarm says that the person spoke of danger.
	Alarm(ctx context.Context, id, turn string, at time.Time) error
	// End ends the case of a contact, who wants the bot back; afterwards nobody
	// has the talk in hand.
	End(ctx context.Context, who Contact, at time.Time) (ended bool, err error)
	// Own gives a contact's cases, for them to have.
	Own(ctx context.Context, who Contact, now time.Time) ([]CaseData, error)
}

// The effects by which a turn tells Cases; flows can't ask for them.
const (
	effectFile  = "case-file"
	effectAlarm = "case-alarm"
)

const (
	flowErase = "erase"
	topicStop = "notify.off"
	tapBot    = "do:bot"
)

// TapDuty begins what the buttons of counsellors send.
const TapDuty = "duty:"

// forDuty says whether a message may be a counsellor's, on duty or not: going
// on duty is one.
func forDuty(hold Hold, in Incoming) bool {
	return hold.Kind == HoldDuty || strings.HasPrefix(in.Tap, TapDuty) || in.Tap == "" && strings.HasPrefix(in.Text, "/")
}

// found sets a hold that a session has lost, and says whether there was one.
func (t *Turns) found(ctx context.Context, loaded Loaded, in Incoming) (bool, error) {
	if t.Cases == nil || loaded.Version != 0 {
		return false, nil
	}
	h := t.Cases.Held(in.Contact)
	if h.Kind == "" {
		return false, nil
	}
	if err := t.Sessions.Hold(ctx, in.Contact, h, in.At); err != nil {
		return false, fmt.Errorf("hold the talk: %w", err)
	}
	return true, nil
}

// answer decides a turn by who has the talk in hand: the engine answers, but
// for what is in a human's hand.
func (t *Turns) answer(ctx context.Context, brain Brain, session dialog.Session, hold Hold, in Incoming, log *slog.Logger) (decision, error) {
	if t.Duty != nil && forDuty(hold, in) {
		if d, mine, err := t.duty(ctx, session, in); mine || err != nil {
			return d, err
		}
	}
	switch {
	case hold.Kind == HoldWaiting || hold.Kind == HoldClaimed:
		if t.Cases == nil {
			break
		}
		if in.Tap == tapBot || in.Tap == "" && in.Text != "" && brain.Reader.Command(in.Text) == dialog.Bot {
			// With nobody holding it any more the engine obeys.
			if _, err := t.Cases.End(ctx, in.Contact, in.At); err != nil {
				return decision{}, fmt.Errorf("end the case: %w", err)
			}
			return decision{}, ErrConflict
		}
		if hold.Kind == HoldClaimed {
			return t.quiet(ctx, brain, session, hold, in, log)
		}
	}
	return t.decide(ctx, brain, session, in, log)
}

// duty lets a counsellor's words go to their people.
func (t *Turns) duty(ctx context.Context, session dialog.Session, in Incoming) (d decision, mine bool, err error) {
	said, mine, err := t.Duty(ctx, in)
	if err != nil || !mine {
		return d, mine, err
	}
	d.session, d.frank = session, true
	d.hear(in)
	for _, m := range said {
		d.say(in, m)
	}
	return d, true, nil
}

// quiet is a turn in a talk that a human has in hand: what the person says is
// kept and filed, and nothing is answered. But what can't wait for a human is
// done at once: deleting, stopping what is told unasked, and whom to call in
// danger.
func (t *Turns) quiet(ctx context.Context, brain Brain, session dialog.Session, hold Hold, in Incoming, log *slog.Logger) (decision, error) {
	erasing := erases(session) || strings.HasPrefix(in.Tap, flowErase+"/") || in.Tap == "flow:"+flowErase
	command := dialog.NoCommand
	if in.Tap == "" && in.Text != "" {
		command = brain.Reader.Command(in.Text)
	}
	if erasing || command == dialog.Erase {
		d, err := t.decide(ctx, brain, session, in, log)
		d.onlyErasing()
		return d, err
	}
	d := decision{session: session, frank: true}
	d.hear(in)
	if in.Tap != "" || in.Text == "" {
		return d, nil
	}
	if command == dialog.Stop {
		return d, t.stopTelling(ctx, brain, &d, in)
	}
	if m := brain.Reader.Meaning(in.Text); m.Outcome == dialog.Handoff {
		if topic := brain.Library.Topic(m.Target); topic != nil {
			d.say(in, dialog.Message{Text: brain.fill(topic.Text, session.Mine[slotAddress].Text())})
		}
		d.effects = append(d.effects, effect{Name: effectAlarm, Turn: in.Turn(), At: in.At, Case: hold.Case})
	}
	return d, nil
}

// stopTelling does what the person says who wants to be told nothing unasked;
// the talk stands where it stood.
func (t *Turns) stopTelling(ctx context.Context, brain Brain, d *decision, in Incoming) error {
	topic := brain.Library.Topic(topicStop)
	if topic == nil {
		return nil
	}
	d.say(in, dialog.Message{Text: brain.fill(topic.Text, d.session.Mine[slotAddress].Text())})
	if topic.Effect == "" {
		return nil
	}
	e, err := t.effect(ctx, brain, topic.Effect, d.session, in)
	if err == nil {
		d.effects = append(d.effects, e)
	}
	return err
}

// erases says whether the person is being asked if all shall be deleted.
func erases(s dialog.Session) bool {
	n := len(s.Stack)
	return n > 0 && s.Stack[n-1].Flow == flowErase
}

// onlyErasing takes away what the bot would say after the question of deleting
// was answered with no: it is not its turn.
func (d *decision) onlyErasing() {
	said, before, ended := 0, 0, false
	for _, ev := range d.events {
		switch {
		case ev.Type == dialog.MessageSaid:
			if said++; !ended {
				before++
			}
		case ev.Type == dialog.FlowEnded && ev.Flow == flowErase:
			ended = true
		}
	}
	if ended && !d.erase {
		d.bubbles = d.bubbles[:len(d.bubbles)-said+before]
	}
}

// file has what was said filed with the case, after the commit.
func (d *decision) file(hold Hold, in Incoming) (filed bool) {
	if d.erase || hold.Kind != HoldWaiting && hold.Kind != HoldClaimed {
		return false
	}
	said := effect{Name: effectFile, Turn: in.Turn(), At: in.At, Case: hold.Case, Said: d.bubbles}
	d.effects = append([]effect{said}, d.effects...)
	return true
}

// keepFile keeps the file of a turn, before anybody is told that it is there. A
// turn that was filed and whose file was not kept is to be handled again.
func (t *Turns) keepFile(ctx context.Context, in Incoming, filed bool) error {
	if in.File == nil || t.Cases == nil {
		return nil
	}
	kept, err := t.Cases.Keep(ctx, in.Contact, in.Turn(), *in.File, in.At)
	if err == nil && filed && !kept {
		err = errors.New("the turn is not filed yet")
	}
	if err != nil {
		return fmt.Errorf("keep the file: %w", err)
	}
	return nil
}

// tellCases carries out what a turn has for Cases.
func (t *Turns) tellCases(ctx context.Context, c Contact, e effect) error {
	if t.Cases == nil {
		return nil
	}
	if e.Name == effectAlarm {
		return t.Cases.Alarm(ctx, e.Case, e.Turn, e.At)
	}
	return t.Cases.File(ctx, c, e.Case, e.Turn, e.Said)
}
