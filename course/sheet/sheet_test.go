package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"nghe/content"
	"nghe/course"
	"nghe/course/sheet"
	"nghe/understand"
)

var (
	now    = time.Date(2026, 11, 24, 8, 0, 0, 0, time.FixedZone("Asia/Ho_Chi_Minh", 7*3600))
	lib    = content.MustBuiltin()
	reader = understand.New(lib)
)

// workbook makes a file with one sheet.
func workbook(t testing.TB, rows ...[]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func template(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := sheet.Template(&b, lib); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func read(t testing.TB, data []byte) ([]course.Course, []sheet.Problem, error) {
	t.Helper()
	return sheet.Read(bytes.NewReader(data), lib, reader, now)
}

// one reads a single row with these columns.
func one(t testing.TB, cells map[string]any) (course.Course, []string) {
	t.Helper()
	head, row := []any{"Nghề", "Tình trạng"}, []any{"nấu ăn", "đang nhận"}
	for name, v := range cells {
		if i := slices.Index(head, any(name)); i >= 0 {
			row[i] = v
			continue
		}
		head, row = append(head, name), append(row, v)
	}
	courses, problems, err := read(t, workbook(t, head, row))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.String())
	}
	if len(courses) == 0 {
		return course.Course{}, lines
	}
	return courses[0], lines
}

