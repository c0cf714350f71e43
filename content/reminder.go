package content

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/robfig/cron/v3"
)

// Reminder is something that is told by the clock, to people or to the office.
type Reminder struct {
	ID    string `yaml:"id" json:"id" jsonschema:"stable name, small letters, digits and hyphens: what was told is remembered under it"`
	Title string `yaml:"title" json:"title" jsonschema:"what staff call it"`
	On    *bool  `yaml:"on" json:"on" jsonschema:"true or false"`
	What  string `yaml:"what" json:"what" jsonschema:"what makes it due: closes, papers, starts, freed, opened, started, ended, bank-day, digest, unfinished, facts or yearly"`
	// Days are before what it is about (closes, papers, starts, bank-day) or
	// after it (started, ended); Months after it (ended).
	Days        int      `yaml:"days" json:"days,omitempty"`
	Months      int      `yaml:"months" json:"months,omitempty" jsonschema:"of ended: months after, instead of days"`
	Day         string   `yaml:"day" json:"day,omitempty" jsonschema:"of yearly: month and day, 11-01"`
	When        string   `yaml:"when" json:"when" jsonschema:"cron expression, Asia/Ho_Chi_Minh: minute hour day month weekday"`
	UsefulHours int      `yaml:"useful_hours" json:"useful_hours" jsonschema:"after so many hours it is dropped, not told late"`
	To          []string `yaml:"to" json:"to,omitempty" jsonschema:"states of the wishes of those who are told"`
	Roles       []string `yaml:"roles" json:"roles,omitempty" jsonschema:"who of the office is told"`
	Province    bool     `yaml:"province" json:"province,omitempty" jsonschema:"with roles: only those who work for the whole province"`
	Text        string   `yaml:"text" json:"text"`
	Answers     []string `yaml:"answers" json:"answers,omitempty" jsonschema:"buttons by which people answer: phrases said.…"`
	Zalo        string   `yaml:"zalo_template" json:"zalo_template,omitempty" jsonschema:"number of a ZBS template, for those who can't be written to freely"`
	ZaloPrice   int64    `yaml:"zalo_price" json:"zalo_price,omitempty" jsonschema:"what one message by that template costs, in đồng"`

	schedule cron.Schedule
}

// The kinds of reminders.
const (
	ByClosing    = "closes"     // enrolment closes
	ByPapers     = "papers"     // the same, for who is enrolled and owes papers
	ByStart      = "starts"     // a class begins
	ByFreed      = "freed"      // a class that was full has a seat
	ByOpening    = "opened"     // a class enrols, for who waits for one of its trade
	ByStarted    = "started"    // a class has begun
	ByEnd        = "ended"      // a class has ended
	ByBankDay    = "bank-day"   // the policy bank comes to a commune
	ByWeek       = "digest"     // new classes of some time
	ByUnfinished = "unfinished" // a talk that was left in the middle
	ByFacts      = "facts"      // facts whose review date comes
	ByYear       = "yearly"     // a day of the year
)

// reminderKind is what a kind needs and gives.
type reminderKind struct {
	course  bool // about a class
	day     bool // due on a day that something else fixes: When says only the time
	offset  bool // Days count
	states  bool // To counts
	office  bool // the office is told, not people
	answers bool
	fills   string // places of the text
}

const courseFills = "title trade place venue start end deadline schedule papers contact"

var reminderKinds = map[string]reminderKind{
	ByClosing:    {course: true, day: true, offset: true, states: true, fills: courseFills},
	ByPapers:     {course: true, day: true, offset: true, states: true, answers: true, fills: courseFills},
	ByStart:      {course: true, day: true, offset: true, states: true, answers: true, fills: courseFills},
	ByFreed:      {course: true, states: true, fills: courseFills},
	ByOpening:    {course: true, states: true, fills: courseFills},
	ByStarted:    {course: true, day: true, offset: true, states: true, answers: true, fills: courseFills},
	ByEnd:        {course: true, day: true, offset: true, states: true, answers: true, fills: courseFills},
	ByBankDay:    {day: true, offset: true, fills: "place day where hours"},
	ByWeek:       {fills: "n list"},
	ByUnfinished: {},
	ByFacts:      {office: true, fills: "n list"},
	ByYear:       {day: true, office: true, fills: "year"},
}

// OfClass says that it is about a class.
func (r *Reminder) OfClass() bool { return reminderKinds[r.What].course }

// OfOffice says that the office is told, not people.
func (r *Reminder) OfOffice() bool { return reminderKinds[r.What].office }

// Useful is for how long after its time it is worth telling.
func (r *Reminder) Useful() time.Duration { return time.Duration(r.UsefulHours) * time.Hour }

// Next gives the first time of its schedule that is not before another. The
// zone of the time counts.
func (r *Reminder) Next(from time.Time) time.Time {
	return r.schedule.Next(from.Add(-time.Second))
}

// Last gives the last time of its schedule that is not after another, the zero
// time when there is none in the month before.
func (r *Reminder) Last(until time.Time) (last time.Time) {
	for at := r.Next(until.AddDate(0, 0, -32)); !at.IsZero() && !at.After(until); at = r.schedule.Next(at) {
		last = at
	}
	return last
}

