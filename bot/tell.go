package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"nghe/crash"
	"nghe/dialog"
)

// Tell puts something that nobody asked for into a talk, where pages come for
// what was said. It is a turn of its own: told twice under the same name, it is
// there once. The options can be typed as well as tapped, unless a question is
// open.
func (t *Turns) Tell(ctx context.Context, c Contact, name string, bubbles []Bubble, now time.Time) error {
	return t.put(ctx, c, name, now, func(_ Brain, session dialog.Session, in Incoming) decision {
		d := decision{session: session}
		d.add(in, bubbles)
		if len(session.Stack) == 0 {
			d.offer(bubbles)
		}
		return d
	})
}

// put makes a turn that answers nobody, once for its name.
func (t *Turns) put(ctx context.Context, c Contact, name string, now time.Time, decide func(Brain, dialog.Session, Incoming) decision) error {
	leave, err := t.lanes.enter(ctx, c)
	if err != nil {
		return err
	}
	defer leave()
	in := Incoming{Contact: c, Update: name, At: t.local(now)}
	log := t.Log.With("contact", c.String(), "turn", in.Turn())
	for range maxTries {
		if err = t.putOnce(ctx, in, decide, log); !errors.Is(err, ErrConflict) {
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

func (t *Turns) putOnce(ctx context.Context, in Incoming, decide func(Brain, dialog.Session, Incoming) decision, log *slog.Logger) error {
	loaded, err := t.load(ctx, in, log)
	if err != nil || loaded.Seen {
		return err
	}
	crash.Point("tell.loaded")
	brain := t.Brain()
	session, err := t.recall(ctx, brain, in.Contact, loaded, log)
	if err != nil {
		return err
	}
	if _, err = t.commit(ctx, in, loaded, decide(brain, session, in)); err != nil {
		return err
	}
	crash.Point("tell.committed")
	return nil
}
