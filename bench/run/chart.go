package main

import (
	"fmt"
	"html"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A panel is one chart: lines over a size, both axes logarithmic.
type panel struct {
	title, x, y string
	lines       []line
}

// A line is the benchmarks whose name has a number where the pattern has its
// group, and one figure of them.
type line struct {
	name, pattern, unit string
	scale               float64 // what the figure is multiplied with; 0 = 1
}

var panels = []panel{
	{"A turn of the engine", "turns the talk has had", "µs", []line{
		{"a sum", `^Engine/do=sum/age=(\d+)$`, "ns/op", 1e-3}, {"a question", `^Engine/do=question/age=(\d+)$`, "ns/op", 1e-3},
		{"a choice", `^Engine/do=choice/age=(\d+)$`, "ns/op", 1e-3}, {"several", `^Engine/do=several/age=(\d+)$`, "ns/op", 1e-3},
	}},
	{"A question", "topics", "µs", []line{
		{"p99", `^Question/topics=(\d+)/style=all$`, "p99-µs", 0}, {"long, median", `^Question/topics=(\d+)/style=dai$`, "p50-µs", 0},
		{"median", `^Question/topics=(\d+)/style=all$`, "p50-µs", 0}, {"few words, median", `^Question/topics=(\d+)/style=cut$`, "p50-µs", 0},
	}},
	{"A whole turn by webhook", "contacts at once", "turns a second", []line{
		{"echo, keeps nothing", `^Whole/echo/contacts=(\d+)$`, "turns/s", 0}, {"Redis, 1 process", `^Whole/nghe/storage=redis\+postgres/processes=1/contacts=(\d+)$`, "turns/s", 0},
		{"Redis, 2 processes", `^Whole/nghe/storage=redis\+postgres/processes=2/contacts=(\d+)$`, "turns/s", 0}, {"a file", `^Whole/nghe/storage=embedded/processes=1/contacts=(\d+)$`, "turns/s", 0},
	}},
	{"From update to commit on Redis", "contacts at once", "turns a second", []line{
		{"bare client", `^TurnsOnRedis/contacts=(\d+)$`, "bares/s", 0}, {"nghe", `^TurnsOnRedis/contacts=(\d+)$`, "turns/s", 0},
	}},
	{"Latency at a fixed rate", "turns a second that come", "ms", []line{
		{"Redis, p99", `^Rate/storage=redis\+postgres/rate=(\d+)$`, "p99-ms", 0}, {"Redis, median", `^Rate/storage=redis\+postgres/rate=(\d+)$`, "p50-ms", 0},
		{"a file, p99", `^Rate/storage=embedded/rate=(\d+)$`, "p99-ms", 0}, {"a file, median", `^Rate/storage=embedded/rate=(\d+)$`, "p50-ms", 0},
	}},
	{"A broadcast on PostgreSQL", "people", "a second", []line{
		{"rows written", `^Audience/storage=postgres/people=(\d+)$`, "rows/s", 0}, {"claimed", `^Sending/storage=postgres/people=(\d+)$`, "claimed/s", 0},
		{"marked", `^Sending/storage=postgres/people=(\d+)$`, "marked/s", 0}, {"sent", `^Sending/storage=postgres/people=(\d+)$`, "messages/s", 0},
	}},
}

// Colours that are told apart by everybody (Okabe and Ito), with a dash and a mark
// of their own besides.
var styles = []struct{ colour, dash, mark string }{
	{"#0072B2", "", "circle"}, {"#D55E00", "7 4", "square"}, {"#009E73", "2 3", "diamond"}, {"#000000", "9 3 2 3", "triangle"},
}

const (
	wide, high   = 520, 330 // of a panel
	left, right  = 64, 150  // room beside the axes
	above, below = 40, 50
	plotWide     = wide - left - right
	plotHigh     = high - above - below
	panelsInRow  = 2
)

type point struct{ x, y float64 }

// points finds what a line goes through.
func (r results) points(l line) []point {
	pattern := regexp.MustCompile(l.pattern)
	var list []point
	for name, units := range r {
		m := pattern.FindStringSubmatch(name)
		s := spreadOf(units[l.unit])
		if m == nil || s.n == 0 || s.median <= 0 {
			continue
		}
		x, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			continue
		}
		if l.scale != 0 {
			s.median *= l.scale
		}
		list = append(list, point{x, s.median})
	}
	slices.SortFunc(list, func(a, b point) int { return int(math.Copysign(1, a.x-b.x)) })
	return list
}

