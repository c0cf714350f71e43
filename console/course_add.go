package console

import (
	"nghe/course"
	"nghe/staff"
)

// newCourse shows an empty form.
func (c *Console) newCourse(v *visit) error {
	return c.page(v, "courseform", "Thêm lớp", c.courseForm(Form{}, course.Course{Status: course.Enrolling}))
}

// addCourse adds a class.
func (c *Console) addCourse(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	k := c.readCourse(&f, course.Course{})
	if !f.Bad() {
		f.refuse(staff.Allowed(v.me(), staff.EditCourses, staff.WhereCourse(k)))
	}
	if !f.Bad() && c.Courses().Course(k.ID) != nil {
		if k.Code != "" {
			f.note("ma-lop", "Mã này đã có lớp “"+c.Courses().Course(k.ID).Title+"”. Anh/chị ghi mã khác, hoặc mở lớp đó mà sửa.")
		} else {
			f.note("", "Đã có lớp cùng tên, cùng nơi, cùng ngày khai giảng. Anh/chị ghi mã lớp nếu đây là lớp khác, hoặc mở lớp đó mà sửa.")
		}
	}
	if f.Bad() {
		return c.again(v, "courseform", "Thêm lớp", c.courseForm(f, course.Course{}))
	}
	if err := c.put(v, []course.Course{k}, c.entry(v, "course.add", "course:"+k.ID, k.Title)); err != nil {
		return err
	}
	return sendOn(v, coursePath(k.ID), "course-add")
}
