package report_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"nghe/content"
	"nghe/course"
	"nghe/report"
)

var lib = content.MustBuiltin()

func day(n int) time.Time { return time.Date(2026, 11, n, 8, 0, 0, 0, time.UTC) }

// wish is a sum of people who wait, and two of another state each.
func wish(place, trade string, level course.Level, waiting, since int) report.Sum {
	s := report.Sum{Place: place, Trade: trade, Level: level, Since: day(since)}
	for i, state := range course.States {
		s.Count[i] = map[course.State]int{course.New: waiting - 1, course.Contacted: 1, course.Enrolled: 2, course.Dropped: 2}[state]
	}
	return s
}

// known is a small world made by hand. Ba Chẽ lies next to Kỳ Thượng, Hải Lạng
// and others; Kỳ Thượng next to Lương Minh; Đông Triều is far from all of them.
var known = []report.Sum{
	wish("ba-che", "nuoi-ong", "", 20, 5),               // its usual level is added
	wish("ba-che", "nuoi-ong", course.Elementary, 4, 3), // 24 in Ba Chẽ
	wish("ky-thuong", "nuoi-ong", "", 7, 9),
	wish("hai-lang", "nuoi-ong", "", 5, 2),
	wish("luong-minh", "nuoi-ong", "", 29, 8), // next to Kỳ Thượng only
	wish("dong-trieu", "nuoi-ong", "", 29, 1), // alone: never enough
	wish("dong-trieu", "may-cong-nghiep", "", 31, 4),
	wish("mao-khe", "han", "", 50, 1), // a class is planned next to it
	wish("cam-pha", "han", "", 33, 6), // a class is full
	wish("", "nuoi-ong", "", 99, 1),   // from nobody knows where
}

var classes = course.NewCatalogue([]course.Course{
	{ID: "a", Trade: "han", Place: "hoang-que", Status: course.Planned, Start: "2026-12"},
	{ID: "b", Trade: "han", Place: "cam-pha", Status: course.Full, Start: "2026-12-20"},
	{ID: "c", Trade: "may-cong-nghiep", Place: "dong-trieu", Status: course.Finished, End: "2026-10-01"},
	{ID: "d", Trade: "nuoi-ong", Place: "ba-che", Status: course.Cancelled, Start: "2026-12-20"},
})

func openings(least int) []string {
	var all []string
	for _, o := range report.NewNeeds(lib, known).Openings(classes, "2026-11-30", least) {
		from := ""
		for _, f := range o.From {
			from += fmt.Sprintf(" %s %d", f.Place, f.Waiting)
		}
		all = append(all, fmt.Sprintf("%s %s %d:%s, %s, full %d", o.Trade, o.Level, o.Waiting, from, o.Since.Format("2/1"), o.Full))
	}
	return all
}