// charts draws all panels of which there is something to draw.
func charts(got results) string {
	var drawn []string
	for _, p := range panels {
		if text := p.draw(got); text != "" {
			drawn = append(drawn, text)
		}
	}
	rows := max(1, (len(drawn)+panelsInRow-1)/panelsInRow)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", panelsInRow*wide, rows*high)
	b.WriteString("<title>What nghe's benchmarks measured</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n")
	for i, text := range drawn {
		fmt.Fprintf(&b, "<g transform=\"translate(%d %d)\">\n%s</g>\n", i%panelsInRow*wide, i/panelsInRow*high, text)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func (p panel) draw(got results) string {
	all := make([][]point, len(p.lines))
	var xs, ys []float64
	for i, l := range p.lines {
		all[i] = got.points(l)
		for _, at := range all[i] {
			xs, ys = append(xs, at.x), append(ys, at.y)
		}
	}
	if len(xs) == 0 {
		return ""
	}
	x, y := axisOf(xs, left, left+plotWide), axisOf(ys, above+plotHigh, above)
	var b strings.Builder
	fmt.Fprintf(&b, `<text x="%d" y="22" font-size="14" font-weight="bold">%s</text>`+"\n", left, html.EscapeString(p.title+", "+p.y))
	for _, t := range y.ticks() {
		fmt.Fprintf(&b, `<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">%s</text>`+"\n", left, left+plotWide, y.at(t), y.at(t), left-6, y.at(t)+4, number(t))
	}
	slices.Sort(xs)
	for _, t := range slices.Compact(xs) {
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle" font-size="10">%s</text>`+"\n", x.at(t), above+plotHigh+16, short(t))
	}
	fmt.Fprintf(&b, `<path d="M%d %dV%dH%d" fill="none" stroke="#444"/>`+"\n", left, above, above+plotHigh, left+plotWide)
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle">%s</text>`+"\n", left+plotWide/2, high-14, html.EscapeString(p.x))
	names := labels(all, y)
	for i, l := range p.lines {
		if len(all[i]) == 0 {
			continue
		}
		s := styles[i%len(styles)]
		var path strings.Builder
		for j, at := range all[i] {
			fmt.Fprintf(&path, "%c%.1f %.1f", "ML"[min(j, 1)], x.at(at.x), y.at(at.y))
		}
		fmt.Fprintf(&b, `<path d="%s" fill="none" stroke="%s" stroke-width="2" stroke-dasharray="%s"/>`+"\n", &path, s.colour, s.dash)
		for _, at := range all[i] {
			b.WriteString(mark(s.mark, x.at(at.x), y.at(at.y), s.colour))
		}
		last := all[i][len(all[i])-1]
		fmt.Fprintf(&b, `<path d="M%.1f %.1fL%d %.1f" stroke="#bbb"/>`, x.at(last.x)+6, y.at(last.y), left+plotWide+12, names[i])
		b.WriteString(mark(s.mark, left+plotWide+18, names[i], s.colour))
		fmt.Fprintf(&b, `<text x="%d" y="%.1f" fill="%s">%s</text>`+"\n", left+plotWide+27, names[i]+4, s.colour, html.EscapeString(l.name))
	}
	return b.String()
}

// labels gives the heights of the names beside the lines, apart enough to be read.
func labels(all [][]point, y axis) []float64 {
	const apart = 17
	heights, order := make([]float64, len(all)), []int{}
	for i, points := range all {
		if len(points) > 0 {
			heights[i] = y.at(points[len(points)-1].y)
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return int(math.Copysign(1, heights[a]-heights[b])) })
	for n := 1; n < len(order); n++ {
		heights[order[n]] = max(heights[order[n]], heights[order[n-1]]+apart)
	}
	return heights
}

func mark(shape string, x, y float64, colour string) string {
	switch shape {
	case "square":
		return fmt.Sprintf(`<rect x="%.1f" y="%.1f" width="8" height="8" fill="%s"/>`, x-4, y-4, colour)
	case "diamond":
		return fmt.Sprintf(`<path d="M%.1f %.1fl5 5l-5 5l-5 -5z" fill="%s"/>`, x, y-5, colour)
	case "triangle":
		return fmt.Sprintf(`<path d="M%.1f %.1fl5 9h-10z" fill="%s"/>`, x, y-5, colour)
	}
	return fmt.Sprintf(`<circle cx="%.1f" cy="%.1f" r="4" fill="%s"/>`, x, y, colour)
}

// axis lays values between two places, by their logarithm.
type axis struct{ least, most, from, to float64 }

func axisOf(values []float64, from, to float64) axis {
	least, most := slices.Min(values), slices.Max(values)
	if from > to || least == most { // heights: whole powers of ten
		least, most = math.Pow(10, math.Floor(math.Log10(least))), math.Pow(10, math.Ceil(math.Log10(most*1.0001)))
	}
	return axis{math.Log(least), math.Log(most), from, to}
}

func (a axis) at(v float64) float64 {
	return a.from + (a.to-a.from)*(math.Log(v)-a.least)/(a.most-a.least)
}

// ticks are 1, 2 and 5 times the powers of ten, of a long axis the powers alone.
func (a axis) ticks() []float64 {
	steps := []float64{1, 2, 5}
	if a.most-a.least > 3*math.Ln10 {
		steps = steps[:1]
	}
	var list []float64
	for power := math.Pow(10, math.Floor(a.least/math.Ln10)); math.Log(power) <= a.most+1e-9; power *= 10 {
		for _, s := range steps {
			if l := math.Log(power * s); l >= a.least-1e-9 && l <= a.most+1e-9 {
				list = append(list, power*s)
			}
		}
	}
	return list
}

// short tells a size: 100k.
func short(n float64) string {
	switch {
	case n >= 1e6:
		return number(n/1e6) + "M"
	case n >= 1e4:
		return number(n/1e3) + "k"
	}
	return number(n)
}
