package report

import (
	"cmp"
	"slices"
	"time"

	"nghe/content"
	"nghe/course"
)

// UsualLeast is how many people a class needs where nobody says otherwise. No
// text that was read names a least number; classes that were announced have
// about 30 to 35 seats (content/topics/course.yaml).
const UsualLeast = 30

// Opening is a class that could open.
type Opening struct {
	Place   string // where: a commune that all the others of From lie next to
	Trade   string
	Level   course.Level // that most of them wish for
	Waiting int          // people without a seat, of all communes
	From    []From       // the communes they live in, Place first
	Since   time.Time    // when the longest waiting of them was noted
	Full    int          // classes of the trade there and around that have no seat left
}

// From is how many of them live in a commune.
type From struct {
	Place   string
	Waiting int
}

// Joint says that it takes people of several communes.
func (o Opening) Joint() bool { return len(o.From) > 1 }

// Openings is the rule for where a class could open, the most people first:
//
//   - at least so many people wait (their wish is new, or they were only
//     contacted) for a trade in one commune, or, where they do not suffice, in
//     it and communes next to it, the fewest that it takes;
//   - no class of the trade is open or planned there or next to it. One that has
//     no seat left does not count as open.
//
// Everybody is counted for one class of a trade only. Wishes from nobody knows
// where count nowhere.
func (n Needs) Openings(courses *course.Catalogue, on course.Day, least int) []Opening {
	near := neighbours(n.lib)
	open, full := classesAround(near, courses, on)
	byTrade := map[string][]Sum{}
	for _, s := range together(n.sums, func(s Sum) Sum { return Sum{Place: s.Place, Trade: s.Trade} }) {
		if s.Waiting() > 0 && n.lib.Place(s.Place) != nil && n.lib.Trade(s.Trade) != nil && open[at{s.Place, s.Trade}] == 0 {
			byTrade[s.Trade] = append(byTrade[s.Trade], s)
		}
	}
	levels := n.mostWantedLevels()
	var all []Opening
	for _, trade := range n.lib.Trades {
		for _, group := range gather(byTrade[trade.ID], near, max(least, 1)) {
			o := Opening{Place: group[0].Place, Trade: trade.ID, Level: levels(group), Full: full[at{group[0].Place, trade.ID}]}
			for _, s := range group {
				o.Waiting += s.Waiting()
				o.From = append(o.From, From{s.Place, s.Waiting()})
				if o.Since.IsZero() || s.Since.Before(o.Since) {
					o.Since = s.Since
				}
			}
			all = append(all, o)
		}
	}
	slices.SortStableFunc(all, func(a, b Opening) int {
		return cmp.Or(cmp.Compare(b.Waiting, a.Waiting), cmp.Compare(len(a.From), len(b.From)), a.Since.Compare(b.Since), cmp.Compare(a.Place, b.Place), cmp.Compare(a.Trade, b.Trade))
	})
	return all
}

// gather groups communes in which people wait for one trade, so that each group
// is enough for a class: those that are enough by themselves, then the largest
// of the others with neighbours of it that are in no group yet.
func gather(sums []Sum, near map[string][]string, least int) (groups [][]Sum) {
	slices.SortFunc(sums, func(a, b Sum) int {
		return cmp.Or(cmp.Compare(b.Waiting(), a.Waiting()), cmp.Compare(a.Place, b.Place))
	})
	used := map[string]bool{}
	for _, middle := range sums {
		if middle.Waiting() >= least {
			groups, used[middle.Place] = append(groups, []Sum{middle}), true
		}
	}
	for _, middle := range sums {
		if used[middle.Place] {
			continue
		}
		group, people := []Sum{middle}, middle.Waiting()
		for _, s := range sums {
			if people < least && !used[s.Place] && slices.Contains(near[middle.Place], s.Place) {
				group, people = append(group, s), people+s.Waiting()
			}
		}
		if people >= least {
			groups = append(groups, group)
			for _, s := range group {
				used[s.Place] = true
			}
		}
	}
	return groups
}

// mostWantedLevels gives the level that most who wait in some communes wish for.
func (n Needs) mostWantedLevels() func(group []Sum) course.Level {
	waits := map[at]map[course.Level]int{}
	for _, s := range n.sums {
		k := at{s.Place, s.Trade}
		if waits[k] == nil {
			waits[k] = map[course.Level]int{}
		}
		waits[k][s.Level] += s.Waiting()
	}
	return func(group []Sum) (most course.Level) {
		sum := map[course.Level]int{}
		for _, s := range group {
			for level, k := range waits[at{s.Place, s.Trade}] {
				sum[level] += k
			}
		}
		best := 0
		for _, level := range append([]course.Level{""}, course.Levels...) {
			if sum[level] > best {
				best, most = sum[level], level
			}
		}
		return most
	}
}

// at is a trade in a commune.
type at struct{ place, trade string }

// classesAround counts, for every commune and trade, the classes there and next
// to it: that are open or planned, and that have no seat left.
func classesAround(near map[string][]string, courses *course.Catalogue, on course.Day) (open, full map[at]int) {
	open, full = map[at]int{}, map[at]int{}
	for i := range courses.All() {
		c := &courses.All()[i]
		count := open
		switch c.Standing(on) {
		case course.Past:
			continue
		case course.Taken:
			count = full
		}
		count[at{c.Place, c.Trade}]++
		for _, p := range near[c.Place] {
			count[at{p, c.Trade}]++
		}
	}
	return open, full
}

// neighbours are the communes next to each: by land, or by its ferry or bridge.
func neighbours(lib *content.Library) map[string][]string {
	near := map[string][]string{}
	for _, p := range lib.Places {
		for _, q := range slices.Concat(p.Neighbours, p.Links) {
			if !slices.Contains(near[p.ID], q) {
				near[p.ID], near[q] = append(near[p.ID], q), append(near[q], p.ID)
			}
		}
	}
	return near
}

// Untaught gives the trades that people wait for and no class that is known ever
// taught or will teach, anywhere, the most wanted first.
func (n Needs) Untaught(courses *course.Catalogue) []Sum {
	taught := map[string]bool{}
	for _, c := range courses.All() {
		if c.Status != course.Cancelled {
			taught[c.Trade] = true
		}
	}
	return slices.DeleteFunc(n.ByTrade(), func(s Sum) bool { return s.Waiting() == 0 || taught[s.Trade] })
}
