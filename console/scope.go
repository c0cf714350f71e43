package console

import (
	"nghe/course"
	"nghe/staff"
)

// allowedInterest says whether a member may do something with a wish: they work
// where the person lives, or for the class that is wished for.
func (c *Console) allowedInterest(m staff.Member, a staff.Action, i course.Interest) error {
	w := staff.Where{}
	if i.Place != "" {
		w.Places = []string{i.Place}
	}
	err := staff.Allowed(m, a, w)
	if wanted := c.Courses().Course(i.Course); err != nil && wanted != nil {
		err = staff.Allowed(m, a, staff.WhereCourse(*wanted))
	}
	return err
}

// within bounds a search to what a member works for: the same as
// allowedInterest, asked of the records.
func (c *Console) within(m staff.Member) *course.Within {
	if m.Scope.Province {
		return nil
	}
	w := &course.Within{Places: m.Scope.Places}
	for _, k := range c.Courses().All() {
		if m.Scope.Holds(staff.WhereCourse(k)) {
			w.Courses = append(w.Courses, k.ID)
		}
	}
	return w
}

// may says whether a member may do something there, to show a button or not.
func may(m staff.Member, a staff.Action, w staff.Where) bool { return staff.Allowed(m, a, w) == nil }
