package console

import (
	"fmt"
	"strconv"

	"nghe/report"
	"nghe/viet"
)

// barPicture is a section's bars ready to be drawn: widths in per cent of the
// picture, heights in pixels, so that letters stay as large on a phone as on a desk.
type barPicture struct {
	ID, Title     string
	First, Second string // what the two bars of each line are; Second may be ""
	Height        int
	Bars          []pairOfBars
	Told          string // all of it in words, for who can't see it
}

type pairOfBars struct {
	Label                   string
	LabelY, FirstY, SecondY int
	First, Second           string // widths
	Note                    string
	NoteY                   int
}

const pairHeight = 12

// drawBars draws them; nil when there is nothing to see.
func drawBars(id string, s report.Section) *barPicture {
	most := 0
	for _, b := range s.Bars {
		most = max(most, b.First, b.Second)
	}
	if most == 0 {
		return nil
	}
	width := func(n int) string { return strconv.FormatFloat(float64(n)*100/float64(most), 'f', 2, 64) }
	p := &barPicture{ID: id, Title: s.Title, First: s.First, Second: s.Second}
	y := 0
	for _, b := range s.Bars {
		line := pairOfBars{Label: shortLabel(b.Label), LabelY: y + lineHeight - 7, FirstY: y + lineHeight, First: width(b.First)}
		line.Note = viet.FormatNumber(int64(b.First))
		y += lineHeight + pairHeight
		if s.Second != "" {
			line.SecondY, line.Second = y+2, width(b.Second)
			line.Note += " · " + viet.FormatNumber(int64(b.Second))
			y += pairHeight + 2
		}
		line.NoteY = line.LabelY
		y += barGap / 2
		p.Bars = append(p.Bars, line)
		p.Told += fmt.Sprintf("%s: %s. ", b.Label, line.Note)
	}
	p.Height = y
	return p
}
