package bot

import (
	"context"
	"errors"
	"time"

	"nghe/dialog"
)

// Contact is a person on one platform. The same person on two platforms is
// two contacts.
type Contact struct {
	Channel string `json:"channel"` // "web", "telegram", "zalo", "zalobot", "terminal"
	ID      string `json:"id"`      // the platform's own name for the person
}

// String gives "web:r4nd0m".
func (c Contact) String() string { return c.Channel + ":" + c.ID }

// Who said a bubble.
const (
	FromPerson     = "person"
	FromBot        = "bot"
	FromCounsellor = "counsellor"
)

// Bubble is one thing said, either way.
type Bubble struct {
	Seq     int64           `json:"seq"`            // counts per contact, from 1; 0 = not kept
	From    string          `json:"from"`           // one of the From words
	By      string          `json:"by,omitempty"`   // the counsellor who says it; Text begins with it
	Text    string          `json:"text"`           // everything that was said
	Lead    string          `json:"lead,omitempty"` // the text without what the cards say; "" without cards
	Show    *dialog.Show    `json:"show,omitempty"` // seen beside the text where a channel can
	Options []dialog.Option `json:"options,omitempty"`
	Sources []string        `json:"sources,omitempty"`
	Topic   string          `json:"topic,omitempty"` // that it answers, "" for none
	Form    bool            `json:"form,omitzero"`   // the platform's form for contact details stands beside the text
	Media   *Media          `json:"media,omitempty"` // what was sent besides Text
	// Template goes in its place where nothing may be written freely.
	Template *Template `json:"template,omitempty"`
	At       time.Time `json:"at"`
	Turn     string    `json:"turn"` // the turn it belongs to: channel + update id
	// Until ends the life of a bubble that may tell a sensitive answer; the
	// zero time is BubbleLife.
	Until time.Time `json:"until,omitzero"`
}

// Template is a text that a platform approved beforehand, to be filled in; it
// costs. Channels without such a thing say the text of its bubble.
type Template struct {
	ID   string            `json:"id"`
	Data map[string]string `json:"data,omitempty"`
	Dong int64             `json:"dong"` // what one message costs, in đồng
}

// Ends is when a bubble is forgotten.
func (b Bubble) Ends() time.Time {
	ends := b.At.Add(BubbleLife)
	if !b.Until.IsZero() && b.Until.Before(ends) {
		return b.Until
	}
	return ends
}

// Loaded is everything that a turn needs of the store, read in one round trip.
type Loaded struct {
	Version   int64    // 0 = nothing kept yet
	Session   []byte   // plain part of a dialog.Session; nil if none
	Sensitive []byte   // nil if none or past its end
	Seen      bool     // this turn was committed before
	Replies   []Bubble // what was said then, both ways (when Seen)
	Effects   []byte   // effects committed and not yet applied (JSON); nil if none
	LastSeq   int64
	Hold      Hold
}

// Commit is the one guarded write of a turn.
type Commit struct {
	Contact       Contact
	Turn          string
	Base          int64 // the Version that it was decided on
	Epoch         int64 // and the Epoch of the Hold
	Session       []byte
	Sensitive     []byte // nil: none is kept from now on
	SensitiveEnds time.Time
	Bubbles       []Bubble // appended; the store gives out Seq: LastSeq+1, …
	Effects       []byte   // nil: nothing to apply
	// Send puts the bubbles of the bot into the contact's outbox. The commit
	// also forgets the message of this turn in the inbox, if it is there.
	Send bool
	// Erase forgets the session, its sensitive part and all earlier bubbles:
	// only what this commit holds stays, and the seen-mark. Seq goes on
	// counting, so that an open page sees what follows. It ends the Hold, whose
	// Epoch stays.
	Erase bool
	At    time.Time
}

// How long things live.
const (
	SessionLife = 90 * 24 * time.Hour
	BubbleLife  = 7 * 24 * time.Hour
	BubblesKept = 30 // at most, of one contact
)

// SeenLife says how long a turn is remembered as done, by channel: a little
// longer than the platform may deliver it again.
func SeenLife(channel string) time.Duration {
	switch channel {
	case "telegram":
		return 48 * time.Hour
	case "zalo":
		return 72 * time.Hour
	case "zalobot":
		return 8 * 24 * time.Hour
	}
	return 7 * 24 * time.Hour
}

// ErrConflict says that a Commit was decided on a state that is gone, or that
// its turn was committed before. Nothing was written: load again and decide
// anew.
var ErrConflict = errors.New("the session changed meanwhile")

// Sessions keeps what is between two messages of a contact. Package store has
// it on SQLite and on Redis. All methods are safe for several goroutines and
// processes; times are passed in, nothing reads a clock.
type Sessions interface {
	// Load reads what a turn needs. A contact that is not known gives the
	// zero Loaded and no error.
	Load(ctx context.Context, c Contact, turn string, now time.Time) (Loaded, error)
	// Save writes a turn whole or not at all and gives back its bubbles with
	// their Seq, which may be those of the Commit itself. ErrConflict: see there.
	Save(ctx context.Context, c Commit) ([]Bubble, error)
	// Applied forgets the effects of a contact once they were carried out,
	// if they are still those of the version given (as Loaded.Version gives
	// it). It is no error when there are none.
	Applied(ctx context.Context, c Contact, version int64) error
	// Hold sets who has a contact's talk in hand if its Epoch is higher than
	// the one that is there, and makes the session's row if there is none. With
	// the same Epoch or a lower one nothing changes: it may be called again.
	Hold(ctx context.Context, c Contact, h Hold, now time.Time) error
	// Bubbles gives what is kept with Seq > after, oldest first.
	Bubbles(ctx context.Context, c Contact, after int64, now time.Time) ([]Bubble, error)
	// Pending gives contacts with effects that are not applied yet.
	Pending(ctx context.Context, limit int) ([]Contact, error)
	// Ping says whether the store can be reached.
	Ping(ctx context.Context) error
	Close() error
}
