package broadcast

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"nghe/bot"
	"nghe/crash"
)

// lane sends the rows of one channel, of all broadcasts in turn.
func (r *Road) lane(ctx context.Context, channel string, wake chan struct{}) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-wake:
		}
		r.drain(ctx, channel)
	}
}

// drain sends what may be sent now.
func (r *Road) drain(ctx context.Context, channel string) {
	for more := true; more && ctx.Err() == nil; {
		more = false
		r.mu.Lock()
		sending := r.sending
		r.mu.Unlock()
		for i := range sending {
			if r.batch(ctx, &sending[i], channel) {
				more = true
			}
		}
	}
}

// batch claims some rows, sends them and marks them, and says whether there may
// be more.
func (r *Road) batch(ctx context.Context, b *Broadcast, channel string) (more bool) {
	defer r.recover("batch")
	log := r.Log.With("broadcast", b.ID, "channel", channel)
	now := r.time()
	rules, err := r.Rows.Rules(ctx)
	if err != nil {
		r.failed(ctx, "rules can't be read", err)
		return false
	}
	if _, quiet := r.Calendar().Quiet(rules, now); quiet && !b.Urgent {
		return false
	}
	limit := claimMost
	if pace := r.Pace[channel]; pace > 0 {
		limit = max(1, min(claimMost, int(pace/2))) // what is claimed at a crash is in doubt
	}
	after := r.position(b.ID, channel)
	claimed, last, more, err := r.Rows.Claim(ctx, b, Claiming{Channel: channel, Owner: r.Owner, Limit: limit, Now: now, Lease: claimLease, After: after},
		func(f Facts) Verdict { return rules.Decide(b, f, now) })
	if err != nil {
		r.failed(ctx, "rows can't be claimed", err, "broadcast", b.ID)
		return false
	}
	if !more { // the next time from the beginning
		last = Position{}
	}
	r.come(b.ID, channel, last)
	if len(claimed) == 0 {
		return more
	}
	crash.Point("bulk.claimed")
	halted := r.sendAll(ctx, b, channel, claimed, now.Add(claimBegin), log)
	crash.Point("bulk.marked")
	return more && !halted
}

func (r *Road) position(id, channel string) Position {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.at[id+" "+channel]
}

func (r *Road) come(id, channel string, to Position) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if to == (Position{}) {
		delete(r.at, id+" "+channel)
		return
	}
	r.at[id+" "+channel] = to
}

// sendAll sends claimed rows, several at a time, and marks them in batches. It
// says whether the broadcast was stopped because of what happened.
func (r *Road) sendAll(ctx context.Context, b *Broadcast, channel string, claimed []Claim, begin time.Time, log *slog.Logger) (halted bool) {
	bubbles, template := r.Bubbles(b, channel), []bot.Bubble{{From: bot.FromBot, Text: b.Text, Template: b.Template}}
	rows, outcomes := make(chan Claim), make(chan Outcome, len(claimed))
	waiting, cancel := context.WithDeadline(ctx, time.Now().Add(begin.Sub(r.time())))
	defer cancel()
	var workers sync.WaitGroup
	for range min(sendAtOnce, len(claimed)) {
		workers.Go(func() {
			for row := range rows {
				said := bubbles
				if row.Template {
					said = template
				}
				outcomes <- r.send(waiting, row, said, log)
			}
		})
	}
	go func() {
		for _, row := range claimed {
			rows <- row
		}
		close(rows)
		workers.Wait()
		close(outcomes)
	}()
	tick := time.NewTicker(markEvery)
	defer tick.Stop()
	var ready []Outcome
	for open := true; open; {
		var full bool
		select {
		case o, ok := <-outcomes:
			if open = ok; ok {
				ready = append(ready, o)
			}
			full = len(ready) >= markMost || !ok
		case <-tick.C:
			full = true
		}
		if full && len(ready) > 0 {
			if r.mark(ctx, b, ready, log) {
				halted = true
			}
			ready = nil
		}
	}
	return halted
}

