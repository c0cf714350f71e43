package console

import (
	"slices"
	"strconv"
	"time"

	"nghe/broadcast"
	"nghe/staff"
)

func mayWrite(m staff.Member) bool { return staff.AllowedSomewhere(m, staff.NewBroadcast) == nil }

// broadcastPage is the page of one announcement.
type broadcastPage struct {
	broadcast.Broadcast
	Sentence                       string
	By, Yes                        string // names
	Said                           []Said
	Progress                       progress
	LeftOut                        []reason
	Out                            int
	Approval                       string // why a second person must say yes, while it is a draft
	MayEdit, MayApprove, MayStop   bool
	MaySee                         bool // who gets it
	CanPause, CanResume, CanCancel bool
	Remarks                        []string
	History                        []event
	Chat                           bool // there is a chat of one's own to try it on
}

// event is something done, as it is told.
type event struct {
	broadcast.Event
	Name string
}

// progress is how sending stands.
type progress struct {
	broadcast.Book
	ID       string
	State    broadcast.State
	Why      string
	Over     bool
	Rows     bool
	Bars     []bar
	Pace     string // messages a second, just now
	Left     string // how long it will take
	Stamp    string // of this count, for the pace of the next
	Waits    []reason
	Skips    []reason
	Percent  int
	UsefulBy time.Time
}

// bar is a part of the bar, in thousandths.
type bar struct {
	Class string
	X, W  int
}

// showBroadcast shows an announcement.
func (c *Console) showBroadcast(v *visit) error {
	b, err := c.broadcast(v)
	if err != nil {
		return err
	}
	names, err := c.namesByLogin(v)
	if err != nil {
		return err
	}
	events, err := c.Broadcasts.Records.History(v.Context(), b.ID)
	if err != nil {
		return err
	}
	m := v.me()
	can := func(change broadcast.Change) bool { return slices.Contains(broadcast.From(change), b.State) }
	p := broadcastPage{
		Broadcast: *b, Sentence: b.Audience.Sentence(c.Library(), c.Courses(), c.Zone), By: or(names[b.Author], b.Author), Yes: or(names[b.ApprovedBy], b.ApprovedBy),
		MayEdit: can(broadcast.Edit) && c.mayBroadcast(m, staff.NewBroadcast, b) == nil, MayApprove: b.State == broadcast.Awaiting && b.Author != m.Login && c.mayBroadcast(m, staff.ApproveBroadcast, b) == nil,
		MayStop: c.mayBroadcast(m, staff.StopBroadcast, b) == nil, MaySee: c.mayBroadcast(m, staff.SeeRecipients, b) == nil,
		CanPause: can(broadcast.Pause), CanResume: can(broadcast.Resume), CanCancel: can(broadcast.Cancel), Remarks: broadcast.Remarks(b.Text), Chat: m.Contact.Channel != "" && c.Try != nil,
	}
	for _, e := range events {
		p.History = append(p.History, event{e, or(names[e.By], e.By)})
	}
	p.LeftOut, p.Out = reasons(b.LeftOut)
	if c.Say != nil {
		for _, channel := range broadcast.Channels {
			said := c.Say(b, channel)
			i := slices.IndexFunc(p.Said, func(s Said) bool { return s.Text == said.Text && slices.Equal(s.Buttons, said.Buttons) })
			if i < 0 {
				p.Said = append(p.Said, said)
				continue
			}
			p.Said[i].Also = append(p.Said[i].Also, channel)
		}
	}
	if b.State == broadcast.Draft {
		made, _, _, err := c.Broadcasts.Preview(v.Context(), letterOf(b), c.by(v, b.Audience, "", nil), c.Now())
		if err == nil {
			p.Approval, p.Planned = made.Approval, made.Planned
			p.LeftOut, p.Out = reasons(made.LeftOut)
		}
	}
	if p.Progress, err = c.progress(v, b); err != nil {
		return err
	}
	return c.page(v, "broadcast", "Thông báo", p)
}

// showProgress shows how sending stands, again and again while it goes on.
func (c *Console) showProgress(v *visit) error {
	b, err := c.broadcast(v)
	if err != nil {
		return err
	}
	p, err := c.progress(v, b)
	if err != nil {
		return err
	}
	if p.Over || p.State != broadcast.State(v.FormValue("was")) && v.FormValue("was") != "" {
		// What can be done is another by now: the whole page is shown anew.
		v.w.Header().Set("HX-Refresh", "true")
	}
	return c.part(v, "broadcast", "progress", p)
}

func (c *Console) progress(v *visit, b *broadcast.Broadcast) (progress, error) {
	p := progress{ID: b.ID, State: b.State, Why: b.Why, Over: b.State.Over(), Rows: b.Rows, UsefulBy: b.UsefulUntil}
	var err error
	if p.Book, err = c.Broadcasts.Records.Book(v.Context(), b.ID); err != nil {
		return p, err
	}
	p.Waits, _ = reasons(p.Waiting)
	p.Skips, _ = reasons(p.Reasons)
	x := 0
	if p.Planned > 0 {
		for _, part := range []struct {
			class string
			n     int
		}{{"sent", p.Sent}, {"skipped", p.Skipped}, {"failed", p.Failed}, {"doubtful", p.Doubtful}} {
			w := part.n * 1000 / p.Planned
			if part.n > 0 {
				w = max(w, 4)
			}
			w = min(w, 1000-x)
			p.Bars = append(p.Bars, bar{part.class, x, w})
			x += w
		}
		p.Percent = (p.Planned - p.Queued) * 100 / p.Planned
	}
	now := c.Now()
	done := p.Planned - p.Queued
	p.Stamp = strconv.FormatInt(now.UnixMilli(), 10) + "-" + strconv.Itoa(done)
	if b.State == broadcast.Sending {
		if rate := rate(v.FormValue("stamp"), now, done); rate > 0 {
			p.Pace = strconv.FormatFloat(rate, 'f', 1, 64)
			waiting := 0
			for _, n := range p.Waiting {
				waiting += n
			}
			p.Left = lasting(time.Duration(float64(p.Queued-waiting) / rate * float64(time.Second)))
		}
	}
	return p, nil
}

// rate gives how many a second there were since a stamp; 0 when it is not
// known.
func rate(stamp string, now time.Time, done int) float64 {
	at, before, ok := cutInts(stamp)
	seconds := float64(now.UnixMilli()-at) / 1000
	if !ok || seconds < .5 || seconds > 60 || done <= before {
		return 0
	}
	return float64(done-before) / seconds
}
