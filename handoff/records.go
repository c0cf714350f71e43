package handoff

import (
	"context"
	"time"

	"nghe/bot"
	"nghe/staff"
)

// Records keeps cases. Package store has it. All methods are safe for several
// goroutines and processes; times are passed in.
type Records interface {
	// OpenCase keeps a new case with its first messages, and the hold on its
	// contact. When the turn has opened one, or the contact has one that is
	// open, that one is given back and nothing is kept.
	OpenCase(ctx context.Context, c Case, said []Message) (kept *Case, fresh bool, err error)
	// Case gives one by its id, or by its number ("12", "#12"); nil for none.
	Case(ctx context.Context, id string) (*Case, error)
	// OpenCaseOf gives the open case of a contact; nil for none. LastCaseOf gives
	// the latest, open or not.
	OpenCaseOf(ctx context.Context, c bot.Contact) (*Case, error)
	LastCaseOf(ctx context.Context, c bot.Contact) (*Case, error)
	// Cases gives those of a query, the urgent first, then the longest waiting.
	Cases(ctx context.Context, q Query) ([]Case, error)
	// CountCases counts those of a query by state.
	CountCases(ctx context.Context, q Query) (map[State]int, error)
	// ChangeCase takes a case for itself, lets do look at it and say what is
	// written, and writes that: of several at a time one is first, and the next
	// sees what it wrote. An error of do is given back and nothing is written.
	// Nil for a case that is not there.
	ChangeCase(ctx context.Context, id string, do func(c Case) (Change, error)) (*Changed, error)

	// MergeCases does the same with two cases at once: what was said with the
	// second goes to the first, after what it has, before either change is
	// written. Nil for cases that are not there.
	MergeCases(ctx context.Context, into, from string, do func(into, from Case) (Change, Change, error)) (*Changed, *Changed, error)

	// Messages gives what was said with a case with N > after, in order.
	Messages(ctx context.Context, id string, after, limit int, now time.Time) ([]Message, error)
	// Message gives one by its id; nil for none.
	Message(ctx context.Context, id string) (*Message, error)
	// MessageBy gives one of a case by its key; nil for none. What came from another
	// case has a MergedKey.
	MessageBy(ctx context.Context, id, key string) (*Message, error)
	// QueuedMessages gives what is to go to people, of any case or of one, in
	// order: of those said before a time.
	QueuedMessages(ctx context.Context, id string, before time.Time, limit int) ([]Message, error)
	// MarkMessage notes what became of a message that is not settled. False:
	// it was settled before, or is not there.
	MarkMessage(ctx context.Context, id string, s MessageState, why string) (bool, error)

	// Unfetched gives messages said since a time with something whose file is not
	// known yet. PutFile keeps it, or why there is none; once. File gives it, nil
	// for none. ForgetFiles removes those of cases closed before a time.
	Unfetched(ctx context.Context, since time.Time, limit int) ([]Message, error)
	PutFile(ctx context.Context, message string, f bot.File, why string, now time.Time) error
	File(ctx context.Context, message string) (*bot.File, error)
	ForgetFiles(ctx context.Context, before time.Time, why string) (int, error)

	// SetHold sets who has a contact's talk in hand, with a new epoch.
	SetHold(ctx context.Context, c bot.Contact, kind, id string, now time.Time) (bot.Hold, error)
	// HoldOf gives it; the zero value when nobody ever had.
	HoldOf(ctx context.Context, c bot.Contact) (bot.Hold, error)
	// Holds gives every contact whose talk somebody has in hand, and all whose
	// session was not told yet. TellHold notes that it was.
	Holds(ctx context.Context) ([]Held, error)
	TellHold(ctx context.Context, c bot.Contact, epoch int64) error

	// ForgetCases removes what was said with cases closed before a time, and
	// says of how many.
	ForgetCases(ctx context.Context, before, now time.Time) (int, error)
	// NoteReading notes in the audit log that a member read a case, once an hour.
	NoteReading(ctx context.Context, e staff.Entry) error
}

// Held is a contact with its hold.
type Held struct {
	Contact bot.Contact
	bot.Hold
	Told bool // the session has it
}

// Change is what is written of a case.
type Change struct {
	Case Case
	// Hold is who has the talk in hand from now on; nil: as before. Its Epoch
	// is given out by the records.
	Hold *bot.Hold
	// Said is added, each once by its key.
	Said []Message
	// Entry goes to the audit log; nil: nothing does.
	Entry *staff.Entry
	// At is when.
	At time.Time
	// Nothing is to be written, not even the case.
	Nothing bool
}

// Changed is what became of a case.
type Changed struct {
	Case Case
	Hold *bot.Hold // set by this change, nil for none
	Said []Message // what was added, with ID and N; what was there before is not
}

// Query says which cases to give.
type Query struct {
	States []State
	Queue  string
	Holder string      // login
	Of     bot.Contact // of that contact
	Urgent bool        // only these
	// Within is whose: cases that lie in the scope. The zero value is nobody's.
	Within staff.Scope
	Since  time.Time // opened since then
	Before time.Time // opened before then
	Limit  int
}
