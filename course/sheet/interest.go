package sheet

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"nghe/content"
	"nghe/course"
	"nghe/viet"
)

const sheetWishes = "Nguyện vọng"

// wishRow is one wish being read.
type wishRow struct {
	row     // for what it has in common with a course: trade, place
	courses *course.Catalogue
	wish    course.Interest
}

// wishColumn is one column of the table of wishes.
type wishColumn struct {
	header   string
	also     []string
	required bool
	note     string
	example  string
	width    float64
	choices  func(*content.Library, *course.Catalogue) []string
	read     func(r *wishRow, text string) string
	write    func(lib *content.Library, courses *course.Catalogue, i *course.Interest) string
}

var agreedWords = []word[bool]{{true, []string{"Có", "x", "đã ký", "đồng ý"}}, {false, []string{"Không", "chưa"}}}

// The columns of wishes that came on paper, in the order of the template.
var wishColumns = []*wishColumn{
	{header: "Họ tên", also: []string{"họ và tên", "tên"}, required: true, width: 26, example: exampleCode + " - dòng này không nhập", note: "Họ tên người muốn học.",
		read: func(r *wishRow, s string) string {
			if n := utf8.RuneCountInString(s); n > maxName {
				return tooLong(n, maxName)
			}
			r.wish.Name = s
			return ""
		},
		write: func(_ *content.Library, _ *course.Catalogue, i *course.Interest) string { return i.Name }},
	{header: "Điện thoại", also: []string{"số điện thoại", "sđt"}, width: 15, example: "0912 345 678", note: "Số để gọi lại. Không có thì bỏ trống.",
		read: func(r *wishRow, s string) string {
			problem := readPhones(&r.row, s)
			r.wish.Phone = r.course.ContactPhone
			return problem
		},
		write: func(_ *content.Library, _ *course.Catalogue, i *course.Interest) string { return i.Phone }},
	{header: "Năm sinh", also: []string{"ngày sinh", "sinh năm"}, width: 11, example: "1990", note: "Chỉ cần năm.",
		read: func(r *wishRow, s string) string {
			n, ok := whole(s)
			if !ok {
				if d, problem := r.day(s); problem == "" {
					n, ok = int64(d.Time().Year()), true
				} else if read, found := viet.Date(s, r.now); found {
					n, ok = int64(read.Year), true
				}
			}
			if year := int64(r.now.Year()); !ok || n < year-100 || n > year-14 {
				return "không phải năm sinh của người đi học nghề: ghi bốn số, ví dụ 1990"
			}
			r.wish.BirthYear = n
			return ""
		},
		write: func(_ *content.Library, _ *course.Catalogue, i *course.Interest) string {
			if i.BirthYear == 0 {
				return ""
			}
			return fmt.Sprint(i.BirthYear)
		}},
	{header: "Xã, phường", also: []string{"xã", "phường", "nơi ở"}, required: true, width: 22, example: "Xã Ba Chẽ", note: "Nơi ở. Tên cũ cũng được; tên cũ nay thuộc nhiều nơi thì ghi tên mới.",
		choices: func(lib *content.Library, _ *course.Catalogue) []string {
			return names(lib.Places, func(p *content.Place) string { return p.Name })
		},
		read: func(r *wishRow, s string) string {
			problem := readPlace(&r.row, s)
			r.wish.Place = r.course.Place
			return problem
		},
		write: func(lib *content.Library, _ *course.Catalogue, i *course.Interest) string {
			return placeCell.write(lib, &course.Course{Place: i.Place})
		}},
	{header: "Thôn", also: []string{"thôn bản", "khu", "thôn, bản, khu"}, width: 20, example: "Thôn Nam Hả Trong", note: "Thôn, bản hoặc khu.",
		read: func(r *wishRow, s string) string {
			if n := utf8.RuneCountInString(s); n > maxName {
				return tooLong(n, maxName)
			}
			r.wish.Village = s
			return ""
		},
		write: func(_ *content.Library, _ *course.Catalogue, i *course.Interest) string { return i.Village }},
	{header: "Nghề", also: []string{"nghề muốn học"}, width: 28, example: "Kỹ thuật chế biến món ăn (nấu ăn)", note: "Nghề muốn học. Đã ghi mã lớp thì bỏ trống được.",
		choices: func(lib *content.Library, _ *course.Catalogue) []string {
			return names(lib.Trades, func(t *content.Trade) string { return t.Name })
		},
		read: func(r *wishRow, s string) string {
			problem := readTrade(&r.row, s)
			r.wish.Trade = r.course.Trade
			return problem
		},
		write: func(lib *content.Library, _ *course.Catalogue, i *course.Interest) string {
			return tradeCell.write(lib, &course.Course{Trade: i.Trade})
		}},
	{header: "Mã lớp", also: []string{"lớp"}, width: 18, note: "Mã của lớp muốn học, nếu đã có lớp.",
		read: func(r *wishRow, s string) string {
			c := r.courses.Course(slug(s))
			if c == nil {
				return "không có lớp nào mã này: xem mã ở trang Lớp học, hoặc bỏ trống và ghi nghề"
			}
			r.wish.Course = c.ID
			return ""
		},
		write: func(_ *content.Library, courses *course.Catalogue, i *course.Interest) string {
			if c := courses.Course(i.Course); c != nil {
				return titleOf(c)
			}
			return i.Course
		}},
	{header: "Đã đồng ý", also: []string{"đồng ý", "có phiếu đồng ý"}, required: true, width: 12, example: "Có", note: "Có nếu người đó đã ký phiếu đồng ý để xã và nơi dạy xem thông tin này. Chưa ký thì không nhập.",
		choices: func(*content.Library, *course.Catalogue) []string { return []string{"Có"} },
		read: func(r *wishRow, s string) string {
			switch yes, ok := agreed(s); {
			case !ok:
				return "không rõ: ghi Có nếu đã ký phiếu đồng ý"
			case !yes:
				return "nghĩa là chưa đồng ý: xin người đó ký phiếu rồi mới nhập, hoặc xoá dòng này"
			}
			return ""
		},
		write: func(_ *content.Library, _ *course.Catalogue, i *course.Interest) string { return i.Consent }},
	{header: "Gọi khi có lớp", also: []string{"muốn được gọi", "gọi điện khi có lớp"}, width: 14, example: "Có", note: "Có nếu trên phiếu người đó muốn được gọi điện khi lớp sắp hết hạn hoặc có lớp mới cùng nghề. Bỏ trống là không.",
		choices: func(*content.Library, *course.Catalogue) []string { return []string{"Có", "Không"} },
		read: func(r *wishRow, s string) string {
			yes, ok := agreed(s)
			if !ok {
				return "không rõ: ghi Có, hoặc bỏ trống"
			}
			r.wish.Remind = yes
			return ""
		},
		write: func(_ *content.Library, _ *course.Catalogue, i *course.Interest) string {
			if i.Remind {
				return "Có"
			}
			return ""
		}},
}

