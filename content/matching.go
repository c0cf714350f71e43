package content

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// The table by which trades are matched with what a person says of their life
// (matching.yaml): questions, their answers, and how much each answer speaks
// for or against a trait of a trade. It is the only place with weights.

// Trait is something that is so of a trade, or is not.
type Trait struct {
	ID    string `yaml:"id" json:"id"`
	About string `yaml:"about" json:"about" jsonschema:"what a trade must be like to have it"`
}

// MatchQuestion is one question of a life and what its answers weigh.
type MatchQuestion struct {
	ID string `yaml:"id" json:"id"`
	// Slot is where flows keep the answer; "" when it is worked out of
	// others (place, age, group).
	Slot string `yaml:"slot" json:"slot,omitempty"`
	// Most is how much the whole question may count for or against a trade:
	// no single answer may overturn all others.
	Most    int           `yaml:"most" json:"most" jsonschema:"1 to 12: how much the question may count in all"`
	Why     string        `yaml:"why" json:"why" jsonschema:"why it is asked and why it counts so much"`
	Answers []MatchAnswer `yaml:"answers" json:"answers"`
}

// MatchAnswer is one answer and what it weighs.
type MatchAnswer struct {
	Value string `yaml:"value" json:"value" jsonschema:"value of the slot; for ages a range as 18-35"`
	// Says is what the person said of themself, as it goes on after their
	// name: "thích cây cối". "" when it is not to be said back.
	Says    string   `yaml:"says" json:"says,omitempty"`
	Weights []Weight `yaml:"weights" json:"weights,omitempty"`
}

// Weight is what an answer counts for a trade that has a trait.
type Weight struct {
	Trait  string `yaml:"trait" json:"trait"`
	Points int    `yaml:"points" json:"points" jsonschema:"-12 to 12, not 0"`
	Why    string `yaml:"why" json:"why" jsonschema:"the reason, for those who judge the table"`
	// Tells is what it says of the trade, as it goes on after "nghề này".
	Tells string `yaml:"tells" json:"tells,omitempty"`
}

// Exclusion keeps trades away from people, whatever else speaks for them.
type Exclusion struct {
	ID string `yaml:"id" json:"id"`
	// If holds conditions that must all be true: "health=legs" (answered
	// so), "where!=sea" (not answered so), "where" (answered at all).
	If     []string `yaml:"if" json:"if"`
	Traits []string `yaml:"traits" json:"traits" jsonschema:"trades with any of these are never named"`
	Why    string   `yaml:"why" json:"why"`
}

// Matching is the whole table.
type Matching struct {
	Traits     []*Trait
	Questions  []*MatchQuestion
	Exclusions []*Exclusion
	// Inland are the units from which nobody goes to sea.
	Inland map[string]bool
}

// InlandPlace is a unit from which nobody goes to sea.
type InlandPlace struct {
	ID string `yaml:"id" json:"id"`
}

// Answers are what a person said, by question. A question that is missing was
// not answered.
type Answers map[string][]string

// Reason is one weight that counted for a trade.
type Reason struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
	Trait    string `json:"trait"`
	Points   int    `json:"points"`
	Says     string `json:"says,omitempty"`
	Tells    string `json:"tells,omitempty"`
}

// Question gives a question of the table, nil when there is none of the name.
func (m *Matching) Question(id string) *MatchQuestion {
	for _, q := range m.Questions {
		if q.ID == id {
			return q
		}
	}
	return nil
}

// Answer gives the name in the table of a value: itself, or the range that a
// number is in; "" when the table does not know it.
func (q *MatchQuestion) Answer(value string) string {
	n, err := strconv.Atoi(value)
	for _, a := range q.Answers {
		if a.Value == value {
			return value
		}
		if from, to, ok := ages(a.Value); err == nil && ok && from <= n && n <= to {
			return a.Value
		}
	}
	return ""
}

// ages reads a range of ages, "18-35".
func ages(s string) (from, to int, ok bool) {
	a, b, ok := strings.Cut(s, "-")
	if !ok {
		return 0, 0, false
	}
	from, err1 := strconv.Atoi(a)
	to, err2 := strconv.Atoi(b)
	return from, to, err1 == nil && err2 == nil && from <= to
}

