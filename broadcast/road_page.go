package broadcast

import (
	"context"
	"time"

	"nghe/bot"
	"nghe/crash"
)

// Opened shows a contact of the web chat what waits for them; call it when a
// page is open, before what is kept is read. Showing the same twice shows it
// once.
func (r *Road) Opened(ctx context.Context, c bot.Contact) {
	r.begin()
	if err := r.opened(ctx, c); err != nil {
		r.failed(ctx, "what waits for a page can't be shown", err, "contact", c.String())
	}
}

func (r *Road) opened(ctx context.Context, c bot.Contact) error {
	if !r.ready(ctx) {
		return nil
	}
	now := r.time()
	waiting, who, err := r.Rows.Pages(ctx, c, now)
	if err != nil || len(waiting) == 0 {
		return err
	}
	rules, err := r.Rows.Rules(ctx)
	if err != nil {
		return err
	}
	_, quiet := r.Calendar().Quiet(rules, now)
	for i := range waiting {
		b := &waiting[i]
		if quiet && !b.Urgent {
			continue
		}
		claimed, _, _, err := r.Rows.Claim(ctx, b, Claiming{Channel: c.Channel, Owner: r.Owner, Limit: 1, Now: now, Lease: claimLease, Who: who},
			func(f Facts) Verdict { return rules.Decide(b, f, now) })
		if err != nil {
			return err
		}
		for _, row := range claimed {
			crash.Point("page.claimed")
			o := Outcome{Who: row.Who, State: Sent, Tried: true}
			if err := r.Tell(ctx, row.Contact, "broadcast-"+b.ID, r.Bubbles(b, c.Channel), now); err != nil {
				r.failed(ctx, "broadcast can't be shown", err, "broadcast", b.ID, "contact", c.String())
				o = Outcome{Who: row.Who, State: Queued}
			}
			crash.Point("page.told")
			if _, _, err := r.Rows.Mark(context.WithoutCancel(ctx), b.ID, r.Owner, []Outcome{o}, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// Heard is told of every message that came in and was answered: when somebody
// wrote last, and whether they tapped on a class. It is noted a moment later.
func (r *Road) Heard(in bot.Incoming) {
	r.begin()
	r.mu.Lock()
	defer r.mu.Unlock()
	if in.At.After(r.heard[in.Contact]) {
		r.heard[in.Contact] = in.At
	}
	if id, ok := tappedCourse(in.Tap); ok {
		r.taps = append(r.taps, tap{in.Contact, id, in.At})
	}
}

// flush notes what was heard. What can't be noted waits for the next time.
func (r *Road) flush(ctx context.Context) {
	r.mu.Lock()
	heard, taps := r.heard, r.taps
	r.heard, r.taps = map[bot.Contact]time.Time{}, nil
	r.mu.Unlock()
	if len(heard) > 0 {
		if err := r.Rows.Heard(ctx, heard); err != nil {
			r.failed(ctx, "last words can't be noted yet", err)
			r.mu.Lock()
			for c, at := range heard {
				if len(r.heard) < heardMost && at.After(r.heard[c]) {
					r.heard[c] = at
				}
			}
			r.mu.Unlock()
		}
	}
	for _, t := range taps {
		if err := r.Rows.Tapped(ctx, t.contact, t.course, t.at); err != nil {
			r.failed(ctx, "a tap can't be counted", err)
		}
	}
}

// heardMost bounds what is held while records are away; what is lost makes
// windows shorter, not longer.
const heardMost = 100_000