// agreed reads a yes or a no.
func agreed(s string) (yes, ok bool) {
	for _, w := range agreedWords {
		if slices.ContainsFunc(w.words, func(x string) bool { return key(x) == key(s) }) {
			return w.value, true
		}
	}
	return false, false
}

const maxName = 80

func titleOf(c *course.Course) string {
	if c.Code != "" {
		return c.Code + " - " + c.Title
	}
	return c.Title
}

// PaperConsent is what stands as consent of a wish that came on paper.
const PaperConsent = "Phiếu giấy: đồng ý để xã và nơi dạy xem thông tin trong phiếu."

// CallConsent stands behind it when they want to be called.
const CallConsent = "Muốn được gọi điện khi lớp sắp hết hạn hoặc có lớp mới cùng nghề."

func (c *wishColumn) key() string { return slug(c.header) }

func (c *wishColumn) title() string {
	if c.required {
		return c.header + " *"
	}
	return c.header
}

// wishByHeader finds a column by the key of its header.
var wishByHeader = func() map[string]*wishColumn {
	m := map[string]*wishColumn{}
	for _, c := range wishColumns {
		for _, h := range append([]string{c.header}, c.also...) {
			m[key(h)] = c
		}
	}
	for _, h := range ignored {
		m[key(h)] = &wishColumn{}
	}
	return m
}()