// Points gives what the answers speak for a trade, with the weights that
// counted, in the order of the table. Each question counts at most Most. The
// traits are those of the trade and what more is true of it for this person.
func (m *Matching) Points(traits map[string]bool, answers Answers) (total int, reasons []Reason) {
	for _, q := range m.Questions {
		n, more := q.points(traits, answers[q.ID])
		total += n
		reasons = append(reasons, more...)
	}
	return total, reasons
}

// points gives what the answers to one question speak for a trade.
func (q *MatchQuestion) points(traits map[string]bool, values []string) (sum int, reasons []Reason) {
	if len(values) == 0 {
		return 0, nil
	}
	for _, a := range q.Answers {
		if !slices.Contains(values, a.Value) {
			continue
		}
		for _, w := range a.Weights {
			if traits[w.Trait] {
				sum += w.Points
				reasons = append(reasons, Reason{q.ID, a.Value, w.Trait, w.Points, a.Says, w.Tells})
			}
		}
	}
	return max(-q.Most, min(q.Most, sum)), reasons
}

// Excluded gives the exclusion that keeps a trade from a person, nil when none
// does.
func (m *Matching) Excluded(traits map[string]bool, answers Answers) *Exclusion {
	for _, x := range m.Exclusions {
		if slices.ContainsFunc(x.Traits, func(t string) bool { return traits[t] }) && !slices.ContainsFunc(x.If, func(c string) bool { return !answers.hold(c) }) {
			return x
		}
	}
	return nil
}

// forbids says whether an answer takes part in keeping a trade away.
func (m *Matching) forbids(answer string, traits map[string]bool) bool {
	return slices.ContainsFunc(m.Exclusions, func(x *Exclusion) bool {
		return slices.Contains(x.If, answer) && slices.ContainsFunc(x.Traits, func(t string) bool { return traits[t] })
	})
}

// excludes says whether an answer takes part in any exclusion.
func (m *Matching) excludes(answer string) bool {
	return slices.ContainsFunc(m.Exclusions, func(x *Exclusion) bool { return slices.Contains(x.If, answer) })
}

// hold says whether a condition of an exclusion is true.
func (a Answers) hold(condition string) bool {
	if question, value, ok := strings.Cut(condition, "!="); ok {
		return !slices.Contains(a[question], value)
	}
	if question, value, ok := strings.Cut(condition, "="); ok {
		return slices.Contains(a[question], value)
	}
	_, answered := a[condition]
	return answered
}

// AllTraits gives the traits of a trade: those it is given, and those that
// follow from its other fields: riasec-R, group-soldier, short, long.
func (t *Trade) AllTraits() map[string]bool {
	all := map[string]bool{}
	for _, id := range t.Traits {
		all[id] = true
	}
	for _, letter := range t.Riasec {
		all["riasec-"+string(letter)] = true
	}
	for _, g := range t.SuitableFor {
		all["group-"+g] = true
	}
	all["short"] = t.Level == "duoi-3-thang"
	all["long"] = t.Level == "trung-cap" || t.Level == "cao-dang"
	all["class-here"] = strings.HasPrefix(t.Basis, "quang-ninh-")
	all["class-elsewhere"] = t.Basis == "other-province-class-seen" || t.Basis == "program-known"
	return all
}

// impliedTraits are those that nobody writes down: AllTraits and the place of
// the person give them.
func impliedTraits() map[string]bool {
	known := map[string]bool{"short": true, "long": true, "here": true, "near": true, "everywhere": true, "elsewhere": true, "group-youth": true, "class-here": true, "class-elsewhere": true}
	for _, letter := range "RIASEC" {
		known["riasec-"+string(letter)] = true
	}
	for _, g := range Groups {
		known["group-"+g] = true
	}
	return known
}

const (
	maxPoints = 12
	maxMost   = 12
)

