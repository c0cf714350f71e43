package content

// Holiday is a day on which nobody is written to unasked. Exactly one of Day,
// Lunar and Date says which.
type Holiday struct {
	ID     string `yaml:"id" json:"id"`
	Name   string `yaml:"name" json:"name"`
	Day    string `yaml:"day" json:"day,omitempty" jsonschema:"every year: month and day, 04-30"`
	Lunar  string `yaml:"lunar" json:"lunar,omitempty" jsonschema:"every year: month and day of the lunar calendar, 01-01"`
	Date   string `yaml:"date" json:"date,omitempty" jsonschema:"once: 2027-02-05"`
	Before int    `yaml:"before" json:"before,omitempty" jsonschema:"days before it that are quiet too"`
	After  int    `yaml:"after" json:"after,omitempty" jsonschema:"days after it that are quiet too"`
}
