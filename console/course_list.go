package console

import (
	"slices"
	"strings"

	"nghe/course"
	"nghe/staff"
	"nghe/viet"
)

// courseRow is one class of a list.
type courseRow struct {
	course.Course
	Standing course.Standing
	Seats    course.Seats
	Tally    course.Tally
	Ready    bool // enough have registered to open
}

// courseList is the page of classes.
type courseList struct {
	Rows     []courseRow
	Standing string // which to show; "" = not past
	Place    string
	Text     string
	Mine     bool // only those one works for
	Counts   map[string]int
	More     int // that are not shown
	May      bool
	MaySee   bool
	Fresh    []courseRow // that were just imported
}

// The standings by the words of the address.
var standingNames = []struct {
	Word  string
	Label string
	Holds func(course.Standing) bool
}{
	{"", "Chưa qua", func(s course.Standing) bool { return s != course.Past }},
	{"open", "Đang nhận", func(s course.Standing) bool { return s == course.Open || s == course.Unsure }},
	{"soon", "Sắp mở", func(s course.Standing) bool { return s == course.Soon }},
	{"taken", "Đủ người", func(s course.Standing) bool { return s == course.Taken }},
	{"past", "Đã qua", func(s course.Standing) bool { return s == course.Past }},
}

// today is the day of the province.
func (c *Console) today() course.Day { return course.DayOf(c.Now().In(c.Zone)) }

// rows gives classes with how full they are.
func (c *Console) rows(v *visit) ([]courseRow, error) {
	tallies, err := c.Records.CountByCourse(v.Context())
	if err != nil {
		return nil, err
	}
	on := c.today()
	all := make([]courseRow, 0, len(c.Courses().All()))
	for _, k := range c.Courses().All() {
		t := tallies[k.ID]
		all = append(all, courseRow{k, k.Standing(on), k.Seats(t), t, k.MayOpen(t)})
	}
	return all, nil
}

// listCourses shows the classes: what closes first comes first.
func (c *Console) listCourses(v *visit) error {
	all, err := c.rows(v)
	if err != nil {
		return err
	}
	p := courseList{
		Standing: v.FormValue("standing"), Place: v.FormValue("place"), Text: strings.TrimSpace(v.FormValue("q")), Mine: v.FormValue("mine") != "",
		Counts: map[string]int{}, May: staff.AllowedSomewhere(v.me(), staff.EditCourses) == nil, MaySee: staff.AllowedSomewhere(v.me(), staff.SeeInterests) == nil,
	}
	for _, id := range v.URL.Query()["fresh"] {
		if i := slices.IndexFunc(all, func(r courseRow) bool { return r.ID == id }); i >= 0 {
			p.Fresh = append(p.Fresh, all[i])
		}
	}
	sought := viet.Fold(p.Text)
	all = slices.DeleteFunc(all, func(r courseRow) bool {
		return p.Place != "" && r.Place != p.Place || p.Mine && !v.me().Scope.Holds(staff.WhereCourse(r.Course)) ||
			sought != "" && !strings.Contains(viet.Fold(r.Title+" "+r.Code+" "+r.Provider+" "+c.tradeName(r.Trade)), sought)
	})
	for _, s := range standingNames {
		for _, r := range all {
			if s.Holds(r.Standing) {
				p.Counts[s.Word]++
			}
		}
	}
	at := slices.IndexFunc(standingNames, func(s struct {
		Word  string
		Label string
		Holds func(course.Standing) bool
	}) bool {
		return s.Word == p.Standing
	})
	all = slices.DeleteFunc(all, func(r courseRow) bool { return !standingNames[max(0, at)].Holds(r.Standing) })
	slices.SortStableFunc(all, func(a, b courseRow) int { return strings.Compare(closing(a.Course), closing(b.Course)) })
	if p.Standing == "past" {
		slices.Reverse(all)
	}
	const most = 200
	if len(all) > most {
		all, p.More = all[:most], len(all)-most
	}
	p.Rows = all
	return c.page(v, "courses", "Lớp học", p)
}

// closing orders classes: what closes first, what is not known last.
func closing(c course.Course) string {
	d := c.Deadline
	if d == "" {
		d = c.Start
	}
	if d == "" {
		return "9"
	}
	return string(d)
}
