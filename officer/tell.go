package officer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/dialog"
	"nghe/scheduler/reminder"
	"nghe/staff"
	"nghe/viet"
)

// Notices keeps what members of staff are told. Package store has it.
type Notices interface {
	// PutNotice keeps a notice, if none of its name is there. Told says that
	// everybody's chat has it.
	PutNotice(ctx context.Context, n reminder.Notice) (fresh, told bool, err error)
	NoticeTold(ctx context.Context, name string) error
}

// Messenger tells members of staff in their own chats what they did not ask for.
// Whoever has none linked sees it on the first page of the console.
type Messenger struct {
	Office  Office
	Notices Notices
	// Say puts something into a talk, once by its name: (*bot.Turns).Tell.
	Say func(ctx context.Context, c bot.Contact, name string, bubbles []bot.Bubble, now time.Time) error
	URL string // of the pages, without a slash at the end
}

// Tell tells a notice to whom it concerns: package reminder's Staff.
func (m Messenger) Tell(ctx context.Context, n reminder.Notice) (fresh bool, err error) {
	return m.tell(ctx, n, nil, func(to staff.Member) bool { return n.For(string(to.Role), to.Scope.Province) })
}

// Warn tells those who answer for the counsellors of a case that nobody sees to:
// who may see it where it lies.
func (m Messenger) Warn(ctx context.Context, n reminder.Notice, where staff.Where) error {
	n.Roles = []string{string(staff.Administrator)}
	_, err := m.tell(ctx, n, nil, func(to staff.Member) bool {
		return n.For(string(to.Role), to.Scope.Province) && staff.Allowed(to, staff.SeeCases, where) == nil
	})
	return err
}

// Approvals tells of each broadcast that waits for a second person's yes those
// who may give it, once for each version of it. In quiet hours only what is
// urgent is told; the rest at the first look after them. The first page of the
// console lists all of them at once.
func (m Messenger) Approvals(ctx context.Context, now time.Time) error {
	all, err := m.Office.Broadcasts.Records.Broadcasts(ctx, lookBack, broadcast.Awaiting)
	if err != nil {
		return fmt.Errorf("read broadcasts: %w", err)
	}
	_, quiet, err := m.Office.quiet(ctx, now)
	if err != nil {
		return err
	}
	var failed []error
	for i := range all {
		b := &all[i]
		if quiet && !b.Urgent {
			continue
		}
		n := reminder.Notice{Name: "approval:" + b.ID + ":" + b.Hash, At: now, Until: b.UsefulUntil}
		if n.Text, err = m.asking(ctx, b); err != nil {
			return err
		}
		_, err := m.tell(ctx, n, []dialog.Option{{Label: m.Office.Library().Flow("approve").Title, Tap: "flow:approve"}}, func(to staff.Member) bool {
			return to.Login != b.Author && m.Office.may(to, staff.ApproveBroadcast, b) == nil
		})
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// asking writes what somebody is told who may say yes.
func (m Messenger) asking(ctx context.Context, b *broadcast.Broadcast) (string, error) {
	author, err := m.Office.author(ctx, b)
	if err != nil {
		return "", err
	}
	name, _, _ := strings.Cut(m.Office.text(b), "\n")
	return fmt.Sprintf("Có tin chờ anh/chị duyệt: %s muốn gửi “%s” cho %s người. Bấm nút hoặc gõ /duyet để xem và duyệt ở đây, hoặc mở trang %s/console/broadcasts/%s",
		author, shortened(name), viet.FormatNumber(int64(b.Planned)), m.URL, b.ID), nil
}

// tell keeps a notice and says it to all of the office who are meant and have a
// chat. What fails is tried again at the next look: who was told before is not
// told twice, because a talk knows the name.
func (m Messenger) tell(ctx context.Context, n reminder.Notice, options []dialog.Option, to func(staff.Member) bool) (fresh bool, err error) {
	fresh, told, err := m.Notices.PutNotice(ctx, n)
	if err != nil {
		return false, fmt.Errorf("keep notice: %w", err)
	}
	if told {
		return false, nil
	}
	members, err := m.Office.Staff.Records.Members(ctx)
	if err != nil {
		return fresh, fmt.Errorf("read staff: %w", err)
	}
	bubble := bot.Bubble{From: bot.FromBot, Text: n.Text, Options: options}
	var failed []error
	for _, member := range members {
		if member.Off || member.Contact.Channel == "" || !to(member) {
			continue
		}
		if err := m.Say(ctx, member.Contact, "notice:"+n.Name, []bot.Bubble{bubble}, n.At); err != nil {
			failed = append(failed, fmt.Errorf("tell %s: %w", member.Login, err))
		}
	}
	if failed != nil {
		return fresh, errors.Join(failed...)
	}
	if err := m.Notices.NoticeTold(ctx, n.Name); err != nil {
		return fresh, fmt.Errorf("note who was told: %w", err)
	}
	return fresh, nil
}
