package console

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"nghe/daily"
	"nghe/report"
	"nghe/report/sheet"
	"nghe/staff"
)

// reportPage is the yearly report, or the results.
type reportPage struct {
	Form     Form
	Path     string
	Year     int   // 0: other days
	Years    []int // to choose from
	Place    string
	Orgs     []option
	Org      string
	Whole    bool // the province, by somebody who works for a part of it
	Part     bool // they do
	Name     string
	Span     report.Span
	At       time.Time // as of when the figures are
	Old      bool      // new ones are being made
	Hide     bool
	Invented bool // some of the numbers are made up, to try things out
	Sections []shownSection
	Query    template.URL // for the workbook
	Receiver string
	MayWrite bool
	MayName  bool
}

type shownSection struct {
	report.Section
	Picture *barPicture
}

// firstYear is the first of which there is anything.
const firstYear = 2025

// reportOf is what is asked for, and whether the member may see it exactly.
type reportOf struct {
	report.Span
	scope report.Scope
	named string // as difficulties have it
	where staff.Where
	page  reportPage
}

// readReport reads of what a report is asked. It notes in the audit log that the
// exact numbers of a scope were read.
func (c *Console) readReport(v *visit, path string) (reportOf, error) {
	if err := v.ParseForm(); err != nil {
		return reportOf{}, errForm
	}
	today := daily.DayOf(c.Now().In(c.Zone))
	r := reportOf{page: reportPage{Form: Form{Values: v.Form}, Path: path, Place: v.FormValue("place"), Org: v.FormValue("org")}}
	p := &r.page
	for y := report.YearOf(today); y >= firstYear; y-- {
		p.Years = append(p.Years, y)
	}
	p.Year = report.YearDue(today)
	if n, err := strconv.Atoi(v.FormValue("year")); err == nil && n >= firstYear && n <= report.YearOf(today)+1 {
		p.Year = n
	}
	r.Span = report.Year(p.Year)
	// Who looks at days and then chooses a year has their days still in the form.
	if v.FormValue("days") != "" && v.FormValue("year") != "" {
		v.Form.Del("from")
		v.Form.Del("to")
	}
	if v.FormValue("from") != "" || v.FormValue("to") != "" {
		asked := funnelPage{Form: p.Form}
		s := asked.span("from", "to", span{from: r.From, to: r.To})
		p.Form = asked.Form
		if !p.Form.Bad() {
			r.Span, p.Year = report.Span{From: s.from, To: s.to}, 0
		}
	}
	p.Span = r.Span
	if err := c.reportScope(v, &r); err != nil {
		return r, err
	}
	p.Query = template.URL(url.Values{"from": {r.From.String()}, "to": {r.To.String()}, "place": {p.Place}, "org": {p.Org}, "whole": {v.FormValue("whole")}}.Encode())
	if p.Hide {
		return r, nil
	}
	return r, c.Records.NoteReading(v.Context(), c.entry(v, "report.read", "report:"+or(r.named, "province"), fmt.Sprintf("%s, %s đến %s", p.Name, written(r.From), written(r.To))))
}

// reportScope finds whose figures are asked for. Of the province everybody who may
// see reports sees sums, small ones hidden.
func (c *Console) reportScope(v *visit, r *reportOf) error {
	me, p := v.me(), &r.page
	var err error
	if p.Invented, err = c.Records.Invented(v.Context()); err != nil {
		return err
	}
	p.Part, p.Whole = !me.Scope.Province, !me.Scope.Province && v.FormValue("whole") != ""
	own := me.Scope
	switch {
	case p.Whole:
		own, p.Place, p.Org, p.Hide = staff.Scope{Province: true}, "", "", true
	case p.Place != "":
		if err := c.mayReport(me, p.Place); err != nil {
			return err
		}
		own, p.Org = staff.Scope{Places: []string{p.Place}}, ""
	case p.Org != "":
		if err := staff.Allowed(me, staff.SeeReports, staff.Where{Org: p.Org}); err != nil {
			return err
		}
		own = staff.Scope{Org: p.Org}
	}
	r.scope = c.ownReport(own)
	for _, k := range c.Courses().All() {
		if me.Scope.Province && k.Provider != "" && !slices.ContainsFunc(p.Orgs, func(o option) bool { return o.Value == k.Provider }) {
			p.Orgs = append(p.Orgs, option{Value: k.Provider, Label: k.Provider})
		}
	}
	slices.SortFunc(p.Orgs, func(a, b option) int { return strings.Compare(a.Label, b.Label) })
	p.Name, r.where = c.scope(own), staff.Where{Places: own.Places, Org: own.Org}
	switch {
	case own.Province:
		p.Name = "Toàn tỉnh"
	case own.Org != "":
		r.named = "org:" + own.Org
	default:
		r.named = strings.Join(slices.Sorted(slices.Values(own.Places)), ",")
	}
	p.MayWrite = !p.Whole && may(me, staff.WriteReports, r.where)
	p.MayName = may(me, staff.WriteReports, staff.Where{})
	return nil
}

// ownReport is what a report of a scope counts.
func (c *Console) ownReport(own staff.Scope) report.Scope {
	s := report.Scope{All: own.Province, Places: own.Places, Org: own.Org}
	if own.Org == "" {
		return s
	}
	for _, k := range c.Courses().All() {
		if k.Provider == own.Org {
			s.Courses = append(s.Courses, k.ID)
		}
	}
	return s
}