// checkMatching looks at the table: everything it names is there, every weight
// is in range and has its reason, every answer and every trait is used, and
// every trade can be reached.
func (c *checker) checkMatching() {
	given, traded, weighed := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, it := range c.w.traits {
		given[it.value.ID] = true
		if it.value.About == "" {
			at(c, it)(fmt.Sprintf("trait %q says nothing", it.value.ID), "write under “about” what a trade must be like to have it")
		}
	}
	for _, it := range c.w.trades {
		t, add := &it.value, at(c, it)
		c.label(add, "trade "+t.ID, t.Short)
		for _, id := range t.Traits {
			traded[id] = true
			if !given[id] {
				add(fmt.Sprintf("trade %q has the unknown trait %q", t.ID, id), "use a trait of matching.yaml")
			}
		}
		if t.ToAge != 0 && t.ToAge < t.FromAge {
			add(fmt.Sprintf("trade %q is for nobody's age", t.ID), "put from_age and to_age right")
		}
		if strings.Trim(t.Riasec, "RIASEC") != "" {
			add(fmt.Sprintf("trade %q has the riasec letters %q", t.ID, t.Riasec), "use letters of RIASEC")
		}
	}
	implied := impliedTraits()
	known := func(id string) bool { return given[id] || implied[id] }
	for _, it := range c.w.questions {
		c.checkMatchQuestion(it, known, weighed)
	}
	for _, it := range c.w.exclusions {
		x, add := &it.value, at(c, it)
		for _, id := range x.Traits {
			weighed[id] = true
			if !known(id) {
				add(fmt.Sprintf("exclusion %q names the unknown trait %q", x.ID, id), "use a trait of this file")
			}
		}
		for _, condition := range x.If {
			question, value, valued := strings.Cut(strings.Replace(condition, "!=", "=", 1), "=")
			if q := c.l.Matching.Question(question); q == nil || valued && !slices.ContainsFunc(q.Answers, func(a MatchAnswer) bool { return a.Value == value }) {
				add(fmt.Sprintf("exclusion %q has the unknown condition %q", x.ID, condition), "write question=answer, question!=answer or question")
			}
		}
		if len(x.If) == 0 || len(x.Traits) == 0 || x.Why == "" {
			add(fmt.Sprintf("exclusion %q is incomplete", x.ID), "write if, traits and why")
		}
	}
	for _, it := range c.w.traits {
		if id := it.value.ID; !traded[id] || !weighed[id] {
			at(c, it)(fmt.Sprintf("trait %q changes nothing", id), "give it to a trade and a weight, or delete it")
		}
	}
	for _, it := range c.w.inland {
		if c.l.places[it.value.ID] == nil {
			at(c, it)(fmt.Sprintf("inland names the unknown place %q", it.value.ID), "use an id of places.yaml")
		}
	}
	c.checkReach()
}

func (c *checker) checkMatchQuestion(it item[MatchQuestion], known func(string) bool, weighed map[string]bool) {
	q, add := &it.value, at(c, it)
	name := "question " + q.ID
	if q.Most < 1 || q.Most > maxMost {
		add(fmt.Sprintf("%s counts %d at most", name, q.Most), fmt.Sprintf("write most from 1 to %d", maxMost))
	}
	if q.Why == "" {
		add(name+" has no reason", "write under “why” what it is asked for")
	}
	if q.Slot != "" && c.l.slots[q.Slot] == nil {
		add(fmt.Sprintf("%s names the unknown slot %q", name, q.Slot), "declare it in slots.yaml")
	}
	seen := map[string]bool{}
	for _, a := range q.Answers {
		if a.Value == "" || seen[a.Value] {
			add(fmt.Sprintf("%s: the answer %q is empty or stands twice", name, a.Value), "give each answer a value of its own")
		}
		seen[a.Value] = true
		if len(a.Weights) == 0 && !c.l.Matching.excludes(q.ID+"="+a.Value) {
			add(fmt.Sprintf("%s: the answer %q weighs nothing", name, a.Value), "give it a weight, or delete it")
		}
		if a.Says != "" {
			c.text(add, name, a.Says, nil)
		}
		for _, w := range a.Weights {
			weighed[w.Trait] = true
			if !known(w.Trait) {
				add(fmt.Sprintf("%s: %s weighs the unknown trait %q", name, a.Value, w.Trait), "use a trait of this file, riasec-LETTER, group-ID, short, long, class-here, class-elsewhere, here, near, everywhere or elsewhere")
			}
			if w.Points == 0 || w.Points < -maxPoints || w.Points > maxPoints {
				add(fmt.Sprintf("%s: %s gives %s %d points", name, a.Value, w.Trait, w.Points), fmt.Sprintf("give -%d to %d, not 0", maxPoints, maxPoints))
			}
			if w.Why == "" {
				add(fmt.Sprintf("%s: %s has no reason for %s", name, a.Value, w.Trait), "write it under “why”")
			}
			if w.Tells != "" {
				c.text(add, name, w.Tells, nil)
			}
		}
	}
	if q.Slot != "" {
		c.checkAsked(add, q)
	}
}

