package report

import (
	"cmp"
	"slices"

	"nghe/course"
	"nghe/viet"
)

// Answer is how many answered a survey alike.
type Answer struct {
	Place   string
	Village string // as they or an officer wrote it
	Trade   string
	Level   course.Level
	Able    course.Able
	Paper   bool // an officer wrote it down
	N       int
}

// Survey is what a survey gave.
type Survey struct {
	Answered int // wishes: people who answered
	Paper    int // of these, on paper
	Trades   []Part
	Villages []Part
	Levels   []Part
	Able     []Part // by course.Able, "" last
}

// Bot is how many answered the bot.
func (s Survey) Bot() int { return s.Answered - s.Paper }

// Part is how many of a survey's answers are of a kind.
type Part struct {
	ID    string // of the trade, level or course.Able; the village as most wrote it
	Place string // of a village
	N     int
	Paper int
}

// Bot is how many of them answered the bot.
func (p Part) Bot() int { return p.N - p.Paper }

// NewSurvey sums up a survey: everything by number, the most first.
func NewSurvey(all []Answer) Survey {
	var s Survey
	for _, a := range all {
		s.Answered += a.N
		if a.Paper {
			s.Paper += a.N
		}
	}
	s.Trades = parts(all, func(a Answer) (string, Part) { return a.Trade, Part{ID: a.Trade} })
	s.Levels = parts(all, func(a Answer) (string, Part) { return string(a.Level), Part{ID: string(a.Level)} })
	s.Able = parts(all, func(a Answer) (string, Part) { return string(a.Able), Part{ID: string(a.Able)} })
	// A village is written in many ways: “Khe Lò”, “thôn khe lo”.
	s.Villages = parts(all, func(a Answer) (string, Part) {
		return a.Place + "|" + villageKey(a.Village), Part{ID: a.Village, Place: a.Place}
	})
	return s
}

// villageKey is the same for the ways in which a village is written.
func villageKey(name string) string {
	key := viet.Fold(name)
	for _, kind := range []string{"thon ", "ban ", "khu ", "to "} {
		if len(key) > len(kind) && key[:len(kind)] == kind {
			return key[len(kind):]
		}
	}
	return key
}

// parts adds up answers with the same key; of several names the one that comes
// most often stands.
func parts(all []Answer, of func(Answer) (key string, p Part)) []Part {
	at := map[string]int{}
	most := map[string]int{}
	var out []Part
	for _, a := range all {
		key, p := of(a)
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key], out = i, append(out, p)
		}
		if a.N > most[key] {
			most[key], out[i].ID = a.N, p.ID
		}
		out[i].N += a.N
		if a.Paper {
			out[i].Paper += a.N
		}
	}
	slices.SortStableFunc(out, func(a, b Part) int {
		return cmp.Or(cmp.Compare(order(a.ID), order(b.ID)), cmp.Compare(b.N, a.N), cmp.Compare(a.Place, b.Place), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// order puts what nobody said last.
func order(id string) int {
	if id == "" {
		return 1
	}
	return 0
}
