package console

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"

	"nghe/staff"
)

//go:embed pages/*.html
var pageFiles embed.FS

// pages are the templates by name. “layout” is around each; names that begin
// with “_” are parts.
type pages map[string]*template.Template

func loadPages(c *Console) pages {
	names, err := fs.Glob(pageFiles, "pages/*.html")
	if err != nil {
		panic(err)
	}
	common := template.New("layout").Funcs(c.functions())
	for _, name := range names {
		if strings.HasPrefix(path.Base(name), "_") {
			template.Must(common.ParseFS(pageFiles, name))
		}
	}
	all := pages{}
	for _, name := range names {
		base := strings.TrimSuffix(path.Base(name), ".html")
		if !strings.HasPrefix(base, "_") {
			all[base] = template.Must(template.Must(common.Clone()).ParseFS(pageFiles, name))
		}
	}
	return all
}

// frame is what is around every page.
type frame struct {
	Title string
	Me    *staff.Member // nil at the door
	Here  string        // path, to mark where one is
	Done  string        // what was just done
	Wide  bool          // has much to show
	Page  any
}

// nav is the way to the other pages: what is done daily first, then by kinds.
type nav struct {
	Kind  string // "" for what is done daily
	Links []link
}

type link struct {
	Path, Label string
	need        staff.Action // "" = anybody's
}

// navs are all pages that have a place in it.
var navs = []nav{
	{"", []link{
		{"/console/", "Hôm nay", ""},
		{"/console/cases", "Ca tư vấn", staff.SeeCases},
		{"/console/courses", "Lớp học", staff.SeeCourses},
		{"/console/interests", "Nguyện vọng", staff.SeeInterests},
		{"/console/broadcasts", "Thông báo", staff.SeeBroadcasts},
	}},
	{"Toàn cảnh", []link{
		{"/console/needs", "Nhu cầu học nghề", staff.SeeReports},
		{"/console/campaigns", "Khảo sát", staff.SeeReports},
		{"/console/results", "Kết quả", staff.SeeReports},
		{"/console/report", "Báo cáo năm", staff.SeeReports},
		{"/console/funnels", "Phễu trò chuyện", staff.SeeFigures},
	}},
	{"Bot nói gì", []link{
		{"/console/unanswered", "Câu chưa trả lời được", staff.SeeUnanswered},
		{"/console/content", "Nội dung", staff.EditContent},
		{"/console/facts", "Số liệu và nguồn", staff.EditContent},
		{"/console/stories", "Điển hình", staff.EditStories},
	}},
	{"Sắp đặt", []link{
		{"/console/reminders", "Lời nhắc", staff.SeeRules},
		{"/console/bank-days", "Ngày giao dịch", staff.EditOfficeDays},
		{"/console/rules", "Quy định gửi tin", staff.SeeRules},
		{"/console/members", "Cán bộ", staff.ManageStaff},
		{"/console/audit", "Nhật ký", staff.SeeAudit},
		{"/console/account", "Tài khoản", ""},
	}},
}

// Nav gives the pages that somebody may see.
func (f frame) Nav() []nav {
	var may []nav
	for _, n := range navs {
		links := slices.DeleteFunc(slices.Clone(n.Links), func(l link) bool {
			return l.need != "" && staff.AllowedSomewhere(*f.Me, l.need) != nil
		})
		if len(links) > 0 {
			may = append(may, nav{n.Kind, links})
		}
	}
	return may
}

// MayTell says whether somebody may write announcements.
func (f frame) MayTell() bool { return f.Me != nil && mayWrite(*f.Me) }

// At says whether a page of the nav is the one that is shown, or above it.
func (f frame) At(path string) bool {
	return f.Here == path || path != "/console/" && strings.HasPrefix(f.Here, path+"/")
}

// page shows a page.
func (c *Console) page(v *visit, name, title string, data any) error {
	return c.show(v, http.StatusOK, name, frame{Title: title, Page: data})
}

// again shows a form once more, with what is wrong in it.
func (c *Console) again(v *visit, name, title string, data any) error {
	return c.show(v, http.StatusUnprocessableEntity, name, frame{Title: title, Page: data})
}

func (c *Console) show(v *visit, status int, name string, f frame) error {
	f.Here = v.URL.Path
	f.Done = doneWords[v.URL.Query().Get("done")]
	if v.session != nil {
		f.Me = &v.session.Member
	}
	return c.write(v, status, name, "layout", f)
}

// part shows a part of a page, for htmx.
func (c *Console) part(v *visit, name, part string, data any) error {
	return c.write(v, http.StatusOK, name, part, data)
}

func (c *Console) write(v *visit, status int, name, part string, data any) error {
	t := c.pages[name]
	if t == nil {
		return fmt.Errorf("no page %q", name)
	}
	// Written to memory first: an error in the middle is then a page of its
	// own, not half of this one.
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, part, data); err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Encoding")
	body := b.Bytes()
	if takesGzip(v.Request) && len(body) > 600 {
		h.Set("Content-Encoding", "gzip")
		body = squeeze(body, gzip.BestSpeed)
	}
	v.w.WriteHeader(status)
	_, err := v.w.Write(body)
	if err != nil {
		c.Log.Debug("a page did not arrive", "error", err)
	}
	return nil
}
