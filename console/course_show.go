package console

import (
	"slices"

	"nghe/course"
	"nghe/course/sheet"
	"nghe/staff"
)

// coursePage is the page of one class.
type coursePage struct {
	courseRow
	Facts   []fact
	Unknown []string // what is not known and people ask for
	People  []wisher
	More    int
	MayEdit bool
	MaySee  bool // who wishes to join
	MayTake bool // them out as a table
	Entries []staff.Entry
}

// wisher is somebody who wishes to join; Waits is their place among those for
// whom there is no seat, 0 for who has one.
type wisher struct {
	course.Interest
	Waits int
}

// waiting tells who waits: seats go to those who asked first.
func waiting(k course.Course, t course.Tally, people []course.Interest) []wisher {
	seats := k.Seats(t)
	free := t.Active() - t[course.Enrolled] - seats.Waiting // wishes for which there is a seat
	all, n := make([]wisher, len(people)), 0
	for i, p := range people {
		all[i].Interest = p
		if seats.Quota >= 0 && (p.State == course.New || p.State == course.Contacted) {
			if n++; n > free {
				all[i].Waits = n - free
			}
		}
	}
	return all
}

// fact is one thing that is known.
type fact struct{ Label, Text string }

// course gives the class of the path.
func (c *Console) course(v *visit) (course.Course, error) {
	k := c.Courses().Course(v.PathValue("id"))
	if k == nil {
		return course.Course{}, errMissing
	}
	return *k, nil
}

// editable gives the class of the path if who asks may change it.
func (c *Console) editable(v *visit) (course.Course, error) {
	k, err := c.course(v)
	if err != nil {
		return k, err
	}
	return k, staff.Allowed(v.me(), staff.EditCourses, staff.WhereCourse(k))
}

// showCourse shows what is known of a class, and who wishes to join.
func (c *Console) showCourse(v *visit) error {
	k, err := c.course(v)
	if err != nil {
		return err
	}
	tally, err := c.Records.CountInterests(v.Context(), course.Search{Course: k.ID})
	if err != nil {
		return err
	}
	w := staff.WhereCourse(k)
	p := coursePage{
		courseRow: courseRow{k, k.Standing(c.today()), k.Seats(tally), tally, k.MayOpen(tally)},
		MayEdit:   may(v.me(), staff.EditCourses, w), MaySee: may(v.me(), staff.SeeInterests, w), MayTake: may(v.me(), staff.ExportInterests, w),
	}
	texts := sheet.Texts(c.Library(), k)
	for _, f := range sheet.Fields(c.Library()) {
		if text := texts[f.Key]; text != "" {
			p.Facts = append(p.Facts, fact{f.Label, text})
		}
	}
	for label, known := range map[string]bool{
		"hạn đăng ký": k.Deadline != "", "ngày khai giảng": k.Start != "", "nơi học": k.Place != "", "hỏi ai, ở đâu": k.ContactName+k.ContactPhone+k.ContactPlace != "", "giấy tờ": len(k.Papers) > 0,
	} {
		if !known {
			p.Unknown = append(p.Unknown, label)
		}
	}
	slices.Sort(p.Unknown)
	if p.MaySee {
		const shown = 50
		people, err := c.Records.FindInterests(v.Context(), course.Search{Course: k.ID, Limit: shown})
		if err != nil {
			return err
		}
		p.People = waiting(k, tally, people)
		for _, n := range tally {
			p.More += n
		}
		p.More -= len(p.People)
	}
	if p.MayEdit {
		if p.Entries, err = c.Desk.Records.Entries(v.Context(), staff.Query{About: "course:" + k.ID, Limit: 10}); err != nil {
			return err
		}
	}
	return c.page(v, "course", k.Title, p)
}
