package console

import (
	"strings"

	"nghe/course"
	"nghe/staff"
)

// cancelPage asks before a class is cancelled, and tells whom it concerns.
type cancelPage struct {
	Form
	course.Course
	Chat  int // can be told by a message
	Phone int // only by telephone
	None  int // left no way to be told
}

// askCancelCourse shows who would have to be told.
func (c *Console) askCancelCourse(v *visit) error {
	k, err := c.editable(v)
	if err != nil {
		return err
	}
	return c.cancelPage(v, Form{}, k, c.page)
}

func (c *Console) cancelPage(v *visit, f Form, k course.Course, show func(*visit, string, string, any) error) error {
	all, err := c.Records.FindInterests(v.Context(), course.Search{Course: k.ID})
	if err != nil {
		return err
	}
	p := cancelPage{Form: f, Course: k}
	for _, i := range all {
		switch {
		case i.State == course.Dropped:
		case i.Channel != "":
			p.Chat++
		case i.Phone != "":
			p.Phone++
		default:
			p.None++
		}
	}
	return show(v, "cancel", "Huỷ lớp", p)
}

// cancelCourse cancels a class. Wishes for it stand: who asked for it is asked
// again when there is another one.
func (c *Console) cancelCourse(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	k, err := c.editable(v)
	if err != nil {
		return err
	}
	why := strings.TrimSpace(f.Get("why"))
	if why == "" {
		f.note("why", "Anh/chị ghi lý do trong vài chữ, để người khác biết vì sao lớp huỷ.")
		return c.cancelPage(v, f, k, c.again)
	}
	if k.Status == course.Cancelled {
		return &staff.Wrong{Text: "Lớp này đã huỷ rồi."}
	}
	k.Status = course.Cancelled
	if err := c.put(v, []course.Course{k}, c.entry(v, "course.cancel", "course:"+k.ID, "lý do: "+brief(why))); err != nil {
		return err
	}
	return sendOn(v, coursePath(k.ID), "course-cancel")
}
