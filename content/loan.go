package content

// Programme is a loan programme of the bank for social policies.
type Programme struct {
	ID       string   `yaml:"id" json:"id"`
	Name     string   `yaml:"name" json:"name"`
	Purposes []string `yaml:"purposes" json:"purposes" jsonschema:"of study, job, startup, abroad, household"`
	// Groups are combinations of groups, one of which a person must be of;
	// none is everybody.
	Groups [][]string `yaml:"groups" json:"groups,omitempty"`
	// Maybe are combinations for which nobody is sure.
	Maybe     [][]string `yaml:"maybe" json:"maybe,omitempty"`
	MaybeNote string     `yaml:"maybe_note" json:"maybe_note,omitempty"`
	// Except are groups for whom another programme is meant.
	Except []string `yaml:"except" json:"except,omitempty"`
	// WhyNot tells one who does not fit.
	WhyNot string `yaml:"why_not" json:"why_not"`
	From   string `yaml:"from" json:"from,omitempty" jsonschema:"first day of the programme, YYYY-MM-DD"`
	Status string `yaml:"status" json:"status" jsonschema:"in-force or uncertain"`
	Max    []From `yaml:"max" json:"max,omitempty" jsonschema:"ceilings by date, in đồng"`
	// MaxPerMonth is in đồng a month.
	MaxPerMonth int64   `yaml:"max_per_month" json:"max_per_month,omitempty"`
	MaxMonths   int64   `yaml:"max_months" json:"max_months,omitempty"`
	Rates       []Rate  `yaml:"rates" json:"rates"`
	Collateral  *string `yaml:"collateral" json:"collateral,omitempty" jsonschema:"absent when it is not known"`
	// Grace says that it is repaid only after the course: there is no
	// schedule from the first month.
	Grace  string   `yaml:"grace" json:"grace,omitempty"`
	Papers []string `yaml:"papers" json:"papers"`
	Where  string   `yaml:"where" json:"where"`
	Note   string   `yaml:"note" json:"note,omitempty"`
	Facts  []string `yaml:"facts" json:"facts" jsonschema:"the first is the one cited"`
}

// From is a sum that holds from a day on.
type From struct {
	Day    string `yaml:"from" json:"from,omitempty"`
	Amount int64  `yaml:"amount" json:"amount"`
}

// Rate is a yearly rate of interest in percent that holds from a day on.
type Rate struct {
	Day     string  `yaml:"from" json:"from,omitempty"`
	Percent float64 `yaml:"percent" json:"percent"`
	// Reduced is the rate for people of one of ReducedFor.
	Reduced    float64    `yaml:"reduced" json:"reduced,omitempty"`
	ReducedFor [][]string `yaml:"reduced_for" json:"reduced_for,omitempty"`
	Note       string     `yaml:"note" json:"note,omitempty"`
}
