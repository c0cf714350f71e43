package daily

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"nghe/bot"
)

// Records are where counts are kept. Package store has them.
type Records interface {
	// AddCounts adds numbers to those that are there, all or none.
	AddCounts(ctx context.Context, c Counts) error
}

// Tally counts in the process until the records have it. All its fields must be
// set before the first turn.
type Tally struct {
	Records Records
	Zone    *time.Location // of the province

	mu      sync.Mutex
	counts  Counts // since the last write
	spare   Counts // empty, to be filled while the others are written
	writing sync.Mutex
}

// Turn counts a turn. It is bot.Turns.Kept.
func (t *Tally) Turn(k bot.Kept) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts == nil {
		t.counts = Counts{}
	}
	t.counts.Turn(k, t.Zone)
}

// Write adds what was counted to the records. What can't be added now is kept for
// the next time: keys are few, whatever the number of turns.
func (t *Tally) Write(ctx context.Context) error {
	t.writing.Lock()
	defer t.writing.Unlock()
	t.mu.Lock()
	c := t.counts
	t.counts, t.spare = t.spare, nil
	t.mu.Unlock()
	if len(c) == 0 {
		t.giveBack(c)
		return nil
	}
	err := t.Records.AddCounts(ctx, c)
	if err != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		for key, n := range t.counts {
			c[key] += n
		}
		t.counts = c
		return err
	}
	clear(c)
	t.giveBack(c)
	return nil
}

func (t *Tally) giveBack(empty Counts) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts == nil {
		t.counts = empty
		return
	}
	t.spare = empty
}

const (
	// writeEvery is how much a crash may lose.
	writeEvery = time.Second
	lastWrite  = 5 * time.Second // for what is left at shutdown
)

// EverySecond writes what was taken from turns once a second until the context
// ends, and then what is left. What names it in the log.
func EverySecond(ctx context.Context, what string, write func(context.Context) error, log *slog.Logger) {
	tick := time.NewTicker(writeEvery)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWrite)
			defer cancel()
			if err := write(ctx); err != nil {
				log.Error("what was taken last is lost", "what", what, "error", err)
			}
			return
		case <-tick.C:
		}
		err := write(ctx)
		if err != nil && !failing && ctx.Err() == nil { // once, not every second
			log.Error("can't be written: it is kept until it works again", "what", what, "error", err)
		}
		failing = err != nil
	}
}
