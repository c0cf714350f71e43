package reminder

import (
	"context"
	"time"

	"nghe/bot"
	"nghe/course"
)

// Records is what reminders are computed from, and what is remembered of them.
// Package store has it; methods are safe for several processes.
type Records interface {
	// Clock gives the time of the store.
	Clock(ctx context.Context) (time.Time, error)
	// Begun gives when the records were begun.
	Begun(ctx context.Context) (time.Time, error)
	// Resumed gives since when they are in use again after a backup was restored;
	// the zero time: there was none.
	Resumed(ctx context.Context) (time.Time, error)
	// Told gives those of the names that were told or given up before.
	Told(ctx context.Context, names []string) (map[string]bool, error)
	// Miss notes what was due and is not told. False: it was told, or noted,
	// before.
	Miss(ctx context.Context, m Missed) (bool, error)
	// Wishing counts, for each of some classes, the wishes with reminding by
	// their state.
	Wishing(ctx context.Context, courseIDs []string) (map[string]map[course.State]int, error)
	// Seen gives how classes stood when the clock last looked.
	Seen(ctx context.Context) (map[string]Seen, error)
	// See notes how classes stand now, and with it since when they are open.
	See(ctx context.Context, standing map[string]string, now time.Time) error
	// Wrote gives recipients whose last word was from a time on and before
	// another, with the contact on which they can be told, in order of their
	// names; after is the name to go on after.
	Wrote(ctx context.Context, from, before time.Time, after string, limit int) ([]Heard, error)
	// Switches gives the reminders that staff switched, by id.
	Switches(ctx context.Context) (map[string]Switch, error)
	// Sums tells what reminders did and did not do since a time, by the id of
	// the reminder.
	Sums(ctx context.Context, since time.Time) (map[string]Sum, error)
}

// Switch is what staff said of a reminder. It counts more than what content says.
type Switch struct {
	On bool
	By string // login
	At time.Time
}

// Missed is a reminder that was due and is not told.
type Missed struct {
	Name     string
	Reminder string
	Due, At  time.Time
	Why      string // Late or Nobody
	People   int    // who would have been told
}

// Why reminders are not told.
const (
	Late   = "late"   // its use was over
	Nobody = "nobody" // there was nobody to be told
)

// Seen is how a class stood when the clock last looked.
type Seen struct {
	Standing string
	OpenAt   time.Time // first seen open, zero = never
	FreedAt  time.Time // last seen to open after it was full, zero = never
}

// The standings that are noted: of all others only that they are none of these.
const (
	seenOpen  = "open"
	seenTaken = "taken"
	seenOther = ""
)

// Heard is somebody who wrote.
type Heard struct {
	Who     string
	Contact bot.Contact
}

// Sum is what a reminder did: how often it was due and told, or not, and what
// became of its messages.
type Sum struct {
	Told   int `json:"told"`
	Late   int `json:"late"`
	Nobody int `json:"nobody"`
	// LatePeople would have been told what came too late.
	LatePeople int            `json:"late_people"`
	Planned    int            `json:"planned"`
	Messages   map[string]int `json:"messages"`          // by state
	Reasons    map[string]int `json:"reasons,omitempty"` // of those skipped or failed
}
