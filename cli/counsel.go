package cli

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"nghe/bot"
	"nghe/bot/zalo"
	"nghe/counsel"
	"nghe/handoff"
	"nghe/staff"
)

// openCounsel makes the counsellors' own chats, and has the desk of cases know
// who is on duty.
func openCounsel(cases *handoff.Desk, turns *bot.Turns, s *storage, now func() time.Time, log *slog.Logger) *counsel.Chats {
	desk := s.desk(now)
	chats := &counsel.Chats{Cases: cases, Records: s.db, Staff: desk, Zone: zone(), Log: log}
	cases.Drawer = s.db
	cases.Roster, cases.Staff, cases.Window, cases.Told = s.db, desk.Records, windowOf, chats.Heard
	cases.Notify = supervising(desk, turns, log)
	turns.Duty = chats.Hear
	return chats
}

// windowOf says how long after a person's word a channel takes words to them.
func windowOf(channel string) time.Duration {
	if channel == zalo.Channel {
		return zalo.Window
	}
	return 0
}

// supervising tells administrators, in their linked chats, what nobody sees to:
// once, by the name of the notice.
func supervising(desk staff.Desk, turns *bot.Turns, log *slog.Logger) func(context.Context, handoff.Notice) error {
	return func(ctx context.Context, n handoff.Notice) error {
		log.Warn("a case needs somebody", "notice", n.Name)
		members, err := desk.Records.Members(ctx)
		if err != nil {
			return err
		}
		var errs []error
		for _, m := range members {
			if m.Off || m.Role != staff.Administrator || m.Contact == (bot.Contact{}) {
				continue
			}
			errs = append(errs, turns.Tell(ctx, m.Contact, "notice "+n.Name, []bot.Bubble{{From: bot.FromBot, Text: n.Text}}, n.At))
		}
		return errors.Join(errs...)
	}
}
