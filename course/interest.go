package course

import (
	"fmt"
	"time"
)

// Interest is somebody's wish (nguyện vọng): to join a course, or to learn a
// trade at a place when there is no course. Name, phone, birth year and
// village are there only if the person gave them.
type Interest struct {
	ID string `json:"id"` // a ULID
	// Channel and Contact are who wishes; both empty for people who came
	// with paper and have no phone.
	Channel string `json:"channel,omitempty"`
	Contact string `json:"contact,omitempty"`

	// Whom they ask for ("con trai"); "" = themself.
	Whom string `json:"whom,omitempty"`

	Course string `json:"course,omitempty"` // id; "" = any of the trade
	Trade  string `json:"trade,omitempty"`
	Place  string `json:"place,omitempty"` // where they live or would learn
	// Level is that of the class when it was wished for, or what they answered;
	// "" = what is usual for the trade.
	Level Level `json:"level,omitempty"`
	Able  Able  `json:"able,omitempty"` // when they could begin, as they answered

	Campaign string `json:"campaign,omitempty"` // id of the survey that it answers

	Name      string `json:"name,omitempty"`
	Phone     string `json:"phone,omitempty"`
	BirthYear int64  `json:"birth_year,omitempty"`
	Village   string `json:"village,omitempty"`

	Remind bool   `json:"remind"` // wants to be told before it closes, or when a class opens
	State  State  `json:"state"`
	Papers Papers `json:"papers,omitempty"`
	Source Source `json:"source"`
	// Consent is what the person said yes to, as they read it.
	Consent string `json:"consent"`
	// Why it was dropped, in a few words of who dropped it.
	Why string `json:"why,omitempty"`
	// EnteredBy is the member of staff who wrote it down; "" = the person.
	EnteredBy string    `json:"entered_by,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// PurposeInterest is the purpose of the consent that a wish needs: that the
// commune and the school see it. It is apart from being remembered.
const PurposeInterest = "interest"

// State is how far a wish has come.
type State string

// The states.
const (
	New       State = "new"
	Contacted State = "contacted"
	Enrolled  State = "enrolled"
	Started   State = "started"
	Done      State = "finished"
	Working   State = "working"
	Dropped   State = "dropped"
)

// States are all of them, in the order in which a wish goes through them.
var States = []State{New, Contacted, Enrolled, Started, Done, Working, Dropped}

// Search says which wishes to give. What is zero doesn't matter.
type Search struct {
	Course, Trade, Place string
	Campaign             string
	State                State
	Source               Source
	// Within are those whom somebody works for; nil: everybody.
	Within *Within
	After  string // the key of the last one that was given: Key
	Limit  int    // 0: no limit
}

// Within bounds a search: to who lives at one of the places, or wishes for one
// of the courses.
type Within struct{ Places, Courses []string }

// Key orders wishes: the oldest first, who asked first is served first.
func (i Interest) Key() string {
	return fmt.Sprintf("%013d %s", i.CreatedAt.UnixMilli(), i.ID)
}

// Active says that somebody still wishes to learn and has not begun.
func (s State) Active() bool { return s == New || s == Contacted || s == Enrolled }

// Move is a wish that goes from one state to another.
type Move struct {
	ID       string
	From, To State
	Why      string // it is dropped
}

// Tally counts wishes by their state.
type Tally map[State]int

// Active counts those who still wish to learn and have not begun.
func (t Tally) Active() int { return t[New] + t[Contacted] + t[Enrolled] }

// All counts those that were not dropped.
func (t Tally) All() (n int) {
	for s, k := range t {
		if s != Dropped {
			n += k
		}
	}
	return n
}

// Seats is how full a class is. A number that nobody gave is -1.
type Seats struct {
	Quota   int // seats
	Told    int // registered, as the organiser says
	Wishes  int // that were left here and stand
	Free    int // seats that nobody has, as far as is known
	Waiting int // wishes for which there is no seat
	Missing int // how many are missing until it may open; 0: enough
}

// Seats says how full the class is, with the wishes that were left for it.
// Wishes of people who are enrolled already may be among those whom the
// organiser counts: of both the larger number counts.
func (c *Course) Seats(t Tally) Seats {
	s := Seats{Quota: -1, Told: -1, Free: -1, Missing: -1, Wishes: t.All()}
	in := t[Enrolled] + t[Started] + t[Done] + t[Working]
	taken := in
	if c.Registered != nil {
		s.Told = int(*c.Registered)
		taken = max(taken, s.Told)
	}
	open := t[New] + t[Contacted]
	if c.Quota != nil {
		s.Quota = int(*c.Quota)
		s.Free = max(0, s.Quota-taken-open)
		s.Waiting = max(0, open-max(0, s.Quota-taken))
	}
	if c.Least != nil {
		s.Missing = max(0, int(*c.Least)-taken-open)
	}
	return s
}

// MayOpen says that a class waits for enough people and has them.
func (c *Course) MayOpen(t Tally) bool {
	return c.Status == Planned && c.Least != nil && c.Seats(t).Missing == 0
}

// Papers is how far the papers of a wish have come.
type Papers string

// The papers; "" is not known.
const (
	Owed     Papers = "owed"
	Complete Papers = "complete"
)

// Source is how a wish came in.
type Source string

// The sources.
const (
	FromTalk   Source = "talk"   // the person said it in a conversation
	FromSurvey Source = "survey" // the same, when they were asked in a survey
	FromPaper  Source = "paper"  // an officer wrote it down; the consent is on paper
	FromDemo   Source = "demo"   // invented
)

// Able is when somebody could begin to learn; "" is not known.
type Able string

// When somebody could begin.
const (
	AbleNow   Able = "now"   // within three months
	AbleLater Able = "later" // after that
)

// Aim is what a wish is for.
type Aim struct {
	Course   *Course // nil: any class of the trade
	Standing Standing
	Trade    string // "" when there is neither a course that is known nor a trade
}

// Aim says what somebody wishes who named a course, or else trades, of which
// the first counts. A course that is not known is no course.
func (k *Catalogue) Aim(courseID string, trades []string, on Day) Aim {
	if c := k.Course(courseID); c != nil {
		return Aim{Course: c, Standing: c.Standing(on), Trade: c.Trade}
	}
	if courseID != "" || len(trades) == 0 {
		return Aim{}
	}
	return Aim{Trade: trades[0]}
}
