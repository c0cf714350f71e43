package unanswered

import (
	"cmp"
	"slices"
	"time"

	"nghe/dialog"
	"nghe/viet"
)

// Reader says what texts mean, and which are alike. Package understand has it.
type Reader interface {
	// Alike gives for each text the index of the one that leads its group.
	Alike(texts []string) []int
	Meaning(text string) dialog.Meaning
}

// Sum is how often a text went unanswered in a time.
type Sum struct {
	Text
	N int64
}

// What staff may say of a text.
const (
	Seen    = "seen"     // somebody sees to it, or decided not to
	NotOurs = "not-ours" // none of our business
)

// Mark is what staff said of a text.
type Mark struct {
	Mark string // Seen or NotOurs
	By   string // login
	At   time.Time
}

// Group is texts that ask for the same.
type Group struct {
	Lead   string   // the most frequent that is typed with marks, if one is: it reads best
	Texts  []string // all of them, the lead first, then the most frequent
	N      int64    // how often, in the time looked at
	Before int64    // and in the time before it
	// Whys and Steps tell N apart, the most frequent first; of Steps the question
	// that stood open, without those asked outside of any.
	Whys  []Part
	Steps []Part
	// Nearest are the topics that the lead is nearest to, at most three.
	Nearest []dialog.Candidate
	Mark    Mark  // the zero Mark: nobody has looked at most of it
	New     int64 // of N: of texts that have no mark, where the group has one
}

// Part is one share of a number.
type Part struct {
	Name, Of string // a Why; a step and its flow
	N        int64
}

// nearestKept is how many topics are named.
const nearestKept = 3

// Groups puts what was asked in a time and in the time before it together by
// likeness, the most frequent first. Groups that were only asked before are left
// out.
func Groups(r Reader, now, before []Sum, marks map[string]Mark) []Group {
	count := map[string]int64{}
	for _, s := range slices.Concat(now, before) {
		count[s.Text.Text] += s.N
	}
	texts := make([]string, 0, len(count))
	for text := range count {
		texts = append(texts, text)
	}
	slices.SortFunc(texts, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	groups := map[string]*Group{} // by lead
	leads := map[string]string{}
	for i, lead := range r.Alike(texts) {
		name := texts[lead]
		leads[texts[i]] = name
		if groups[name] == nil {
			groups[name] = &Group{Lead: name}
		}
		groups[name].Texts = append(groups[name].Texts, texts[i])
	}
	for _, s := range before {
		groups[leads[s.Text.Text]].Before += s.N
	}
	marked := map[string]map[Mark]int64{}
	for _, s := range now {
		g := groups[leads[s.Text.Text]]
		g.N += s.N
		g.Whys = add(g.Whys, Part{Name: string(s.Why), N: s.N})
		if s.Step != "" {
			g.Steps = add(g.Steps, Part{Name: s.Step, Of: s.Flow, N: s.N})
		}
		if marked[g.Lead] == nil {
			marked[g.Lead] = map[Mark]int64{}
		}
		marked[g.Lead][marks[s.Text.Text]] += s.N
	}
	var all []Group
	for name, g := range groups {
		if g.N == 0 {
			continue
		}
		g.mark(marked[name])
		g.lead()
		byNumber(g.Whys)
		byNumber(g.Steps)
		all = append(all, *g)
	}
	slices.SortFunc(all, func(a, b Group) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Lead, b.Lead)) })
	return all
}

// lead puts a text first that was typed with marks.
func (g *Group) lead() {
	if i := slices.IndexFunc(g.Texts, func(s string) bool { return viet.Fold(s) != viet.Canon(s) }); i > 0 {
		text := g.Texts[i]
		g.Texts = slices.Insert(slices.Delete(g.Texts, i, i+1), 0, text)
	}
	g.Lead = g.Texts[0]
}

// mark takes the mark of the greater part of the group, if half of it has one.
func (g *Group) mark(by map[Mark]int64) {
	kinds := map[string]int64{}
	for m, n := range by {
		kinds[m.Mark] += n
	}
	if 2*kinds[""] > g.N {
		return
	}
	what := Seen
	if kinds[NotOurs] > kinds[Seen] {
		what = NotOurs
	}
	for m := range by { // the latest who said so
		if m.Mark == what && (m.At.After(g.Mark.At) || g.Mark.Mark == "") {
			g.Mark = m
		}
	}
	g.New = kinds[""]
}

// Near finds the topics that the group's lead is nearest to: dearer than
// grouping, so only for what is shown.
func (g *Group) Near(r Reader) {
	if c := r.Meaning(g.Lead).Candidates; len(c) > 0 {
		g.Nearest = c[:min(nearestKept, len(c))]
	}
}

func add(parts []Part, p Part) []Part {
	for i := range parts {
		if parts[i].Name == p.Name && parts[i].Of == p.Of {
			parts[i].N += p.N
			return parts
		}
	}
	return append(parts, p)
}

func byNumber(parts []Part) {
	slices.SortFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Of, b.Of))
	})
}