// WishFields are the columns of wishes, as fields of a form.
func WishFields(lib *content.Library, courses *course.Catalogue) []Field {
	all := make([]Field, len(wishColumns))
	for i, c := range wishColumns {
		all[i] = Field{Key: c.key(), Label: c.header, Note: c.note, Required: c.required}
		if c.choices != nil {
			all[i].Choices = c.choices(lib, courses)
		}
	}
	return all
}

// WishTexts writes a wish as one would type it, by the keys of WishFields.
func WishTexts(lib *content.Library, courses *course.Catalogue, i course.Interest) map[string]string {
	texts := map[string]string{}
	for _, c := range wishColumns {
		if text := c.write(lib, courses, &i); text != "" {
			texts[c.key()] = text
		}
	}
	return texts
}

// wishes reads rows of the table.
type wishes struct {
	*book
	courses *course.Catalogue
}

// wish reads one from the texts of columns; problems are by column, nil for
// the whole.
func (w wishes) wish(texts map[*wishColumn]string) (course.Interest, map[*wishColumn]string) {
	r := &wishRow{row: row{book: w.book}, courses: w.courses}
	problems := map[*wishColumn]string{}
	for _, c := range wishColumns {
		text := clean(texts[c])
		switch {
		case text == "" || empty(text) && !c.required:
			if c.required {
				problems[c] = "cột “" + c.header + "” chưa ghi: " + c.note
			}
		case formulaError.MatchString(text):
			problems[c] = "“" + text + "” là lỗi của công thức: ghi lại bằng chữ"
		default:
			if problem := c.read(r, text); problem != "" {
				problems[c] = "“" + shortened(text) + "” " + problem
			}
		}
	}
	if c := r.courses.Course(r.wish.Course); c != nil {
		r.wish.Level = c.Level
		if r.wish.Trade == "" {
			r.wish.Trade = c.Trade
		}
	}
	if len(problems) == 0 && r.wish.Trade == "" {
		problems[nil] = "chưa ghi nghề hay mã lớp: ghi một trong hai"
	}
	if r.wish.Remind && r.wish.Phone == "" && len(problems) == 0 {
		problems[nil] = "muốn được gọi mà chưa có số: ghi “Điện thoại”, hoặc bỏ trống “Gọi khi có lớp”"
	}
	r.wish.Source, r.wish.State, r.wish.Consent = course.FromPaper, course.New, PaperConsent
	if r.wish.Remind {
		r.wish.Consent += " " + CallConsent
	}
	return r.wish, problems
}

// WishFromForm reads one wish that was typed into a form; problems are by the
// keys of WishFields, "" for the whole.
func WishFromForm(texts map[string]string, lib *content.Library, courses *course.Catalogue, reader Reader, now time.Time) (course.Interest, map[string]string) {
	byColumn := map[*wishColumn]string{}
	for _, c := range wishColumns {
		byColumn[c] = texts[c.key()]
	}
	i, found := wishes{newBook(lib, reader, now), courses}.wish(byColumn)
	problems := map[string]string{}
	for c, text := range found {
		if c == nil {
			problems[""] = "Anh/chị " + text + "."
			continue
		}
		problems[c.key()] = text + "."
	}
	return i, problems
}

// ReadWishes reads wishes of people who came with paper: all or nothing. They
// have no ID, time or author yet. The error is a *FileError, or of r.
func ReadWishes(r io.Reader, lib *content.Library, courses *course.Catalogue, reader Reader, now time.Time) (all []course.Interest, problems []Problem, err error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, nil, err
	}
	file, err := open(data)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	w := wishes{newBook(lib, reader, now), courses}
	if props, err := file.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		w.since1904 = *props.Date1904
	}
	for _, name := range file.GetSheetList() {
		if name == sheetNotes || name == sheetLists {
			continue
		}
		var rows [][]string
		if err := guarded(func() (err error) { rows, err = file.GetRows(name); return err }); err != nil {
			continue
		}
		found, all, problems := w.sheet(rows)
		switch {
		case !found:
			continue
		case len(problems) > 0:
			return nil, problems, nil
		case len(all) == 0:
			return nil, nil, &FileError{"file chưa có ai: ghi mỗi người một dòng dưới dòng tiêu đề rồi nhập lại"}
		}
		return all, nil, nil
	}
	return nil, nil, &FileError{"không thấy dòng tiêu đề có cột “Họ tên” và “Xã, phường”: lấy mẫu ở trang Nguyện vọng rồi chép dữ liệu vào"}
}

