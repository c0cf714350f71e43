package site

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"nghe/content"
	"nghe/course"
	"nghe/notice"
	"nghe/viet"
)

// row is a class in a list.
type row struct {
	*course.Course
	Standing course.Standing
	Word     string
	Where    string
	Closes   string // until when one can register
	Starts   string
	Fee      string
	Support  string // what one gets, in short
}

var words = map[course.Standing]string{course.Open: "đang nhận", course.Unsure: "chưa rõ hạn", course.Soon: "sắp mở", course.Taken: "đủ người", course.Past: "đã qua"}

// word tells how a class stands.
func word(c *course.Course, s course.Standing) string {
	if c.Status == course.Cancelled {
		return "đã huỷ"
	}
	return words[s]
}

// maxSupport is how many characters of what one gets stand in a list.
const maxSupport = 110

func (s *Site) row(m course.Match) row {
	c := m.Course
	r := row{Course: c, Standing: m.Standing, Word: word(c, m.Standing), Where: notice.Where(s.Library(), *c), Fee: notice.Fee(*c)}
	if c.Deadline != "" {
		r.Closes = notice.Day(c.Deadline)
	}
	if c.Start != "" {
		r.Starts = notice.Day(c.Start)
	}
	r.Support = strings.Join(c.Benefits, "; ")
	if runes := []rune(r.Support); len(runes) > maxSupport {
		r.Support = strings.TrimRight(string(runes[:maxSupport]), " ,;.") + "…"
	}
	return r
}

func (s *Site) today() course.Day { return course.DayOf(s.Now().In(s.Zone)) }

// open gives classes that one can join or that open soon: of some trades, the
// nearest to a place first; what closes first stands first.
func (s *Site) open(trades []string, place string, most int) []row {
	q := course.Query{On: s.today(), Trades: trades, Least: course.Soon}
	if place != "" {
		q.Near = s.Library().Nearest(place)
	}
	var rows []row
	for _, m := range s.Courses().Find(q) {
		if len(rows) == most {
			break
		}
		rows = append(rows, s.row(m))
	}
	return rows
}

// coursesPage is the list of classes.
type coursesPage struct {
	Trade, Place   string // what is looked for; "" = any
	Trades         []*content.Trade
	Places         []*content.Place
	Rows           []row
	Elsewhere      []row // nearby, when there are few at the place
	Found          int
	Page, Last     int
	Before, Behind string // links to the other pages of the list
}

// onAPage is how many classes one page shows: it stays small.
const onAPage = 40

// listCourses shows what one can join, what closes first at the top.
func (s *Site) listCourses(w http.ResponseWriter, r *http.Request) {
	lib := s.Library()
	p := coursesPage{Trade: r.FormValue("nghe"), Place: r.FormValue("xa"), Places: byName(lib)}
	if lib.Trade(p.Trade) == nil {
		p.Trade = ""
	}
	if lib.Place(p.Place) == nil {
		p.Place = ""
	}
	var trades []string
	if p.Trade != "" {
		trades = []string{p.Trade}
	}
	found := s.Courses().Find(course.Query{On: s.today(), Trades: trades, Least: course.Soon})
	p.Trades = s.offered(lib, p.Trade)
	if p.Place != "" {
		found = slices.DeleteFunc(found, func(m course.Match) bool { return m.Course.Place != p.Place })
		if len(found) < 3 {
			p.Elsewhere = slices.DeleteFunc(s.open(trades, p.Place, 8), func(x row) bool { return x.Place == p.Place })
		}
	}
	p.turn(r, found)
	for _, m := range found[(p.Page-1)*onAPage : min(len(found), p.Page*onAPage)] {
		p.Rows = append(p.Rows, s.row(m))
	}
	title := "Lớp học nghề đang mở"
	if p.Trade != "" {
		title += ": " + lib.Trade(p.Trade).Label()
	}
	if p.Place != "" {
		title += " ở " + lib.Place(p.Place).Name
	}
	s.show(w, r, http.StatusOK, "courses", frame{
		Title: title, About: "Lớp học nghề ở Quảng Ninh đang nhận đăng ký: học ở đâu, hạn đến ngày nào, tốn bao nhiêu, được hỗ trợ gì.", Here: "/lop-hoc", Link: s.URL + "/lop-hoc" + p.query(p.Page), Page: p,
	})
}

