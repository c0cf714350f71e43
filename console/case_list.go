package console

import (
	"net/url"
	"slices"
	"time"

	"nghe/content"
	"nghe/handoff"
	"nghe/staff"
)

// Which cases the inbox shows.
const (
	casesOpen    = "" // all that are not closed
	casesWaiting = "waiting"
	casesMine    = "mine"
	casesOthers  = "others"
	casesClosed  = "closed"
)

var caseTabs = []option{{casesOpen, "Đang mở"}, {casesWaiting, "Chờ"}, {casesMine, "Của tôi"}, {casesOthers, "Người khác"}, {casesClosed, "Đã đóng"}}

// casesPage is the inbox.
type casesPage struct {
	Show, Queue string
	Urgent      bool
	Tabs        []caseTab
	Queues      []*content.Queue
	Groups      []caseGroup
	Waiting     int
	Duty        duty
}

// caseTab is one way to choose cases.
type caseTab struct {
	Label, Path string
	Count       int // -1: not counted
	Here        bool
}

// caseGroup is some cases under a heading.
type caseGroup struct {
	Title string
	Rows  []caseRow
}

// caseRow is a case in a list.
type caseRow struct {
	handoff.Case
	Topic string // of its queue
	Ago   string // since it waits, is held or was closed
	Due   due
	Mine  bool
	Owed  bool   // the person spoke last
	Asked string // until when who looks is asked to take it; "" = is not
}

// due is by when something has to be done for a case.
type due struct {
	Text   string // "" = nothing is due
	Colour string // of a tag
}

// dueOf tells the next target of a case.
func (c *Console) dueOf(k *handoff.Case, now time.Time) due {
	if !k.Open() {
		return due{}
	}
	at, what := k.FirstDue, "trả lời"
	if !k.AnsweredAt.IsZero() {
		at, what = k.CloseDue, "xong"
	}
	// Less than a quarter of the way is left: it is time.
	left, whole := at.Sub(now), at.Sub(k.OpenedAt)
	switch {
	case at.IsZero():
		return due{}
	case left < 0:
		return due{"quá hạn " + what + " " + lasting(-left), "brick"}
	case left < whole/4 || left < 15*time.Minute:
		return due{"sắp đến hạn " + what, "straw"}
	}
	return due{Text: what + " trước " + c.hourOf(at, now)}
}

// hourOf tells a time, its day only when it is another.
func (c *Console) hourOf(at, now time.Time) string {
	at, now = at.In(c.Zone), now.In(c.Zone)
	if at.YearDay() == now.YearDay() && at.Year() == now.Year() {
		return at.Format("15:04")
	}
	return at.Format("15:04 02/01")
}

func (c *Console) caseRow(v *visit, k handoff.Case, now time.Time) caseRow {
	r := caseRow{Case: k, Topic: c.Cases.QueueOf(&k).Title, Due: c.dueOf(&k, now), Mine: k.Open() && k.Holder == v.me().Login}
	_, r.Owed = k.Owed()
	since := map[handoff.State]time.Time{handoff.Waiting: k.WaitingAt, handoff.Claimed: k.ClaimedAt, handoff.Closed: k.ClosedAt}[k.State]
	r.Ago = lasting(now.Sub(since))
	if k.State == handoff.Waiting && k.Offered == v.me().Login && now.Before(k.OfferEnds) {
		r.Asked = c.hourOf(k.OfferEnds, now)
	}
	return r
}

// listCases shows the inbox: what waits first, then one's own, then what others
// hold.
func (c *Console) listCases(v *visit) error {
	p, err := c.casesPage(v)
	if err != nil {
		return err
	}
	if v.FormValue("part") != "" {
		return c.part(v, "cases", "list", p)
	}
	return c.page(v, "cases", "Ca tư vấn", p)
}

// mostRows is how many cases one list shows.
const mostRows = 200

func (c *Console) casesPage(v *visit) (*casesPage, error) {
	p := &casesPage{Show: v.FormValue("show"), Queue: v.FormValue("queue"), Urgent: v.FormValue("urgent") != "", Queues: c.Library().Queues}
	if !slices.ContainsFunc(caseTabs, func(o option) bool { return o.Value == p.Show }) {
		p.Show = casesOpen
	}
	ask := handoff.Query{Queue: p.Queue, Urgent: p.Urgent, Limit: mostRows}
	var err error
	if p.Duty, err = c.dutyFor(v); err != nil {
		return nil, err
	}
	counts, err := c.Cases.Count(v.Context(), ask, v.me())
	if err != nil {
		return nil, err
	}
	own := ask
	own.Holder, own.States = v.me().Login, []handoff.State{handoff.Claimed}
	mine, err := c.Cases.Count(v.Context(), own, v.me())
	if err != nil {
		return nil, err
	}
	p.Waiting = counts[handoff.Waiting]
	n := map[string]int{
		casesOpen: p.Waiting + counts[handoff.Claimed], casesWaiting: p.Waiting, casesMine: mine[handoff.Claimed],
		casesOthers: counts[handoff.Claimed] - mine[handoff.Claimed], casesClosed: -1,
	}
	for _, t := range caseTabs {
		p.Tabs = append(p.Tabs, caseTab{t.Label, p.path(t.Value), n[t.Value], t.Value == p.Show})
	}
	return p, c.fillCases(v, p, ask)
}

// fillCases reads the cases that a page shows, in their groups.
func (c *Console) fillCases(v *visit, p *casesPage, ask handoff.Query) error {
	ask.States = []handoff.State{handoff.Waiting, handoff.Claimed}
	switch p.Show {
	case casesWaiting:
		ask.States = ask.States[:1]
	case casesMine, casesOthers:
		ask.States = ask.States[1:]
	case casesClosed:
		ask.States = []handoff.State{handoff.Closed}
	}
	if p.Show == casesMine {
		ask.Holder = v.me().Login
	}
	all, err := c.Cases.List(v.Context(), ask, v.me())
	if err != nil {
		return err
	}
	groups := []caseGroup{{Title: "Đang chờ"}, {Title: "Của tôi"}, {Title: "Người khác đang giữ"}, {Title: "Đã đóng"}}
	now := c.Now()
	for _, k := range all {
		i := 2
		switch {
		case k.State == handoff.Waiting:
			i = 0
		case k.State == handoff.Closed:
			i = 3
		case k.Holder == v.me().Login:
			i = 1
		}
		if p.Show == casesOthers && i == 1 {
			continue
		}
		groups[i].Rows = append(groups[i].Rows, c.caseRow(v, k, now))
	}
	p.Groups = slices.DeleteFunc(groups, func(g caseGroup) bool { return len(g.Rows) == 0 })
	return nil
}

// path gives the address of the inbox that shows something else.
func (p *casesPage) path(show string) string {
	q := url.Values{}
	for name, value := range map[string]string{"show": show, "queue": p.Queue} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if p.Urgent {
		q.Set("urgent", "yes")
	}
	if len(q) == 0 {
		return "/console/cases"
	}
	return "/console/cases?" + q.Encode()
}

// Part is the address of the list alone, for when something happened.
func (p *casesPage) Part() string {
	path := p.path(p.Show)
	if path == "/console/cases" {
		return path + "?part=list"
	}
	return path + "&part=list"
}

// mayTakeCase says whether a member may take a case.
func mayTakeCase(m staff.Member, k *handoff.Case) bool { return may(m, staff.TakeCases, k.Where()) }
