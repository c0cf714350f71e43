package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"nghe/content"
	"nghe/course"
)

// Limits of a file: far above what a province announces, far below what a
// small server can't bear.
const (
	maxFile     = 20 << 20  // bytes of the file
	maxUnzipped = 128 << 20 // bytes of what is packed in it
	maxRows     = 20_000    // rows with something in them
	maxProblems = 200       // that are told
	headerRows  = 10        // among which the headers are looked for
)

// FileError says that a file holds no courses at all, and what to do, in one
// line of Vietnamese.
type FileError struct{ Text string }

func (e *FileError) Error() string { return e.Text }

// Problem is something that can't be read in a row.
type Problem struct {
	Row  int    // as Excel counts
	Cell string // "D7"; "" when it is about the whole row
	Text string // what is wrong, and what to do
	What string // what the rows are of; "" = classes
}

// String is the line that an officer reads.
func (p Problem) String() string {
	what := p.What
	if what == "" {
		what = "Lớp hàng"
	}
	if p.Cell == "" {
		return fmt.Sprintf("%s %d: %s", what, p.Row, p.Text)
	}
	return fmt.Sprintf("%s %d, ô %s: %s", what, p.Row, p.Cell, p.Text)
}

// Read reads all courses of a workbook. With problems there are no courses: it
// is all or nothing. The time is when it is read, in the zone of the province;
// days without a zone are of it. The error is a *FileError, or of r.
func Read(r io.Reader, lib *content.Library, reader Reader, now time.Time) (courses []course.Course, problems []Problem, err error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, nil, err
	}
	file, err := open(data)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	b := newBook(lib, reader, now)
	if props, err := file.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		b.since1904 = *props.Date1904
	}
	t := &table{book: b, rows: map[string]int{}}
	if err := t.read(file); err != nil {
		return nil, nil, err
	}
	if len(t.problems) > 0 {
		return nil, t.problems, nil
	}
	if len(t.courses) == 0 {
		return nil, nil, &FileError{"file chưa có lớp nào: ghi mỗi lớp một dòng dưới dòng tiêu đề rồi nhập lại"}
	}
	return t.courses, nil, nil
}

// guarded calls the library for Excel, which takes foreign files apart: what
// it does with one that was made to break it must not end the program.
func guarded(call func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = broken
		}
	}()
	return call()
}

var broken = &FileError{"không đọc được file này, có thể file hỏng: mở bằng Excel, lưu lại dạng .xlsx rồi nhập lại"}

// open opens a workbook and says why where it can't.
func open(data []byte) (*excelize.File, error) {
	switch {
	case len(data) == 0:
		return nil, &FileError{"file rỗng, không có gì trong đó: chọn file .xlsx khác"}
	case len(data) > maxFile:
		return nil, &FileError{fmt.Sprintf("file lớn quá %d MB: xoá hình ảnh và sheet thừa, hoặc chia làm nhiều file", maxFile>>20)}
	case bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0")):
		return nil, &FileError{"file có mật khẩu hoặc là dạng .xls đời cũ: bỏ mật khẩu, lưu lại dạng .xlsx rồi nhập lại"}
	case !bytes.HasPrefix(data, []byte("PK")):
		return nil, &FileError{"đây không phải file Excel .xlsx: mở bằng Excel, lưu lại dạng .xlsx rồi nhập lại"}
	}
	var file *excelize.File
	err := guarded(func() (err error) {
		file, err = excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped})
		return err
	})
	switch {
	case err == nil:
		return file, nil
	case strings.Contains(err.Error(), "unzip size exceeds"):
		return nil, &FileError{"dữ liệu trong file lớn quá: xoá sheet và dòng thừa, hoặc chia làm nhiều file"}
	}
	return nil, broken
}

// table is the sheet being read.
type table struct {
	*book
	columns  []*column // by their place; nil: not read
	courses  []course.Course
	problems []Problem
	rows     map[string]int // by id, where it stands
}

// read finds the sheet and goes through its rows.
func (t *table) read(file *excelize.File) error {
	for _, name := range file.GetSheetList() {
		if name == sheetNotes || name == sheetLists {
			continue
		}
		var rows *excelize.Rows
		if err := guarded(func() (err error) { rows, err = file.Rows(name); return err }); err != nil {
			continue // a chart, say
		}
		found, err := t.sheet(rows)
		rows.Close()
		if found || err != nil {
			return err
		}
	}
	return &FileError{"không thấy dòng tiêu đề có cột “Nghề” và “Tình trạng”: lấy mẫu bằng “nghe course template mau.xlsx” rồi chép dữ liệu vào"}
}

// sheet reads one sheet and says whether it is the one with courses.
func (t *table) sheet(rows *excelize.Rows) (found bool, err error) {
	filled := 0
	for n := 1; ; n++ {
		var cells []string
		more := false
		err := guarded(func() (err error) {
			if more = rows.Next(); more {
				cells, err = rows.Columns()
			}
			return err
		})
		if err != nil || rows.Error() != nil {
			return found, broken
		}
		if !more {
			return found, nil
		}
		if !found {
			if n > headerRows {
				return false, nil
			}
			found = t.headers(n, cells)
			continue
		}
		if blank(cells) {
			continue
		}
		if filled++; filled > maxRows {
			return true, &FileError{fmt.Sprintf("file có hơn %d dòng: chia làm nhiều file", maxRows)}
		}
		t.row(n, cells)
		if len(t.problems) >= maxProblems {
			t.add(n, wholeRow, "", "còn nữa, nhưng đến đây đã nhiều lỗi quá: sửa những lỗi trên rồi nhập lại")
			return true, nil
		}
	}
}