// Reminder gives a reminder, nil when there is none of the name.
func (l *Library) Reminder(id string) *Reminder {
	for _, r := range l.Reminders {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// Limits of reminders. A text is filled in: titles and venues come in its places.
const (
	maxReminder = 600 // characters of a text
	mostDays    = 60
	mostMonths  = 24
	mostUseful  = 45 * 24 // hours
	maxAnswers  = 4       // the fifth button of Zalo is the one that stops it
)

// InterestStates are those of a wish, as package course has them.
var InterestStates = []string{"new", "contacted", "enrolled", "started", "finished", "working", "dropped"}

// Roles are those of the office.
var Roles = []string{"administrator", "editor", "officer", "counsellor", "viewer"}

func (c *checker) checkReminders() {
	for _, it := range c.w.reminders {
		r, add := &it.value, at(c, it)
		name := fmt.Sprintf("reminder %q", r.ID)
		kind, ok := reminderKinds[r.What]
		if !ok {
			add(fmt.Sprintf("%s has the unknown what %q", name, r.What), "one of "+strings.Join(slices.Sorted(maps.Keys(reminderKinds)), ", "))
			continue
		}
		if strings.Trim(r.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || len(r.ID) > 30 {
			add(name+" has an id that can't be kept", "use at most 30 small letters, digits and hyphens")
		}
		if r.On == nil {
			add(name+" does not say whether it is on", "write “on: true” or “on: false”")
		}
		c.label(add, name, r.Title)
		c.reminderTime(add, name, r, kind)
		c.reminderPeople(add, name, r, kind)
		c.reminderText(add, name, r, kind)
	}
}

func (c *checker) reminderTime(add func(string, string), name string, r *Reminder, kind reminderKind) {
	_, err := cron.ParseStandard(r.When)
	fields := strings.Fields(r.When)
	switch {
	case r.When == "":
		add(name+" has no time", "write when, for example “0 8 * * *” (8:00 every day)")
	case err != nil || len(fields) != 5:
		add(fmt.Sprintf("%s: %q is no time", name, r.When), "five fields: minute hour day month weekday, for example “0 8 * * *” or “0 9 * * 1”")
	case kind.day && (fields[2] != "*" || fields[3] != "*" || fields[4] != "*"):
		add(fmt.Sprintf("%s: %q names days, which are fixed by what it is about", name, r.When), "leave the last three fields as * * *, only the time counts")
	}
	if r.UsefulHours < 1 || r.UsefulHours > mostUseful {
		add(name+" does not say for how long it is useful", fmt.Sprintf("write useful_hours, from 1 to %d", mostUseful))
	}
	switch {
	case kind.offset && r.What == ByEnd && r.Months != 0 && r.Days != 0:
		add(name+" has days and months", "keep one of them")
	case kind.offset && (r.Days < 0 || r.Days > mostDays || r.Months < 0 || r.Months > mostMonths || r.Days+r.Months == 0):
		add(name+" does not say how many days before or after", fmt.Sprintf("write days, from 1 to %d", mostDays))
	case r.Months != 0 && r.What != ByEnd, !kind.offset && r.Days != 0:
		add(fmt.Sprintf("%s has days or months, which do not count for %s", name, r.What), "leave them out")
	}
	if _, err := time.Parse("01-02", r.Day); (r.What == ByYear) != (err == nil) {
		add(fmt.Sprintf("%s has the day %q", name, r.Day), "yearly needs a month and day such as 11-01, other kinds have none")
	}
}

func (c *checker) reminderPeople(add func(string, string), name string, r *Reminder, kind reminderKind) {
	list := func(field string, values, known []string, wanted bool) {
		if wanted != (len(values) > 0) {
			try := "leave it out"
			if wanted {
				try = "name some of " + strings.Join(known, ", ")
			}
			add(fmt.Sprintf("%s (%s): “%s” has %d values", name, r.What, field, len(values)), try)
		}
		for _, v := range values {
			if !slices.Contains(known, v) {
				add(fmt.Sprintf("%s: “%s” has the unknown %q", name, field, v), "one of "+strings.Join(known, ", "))
			}
		}
	}
	list("to", r.To, InterestStates, kind.states)
	list("roles", r.Roles, Roles, kind.office)
	if r.Province && !kind.office {
		add(name+" has province, which counts only for the office", "leave it out")
	}
	for _, a := range r.Answers {
		if c.l.phrases["said."+a] == nil {
			add(fmt.Sprintf("%s has the unknown answer %q", name, a), "use the end of a phrase said.…")
		}
	}
	if len(r.Answers) > 0 && !kind.answers || len(r.Answers) > maxAnswers {
		add(fmt.Sprintf("%s has %d answers", name, len(r.Answers)), fmt.Sprintf("at most %d, and only about a class that one is enrolled in", maxAnswers))
	}
	if strings.Trim(r.Zalo, "0123456789") != "" {
		add(fmt.Sprintf("%s: %q is no ZBS template", name, r.Zalo), "its number, from the Zalo console, or nothing")
	}
	if (r.Zalo != "") != (r.ZaloPrice > 0) || r.Zalo != "" && kind.office {
		add(name+": zalo_template and zalo_price go together, for what people are told", "write what Zalo takes for one message, in đồng")
	}
}

func (c *checker) reminderText(add func(string, string), name string, r *Reminder, kind reminderKind) {
	switch n := utf8.RuneCountInString(r.Text); {
	case strings.TrimSpace(r.Text) == "":
		add(name+" says nothing", "write its text")
	case n > maxReminder:
		add(fmt.Sprintf("%s has %d characters", name, n), fmt.Sprintf("shorten it to %d, better to 300", maxReminder))
	}
	fills := strings.Fields(kind.fills)
	for _, p := range places.FindAllStringSubmatch(r.Text, -1) {
		if !slices.Contains(fills, p[1]) && !slices.Contains([]string{"bạn", "Bạn", "mình", "Mình"}, p[1]) {
			add(fmt.Sprintf("%s: nothing fills the place {%s}", name, p[1]), "one of {bạn}, {mình}, "+strings.Join(fills, ", "))
		}
	}
	for _, a := range amounts(r.Text) {
		add(fmt.Sprintf("%s: %q is told without a source", name, a.text), "leave sums to the topics and journeys that name their facts")
	}
}
