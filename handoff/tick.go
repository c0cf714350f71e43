package handoff

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Tick does what the clock does, each minute: finishes what was begun (Sweep),
// takes cases back from who went quiet or off duty, offers what waits to those
// on duty, warns before a target and when it was missed, and forgets what was
// said with cases long closed.
func (d *Desk) Tick(ctx context.Context, now time.Time) error {
	return errors.Join(d.Sweep(ctx, now), d.endDuties(ctx, now), d.takeBackQuiet(ctx, now), d.endOffice(ctx, now), d.Offer(ctx, now), d.warn(ctx, now), d.forget(ctx, now))
}

// takeBackQuiet gives cases back to their queues whose holder owes the person
// an answer and has not spoken for too long, counted in working hours.
func (d *Desk) takeBackQuiet(ctx context.Context, now time.Time) error {
	held, err := d.Records.Cases(ctx, Query{States: []State{Claimed}, Within: everywhere, Limit: mostCases})
	if err != nil {
		return fmt.Errorf("read cases: %w", err)
	}
	for _, c := range held {
		if c.Holder == Office {
			continue // endOffice sees to it
		}
		q := d.Library().Queue(c.Queue)
		if q == nil {
			continue
		}
		since, waits := c.owedSince()
		if !waits || d.Hours(q).Between(since, now) < time.Duration(q.Quiet)*time.Minute {
			continue
		}
		if _, err := d.TakeBack(ctx, c.ID, c.Holder, since, "lâu không trả lời", now); err != nil {
			return err
		}
	}
	return nil
}

// owedSince is since when the holder owes the person a word.
func (c *Case) owedSince() (time.Time, bool) {
	spoke := c.StaffAt
	if spoke.Before(c.ClaimedAt) {
		return c.ClaimedAt, true // not a word since they took it
	}
	return c.PersonAt, c.PersonAt.After(spoke)
}

func (d *Desk) forget(ctx context.Context, now time.Time) error {
	if _, err := d.Records.ForgetFiles(ctx, now.Add(-FilesKeptFor), noFileOld); err != nil {
		return fmt.Errorf("forget old files: %w", err)
	}
	n, err := d.Records.ForgetCases(ctx, now.Add(-KeptFor), now)
	if err != nil {
		return fmt.Errorf("forget old cases: %w", err)
	}
	if n > 0 {
		d.log().Info("what was said with old cases is forgotten", "cases", n)
	}
	return nil
}
