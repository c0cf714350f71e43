package sheet

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/viet"
)

// Limits of what is kept of one cell, in characters.
const (
	maxCode  = course.MaxID
	maxTitle = 120
	maxLine  = 300
	maxItems = 12
)

// Reader reads what people type; package understand has it.
type Reader interface {
	Place(text string) (ids []string, label string, fit dialog.Fit)
	Trade(text string) (ids []string, fit dialog.Fit)
	Number(text string) (int64, dialog.Fit)
	Money(text string) (int64, dialog.Fit)
}

// row is one row being read.
type row struct {
	*book
	course course.Course
}

// clean makes the text of a cell fit to be kept and told. Braces would be
// places to fill in a text that is told.
func clean(s string) string {
	return strings.NewReplacer("{", "(", "}", ")").Replace(viet.Clean(s, excelize.TotalCellChars))
}

// empty says that a cell leaves its question open.
func empty(s string) bool {
	switch key(s) {
	case "chua ro", "khong ro", "chua biet", "khong biet", "chua co", "chua":
		return true
	}
	return strings.Trim(s, " -–—?.…") == ""
}

func tooLong(n, most int) string {
	return fmt.Sprintf("dài %d chữ: viết gọn lại, nhiều nhất %d chữ", n, most)
}

func text(most int, field func(*course.Course) *string) cell {
	return cell{
		read: func(r *row, s string) string {
			if n := utf8.RuneCountInString(s); n > most {
				return tooLong(n, most)
			}
			*field(&r.course) = s
			return ""
		},
		write: func(_ *content.Library, c *course.Course) string { return *field(c) },
	}
}

func list(field func(*course.Course) *[]string) cell {
	read := func(r *row, s string) string {
		var items []string
		for item := range strings.SplitSeq(s, ";") {
			if item = strings.TrimSpace(item); item == "" {
				continue
			}
			if n := utf8.RuneCountInString(item); n > maxLine {
				return "một mục " + tooLong(n, maxLine)
			}
			items = append(items, item)
		}
		if len(items) > maxItems {
			return fmt.Sprintf("có %d mục: nhiều nhất %d mục", len(items), maxItems)
		}
		*field(&r.course) = items
		return ""
	}
	return cell{read, func(_ *content.Library, c *course.Course) string { return strings.Join(*field(c), "; ") }}
}

func choice[T comparable](words []word[T], field func(*course.Course) *T) cell {
	read := func(r *row, s string) string {
		for _, w := range words {
			if slices.ContainsFunc(w.words, func(x string) bool { return key(x) == key(s) }) {
				*field(&r.course) = w.value
				return ""
			}
		}
		return "không có trong danh sách: chọn " + strings.Join(labels(words), ", ")
	}
	return cell{read, func(_ *content.Library, c *course.Course) string { return labelOf(words, *field(c)) }}
}

var villageCell = cell{readYesNo, func(_ *content.Library, c *course.Course) string {
	if c.AtVillage == nil {
		return ""
	}
	return labelOf(yesWords, *c.AtVillage)
}}

func readYesNo(r *row, s string) string {
	var yes bool
	problem := choice(yesWords, func(*course.Course) *bool { return &yes }).read(r, s)
	if problem == "" {
		r.course.AtVillage = &yes
	}
	return problem
}

// number reads "35", "35 người", and what Excel makes of it: "35.0".
func number(least, most int64, field func(*course.Course) **int64) cell {
	read := func(r *row, s string) string {
		n, ok := whole(s)
		if !ok {
			var fit dialog.Fit
			n, fit = r.reader.Number(s)
			ok = fit == dialog.Exact && numbers(s) <= 1 && !between.MatchString(s)
		}
		switch {
		case !ok:
			return "không phải một số: ghi dạng 35"
		case n < least || n > most:
			return fmt.Sprintf("không hợp lý: ghi một số từ %d đến %s", least, viet.FormatNumber(most))
		}
		*field(&r.course) = &n
		return ""
	}
	return cell{read, func(_ *content.Library, c *course.Course) string {
		if n := *field(c); n != nil {
			return strconv.FormatInt(*n, 10)
		}
		return ""
	}}
}

// numbers counts the words that are written with digits.
func numbers(s string) (n int) {
	for _, w := range viet.Words(s) {
		if strings.ContainsAny(w.Fold, "0123456789") {
			n++
		}
	}
	return n
}

var (
	digits  = regexp.MustCompile(`\d+`)
	between = regexp.MustCompile(`\d\s*[-–/]\s*\d`) // “30-35”
)

