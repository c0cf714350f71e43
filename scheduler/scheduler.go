package scheduler

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"
)

// Job is something that is done again and again.
type Job struct {
	Name string
	When string // a cron expression of five fields, or "@every 1h"
	Do   func(context.Context) error
}

// Run does the jobs at their times in a zone until the context ends, and
// returns when the last one under way has ended. A job that is still running
// when its time comes again is not started twice; one that fails or panics is
// logged and runs again next time.
func Run(ctx context.Context, zone *time.Location, log *slog.Logger, jobs ...Job) error {
	c, err := schedule(ctx, zone, log, jobs)
	if err != nil {
		return err
	}
	c.Start()
	<-ctx.Done()
	<-c.Stop().Done()
	return nil
}

func schedule(ctx context.Context, zone *time.Location, log *slog.Logger, jobs []Job) (*cron.Cron, error) {
	logger := cronLog{log}
	c := cron.New(cron.WithLocation(zone), cron.WithLogger(logger),
		// In this order: SkipIfStillRunning never frees a job that panics
		// through it.
		cron.WithChain(cron.SkipIfStillRunning(logger), cron.Recover(logger)))
	for _, job := range jobs {
		_, err := c.AddFunc(job.When, func() {
			if err := job.Do(ctx); err != nil && ctx.Err() == nil {
				log.Error("job failed", "job", job.Name, "error", err)
			}
		})
		if err != nil {
			return nil, fmt.Errorf("job %s: %q is no time: %w", job.Name, job.When, err)
		}
	}
	return c, nil
}

// cronLog passes what cron has to say on to our log.
type cronLog struct{ log *slog.Logger }

func (l cronLog) Info(msg string, args ...any) { l.log.Debug("cron: "+msg, args...) }

func (l cronLog) Error(err error, msg string, args ...any) {
	l.log.Error("cron: "+msg, append(args, "error", err)...)
}
