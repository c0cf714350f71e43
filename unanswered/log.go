package unanswered

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"nghe/bot"
	"nghe/daily"
)

// How long things are kept.
const (
	Life      = 180            // days, of a text
	offerLife = time.Hour      // of an offer that nothing became of: then its text is unanswered
	tidyAfter = offerLife / 60 // a clock that is a little off ripens nothing early
)

// Records are where texts are kept. Package store has them.
type Records interface {
	// ChangeUnanswered writes changes in their order, all or none. An offer waits,
	// one of a contact at a time: the earlier one is unanswered then.
	ChangeUnanswered(ctx context.Context, changes []Change) error
	// RipenOffers makes unanswered what was offered before a time.
	RipenOffers(ctx context.Context, before time.Time) error
	// DropUnanswered forgets what was asked before a day, and marks of texts that
	// are not there any more.
	DropUnanswered(ctx context.Context, before daily.Day) error
}

// Log takes texts from turns until the records have them. All its fields must be
// set before the first turn. What is in it when the process crashes is lost: at
// most a second.
type Log struct {
	Records Records
	Zone    *time.Location // of the province
	Log     *slog.Logger

	mu      sync.Mutex
	changes []Change
	full    bool
}

// mostWaiting bounds what waits for records that can't be reached.
const mostWaiting = 5000

// Turn takes what a turn left unanswered. It is called from bot.Turns.Kept.
func (l *Log) Turn(k bot.Kept) {
	all := changes(k, l.Zone)
	if len(all) == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.changes) >= mostWaiting {
		if !l.full {
			l.Log.Error("unanswered texts are lost: too many wait for the records")
		}
		l.full = true
		return
	}
	l.changes, l.full = append(l.changes, all...), false
}

// Write gives the records what waits; what they can't take waits on.
func (l *Log) Write(ctx context.Context) error {
	l.mu.Lock()
	some := l.changes
	l.changes = nil
	l.mu.Unlock()
	if len(some) == 0 {
		return nil
	}
	err := l.Records.ChangeUnanswered(ctx, some)
	if err != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.changes = append(some, l.changes...)
	}
	return err
}

// Tidy ripens offers and forgets what is older than Life. Call it every few
// minutes.
func (l *Log) Tidy(ctx context.Context, now time.Time) error {
	if err := l.Records.RipenOffers(ctx, now.Add(-offerLife-tidyAfter)); err != nil {
		return err
	}
	return l.Records.DropUnanswered(ctx, daily.DayOf(now.In(l.Zone)).Add(-Life))
}
