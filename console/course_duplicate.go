package console

import "nghe/course"

// duplicateCourse shows the form of a new class with what another one has but
// for its days, its numbers and where it was announced.
func (c *Console) duplicateCourse(v *visit) error {
	k, err := c.course(v)
	if err != nil {
		return err
	}
	of := k.Title
	k.ID, k.Code, k.Status = "", "", course.Planned
	k.Start, k.End, k.Deadline, k.Registered = "", "", "", nil
	k.SourceURL, k.SourceDate, k.CheckedOn, k.CheckedBy = "", "", "", ""
	p := c.courseForm(Form{}, k)
	p.Of = of
	return c.page(v, "courseform", "Thêm lớp", p)
}
