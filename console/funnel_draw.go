package console

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"nghe/daily"
	"nghe/viet"
)

// funnelPicture is a funnel ready to be drawn: a bar under each question, as long
// as the share of those who came to it. Widths are per cent of the picture and
// heights are pixels, so that the letters stay as large on a phone as on a desk.
type funnelPicture struct {
	Height int
	Bars   []funnelBar
	Told   string // all of it in words, for who can't see it
}

type funnelBar struct {
	Label       string
	LabelY      int
	BarY        int
	Parts       []funnelPart
	Notes       []string
	NoteY       []int
	MissedY     int
	MissedWidth string // "" when every answer was understood
}

// funnelPart is a piece of a bar. What it is, is told by its pattern, not by its
// colour alone.
type funnelPart struct {
	Kind     string // answered, skipped, passed, stopped; whole
	X, Width string
}

const (
	lineHeight  = 25 // px, of letters of 17
	barHeight   = 22
	thinHeight  = 8
	barGap      = 18
	labelRunes  = 32 // fits 293 px, a phone of 360
	enoughToSay = 10 // below that a share in per cent would say too much
)

func (c *Console) draw(f daily.Funnel) funnelPicture {
	most := f.Started
	for _, s := range f.Steps {
		most = max(most, s.Came)
	}
	d := drawing{most: most}
	d.whole("Bắt đầu", f.Started, "lượt bắt đầu")
	for i, s := range f.Steps {
		question := c.question(f.Flow, s.ID)
		if question == "" {
			if s.Came == 0 {
				continue
			}
			question = "(đã bỏ) " + s.ID
		}
		d.step(fmt.Sprintf("%d. %s", i+1, question), s)
	}
	d.whole("Đi hết", f.Ended, "lượt đi hết"+share(f.Ended, f.Started))
	d.Height = d.y
	return d.funnelPicture
}

type drawing struct {
	funnelPicture
	most int64
	y    int
}

// percent gives a width of so many of the most.
func (d *drawing) percent(n int64) string {
	if d.most == 0 || n <= 0 {
		return "0"
	}
	return strconv.FormatFloat(float64(n)*100/float64(d.most), 'f', 2, 64)
}

func (d *drawing) begin(label string) funnelBar {
	b := funnelBar{Label: shortLabel(label), LabelY: d.y + lineHeight - 7, BarY: d.y + lineHeight}
	d.y += lineHeight + barHeight
	return b
}

func (d *drawing) note(b *funnelBar, text string) {
	b.Notes = append(b.Notes, text)
	b.NoteY = append(b.NoteY, d.y+lineHeight-5)
	d.y += lineHeight
}

func (d *drawing) end(b funnelBar) {
	d.Bars = append(d.Bars, b)
	d.y += barGap
}

// whole draws a bar of one piece.
func (d *drawing) whole(label string, n int64, what string) {
	b := d.begin(label)
	b.Parts = []funnelPart{{"whole", "0", d.percent(n)}}
	d.note(&b, viet.FormatNumber(n)+" "+what)
	d.Told += fmt.Sprintf("%s: %s %s. ", label, viet.FormatNumber(n), what)
	d.end(b)
}

// step draws a question: how many came, and under it, thin, how many answers were
// not understood.
func (d *drawing) step(label string, s daily.FunnelStep) {
	b := d.begin(label)
	var at int64
	for _, part := range []struct {
		kind string
		n    int64
	}{{"answered", s.Answered}, {"skipped", s.Skipped}, {"passed", s.Passed}, {"stopped", s.Stopped()}} {
		n := min(part.n, s.Came-at) // what was answered after midnight came before it
		if n > 0 {
			b.Parts = append(b.Parts, funnelPart{part.kind, d.percent(at), d.percent(n)})
			at += n
		}
	}
	if s.Missed > 0 {
		b.MissedY, b.MissedWidth = d.y+3, d.percent(min(s.Missed, d.most))
		d.y += thinHeight + 3
	}
	told := viet.FormatNumber(s.Came) + " tới"
	if s.Came > 0 {
		told += " · " + viet.FormatNumber(s.Stopped()) + " dừng" + share(s.Stopped(), s.Came)
	}
	d.note(&b, told)
	d.Told += fmt.Sprintf("%s: %s", label, told)
	if s.Missed > 0 {
		missed := viet.FormatNumber(s.Missed) + " lần không hiểu"
		d.note(&b, missed)
		d.Told += ", " + missed
	}
	d.Told += ". "
	d.end(b)
}

// share gives “ (12%)”, nothing where that would be of too few.
func share(n, of int64) string {
	if of < enoughToSay {
		return ""
	}
	return fmt.Sprintf(" (%d%%)", (n*100+of/2)/of)
}

// shortLabel cuts a question for the picture; the table has all of it.
func shortLabel(s string) string {
	if utf8.RuneCountInString(s) <= labelRunes {
		return s
	}
	s = string([]rune(s)[:labelRunes-1])
	if i := strings.LastIndexByte(s, ' '); i > 0 {
		s = s[:i]
	}
	return strings.TrimRight(s, " ,.(") + "…"
}
