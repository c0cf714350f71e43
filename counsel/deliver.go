package counsel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"nghe/bot"
	"nghe/dialog"
	"nghe/handoff"
	"nghe/staff"
)

// bell wakes Run.
type bell struct {
	once sync.Once
	rung chan struct{}
}

func (b *bell) channel() chan struct{} {
	b.once.Do(func() { b.rung = make(chan struct{}, 1) })
	return b.rung
}

// Heard is told of what happens with cases (handoff.Desk.Told): it wakes Run and
// does nothing else, since it is called in the middle of somebody's turn.
func (c *Chats) Heard(handoff.Event) {
	select {
	case c.bell.channel() <- struct{}{}:
	default:
	}
}

// lookAgain is how often is looked for what another process left undone, and
// for offers that ran out.
const lookAgain = 15 * time.Second

// Run shows counsellors what there is for them, until the context ends.
func (c *Chats) Run(ctx context.Context, now func() time.Time) {
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for {
		if err := c.Look(ctx, now()); err != nil && ctx.Err() == nil {
			c.log().Error("counsellors are not told of everything in their chats", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-c.bell.channel():
		}
	}
}

// Look offers what waits and shows everybody on duty what there is for them.
func (c *Chats) Look(ctx context.Context, now time.Time) error {
	errs := []error{c.Cases.Offer(ctx, now)}
	duties, err := c.Cases.Roster.Duties(ctx)
	errs = append(errs, err)
	for _, duty := range duties {
		if duty.Contact == (bot.Contact{}) || duty.Lost != "" || !now.Before(duty.Until) {
			continue
		}
		errs = append(errs, c.deliver(ctx, duty, now))
	}
	return errors.Join(errs...)
}

// Lost hears of a bot.Sender that a message was given up: a chat that can't be
// reached is not on duty.
func (c *Chats) Lost(x *bot.Delivery, reason string) {
	ctx, cancel := context.WithTimeout(context.Background(), lostTime)
	defer cancel()
	if err := c.Cases.Roster.DutyLost(ctx, x.Contact, reason); err != nil {
		c.log().Error("not noted that a counsellor's chat can't be reached", "contact", x.Contact.String(), "error", err)
	}
}

const lostTime = 5 * time.Second

func (c *Chats) log() *slog.Logger {
	if c.Log == nil {
		return slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	return c.Log
}

// item is one thing that a counsellor is shown: once, by its name in their talk.
type item struct {
	name    string
	of      string // id of the case
	at      time.Time
	text    string
	options []dialog.Option
	file    *bot.Media // goes with it
	shown   change     // what follows once it was
}

// deliver shows a counsellor, in order, what they were not shown.
func (c *Chats) deliver(ctx context.Context, duty handoff.Duty, now time.Time) error {
	by, err := c.Staff.ByChat(ctx, duty.Contact)
	if err != nil || by == nil || by.Login != duty.Login {
		return err
	}
	j := &job{ctx: ctx, c: c, by: *by, now: now, contact: duty.Contact}
	d, err := c.desk(j)
	if err != nil {
		return err
	}
	items, held, err := c.items(j, d)
	if err != nil {
		return err
	}
	for _, it := range items {
		if err := c.show(j, it, held); err != nil {
			return err
		}
	}
	return nil
}

// show shows one thing. That it is shown is noted first: no word that was meant
// for somebody else passes it.
func (c *Chats) show(j *job, it item, held []handoff.Case) error {
	text := it.text
	err := c.update(j.ctx, j.by.Login, func(d *Desk) bool {
		d.show(it.name, it.of, it.options, j.now)
		if text = it.text; len(held) > 1 && byID(held, it.of) != nil {
			text += "\n— " + d.answering(held)
		}
		return true
	})
	if err != nil {
		return err
	}
	b := bot.Bubble{From: bot.FromBot, Text: text, Options: it.options, Media: it.file}
	ctx, cancel := context.WithTimeout(j.ctx, showTime)
	defer cancel()
	if err := c.Cases.Talks.Relay(ctx, j.contact, it.name, []bot.Bubble{b}, j.now); err != nil {
		return fmt.Errorf("show a counsellor %s: %w", it.name, err)
	}
	return c.update(j.ctx, j.by.Login, func(d *Desk) bool {
		delete(d.Showing, it.name)
		it.shown(d)
		return true
	})
}

// items gives what there is to be shown.
func (c *Chats) items(j *job, d *Desk) (items []item, held []handoff.Case, err error) {
	if held, err = c.held(j.ctx, j.by.Login); err != nil {
		return nil, nil, err
	}
	gone, err := c.goneItems(j, d, held)
	if err != nil {
		return nil, nil, err
	}
	for i := range held {
		x := &held[i]
		if _, known := d.Seen[x.ID]; !known {
			text, n, files, err := c.summary(j, x)
			if err != nil {
				return nil, nil, err
			}
			items = append(items, item{
				name: fmt.Sprintf("counsel-case-%s-%d", x.ID, x.Epoch), of: x.ID, at: x.ClaimedAt,
				text: x.Title() + " ở trong tay anh/chị.\n" + text, options: c.switching(x, held), shown: func(d *Desk) {
					d.knows(x, n)
					d.owes(files)
				},
			})
			continue
		}
		news, err := c.newsOf(j, d, x, held)
		if err != nil {
			return nil, nil, err
		}
		items = append(items, news...)
	}
	slices.SortStableFunc(items, func(a, b item) int { return a.at.Compare(b.at) })
	offers, err := c.offers(j, d)
	return append(append(gone, items...), offers...), held, err
}

// goneItems tell of cases that are theirs no more.
func (c *Chats) goneItems(j *job, d *Desk, held []handoff.Case) (items []item, err error) {
	for id := range d.Seen {
		if byID(held, id) != nil {
			continue
		}
		x, err := c.Cases.Records.Case(j.ctx, id)
		if err != nil {
			return nil, fmt.Errorf("read case: %w", err)
		}
		text, epoch := d.Titles[id]+" không còn ở trong tay anh/chị.", int64(0)
		if x != nil {
			epoch = x.Epoch
			switch {
			case x.State == handoff.Closed && x.ClosedBy == handoff.ByPerson:
				text = d.Titles[id] + " đã đóng: người dân gọi bot trở lại."
			case x.State == handoff.Closed:
				text = d.Titles[id] + " đã đóng."
			case x.State == handoff.Claimed:
				text = d.Titles[id] + " bây giờ do " + x.HolderName + " giữ."
			case x.State == handoff.Waiting:
				text = d.Titles[id] + " đã về lại hàng."
			}
		}
		items = append(items, item{name: fmt.Sprintf("counsel-gone-%s-%d", id, epoch), of: id, text: text, shown: func(d *Desk) { d.leaves(id) }})
	}
	slices.SortFunc(items, func(a, b item) int { return compare(a.name, b.name) })
	return items, nil
}

func compare(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// lookBack is how many of the last messages of a case are looked through for
// words that did not arrive.
const lookBack = 50

// newsOf gives what came to a case, and which of their words did not arrive.
func (c *Chats) newsOf(j *job, d *Desk, x *handoff.Case, held []handoff.Case) (items []item, err error) {
	seen := d.Seen[x.ID]
	said, err := c.Cases.Messages(j.ctx, x, min(seen, max(0, x.Said-lookBack)), j.now)
	if err != nil {
		return nil, err
	}
	carries := c.Cases.Carries != nil && c.Cases.Carries(j.contact)
	for i := range said {
		m := &said[i]
		if m.N > seen && carries && m.AwaitsFile(j.now) {
			break // it is shown with its file, and the later ones after it
		}
		mine := m.From == handoff.FromCounsellor && m.By == j.by.Login
		if mine && (m.State == handoff.Failed || m.State == handoff.Doubtful) && d.Troubled[m.ID] != string(m.State) {
			what := "không tới được người dân"
			if m.State == handoff.Doubtful {
				what = "chưa chắc đã tới người dân"
			} else if m.Media != nil && handoff.NoFile(m.Why) != m.Why {
				what += ": " + handoff.NoFile(m.Why)
			}
			items = append(items, item{
				name: "counsel-" + m.ID + "-" + string(m.State), of: x.ID, at: m.At, text: x.Title() + " Tin “" + wordOf(m.Media, m.Text) + "” " + what + ".",
				shown: func(d *Desk) { d.troubled(m) },
			})
		}
		text := c.line(m)
		if m.N <= seen && slices.Contains(d.Files, m.ID) && !m.AwaitsFile(j.now) {
			items = append(items, item{
				name: "counsel-file-" + m.ID, of: x.ID, at: m.At, text: x.Title() + " " + text, options: c.switchingFrom(d, x, held), file: fileOf(m, carries),
				shown: func(d *Desk) { d.settled(m.ID) },
			})
		}
		if m.N <= seen || mine || text == "" || m.From == handoff.FromNote && m.By == j.by.Login {
			continue
		}
		items = append(items, item{
			name: "counsel-" + m.ID, of: x.ID, at: m.At, text: x.Title() + " " + text, options: c.switchingFrom(d, x, held), file: fileOf(m, carries),
			shown: func(d *Desk) {
				if _, known := d.Seen[x.ID]; known {
					d.knows(x, m.N)
				}
			},
		})
	}
	return items, nil
}

// troubled notes that they know of a message that did not arrive.
func (d *Desk) troubled(m *handoff.Message) {
	const most = 100
	if d.Troubled == nil || len(d.Troubled) >= most {
		d.Troubled = map[string]string{}
	}
	d.Troubled[m.ID] = string(m.State)
}

// line is a message as a counsellor reads it; "" for what is not for them.
func (c *Chats) line(m *handoff.Message) string {
	text := m.Text
	if m.Media != nil {
		what := handoff.MediaName(m.Media)
		if m.File.There() {
			what += ", xem được cả ở trang tư vấn"
		} else if m.File != nil {
			what += " không mở được: " + handoff.NoFile(m.File.Why)
		}
		text = strings.TrimSpace("[" + what + "] " + text)
	}
	switch m.From {
	case handoff.FromPerson:
		return text
	case handoff.FromBot:
		return "Bot đã nói: " + text
	case handoff.FromNote:
		return "Ghi chú của " + m.Name + ": " + text
	case handoff.FromCounsellor:
		return m.Name + " nói: " + text
	}
	if m.State != "" {
		return "" // what the person is told of what they know
	}
	return "⚠ " + text
}

// fileOf gives what goes with a message in a chat that can have it.
func fileOf(m *handoff.Message, carries bool) *bot.Media {
	if !carries || !m.File.There() {
		return nil
	}
	return &bot.Media{Kind: m.Media.Kind, File: m.ID, Name: m.File.Name}
}

// switching is the button by which they answer another case.
func (c *Chats) switching(x *handoff.Case, held []handoff.Case) []dialog.Option {
	if len(held) < 2 {
		return nil
	}
	return []dialog.Option{button("Trả lời "+x.Title(), cmdList, x.Number)}
}

func (c *Chats) switchingFrom(d *Desk, x *handoff.Case, held []handoff.Case) []dialog.Option {
	if d.Current == x.ID {
		return nil
	}
	return c.switching(x, held)
}

// offers gives the cases that are offered to them.
func (c *Chats) offers(j *job, d *Desk) (items []item, err error) {
	const most = 500
	waiting, err := c.Cases.Records.Cases(j.ctx, handoff.Query{States: []handoff.State{handoff.Waiting}, Within: staff.Scope{Province: true}, Limit: most})
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	for i := range waiting {
		x := &waiting[i]
		ends := x.OfferEnds.UnixMilli()
		if x.Offered != j.by.Login || !j.now.Before(x.OfferEnds) || d.Offered[x.ID] == ends {
			continue
		}
		items = append(items, item{
			name: fmt.Sprintf("counsel-offer-%s-%d", x.ID, ends), of: x.ID, at: x.OpenedAt,
			text:    "Có ca chờ " + x.Title() + ": " + c.about(x) + ". Anh/chị nhận giúp trước " + c.clock(x.OfferEnds, j.now) + "?",
			options: []dialog.Option{button("Nhận "+x.Title(), tapTake, x.Number), button("Để người khác", tapPass, x.Number)},
			shown:   func(d *Desk) { d.offered(x.ID, ends, j.now) },
		})
	}
	return items, nil
}

// offered notes an offer that was shown, and forgets those that ended.
func (d *Desk) offered(id string, ends int64, now time.Time) {
	if d.Offered == nil {
		d.Offered = map[string]int64{}
	}
	for other, end := range d.Offered {
		if end < now.UnixMilli() {
			delete(d.Offered, other)
		}
	}
	d.Offered[id] = ends
}