func TestWhichClassShouldOpenFirst(t *testing.T) {
	usual := lib.Trade("nuoi-ong").Level
	want := []string{
		"nuoi-ong " + usual + " 36: luong-minh 29 ky-thuong 7, 8/11, full 0",
		"han " + lib.Trade("han").Level + " 33: cam-pha 33, 6/11, full 1",
		"may-cong-nghiep " + lib.Trade("may-cong-nghiep").Level + " 31: dong-trieu 31, 4/11, full 0",
	}
	if got := openings(30); !slices.Equal(got, want) {
		t.Errorf("30 people:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	// With fewer Lương Minh has enough by itself, and Ba Chẽ takes the largest
	// neighbour first.
	want = []string{
		"han " + lib.Trade("han").Level + " 33: cam-pha 33, 6/11, full 1",
		"may-cong-nghiep " + lib.Trade("may-cong-nghiep").Level + " 31: dong-trieu 31, 4/11, full 0",
		"nuoi-ong " + usual + " 31: ba-che 24 ky-thuong 7, 3/11, full 0",
		"nuoi-ong " + usual + " 29: dong-trieu 29, 1/11, full 0",
		"nuoi-ong " + usual + " 29: luong-minh 29, 8/11, full 0",
	}
	got := openings(28)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("28 people:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := openings(100); got != nil {
		t.Errorf("100 people: %v", got)
	}
}

func TestNeedsAddUp(t *testing.T) {
	if len(course.States) != len(report.Counts{}) {
		t.Fatal("a state is not counted")
	}
	n := report.NewNeeds(lib, known)
	if got := n.Total(); got.Waiting() != 307 || got.Count.Of(course.Enrolled) != 20 || got.Count.Of(course.Dropped) != 20 || !got.Since.Equal(day(1)) {
		t.Errorf("all: %+v", got)
	}
	places := n.ByPlace()
	if len(places) != 55 || places[54].Place != "" || places[54].Waiting() != 99 {
		t.Errorf("%d communes, last %+v", len(places), places[len(places)-1])
	}
	i := slices.IndexFunc(places, func(s report.Sum) bool { return s.Place == "dong-trieu" })
	if places[i].Waiting() != 60 || places[i].Count.All() != 64 {
		t.Errorf("Đông Triều: %+v", places[i])
	}
	var trades []string
	for _, s := range n.ByTrade() {
		trades = append(trades, fmt.Sprint(s.Trade, " ", s.Waiting()))
	}
	if want := []string{"nuoi-ong 193", "han 83", "may-cong-nghiep 31"}; !slices.Equal(trades, want) {
		t.Errorf("%v, want %v", trades, want)
	}
	levels := 0
	for _, s := range n.ByPlaceTradeLevel() {
		if s.Place == "ba-che" {
			levels++
			if want := map[course.Level]int{course.Elementary: 4, course.Level(lib.Trade("nuoi-ong").Level): 20}; lib.Trade("nuoi-ong").Level != "so-cap" && s.Waiting() != want[s.Level] {
				t.Errorf("%+v", s)
			}
		}
		if s.Level == "" {
			t.Errorf("no level: %+v", s)
		}
	}
	if levels == 0 {
		t.Error("Ba Chẽ is left out")
	}
	untaught := n.Untaught(classes)
	if len(untaught) != 1 || untaught[0].Trade != "nuoi-ong" || untaught[0].Waiting() != 193 {
		t.Errorf("nobody teaches %+v", untaught)
	}
}

// All 54 once, no two on one tile, in the order in which they lie, islands off
// the coast.
func TestTilesAreTheProvince(t *testing.T) {
	tiles, cols, rows := report.Tiles()
	at := map[string]report.Tile{}
	on := map[[2]int]string{}
	for _, tile := range tiles {
		if lib.Place(tile.Place) == nil || at[tile.Place].Place != "" || on[[2]int{tile.Col, tile.Row}] != "" || tile.Col >= cols || tile.Row >= rows {
			t.Errorf("%+v", tile)
		}
		at[tile.Place], on[[2]int{tile.Col, tile.Row}] = tile, tile.Place
	}
	if len(tiles) != 54 || len(lib.Places) != 54 {
		t.Errorf("%d tiles of %d communes", len(tiles), len(lib.Places))
	}
	pairs, right, apart := 0, 0, 0
	for _, p := range lib.Places {
		for _, id := range slices.Concat(p.Neighbours, p.Links) {
			q, a, b := lib.Place(id), at[p.ID], at[id]
			pairs++
			if (p.Lon-q.Lon)*float64(a.Col-b.Col) >= 0 && (q.Lat-p.Lat)*float64(a.Row-b.Row) >= 0 {
				right++
			}
			if max(a.Col-b.Col, b.Col-a.Col) <= 2 && max(a.Row-b.Row, b.Row-a.Row) <= 2 {
				apart++
			}
		}
	}
	if right*100 < pairs*90 || apart*100 < pairs*90 {
		t.Errorf("of %d pairs of neighbours %d lie as they do, %d are near each other", pairs, right, apart)
	}
	for _, p := range lib.Places {
		if len(p.Neighbours) > 0 || len(p.Links) == 0 {
			continue
		}
		for _, d := range [][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			if next := on[[2]int{at[p.ID].Col + d[0], at[p.ID].Row + d[1]}]; next != "" {
				t.Errorf("%s is an island and touches %s", p.ID, next)
			}
		}
	}
	for _, p := range lib.Places {
		if lines := report.NameLines(p); len(lines) > 2 || strings.Join(lines, " ") != p.Short() {
			t.Errorf("%s: %q", p.Name, lines)
		}
	}
}

func TestScale(t *testing.T) {
	for _, c := range []struct {
		numbers []int
		from    []int
	}{
		{nil, nil},
		{[]int{0, 0}, nil},
		{[]int{1, 3}, []int{1, 2, 3}},
		{[]int{5, 0}, []int{1, 2, 3, 4, 5}},
		{[]int{9}, []int{1, 2, 4, 6, 8}},
		{[]int{43, 7}, []int{1, 10, 20, 30, 40}},
		{[]int{50}, []int{1, 10, 20, 30, 40}},
		{[]int{4021}, []int{1, 1000, 2000, 3000, 4000}},
	} {
		from := report.Scale(c.numbers)
		if !slices.Equal(from, c.from) || len(from) > report.Steps {
			t.Errorf("%v: %v, want %v", c.numbers, from, c.from)
		}
		for _, n := range c.numbers {
			if step := report.StepOf(n, from); (n == 0) != (step == 0) || step > report.Steps {
				t.Errorf("%d has colour %d of %v", n, step, from)
			}
		}
	}
}

func TestSurvey(t *testing.T) {
	got := report.NewSurvey([]report.Answer{
		{Place: "ba-che", Village: "Khe Lò", Trade: "han", Able: course.AbleNow, N: 3},
		{Place: "ba-che", Village: "thôn khe lo", Trade: "nuoi-ong", Level: course.Short, Paper: true, N: 2},
		{Place: "ba-che", Village: "Nam Hả", Trade: "nuoi-ong", N: 4},
		{Place: "ky-thuong", Village: "Khe Lò", Trade: "han", Paper: true, N: 1},
		{Place: "ba-che", Trade: "nuoi-ong", N: 9},
	})
	want := report.Survey{Answered: 19, Paper: 3,
		Trades:   []report.Part{{ID: "nuoi-ong", N: 15, Paper: 2}, {ID: "han", N: 4, Paper: 1}},
		Villages: []report.Part{{ID: "Khe Lò", Place: "ba-che", N: 5, Paper: 2}, {ID: "Nam Hả", Place: "ba-che", N: 4}, {ID: "Khe Lò", Place: "ky-thuong", N: 1, Paper: 1}, {Place: "ba-che", N: 9}},
		Levels:   []report.Part{{ID: "duoi-3-thang", N: 2, Paper: 2}, {N: 17, Paper: 1}},
		Able:     []report.Part{{ID: "now", N: 3}, {N: 16, Paper: 3}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
	if got.Bot() != 16 || got.Trades[0].Bot() != 13 {
		t.Errorf("by bot %d, %d", got.Bot(), got.Trades[0].Bot())
	}
}