// sheet reads one sheet and says whether it is the one with wishes.
func (w wishes) sheet(rows [][]string) (found bool, all []course.Interest, problems []Problem) {
	var columns []*wishColumn
	seen := map[string]int{}
	for n, cells := range rows {
		switch {
		case blank(cells):
			continue
		case !found:
			if n >= headerRows {
				return false, nil, nil
			}
			columns, problems = wishHeaders(n+1, cells)
			found = columns != nil
			continue
		case len(all) >= maxRows:
			return true, nil, []Problem{{Row: n + 1, Text: fmt.Sprintf("file có hơn %d dòng: chia làm nhiều file", maxRows)}}
		}
		texts := map[*wishColumn]string{}
		at := map[*wishColumn]int{}
		for i, cell := range cells {
			if i < len(columns) && columns[i] != nil {
				texts[columns[i]], at[columns[i]] = strings.ReplaceAll(cell, "\n", "; "), i
			}
		}
		if strings.HasPrefix(key(texts[wishColumns[0]]), key(exampleCode)) {
			continue
		}
		i, wrong := w.wish(texts)
		for _, c := range append([]*wishColumn{nil}, wishColumns...) {
			text, bad := wrong[c]
			if !bad {
				continue
			}
			p := Problem{Row: n + 1, Text: text, What: "Dòng"}
			if place, ok := at[c]; ok && c != nil {
				p.Cell = cellName(place, n+1)
			}
			problems = append(problems, p)
		}
		if len(problems) >= maxProblems {
			return true, nil, append(problems, Problem{Row: n + 1, What: "Dòng", Text: "còn nữa, nhưng đến đây đã nhiều lỗi quá: sửa những lỗi trên rồi nhập lại"})
		}
		same := strings.Join([]string{key(i.Name), i.Phone, i.Place, i.Trade, i.Course}, "|")
		if first, twice := seen[same]; twice && len(wrong) == 0 {
			problems = append(problems, Problem{Row: n + 1, What: "Dòng", Text: fmt.Sprintf("trùng với dòng %d: xoá một trong hai", first)})
		}
		seen[same] = n + 1
		all = append(all, i)
	}
	return found, all, problems
}

// wishHeaders takes a row as that of the headers if it has the columns that
// must be there; else nil.
func wishHeaders(n int, cells []string) (columns []*wishColumn, problems []Problem) {
	has := map[*wishColumn]bool{}
	columns = make([]*wishColumn, len(cells))
	for i, cell := range cells {
		if strings.TrimSpace(cell) == "" {
			continue
		}
		c := wishByHeader[key(cell)]
		switch {
		case c == nil:
			problems = append(problems, Problem{n, cellName(i, n), fmt.Sprintf("cột “%s” không có trong mẫu: sửa tên cột, hoặc xoá cột", shortened(clean(cell))), "Dòng"})
		case c.header != "":
			columns[i], has[c] = c, true
		}
	}
	for _, c := range wishColumns {
		// Who leaves this column out is told so with each row.
		if c.required && !has[c] && c.header != "Đã đồng ý" {
			return nil, nil
		}
	}
	return columns, problems
}

