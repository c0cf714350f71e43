package content

// Topic is a question that people ask, with its answer.
type Topic struct {
	ID    string   `yaml:"id" json:"id"`
	Title string   `yaml:"title" json:"title" jsonschema:"at most 30 characters: the label of a button"`
	Asks  []string `yaml:"asks" json:"asks" jsonschema:"at least 8 ways of asking, in different styles"`
	// Journey is the flow that answers better than a text can: a question
	// that is surely this one begins it. The answer is told where no flow
	// can be begun.
	Journey string `yaml:"journey" json:"journey,omitempty" jsonschema:"id of a flow that answers this better"`
	// Near is the flow that answers for the place that the question names.
	Near string `yaml:"near" json:"near,omitempty" jsonschema:"id of a flow that answers this for a place that is named; it has the slot place"`
	// Begins is the flow that does at once what the question asks for, however
	// it was come to; the answer is told only where no flow can be begun.
	Begins string `yaml:"begins" json:"begins,omitempty" jsonschema:"id of a flow that does at once what is asked for"`
	// Answer is told as bubbles, separated by blank lines.
	Answer       string   `yaml:"answer" json:"answer"`
	Facts        []string `yaml:"facts" json:"facts,omitempty" jsonschema:"facts the answer rests on; every sum and percentage in it must be one of their numbers"`
	Institutions []string `yaml:"institutions" json:"institutions,omitempty"`
	Trades       []string `yaml:"trades" json:"trades,omitempty"`
	Effect       string   `yaml:"effect" json:"effect,omitempty" jsonschema:"what is done when this is told, as in a flow's do; nothing waits for it"`
	Place        bool     `yaml:"place" json:"place,omitempty" jsonschema:"the answer begins with what became of the place that was named"`
	ReviewBy     string   `yaml:"review_by" json:"review_by,omitempty" jsonschema:"day by which it must be looked at again; required with facts"`
	Next         []string `yaml:"next" json:"next,omitempty" jsonschema:"at most 4 of: ids of topics, flow:ID"`
}

// Phrase is something said on many occasions. The texts are for the first,
// second … time in a row.
type Phrase struct {
	ID    string   `yaml:"id" json:"id"`
	Texts []string `yaml:"texts" json:"texts"`
}

// Form is a way of addressing a person, and the word the bot uses for itself
// with it.
type Form struct {
	ID   string `yaml:"id" json:"id" jsonschema:"anh, chị, cô, chú, bác, em or bạn"`
	Self string `yaml:"self" json:"self" jsonschema:"em, mình or cháu"`
	// Selves are the words by which people to be addressed so speak of
	// themselves.
	Selves []string `yaml:"selves" json:"selves,omitempty"`
}

// Slot is one thing that can be remembered of a person.
type Slot struct {
	ID        string `yaml:"id" json:"id"`
	Label     string `yaml:"label" json:"label,omitempty" jsonschema:"how the person's own data calls it"`
	Sensitive bool   `yaml:"sensitive" json:"sensitive,omitempty" jsonschema:"lives 24 hours, apart from the session"`
	Profile   bool   `yaml:"profile" json:"profile,omitempty" jsonschema:"kept beyond the session when the person agreed"`
	Own       bool   `yaml:"own" json:"own,omitempty" jsonschema:"always of the one who writes"`
}
