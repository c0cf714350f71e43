package console

import (
	"nghe/course"
	"nghe/staff"
)

// editCourse shows the form of a class.
func (c *Console) editCourse(v *visit) error {
	k, err := c.editable(v)
	if err != nil {
		return err
	}
	return c.page(v, "courseform", "Sửa lớp", c.courseForm(Form{}, k))
}

// changeCourse changes a class. Both where it was and where it will be must be
// one's own.
func (c *Console) changeCourse(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	was, err := c.editable(v)
	if err != nil {
		return err
	}
	if f.Get("seen") != was.UpdatedAt.Format(stamp) {
		f.note("", "Lúc anh/chị đang sửa, có người khác đã sửa lớp này. Anh/chị xem lại những gì đang ghi ở đây, đúng rồi thì lưu lần nữa.")
		f.Values.Set("seen", was.UpdatedAt.Format(stamp))
		return c.again(v, "courseform", "Sửa lớp", c.courseForm(f, was))
	}
	k := c.readCourse(&f, was)
	if !f.Bad() {
		f.refuse(staff.Allowed(v.me(), staff.EditCourses, staff.WhereCourse(k)))
	}
	if f.Bad() {
		return c.again(v, "courseform", "Sửa lớp", c.courseForm(f, was))
	}
	if err := c.put(v, []course.Course{k}, c.entry(v, "course.edit", "course:"+k.ID, c.differences(was, k))); err != nil {
		return err
	}
	return sendOn(v, coursePath(k.ID), "course-edit")
}

// stamp is how a form remembers what it was made of.
const stamp = "20060102150405.000"

// Seen is the state of the class that the form was made of.
func (p courseForm) Seen() string { return p.Course.UpdatedAt.Format(stamp) }
