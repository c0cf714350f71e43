package sheet

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"

	"nghe/content"
)

// The sheets of the template. Courses stand in the first.
const (
	sheetCourses = "Lớp"
	sheetNotes   = "Hướng dẫn"
	sheetLists   = "Danh mục"
)

// templateRows is for how many rows the template has drop-downs.
const templateRows = 2000

// Template writes the workbook that officers begin with.
func Template(w io.Writer, lib *content.Library) error {
	f := excelize.NewFile()
	defer f.Close()
	t := &template{File: f, lib: lib}
	for _, make := range []func() error{t.styles, t.courses, t.notes} {
		if err := make(); err != nil {
			return fmt.Errorf("template: %w", err)
		}
	}
	f.SetActiveSheet(0)
	_, err := f.WriteTo(w)
	return err
}

type template struct {
	*excelize.File
	lib                           *content.Library
	head, must, plain, grey, wrap int // styles
	lists                         int // columns of the sheet of lists so far
}

func (t *template) styles() error {
	border := []excelize.Border{{Type: "bottom", Color: "808080", Style: 1}}
	const asText = 49 // what is typed stays as it was typed: "5/11/2026" does not become the 11th of May
	for _, s := range []struct {
		id    *int
		style excelize.Style
	}{
		{&t.head, excelize.Style{Font: &excelize.Font{Bold: true}, Border: border, Fill: fill("E8F0E4"), Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}}},
		{&t.must, excelize.Style{Font: &excelize.Font{Bold: true}, Border: border, Fill: fill("F7D9B0"), Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}}},
		{&t.plain, excelize.Style{NumFmt: asText}},
		{&t.grey, excelize.Style{NumFmt: asText, Font: &excelize.Font{Italic: true, Color: "808080"}}},
		{&t.wrap, excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}}},
	} {
		id, err := t.NewStyle(&s.style)
		if err != nil {
			return err
		}
		*s.id = id
	}
	return nil
}

func fill(color string) excelize.Fill {
	return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{color}}
}

// courses makes the sheet to fill in.
func (t *template) courses() error {
	if err := t.SetSheetName("Sheet1", sheetCourses); err != nil {
		return err
	}
	if _, err := t.NewSheet(sheetNotes); err != nil {
		return err
	}
	if _, err := t.NewSheet(sheetLists); err != nil {
		return err
	}
	for i, c := range columns {
		if err := t.column(i, c); err != nil {
			return err
		}
	}
	if err := t.SetRowHeight(sheetCourses, 1, 32); err != nil {
		return err
	}
	return t.SetPanes(sheetCourses, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// column writes header, example and drop-down of a column.
func (t *template) column(i int, c *column) error {
	letter, err := excelize.ColumnNumberToName(i + 1)
	if err != nil {
		return err
	}
	style := t.head
	if c.required {
		style = t.must
	}
	for _, do := range []func() error{
		func() error { return t.SetColStyle(sheetCourses, letter, t.plain) },
		func() error { return t.SetColWidth(sheetCourses, letter, letter, c.width) },
		func() error { return t.SetCellStr(sheetCourses, letter+"1", c.title()) },
		func() error { return t.SetCellStyle(sheetCourses, letter+"1", letter+"1", style) },
		func() error { return t.SetCellStr(sheetCourses, letter+"2", c.example) },
		func() error { return t.SetCellStyle(sheetCourses, letter+"2", letter+"2", t.grey) },
		func() error { return t.choices(letter, c) },
	} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// title is the header, with a star where the column must be filled in.
func (c *column) title() string {
	if c.required {
		return c.header + " *"
	}
	return c.header
}

// choices makes the drop-down of a column.
func (t *template) choices(letter string, c *column) error {
	return t.dropDown(sheetCourses, letter, c.header, c.choices)
}

// dropDown makes the drop-down of a column; its items stand in the sheet of
// lists. Anything else may still be typed: it is read, too.
func (t *template) dropDown(sheet, letter, header string, choices func(*content.Library) []string) error {
	if choices == nil {
		return nil
	}
	items := append([]string{header}, choices(t.lib)...)
	t.lists++
	from, err := excelize.ColumnNumberToName(t.lists)
	if err != nil {
		return err
	}
	if err := t.SetSheetCol(sheetLists, from+"1", &items); err != nil {
		return err
	}
	if err := t.SetColWidth(sheetLists, from, from, 36); err != nil {
		return err
	}
	if err := t.SetCellStyle(sheetLists, from+"1", from+"1", t.head); err != nil {
		return err
	}
	list := excelize.NewDataValidation(true)
	list.SetSqref(fmt.Sprintf("%s3:%s%d", letter, letter, templateRows))
	list.SetSqrefDropList(fmt.Sprintf("'%s'!$%s$2:$%s$%d", sheetLists, from, from, len(items)))
	list.SetError(excelize.DataValidationErrorStyleWarning, header, "Không có trong danh sách. Vẫn giữ chữ này?")
	return t.AddDataValidation(sheet, list)
}

// notes explains each column.
func (t *template) notes() error {
	rows := [][]any{
		{"Cột", "Ghi thế nào", "Ví dụ"},
		{"", "Mỗi lớp một dòng trong sheet “" + sheetCourses + "”. Cột có dấu * phải ghi; cột khác chưa biết thì bỏ trống, đừng đoán: chỗ trống được nói với người hỏi là “chưa rõ”. Cột không dùng xoá đi được, đổi thứ tự cũng được.", ""},
		{"", "Dòng có mã bắt đầu bằng “" + exampleCode + "” chỉ để xem, không được nhập. Nhập ở trang Lớp học của bàn làm việc, nút “Nhập từ Excel” (hoặc lệnh: nghe course import TÊN-FILE.xlsx). Có lỗi ở một ô thì không lớp nào được nhập; sửa rồi nhập lại cả file.", ""},
	}
	for _, c := range columns {
		rows = append(rows, []any{c.title(), c.note, c.example})
	}
	for i, row := range rows {
		if err := t.SetSheetRow(sheetNotes, fmt.Sprint("A", i+1), &row); err != nil {
			return err
		}
	}
	for letter, width := range map[string]float64{"A": 22, "B": 90, "C": 34} {
		if err := t.SetColWidth(sheetNotes, letter, letter, width); err != nil {
			return err
		}
	}
	if err := t.SetCellStyle(sheetNotes, "A2", fmt.Sprint("C", len(rows)), t.wrap); err != nil {
		return err
	}
	return t.SetCellStyle(sheetNotes, "A1", "C1", t.head)
}