// yearly makes the report that is asked for.
func (c *Console) yearly(v *visit, r *reportOf, figures *figuresOf) ([]report.Section, error) {
	y, err := report.ReadYearly(v.Context(), figures, r.Span, r.scope, r.named, c.Zone, daily.DayOf(c.Now().In(c.Zone)))
	if err != nil {
		return nil, err
	}
	if r.page.Hide {
		y.Difficulties = nil // they are of those who wrote them
	}
	y.Lib, y.Words, y.Hide, y.Whose = c.Library(), c.words(), r.page.Hide, c.difficultyOf
	if r.page.Receiver, err = c.Records.Receiver(v.Context()); err != nil {
		return nil, err
	}
	r.page.Receiver = or(r.page.Receiver, report.UsualReceiver)
	r.page.At, r.page.Old = figures.at, figures.old
	return y.Sections(), nil
}

// difficultyOf is how the scope of a difficulty is called.
func (c *Console) difficultyOf(scope string) string {
	if org, ok := strings.CutPrefix(scope, "org:"); ok {
		return org
	}
	if scope == "" {
		return "Toàn tỉnh"
	}
	return c.scope(staff.Scope{Places: strings.Split(scope, ",")})
}

// showReport shows the yearly report.
func (c *Console) showReport(v *visit) error {
	r, err := c.readReport(v, "/console/report")
	if err != nil {
		return err
	}
	return c.reportShown(v, r, c.figuresOf(c.yearlyAsked(r.Span, r.scope)...), c.page)
}

// making shows that figures are being made; the page asks for them again by itself.
func (c *Console) making(v *visit, title string, p reportPage) error {
	v.w.Header().Set("Refresh", strconv.Itoa(makingSeconds)) // asks for itself again
	return c.show(v, http.StatusOK, "making", frame{Title: title, Page: p})
}

// makingSeconds is after how long the page asks again.
const makingSeconds = 2

func (c *Console) reportShown(v *visit, r reportOf, figures *figuresOf, show func(v *visit, name, title string, data any) error) error {
	sections, err := c.yearly(v, &r, figures)
	if errors.Is(err, errMaking) {
		return c.making(v, "Báo cáo năm", r.page)
	} else if err != nil {
		return err
	}
	r.page.take(sections)
	if words := r.page.Form.Get("words"); words == "" && r.page.MayWrite {
		all, err := c.Records.Difficulties(v.Context(), r.named, r.Span)
		if err != nil {
			return err
		}
		for _, d := range all {
			if d.Scope == r.named && d.Span == r.Span {
				r.page.Form.Values.Set("words", d.Words)
			}
		}
	}
	return show(v, "report", "Báo cáo năm", r.page)
}

// take takes up sections with their pictures.
func (p *reportPage) take(sections []report.Section) {
	for i, s := range sections {
		p.Sections = append(p.Sections, shownSection{s, drawBars(fmt.Sprint("b", i), s)})
	}
}

// exportReport gives it as a workbook.
func (c *Console) exportReport(v *visit) error {
	r, err := c.readReport(v, "/console/report")
	if err != nil {
		return err
	}
	sections, err := c.yearly(v, &r, c.exactFigures())
	if err != nil {
		return err
	}
	head := report.Head{Title: "Báo cáo", Name: r.page.Name, Receiver: r.page.Receiver, Span: r.Span, At: r.page.At.In(c.Zone), Invented: r.page.Invented}
	return v.send("bao-cao-"+r.From.String()+"-"+r.To.String()+".xlsx", func(out io.Writer) error {
		return sheet.Write(out, head.Workbook(sections))
	})
}

// showResults shows what became of wishes.
func (c *Console) showResults(v *visit) error {
	r, err := c.readReport(v, "/console/results")
	if err != nil {
		return err
	}
	sections, err := c.results(v, &r, c.figuresOf(c.resultsAsked(r.Span, r.scope)))
	if errors.Is(err, errMaking) {
		return c.making(v, "Kết quả", r.page)
	} else if err != nil {
		return err
	}
	r.page.take(sections)
	return c.page(v, "results", "Kết quả", r.page)
}

func (c *Console) results(v *visit, r *reportOf, figures *figuresOf) ([]report.Section, error) {
	f, err := figures.Figures(v.Context(), c.resultsAsked(r.Span, r.scope))
	if err != nil {
		return nil, err
	}
	r.page.At, r.page.Old = figures.at, figures.old
	of := report.Results{Lib: c.Library(), Words: c.words(), Courses: c.Courses(), Span: r.Span, Figures: f, Hide: r.page.Hide}
	return of.Sections(), nil
}

// exportResults gives them as a workbook.
func (c *Console) exportResults(v *visit) error {
	r, err := c.readReport(v, "/console/results")
	if err != nil {
		return err
	}
	sections, err := c.results(v, &r, c.exactFigures())
	if err != nil {
		return err
	}
	head := report.Head{Title: "Kết quả", Name: r.page.Name, Span: r.Span, At: r.page.At.In(c.Zone), Invented: r.page.Invented}
	return v.send("ket-qua-"+r.From.String()+"-"+r.To.String()+".xlsx", func(out io.Writer) error {
		return sheet.Write(out, head.Workbook(sections))
	})
}
