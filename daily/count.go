package daily

// Kind says what was counted.
type Kind string

// The kinds. What Key.What names stands behind each. Those of flows and steps
// tell the content they were told from, so that two releases can be compared; those
// marked with a place tell the commune, for who agreed to have it kept. The others
// do not, so that the number of rows stays small.
const (
	Conversations Kind = "conversation" // contacts that the bot talked with on the day; each once; place
	Turns         Kind = "turn"         // messages that were taken
	HumanTurns    Kind = "turn-human"   // those of them that were said to a human

	FlowsStarted Kind = "flow-started" // flow; place
	FlowsEnded   Kind = "flow-ended"   // flow; went through to its end; place
	FlowsLeft    Kind = "flow-left"    // flow; something else was begun, or everything was stopped

	// Of each question of a flow, What and Step: Came is once for each time the
	// talk comes to it, however often it is put again. Who came did one of these
	// or has not answered until now:
	StepsCame     Kind = "step-came"
	StepsAnswered Kind = "step-answered"
	StepsSkipped  Kind = "step-skipped" // left the question open
	StepsPassed   Kind = "step-passed"  // went back, or on, within the flow
	StepsLeft     Kind = "step-left"    // the talk went elsewhere and the flow with it
	// StepsMissed are answers that were not understood; one person may have several.
	StepsMissed Kind = "step-missed"

	TopicsTold    Kind = "topic"     // topic
	TopicsOffered Kind = "offered"   // the nearest topic
	TextsRefused  Kind = "refused"   // none of our business
	TextsMissed   Kind = "missed"    // not understood, in a flow or outside
	DangersSeen   Kind = "danger"    // danger
	FactsTold     Kind = "fact"      // fact; as often as a message rests on it
	Programmes    Kind = "programme" // loan programme that was named; place
	Effects       Kind = "effect"    // effect asked for, “case-open” among them; place
)

// Key is what one number is about. Fields that a kind has not are "".
type Key struct {
	Day     Day
	Kind    Kind
	Channel string
	What    string
	Step    string
	Version string // dialog.Library.ReleaseID
	Place   string // id of content/places.yaml; "" also for who did not agree
}

// Counts are numbers by what they are about.
type Counts map[Key]int64

// Sum is a number as it is asked for: fields that were not asked for are "".
type Sum struct {
	Key
	N int64
}

// Search says which counts to add up.
type Search struct {
	From, To Day // both with it
	Kinds    []Kind
	What     string // "" is anything
	Version  string // "" is any
	// By which fields besides kind, what and step they are told apart.
	ByDay, ByChannel, ByVersion, ByPlace bool
}

// Invented is the channel of counts that package demo made up.
const Invented = "demo"
