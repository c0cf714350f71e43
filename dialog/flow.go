package dialog

import "time"

// Flow is an ordered talk with one aim. Flows are made by package content and
// never changed afterwards.
type Flow struct {
	ID    string
	Title string // what the talk is about, for "shall we go on with …"
	Start string // the first step
	// Resume is where a person lands whose step no longer exists.
	Resume string
	// Moved maps the former names of steps to the present ones.
	Moved map[string]string
	// Fresh slots are forgotten when the flow starts anew: they are about
	// one class or one loan. All others are kept, so that nobody is asked
	// the same thing twice.
	Fresh []string
	Steps map[string]*Step
}

// Kind says what a step does.
type Kind string

const (
	Say      Kind = "say"      // speaks and goes on
	Choice   Kind = "choice"   // asks for one of the options
	Several  Kind = "several"  // asks for any number of the options
	AskNum   Kind = "number"   // asks for a whole number
	AskMoney Kind = "money"    // asks for a sum in đồng
	AskKM    Kind = "distance" // asks for kilometres
	AskTerm  Kind = "months"   // asks how long, in months
	AskAge   Kind = "age"      // asks for years of age
	AskText  Kind = "text"     // asks for words
	AskPlace Kind = "place"    // asks for a commune-level unit
	AskDate  Kind = "date"     // asks for a day, a month or a year
	AskPhone Kind = "phone"    // asks for a phone number
	AskTrade Kind = "trade"    // asks for a trade
	// AskAny asks for an option, or for words that only the effect after it
	// can read (bot.Asked.Text): of these the slot holds no more than Said.
	AskAny Kind = "anything"
	Branch Kind = "branch" // goes where the first true condition says
	Call   Kind = "call"   // goes through another flow and comes back
	Forget Kind = "forget" // forgets slots
	Do     Kind = "do"     // has the caller carry out an effect
	End    Kind = "end"    // ends the flow
)

// Asks says whether a step of the kind waits for an answer.
func (k Kind) Asks() bool {
	switch k {
	case Choice, Several, AskNum, AskMoney, AskKM, AskTerm, AskAge, AskText, AskPlace, AskDate, AskPhone, AskTrade, AskAny:
		return true
	}
	return false
}

// Step is one point of a flow.
type Step struct {
	ID   string
	Kind Kind
	// When must hold for the step to be taken; else the talk goes to Next.
	// Nil holds always.
	When Condition
	// Compute names a function that runs on entering the step, before When.
	// What it gives can be used by When, Text and Branches of this step and
	// of those after it until the next question.
	Compute string
	Text    string   // what is said or asked; bubbles are separated by blank lines
	Help    []string // said after the first, second … answer not understood
	Why     string   // what the question is for, said when somebody asks
	Facts   []string // facts the text rests on: the source line is added
	Slot    string   // where the answer goes
	Options []Option // for Choice and Several; the label goes to the person, the value to the slot
	Min     int64    // for numbers, money, distance and age: least that is possible
	Max     int64    // and most; 0 = no limit
	// Share names the part of Shared that answers the step; "" = none. Where
	// the platform can ask for it by a form of its own, that is an option.
	Share string
	// Skippable questions may be left open ("bỏ qua", "không biết").
	Skippable bool
	// Once: not put again after something else was talked of; it is left open
	// then.
	Once     bool
	Branches []To   // for Branch
	Flow     string // for Call
	Effect   string // for Do
	// Wait says that the outcome of the effect is needed for what is said
	// next: the turn goes on in Engine.Continue.
	Wait  bool
	Slots []string // for Forget; "*" is everything
	// Offers are what the person may want next: "topic.id", "flow:id", or
	// "flow:id?slot=value", which begins the flow with that slot filled.
	// ComputedOffers stands for those that Compute gave ("offers").
	Offers []string
	// Show names the value of Compute that is seen beside Text.
	Show string
	Next string // the step after this one; "" ends the flow
}

// To is one arm of a branch.
type To struct {
	When Condition
	Step string
}

// Condition is a boolean expression over values, compiled when content is loaded.
type Condition func(Scope) bool

// Scope is what conditions and functions see.
type Scope interface {
	// Value gives a slot of the person the talk is about, or what a
	// function gave in this turn.
	Value(name string) Value
	// At is the time of the utterance.
	At() time.Time
	// About is "self" or "other".
	About() string
}

// Func is a registered function. It gives values by name: texts may hold
// {places} that are filled in like any other text of the content. The value
// "sources" (a list) names what the texts rest on.
type Func func(Scope) (Values, error)

// Option is one thing that can be chosen.
type Option struct {
	Label  string `json:"label"`           // what the person reads, at most 30 characters
	Value  string `json:"value,omitempty"` // what goes to the slot
	Tap    string `json:"tap,omitempty"`   // what a tap sends back, at most 64 bytes
	Only   bool   `json:"-"`               // for Several: excludes all others ("none of these")
	Hidden bool   `json:"-"`               // understood, but not shown
	// Share names what the person's platform sends instead of a tap, where it
	// has a button for that; elsewhere a tap asks for its form.
	Share string   `json:"share,omitempty"`
	Also  []string `json:"-"` // other words for it, without the numbers
}

// Skips says whether it leaves the question open. The word for it is understood
// at any question that has it, seen or not.
func (o Option) Skips() bool { return o.Value == skip }

// Slot is one thing that can be remembered.
type Slot struct {
	ID    string
	Label string // how "thông tin của tôi" calls it
	// Sensitive slots live 24 hours, apart from the rest of the session.
	Sensitive bool
	// Profile slots are kept beyond the session when the person agreed.
	Profile bool
	// Own slots belong to the one who writes, also when the talk is about
	// somebody else (how they are addressed).
	Own bool
}

// Topic is a question with its answer, as the engine needs it.
type Topic struct {
	ID     string
	Title  string // the label of an option, at most 30 characters
	Text   string
	Offers []string // what to offer next: "topic.id" or "flow:id"
	Facts  []string
	Danger bool   // a danger: no menu, no question after it
	Place  bool   // begins with what became of the place that was named
	Effect string // what the caller is to do when it is told; "" is nothing
	// Begins is the flow that does at once what the topic asks for; where flows
	// run it stands for Text. "" is none.
	Begins string
}

// Library is what the engine asks of the content. All methods are safe for
// use by several goroutines; what they give must not be changed.
type Library interface {
	// ReleaseID names the state of the content.
	ReleaseID() string
	// Flow, Topic and Slot give nil when there is none of the name. Topic
	// knows topics and dangers.
	Flow(id string) *Flow
	Topic(id string) *Topic
	Slot(id string) *Slot
	// Phrase gives the texts of a phrase, at least one; the n-th is for the
	// n-th time in a row.
	Phrase(id string) []string
	// Form gives the filling of {bạn}, {Bạn}, {mình} and {Mình} for a way of
	// addressing; of the neutral form for "".
	Form(address string) map[string]string
	// SourceNote is the sentence on where facts come from and how sure they
	// are on a day, and the names of the sources.
	SourceNote(facts []string, at time.Time) (note string, sources []string)
	// ValueName gives what the person calls a value of a slot: the label of
	// an option, the name of a place; the value itself when it has no name.
	ValueName(slot, value string) string
}
