package handoff

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/oklog/ulid/v2"

	"nghe/bot"
	"nghe/content"
	"nghe/staff"
)

// Sessions is what a desk needs of the store of talks.
type Sessions interface {
	Hold(ctx context.Context, c bot.Contact, h bot.Hold, now time.Time) error
	Bubbles(ctx context.Context, c bot.Contact, after int64, now time.Time) ([]bot.Bubble, error)
}

// Talks puts something into a talk. *bot.Turns has it.
type Talks interface {
	Relay(ctx context.Context, c bot.Contact, name string, bubbles []bot.Bubble, now time.Time) error
	Return(ctx context.Context, c bot.Contact, name string, bubbles []bot.Bubble, now time.Time) error
}

// Desk is where cases are opened, taken, talked and closed: from a talk, a page,
// a chat, a terminal or the clock, with the same rules. All of it may be called
// again: what was done stays as it was.
type Desk struct {
	Records  Records
	Sessions Sessions
	Talks    Talks // of messages to people; nil: another process relays them
	Library  func() *content.Library
	Zone     *time.Location
	// Holiday says whether a day is one; nil: none is.
	Holiday func(time.Time) bool
	// Pushed says whether a channel's messages go by a bot.Sender, which tells
	// what became of them; nil: none do.
	Pushed func(channel string) bool
	// Told is called after something happened with a case in this process, to
	// wake pages and chats of staff; nil: nobody is woken.
	Told func(Event)
	// Roster and Staff say who is on duty; nil: cases are offered to nobody.
	Roster Roster
	Staff  Members
	// Notify tells who supervises the counsellors; nil: nobody is told.
	Notify func(context.Context, Notice) error
	// Window says how long after a person's word a channel takes words to them;
	// 0, and nil: always.
	Window func(channel string) time.Duration
	// Fetcher gets what was sent by a channel that is no words; nil: another
	// process does. Carries says whether files can be brought to somebody; nil:
	// to nobody.
	Fetcher func(ctx context.Context, channel, ref string, most int64) (bot.File, error)
	Carries func(bot.Contact) bool
	// Steers says whether a text is a command to the bot; nil: none is.
	Steers func(text string) bool
	// Drawer keeps members' own answers; nil: nobody has any.
	Drawer Drawer
	// Others gives the other contacts of the person behind one, as they linked
	// them themself; nil: none are known.
	Others func(context.Context, bot.Contact) ([]bot.Contact, error)
	Log    *slog.Logger

	holds holds
}

// Event is something that happened with a case.
type Event struct {
	Did  string // "opened", "said", "claimed", "released", "transferred", "closed", "reopened", "changed", "sent", "offered", "warned", "fetched", "merged"
	Case Case
	Said []Message // what was added to it
}

func (d *Desk) tell(did string, c Changed) {
	if d.Told != nil {
		d.Told(Event{did, c.Case, c.Said})
	}
}

// may says whether a member may do something with a case; nil for one that is
// not there is ErrNone.
func may(by staff.Member, a staff.Action, c *Case) error {
	if c == nil {
		return ErrNone
	}
	return staff.Allowed(by, a, c.Where())
}

func about(c *Case) string { return "case:" + c.ID }

func entry(by staff.Member, now time.Time, did string, c *Case, detail string) *staff.Entry {
	e := staff.NewEntry(by, now, "case."+did, about(c), strings.TrimSpace(c.Title()+" "+detail))
	return &e
}

func newID(at time.Time) string {
	return ulid.MustNew(ulid.Timestamp(at), ulid.DefaultEntropy()).String()
}

// Get gives a case that a member may see, by its id or number, without noting
// that they read it: for lists and for what they already have open.
func (d *Desk) Get(ctx context.Context, id string, by staff.Member) (*Case, error) {
	c, err := d.Records.Case(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read case: %w", err)
	}
	return c, may(by, staff.SeeCases, c)
}

// Read gives a case with what was said, and notes in the audit log that the
// member read it, an administrator too.
func (d *Desk) Read(ctx context.Context, id string, by staff.Member, now time.Time) (*Case, []Message, error) {
	c, said, err := d.ReadOn(ctx, id, 0, by, now)
	if err == nil && len(c.Merged) > 0 {
		// Those of both in the order of their time; N says when they came here.
		slices.SortStableFunc(said, func(a, b Message) int { return a.At.Compare(b.At) })
	}
	return c, said, err
}

// ReadOn is Read of what was said after a message: for a page that is open.
// Whoever begins in the middle is noted all the same.
func (d *Desk) ReadOn(ctx context.Context, id string, after int, by staff.Member, now time.Time) (*Case, []Message, error) {
	c, err := d.Show(ctx, id, by, now)
	if err != nil {
		return nil, nil, err
	}
	said, err := d.Messages(ctx, c, after, now)
	return c, said, err
}