// checkAsked compares a question of the table with the options that flows give
// for its slot: an answer that nobody can give weighs nothing, and an option
// that the table does not know counts for nothing.
func (c *checker) checkAsked(add func(string, string), q *MatchQuestion) {
	asked := map[string]bool{}
	for _, f := range c.l.Flows {
		for _, s := range f.Steps {
			if s.Slot != q.Slot {
				continue
			}
			for _, o := range s.Options {
				asked[o.Value] = true
			}
		}
	}
	if len(asked) == 0 {
		return // a number or a place: worked out
	}
	for _, a := range q.Answers {
		if !asked[a.Value] {
			add(fmt.Sprintf("question %s: no flow lets anybody answer %q", q.ID, a.Value), "add the option to the flow, or delete the answer")
		}
		delete(asked, a.Value)
	}
	for value := range asked {
		if q.Answer(value) == "" {
			add(fmt.Sprintf("question %s: the table does not know the answer %q", q.ID, value), "add it to matching.yaml")
		}
	}
}

// reach is among how many a trade must come for the person that it fits best.
const reach = 5

// checkReach finds trades that the table can never bring to anybody: for each
// trade it makes up the person whose every answer speaks for it more than for
// the others.
func (c *checker) checkReach() {
	m := &c.l.Matching
	traits := make([]map[string]bool, len(c.w.trades))
	for i := range c.w.trades {
		traits[i] = c.w.trades[i].value.AllTraits()
	}
	totals := make([][]int, len(traits)) // of each trade's person: points by trade
	persons := make([]Answers, len(traits))
	for i := range traits {
		totals[i], persons[i] = make([]int, len(traits)), Answers{}
	}
	for _, q := range m.Questions {
		best, ahead := make([]int, len(traits)), make([]int, len(traits))
		points := make([][]int, len(q.Answers))
		for a := range q.Answers {
			points[a] = make([]int, len(traits))
			sum := 0
			for i := range traits {
				points[a][i], _ = q.points(traits[i], []string{q.Answers[a].Value})
				sum += points[a][i]
			}
			for i, own := range points[a] {
				// Ahead of the mean of all, times their number.
				lead := own*len(traits) - sum
				if own > 0 && lead > ahead[i] && !m.forbids(q.ID+"="+q.Answers[a].Value, traits[i]) {
					best[i], ahead[i] = a, lead
				}
			}
		}
		for i := range traits {
			if ahead[i] == 0 {
				continue
			}
			persons[i][q.ID] = []string{q.Answers[best[i]].Value}
			for j := range traits {
				totals[i][j] += points[best[i]][j]
			}
		}
	}
	for i, it := range c.w.trades {
		before := 0
		for j := range traits {
			if own, other := totals[i][i], totals[i][j]; (other > own || other == own && j < i) && m.Excluded(traits[j], persons[i]) == nil {
				before++
			}
		}
		if before >= reach || m.Excluded(traits[i], persons[i]) != nil {
			at(c, it)(fmt.Sprintf("trade %q is out of reach: even for the person it fits best %d others come first", it.value.ID, before), "give it the traits that set it apart, or a weight for them in matching.yaml")
		}
	}
}
