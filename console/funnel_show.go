package console

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"nghe/content"
	"nghe/daily"
)

// funnelPage is a journey as people went through it.
type funnelPage struct {
	Form     Form
	Flows    []option // the most used first
	Flow     string
	With     string // what it is compared with: "", "time" or "content"
	Versions []option
	A, B     string // versions that are compared
	Sides    []funnelSide
	Rows     []funnelRow
	Invented bool // some of the numbers are made up, to try things out
	Wider    bool // there are two sides
}

// funnelSide is one of the funnels that are shown.
type funnelSide struct {
	ID    string // of the picture
	Name  string
	Title string // of the flow
	daily.Funnel
	Picture funnelPicture
}

// funnelRow is a question, with its numbers of each side.
type funnelRow struct {
	Question string
	Gone     bool // not in the content any more
	Steps    []daily.FunnelStep
}

// span is a time that is looked at, and of which content.
type span struct {
	from, to daily.Day
	version  string
	name     string
}

const (
	funnelDays = 28 // that are looked at if nothing is said
	maxSpan    = 731
)

// showFunnel draws a flow with how many came to each question and what they did
// there; two times, or two releases of the content, side by side.
func (c *Console) showFunnel(v *visit) error {
	if err := v.ParseForm(); err != nil {
		return errForm
	}
	p := funnelPage{Form: Form{Values: v.Form}, Flow: v.FormValue("flow"), With: v.FormValue("with")}
	today := daily.DayOf(c.Now().In(c.Zone))
	main := p.span("from", "to", span{from: today.Add(1 - funnelDays), to: today})
	if err := c.funnelFlows(v, &p, main); err != nil {
		return err
	}
	spans := []span{main}
	switch p.With {
	case "time":
		length := main.from.Days(main.to)
		spans = append(spans, p.span("from2", "to2", span{from: main.from.Add(-length), to: main.from.Add(-1)}))
	case "content":
		of, err := c.funnelVersions(v, &p, main)
		if err != nil {
			return err
		}
		spans = of
	}
	if p.Form.Bad() {
		return c.again(v, "funnel", "Phễu trò chuyện", p)
	}
	for i, s := range spans {
		side, err := c.funnelSide(v, p.Flow, s)
		if err != nil {
			return err
		}
		side.ID = string(rune('a' + i))
		p.Sides = append(p.Sides, side)
	}
	p.Wider = len(p.Sides) > 1
	p.Rows = c.funnelRows(p.Sides)
	return c.page(v, "funnel", "Phễu trò chuyện", p)
}

// span reads two days of the form.
func (p *funnelPage) span(from, to string, otherwise span) span {
	s := otherwise
	for name, day := range map[string]*daily.Day{from: &s.from, to: &s.to} {
		typed := p.Form.Get(name)
		if typed == "" {
			p.Form.Values.Set(name, day.String())
			continue
		}
		d, ok := daily.ParseDay(typed)
		if !ok {
			p.Form.note(name, "Ngày chưa đúng. Anh/chị chọn lại.")
			continue
		}
		*day = d
	}
	switch n := s.from.Days(s.to); {
	case p.Form.Bad():
	case n == 0:
		p.Form.note(to, "Ngày cuối phải sau hoặc trùng ngày đầu.")
	case n > maxSpan:
		p.Form.note(to, "Nhiều nhất hai năm một lần.")
	}
	s.name = fmt.Sprintf("%s đến %s", written(s.from), written(s.to))
	return s
}

// written tells a day as people write it.
func written(d daily.Day) string { return fmt.Sprintf("%02d/%02d/%d", d%100, d/100%100, d/10000) }

// funnelFlows lists the journeys that ask something, the most used first, and
// chooses one if none was.
func (c *Console) funnelFlows(v *visit, p *funnelPage, s span) error {
	sums, err := c.Records.Counts(v.Context(), daily.Search{From: s.from, To: s.to, Kinds: []daily.Kind{daily.FlowsStarted}, ByChannel: true})
	if err != nil {
		return err
	}
	started := map[string]int64{}
	for _, x := range sums {
		started[x.What] += x.N
		p.Invented = p.Invented || x.Channel == daily.Invented
	}
	var flows []*content.FlowFile
	for _, f := range c.Library().Flows {
		if !f.Staff && len(c.questions(f.ID)) > 0 {
			flows = append(flows, f)
		}
	}
	slices.SortStableFunc(flows, func(a, b *content.FlowFile) int { return cmp.Compare(started[b.ID], started[a.ID]) })
	known := false
	for _, f := range flows {
		p.Flows = append(p.Flows, option{f.ID, f.Title})
		known = known || f.ID == p.Flow
	}
	if !known && len(flows) > 0 {
		p.Flow = flows[0].ID
	}
	return nil
}

