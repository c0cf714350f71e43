package handoff

import (
	"fmt"
	"strings"
	"time"

	"nghe/bot"
	"nghe/staff"
)

// State is how a case stands.
type State string

// The states: a case is always in a queue, in one hand, or closed.
const (
	Waiting State = "waiting"
	Claimed State = "claimed"
	Closed  State = "closed"
)

// Kind is what a case is about.
type Kind string

// The kinds.
const (
	Help      Kind = "help"
	Complaint Kind = "complaint"
)

// Outcome is what came of a case.
type Outcome string

// The outcomes that a counsellor may give. A case that the person ended
// themself, or whose person deleted everything, has none.
const (
	Answered    Outcome = "answered"
	Enrolled    Outcome = "enrolled"
	LoanApplied Outcome = "loan-applied"
	Referred    Outcome = "referred" // to somebody else: the note says to whom
	Unreachable Outcome = "unreachable"
	Abuse       Outcome = "abuse"
	// OfficeAnswered is given by the clock alone (office.go), Merged by Desk.Merge.
	OfficeAnswered Outcome = "office-answered"
	Merged         Outcome = "merged"
)

// Outcomes are those that a counsellor may give.
var Outcomes = []Outcome{Answered, Enrolled, LoanApplied, Referred, Unreachable, Abuse}

// Label is what staff call an outcome.
func (o Outcome) Label() string {
	return map[Outcome]string{
		Answered: "Đã trả lời", Enrolled: "Đã đăng ký học", LoanApplied: "Đã nộp hồ sơ vay", Referred: "Đã chuyển nơi khác",
		Unreachable: "Không liên lạc được", Abuse: "Quấy rối", OfficeAnswered: "Văn phòng đã trả lời trong Zalo", Merged: "Gộp vào ca khác",
	}[o]
}

// Case is a talk that a human is asked to take.
type Case struct {
	ID     string `json:"id"`     // a ULID
	Number int    `json:"number"` // short, per installation: #12
	State  State  `json:"state"`
	Kind   Kind   `json:"kind"`

	Queue  string `json:"queue"` // id of content.Queue
	Topic  string `json:"topic"` // what it was about: id of a topic or journey, "" unknown
	Place  string `json:"place"` // id of content.Place, "" unknown
	Org    string `json:"org"`   // the organisation whose it is, "" nobody's
	Body   string `json:"body,omitempty"`
	Urgent bool   `json:"urgent"`

	Contact bot.Contact `json:"contact"`           // whose talk it is; the zero value once they deleted everything
	Address string      `json:"address,omitempty"` // how the person is to be addressed, "" unknown
	Holder  string      `json:"holder,omitempty"`  // login
	// HolderName is how the person is told of the holder.
	HolderName string `json:"holder_name,omitempty"`
	Epoch      int64  `json:"epoch"` // of the contact's hold, as this case last set it

	Summary Summary `json:"summary"`
	// Turn opened it; ReturnTo is where the talk was left, as "flow/step".
	Turn     string `json:"turn"`
	ReturnTo string `json:"return_to,omitempty"`

	OpenedAt time.Time `json:"opened_at"`
	// WaitingAt is since when it waits in its queue, ClaimedAt since when its
	// holder has it.
	WaitingAt  time.Time `json:"waiting_at"`
	ClaimedAt  time.Time `json:"claimed_at,omitzero"`
	AnsweredAt time.Time `json:"answered_at,omitzero"` // first word of a counsellor
	PersonAt   time.Time `json:"person_at,omitzero"`   // last word of each side
	StaffAt    time.Time `json:"staff_at,omitzero"`
	ClosedAt   time.Time `json:"closed_at,omitzero"`
	FirstDue   time.Time `json:"first_due"` // targets, in working hours
	CloseDue   time.Time `json:"close_due"`

	Outcome Outcome `json:"outcome,omitempty"`
	// ClosedBy is the login of who closed it, ByPerson, ByErasing, or Office.
	ClosedBy string `json:"closed_by,omitempty"`
	// Merged are the cases whose messages came to this one, by their titles;
	// MergedInto is where they went (merge.go).
	Merged     []string `json:"merged,omitempty"`
	MergedInto string   `json:"merged_into,omitempty"`

	Rating int    `json:"rating,omitempty"` // 1 to 5, 0 = none
	Remark string `json:"remark,omitempty"` // the line with it

	// Offered is whom it is offered to until OfferEnds, Asked everybody it was
	// offered to since WaitingAt (tick.go).
	Offered   string    `json:"offered,omitempty"`
	OfferEnds time.Time `json:"offer_ends,omitzero"`
	Asked     []string  `json:"asked,omitempty"`
	// Warned are the warnings that were given, by name.
	Warned []string `json:"warned,omitempty"`

	Said int `json:"-"` // messages there were: N of the last one
}

