package console

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"nghe/daily"
	"nghe/unanswered"
)

// unansweredPage is what people asked and nghe could not answer.
type unansweredPage struct {
	Days    int
	Show    string // "" is what nobody has looked at, else a mark
	Tabs    []unansweredTab
	Groups  []askedGroup
	More    int // groups that are not shown
	Total   int64
	Before  int64
	Keeps   int  // days that they are kept
	Invents bool // some are made up, to try things out
}

type unansweredTab struct {
	Value, Label string
	N            int
}

// askedGroup is a group as it is shown.
type askedGroup struct {
	unanswered.Group
	Trend   string
	Rising  bool
	Whys    string
	Steps   []string
	Near    []nearTopic
	Others  []string // ways of typing besides the lead
	MoreOf  int      // and so many more
	Address string   // of the page that makes a way of asking of it; "" while there is none
	ByName  string
}

type nearTopic struct {
	Title string
	Score string
}

const (
	mostTexts      = 2000 // that are grouped: what is rarer than these says little
	mostGroups     = 50   // on a page
	mostOthers     = 12   // ways of typing of one group
	mostWheres     = 3
	unansweredDays = 30 // if nothing is said
)

// whyWords are why something was not answered.
var whyWords = map[unanswered.Why]string{unanswered.Missed: "không hiểu", unanswered.Refused: "ngoài phạm vi", unanswered.Offered: "gợi ý mà không chọn"}

// listUnanswered shows what was asked and not answered, put together by likeness,
// the most frequent first.
func (c *Console) listUnanswered(v *visit) error {
	p := unansweredPage{Days: unansweredDays, Show: v.FormValue("show"), Keeps: unanswered.Life}
	if days := v.FormValue("days"); slices.Contains([]string{"7", "90"}, days) {
		p.Days = map[string]int{"7": 7, "90": 90}[days]
	}
	today := daily.DayOf(c.Now().In(c.Zone))
	from := today.Add(1 - p.Days)
	now, err := c.Records.Unanswered(v.Context(), from, today, mostTexts)
	if err != nil {
		return err
	}
	before, err := c.Records.Unanswered(v.Context(), from.Add(-p.Days), from.Add(-1), mostTexts)
	if err != nil {
		return err
	}
	marks, err := c.Records.Marks(v.Context())
	if err != nil {
		return err
	}
	names, err := c.namesByLogin(v)
	if err != nil {
		return err
	}
	p.Invents = slices.ContainsFunc(now, func(s unanswered.Sum) bool { return s.Channel == daily.Invented })
	p.Tabs = []unansweredTab{{"", "Chưa xem", 0}, {unanswered.Seen, "Đã xem", 0}, {unanswered.NotOurs, "Không thuộc việc của nghe", 0}}
	for _, g := range unanswered.Groups(c.Asks(), now, before, marks) {
		p.Total, p.Before = p.Total+g.N, p.Before+g.Before
		for i := range p.Tabs {
			if p.Tabs[i].Value == g.Mark.Mark {
				p.Tabs[i].N++
			}
		}
		switch {
		case g.Mark.Mark != p.Show:
		case len(p.Groups) == mostGroups:
			p.More++
		default:
			p.Groups = append(p.Groups, c.askedGroup(g, names))
		}
	}
	return c.page(v, "unanswered", "Câu chưa trả lời được", p)
}

func (c *Console) askedGroup(g unanswered.Group, names map[string]string) askedGroup {
	g.Near(c.Asks())
	a := askedGroup{Group: g, Others: g.Texts[1:], ByName: or(names[g.Mark.By], g.Mark.By)}
	if n := len(a.Others); n > mostOthers {
		a.Others, a.MoreOf = a.Others[:mostOthers], n-mostOthers
	}
	a.Trend, a.Rising = trend(g.N, g.Before)
	var whys []string
	for _, w := range g.Whys {
		whys = append(whys, fmt.Sprintf("%s %d", whyWords[unanswered.Why(w.Name)], w.N))
	}
	a.Whys = strings.Join(whys, ", ")
	for _, s := range g.Steps[:min(mostWheres, len(g.Steps))] {
		a.Steps = append(a.Steps, fmt.Sprintf("“%s”: %d", or(c.question(s.Of, s.Name), s.Of+"/"+s.Name), s.N))
	}
	for _, near := range g.Nearest {
		if t := c.Library().Topic(near.Topic); t != nil {
			a.Near = append(a.Near, nearTopic{t.Title, strings.Replace(fmt.Sprintf("%.2f", near.Score), ".", ",", 1)})
		}
	}
	a.Address = pathAsk + "?" + url.Values{"text": {g.Lead}}.Encode()
	return a
}

// pathAsk is the page that makes a way of asking of a text.
const pathAsk = "/console/content/ask"

// trend tells how a number stands to that of the time before.
func trend(now, before int64) (told string, rising bool) {
	switch {
	case before == 0:
		return "mới, trước đó chưa có", true
	case now > before:
		return fmt.Sprintf("tăng, trước đó %d", before), true
	case now < before:
		return fmt.Sprintf("giảm, trước đó %d", before), false
	}
	return "như trước", false
}
