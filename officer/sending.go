package officer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nghe/broadcast"
	"nghe/dialog"
	"nghe/staff"
)

// mostTold is how many broadcasts are told of at once.
const mostTold = 3

// sent tells how the latest broadcasts stand: one's own first, then those of
// one's people.
func (o Office) sent(j *job) (dialog.Values, error) {
	all, err := o.mine(j)
	if err != nil {
		return nil, err
	}
	var lines []string
	can := ""
	for i := range all[:min(mostTold, len(all))] {
		b := &all[i]
		line, err := o.line(j.ctx, b)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
		if can == "" && o.may(j.by, staff.StopBroadcast, b) == nil {
			switch b.State {
			case broadcast.Sending, broadcast.Scheduled:
				can = "pause"
			case broadcast.Paused:
				can = "resume"
			}
			if can != "" {
				j.desk.Shown, j.desk.ShownHash = b.ID, b.Hash
			}
		}
	}
	return dialog.Values{"sent_any": yesNo(len(lines) > 0), "sent_lines": dialog.Text(plain(strings.Join(lines, "\n"))), "sent_can": dialog.Text(can)}, nil
}

// mine gives the latest broadcasts of a member, and of the places they work
// for: what goes on first, then the newest.
func (o Office) mine(j *job) ([]broadcast.Broadcast, error) {
	all, err := o.Broadcasts.Records.Broadcasts(j.ctx, lookBack)
	if err != nil {
		return nil, fmt.Errorf("read broadcasts: %w", err)
	}
	all = slices.DeleteFunc(all, func(b broadcast.Broadcast) bool {
		return b.Author != j.by.Login && o.may(j.by, staff.StopBroadcast, &b) != nil
	})
	rank := func(b broadcast.Broadcast) int {
		n := 0
		if b.State.Over() {
			n += 2
		}
		if b.Author != j.by.Login {
			n++
		}
		return n
	}
	slices.SortStableFunc(all, func(a, b broadcast.Broadcast) int { return rank(a) - rank(b) })
	return all, nil
}

// line tells one broadcast: what, how far, how many.
func (o Office) line(ctx context.Context, b *broadcast.Broadcast) (string, error) {
	book, err := o.Broadcasts.Records.Book(ctx, b.ID)
	if err != nil {
		return "", fmt.Errorf("count broadcast: %w", err)
	}
	name, _, _ := strings.Cut(o.text(b), "\n")
	if c := o.Courses().Course(b.Course); c != nil {
		name = c.Title
	}
	line := fmt.Sprintf("“%s”: %s", shortened(name), broadcast.StateNames[b.State])
	if b.State == broadcast.Scheduled {
		line += " " + clock(b.At.In(o.Zone))
	}
	if !b.Rows {
		return line + fmt.Sprintf(", %d người.", b.Planned), nil
	}
	line += fmt.Sprintf(", đã gửi %d/%d người", book.Sent, book.Planned)
	for _, n := range []struct {
		count int
		what  string
	}{{book.Queued, "chờ"}, {book.Failed, "lỗi"}, {book.Skipped, "bỏ qua"}, {book.Doubtful, "không chắc đã tới"}, {book.Registered, "đã ghi nguyện vọng"}} {
		if n.count > 0 {
			line += fmt.Sprintf(", %d %s", n.count, n.what)
		}
	}
	if b.Why != "" && b.State == broadcast.Paused {
		line += " (" + b.Why + ")"
	}
	return line + ".", nil
}

// shortened is the beginning of a name that is told in a line.
func shortened(name string) string {
	if r := []rune(name); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return name
}

// pause and resume change the broadcast that goes on.
func (o Office) pause(j *job) (dialog.Values, error) {
	return o.change(j, []broadcast.State{broadcast.Sending, broadcast.Scheduled}, func(d *broadcast.Desk, id string) (*broadcast.Broadcast, error) {
		by := j.as("broadcast.pause", func(*broadcast.Broadcast) string { return "tạm dừng từ chat" })
		return d.Pause(j.ctx, id, by, "tạm dừng từ chat", j.now)
	})
}

func (o Office) resume(j *job) (dialog.Values, error) {
	return o.change(j, []broadcast.State{broadcast.Paused}, func(d *broadcast.Desk, id string) (*broadcast.Broadcast, error) {
		by := j.as("broadcast.resume", func(*broadcast.Broadcast) string { return "gửi tiếp từ chat" })
		return d.Resume(j.ctx, id, by, j.now)
	})
}

func (o Office) change(j *job, from []broadcast.State, do func(*broadcast.Desk, string) (*broadcast.Broadcast, error)) (dialog.Values, error) {
	all, err := o.mine(j)
	if err != nil {
		return nil, err
	}
	// The one that this turn began with, when it is decided again; then the
	// one that was shown; then the newest.
	var b *broadcast.Broadcast
	again := strings.HasPrefix(j.desk.Done, j.turn+" ")
	for i := range all {
		switch may := o.may(j.by, staff.StopBroadcast, &all[i]) == nil; {
		case again && strings.HasSuffix(j.desk.Done, " "+all[i].ID):
			b = &all[i]
		case again || !may || !slices.Contains(from, all[i].State):
		case b == nil || all[i].ID == j.desk.Shown:
			b = &all[i]
		}
	}
	if b == nil {
		return dialog.Values{"changed": dialog.Text("none")}, nil
	}
	j.desk.Done, j.desk.Outcome, j.desk.Shown, j.desk.ShownHash = j.turn+" "+b.ID, nil, b.ID, b.Hash
	if err := o.keep(j); err != nil {
		return nil, err
	}
	if slices.Contains(from, b.State) {
		after, err := do(o.Broadcasts, b.ID)
		if err != nil {
			why, other := refused(err)
			return dialog.Values{"changed": dialog.Text("refused"), "officer_why": dialog.Text(why)}, other
		}
		b = after
	}
	line, err := o.line(j.ctx, b)
	if err != nil {
		return nil, err
	}
	return dialog.Values{"changed": dialog.Text("yes"), "sent_lines": dialog.Text(plain(line))}, nil
}
