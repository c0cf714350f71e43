package dialog

// Event is one thing that happened in a turn, in order.
type Event struct {
	Type EventType `json:"type"`
	// Message is set for MessageSaid.
	Message *Message `json:"-"`
	Flow    string   `json:"flow,omitempty"`
	Step    string   `json:"step,omitempty"`
	Slot    string   `json:"slot,omitempty"`
	Value   *Value   `json:"value,omitempty"`
	Topic   string   `json:"topic,omitempty"`
	Score   float64  `json:"score,omitempty"`
	// Effect is the name of what the caller is to do; with Wait the talk
	// waits for its outcome in Engine.Continue.
	Effect string `json:"effect,omitempty"`
	Wait   bool   `json:"wait,omitempty"`
	// Facts and Advised are what MessageSaid rests on, and the programmes that
	// it names; of several bubbles they stand with the last.
	Facts   []string `json:"facts,omitempty"`
	Advised []string `json:"advised,omitempty"`
	// Error is why content could not go on (for the operator).
	Error string `json:"error,omitempty"`
}

// EventType is a noun and a past participle.
type EventType string

const (
	MessageSaid   EventType = "message_said"
	SlotFilled    EventType = "slot_filled"
	SlotForgotten EventType = "slot_forgotten"
	QuestionPut   EventType = "question_put" // also when it is put again
	FlowStarted   EventType = "flow_started"
	FlowEnded     EventType = "flow_ended"
	FlowMoved     EventType = "flow_moved" // the content changed under the person
	TopicAnswered EventType = "topic_answered"
	TopicsOffered EventType = "topics_offered"
	DangerSeen    EventType = "danger_seen"
	TextMissed    EventType = "text_missed"  // not understood
	TextRefused   EventType = "text_refused" // understood, and not what this is for
	EffectAsked   EventType = "effect_asked"
	ContentFailed EventType = "content_failed" // a flow could not go on; the person was told kindly
)

// Message is what is said to the person: one bubble or several, with options.
type Message struct {
	Text string `json:"text"` // everything, also what Show shows
	// Lead is the text without what the cards say; "" without cards.
	Lead string `json:"lead,omitempty"`
	// Show is what may be seen beside the text. With cards the first options
	// are theirs, in order.
	Show    *Show    `json:"show,omitempty"`
	Options []Option `json:"options,omitempty"`
	Sources []string `json:"sources,omitempty"`
	// Form has the platform's own form for Shared stand beside the text.
	Form bool `json:"form,omitempty"`
}
