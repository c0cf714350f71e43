package console

import (
	"net/url"
	"slices"
	"strings"

	"nghe/course"
	"nghe/staff"
	"nghe/viet"
)

// interestList is the page of wishes.
type interestList struct {
	Rows    []course.Interest
	Search  course.Search
	Text    string
	Tally   course.Tally
	Courses []course.Course // to choose from
	Surveys []option
	Next    string     // key after which the next page begins, "" = none
	Query   url.Values // as asked, without where the page begins
	May     bool       // change
	MayTake bool       // out as a table
	Form
}

// search reads what wishes are looked for, in the visitor's scope.
func (c *Console) search(v *visit) course.Search {
	return course.Search{
		Course: v.FormValue("course"), Trade: v.FormValue("trade"), Place: v.FormValue("place"), State: course.State(v.FormValue("state")), Source: course.Source(v.FormValue("source")), Campaign: v.FormValue("campaign"),
		Within: c.within(v.me()), After: v.FormValue("after"),
	}
}

const interestsAtATime = 50

// listInterests shows wishes, the oldest first.
func (c *Console) listInterests(v *visit) error {
	// It is noted who looked through them, once an hour for the same list; a name
	// that was looked for is nobody's business there.
	s := c.search(v)
	about := "interests:" + strings.Join(slices.DeleteFunc([]string{s.Place, s.Trade, s.Course, s.Campaign}, func(x string) bool { return x == "" }), ",")
	if err := c.Records.NoteReading(v.Context(), c.entry(v, "interest.list", addressed(about), "xem danh sách nguyện vọng")); err != nil {
		return err
	}
	return c.interestList(v, Form{}, c.page)
}

func (c *Console) interestList(v *visit, f Form, show func(*visit, string, string, any) error) error {
	p := interestList{Form: f, Search: c.search(v), Text: strings.TrimSpace(v.FormValue("q")), May: staff.AllowedSomewhere(v.me(), staff.EditInterests) == nil, MayTake: staff.AllowedSomewhere(v.me(), staff.ExportInterests) == nil}
	var err error
	if p.Tally, err = c.Records.CountInterests(v.Context(), p.Search); err != nil {
		return err
	}
	if p.Rows, err = c.named(v, p.Search, p.Text, interestsAtATime+1); err != nil {
		return err
	}
	if len(p.Rows) > interestsAtATime {
		p.Rows = p.Rows[:interestsAtATime]
		p.Next = p.Rows[interestsAtATime-1].Key()
	}
	p.Query = url.Values{}
	for _, name := range []string{"course", "trade", "place", "state", "source", "campaign", "q"} {
		if x := v.FormValue(name); x != "" {
			p.Query.Set(name, x)
		}
	}
	p.Courses = slices.Clone(c.Courses().All())
	p.Courses = slices.DeleteFunc(p.Courses, func(k course.Course) bool {
		return k.ID != p.Search.Course && (k.Standing(c.today()) == course.Past || !v.me().Scope.Holds(staff.WhereCourse(k)))
	})
	p.Surveys = c.surveysOf(v.me())
	return show(v, "interests", "Nguyện vọng", p)
}

// named gives wishes of people with a name or a telephone number like a text;
// "" is any. Names are compared as people type them, which no database does:
// so they are looked through here, some thousands at a time.
func (c *Console) named(v *visit, s course.Search, text string, most int) ([]course.Interest, error) {
	s.Limit = most
	if text == "" {
		return c.Records.FindInterests(v.Context(), s)
	}
	sought := viet.Fold(text)
	number := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
	var found []course.Interest
	s.Limit = 5000
	for {
		some, err := c.Records.FindInterests(v.Context(), s)
		if err != nil {
			return nil, err
		}
		for _, i := range some {
			if strings.Contains(viet.Fold(i.Name+" "+i.Village), sought) || len(number) >= 3 && strings.Contains(i.Phone, number) {
				if found = append(found, i); len(found) == most {
					return found, nil
				}
			}
		}
		if len(some) < s.Limit {
			return found, nil
		}
		s.After = some[len(some)-1].Key()
	}
}

// With gives the address of the list with another state; everything else that
// was looked for stays.
func (p interestList) With(state course.State) string {
	q := url.Values{}
	for k, x := range p.Query {
		q[k] = x
	}
	q.Del("state")
	if state != "" {
		q.Set("state", string(state))
	}
	return "/console/interests?" + q.Encode()
}

// Filtered says that more is looked for than a text and a state.
func (p interestList) Filtered() bool {
	return p.Search.Course != "" || p.Search.Trade != "" || p.Search.Place != "" || p.Search.Source != "" || p.Search.Campaign != ""
}

// Total counts those of every state.
func (p interestList) Total() (n int) {
	for _, k := range p.Tally {
		n += k
	}
	return n
}
