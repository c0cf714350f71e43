package cli

import (
	"context"
	"log/slog"
	"time"

	"nghe/bot"
	"nghe/bot/zalo"
	"nghe/counsel"
	"nghe/handoff"
	"nghe/officer"
	"nghe/scheduler/reminder"
)

// openCounsel makes the counsellors' own chats, and has the desk of cases know
// who is on duty.
func openCounsel(cases *handoff.Desk, turns *bot.Turns, office officer.Messenger, s *storage, now func() time.Time, log *slog.Logger) *counsel.Chats {
	desk := s.desk(now)
	chats := &counsel.Chats{Cases: cases, Records: s.db, Staff: desk, Zone: zone(), Log: log}
	cases.Drawer = s.db
	cases.Roster, cases.Staff, cases.Window, cases.Told = s.db, desk.Records, windowOf, chats.Heard
	cases.Notify = supervising(office, log)
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

// supervising tells administrators what nobody sees to: in their linked chats, and
// on the first page of the console as long as it is so.
func supervising(office officer.Messenger, log *slog.Logger) func(context.Context, handoff.Notice) error {
	return func(ctx context.Context, n handoff.Notice) error {
		log.Warn("a case needs somebody", "notice", n.Name)
		return office.Warn(ctx, reminder.Notice{Name: n.Name, Case: n.Case.ID, Text: n.Text, At: n.At, Until: n.Until}, n.Case.Where())
	}
}
