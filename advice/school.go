package advice

import (
	"cmp"
	"slices"
	"strings"

	"nghe/content"
	"nghe/dialog"
)

// schoolKinds are the institutions that teach, as the content calls them.
var schoolKinds = []string{"truong-cao-dang", "truong-dai-hoc", "trung-tam-gdnn-gdtx", "trung-tam-khuyet-tat"}

// everywhere is what an institution serves that takes people of all units.
const everywhere = "toan-tinh"

const (
	// mostSchools are told at a time; their names are long.
	mostSchools = 4
	// nearby is how many units count as near to a place, the place itself first.
	nearby = 12
)

// schools is the function that finds the schools near a place.
func (t talk) schools(s dialog.Scope) (dialog.Values, error) {
	places := s.Value("where").List()
	near, known := t.nearSchools(places)
	var lines []string
	for _, school := range near[:min(len(near), mostSchools)] {
		lines = append(lines, t.say("school.line", "{name}", school.Name, "{teaches}", school.Trades))
	}
	phrase := "school.near"
	if !known {
		phrase = "school.none-near"
	}
	result := t.say(phrase, "{place}", t.unitNames(s.Value("where")), "{schools}", strings.Join(lines, "\n"))
	return dialog.Values{"result": dialog.Text(result)}, nil
}

// nearSchools gives the schools that are at the places or near them, the
// nearest first. Where there is none it gives those that take people of the
// whole province, and says so.
func (t talk) nearSchools(places []string) (near []*content.Institution, known bool) {
	order := t.lib.Nearest(places...)
	order = order[:min(len(order), nearby)]
	rank := func(i *content.Institution) int {
		best := nearby
		for _, unit := range i.Serves {
			if at := slices.Index(order, unit); at >= 0 {
				best = min(best, at)
			}
		}
		return best
	}
	var far []*content.Institution
	for _, i := range t.lib.Institutions {
		switch {
		case !slices.Contains(schoolKinds, i.Kind):
		case rank(i) < nearby:
			near = append(near, i)
		case slices.Contains(i.Serves, everywhere):
			far = append(far, i)
		}
	}
	if len(near) == 0 {
		return far, false
	}
	slices.SortStableFunc(near, func(a, b *content.Institution) int { return cmp.Compare(rank(a), rank(b)) })
	return near, true
}