// whole reads a number that Excel holds as one.
func whole(s string) (int64, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != float64(int64(f)) || strings.ContainsAny(s, "xXpP_iInN") {
		return 0, false
	}
	// "2.500" is typed for 2500; Excel writes no zeros behind the point.
	if _, after, point := strings.Cut(s, "."); point && !strings.ContainsAny(s, "eE") && after != "0" {
		return 0, false
	}
	return int64(f), true
}

// maxFee is more than any class costs.
const maxFee = 500_000_000

func money(field func(*course.Course) **int64) cell {
	read := func(r *row, s string) string {
		n, ok := whole(s)
		if !ok {
			switch key(s) {
			case "mien phi", "khong mat tien", "khong dong", "khong thu":
				n, ok = 0, true
			default:
				var fit dialog.Fit
				n, fit = r.reader.Money(s)
				ok = fit == dialog.Exact
			}
		}
		switch {
		case !ok:
			return "không phải số tiền: ghi dạng 2.500.000, miễn phí thì ghi 0"
		case n < 0 || n > maxFee:
			return "không hợp lý: ghi học phí cả khoá, ví dụ 2.500.000"
		case n != 0 && n < 1000:
			return "ít quá: ghi đủ số tiền, ví dụ 2.500.000"
		}
		*field(&r.course) = &n
		return ""
	}
	return cell{read, func(_ *content.Library, c *course.Course) string {
		if n := *field(c); n != nil {
			return viet.FormatNumber(*n)
		}
		return ""
	}}
}

const howDay = "ghi dạng 20/11/2026, hoặc chỉ tháng 11/2026"

func day(field func(*course.Course) *course.Day) cell {
	read := func(r *row, s string) string {
		d, problem := r.day(s)
		*field(&r.course) = d
		return problem
	}
	return cell{read, func(_ *content.Library, c *course.Course) string { return written(*field(c)) }}
}

// written gives a day as it is typed: “20/11/2026”, “11/2026”.
func written(d course.Day) string {
	switch {
	case d == "" || !d.Valid():
		return ""
	case d.MonthOnly():
		return d.Time().Format("01/2006")
	}
	return d.Time().Format("02/01/2006")
}

var (
	// The words that stand in a day and nothing else.
	dayWords = regexp.MustCompile(`^(ngay |mung |thang |nam |dau |cuoi |giua |khoang |trong )*$`)
	dotted   = regexp.MustCompile(`\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b|\b(\d{1,2})\.(\d{4})\b`)
	clock    = regexp.MustCompile(`[ T]00:00(:00)?$`)
)

// day reads a day or a month as it is typed, or as Excel counts it.
func (r *row) day(s string) (course.Day, string) {
	if f, err := strconv.ParseFloat(s, 64); err == nil && f >= 36526 && f < 80000 { // since 2000
		t, err := excelize.ExcelDateToTime(f, r.since1904)
		if err != nil {
			return "", "không phải ngày: " + howDay
		}
		return r.possible(course.DayOf(t))
	}
	s = clock.ReplaceAllString(s, "")
	s = dotted.ReplaceAllStringFunc(s, func(m string) string { return strings.ReplaceAll(m, ".", "/") })
	read, ok := viet.Date(s, r.now)
	if !ok {
		return "", "không phải ngày: " + howDay
	}
	// Everything else in the cell must belong to the day: of two days, or a
	// day and a condition, the wrong one might be told.
	others, parts, years := "", 0, 0
	for _, w := range viet.Words(s) {
		n := digits.FindAllString(w.Fold, -1)
		if len(n) == 0 {
			others += w.Fold + " "
		}
		parts += len(n)
		for _, x := range n {
			if len(x) == 4 {
				years++
			}
		}
	}
	want := 2
	if read.Day > 0 {
		want = 3
	}
	switch {
	case read.Month == 0, parts < want:
		return "", "thiếu ngày, tháng hoặc năm: " + howDay
	case parts > want, !dayWords.MatchString(others):
		return "", "có nhiều hơn một ngày: " + howDay + "; điều khác ghi ở cột Lịch học"
	case years == 0: // "20/11/27": it is about classes, not births
		read.Year = 2000 + read.Year%100
	}
	return r.possible(course.Day(read.String()))
}

// possible refuses days that no announcement of today can mean.
func (r *row) possible(d course.Day) (course.Day, string) {
	first, last := course.DayOf(r.now.AddDate(-15, 0, 0)), course.DayOf(r.now.AddDate(5, 0, 0))
	if !d.Valid() || d < first || d > last {
		return "", fmt.Sprintf("không hợp lý (năm %.4s): %s", string(d), howDay)
	}
	return d, ""
}