func blank(cells []string) bool {
	for _, c := range cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

// headers takes a row as that of the headers if it has the columns that must
// be there.
func (t *table) headers(n int, cells []string) bool {
	has := map[*column]int{}
	found := make([]*column, len(cells))
	var problems []Problem
	problem := func(i int, text string) {
		problems = append(problems, Problem{Row: n, Cell: cellName(i, n), Text: fmt.Sprintf("cột “%s” %s", shortened(clean(cells[i])), text)})
	}
	for i, cell := range cells {
		if strings.TrimSpace(cell) == "" {
			continue
		}
		c := byHeader[key(cell)]
		if c == nil {
			problem(i, "không có trong mẫu: sửa tên cột, hoặc xoá cột (các cột có trong sheet “"+sheetNotes+"” của mẫu)")
			continue
		}
		if first, twice := has[c]; twice && c.header != "" {
			problem(i, "trùng với cột ở ô "+cellName(first, n)+": giữ lại một cột")
			continue
		}
		has[c] = i
		if c.header != "" {
			found[i] = c
		}
	}
	for _, c := range columns {
		if _, ok := has[c]; c.required && !ok {
			return false
		}
	}
	t.columns, t.problems = found, problems
	return true
}

// formulaError is what Excel shows where a formula failed.
var formulaError = regexp.MustCompile(`^#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!)$`)

// row reads one course.
func (t *table) row(n int, cells []string) {
	r := &row{book: t.book}
	read := map[*column]bool{}
	before := len(t.problems)
	for i, cell := range cells {
		if i >= len(t.columns) || t.columns[i] == nil {
			continue
		}
		c := t.columns[i]
		text := clean(strings.ReplaceAll(cell, "\n", "; "))
		if c == columns[0] && strings.HasPrefix(key(text), key(exampleCode)) {
			t.problems = t.problems[:before]
			return
		}
		if text == "" || empty(text) && !c.required { // a status may be “chưa rõ”
			continue
		}
		read[c] = true
		if formulaError.MatchString(text) {
			t.add(n, i, text, "là lỗi của công thức: ghi lại bằng chữ")
			continue
		}
		if problem := c.read(r, text); problem != "" {
			t.add(n, i, text, problem)
		}
	}
	for i, c := range t.columns {
		if c != nil && c.required && !read[c] {
			t.add(n, i, "", "cột “"+c.header+"” chưa ghi: "+c.note)
		}
	}
	if len(t.problems) == before {
		t.finish(n, r.course)
	}
}

// finish looks at a course as a whole.
func (t *table) finish(n int, c course.Course) {
	if c.Title == "" {
		c.Title = t.lib.Trade(c.Trade).Name
	}
	c.ID = identity(&c)
	whole := func(text string) { t.add(n, wholeRow, "", text) }
	switch {
	case c.MinAge != nil && c.MaxAge != nil && *c.MinAge > *c.MaxAge:
		whole("“Tuổi từ” lớn hơn “Tuổi đến”: sửa một trong hai ô")
	case after(c.Start, c.End):
		whole("“Bế giảng” trước “Khai giảng”: sửa một trong hai ngày")
	case after(c.Deadline, c.End):
		whole("“Bế giảng” trước “Hạn đăng ký”: sửa một trong hai ngày")
	}
	if first, twice := t.rows[c.ID]; twice {
		how := "ghi mã khác nhau ở cột “Mã lớp”"
		if c.Code == "" {
			how = "ghi mã ở cột “Mã lớp” nếu là hai lớp, xoá một dòng nếu là một"
		}
		whole(fmt.Sprintf("trùng với hàng %d: %s", first, how))
		return
	}
	t.rows[c.ID] = n
	t.courses = append(t.courses, c)
}

// after says that a day is surely later than another.
func after(a, b course.Day) bool {
	n := min(len(a), len(b))
	return n > 0 && a[:n] > b[:n]
}

// wholeRow stands for no single cell.
const wholeRow = -1

func (t *table) add(n, i int, text, problem string) {
	p := Problem{Row: n, Text: problem}
	if i != wholeRow {
		p.Cell = cellName(i, n)
	}
	if text != "" {
		p.Text = "“" + shortened(text) + "” " + problem
	}
	t.problems = append(t.problems, p)
}

func cellName(i, n int) string {
	name, err := excelize.CoordinatesToCellName(i+1, n)
	if err != nil {
		return ""
	}
	return name
}

// shortened quotes a cell as far as one recognises it.
func shortened(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// Told gives the line of an error that an officer can act on, else its text.
func Told(err error) string {
	var f *FileError
	if errors.As(err, &f) {
		return f.Text
	}
	return err.Error()
}
