package bot

import (
	"context"
	"time"

	"nghe/dialog"
)

// Relay puts a human's words into a talk: it goes on where it stood. It is a
// turn of its own: relayed twice under the same name, it is there once.
func (t *Turns) Relay(ctx context.Context, c Contact, name string, bubbles []Bubble, now time.Time) error {
	return t.put(ctx, c, name, now, func(_ Brain, session dialog.Session, in Incoming) decision {
		d := decision{session: session}
		d.add(in, bubbles)
		return d
	})
}

// Return puts the last words of a human into a talk, and after them the
// question that was left, if one is open. The options can be typed as well as
// tapped when none is. As Relay, it is there once.
func (t *Turns) Return(ctx context.Context, c Contact, name string, bubbles []Bubble, now time.Time) error {
	return t.put(ctx, c, name, now, func(brain Brain, session dialog.Session, in Incoming) decision {
		d := decision{session: session}
		d.add(in, bubbles)
		if len(session.Stack) == 0 {
			d.offer(bubbles)
			return d
		}
		u := dialog.Utterance{At: in.At}
		if t.Shares != nil {
			u.Shares = t.Shares(c)
		}
		var events []dialog.Event
		d.session, events = brain.Engine.Again(session, u)
		for _, ev := range events {
			if ev.Type == dialog.MessageSaid {
				d.say(in, *ev.Message)
			}
		}
		d.endBy(brain.Engine.PrivateUntil(session, in.At))
		return d
	})
}

// add notes what somebody else says in a turn.
func (d *decision) add(in Incoming, bubbles []Bubble) {
	for _, b := range bubbles {
		b.At, b.Turn = in.At, in.Turn()
		d.bubbles = append(d.bubbles, b)
	}
}

// offer remembers the options of bubbles, so that they can be typed.
func (d *decision) offer(bubbles []Bubble) {
	d.session.Offers = nil
	for _, b := range bubbles {
		for _, o := range b.Options {
			d.session.Offers = append(d.session.Offers, o.Tap)
		}
	}
}
