package console

import (
	"nghe/course"
	"nghe/staff"
)

// openCourse begins to enrol for a class that waited for enough people.
func (c *Console) openCourse(v *visit) error {
	k, err := c.editable(v)
	if err != nil {
		return err
	}
	if k.Status != course.Planned {
		return &staff.Wrong{Text: "Lớp này không còn ở tình trạng sắp mở. Anh/chị mở lại trang lớp để xem."}
	}
	was := k
	k.Status = course.Enrolling
	if err := c.put(v, []course.Course{k}, c.entry(v, "course.open", "course:"+k.ID, c.differences(was, k))); err != nil {
		return err
	}
	return sendOn(v, coursePath(k.ID), "course-open")
}