// questions gives the questions of a flow, in the order of the file.
func (c *Console) questions(flow string) []string {
	lib := c.Library()
	f := lib.Flow(flow)
	if f == nil {
		return nil
	}
	var ids []string
	for _, file := range lib.Flows {
		if file.ID != flow {
			continue
		}
		for _, s := range file.Steps {
			if step := f.Steps[s.ID]; step != nil && step.Kind.Asks() {
				ids = append(ids, s.ID)
			}
		}
	}
	return ids
}

// question gives what a step asks, to somebody of whom nothing is known; "" when
// it is not in the content any more.
func (c *Console) question(flow, step string) string {
	lib := c.Library()
	f := lib.Flow(flow)
	if f == nil || f.Steps[step] == nil {
		return ""
	}
	text, _, _ := strings.Cut(strings.TrimSpace(f.Steps[step].Text), "\n")
	form := lib.Form("")
	for name, word := range form {
		text = strings.ReplaceAll(text, "{"+name+"}", word)
	}
	text = strings.NewReplacer("{ai}", form["bạn"], "{Ai}", form["Bạn"]).Replace(text)
	for {
		before, rest, ok := strings.Cut(text, "{")
		_, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			return strings.TrimSpace(text)
		}
		text = before + "…" + after
	}
}

// funnelVersions gives the two releases that are compared: those that were asked
// for, else the last two that people of that time heard.
func (c *Console) funnelVersions(v *visit, p *funnelPage, s span) ([]span, error) {
	sums, err := c.Records.Counts(v.Context(), daily.Search{From: s.from, To: s.to, Kinds: []daily.Kind{daily.FlowsStarted}, What: p.Flow, ByVersion: true, ByDay: true})
	if err != nil {
		return nil, err
	}
	type heard struct {
		version     string
		first, last daily.Day
		n           int64
	}
	var all []heard
	for _, x := range sums {
		i := slices.IndexFunc(all, func(h heard) bool { return h.version == x.Version })
		if i < 0 {
			i, all = len(all), append(all, heard{version: x.Version, first: x.Day, last: x.Day})
		}
		all[i].first, all[i].last, all[i].n = min(all[i].first, x.Day), max(all[i].last, x.Day), all[i].n+x.N
	}
	slices.SortFunc(all, func(a, b heard) int {
		return cmp.Or(cmp.Compare(b.last, a.last), cmp.Compare(b.first, a.first), cmp.Compare(a.version, b.version))
	})
	names := map[string]string{}
	for _, h := range all {
		names[h.version] = fmt.Sprintf("nội dung từ %s đến %s (bản %s)", written(h.first), written(h.last), h.version)
		p.Versions = append(p.Versions, option{h.version, names[h.version]})
	}
	if len(all) < 2 {
		p.With = ""
		p.Form.note("", "Trong những ngày này luồng này chỉ có một bản nội dung, nên chưa so được hai bản. Anh/chị chọn nhiều ngày hơn.")
		return []span{s}, nil
	}
	p.A, p.B = all[1].version, all[0].version
	if names[v.FormValue("a")] != "" {
		p.A = v.FormValue("a")
	}
	if names[v.FormValue("b")] != "" {
		p.B = v.FormValue("b")
	}
	before, after := s, s
	before.version, before.name = p.A, names[p.A]
	after.version, after.name = p.B, names[p.B]
	return []span{before, after}, nil
}

func (c *Console) funnelSide(v *visit, flow string, s span) (funnelSide, error) {
	sums, err := c.Records.Counts(v.Context(), daily.Search{From: s.from, To: s.to, Kinds: daily.FunnelKinds, What: flow, Version: s.version})
	if err != nil {
		return funnelSide{}, err
	}
	side := funnelSide{Name: s.name, Funnel: daily.FunnelOf(flow, c.questions(flow), sums)}
	if f := c.Library().Flow(flow); f != nil {
		side.Title = f.Title
	}
	side.Picture = c.draw(side.Funnel)
	return side, nil
}

// funnelRows puts the questions of all sides under each other.
func (c *Console) funnelRows(sides []funnelSide) []funnelRow {
	var ids []string
	for _, side := range sides {
		for _, s := range side.Steps {
			if !slices.Contains(ids, s.ID) {
				ids = append(ids, s.ID)
			}
		}
	}
	var rows []funnelRow
	for _, id := range ids {
		r := funnelRow{Question: c.question(sides[0].Flow, id)}
		if r.Question == "" {
			r.Question, r.Gone = id, true
		}
		for _, side := range sides {
			i := slices.IndexFunc(side.Steps, func(s daily.FunnelStep) bool { return s.ID == id })
			if i < 0 {
				r.Steps = append(r.Steps, daily.FunnelStep{ID: id})
			} else {
				r.Steps = append(r.Steps, side.Steps[i])
			}
		}
		rows = append(rows, r)
	}
	return rows
}
