package console

import (
	"slices"

	"nghe/course"
	"nghe/course/sheet"
	"nghe/staff"
)

// interestPage is the page of one wish.
type interestPage struct {
	Form
	course.Interest
	Course *course.Course
	Fields []field // what may be changed
	May    bool
	By     string // who wrote it down
	// Reached are the milestones, the first first; Today is the latest day that
	// one may have.
	Reached []course.Milestone
	Today   course.Day
	Entries []staff.Entry
}

// interest gives the wish of the path if who asks may do that with it.
func (c *Console) interest(v *visit, a staff.Action) (course.Interest, error) {
	found, err := c.Records.InterestsByID(v.Context(), []string{v.PathValue("id")})
	switch {
	case err != nil:
		return course.Interest{}, err
	case len(found) == 0:
		return course.Interest{}, errMissing
	}
	return found[0], c.allowedInterest(v.me(), a, found[0])
}

// showInterest shows a wish and what was done about it.
func (c *Console) showInterest(v *visit) error {
	i, err := c.interest(v, staff.SeeInterests)
	if err != nil {
		return err
	}
	// It is noted who read of whom, once an hour.
	if err := c.Records.NoteReading(v.Context(), c.entry(v, "interest.read", "interest:"+i.ID, "đọc nguyện vọng")); err != nil {
		return err
	}
	return c.interestPage(v, Form{}, i, c.page)
}

func (c *Console) interestPage(v *visit, f Form, i course.Interest, show func(*visit, string, string, any) error) error {
	p := interestPage{Form: f, Interest: i, Course: c.Courses().Course(i.Course), May: c.allowedInterest(v.me(), staff.EditInterests, i) == nil}
	texts := sheet.WishTexts(c.Library(), c.Courses(), i)
	for _, one := range c.wishFields(f, texts) {
		if slices.Contains(editableFields(i), one.Name) {
			one.Required = false // who left a wish in a talk need not have given it
			p.Fields = append(p.Fields, one)
		}
	}
	var err error
	p.Today = c.today()
	if p.Reached, err = c.Records.Milestones(v.Context(), i.ID); err != nil {
		return err
	}
	if p.Entries, err = c.Desk.Records.Entries(v.Context(), staff.Query{About: "interest:" + i.ID, Except: "interest.read", Limit: 50}); err != nil {
		return err
	}
	if i.EnteredBy != "" {
		if m, err := c.Desk.Records.Member(v.Context(), i.EnteredBy); err != nil {
			return err
		} else if m != nil {
			p.By = m.Name
		}
	}
	return show(v, "interest", or(i.Name, "Chưa ghi tên"), p)
}

// wishFields are the fields of a wish with what stands in them.
func (c *Console) wishFields(f Form, texts map[string]string) []field {
	var all []field
	for _, s := range sheet.WishFields(c.Library(), c.Courses()) {
		one := field{Form: f, Name: s.Key, Label: s.Label, Hint: s.Note, Kind: "text", Value: texts[s.Key], Required: s.Required, MaxLength: 200}
		for _, choice := range s.Choices {
			one.Options = append(one.Options, option{choice, choice})
		}
		if one.Options != nil {
			one.ChooseNobody = "Chọn"
		}
		if s.Key == "dien-thoai" {
			one.Mode = "tel"
		}
		all = append(all, one)
	}
	return all
}
