package broadcast

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"nghe/bot"
	"nghe/dialog"
)

// Broadcast is one message for many.
type Broadcast struct {
	ID string `json:"id"` // a ULID
	// Name makes a broadcast happen once, whoever makes it: a reminder is named
	// by what it is about and when. "" for those of people.
	Name   string `json:"name,omitempty"`
	Author string `json:"author"` // login of a staff member, or Operator, or Clock

	Text   string `json:"text"`
	Course string `json:"course,omitempty"` // a class that it announces, as buttons
	// Options are buttons in the place of those.
	Options []dialog.Option `json:"options,omitempty"`
	// Template goes to those on Zalo who may not be written to freely; nil: they
	// are waited for.
	Template *bot.Template `json:"template,omitempty"`
	Audience Audience      `json:"audience"`
	Purpose  Purpose       `json:"purpose"`
	Topics   []string      `json:"topics,omitempty"` // trades that it tells of
	At       time.Time     `json:"at"`
	// UsefulUntil is when it is of no more use: what is not sent by then is
	// counted, and not sent.
	UsefulUntil time.Time `json:"useful_until"`
	Urgent      bool      `json:"urgent,omitempty"` // passes quiet hours and caps

	// Selection is the audience resolved.
	Selection Selection `json:"selection"`
	// Hash names content and audience.
	Hash string `json:"hash"`
	// Outside says that it goes beyond whom its author usually tells.
	Outside bool `json:"outside,omitempty"`

	State State  `json:"state"`
	Why   string `json:"why,omitempty"` // it is paused
	// Planned is how many are told: counted until the rows are written, then
	// as many as there are. LeftOut are those of the audience who are not, by
	// reason.
	Planned    int            `json:"planned"`
	LeftOut    map[string]int `json:"left_out"`
	Rows       bool           `json:"rows"` // all rows are written
	ApprovedBy string         `json:"approved_by,omitempty"`
	ApprovedAt time.Time      `json:"approved_at,omitzero"`
	CreatedAt  time.Time      `json:"created_at"`
	StartedAt  time.Time      `json:"started_at,omitzero"`
	DoneAt     time.Time      `json:"done_at,omitzero"`
}

// Purpose is what a recipient must have agreed to.
type Purpose string

const (
	// PurposeNews: to be told of new classes, or to be reminded in a wish for
	// this class or its trade.
	PurposeNews Purpose = "news"
	// PurposeWish: to be reminded, in a wish for this class or its trade.
	PurposeWish Purpose = "wish"
)

// Authors who are nobody of the staff.
const (
	Operator = "operator"  // who runs the program, from a terminal
	Clock    = "scheduler" // reminders
)

// State is how far a broadcast has come.
type State string

const (
	Draft     State = "draft"
	Awaiting  State = "awaiting-approval"
	Scheduled State = "scheduled"
	Sending   State = "sending"
	Paused    State = "paused"
	Done      State = "done"
	Cancelled State = "cancelled"
)

// States are all of them, in order.
var States = []State{Draft, Awaiting, Scheduled, Sending, Paused, Done, Cancelled}

// Over says that nothing more happens to it.
func (s State) Over() bool { return s == Done || s == Cancelled }

// Change is what somebody does with a broadcast.
type Change string

const (
	Approve Change = "approve"
	Pause   Change = "pause"
	Resume  Change = "resume"
	Cancel  Change = "cancel"
	Edit    Change = "edit"
	Finish  Change = "finish" // the road, when no row is left
	Begin   Change = "begin"  // the road, when the time has come
	Hold    Change = "hold"   // the road, when it came out larger than what needs no second yes
)

// from says in which states a change is possible.
var from = map[Change][]State{
	Edit:    {Draft, Awaiting, Scheduled},
	Approve: {Draft, Awaiting},
	Begin:   {Scheduled},
	Pause:   {Scheduled, Sending},
	Resume:  {Paused},
	Cancel:  {Draft, Awaiting, Scheduled, Sending, Paused},
	Finish:  {Sending},
	Hold:    {Sending},
}

// From gives the states in which a change is possible.
func From(c Change) []State { return from[c] }

// DeliveryState is how far a row, one person's message, has come.
type DeliveryState string

const (
	Queued   DeliveryState = "queued"
	Claimed  DeliveryState = "claimed"
	Sent     DeliveryState = "sent"
	Failed   DeliveryState = "failed"
	Skipped  DeliveryState = "skipped"
	Doubtful DeliveryState = "doubtful"
)

// Reasons of people who are left out, and of rows that were not sent. Besides
// these a platform's own words may stand there ("blocked", "refused").
const (
	NotAgreed   = "not-agreed"  // never agreed to this
	OptedOut    = "opted-out"   // said stop
	Unreachable = "unreachable" // no channel on which one may write to them
	ByWindow    = "window"      // too long since their last word
	ByBudget    = "budget"      // a template would cost more than may be spent: bot.SendError.Reason
	TooLate     = "late"        // its use was over
	Capped      = "cap"         // they had enough this week
	ByCancel    = "cancelled"   //
	Declined    = "declined"    // they said that this class is not for them
	Deleted     = "deleted"     // they had everything deleted
	SamePerson  = "same-person" // told already, on another channel
	Crash       = "crash"       // claimed when a process ended
)

// Book is how a broadcast stands. The five states add up to Planned; what is
// claimed counts as queued.
type Book struct {
	Planned  int            `json:"planned"`
	Queued   int            `json:"queued"`
	Sent     int            `json:"sent"`
	Failed   int            `json:"failed"`
	Skipped  int            `json:"skipped"`
	Doubtful int            `json:"doubtful"`
	Reasons  map[string]int `json:"reasons"`
	// Waiting are those of Queued that wait for something of the person, by
	// what: "window" (their next word), "page" (that they open the web chat).
	Waiting    map[string]int `json:"waiting"`
	Tapped     int            `json:"tapped"` // looked at the class
	Registered int            `json:"registered"`
	Declined   int            `json:"declined"`
}

// hash names what is told to whom.
func (b *Broadcast) hash() string {
	body, err := json.Marshal([]any{b.Text, b.Course, b.Audience, b.Purpose, b.Urgent})
	if err != nil {
		panic(err) // texts and times
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// SameFor is how long the same content to the same audience is the same
// broadcast.
const SameFor = 7 * 24 * time.Hour

// ErrMissed says that a broadcast of this name was given up before it was made.
var ErrMissed = errors.New("given up already")

// Refused says, to staff, why something can't be done.
type Refused struct {
	Field string // of what was given; "" for none
	Why   string // in Vietnamese
}

func (r *Refused) Error() string {
	if r.Field == "" {
		return r.Why
	}
	return r.Field + ": " + r.Why
}