// send sends one row. The context says until when it may begin; what has begun
// is finished.
func (r *Road) send(ctx context.Context, row Claim, bubbles []bot.Bubble, log *slog.Logger) (o Outcome) {
	o = Outcome{Who: row.Who, Tried: true}
	defer func() {
		if p := recover(); p != nil {
			log.Error("bulk send panicked", "panic", p, "stack", string(debug.Stack()))
			o.State, o.Reason, o.Error = Doubtful, "panic", true
		}
	}()
	err := r.Send(ctx, row.Contact, bubbles)
	crash.Point("bulk.sent")
	var e *bot.SendError
	switch {
	case err == nil:
		o.State = Sent
		return o
	case errors.Is(err, bot.ErrNotBegun):
		return Outcome{Who: row.Who, State: Queued}
	case !errors.As(err, &e):
		e = &bot.SendError{Next: bot.Doubtful, Reason: "unknown", Err: err}
	}
	log.Info("message not sent", "contact", row.Contact.String(), "reason", e.Reason, "error", err)
	o.Reason, o.Error = e.Reason, true
	switch e.Next {
	case bot.Again:
		o.State, o.Error = Queued, false
		if e.After == 0 && row.Tries+1 >= mostTries {
			o.State, o.Error = Failed, true
			break
		}
		after := e.After
		if after == 0 {
			after = min(firstBack<<row.Tries, longBack)
		}
		o.Due = r.time().Add(after)
	case bot.Gone:
		o.State, o.Error = Failed, false // their doing
		if e.Reason == ByWindow {
			o.State, o.Reason, o.Waits, o.Tried = Queued, "", ByWindow, false
		}
	case bot.Never:
		o.State = Failed
		if row.Template && e.Reason == ByBudget {
			o.State, o.Reason, o.Waits, o.Tried, o.Error = Queued, "", ByWindow, false, false
		}
	case bot.Halt:
		return Outcome{Who: row.Who, State: Queued, Reason: haltedBy, Due: r.time()}
	case bot.Doubtful:
		o.State = Doubtful
	default:
		o.State = Failed
	}
	return o
}

// haltedBy marks, within the road, rows given back because the channel itself
// is refused.
const haltedBy = "halted"

// mark writes outcomes, and pauses the broadcast when something is wrong with
// it or with its channel. What can't be written is tried again for as long as
// the claim holds; after that it is in doubt.
func (r *Road) mark(ctx context.Context, b *Broadcast, outcomes []Outcome, log *slog.Logger) (halted bool) {
	ctx = context.WithoutCancel(ctx)
	until := time.Now().Add(claimLease / 2)
	tries, errs, err := r.Rows.Mark(ctx, b.ID, r.Owner, outcomes, r.time())
	for wait := 100 * time.Millisecond; err != nil && time.Now().Before(until); wait = min(2*wait, 2*time.Second) {
		r.failed(ctx, "what was sent can't be marked yet", err, "broadcast", b.ID, "rows", len(outcomes))
		time.Sleep(wait)
		tries, errs, err = r.Rows.Mark(ctx, b.ID, r.Owner, outcomes, r.time())
	}
	if err != nil {
		r.failed(ctx, "what was sent can't be marked: it will be in doubt", err, "broadcast", b.ID, "rows", len(outcomes))
		return true
	}
	why := ""
	for _, o := range outcomes {
		if o.Reason == haltedBy && o.State == Queued {
			why = "nền tảng từ chối kênh: sửa cài đặt kênh rồi gửi tiếp"
		}
	}
	if why == "" && TooMany(errs, tries) {
		why = tooManyErrors(errs, tries, outcomes)
	}
	if why == "" {
		return false
	}
	won, err := r.Rows.Change(ctx, b.ID, Pause, Paused, Clock, why, r.time())
	switch {
	case err != nil:
		r.failed(ctx, "broadcast can't be paused", err, "broadcast", b.ID)
	case won:
		log.Error("broadcast paused", "why", why)
	}
	return true
}
