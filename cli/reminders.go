package cli

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"nghe/bot"
	"nghe/dialog"
	"nghe/officer"
	"nghe/scheduler"
	"nghe/scheduler/reminder"
)

// messenger tells members of staff in their own chats.
func (p *parts) messenger(url string) officer.Messenger {
	return officer.Messenger{Office: p.office, Notices: p.storage.db, Say: p.turns.Tell, URL: url}
}

// reminders are what is told by the clock.
func (p *parts) reminders(office reminder.Staff, now func() time.Time, log *slog.Logger) *reminder.Reminders {
	db := p.storage.db
	return &reminder.Reminders{
		Desk:    p.broadcasts(),
		Records: db, Library: p.mind.holder.Current, Courses: p.mind.courses.Load, Unfinished: p.unfinished, Banks: db.BankDays,
		Staff: office, Zone: zone(), Log: log, Now: now,
	}
}

// ready says whether the clock lets anything go out that nobody asked for.
func ready(r *reminder.Reminders, log *slog.Logger) func(context.Context) (time.Time, bool) {
	return func(ctx context.Context) (time.Time, bool) {
		now, right, err := r.Right(ctx)
		if err != nil && ctx.Err() == nil {
			log.Error("nothing unasked goes out", "error", err)
		}
		return now, right
	}
}

// unfinished says whether a talk was left in the middle.
func (p *parts) unfinished(ctx context.Context, c bot.Contact, now time.Time) (bool, error) {
	loaded, err := p.storage.sessions.Load(ctx, c, "", now)
	if err != nil || len(loaded.Session) == 0 {
		return false, err
	}
	session, err := dialog.Decode(loaded.Session, nil)
	if err != nil {
		return false, nil // of a newer program: it will see for itself
	}
	return len(session.Stack) > 0, nil
}

// approvals looks every minute whether somebody waits for a second person's yes,
// wherever that was asked for.
func approvals(m officer.Messenger, ready func(context.Context) (time.Time, bool)) scheduler.Job {
	return scheduler.Job{Name: "approvals", When: "* * * * *", Do: func(ctx context.Context) error {
		now, right := ready(ctx)
		if !right {
			return nil
		}
		return m.Approvals(ctx, now)
	}}
}

// remind looks every minute what is due; the first time at once.
func remind(r *reminder.Reminders) scheduler.Job {
	return scheduler.Job{Name: "reminders", When: "* * * * *", Do: func(ctx context.Context) error {
		if err := r.Look(ctx); !errors.Is(err, reminder.ErrClock) {
			return err
		}
		return nil // it has alarmed by itself
	}}
}
