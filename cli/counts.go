package cli

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"nghe/bot"
	"nghe/daily"
	"nghe/scheduler"
	"nghe/unanswered"
)

// counting is what is taken from turns for those who look after the whole: counts,
// and what could not be answered. Only “nghe serve” counts: what is tried on a
// terminal is nobody's question.
type counting struct {
	tally *daily.Tally
	asked *unanswered.Log
}

// count begins to take from turns.
func (p *parts) count() *counting {
	c := &counting{
		tally: &daily.Tally{Records: p.storage.db, Zone: zone()},
		asked: &unanswered.Log{Records: p.storage.db, Zone: zone(), Log: p.log},
	}
	p.turns.Kept = func(k bot.Kept) {
		c.tally.Turn(k)
		c.asked.Turn(k)
	}
	return c
}

// run writes what was taken, and at the end what is left. Call stop when no turn
// is answered any more: it waits until that is written.
func (c *counting) run(ctx context.Context, log *slog.Logger) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var writers sync.WaitGroup
	writers.Go(func() { daily.EverySecond(ctx, "counts", c.tally.Write, log) })
	writers.Go(func() { daily.EverySecond(ctx, "unanswered texts", c.asked.Write, log) })
	return func() {
		cancel()
		writers.Wait()
	}
}

// job ripens and forgets what could not be answered.
func (c *counting) job(now func() time.Time) scheduler.Job {
	return scheduler.Job{Name: "unanswered", When: "*/5 * * * *", Do: func(ctx context.Context) error { return c.asked.Tidy(ctx, now()) }}
}
