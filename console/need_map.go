package console

import (
	"fmt"
	"slices"

	"nghe/report"
	"nghe/staff"
	"nghe/viet"
)

// needMap is the page of the map.
type needMap struct {
	Trade         string
	Tiles         []tile
	Width, Height int
	Scale         []mapStep
	List          []report.Sum // communes of the scope, the most first
	Unknown       int          // who wait, and nobody knows where
	Total         int
	Invented      bool // some of the numbers are made up, to try things out
}

// tile is a commune on the map, in the units of the picture.
type tile struct {
	report.Tile
	X, Y  int
	Lines []string // its name
	Title string
	Step  int // its colour; -1: not of the scope
	N     string
	Link  string
}

// mapStep is a colour and what it stands for.
type mapStep struct {
	Step int
	Text string
}

// tileSize is the side of a tile with the gap, in px where there is room: two lines
// of the smallest text that the pages have, and a number, stand on it.
const tileSize = 66

// showNeedMap shows how many wait in which commune.
func (c *Console) showNeedMap(v *visit) error {
	n, err := c.needs(v.Context(), v.me())
	if err != nil {
		return err
	}
	p := needMap{Trade: v.FormValue("trade")}
	var numbers []int
	waiting := map[string]int{}
	for _, s := range n.Of("", p.Trade).ByPlace() {
		switch {
		case s.Place == "":
			p.Unknown = s.Waiting()
		case c.mayReport(v.me(), s.Place) == nil:
			waiting[s.Place] = s.Waiting()
			numbers = append(numbers, s.Waiting())
			p.List = append(p.List, s)
			p.Total += s.Waiting()
		}
	}
	slices.SortStableFunc(p.List, func(a, b report.Sum) int { return b.Waiting() - a.Waiting() })
	from := report.Scale(numbers)
	tiles, cols, rows := report.Tiles()
	p.Width, p.Height = cols*tileSize, rows*tileSize
	for _, t := range tiles {
		p.Tiles = append(p.Tiles, c.tile(v.me(), t, p.Trade, waiting, from))
	}
	p.Scale = scaleWords(from)
	if p.Invented, err = c.Records.Invented(v.Context()); err != nil {
		return err
	}
	return c.page(v, "needmap", "Bản đồ nhu cầu", p)
}

// tile draws a commune.
func (c *Console) tile(m staff.Member, t report.Tile, trade string, waiting map[string]int, from []int) tile {
	place := c.Library().Place(t.Place)
	drawn := tile{Tile: t, X: t.Col * tileSize, Y: t.Row * tileSize, Step: -1}
	if place == nil { // the content was edited: it is not drawn
		return drawn
	}
	drawn.Lines = report.NameLines(place)
	drawn.Title = place.Name + ": ngoài phạm vi của anh/chị"
	if n, ok := waiting[t.Place]; ok {
		drawn.N, drawn.Step = viet.FormatNumber(int64(n)), report.StepOf(n, from)
		drawn.Title = fmt.Sprintf("%s: %s người đang chờ", place.Name, drawn.N)
		drawn.Link = "/console/needs?place=" + t.Place
		if trade != "" {
			drawn.Title += ", nghề " + c.tradeName(trade)
			drawn.Link += "&trade=" + trade
		}
	}
	return drawn
}

// scaleWords tell what the colours stand for.
func scaleWords(from []int) []mapStep {
	all := []mapStep{{0, "0"}}
	for i, n := range from {
		text := viet.FormatNumber(int64(n))
		switch {
		case i == len(from)-1:
			text += " trở lên"
		case from[i+1]-1 > n:
			text += "–" + viet.FormatNumber(int64(from[i+1]-1))
		}
		all = append(all, mapStep{i + 1, text})
	}
	return all
}
