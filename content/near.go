package content

import (
	"cmp"
	"math"
	"slices"
)

// Nearest gives all units, the nearest to a place first: the place itself,
// then its neighbours on land, then by distance, where an island is as far as
// the way by its ferry or bridge is. Nil when there is no place of the name.
//
// Of several places, which a name may mean together, all come first, and then
// what is near to any of them.
func (l *Library) Nearest(places ...string) []string {
	if len(places) == 1 {
		return l.nearest[places[0]]
	}
	var ids []string
	for rank := range len(l.Places) {
		for _, p := range places {
			if near := l.nearest[p]; rank < len(near) && !slices.Contains(ids, near[rank]) {
				ids = append(ids, near[rank])
			}
		}
	}
	return ids
}

// KM gives how far two units are apart, in whole kilometres between their
// middles as the crow flies and over the links of islands. It is for order and
// for "roughly"; what support depends on is the way from somebody's house.
func (l *Library) KM(from, to string) (km int, ok bool) {
	i, known := l.placeAt[from]
	j, also := l.placeAt[to]
	if !known || !also || math.IsInf(l.km[i][j], 1) {
		return 0, false
	}
	return int(math.Round(l.km[i][j])), true
}

// measure works out how far every unit is from every other.
func (l *Library) measure() {
	n := len(l.Places)
	l.placeAt = make(map[string]int, n)
	for i, p := range l.Places {
		l.placeAt[p.ID] = i
	}
	l.km = make([][]float64, n)
	for i, p := range l.Places {
		l.km[i] = make([]float64, n)
		for j, q := range l.Places {
			switch {
			case i == j:
			case !p.island() && !q.island(), slices.Contains(p.Links, q.ID), slices.Contains(q.Links, p.ID):
				l.km[i][j] = straight(p, q)
			default:
				l.km[i][j] = math.Inf(1)
			}
		}
	}
	for via := range n { // Floyd and Warshall: an island by its links
		for i := range n {
			for j := range n {
				l.km[i][j] = math.Min(l.km[i][j], l.km[i][via]+l.km[via][j])
			}
		}
	}
	l.nearest = make(map[string][]string, n)
	for i, p := range l.Places {
		order := make([]int, n)
		for j := range order {
			order[j] = j
		}
		ring := func(j int) int {
			switch {
			case j == i:
				return 0
			case slices.Contains(p.Neighbours, l.Places[j].ID):
				return 1
			}
			return 2
		}
		slices.SortFunc(order, func(a, b int) int {
			return cmp.Or(cmp.Compare(ring(a), ring(b)), cmp.Compare(l.km[i][a], l.km[i][b]), cmp.Compare(l.Places[a].ID, l.Places[b].ID))
		})
		ids := make([]string, n)
		for k, j := range order {
			ids[k] = l.Places[j].ID
		}
		l.nearest[p.ID] = ids
	}
}

// island says that a unit can only be reached by its links.
func (p *Place) island() bool { return len(p.Neighbours) == 0 && len(p.Links) > 0 }

// straight gives kilometres as the crow flies, good enough within a province.
func straight(p, q *Place) float64 {
	const degree = 111.2 // km
	y := (p.Lat - q.Lat) * degree
	x := (p.Lon - q.Lon) * degree * math.Cos((p.Lat+q.Lat)/2*math.Pi/180)
	return math.Hypot(x, y)
}
