package content

import (
	"strings"
	"time"
)

// Fact is one thing known about money, law or offices.
type Fact struct {
	ID        string   `yaml:"id" json:"id" jsonschema:"stable name, dotted"`
	Statement string   `yaml:"statement" json:"statement" jsonschema:"the fact in one plain sentence"`
	Numbers   []Amount `yaml:"numbers" json:"numbers,omitempty" jsonschema:"every sum, rate, limit and term of the statement"`
	Who       string   `yaml:"who" json:"who,omitempty"`
	How       string   `yaml:"how" json:"how,omitempty"`
	Source    string   `yaml:"source" json:"source" jsonschema:"id of sources.yaml"`
	Article   string   `yaml:"article" json:"article,omitempty"`
	// EffectiveFrom is when this rule, and not the whole document, begins.
	EffectiveFrom string   `yaml:"effective_from" json:"effective_from,omitempty"`
	Status        string   `yaml:"status" json:"status" jsonschema:"in-force, replaced or uncertain"`
	Confidence    string   `yaml:"confidence" json:"confidence" jsonschema:"high (two pages agree), medium (one page) or low (memory)"`
	Caution       string   `yaml:"caution" json:"caution,omitempty" jsonschema:"told to the person with the fact"`
	Note          string   `yaml:"note" json:"note,omitempty" jsonschema:"for editors"`
	Evidence      []string `yaml:"evidence" json:"evidence,omitempty" jsonschema:"pages it was read on"`
	ReadOn        string   `yaml:"read_on" json:"read_on" jsonschema:"day it was read, YYYY-MM-DD"`
	CheckedOn     string   `yaml:"checked_on" json:"checked_on,omitempty" jsonschema:"day somebody compared it with the original text"`
	ReviewBy      string   `yaml:"review_by" json:"review_by" jsonschema:"day by which it must be looked at again"`

	cite string // what Library.Cite gives
}

// Amount is one number of a fact.
type Amount struct {
	What  string `yaml:"what" json:"what"`
	Value string `yaml:"value" json:"value" jsonschema:"plain digits with a point for decimals, or words when it is a range"`
	Unit  string `yaml:"unit" json:"unit,omitempty"`
}

// Statuses of a fact and of a regime.
const (
	InForce   = "in-force"
	Replaced  = "replaced"
	Uncertain = "uncertain"
)

// Source is a document that facts come from.
type Source struct {
	ID            string `yaml:"id" json:"id"`
	Document      string `yaml:"document" json:"document" jsonschema:"its name and number"`
	IssuedBy      string `yaml:"issued_by" json:"issued_by,omitempty"`
	DateIssued    string `yaml:"date_issued" json:"date_issued,omitempty"`
	EffectiveFrom string `yaml:"effective_from" json:"effective_from,omitempty"`
	EffectiveTo   string `yaml:"effective_to" json:"effective_to,omitempty"`
	AmendedBy     string `yaml:"amended_by" json:"amended_by,omitempty"`
}

// Cite names where a fact comes from: "Nghị định 338/2025/NĐ-CP, Điều 25".
func (l *Library) Cite(id string) string {
	if f := l.facts[id]; f != nil {
		return f.cite
	}
	return ""
}

// Fill puts values into the places of a text: pairs are a place such as
// "{sum}" and what stands there.
func Fill(text string, pairs ...string) string {
	var b strings.Builder
next:
	for at := 0; at < len(text); {
		open := strings.IndexByte(text[at:], '{')
		if open < 0 {
			if at == 0 {
				return text
			}
			b.WriteString(text[at:])
			break
		}
		b.WriteString(text[at : at+open])
		at += open
		for i := 0; i+1 < len(pairs); i += 2 {
			if strings.HasPrefix(text[at:], pairs[i]) {
				b.WriteString(pairs[i+1])
				at += len(pairs[i])
				continue next
			}
		}
		b.WriteByte('{')
		at++
	}
	return b.String()
}

// cite adds a citation unless one there says it already, as "NĐ 338, Điều 25;
// Luật Việc làm" does "NĐ 338, Điều 25".
func cite(sources []string, c string) []string {
	for i, s := range sources {
		if s == c || strings.HasPrefix(s, c+";") {
			return sources
		}
		if strings.HasPrefix(c, s+";") {
			sources[i] = c
			return sources
		}
	}
	return append(sources, c)
}

// SourceNote tells a person what an answer rests on, how sure it is on a day,
// and when it was read; sources are the citations.
func (l *Library) SourceNote(facts []string, at time.Time) (note string, sources []string) {
	var lines []string
	day := at.Format(time.DateOnly)
	read, checked, uncertain, replaced, lapsed := "", "", false, false, false
	for _, id := range facts {
		f := l.facts[id]
		if f == nil {
			continue
		}
		sources = cite(sources, l.Cite(id))
		if f.CheckedOn == "" {
			read = max(read, f.ReadOn)
		} else {
			checked = max(checked, f.CheckedOn)
		}
		uncertain = uncertain || f.Status == Uncertain
		replaced = replaced || f.Status == Replaced
		lapsed = lapsed || day > f.ReviewBy
		if f.Caution != "" && !contains(lines, f.Caution) {
			lines = append(lines, f.Caution)
		}
	}
	if len(sources) == 0 {
		return "", nil
	}
	say := func(phrase string, pairs ...string) {
		lines = append(lines, Fill(l.Phrase(phrase)[0], pairs...))
	}
	if uncertain {
		say("source.uncertain")
	}
	if lapsed {
		say("source.lapsed")
	}
	cited := strings.Join(sources[:min(3, len(sources))], "; ")
	if read != "" {
		say("source.read", "{source}", cited, "{day}", vietDay(read))
	} else {
		say("source.checked", "{source}", cited, "{day}", vietDay(checked))
	}
	return strings.Join(lines, "\n"), sources
}

// vietDay writes 2026-11-22 as 22/11/2026.
func vietDay(day string) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return t.Format("2/1/2006")
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
