// Package questions scores how well questions are understood, for “make eval”
// and the tests of package understand. It is no part of the program.
package questions

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"nghe/dialog"
)

// Question is one question as somebody typed it.
type Question struct {
	Labels []string // topics that are right; Outside alone: none of ours
	Style  string   // "dau", "khongdau", "tat", "sai", "vung", "dai", "cut"
	Text   string
}

// Outside labels questions that are none of our business.
const Outside = "out.other"

// InScope says whether a topic answers the question.
func (q Question) InScope() bool { return q.Labels[0] != Outside }

// Read reads tab-separated lines (topic, style, question) after a heading.
func Read(r io.Reader) ([]Question, error) {
	var list []Question
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	for n := 1; in.Scan(); n++ {
		fields := strings.Split(in.Text(), "\t")
		if n == 1 || in.Text() == "" {
			continue
		}
		if len(fields) != 3 {
			return nil, fmt.Errorf("line %d has %d fields, want topic, style and question with tabs between", n, len(fields))
		}
		list = append(list, Question{strings.Split(fields[0], "|"), fields[1], fields[2]})
	}
	if len(list) == 0 && in.Err() == nil {
		return nil, fmt.Errorf("no questions in it")
	}
	return list, in.Err()
}

// Reader understands questions.
type Reader interface {
	Meaning(text string) dialog.Meaning
}

// Count is what became of some questions.
type Count struct {
	InScope, First, Third        int // in scope; the right topic first, among the first three
	Answered, Wrong              int // in scope: answered outright, and with a wrong topic
	OutOfScope, OutsideAnswered  int
	Offered, Refused, HandedOver int
}

// Percent of the questions in scope.
func (c Count) Percent(n int) float64 {
	if c.InScope == 0 {
		return 0
	}
	return 100 * float64(n) / float64(c.InScope)
}

// Miss is a question that was not understood rightly.
type Miss struct {
	Question
	Got     string
	Outcome dialog.Outcome
	Score   float64
}

// Result is what became of a list of questions.
type Result struct {
	All    Count
	Styles map[string]*Count
	Misses []Miss
}

// Score asks all questions.
func Score(r Reader, list []Question) Result {
	res := Result{Styles: map[string]*Count{}}
	for _, q := range list {
		if res.Styles[q.Style] == nil {
			res.Styles[q.Style] = &Count{}
		}
		m := r.Meaning(q.Text)
		style := res.Styles[q.Style]
		if missed := style.add(q, m); missed {
			got := ""
			if len(m.Candidates) > 0 {
				got = m.Candidates[0].Topic
			}
			res.Misses = append(res.Misses, Miss{q, got, m.Outcome, m.Score})
		}
		res.All.add(q, m)
	}
	return res
}

// add counts one question and says whether it went wrong.
func (c *Count) add(q Question, m dialog.Meaning) (missed bool) {
	if !q.InScope() {
		c.OutOfScope++
		if m.Outcome == dialog.Answer {
			c.OutsideAnswered++
		}
		return m.Outcome == dialog.Answer
	}
	c.InScope++
	at := slices.IndexFunc(m.Candidates, func(x dialog.Candidate) bool { return slices.Contains(q.Labels, x.Topic) })
	if at == 0 {
		c.First++
	}
	if at >= 0 && at < 3 {
		c.Third++
	}
	switch m.Outcome {
	case dialog.Answer:
		c.Answered++
		if at != 0 {
			c.Wrong++
		}
	case dialog.Offer:
		c.Offered++
	case dialog.Refuse:
		c.Refused++
	case dialog.Handoff:
		c.HandedOver++
	}
	return at != 0 || m.Outcome == dialog.Handoff
}

// String gives a table.
func (r Result) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-9s %5s %7s %7s %9s %7s %7s %7s %8s %15s\n", "style", "asked", "top-1", "top-3", "answered", "wrong", "offered", "refused", "handoff", "outside: answ.")
	styles := make([]string, 0, len(r.Styles))
	for s := range r.Styles {
		styles = append(styles, s)
	}
	slices.Sort(styles)
	for _, s := range styles {
		b.WriteString(r.Styles[s].row(s))
	}
	b.WriteString(r.All.row("all"))
	return b.String()
}

func (c Count) row(name string) string {
	return fmt.Sprintf("%-9s %5d %6.1f%% %6.1f%% %8.1f%% %6.1f%% %6.1f%% %6.1f%% %8d %8d of %3d\n", name, c.InScope,
		c.Percent(c.First), c.Percent(c.Third), c.Percent(c.Answered), c.Percent(c.Wrong), c.Percent(c.Offered), c.Percent(c.Refused),
		c.HandedOver, c.OutsideAnswered, c.OutOfScope)
}
