package console

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"nghe/report"
	"nghe/staff"
	"nghe/viet"
)

// needList is the page of what people need.
type needList struct {
	Place, Trade string
	Least        int
	Total        report.Sum
	Trades       int // that somebody waits for
	Places       int // in which somebody waits
	Openings     []opening
	More         int // openings that are not shown
	All          int // openings
	Note         string
	Query        template.URL // for the workbook
	Untaught     []report.Sum
	Table        report.Table
	Invented     bool // some of the numbers are made up, to try things out
}

// opening is a class that could open: its rank among them, and why.
type opening struct {
	report.Opening
	Rank    int
	Reasons []string
	People  bool // who looks may see who waits
}

// openings tells of classes that could open, the most needed first.
func (c *Console) openings(v *visit, all []report.Opening) []opening {
	people := staff.AllowedSomewhere(v.me(), staff.SeeInterests) == nil
	var told []opening
	for i, o := range all {
		told = append(told, opening{o, i + 1, c.reasons(o), people})
	}
	return told
}

// leastOf reads how many people a class needs; where nobody says so, as many as
// usual.
func leastOf(v *visit) int {
	n, err := strconv.Atoi(strings.TrimSpace(v.FormValue("least")))
	if err != nil || n < 1 || n > 1000 {
		return report.UsualLeast
	}
	return n
}

const (
	mostOpenings = 20
	mostNeeds    = 200
)

// listNeeds shows which commune should open which class next, and what people
// need.
func (c *Console) listNeeds(v *visit) error {
	p := needList{Place: v.FormValue("place"), Trade: v.FormValue("trade"), Least: leastOf(v)}
	if err := c.mayReport(v.me(), p.Place); err != nil {
		return err
	}
	n, err := c.needs(v.Context(), v.me())
	if err != nil {
		return err
	}
	open := p.chosen(n.Openings(c.Courses(), c.today(), p.Least))
	p.All, p.Note = len(open), leastNote(p.Least)
	p.Query = template.URL(url.Values{"place": {p.Place}, "trade": {p.Trade}, "least": {strconv.Itoa(p.Least)}}.Encode())
	shown := min(len(open), mostOpenings)
	p.Openings, p.More = c.openings(v, open[:shown]), len(open)-shown
	n = n.Of(p.Place, p.Trade)
	p.Total = n.Total()
	for _, s := range n.ByTrade() {
		if s.Waiting() > 0 {
			p.Trades++
		}
	}
	for _, s := range n.ByPlace() {
		if s.Waiting() > 0 && s.Place != "" {
			p.Places++
		}
	}
	p.Untaught = n.Untaught(c.Courses())
	p.Table = c.needTable(n, p.Place, p.Trade)
	if p.Invented, err = c.Records.Invented(v.Context()); err != nil {
		return err
	}
	return c.page(v, "needs", "Nhu cầu học nghề", p)
}

// mayReport says whether a member may see the sums of a commune; "" is all that
// they work for.
func (c *Console) mayReport(m staff.Member, place string) error {
	if place == "" {
		return nil
	}
	if c.Library().Place(place) == nil {
		return errMissing
	}
	return staff.Allowed(m, staff.SeeReports, staff.Where{Places: []string{place}})
}

// chosen leaves the openings that are asked for.
func (p needList) chosen(all []report.Opening) []report.Opening {
	return slices.DeleteFunc(all, func(o report.Opening) bool {
		return p.Trade != "" && o.Trade != p.Trade || p.Place != "" && !slices.ContainsFunc(o.From, func(f report.From) bool { return f.Place == p.Place })
	})
}

// needTable tells what is asked for, in as many columns as that has.
func (c *Console) needTable(n report.Needs, place, trade string) report.Table {
	const name = "Nhu cầu"
	w := c.words()
	var t report.Table
	switch {
	case place == "" && trade == "":
		t = w.Table(name, n.ByTradeLevel(), false, true, true)
	default:
		t = w.Table(name, n.ByPlaceTradeLevel(), place == "", trade == "", true)
	}
	if left := len(t.Rows) - mostNeeds; left > 0 {
		t.Rows = t.Rows[:mostNeeds]
		t.Notes = append(t.Notes, fmt.Sprintf("Còn %s dòng nữa: tải Excel để xem hết.", viet.FormatNumber(int64(left))))
	}
	return t
}

// reasons tell why a class should open there.
func (c *Console) reasons(o report.Opening) []string {
	var all []string
	if o.Joint() {
		all = append(all, "Gộp các xã giáp nhau: "+c.words().Communes(o.From)+".")
	} else {
		all = append(all, "Đủ người ngay trong xã, phường.")
	}
	switch o.Full {
	case 0:
		all = append(all, "Ở đây và các xã bên chưa có lớp nghề này đang nhận hay sắp mở.")
	default:
		all = append(all, fmt.Sprintf("Ở đây hoặc xã bên có %d lớp nghề này, đều đã đủ người.", o.Full))
	}
	if days := int(c.Now().Sub(o.Since) / (24 * time.Hour)); !o.Since.IsZero() && days > 0 {
		all = append(all, fmt.Sprintf("Người chờ lâu nhất ghi từ %s, đã %s ngày.", c.day(o.Since), viet.FormatNumber(int64(days))))
	}
	return all
}
