package course

import "time"

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

	Name      string `json:"name,omitempty"`
	Phone     string `json:"phone,omitempty"`
	BirthYear int64  `json:"birth_year,omitempty"`
	Village   string `json:"village,omitempty"`

	Remind bool   `json:"remind"` // wants to be told before it closes, or when a class opens
	State  State  `json:"state"`
	Why    string `json:"why,omitempty"` // it was dropped, as far as anybody said
	Papers Papers `json:"papers,omitempty"`
	Source Source `json:"source"`
	// Consent is what the person said yes to, as they read it.
	Consent   string    `json:"consent"`
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
	FromTalk  Source = "talk"  // the person said it in a conversation
	FromPaper Source = "paper" // an officer wrote it down; the consent is on paper
	FromDemo  Source = "demo"  // invented
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
