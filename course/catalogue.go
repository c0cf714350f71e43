package course

import (
	"cmp"
	"maps"
	"slices"
)

// Catalogue is all courses and surveys at one moment. It never changes; its methods are
// safe for several goroutines, and what they give must not be changed.
type Catalogue struct {
	courses []Course // by id
	byID    map[string]*Course
	byTrade map[string][]*Course

	campaigns []Campaign
}

// NewCatalogue makes a catalogue; of several courses with one id the last
// counts.
func NewCatalogue(courses []Course) *Catalogue {
	last := make(map[string]int, len(courses))
	for i := range courses {
		last[courses[i].ID] = i
	}
	k := &Catalogue{courses: make([]Course, 0, len(last)), byID: make(map[string]*Course, len(last)), byTrade: map[string][]*Course{}}
	for _, id := range slices.Sorted(maps.Keys(last)) {
		k.courses = append(k.courses, courses[last[id]])
		c := &k.courses[len(k.courses)-1] // there is room: it stays where it is
		k.byID[id] = c
		k.byTrade[c.Trade] = append(k.byTrade[c.Trade], c)
	}
	return k
}

// All gives every course, by id.
func (k *Catalogue) All() []Course { return k.courses }

// Course gives a course, nil when there is none of the id.
func (k *Catalogue) Course(id string) *Course { return k.byID[id] }

// Query is what somebody looks for. What is zero doesn't matter.
type Query struct {
	On     Day      // today
	Trades []string // one of these
	// Near lists places, the nearest first (content.Library.Nearest). What
	// is at none of them, or nobody knows where, comes last.
	Near []string
	// From and To bound the level; a class of unknown level always fits.
	From, To Level
	// After is the first day on which somebody can begin; a class whose
	// start is unknown always fits.
	After Day
	// Least is the standing that a class must have at least.
	Least Standing
}

// Match is a course that was found.
type Match struct {
	Course   *Course
	Standing Standing
	// Rank is how many places are nearer, -1 when it is not known where the
	// class is or from where one looks.
	Rank int
}

// Find gives what fits: the nearest first, then what stands best, then what
// closes or begins first, then by level and id. Order and content are the same
// for the same query.
func (k *Catalogue) Find(q Query) []Match {
	ranks := make(map[string]int, len(q.Near))
	for i, id := range q.Near {
		ranks[id] = i
	}
	freshSince := fresh(q.On)
	var found []Match
	consider := func(c *Course) {
		standing := c.standing(q.On, freshSince)
		if standing < q.Least || !q.level(c.Level) || q.After != "" && c.Start != "" && string(c.Start) < string(q.After[:min(len(q.After), len(c.Start))]) {
			return
		}
		rank, ok := ranks[c.Place]
		if !ok {
			rank = -1
		}
		found = append(found, Match{c, standing, rank})
	}
	if len(q.Trades) == 0 {
		for i := range k.courses {
			consider(&k.courses[i])
		}
	}
	for i, trade := range q.Trades {
		if slices.Contains(q.Trades[:i], trade) {
			continue
		}
		for _, c := range k.byTrade[trade] {
			consider(c)
		}
	}
	slices.SortFunc(found, compare)
	return found
}

func (q *Query) level(l Level) bool {
	at := l.order()
	return at < 0 || at >= q.From.order() && (q.To == "" || at <= q.To.order())
}

// compare goes on to what tells less only where it must: most is decided by
// how near a class is.
func compare(a, b Match) int {
	if a.Rank != b.Rank {
		return cmp.Compare(uint(a.Rank), uint(b.Rank)) // -1 last
	}
	if a.Standing != b.Standing {
		return cmp.Compare(b.Standing, a.Standing)
	}
	if n := compareDays(a.Course.closes(), b.Course.closes()); n != 0 {
		return n
	}
	if n := cmp.Compare(a.Course.Level.order(), b.Course.Level.order()); n != 0 {
		return n
	}
	return cmp.Compare(a.Course.ID, b.Course.ID)
}

// closes is the day by which one must have made up one's mind.
func (c *Course) closes() Day {
	if c.Deadline != "" {
		return c.Deadline
	}
	return c.Start
}

// compareDays puts what is unknown last; a month comes with its last day.
func compareDays(a, b Day) int {
	switch {
	case a == b:
		return 0
	case a == "":
		return 1
	case b == "":
		return -1
	case a.MonthOnly() != b.MonthOnly() && (a[:7] == b[:7]):
		return cmp.Compare(len(b), len(a))
	}
	return cmp.Compare(a, b)
}
