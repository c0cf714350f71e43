package report

import (
	"cmp"
	"slices"
	"time"

	"nghe/content"
	"nghe/course"
)

// Sum is how many wishes there are of a trade at a level from a commune.
type Sum struct {
	Place string       // "" = not known
	Trade string       // id
	Level course.Level // "" = what is usual for the trade
	Count Counts
	// Since is when the longest waiting of them was noted; zero when none waits.
	Since time.Time
}

// Version tells the wishes of one moment from those of another.
type Version struct{ Wishes, Last int64 }

// Waiting is how many wish to learn and have no seat yet.
func (s Sum) Waiting() int { return s.Count.Of(course.New) + s.Count.Of(course.Contacted) }

// Counts are numbers of wishes by state, in the order of course.States. There are
// thousands of them on a page: a map each would be slow.
type Counts [7]int

// Of gives the number of a state.
func (c Counts) Of(s course.State) int { return c[slices.Index(course.States, s)] }

// All counts those that were not dropped.
func (c Counts) All() (n int) {
	for i, k := range c {
		if course.States[i] != course.Dropped {
			n += k
		}
	}
	return n
}

// Needs are the wishes of a scope, summed up.
type Needs struct {
	lib  *content.Library
	sums []Sum // the level is never "" where the trade has a usual one
}

// NewNeeds takes up what the database summed up. A level that nobody said is
// what is usual for the trade.
func NewNeeds(lib *content.Library, sums []Sum) Needs {
	n := Needs{lib: lib}
	for _, s := range sums {
		if t := lib.Trade(s.Trade); s.Level == "" && t != nil {
			s.Level = course.Level(t.Level)
		}
		n.sums = append(n.sums, s)
	}
	n.sums = together(n.sums, func(s Sum) Sum { return Sum{Place: s.Place, Trade: s.Trade, Level: s.Level} })
	return n
}

// ByPlaceTradeLevel gives every commune, trade and level that somebody wishes
// for, communes as in the content, the most wanted trade first.
func (n Needs) ByPlaceTradeLevel() []Sum { return n.sorted(slices.Clone(n.sums)) }

// ByTradeLevel gives trades and levels, the most wanted first.
func (n Needs) ByTradeLevel() []Sum {
	return n.sorted(together(n.sums, func(s Sum) Sum { return Sum{Trade: s.Trade, Level: s.Level} }))
}

// ByTrade gives trades, the most wanted first.
func (n Needs) ByTrade() []Sum {
	return n.sorted(together(n.sums, func(s Sum) Sum { return Sum{Trade: s.Trade} }))
}

// ByPlace gives all communes of the content, also those without a wish, in its
// order, and last what came from nobody knows where, if anything did.
func (n Needs) ByPlace() []Sum {
	got := map[string]Sum{}
	for _, s := range together(n.sums, func(s Sum) Sum { return Sum{Place: s.Place} }) {
		got[s.Place] = s
	}
	var all []Sum
	for _, p := range n.lib.Places {
		s := got[p.ID]
		s.Place = p.ID
		all = append(all, s)
	}
	if s, ok := got[""]; ok {
		all = append(all, s)
	}
	return all
}

// Total is all of them in one.
func (n Needs) Total() Sum {
	for _, s := range together(n.sums, func(Sum) Sum { return Sum{} }) {
		return s
	}
	return Sum{}
}

// together adds up what has the same key.
func together(sums []Sum, key func(Sum) Sum) []Sum {
	type at struct {
		place, trade string
		level        course.Level
	}
	where := map[at]int{}
	var all []Sum
	for _, s := range sums {
		k := key(s)
		i, ok := where[at{k.Place, k.Trade, k.Level}]
		if !ok {
			i = len(all)
			where[at{k.Place, k.Trade, k.Level}] = i
			all = append(all, Sum{Place: k.Place, Trade: k.Trade, Level: k.Level})
		}
		all[i].add(s)
	}
	return all
}

func (s *Sum) add(o Sum) {
	for i, k := range o.Count {
		s.Count[i] += k
	}
	if s.Since.IsZero() || !o.Since.IsZero() && o.Since.Before(s.Since) {
		s.Since = o.Since
	}
}

// sorted puts communes in the order of the content, and within a commune the
// trades for which most people wait first.
func (n Needs) sorted(sums []Sum) []Sum {
	order := map[string]int{"": len(n.lib.Places)}
	for i, p := range n.lib.Places {
		order[p.ID] = i
	}
	slices.SortStableFunc(sums, func(a, b Sum) int {
		return cmp.Or(cmp.Compare(order[a.Place], order[b.Place]), cmp.Compare(b.Waiting(), a.Waiting()), cmp.Compare(b.Count.All(), a.Count.All()),
			cmp.Compare(a.Trade, b.Trade), cmp.Compare(a.Level, b.Level))
	})
	return sums
}

// Of leaves what is of a commune and a trade; "" is any.
func (n Needs) Of(place, trade string) Needs {
	if place == "" && trade == "" {
		return n
	}
	of := Needs{lib: n.lib}
	for _, s := range n.sums {
		if (place == "" || s.Place == place) && (trade == "" || s.Trade == trade) {
			of.sums = append(of.sums, s)
		}
	}
	return of
}