// WishTemplate writes the workbook that officers begin with for people who
// came on paper.
func WishTemplate(w io.Writer, lib *content.Library, courses *course.Catalogue) error {
	f := excelize.NewFile()
	defer f.Close()
	t := &template{File: f, lib: lib}
	do := func() error {
		if err := t.SetSheetName("Sheet1", sheetWishes); err != nil {
			return err
		}
		for _, name := range []string{sheetNotes, sheetLists} {
			if _, err := t.NewSheet(name); err != nil {
				return err
			}
		}
		notes := [][]any{{"Cột", "Ghi thế nào", "Ví dụ"}, {"", "Mỗi người một dòng. Cột có dấu * phải ghi; cột khác chưa biết thì bỏ trống. Dòng có tên bắt đầu bằng “" + exampleCode + "” chỉ để xem. Có lỗi ở một ô thì không ai được nhập; sửa rồi nhập lại cả file. Không ghi số căn cước vào đây.", ""}}
		for i, c := range wishColumns {
			letter, err := excelize.ColumnNumberToName(i + 1)
			if err != nil {
				return err
			}
			style := t.head
			if c.required {
				style = t.must
			}
			var choices func(*content.Library) []string
			if c.choices != nil {
				choices = func(lib *content.Library) []string { return c.choices(lib, courses) }
			}
			for _, err := range []error{
				t.SetColStyle(sheetWishes, letter, t.plain), t.SetColWidth(sheetWishes, letter, letter, c.width),
				t.SetCellStr(sheetWishes, letter+"1", c.title()), t.SetCellStyle(sheetWishes, letter+"1", letter+"1", style),
				t.SetCellStr(sheetWishes, letter+"2", c.example), t.SetCellStyle(sheetWishes, letter+"2", letter+"2", t.grey),
				t.dropDown(sheetWishes, letter, c.header, choices),
			} {
				if err != nil {
					return err
				}
			}
			notes = append(notes, []any{c.title(), c.note, c.example})
		}
		if err := t.write(sheetNotes, notes, map[string]float64{"A": 22, "B": 90, "C": 34}); err != nil {
			return err
		}
		return t.SetPanes(sheetWishes, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	}
	for _, make := range []func() error{t.styles, do} {
		if err := make(); err != nil {
			return fmt.Errorf("template: %w", err)
		}
	}
	f.SetActiveSheet(0)
	_, err := f.WriteTo(w)
	return err
}

// write fills a sheet with rows under a header.
func (t *template) write(sheet string, rows [][]any, widths map[string]float64) error {
	for i, row := range rows {
		if err := t.SetSheetRow(sheet, fmt.Sprint("A", i+1), &row); err != nil {
			return err
		}
	}
	last := ""
	for letter, width := range widths {
		if err := t.SetColWidth(sheet, letter, letter, width); err != nil {
			return err
		}
		last = max(last, letter)
	}
	if err := t.SetCellStyle(sheet, "A2", fmt.Sprint(last, max(2, len(rows))), t.wrap); err != nil {
		return err
	}
	return t.SetCellStyle(sheet, "A1", last+"1", t.head)
}

// Interested writes those who wish to learn for a school: who they are, what
// they wish for, and what they agreed to. State tells how a state is called.
func Interested(w io.Writer, lib *content.Library, courses *course.Catalogue, all []course.Interest, state func(course.State) string, now time.Time) error {
	f := excelize.NewFile()
	defer f.Close()
	t := &template{File: f, lib: lib}
	if err := t.styles(); err != nil {
		return fmt.Errorf("list: %w", err)
	}
	const name = "Danh sách"
	rows := [][]any{{"STT", "Họ tên", "Điện thoại", "Năm sinh", "Xã, phường", "Thôn", "Nghề", "Lớp", "Tình trạng", "Ngày ghi", "Hỏi cho", "Đã đồng ý với"}}
	for n, i := range all {
		texts := WishTexts(lib, courses, i)
		rows = append(rows, []any{n + 1, i.Name, i.Phone, texts["nam-sinh"], texts["xa-phuong"], i.Village, texts["nghe"], texts["ma-lop"], state(i.State), i.CreatedAt.In(now.Location()).Format("02/01/2006"), i.Whom, i.Consent})
	}
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return fmt.Errorf("list: %w", err)
	}
	if err := t.write(name, rows, map[string]float64{"A": 6, "B": 26, "C": 15, "D": 10, "E": 22, "F": 20, "G": 28, "H": 28, "I": 14, "J": 12, "K": 12, "L": 50}); err != nil {
		return fmt.Errorf("list: %w", err)
	}
	_, err := f.WriteTo(w)
	return err
}
