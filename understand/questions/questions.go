// Package questions scores how well questions are understood, for “make eval”
// the tests of package understand, and those who edit content in the console.
package questions

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"math"
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

const (
	// Outside labels questions that are none of our business.
	Outside = "out.other"
	// Danger labels what somebody in danger says: only a hand-over is right.
	Danger = "danger"
)

// InScope says whether a topic answers the question.
func (q Question) InScope() bool { return q.Labels[0] != Outside && q.Labels[0] != Danger }

// Group is the part of the first label before the point: "loan".
func (q Question) Group() string {
	group, _, _ := strings.Cut(q.Labels[0], ".")
	return group
}

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
	// Of sentences of danger: neither taken for it nor asked about; asked about.
	// Alarmed counts the others that were asked about.
	Danger, DangerMissed, DangerAsked, Alarmed int
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
	Groups map[string]*Count // by group of topics
	Scores [steps]Bin        // answered outright, by tenths of the score
	Misses []Miss
}

// steps is into how many parts scores are put.
const steps = 10

// Bin is what became of the answers of one score.
type Bin struct{ Answered, Right int }

// Score asks all questions.
func Score(r Reader, list []Question) Result {
	res := Result{Styles: map[string]*Count{}, Groups: map[string]*Count{}}
	for _, q := range list {
		m := r.Meaning(q.Text)
		countOf(res.Styles, q.Style).add(q, m)
		countOf(res.Groups, q.Group()).add(q, m)
		if q.InScope() && m.Outcome == dialog.Answer && len(m.Candidates) > 0 {
			bin := &res.Scores[min(steps-1, int(m.Score*steps))]
			bin.Answered++
			if slices.Contains(q.Labels, m.Candidates[0].Topic) {
				bin.Right++
			}
		}
		if missed := res.All.add(q, m); missed {
			got := ""
			if len(m.Candidates) > 0 {
				got = m.Candidates[0].Topic
			}
			res.Misses = append(res.Misses, Miss{q, got, m.Outcome, m.Score})
		}
	}
	return res
}

func countOf(counts map[string]*Count, name string) *Count {
	if counts[name] == nil {
		counts[name] = &Count{}
	}
	return counts[name]
}

// add counts one question and says whether it went wrong.
func (c *Count) add(q Question, m dialog.Meaning) (missed bool) {
	worried := m.Worry != "" && m.Outcome != dialog.Answer && m.Outcome != dialog.Handoff
	if q.Labels[0] == Danger {
		c.Danger++
		switch {
		case m.Outcome == dialog.Handoff:
			return false
		case worried:
			c.DangerAsked++
		default:
			c.DangerMissed++
		}
		return !worried
	}
	if worried {
		c.Alarmed++
	}
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

// Interval gives the 95 % interval of a share, in percent, after Wilson.
func Interval(n, of int) (low, high float64) {
	if of == 0 {
		return 0, 100
	}
	const z = 1.96
	p, size := float64(n)/float64(of), float64(of)
	middle := (p + z*z/(2*size)) / (1 + z*z/size)
	half := z / (1 + z*z/size) * math.Sqrt(p*(1-p)/size+z*z/(4*size*size))
	return 100 * max(0, middle-half), 100 * min(1, middle+half)
}

// String gives the tables: by style, by group of topics, and how far scores
// can be trusted.
func (r Result) String() string {
	var b strings.Builder
	table(&b, "style", r.Styles)
	b.WriteString(r.All.row("all"))
	b.WriteString("\n")
	table(&b, "group", r.Groups)
	fmt.Fprintf(&b, "\n%-9s %8s %7s\n", "score", "answered", "right")
	for i, bin := range r.Scores {
		if bin.Answered > 0 {
			fmt.Fprintf(&b, "%.1f-%.1f   %8d %6.1f%%\n", float64(i)/steps, float64(i+1)/steps, bin.Answered, 100*float64(bin.Right)/float64(bin.Answered))
		}
	}
	return b.String()
}

func table(b *strings.Builder, of string, counts map[string]*Count) {
	fmt.Fprintf(b, "%-9s %5s %7s %11s %7s %11s %9s %6s %8s %8s %7s %13s %14s %7s\n", of, "asked", "top-1", "95 %", "top-3", "95 %", "answered", "wrong", "offered", "refused", "handoff", "outside answ.", "danger unheard", "alarmed")
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		b.WriteString(counts[name].row(name))
	}
}

// row tells the shares of all questions in scope; wrong is of all, too.
func (c Count) row(name string) string {
	return fmt.Sprintf("%-9s %5d %6.1f%% %11s %6.1f%% %11s %8.1f%% %5.1f%% %7.1f%% %7.1f%% %7d %6d of %3d %2d+%2d? of %3d %7d\n", name, c.InScope,
		c.Percent(c.First), interval(c.First, c.InScope), c.Percent(c.Third), interval(c.Third, c.InScope), c.Percent(c.Answered), c.Percent(c.Wrong),
		c.Percent(c.Offered), c.Percent(c.Refused), c.HandedOver, c.OutsideAnswered, c.OutOfScope, c.DangerMissed, c.DangerAsked, c.Danger, c.Alarmed)
}

func interval(n, of int) string {
	low, high := Interval(n, of)
	return fmt.Sprintf("%.1f-%.1f", low, high)
}