func TestTemplate(t *testing.T) {
	data := template(t)
	_, problems, err := read(t, data)
	if err == nil || !strings.Contains(err.Error(), "chưa có lớp nào") || len(problems) > 0 {
		t.Errorf("the example is imported: %v %v", problems, err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := f.GetSheetList(); !slices.Equal(got, []string{"Lớp", "Hướng dẫn", "Danh mục"}) {
		t.Errorf("sheets %q", got)
	}
	lists, err := f.GetDataValidations("Lớp")
	if err != nil || len(lists) != 5 {
		t.Errorf("%d drop-downs, %v", len(lists), err)
	}

	// The example is right: with another code it is a course with everything
	// in it that the template shows.
	if err := f.SetCellStr("Lớp", "A2", "NA-01"); err != nil {
		t.Fatal(err)
	}
	var changed bytes.Buffer
	if _, err := f.WriteTo(&changed); err != nil {
		t.Fatal(err)
	}
	courses, problems, err := read(t, changed.Bytes())
	if err != nil || len(problems) > 0 || len(courses) != 1 {
		t.Fatalf("%v %v %v", courses, problems, err)
	}
	c := courses[0]
	if c.ID != "na-01" || c.Trade != "nau-an" || c.Place != "ba-che" || c.Deadline != "2026-12-15" || c.End != "2027-03" || *c.Fee != 0 || *c.Days != 60 ||
		c.Level != course.Elementary || !*c.AtVillage || len(c.Papers) != 2 || c.Standing("2026-11-24") != course.Open {
		t.Errorf("%+v", c)
	}

	// Every item of the drop-downs is read.
	rows, err := f.GetCols("Danh mục")
	if err != nil || len(rows) != 5 {
		t.Fatal(len(rows), err)
	}
	for _, col := range rows {
		col = slices.DeleteFunc(col, func(item string) bool { return item == "" }) // short columns are filled up
		table := [][]any{{"Mã lớp", "Nghề", "Tình trạng", col[0]}}
		if i := slices.Index(table[0], any(col[0])); i < 3 {
			table[0][3] = "Nguồn"
		}
		for i, item := range col[1:] {
			row := []any{fmt.Sprint("m", i), "hàn", "đang nhận", item}
			if at := slices.Index(table[0], any(col[0])); at < 3 {
				row[at], row[3] = item, ""
			}
			table = append(table, row)
		}
		if courses, problems, err := read(t, workbook(t, table...)); err != nil || len(problems) > 0 || len(courses) != len(col)-1 {
			t.Errorf("%s: %d courses of %d, %v %v", col[0], len(courses), len(col)-1, problems, err)
		}
	}
}

func TestCells(t *testing.T) {
	day := func(c course.Course) string { return string(c.Deadline) }
	fee := func(c course.Course) string { return number(c.Fee) }
	for _, c := range []struct {
		column string
		cell   any
		field  func(course.Course) string
		want   string // of the field, or the end of the problem
	}{
		{"Hạn đăng ký", "20/11/2026", day, "2026-11-20"},
		{"Hạn đăng ký", "5-1-2027", day, "2027-01-05"},
		{"Hạn đăng ký", "20.12.2026", day, "2026-12-20"},
		{"Hạn đăng ký", "ngày 20 tháng 12 năm 2026", day, "2026-12-20"},
		{"Hạn đăng ký", "20/12/27", day, "2027-12-20"},
		{"Hạn đăng ký", "12/2026", day, "2026-12"},
		{"Hạn đăng ký", "tháng 1/2027", day, "2027-01"},
		{"Hạn đăng ký", "2026-12-20", day, "2026-12-20"},
		{"Hạn đăng ký", "2026-12-20 00:00:00", day, "2026-12-20"},
		{"Hạn đăng ký", 46376, day, "2026-12-20"},
		{"Hạn đăng ký", time.Date(2026, 12, 20, 0, 0, 0, 0, time.UTC), day, "2026-12-20"},
		{"hạn  ĐĂNG KÝ *", "chưa rõ", day, ""},
		{"Hạn đăng ký", "-", day, ""},
		{"Hạn đăng ký", "tháng 13/2026", nil, "C2: “tháng 13/2026” không phải ngày: ghi dạng 20/11/2026, hoặc chỉ tháng 11/2026"},
		{"Hạn đăng ký", "31/11/2026", nil, "không phải ngày: ghi dạng 20/11/2026, hoặc chỉ tháng 11/2026"},
		{"Hạn đăng ký", "20/11", nil, "thiếu ngày, tháng hoặc năm: ghi dạng 20/11/2026, hoặc chỉ tháng 11/2026"},
		{"Hạn đăng ký", "tháng 12", nil, "thiếu ngày, tháng hoặc năm: ghi dạng 20/11/2026, hoặc chỉ tháng 11/2026"},
		{"Hạn đăng ký", "2026", nil, "thiếu ngày, tháng hoặc năm: ghi dạng 20/11/2026, hoặc chỉ tháng 11/2026"},
		{"Hạn đăng ký", "20/11/2026 hoặc 25/11/2026", nil, "có nhiều hơn một ngày: ghi dạng 20/11/2026, hoặc chỉ tháng 11/2026; điều khác ghi ở cột Lịch học"},
		{"Hạn đăng ký", "20/12/2026 nếu đủ người", nil, "điều khác ghi ở cột Lịch học"},
		{"Hạn đăng ký", "20/11/1990", nil, "không hợp lý (năm 1990): ghi dạng 20/11/2026, hoặc chỉ tháng 11/2026"},
		{"Hạn đăng ký", "sắp tới", nil, "không phải ngày: ghi dạng 20/11/2026, hoặc chỉ tháng 11/2026"},
		{"Hạn đăng ký", "#REF!", nil, "“#REF!” là lỗi của công thức: ghi lại bằng chữ"},

		{"Học phí", "2.500.000", fee, "2500000"},
		{"Học phí", "2.500.000đ", fee, "2500000"},
		{"Học phí", "2 triệu rưỡi", fee, "2500000"},
		{"Học phí", "2tr5", fee, "2500000"},
		{"Học phí", 2500000, fee, "2500000"},
		{"Học phí", 2.5e6, fee, "2500000"},
		{"Học phí", "miễn phí", fee, "0"},
		{"Học phí", 0, fee, "0"},
		{"Học phí", "", fee, "nil"},
		{"Học phí", "tuỳ", nil, "không phải số tiền: ghi dạng 2.500.000, miễn phí thì ghi 0"},
		{"Học phí", 250, nil, "ít quá: ghi đủ số tiền, ví dụ 2.500.000"},
		{"Học phí", "-2000000", nil, "không hợp lý: ghi học phí cả khoá, ví dụ 2.500.000"},

		{"Số ngày học", "60 ngày", func(c course.Course) string { return number(c.Days) }, "60"},
		{"Số ngày học", 60, func(c course.Course) string { return number(c.Days) }, "60"},
		{"Chỉ tiêu", "1.200", func(c course.Course) string { return number(c.Quota) }, "1200"},
		{"Chỉ tiêu", "30-35", nil, "không phải một số: ghi dạng 35"},
		{"Chỉ tiêu", 0, nil, "không hợp lý: ghi một số từ 1 đến 10.000"},

		{"Nghề", "Thợ hàn", func(c course.Course) string { return c.Trade }, "han"},
		{"Nghề", "NAU AN", func(c course.Course) string { return c.Trade }, "nau-an"},
		{"Nghề", "phi công", nil, "A2: “phi công” không có trong danh mục nghề: chọn trong danh sách (sheet “Danh mục”)"},
		{"Xã, phường", "xã Ba Chẽ", func(c course.Course) string { return c.Place }, "ba-che"},
		{"Xã, phường", "tien yen", func(c course.Course) string { return c.Place }, "tien-yen"},
		{"Xã, phường", "xã Đồn Đạc cũ", func(c course.Course) string { return c.Place }, "ba-che"},
		{"Xã, phường", "xã Yên Than cũ", nil, "nay thuộc nhiều nơi: chọn “Xã Điền Xá” hoặc “Xã Tiên Yên”"},
		{"Xã, phường", "thôn Khe Vang, xã Ba Chẽ", nil, "có thêm chữ khác: chỉ ghi xã, phường (Xã Ba Chẽ?), thôn ghi ở cột Địa điểm học"},
		{"Xã, phường", "Sài Gòn", nil, "không có trong tỉnh: chọn xã, phường, đặc khu trong danh sách (sheet “Danh mục”)"},
		{"Trình độ", "so cap", func(c course.Course) string { return string(c.Level) }, "so-cap"},
		{"Trình độ", "đại học", nil, "không có trong danh sách: chọn Tập huấn, Dưới 3 tháng, Sơ cấp, Trung cấp, Cao đẳng"},
		{"Tình trạng", "Đủ người", func(c course.Course) string { return string(c.Status) }, "full"},
		{"Điện thoại", "0203 3825 111 / 0912.345.678", func(c course.Course) string { return c.ContactPhone }, "02033825111, 0912345678"},
		{"Điện thoại", 912345678, func(c course.Course) string { return c.ContactPhone }, "0912345678"},
		{"Điện thoại", "gặp cô Lan", nil, "nhiều số thì cách nhau bằng dấu chấm phẩy"},
		{"Giấy tờ", "đơn;  căn cước\nảnh", func(c course.Course) string { return strings.Join(c.Papers, "|") }, "đơn|căn cước|ảnh"},
		{"Tên lớp", "Lớp {name}\u202e", func(c course.Course) string { return c.Title }, "Lớp (name)"},
		{"Tên lớp", "?", func(c course.Course) string { return c.Title }, "Kỹ thuật chế biến món ăn (nấu ăn)"},
		{"Tên lớp", strings.Repeat("dài ", 50), nil, "dài 199 chữ: viết gọn lại, nhiều nhất 120 chữ"},
		{"Mã lớp", "NA 01/2026", func(c course.Course) string { return c.ID + " " + c.Code }, "na-01-2026 NA 01/2026"},
		{"Mã lớp", "***", nil, "ghi mã bằng chữ và số, ví dụ NA-01"},
		{"Dạy tại thôn", "x", func(c course.Course) string { return fmt.Sprint(*c.AtVillage) }, "true"},
	} {
		got, problems := one(t, map[string]any{c.column: c.cell})
		switch {
		case c.field == nil && (len(problems) != 1 || !strings.HasSuffix(problems[0], c.want)):
			t.Errorf("%s %v: problems %q, want …%s", c.column, c.cell, problems, c.want)
		case c.field != nil && len(problems) > 0:
			t.Errorf("%s %v: %q", c.column, c.cell, problems)
		case c.field != nil && c.field(got) != c.want:
			t.Errorf("%s %v: %q, want %q", c.column, c.cell, c.field(got), c.want)
		}
	}
}

func number(n *int64) string {
	if n == nil {
		return "nil"
	}
	return fmt.Sprint(*n)
}

// Every bad row and cell is named at once, and nothing is read then.
func TestEveryProblemIsNamed(t *testing.T) {
	courses, problems, err := read(t, workbook(t,
		[]any{"DANH SÁCH LỚP NĂM 2026"},
		[]any{"STT", "Nghề", "Tình trạng", "Xã, phường", "Tuổi từ", "Tuổi đến", "Khai giảng", "Bế giảng", "Mã lớp", "Cột lạ"},
		[]any{1, "han", "đang nhận", "Ba Chẽ"},
		[]any{2, "", "chẳng biết", "Ba Chẽ", 40, 30},
		[]any{},
		[]any{3, "han", "đang nhận", "Tiên Yên", 40, 30},
		[]any{4, "han", "đang nhận", "Ba Chẽ", "", "", "2/2027", "1/1/2027"},
		[]any{5, "hàn", "Đang nhận", "xã ba chẽ"},
		[]any{6, "han", "đang nhận", "", "", "", "", "", "A 1"},
		[]any{7, "han", "đang nhận", "", "", "", "", "", "a-1"},
	))
	if err != nil || courses != nil {
		t.Errorf("%v %v", courses, err)
	}
	want := []string{
		"Lớp hàng 2, ô J2: cột “Cột lạ” không có trong mẫu: sửa tên cột, hoặc xoá cột (các cột có trong sheet “Hướng dẫn” của mẫu)",
		"Lớp hàng 4, ô C4: “chẳng biết” không có trong danh sách: chọn Sắp mở, Đang nhận, Đủ người, Đang học, Đã xong, Đã huỷ, Chưa rõ",
		"Lớp hàng 4, ô B4: cột “Nghề” chưa ghi: Chọn trong danh sách, hoặc gõ tên thường gọi (“nấu ăn”, “hàn”).",
		"Lớp hàng 6: “Tuổi từ” lớn hơn “Tuổi đến”: sửa một trong hai ô",
		"Lớp hàng 7: “Bế giảng” trước “Khai giảng”: sửa một trong hai ngày",
		"Lớp hàng 8: trùng với hàng 3: ghi mã ở cột “Mã lớp” nếu là hai lớp, xoá một dòng nếu là một",
		"Lớp hàng 10: trùng với hàng 9: ghi mã khác nhau ở cột “Mã lớp”",
	}
	var got []string
	for _, p := range problems {
		got = append(got, p.String())
	}
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The same row again is the same course, whatever else in it has changed.
func TestIdentity(t *testing.T) {
	a, _ := one(t, map[string]any{"Tên lớp": "Lớp hàn", "Xã, phường": "Ba Chẽ", "Khai giảng": "20/12/2026"})
	b, _ := one(t, map[string]any{"Tên lớp": "lớp HÀN", "Xã, phường": "xã Ba Chẽ", "Khai giảng": "20-12-2026", "Chỉ tiêu": 35, "Tình trạng": "đủ người"})
	c, _ := one(t, map[string]any{"Tên lớp": "Lớp hàn", "Xã, phường": "Tiên Yên", "Khai giảng": "20/12/2026"})
	if a.ID != b.ID || a.ID == c.ID || len(a.ID) > course.MaxID {
		t.Errorf("%s %s %s", a.ID, b.ID, c.ID)
	}
	d, _ := one(t, map[string]any{"Mã lớp": "H1", "Tên lớp": "Lớp hàn"})
	e, _ := one(t, map[string]any{"Mã lớp": "h-1 ", "Tên lớp": "Lớp khác"})
	if d.ID != "h1" || e.ID != "h-1" {
		t.Errorf("%s %s", d.ID, e.ID)
	}
}

func TestForeignFiles(t *testing.T) {
	good := workbook(t, []any{"Nghề", "Tình trạng"}, []any{"hàn", "đang nhận"})
	if _, _, err := read(t, good); err != nil {
		t.Fatal(err)
	}
	var zipped bytes.Buffer
	z := zip.NewWriter(&zipped)
	if w, err := z.Create("readme.txt"); err != nil {
		t.Fatal(err)
	} else if _, err := w.Write([]byte("xin chào")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	encrypted, err := excelize.Encrypt(good, &excelize.Options{Password: "x"})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"empty file":        {nil, "file rỗng"},
		"text":              {[]byte("Nghề;Tình trạng\nhàn;đang nhận\n"), "không phải file Excel"},
		"another zip":       {zipped.Bytes(), "không"},
		"cut off":           {good[:len(good)/2], "có thể file hỏng"},
		"encrypted":         {encrypted, "có mật khẩu"},
		"empty sheet":       {workbook(t), "không thấy dòng tiêu đề"},
		"another table":     {workbook(t, []any{"Họ tên", "Tuổi"}, []any{"An", 20}), "không thấy dòng tiêu đề"},
		"headers only":      {workbook(t, []any{"Nghề", "Tình trạng"}), "chưa có lớp nào"},
		"huge":              {append([]byte("PK"), make([]byte, 21<<20)...), "lớn quá"},
		"packed very small": {bomb(t), "lớn quá"},
	} {
		courses, problems, err := read(t, c.data)
		var told *sheet.FileError
		if courses != nil || problems != nil || !errors.As(err, &told) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v %v %v, want …%s", name, courses, problems, err, c.want)
		}
	}
}

// bomb is a small file that says of itself that it unpacks to half a gigabyte.
func bomb(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	header := &zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CompressedSize64: 3, UncompressedSize64: 512 << 20}
	w, err := z.CreateRaw(header)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte{1, 2, 3}); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Whatever stands in a cell: a problem with its place, or a course that is
// sound, and nothing in between.
func TestAnyCell(t *testing.T) {
	headers := []string{"Mã lớp", "Tên lớp", "Nghề", "Tình trạng", "Trình độ", "Xã, phường", "Hạn đăng ký", "Khai giảng", "Học phí", "Số ngày học", "Giấy tờ", "Điện thoại", "Dạy tại thôn"}
	typed := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9]{1,8}[-/. ,e]?[0-9]{0,4}[-/.]?[0-9]{0,4}`),
		rapid.SampledFrom([]string{"tháng 2", "32/1/2026", "2 triệu", "Ba Chẽ", "hạ long", "học may", "=1+1", "#N/A", "1e308", "NaN", "-0", "0x1p4", "\u202e{x}"}))
	rapid.Check(t, func(r *rapid.T) {
		cells := map[string]any{}
		for _, h := range headers {
			if rapid.Bool().Draw(r, "has "+h) {
				text := typed.Draw(r, h)
				cells[h] = text
			}
		}
		c, problems := one(t, cells)
		for _, p := range problems {
			if !strings.HasPrefix(p, "Lớp hàng 2") || !strings.Contains(p, ": ") || strings.ContainsAny(p, "\n\x00\u202e") {
				r.Errorf("problem %q", p)
			}
		}
		if len(problems) > 0 {
			return
		}
		if c.ID == "" || len(c.ID) > course.MaxID || strings.Trim(c.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || c.Title == "" || lib.Trade(c.Trade) == nil || c.Place != "" && lib.Place(c.Place) == nil {
			r.Errorf("%+v", c)
		}
		for _, d := range []course.Day{c.Deadline, c.Start} {
			if !d.Valid() || d != "" && (d < "2011" || d > "2032") {
				r.Errorf("day %q", d)
			}
		}
		if c.Fee != nil && *c.Fee < 0 || c.Days != nil && *c.Days < 1 || strings.ContainsAny(c.Title+strings.Join(c.Papers, ""), "{}\n\u202e") {
			r.Errorf("%+v", c)
		}
	})
}

func FuzzFile(f *testing.F) {
	f.Add(template(f))
	f.Add(workbook(f, []any{"Nghề", "Tình trạng"}, []any{"hàn", "đang nhận"}))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		courses, problems, err := read(t, data)
		if err == nil && (len(courses) == 0) == (len(problems) == 0) {
			t.Errorf("%d courses, %d problems", len(courses), len(problems))
		}
	})
}

// FuzzPart puts foreign XML into the sheet of a sound workbook: more gets
// further in than with foreign bytes.
func FuzzPart(f *testing.F) {
	good := workbook(f, []any{"Nghề", "Tình trạng", "Học phí"}, []any{"hàn", "đang nhận", 5})
	const part = "xl/worksheets/sheet1.xml"
	z, err := zip.NewReader(bytes.NewReader(good), int64(len(good)))
	if err != nil {
		f.Fatal(err)
	}
	parts := map[string][]byte{}
	for _, file := range z.File {
		r, err := file.Open()
		if err != nil {
			f.Fatal(err)
		}
		if parts[file.Name], err = io.ReadAll(r); err != nil {
			f.Fatal(err)
		}
	}
	f.Add(parts[part])
	f.Add([]byte(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>99999</v></c></row><row r="-5"/></sheetData></worksheet>`))
	f.Fuzz(func(t *testing.T, xml []byte) {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for name, data := range parts {
			if name == part {
				data = xml
			}
			p, err := w.Create(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Write(data); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		courses, problems, err := read(t, b.Bytes())
		if err == nil && (len(courses) == 0) == (len(problems) == 0) {
			t.Errorf("%d courses, %d problems", len(courses), len(problems))
		}
	})
}

// 5,000 rows as an office would have them.
func BenchmarkRead(b *testing.B) {
	rows := [][]any{{"Mã lớp", "Tên lớp", "Nghề", "Tình trạng", "Trình độ", "Xã, phường", "Địa điểm học", "Hạn đăng ký", "Khai giảng", "Thời gian học", "Số ngày học", "Học phí", "Đơn vị dạy", "Chỉ tiêu", "Giấy tờ"}}
	for i := range 5000 {
		trade, place := lib.Trades[i%len(lib.Trades)], lib.Places[i%len(lib.Places)]
		rows = append(rows, []any{fmt.Sprint("L", i), fmt.Sprint("Lớp ", trade.Name), trade.Name, "Đang nhận", "Sơ cấp", place.Name, "Nhà văn hoá thôn", "20/12/2026", "5/1/2027", "3 tháng", 60, "2 triệu rưỡi", "Trung tâm", 35, "Đơn; căn cước"})
	}
	data := workbook(b, rows...)
	b.ReportAllocs()
	for b.Loop() {
		if courses, problems, err := read(b, data); len(courses) != 5000 || err != nil {
			b.Fatal(len(courses), problems, err)
		}
	}
}
