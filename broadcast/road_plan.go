package broadcast

import (
	"context"
	"log/slog"
	"time"

	"nghe/crash"
)

// step does with a broadcast what is due, up to the point where its rows may be
// sent, and says whether they may.
func (r *Road) step(ctx context.Context, b *Broadcast) (goes bool, err error) {
	now := r.time()
	log := r.Log.With("broadcast", b.ID)
	if b.State == Scheduled {
		won, err := r.Rows.Change(ctx, b.ID, Begin, Sending, Clock, "", now)
		if err != nil || !won {
			return false, err
		}
		crash.Point("bulk.begun")
		log.Info("broadcast begins")
		b.State = Sending
	}
	if b.State == Cancelled || !b.UsefulUntil.After(now) {
		for more := true; more; {
			if more, err = r.Rows.Drop(ctx, b.ID, now); err != nil {
				return false, err
			}
			crash.Point("bulk.dropped")
		}
		if b.State == Cancelled {
			return false, nil
		}
	}
	if !b.Rows {
		if err := r.plan(ctx, b, log); err != nil || !b.Rows || b.State != Sending {
			return false, err
		}
	}
	if held, err := r.hold(ctx, b); err != nil || held {
		return false, err
	}
	done, err := r.Rows.Finish(ctx, b.ID, now)
	if done {
		crash.Point("bulk.finished")
		log.Info("broadcast done")
	}
	return !done && err == nil, err
}

// plan writes the rows.
func (r *Road) plan(ctx context.Context, b *Broadcast, log *slog.Logger) error {
	began := r.time()
	for more := true; more; {
		var err error
		piece := r.time()
		if more, err = r.Rows.Plan(ctx, b.ID, planAtOnce, piece); err != nil {
			return err
		}
		crash.Point("bulk.planned")
		if more {
			// On a file others write in between only when it is free for a while.
			rest(ctx, r.time().Sub(piece)/4)
		}
	}
	fresh, err := r.Rows.Broadcast(ctx, b.ID)
	if err != nil || fresh == nil {
		return err
	}
	*b = *fresh
	if !b.Rows || b.State != Sending {
		return nil // somebody paused it, or another process is at it
	}
	log.Info("broadcast planned", "recipients", b.Planned, "took", r.time().Sub(began).Round(time.Millisecond))
	return nil
}

// rest waits.
func rest(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// hold stops a broadcast to more people than were counted when it was made, so
// many that a second person must say yes.
func (r *Road) hold(ctx context.Context, b *Broadcast) (held bool, err error) {
	rules, err := r.Rows.Rules(ctx)
	if err != nil {
		return false, err
	}
	why := rules.needsApproval(b)
	if why == "" {
		return false, nil
	}
	_, err = r.Rows.Change(ctx, b.ID, Hold, Awaiting, Clock, why, r.time())
	return true, err
}