var codeCell = cell{readCode, func(_ *content.Library, c *course.Course) string { return c.Code }}

func readCode(r *row, s string) string {
	if n := utf8.RuneCountInString(s); n > maxCode {
		return tooLong(n, maxCode)
	}
	if slug(s) == "" {
		return "không có chữ hay số nào: ghi mã bằng chữ và số, ví dụ NA-01"
	}
	r.course.Code = s
	return ""
}

// slug writes a code in the letters that a button may hold.
func slug(s string) string {
	var b strings.Builder
	for _, c := range viet.Fold(s) {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String()[:min(b.Len(), course.MaxID)], "-")
}

// identity gives the id of a course: by its code, else by what it is.
func identity(c *course.Course) string {
	if c.Code != "" {
		return slug(c.Code)
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{key(c.Title), c.Place, string(c.Start)}, "|")))
	return "k-" + hex.EncodeToString(sum[:6])
}

var tradeCell = cell{readTrade, func(lib *content.Library, c *course.Course) string {
	if t := lib.Trade(c.Trade); t != nil {
		return t.Name
	}
	return c.Trade
}}

func readTrade(r *row, s string) string {
	if id, ok := r.trades[key(s)]; ok {
		r.course.Trade = id
		return ""
	}
	ids, fit := r.reader.Trade(s)
	switch {
	case fit == dialog.Exact && len(ids) == 1:
		r.course.Trade = ids[0]
		return ""
	case fit == dialog.Exact && len(ids) > 1:
		return "có thể là nhiều nghề: chọn " + r.either(ids, func(id string) string { return r.lib.Trade(id).Name })
	}
	return "không có trong danh mục nghề: chọn trong danh sách (sheet “" + sheetLists + "”)"
}

var placeCell = cell{readPlace, func(lib *content.Library, c *course.Course) string {
	if p := lib.Place(c.Place); p != nil {
		return p.Name
	}
	return c.Place
}}

func readPlace(r *row, s string) string {
	ids, _, fit := r.reader.Place(s)
	switch {
	case fit == dialog.None || len(ids) == 0:
		return "không có trong tỉnh: chọn xã, phường, đặc khu trong danh sách (sheet “" + sheetLists + "”)"
	case len(ids) > 1:
		return "nay thuộc nhiều nơi: chọn " + r.either(ids, func(id string) string { return r.lib.Place(id).Name })
	case fit == dialog.Part:
		return "có thêm chữ khác: chỉ ghi xã, phường (" + r.lib.Place(ids[0]).Name + "?), thôn ghi ở cột Địa điểm học"
	}
	r.course.Place = ids[0]
	return ""
}

// either names some of several things.
func (b *book) either(ids []string, name func(string) string) string {
	const most = 4
	var all []string
	for _, id := range ids[:min(len(ids), most)] {
		all = append(all, "“"+name(id)+"”")
	}
	if len(ids) > most {
		return strings.Join(all, ", ") + ", …"
	}
	return strings.Join(all, " hoặc ")
}

var phoneBreaks = regexp.MustCompile(`[;,/\n]|hoặc|hoac`)

var phonesCell = cell{readPhones, func(_ *content.Library, c *course.Course) string { return c.ContactPhone }}

// readPhones reads one number or several. Excel loses the zero that a number
// begins with.
func readPhones(r *row, s string) string {
	var all []string
	for _, one := range phoneBreaks.Split(s, -1) {
		if strings.TrimSpace(one) == "" {
			continue
		}
		phone, ok := viet.Phone(one)
		if n, isNumber := whole(strings.TrimSpace(one)); !ok && isNumber && n >= 200_000_000 && n < 10_000_000_000 {
			phone, ok = viet.Phone("0" + strconv.FormatInt(n, 10))
		}
		if !ok {
			return "không phải số điện thoại: ghi đủ số, bắt đầu bằng 0; nhiều số thì cách nhau bằng dấu chấm phẩy"
		}
		all = append(all, phone)
	}
	r.course.ContactPhone = strings.Join(all, ", ")
	return ""
}

// book is what all rows are read with.
type book struct {
	lib       *content.Library
	reader    Reader
	trades    map[string]string // id by key of name
	now       time.Time
	since1904 bool // how Excel counts days
}

func newBook(lib *content.Library, reader Reader, now time.Time) *book {
	b := &book{lib: lib, reader: reader, now: now, trades: map[string]string{}}
	for _, t := range lib.Trades {
		b.trades[key(t.Name)], b.trades[key(t.ID)] = t.ID, t.ID
	}
	return b
}
