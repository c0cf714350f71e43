package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Forget deletes everything about the person of a contact at once, on the
// operator's word.
func (t *Turns) Forget(ctx context.Context, c Contact, now time.Time) error {
	leave, err := t.lanes.enter(ctx, c)
	if err != nil {
		return err
	}
	defer leave()
	turn := fmt.Sprintf("forget-%d", now.UnixNano())
	if err := t.erasePerson(ctx, c, turn, now); err != nil {
		return err
	}
	return t.eraseTalk(ctx, c, turn, now)
}

// erasePerson deletes the person of a contact and the talks on their other
// contacts; the talk of this one is its turn's to erase. A turn that is decided
// again may do it again.
func (t *Turns) erasePerson(ctx context.Context, c Contact, turn string, now time.Time) error {
	others, err := t.People.Others(ctx, c)
	if err != nil {
		return fmt.Errorf("read contacts: %w", err)
	}
	// Before, because afterwards nobody knows any more of whom: the program may
	// end in between. After, because they may be writing there at this moment.
	if err := t.eraseTalks(ctx, others, turn+" before", now); err != nil {
		return err
	}
	if err := t.People.Delete(ctx, c, now); err != nil {
		return fmt.Errorf("delete person: %w", err)
	}
	return t.eraseTalks(ctx, others, turn+" after", now)
}

func (t *Turns) eraseTalks(ctx context.Context, contacts []Contact, turn string, now time.Time) error {
	for _, c := range contacts {
		if err := t.eraseTalk(ctx, c, turn, now); err != nil {
			return err
		}
		if t.Said != nil {
			t.Said(c)
		}
	}
	return nil
}

// eraseTalk erases what a contact and we said to each other. It does not wait
// for the contact's lane, since two contacts could wait for each other: a turn
// that is under way there finds its session gone and is decided anew. Why may
// come again: each erasing is a turn of its own.
func (t *Turns) eraseTalk(ctx context.Context, c Contact, why string, now time.Time) error {
	for range maxTries {
		loaded, err := t.Sessions.Load(ctx, c, "", now)
		if err != nil {
			return fmt.Errorf("load session: %w", err)
		}
		turn := fmt.Sprintf("%s %d", why, loaded.Version)
		_, err = t.Sessions.Save(ctx, Commit{Contact: c, Turn: turn, Base: loaded.Version, Epoch: loaded.Hold.Epoch, Erase: true, At: now})
		if err == nil {
			return nil
		}
		if !errors.Is(err, ErrConflict) {
			return fmt.Errorf("erase session: %w", err)
		}
	}
	return fmt.Errorf("erase session: %w", ErrConflict)
}
