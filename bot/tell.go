package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Tell puts something that nobody asked for into a talk, where pages come for
// what was said. It is a turn of its own: told twice under the same name, it is
// there once. The options can be typed as well as tapped, unless a question is
// open.
func (t *Turns) Tell(ctx context.Context, c Contact, name string, bubbles []Bubble, now time.Time) error {
	leave, err := t.lanes.enter(ctx, c)
	if err != nil {
		return err
	}
	defer leave()
	in := Incoming{Contact: c, Update: name, At: now}
	log := t.Log.With("contact", c.String(), "turn", in.Turn())
	for range maxTries {
		if err = t.tell(ctx, in, bubbles, log); !errors.Is(err, ErrConflict) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("tell: %w", err)
	}
	if t.Said != nil {
		t.Said(c)
	}
	return nil
}

func (t *Turns) tell(ctx context.Context, in Incoming, bubbles []Bubble, log *slog.Logger) error {
	loaded, err := t.load(ctx, in, log)
	if err != nil || loaded.Seen {
		return err
	}
	session, err := t.recall(ctx, t.Brain(), in.Contact, loaded, log)
	if err != nil {
		return err
	}
	d := decision{session: session}
	if len(session.Stack) == 0 {
		d.session.Offers = nil
	}
	for _, b := range bubbles {
		b.At, b.Turn = in.At, in.Turn()
		d.bubbles = append(d.bubbles, b)
		for _, o := range b.Options {
			if len(session.Stack) == 0 {
				d.session.Offers = append(d.session.Offers, o.Tap)
			}
		}
	}
	_, err = t.commit(ctx, in, loaded, d)
	return err
}