// turn finds the page of the list that is asked for.
func (p *coursesPage) turn(r *http.Request, found []course.Match) {
	p.Found, p.Last = len(found), max(1, (len(found)+onAPage-1)/onAPage)
	n, _ := strconv.Atoi(r.FormValue("trang"))
	p.Page = min(max(n, 1), p.Last)
	if p.Page > 1 {
		p.Before = "/lop-hoc" + p.query(p.Page-1)
	}
	if p.Page < p.Last {
		p.Behind = "/lop-hoc" + p.query(p.Page+1)
	}
}

func (p *coursesPage) query(page int) string {
	q := url.Values{}
	for name, value := range map[string]string{"nghe": p.Trade, "xa": p.Place} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if page > 1 {
		q.Set("trang", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// offered are the trades of which there are classes, and the one that is asked for.
func (s *Site) offered(lib *content.Library, also string) []*content.Trade {
	there := map[string]bool{also: true}
	for _, m := range s.Courses().Find(course.Query{On: s.today(), Least: course.Soon}) {
		there[m.Course.Trade] = true
	}
	var all []*content.Trade
	for _, t := range lib.Trades {
		if there[t.ID] {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b *content.Trade) int { return strings.Compare(viet.Fold(a.Label()), viet.Fold(b.Label())) })
	return all
}

// byName are the places in the order in which people look for them.
func byName(lib *content.Library) []*content.Place {
	all := slices.Clone(lib.Places)
	slices.SortFunc(all, func(a, b *content.Place) int { return strings.Compare(viet.Fold(a.Short()), viet.Fold(b.Short())) })
	return all
}

// coursePage is one class.
type coursePage struct {
	row
	Joinable bool // one can register, or be told
	First    []notice.Line
	More     []notice.Line
	Ask      string
	Chat     string // opens the chat at the class
	Telegram string
	Own      string // address of the page, as it stands on paper
	Others   []row
	Stories  []*content.Story
}

// showCourse shows a class. One that is past or cancelled says so, and offers
// others: its address may hang on a wall for long.
func (s *Site) showCourse(w http.ResponseWriter, r *http.Request) {
	c := s.Courses().Course(r.PathValue("id"))
	if c == nil {
		s.showMissing(w, r)
		return
	}
	lib, standing := s.Library(), c.Standing(s.today())
	p := coursePage{row: s.row(course.Match{Course: c, Standing: standing}), Joinable: standing > course.Taken, Ask: notice.Ask(*c), Chat: "/lop/" + c.ID, Own: s.URL + "/lop-hoc/" + c.ID}
	p.First, p.More = notice.Facts(lib, *c)
	if s.Telegram != nil {
		if name := s.Telegram(); name != "" {
			p.Telegram = "https://t.me/" + name + "?start=course_course_" + c.ID
		}
	}
	p.Others = slices.DeleteFunc(s.open([]string{c.Trade}, c.Place, 5), func(x row) bool { return x.ID == c.ID })
	if len(p.Others) == 0 && !p.Joinable {
		p.Others = slices.DeleteFunc(s.open(nil, c.Place, 5), func(x row) bool { return x.ID == c.ID })
	}
	p.Stories = s.stories(c.Trade, c.Place, 2)
	about := []string{p.Word, p.Where}
	if p.Closes != "" && p.Joinable {
		about = append(about, "hạn "+p.Closes)
	}
	if c.Fee != nil {
		about = append(about, "học phí "+p.Fee)
	}
	if c.Invented {
		about = append([]string{"Lớp ví dụ, không có thật"}, about...)
	}
	s.show(w, r, http.StatusOK, "course", frame{Title: c.Title, About: strings.Join(about, ", ") + ".", Here: "/lop-hoc", Link: p.Own, Page: p})
}

// showCode draws the address of a class's page for the camera of a telephone.
func (s *Site) showCode(w http.ResponseWriter, r *http.Request) {
	c := s.Courses().Course(r.PathValue("id"))
	if c == nil {
		s.showMissing(w, r)
		return
	}
	code, err := notice.Code(s.URL + "/lop-hoc/" + c.ID)
	if err != nil {
		s.fail(w, r, "code", err)
		return
	}
	s.send(w, r, http.StatusOK, "image/svg+xml", code)
}
