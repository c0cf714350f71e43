package console

import (
	"fmt"
	"io"
	"slices"

	"nghe/course"
	"nghe/course/sheet"
	"nghe/staff"
)

// exportInterests gives a school those who wish to learn: all that are looked
// for, but who dropped it, and who did not agree that others see it.
func (c *Console) exportInterests(v *visit) error {
	s := c.search(v)
	s.After = ""
	all, err := c.named(v, s, v.FormValue("q"), 0)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(i course.Interest) bool {
		return i.State == course.Dropped && s.State != course.Dropped || i.Consent == "" || c.allowedInterest(v.me(), staff.ExportInterests, i) != nil
	})
	about := "interest:"
	if s.Course != "" {
		about = "course:" + s.Course
	}
	if err := c.Records.PutEntry(v.Context(), c.entry(v, "interest.export", about, fmt.Sprintf("xuất danh sách %d người", len(all)))); err != nil {
		return err
	}
	return v.send("nguyen-vong-"+string(c.today())+".xlsx", func(w io.Writer) error {
		return sheet.Interested(w, c.Library(), c.Courses(), all, func(s course.State) string { return stateWords[s] }, c.Now().In(c.Zone))
	})
}
