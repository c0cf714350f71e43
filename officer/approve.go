package officer

import (
	"context"
	"fmt"

	"nghe/broadcast"
	"nghe/dialog"
	"nghe/staff"
	"nghe/viet"
)

// lookBack is how many broadcasts are looked through, the newest first.
const lookBack = 50

// waiting shows the broadcast that has waited longest for the yes of somebody
// like this member.
func (o Office) waiting(j *job) (dialog.Values, error) {
	all, err := o.Broadcasts.Records.Broadcasts(j.ctx, lookBack, broadcast.Awaiting)
	if err != nil {
		return nil, fmt.Errorf("read broadcasts: %w", err)
	}
	values := dialog.Values{"approve_any": dialog.Text("no")}
	n := 0
	var first *broadcast.Broadcast
	for i := range all {
		b := &all[i]
		switch {
		case b.Author == j.by.Login:
			if values["approve_any"].Text() == "no" {
				values["approve_any"] = dialog.Text("own") // only somebody else may
			}
		case o.may(j.by, staff.ApproveBroadcast, b) == nil:
			first = b
			n++
		}
	}
	if first == nil {
		return values, nil
	}
	j.desk.Shown, j.desk.ShownHash = first.ID, first.Hash
	author, err := o.author(j.ctx, first)
	if err != nil {
		return nil, err
	}
	values["approve_any"] = dialog.Text("yes")
	values["approve_author"] = dialog.Text(plain(author))
	values["who_sentence"] = dialog.Text(plain(first.Audience.Sentence(o.Library(), o.Courses(), o.Zone)))
	values["who_count"] = dialog.Text(viet.FormatNumber(int64(first.Planned)))
	values["message"] = dialog.Text(plain(o.text(first)))
	values["approve_more"] = dialog.Text("")
	if n > 1 {
		values["approve_more"] = dialog.Text(fmt.Sprintf("Còn %d tin nữa đang chờ.", n-1))
	}
	return values, nil
}

// author is how the author of a broadcast is called.
func (o Office) author(ctx context.Context, b *broadcast.Broadcast) (string, error) {
	if b.Author == broadcast.Operator {
		return staff.Operator.Name, nil
	}
	m, err := o.Staff.Records.MemberByLogin(ctx, b.Author)
	if err != nil {
		return "", fmt.Errorf("look for author: %w", err)
	}
	if m == nil {
		return b.Author, nil
	}
	return m.Name, nil
}

func (o Office) where(a broadcast.Audience) staff.Where { return a.Where(o.Library(), o.Courses()) }

// may says whether a member may do something with a broadcast.
func (o Office) may(m staff.Member, a staff.Action, b *broadcast.Broadcast) error {
	return staff.AllowedOf(m, a, b.Author, o.where(b.Audience))
}

// text is what people read.
func (o Office) text(b *broadcast.Broadcast) string {
	if c := o.Courses().Course(b.Course); b.Text == "" && c != nil {
		return c.Title
	}
	return b.Text
}

// approve says yes to what was shown, as it was shown.
func (o Office) approve(j *job) (dialog.Values, error) {
	result := func(r, why string) dialog.Values {
		return dialog.Values{"approved": dialog.Text(r), "officer_why": dialog.Text(plain(why))}
	}
	b, err := o.Broadcasts.Records.Broadcast(j.ctx, j.desk.Shown)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read broadcast: %w", err)
	case b == nil:
		return result("gone", ""), nil
	case b.Hash != j.desk.ShownHash:
		return result("changed", ""), nil
	}
	if err := o.may(j.by, staff.ApproveBroadcast, b); err != nil {
		return nil, err
	}
	// A turn that is decided again finds its own yes.
	if b.ApprovedBy != j.by.Login {
		by := j.as("broadcast.approve", func(b *broadcast.Broadcast) string {
			return fmt.Sprintf("duyệt tin của %s cho %d người, từ chat", b.Author, b.Planned)
		})
		after, err := o.Broadcasts.Approve(j.ctx, b.ID, by, j.now)
		if err != nil {
			why, other := refused(err)
			return result("refused", why), other
		}
		b = after
	}
	values := result("yes", "")
	values["who_count"], values["message_when"] = dialog.Text(viet.FormatNumber(int64(b.Planned))), dialog.Text("")
	until, quiet, err := o.quiet(j.ctx, j.now)
	if err != nil {
		return nil, err
	}
	if b.At.After(j.now) {
		values["message_when"] = dialog.Text("Tin hẹn gửi từ " + clock(b.At.In(o.Zone)) + ".")
	} else if quiet {
		values["message_when"] = dialog.Text("Bây giờ là giờ nghỉ hoặc ngày nghỉ, nên tin gửi từ " + clock(until) + ".")
	}
	return values, nil
}