// Who closes a case besides staff.
const (
	ByPerson  = "person"
	ByErasing = "erased"
)

// Open says whether it is not closed.
func (c *Case) Open() bool { return c.State != Closed }

// Title is how staff name it: "#12".
func (c *Case) Title() string { return fmt.Sprintf("#%d", c.Number) }

// Where is what staff.Allowed is asked with.
func (c *Case) Where() staff.Where {
	w := staff.Where{Org: c.Org}
	if c.Place != "" {
		w.Places = []string{c.Place}
	}
	return w
}

// Mask is how somebody is called by all but who holds their case.
func (c *Case) Mask() string { return "Người hỏi " + c.Title() }

// ReopenFor is how long after closing a case may be opened again.
const ReopenFor = 7 * 24 * time.Hour

// KeptFor is how long after closing what was said with a case is kept; the
// person is told so when it opens.
const KeptFor = 180 * 24 * time.Hour

// Summary is what a counsellor reads first, made when the case opens and kept
// as it was.
type Summary struct {
	Wish    string   `json:"wish,omitempty"`    // what the person last said in their words
	Journey string   `json:"journey,omitempty"` // what the talk was about: title of the flow
	Step    string   `json:"step,omitempty"`    // the question that was open, as it was read
	Answers []Answer `json:"answers,omitempty"`
	Advice  []Advice `json:"advice,omitempty"` // what the bot told, with its sources
	Missed  []string `json:"missed,omitempty"` // what was not understood
	For     string   `json:"for,omitempty"`    // for whom they ask; "" = themself
}

// Answer is one thing that the person answered.
type Answer struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// Advice is something the bot told.
type Advice struct {
	Text    string   `json:"text"`
	Sources []string `json:"sources"`
}

// Lines tell a summary to somebody who reads it in a chat or on a terminal.
func (s Summary) Lines() []string {
	var lines []string
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, label+": "+text)
		}
	}
	add("Người dân nói", s.Wish)
	add("Hỏi cho", s.For)
	add("Đang xem", s.Journey)
	add("Câu đang hỏi", s.Step)
	for _, a := range s.Answers {
		add(a.Label, a.Value)
	}
	for _, a := range s.Advice {
		text := a.Text
		if len(a.Sources) > 0 {
			text += " (" + strings.Join(a.Sources, "; ") + ")"
		}
		add("Bot đã nói", text)
	}
	for _, m := range s.Missed {
		add("Bot chưa hiểu", m)
	}
	return lines
}

// Refused says, in a line of Vietnamese for staff, why something can't be done
// and what can.
type Refused struct{ Why string }

func (r *Refused) Error() string { return r.Why }

func refuse(format string, args ...any) error { return &Refused{fmt.Sprintf(format, args...)} }

// Taken says that somebody else holds a case.
type Taken struct {
	Case   string // its title
	Holder string // login
	Name   string
}

func (t *Taken) Error() string {
	return fmt.Sprintf("Ca %s đang do %s (%s) giữ. Anh/chị nhờ người đó chuyển cho, hoặc chờ ca về lại hàng.", t.Case, t.Name, t.Holder)
}

// ErrNone says that there is no such case.
var ErrNone = &Refused{"Không có ca nào như vậy. Anh/chị xem lại mã ca."}
