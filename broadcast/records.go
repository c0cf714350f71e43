package broadcast

import (
	"context"
	"time"

	"nghe/bot"
	"nghe/staff"
)

// Records keeps broadcasts and finds audiences. Package store has it. All
// methods are safe for several goroutines and processes; times are passed in.
// Entries of the audit log are written together with the change, and only if it
// is made.
type Records interface {
	// Count counts an audience, without changing anything.
	Count(ctx context.Context, s Selection) (Counted, error)
	// Sample gives some people of an audience who would be told.
	Sample(ctx context.Context, s Selection, n int) ([]Sample, error)

	// Put keeps a new broadcast. When one of the same name is there, or, unless
	// again, one of the same hash that was made in the last SameFor and not
	// cancelled, that one is given back and nothing is kept.
	Put(ctx context.Context, b Broadcast, again bool, now time.Time, entries ...staff.Entry) (kept *Broadcast, fresh bool, err error)
	// Broadcast gives one by its id; nil for none.
	Broadcast(ctx context.Context, id string) (*Broadcast, error)
	// Broadcasts gives the latest, newest first; with states only those.
	Broadcasts(ctx context.Context, limit int, states ...State) ([]Broadcast, error)
	// Replace puts what was edited in the place of the version with a hash, and
	// forgets the yes that was given to that. False: it is another by now, or
	// can't be edited any more.
	Replace(ctx context.Context, b Broadcast, was string, by string, now time.Time, entries ...staff.Entry) (bool, error)
	// Approve notes a yes to the version with a hash, and where it goes from
	// there.
	Approve(ctx context.Context, id, hash, by string, to State, now time.Time, entries ...staff.Entry) (bool, error)
	// Change leads from one of the states that allow it to another. False: it
	// was in none of them.
	Change(ctx context.Context, id string, c Change, to State, by, why string, now time.Time, entries ...staff.Entry) (bool, error)
	// History tells what was done with it, the oldest first.
	History(ctx context.Context, id string) ([]Event, error)

	// Book counts its rows.
	Book(ctx context.Context, id string) (Book, error)
	// Rows gives its rows in order of recipients after one, "" for the first;
	// with states only those.
	Rows(ctx context.Context, id, after string, limit int, states ...DeliveryState) ([]Row, error)
	// Calls gives those who are to be called instead, by village: who can't be
	// written to and left a phone number, or came with paper.
	Calls(ctx context.Context, id string) ([]Call, error)
	// Drop ends rows of a broadcast that is cancelled, or whose use is over, a
	// piece at a time. False: none is left.
	Drop(ctx context.Context, id string, now time.Time) (more bool, err error)

	// Rules gives the rules of the installation.
	Rules(ctx context.Context) (Rules, error)
	// EditRules puts others in their place, and says whether they were still as
	// they were read.
	EditRules(ctx context.Context, was, is Rules, entries ...staff.Entry) (bool, error)
}

// Counted is an audience in numbers.
type Counted struct {
	Planned   int
	ByChannel map[string]int
	LeftOut   map[string]int // by reason
}

// Sample is somebody of an audience, so that an officer sees whether they are
// the right people and nothing more.
type Sample struct {
	Name    string `json:"name"` // "N… A…"; "" when they gave none
	Place   string `json:"place"`
	Channel string `json:"channel"`
}

// Event is something done with a broadcast.
type Event struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`
	What Change    `json:"what"` // "new" besides the changes
	Why  string    `json:"why,omitempty"`
}

// Row is what one recipient got of a broadcast. Who names them within the
// records; it says nothing of somebody who had everything deleted.
type Row struct {
	Who        string        `json:"who"`
	Contact    bot.Contact   `json:"contact"`
	State      DeliveryState `json:"state"`
	Reason     string        `json:"reason,omitempty"`
	Waits      string        `json:"waits,omitempty"`
	At         time.Time     `json:"at,omitzero"` // when it came to this state
	Name       string        `json:"name,omitempty"`
	Place      string        `json:"place,omitempty"`
	Tapped     bool          `json:"tapped,omitempty"`
	Registered bool          `json:"registered,omitempty"`
	Declined   bool          `json:"declined,omitempty"`
}

// Call is somebody to be called.
type Call struct {
	Place   string `json:"place"`
	Village string `json:"village"`
	Name    string `json:"name"`
	Phone   string `json:"phone"`
	Course  string `json:"course,omitempty"`
	Trade   string `json:"trade"`
	Consent string `json:"consent"` // the words they said yes to
	Why     string `json:"why"`     // "window", "blocked", …, or "paper"
}
