package handoff

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"nghe/bot"
	"nghe/staff"
)

// key names something that happens once at a moment.
func key(what string, at time.Time) string { return what + " " + strconv.FormatInt(at.UnixNano(), 36) }

func fileKey(turn string, n int) string { return "turn " + turn + " " + strconv.Itoa(n) }

// File files what was said in a turn with a case; once per turn. It is how
// bot.Turns tells of both sides while the case waits, and of the person while
// it is claimed.
func (d *Desk) File(ctx context.Context, who bot.Contact, id, turn string, said []bot.Bubble) error {
	if len(said) == 0 {
		return nil
	}
	list := filed(turn, said)
	gone := false
	_, err := d.change(ctx, id, "said", func(c Case) (Change, error) {
		if gone = !c.Open(); gone || len(list) == 0 {
			return Change{Nothing: true}, nil
		}
		at := list[0].At
		if slices.ContainsFunc(list, func(m Message) bool { return m.From == FromPerson }) && at.After(c.PersonAt) {
			c.PersonAt = at
		}
		return Change{Case: c, Said: list, At: at}, nil
	})
	if err != nil && err != ErrNone {
		return err
	}
	if gone || err == ErrNone {
		return d.free(ctx, who, said[0].At)
	}
	return nil
}

// free gives a talk back whose session still stands as a case had it that is
// gone: closed, or removed because the person deleted everything.
func (d *Desk) free(ctx context.Context, who bot.Contact, now time.Time) error {
	h, err := d.Records.HoldOf(ctx, who)
	if err == nil && h.Epoch == 0 {
		h, err = d.Records.SetHold(ctx, who, "", "", now)
	}
	if err != nil {
		return err
	}
	return d.bring(ctx, who, h, now)
}

// Alarm marks a case urgent because the person spoke of danger.
func (d *Desk) Alarm(ctx context.Context, id, turn string, at time.Time) error {
	_, err := d.change(ctx, id, "changed", func(c Case) (Change, error) {
		if !c.Open() {
			return Change{Nothing: true}, nil
		}
		c.Urgent = true
		return Change{Case: c, At: at, Said: []Message{{Key: "alarm " + turn, From: FromSystem, At: at,
			Text: "Người dân vừa nói điều nguy hiểm. Bot đã đưa số khẩn cấp; anh/chị xem ngay."}}}, nil
	})
	if err == ErrNone {
		return nil
	}
	return err
}

// Say keeps what a counsellor says and relays it to the person; once for its
// key. Only who holds the case may.
func (d *Desk) Say(ctx context.Context, id string, by staff.Member, text, key string, now time.Time) (*Message, error) {
	m, err := word(by, text, key, now)
	if err != nil {
		return nil, err
	}
	return d.add(ctx, id, by, m, func(c *Case) error { return d.maySay(by, c, now) })
}

// word makes a message of what a counsellor says.
func word(by staff.Member, text, key string, now time.Time) (Message, error) {
	text, err := words(text)
	return Message{Key: "say " + by.Login + " " + key, From: FromCounsellor, By: by.Login, Name: by.Name, Text: text, State: Queued, At: now}, err
}

// maySay says whether a member may speak to the person of a case, and notes that
// they do.
func (d *Desk) maySay(by staff.Member, c *Case, now time.Time) error {
	if err := holdsIt(by, c); err != nil {
		return err
	}
	if c.Contact == (bot.Contact{}) {
		return refuse("Người dân đã xoá dữ liệu của mình, không nhắn được nữa.")
	}
	if c.StaffAt = now; c.AnsweredAt.IsZero() {
		c.AnsweredAt = now
	}
	return nil
}

// Reply is Say, which claims the case when nobody holds it: the word goes with the
// claim, and Say finds it said.
func (d *Desk) Reply(ctx context.Context, id string, by staff.Member, text, key string, now time.Time) (*Message, error) {
	m, err := word(by, text, key, now)
	if err != nil {
		return nil, err
	}
	if _, err := d.claim(ctx, id, by, &m, now); err != nil {
		return nil, err
	}
	return d.Say(ctx, id, by, text, key, now)
}

// add adds one message to a case, unless it is there.
func (d *Desk) add(ctx context.Context, id string, by staff.Member, m Message, allowed func(*Case) error) (*Message, error) {
	c, said, err := d.changed(ctx, id, "said", func(c Case) (Change, error) {
		if err := allowed(&c); err != nil {
			return Change{}, err
		}
		did := "say"
		if m.From == FromNote {
			did = "note"
		}
		return Change{Case: c, Said: []Message{m}, Entry: entry(by, m.At, did, &c, ""), At: m.At}, nil
	})
	if err != nil {
		return nil, err
	}
	if len(said) == 1 {
		// It may have gone meanwhile.
		return d.Records.Message(ctx, said[0].ID)
	}
	// It was said before: as it stands now.
	there, err := d.Records.MessageBy(ctx, c.ID, m.Key)
	if err == nil && there == nil {
		err = fmt.Errorf("message %q of case %s is gone", m.Key, c.ID)
	}
	return there, err
}

// notice is something that the person is told of what became of their case.
func (d *Desk) notice(what string, c *Case, phrase string, now time.Time) Message {
	return Message{Key: key(what, now), From: FromSystem, Name: c.HolderName, Text: d.phrase(c, phrase), State: Queued, At: now}
}

