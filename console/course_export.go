package console

import (
	"bytes"
	"fmt"
	"io"

	"nghe/course"
	"nghe/course/sheet"
	"nghe/staff"
)

// send gives a workbook to keep.
func (v *visit) send(name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s"`, name))
	_, err := v.w.Write(b.Bytes())
	if err != nil {
		return nil // nobody is there any more
	}
	return nil
}

// courseTemplate gives the table to fill in.
func (c *Console) courseTemplate(v *visit) error {
	return v.send("mau-lop-hoc.xlsx", func(w io.Writer) error { return sheet.Template(w, c.Library()) })
}

// exportCourses gives all classes as a table that can be handed in again.
func (c *Console) exportCourses(v *visit) error {
	var all []course.Course
	for _, k := range c.Courses().All() {
		if v.FormValue("mine") == "" || v.me().Scope.Holds(staff.WhereCourse(k)) {
			all = append(all, k)
		}
	}
	return v.send("lop-hoc-"+string(c.today())+".xlsx", func(w io.Writer) error { return sheet.Export(w, c.Library(), all) })
}
