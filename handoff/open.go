package handoff

import (
	"context"
	"fmt"
	"slices"
	"time"

	"nghe/bot"
	"nghe/content"
	"nghe/dialog"
	"nghe/staff"
)

// Opening is what a case is made of.
type Opening struct {
	Contact bot.Contact
	Turn    string // that asks for it: it makes one case, however often it is decided
	Kind    Kind
	Topic   string       // "" when not known
	Left    dialog.Frame // where the talk was left; the zero value: nowhere
	Answers dialog.Values
	For     string
	Wish    string // in the person's words; "" = what they said last
	About   string // of a complaint: value of slot complaint_about
	Urgent  bool
	// Office says that the office holds it from the beginning (office.go).
	Office bool
	At     time.Time
}

// Open makes a case of a talk and lets it wait in its queue. The same turn
// again, and another opening while a case of the contact is open, give that
// case; fresh says that this turn made it.
func (d *Desk) Open(ctx context.Context, o Opening) (c *Case, fresh bool, err error) {
	lib := d.Library()
	said, err := d.Sessions.Bubbles(ctx, o.Contact, 0, o.At)
	if err != nil {
		return nil, false, fmt.Errorf("read bubbles: %w", err)
	}
	if o.Topic == "" {
		o.Topic = lastTopic(said)
	}
	q := lib.Route(o.Topic, o.Left.Flow)
	if o.Kind == Complaint {
		q = lib.ComplaintQueue()
	}
	if q == nil {
		return nil, false, fmt.Errorf("content has no queue for cases")
	}
	hours := d.Hours(q)
	made := Case{
		ID: newID(o.At), State: Waiting, Kind: o.Kind, Queue: q.ID, Org: q.Org, Topic: o.Topic, Place: o.Answers["place"].Text(), Urgent: o.Urgent,
		Contact: o.Contact, Address: o.Answers["address"].Text(), Turn: o.Turn, Summary: summary(lib, o, d.meant(said)), OpenedAt: o.At, WaitingAt: o.At, PersonAt: o.At,
		FirstDue: hours.Add(o.At, time.Duration(q.FirstAnswer)*time.Minute), CloseDue: hours.Add(o.At, time.Duration(q.CloseWithin)*time.Hour),
	}
	if o.Office {
		made.take(staff.Member{Login: Office, Name: officeName}, o.At)
	}
	if lib.Place(made.Place) == nil {
		made.Place = ""
	}
	if made.Topic == "" {
		made.Topic = o.Left.Flow
	}
	if o.Left.Flow != "" {
		made.ReturnTo = o.Left.Flow + "/" + o.Left.Step
	}
	if b := lib.Body(o.About); o.Kind == Complaint && b != nil {
		made.Body = b.ID
	}
	c, fresh, err = d.Records.OpenCase(ctx, made, transcript(said))
	if err != nil {
		return nil, false, fmt.Errorf("keep case: %w", err)
	}
	if o.Kind == Complaint && c.Kind != Complaint && c.Open() {
		if c, err = d.complained(ctx, c.ID, made, q); err != nil {
			return nil, false, err
		}
	}
	if o.Urgent && !c.Urgent && c.Open() {
		if err := d.Alarm(ctx, c.ID, o.Turn, o.At); err != nil {
			return nil, false, err
		}
		c.Urgent = true
	}
	if err := d.settle(ctx, o.Contact); err != nil {
		return nil, false, err
	}
	if fresh {
		d.tell("opened", Changed{Case: *c})
	}
	return c, c.Turn == o.Turn, nil
}

// lastTopic gives what the bot answered last, right before a human is asked for;
// "" when that was no answer.
func lastTopic(said []bot.Bubble) string {
	for _, b := range slices.Backward(said) {
		if b.Turn != said[len(said)-1].Turn {
			break
		}
		if b.Topic != "" {
			return b.Topic
		}
	}
	return ""
}

// complained makes a case that is open a complaint too: in the queue for them as
// long as nobody holds it.
func (d *Desk) complained(ctx context.Context, id string, made Case, q *content.Queue) (*Case, error) {
	return d.change(ctx, id, "changed", func(c Case) (Change, error) {
		if !c.Open() || c.Kind == Complaint {
			return Change{Nothing: true}, nil
		}
		c.Kind, c.Body, c.CloseDue = Complaint, made.Body, made.CloseDue
		if made.Place != "" {
			c.Place = made.Place
		}
		if c.State == Waiting {
			if c.Queue = q.ID; q.Org != "" {
				c.Org = q.Org
			}
			d.wait(&c, made.OpenedAt)
		}
		return Change{Case: c, At: made.OpenedAt, Said: []Message{{
			Key: "complaint " + made.Turn, From: FromSystem, At: made.OpenedAt, Text: "Người dân phản ánh: " + made.Summary.Wish,
		}}}, nil
	})
}

// transcript is what was said before a case opened, as its first messages.
func transcript(said []bot.Bubble) []Message {
	var list []Message
	for _, b := range said {
		for _, m := range filed(b.Turn, []bot.Bubble{b}) {
			m.Key = fmt.Sprintf("before %d", b.Seq)
			list = append(list, m)
		}
	}
	return list
}

// Ahead gives how many cases wait before this one in its queue.
func (d *Desk) Ahead(ctx context.Context, c *Case) (int, error) {
	counts, err := d.Records.CountCases(ctx, Query{States: []State{Waiting}, Queue: c.Queue, Before: c.OpenedAt, Within: everywhere})
	return counts[Waiting], err
}

// QueueOf gives the queue of a case; when the content has it no more, the one
// for everything else.
func (d *Desk) QueueOf(c *Case) *content.Queue {
	lib := d.Library()
	if q := lib.Queue(c.Queue); q != nil {
		return q
	}
	return lib.Route("", "")
}