// phrase gives a sentence of the content about a case.
func (d *Desk) phrase(c *Case, id string) string {
	lib := d.Library()
	text := lib.Phrase(id)[0]
	fills := map[string]string{"name": c.HolderName, "number": c.Title(), "queue": c.Queue}
	if q := lib.Queue(c.Queue); q != nil {
		fills["queue"], fills["who"] = q.Title, q.Who
	}
	for name, word := range lib.Form(c.Address) {
		fills[name] = word
	}
	for name, word := range fills {
		text = strings.ReplaceAll(text, "{"+name+"}", word)
	}
	return text
}

// flush relays what a case has for the person, in order. What can't be relayed
// now is left to Sweep.
func (d *Desk) flush(ctx context.Context, c *Case, now time.Time) {
	if d.Talks == nil {
		return
	}
	const atATime = 100
	queued, err := d.Records.QueuedMessages(ctx, c.ID, now.Add(time.Hour), atATime)
	if err == nil {
		err = d.relayAll(ctx, c, queued, now)
	}
	if err != nil {
		d.log().Error("messages of a case wait for the sweep", "case", c.ID, "error", err)
	}
}

func (d *Desk) relayAll(ctx context.Context, c *Case, queued []Message, now time.Time) error {
	for _, m := range queued {
		if !m.fetched() {
			return nil // Fetch goes on; the later ones wait, to keep the order
		}
		if err := d.relay(ctx, c, m, now); err != nil {
			return err // the later ones wait, to keep the order
		}
	}
	return nil
}

// turnPrefix begins the names of turns that relay messages.
const turnPrefix = "case-"

// relay brings one message into the talk of its case. Done again, it is there
// once: the turn has the message's name.
func (d *Desk) relay(ctx context.Context, c *Case, m Message, now time.Time) error {
	if c.Contact == (bot.Contact{}) {
		_, err := d.Records.MarkMessage(ctx, m.ID, Failed, "erased")
		return err
	}
	if now.Sub(m.At) > bot.OutboxLife {
		_, err := d.Records.MarkMessage(ctx, m.ID, Failed, "late")
		return err
	}
	if m.File != nil && !m.File.There() {
		return d.mark(ctx, m.ID, Failed, m.File.Why)
	}
	b := bot.Bubble{From: bot.FromCounsellor, Text: m.Text}
	if m.From == FromCounsellor {
		b.By = m.Name // what the person is told of their case nobody says
	}
	switch {
	case m.File != nil:
		b.Media = &bot.Media{Kind: m.Media.Kind, File: m.ID, Name: m.File.Name}
		b.Text = strings.TrimSpace(m.Name + " gửi " + MediaName(m.Media) + ". " + m.Text)
	case m.From == FromCounsellor:
		b.Text = m.Name + ": " + m.Text
	}
	put := d.Talks.Relay
	if m.Closing {
		put, b.Options = d.Talks.Return, d.ratings()
	}
	bubbles, pushed := []bot.Bubble{b}, d.Pushed != nil && d.Pushed(c.Contact.Channel)
	if lead := (bot.Bubble{From: bot.FromCounsellor, Text: m.Lead}); m.Lead != "" && pushed {
		bubbles = []bot.Bubble{lead, b}
	} else if m.Lead != "" { // a page has room for both, and says whose each is
		if err := put(ctx, c.Contact, turnPrefix+m.ID+"-lead", []bot.Bubble{lead}, now); err != nil {
			return err
		}
	}
	if err := put(ctx, c.Contact, turnPrefix+m.ID, bubbles, now); err != nil {
		return err
	}
	if !pushed {
		// Their page comes for it: there it is.
		return d.mark(ctx, m.ID, Sent, "")
	}
	return nil
}

// messageOf gives the message that a turn relays; "" when it relays none.
func messageOf(turn string) string {
	_, update, _ := strings.Cut(turn, ":")
	id, ok := strings.CutPrefix(update, turnPrefix)
	if !ok {
		return ""
	}
	return id
}

// Delivered, Doubted and Lost hear of a bot.Sender what became of a delivery.
func (d *Desk) Delivered(x *bot.Delivery) { d.outcome(x, Sent, "") }

func (d *Desk) Doubted(x *bot.Delivery, reason string) { d.outcome(x, Doubtful, reason) }

func (d *Desk) Lost(x *bot.Delivery, reason string) { d.outcome(x, Failed, reason) }

const markTime = 5 * time.Second

func (d *Desk) outcome(x *bot.Delivery, s MessageState, why string) {
	id := messageOf(x.Turn)
	if id == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), markTime)
	defer cancel()
	if err := d.mark(ctx, id, s, why); err != nil {
		d.log().Error("what became of a counsellor's message is not noted", "message", id, "state", s, "error", err)
	}
}

// MarkMessage notes what became of a message to the person.
func (d *Desk) mark(ctx context.Context, id string, s MessageState, why string) error {
	won, err := d.Records.MarkMessage(ctx, id, s, why)
	if err != nil || !won || d.Told == nil {
		return err
	}
	m, err := d.Records.Message(ctx, id)
	if err != nil || m == nil {
		return err
	}
	c, err := d.Records.Case(ctx, m.Case)
	if err != nil || c == nil {
		return err
	}
	d.tell("sent", Changed{Case: *c, Said: []Message{*m}})
	return nil
}
