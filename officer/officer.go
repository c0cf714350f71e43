package officer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"nghe/announce"
	"nghe/bot"
	"nghe/broadcast"
	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/staff"
)

// Records keeps what an officer is about, and does what must be done once.
// Package store has it.
type Records interface {
	// OfficerChat gives what was put; nil for nothing, and when its time is
	// over.
	OfficerChat(ctx context.Context, member string, now time.Time) ([]byte, error)
	PutOfficerChat(ctx context.Context, member string, body []byte, now, ends time.Time) error
	// AnnounceCourse writes together with the entry of the audit log; for a turn
	// that did it before it changes nothing.
	AnnounceCourse(ctx context.Context, turn string, c course.Course, e staff.Entry) error
}

// Office does for conversations what staff do from their chat.
type Office struct {
	Records    Records
	Staff      staff.Desk
	Broadcasts *broadcast.Desk
	Library    func() *content.Library
	Courses    func() *course.Catalogue
	Reader     func() announce.Reader
	// Learn takes up classes that were put into the records.
	Learn func(context.Context) error
	Zone  *time.Location
}

// DraftLife is how long a class that is being written down is kept, from the
// last word about it.
const DraftLife = 7 * 24 * time.Hour

// Desk is what a member of staff is about in their chat.
type Desk struct {
	// Draft is a class that they write down; nil for none.
	Draft *announce.Draft `json:"draft,omitempty"`
	// Same is the id of a class that is there already and is meant; Other says
	// that the draft is another one than those.
	Same  string `json:"same,omitempty"`
	Other bool   `json:"other,omitempty"`
	// Audience is for whom it is; nil until it was settled.
	Audience *broadcast.Audience `json:"audience,omitempty"`
	// Message is what was shown to them: that is what is sent.
	Message string `json:"message,omitempty"`
	// Shown is the broadcast that they were shown last, in the version that
	// they saw.
	Shown     string `json:"shown,omitempty"`
	ShownHash string `json:"shown_hash,omitempty"`
	// Done is the last thing that was done for a turn, with what came of it:
	// asked for again it gives the same.
	Done    string        `json:"done,omitempty"`
	Outcome dialog.Values `json:"outcome,omitempty"`
}

// Who may use a flow, as the flows compare it.
const (
	isStaff  = "yes"
	notStaff = "no"
	denied   = "denied"
)

// Effects are what flows may ask for.
func (o Office) Effects() map[string]bot.Effect {
	all := map[string]bot.Effect{}
	for name, e := range map[string]struct {
		action staff.Action
		do     func(*job) (dialog.Values, error)
	}{
		"announce-begin":    {staff.NewBroadcast, o.begin},
		"announce-anew":     {staff.NewBroadcast, o.anew},
		"announce-read":     {staff.EditCourses, o.read},
		"announce-unclear":  {staff.EditCourses, o.unclear},
		"announce-same":     {staff.EditCourses, o.same},
		"announce-other":    {staff.EditCourses, o.other},
		"announce-audience": {staff.NewBroadcast, o.audience},
		"announce-preview":  {staff.NewBroadcast, o.preview},
		"announce-send":     {staff.NewBroadcast, o.send},
		"approve-show":      {staff.ApproveBroadcast, o.waiting},
		"approve-yes":       {staff.ApproveBroadcast, o.approve},
		"sent-show":         {staff.SeeBroadcasts, o.sent},
		"sent-pause":        {staff.StopBroadcast, o.pause},
		"sent-resume":       {staff.StopBroadcast, o.resume},
	} {
		all[name] = o.effect(name, e.action, e.do)
	}
	return all
}

// job is one thing being done for a member.
type job struct {
	ctx  context.Context
	by   staff.Member
	desk *Desk
	now  time.Time // in the zone of the province
	text string
	turn string // names it: the turn, and what is done in it
}

// effect wraps something that only staff may do: who writes is looked up, what
// they are about is read and kept, and the same turn again gives the same.
func (o Office) effect(name string, a staff.Action, do func(*job) (dialog.Values, error)) bot.Effect {
	return func(ctx context.Context, asked bot.Asked) (dialog.Values, error) {
		m, err := o.Staff.ByChat(ctx, asked.Contact)
		if err != nil {
			return nil, fmt.Errorf("look for staff: %w", err)
		}
		if m == nil {
			return dialog.Values{"officer": dialog.Text(notStaff)}, nil
		}
		if err := staff.AllowedSomewhere(*m, a); err != nil {
			return deny(err.Error()), nil
		}
		j := &job{ctx: ctx, by: *m, now: asked.At.In(o.Zone), text: asked.Text, desk: &Desk{}, turn: asked.Turn + " " + name}
		body, err := o.Records.OfficerChat(ctx, m.ID, asked.At)
		if err != nil {
			return nil, fmt.Errorf("read desk of staff: %w", err)
		}
		if body != nil {
			if err := json.Unmarshal(body, j.desk); err != nil {
				return nil, fmt.Errorf("desk of staff %s: %w", m.ID, err)
			}
		}
		if j.desk.Done == j.turn {
			return j.desk.Outcome, nil
		}
		values, err := do(j)
		var refused *staff.Denied
		switch {
		case errors.As(err, &refused):
			values = deny(refused.Why)
		case err != nil:
			return nil, fmt.Errorf("%s: %w", name, err)
		case values["officer"].IsZero():
			values["officer"] = dialog.Text(isStaff)
		}
		j.desk.Done, j.desk.Outcome = j.turn, values
		return values, o.keep(j)
	}
}

func deny(why string) dialog.Values {
	return dialog.Values{"officer": dialog.Text(denied), "officer_why": dialog.Text(plain(why))}
}

func (o Office) keep(j *job) error {
	body, err := json.Marshal(j.desk)
	if err != nil {
		return fmt.Errorf("desk of staff %s: %w", j.by.ID, err)
	}
	if err := o.Records.PutOfficerChat(j.ctx, j.by.ID, body, j.now, j.now.Add(DraftLife)); err != nil {
		return fmt.Errorf("keep desk of staff: %w", err)
	}
	return nil
}

// plain makes a text fit to be put into a sentence of the content.
func plain(s string) string { return strings.NewReplacer("{", "(", "}", ")").Replace(s) }

func (o Office) world(j *job) announce.World {
	return announce.World{Library: o.Library(), Reader: o.Reader(), Now: j.now}
}

// entry makes the line of the audit log.
func (j *job) entry(did, about, detail string) staff.Entry {
	return staff.NewEntry(j.by, j.now, did, about, detail)
}

// as is the member who does something with a broadcast, and what of it is noted.
func (j *job) as(did string, detail func(*broadcast.Broadcast) string) broadcast.By {
	return broadcast.By{Name: j.by.Login, Note: func(b *broadcast.Broadcast) staff.Entry {
		return j.entry(did, "broadcast:"+b.ID, detail(b))
	}}
}

// refused gives why a broadcast is not possible, in Vietnamese, or the error
// when it is another.
func refused(err error) (why string, other error) {
	var r *broadcast.Refused
	if errors.As(err, &r) {
		return plain(r.Why), nil
	}
	return "", err
}

func yesNo(b bool) dialog.Value {
	if b {
		return dialog.Text("yes")
	}
	return dialog.Text("no")
}
