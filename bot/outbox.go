package bot

import (
	"context"
	"time"
)

// Delivery is what is to be sent of one turn to one contact.
type Delivery struct {
	Contact Contact
	Seq     int64    // of its last bubble: deliveries of a contact go in this order
	Turn    string   // the turn that said it
	Bubbles []Bubble // of the bot
	At      time.Time

	Progress
	// Crashed: whoever had it before let the lease end, so that its next part
	// may have arrived. It is counted in Doubts.
	Crashed bool
}

// Progress is how far a delivery has come. It stands on its row.
type Progress struct {
	Parts     int       `json:"parts,omitempty"`  // that the platform took; the next is sent
	Tries     int       `json:"tries,omitempty"`  // in a row that failed
	Doubts    int       `json:"doubts,omitempty"` // times it may have arrived without our knowing
	Begun     time.Time `json:"begun,omitzero"`   // since when the next part may have been sent
	NotBefore time.Time `json:"not_before,omitzero"`
	Blocked   time.Time `json:"blocked,omitzero"` // since when it holds its followers; zero = it does not
}

// Lives of the send road.
const (
	// SendLease is how long a delivery belongs to the process that took it.
	SendLease = 30 * time.Second
	// SendDeadline is for one part; a part is only begun when this much of
	// the lease is left, so that nobody sends under a lease that ended.
	SendDeadline = 15 * time.Second
	// HoldFollowers is how long a delivery that waits or is in doubt holds
	// the later ones of its contact.
	HoldFollowers = 60 * time.Second
	// OutboxLife is how long an answer is worth sending.
	OutboxLife = 24 * time.Hour
)

// Held is a delivery as an outbox has it: with who is sending it.
type Held struct {
	Delivery
	Owner string    // "" = nobody
	Lease time.Time // until when
}

// NextOf gives which of a contact's deliveries, in order, an owner may take at
// a time, nil for none; with Crashed and Doubts as they are once it is taken.
// It is the rule of the order of sending, for every Outbox.
func NextOf(rows []Held, owner string, now time.Time) *Held {
	for _, r := range rows {
		if r.Owner != "" && r.Owner != owner && r.Lease.After(now) {
			return nil // somebody else is at this contact
		}
	}
	for i := range rows {
		r := &rows[i]
		if !r.NotBefore.After(now) {
			if r.Crashed = r.Owner != ""; r.Crashed {
				r.Doubts++
			}
			if r.Doubts == 0 {
				r.Begun = now
			}
			return r
		}
		if now.Sub(r.Blocked) < HoldFollowers {
			return nil
		}
	}
	return nil
}

// Outbox keeps what is to be sent. Turns put deliveries there in their guarded
// write (Commit.Send); a Sender takes them out. Package store has it beside
// Sessions. All methods are safe for several goroutines and processes; times
// are passed in.
type Outbox interface {
	// Take gives the delivery of a contact that is to be sent next, and the
	// right to send it until now + SendLease to the owner: the oldest that is
	// due, unless another owner has a delivery of the contact. A delivery
	// whose owner let the lease end is in doubt: Doubts was counted up. Nil:
	// there is nothing to send now.
	Take(ctx context.Context, c Contact, owner string, now time.Time) (*Delivery, error)
	// Note writes how far a delivery has come and lengthens the lease. False:
	// it belongs to somebody else by now, or is gone: send no more of it.
	Note(ctx context.Context, d *Delivery, owner string, now time.Time) (bool, error)
	// Put gives a delivery back, to be taken again from NotBefore on.
	Put(ctx context.Context, d *Delivery, owner string, now time.Time) (bool, error)
	// Done ends a delivery and forgets it.
	Done(ctx context.Context, d *Delivery, owner string) (bool, error)
	// Due gives contacts that have something to take at a time, the longest
	// waiting first.
	Due(ctx context.Context, now time.Time, limit int) ([]Contact, error)
}

// Inbox keeps messages of platforms that do not deliver again: from the moment
// they are accepted until a turn's guarded write holds them. Package store has
// it beside Sessions.
type Inbox interface {
	// Accept keeps a message. False: it is there already, or its turn was
	// committed. The turn's commit forgets it.
	Accept(ctx context.Context, in Incoming, now time.Time) (fresh bool, err error)
	// Accepted gives the messages of a contact that wait, in the order they
	// were accepted.
	Accepted(ctx context.Context, c Contact) ([]Incoming, error)
	// Left gives contacts whose messages were accepted before a time, the
	// longest waiting first.
	Left(ctx context.Context, before time.Time, limit int) ([]Contact, error)
}