// Show is Get for who is shown more of a case than stands on lists: it is noted
// that they read it.
func (d *Desk) Show(ctx context.Context, id string, by staff.Member, now time.Time) (*Case, error) {
	c, err := d.Get(ctx, id, by)
	if err != nil {
		return nil, err
	}
	if err := d.Records.NoteReading(ctx, *entry(by, now, "read", c, "đọc ca")); err != nil {
		return nil, fmt.Errorf("note reading: %w", err)
	}
	return c, nil
}

// mostMessages is how many messages of a case are given at a time.
const mostMessages = 1000

// Messages gives what was said with a case after a message, for who has read
// it before.
func (d *Desk) Messages(ctx context.Context, c *Case, after int, now time.Time) ([]Message, error) {
	said, err := d.Records.Messages(ctx, c.ID, after, mostMessages, now)
	if err != nil {
		return nil, fmt.Errorf("read messages: %w", err)
	}
	return said, nil
}

// List gives the cases of a query that a member may see.
func (d *Desk) List(ctx context.Context, q Query, by staff.Member) ([]Case, error) {
	if err := staff.AllowedSomewhere(by, staff.SeeCases); err != nil {
		return nil, err
	}
	q.Within = by.Scope
	list, err := d.Records.Cases(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	return list, nil
}

// Count counts them by state.
func (d *Desk) Count(ctx context.Context, q Query, by staff.Member) (map[State]int, error) {
	if err := staff.AllowedSomewhere(by, staff.SeeCases); err != nil {
		return nil, err
	}
	q.Within = by.Scope
	counts, err := d.Records.CountCases(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("count cases: %w", err)
	}
	return counts, nil
}

// Note keeps a note for colleagues, once for its key.
func (d *Desk) Note(ctx context.Context, id string, by staff.Member, text, key string, now time.Time) (*Message, error) {
	text, err := words(text)
	if err != nil {
		return nil, err
	}
	return d.add(ctx, id, by, Message{Key: "note " + key, From: FromNote, By: by.Login, Name: by.Name, Text: text, At: now}, func(c *Case) error {
		return may(by, staff.SeeCases, c)
	})
}

// Urgent marks a case urgent, or not any more.
func (d *Desk) Urgent(ctx context.Context, id string, by staff.Member, urgent bool, now time.Time) (*Case, error) {
	return d.change(ctx, id, "changed", func(c Case) (Change, error) {
		if err := may(by, staff.TakeCases, &c); err != nil {
			return Change{}, err
		}
		if c.Urgent == urgent {
			return Change{Nothing: true}, nil
		}
		c.Urgent = urgent
		what := "đánh dấu gấp"
		if !urgent {
			what = "bỏ dấu gấp"
		}
		return Change{Case: c, Entry: entry(by, now, "urgent", &c, what), At: now}, nil
	})
}

// change changes a case, brings its hold to the session and what is to be said
// into the talk, and tells who looks.
func (d *Desk) change(ctx context.Context, id, did string, do func(Case) (Change, error)) (*Case, error) {
	c, _, err := d.changed(ctx, id, did, do)
	return c, err
}

func (d *Desk) changed(ctx context.Context, id, did string, do func(Case) (Change, error)) (*Case, []Message, error) {
	var at time.Time
	changed, err := d.Records.ChangeCase(ctx, id, func(c Case) (Change, error) {
		ch, err := do(c)
		at = ch.At
		return ch, err
	})
	switch {
	case err != nil:
		return nil, nil, err
	case changed == nil:
		return nil, nil, ErrNone
	}
	// First the hold: whoever is told that a case is theirs may rely on it. A
	// change that was made before may not have come so far.
	if changed.Hold != nil {
		err = d.bring(ctx, changed.Case.Contact, *changed.Hold, at)
	} else if at.IsZero() {
		err = d.settle(ctx, changed.Case.Contact)
	}
	if err != nil {
		return nil, nil, err
	}
	if changed.Hold != nil || len(changed.Said) > 0 || !at.IsZero() {
		d.tell(did, *changed)
	}
	for _, m := range changed.Said {
		if m.State == Queued {
			d.flush(ctx, &changed.Case, at)
			break
		}
	}
	return &changed.Case, changed.Said, nil
}

// maxWords is how many characters one message of a counsellor may have.
const maxWords = 2000

// words brings what somebody typed into form.
func words(text string) (string, error) {
	text = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", ""))
	switch {
	case text == "":
		return "", refuse("Chưa có chữ nào để gửi.")
	case utf8.RuneCountInString(text) > maxWords:
		return "", refuse("Tin dài quá %d chữ, anh/chị chia làm mấy tin.", maxWords)
	}
	return text, nil
}
