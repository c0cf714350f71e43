package sheet

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"nghe/content"
	"nghe/course"
)

// Export writes courses as a table that Read takes back: the template, filled
// in, without its example.
func Export(w io.Writer, lib *content.Library, courses []course.Course) error {
	f := excelize.NewFile()
	defer f.Close()
	t := &template{File: f, lib: lib}
	fill := func() error {
		for i, c := range columns {
			letter, err := excelize.ColumnNumberToName(i + 1)
			if err != nil {
				return err
			}
			if err := t.SetCellStyle(sheetCourses, letter+"2", letter+"2", t.plain); err != nil {
				return err
			}
			if err := t.SetCellStr(sheetCourses, letter+"2", ""); err != nil {
				return err
			}
			for n := range courses {
				text := c.write(lib, &courses[n])
				// Without a code it is known by what it is. Where that has changed
				// since, its id stands for the code, so that it is found again.
				if i == 0 && text == "" && identity(&courses[n]) != courses[n].ID {
					text = courses[n].ID
				}
				if err := t.SetCellStr(sheetCourses, fmt.Sprint(letter, n+2), text); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for _, make := range []func() error{t.styles, t.courses, t.notes, fill} {
		if err := make(); err != nil {
			return fmt.Errorf("export: %w", err)
		}
	}
	f.SetActiveSheet(0)
	_, err := f.WriteTo(w)
	return err
}
