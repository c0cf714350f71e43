package sheet_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nghe/course"
	"nghe/course/sheet"
	"nghe/demo"
)

// What is written out is read back as it was: as a table, and as a form.
func TestOutAndIn(t *testing.T) {
	all := demo.Courses(lib, now)
	for i := range all {
		// Invented ones are marked by their code, and then not read.
		all[i].Code, all[i].ID = fmt.Sprint("L ", i), fmt.Sprint("l-", i)
	}
	all[1].Code, all[1].ID = "", "k-of-another-title"
	all[0].Papers, all[0].Who = []string{"Đơn đăng ký", "Ảnh 3x4"}, []string{"Phụ nữ"}
	fee, yes := int64(2_500_000), true
	all[0].Fee, all[0].AtVillage, all[0].ContactPhone = &fee, &yes, "0203 3825 114"
	var b bytes.Buffer
	if err := sheet.Export(&b, lib, all); err != nil {
		t.Fatal(err)
	}
	back, problems, err := sheet.Read(&b, lib, reader, now)
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v %v", problems, err)
	}
	if len(back) != len(all) {
		t.Fatalf("%d of %d", len(back), len(all))
	}
	for i := range all {
		want := all[i]
		want.UpdatedAt, want.Invented = time.Time{}, false
		got := back[i]
		if want.Code == "" {
			got.Code = "" // its id stood for it
		}
		want.ContactPhone, got.ContactPhone = digits(want.ContactPhone), digits(got.ContactPhone)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\n%s", want.ID, diff)
		}
		again, wrong := sheet.FromForm(sheet.Texts(lib, all[i]), all[i], lib, reader, now)
		again.ContactPhone, again.Invented = digits(again.ContactPhone), false
		if diff := cmp.Diff(want, again); diff != "" || len(wrong) > 0 {
			t.Errorf("form of %s: %v\n%s", want.ID, wrong, diff)
		}
	}
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

func TestFormsThatAreWrong(t *testing.T) {
	good := func() map[string]string {
		return map[string]string{"nghe": "hàn", "tinh-trang": "Đang nhận", "xa-phuong": "Xã Ba Chẽ"}
	}
	if c, wrong := sheet.FromForm(good(), course.Course{}, lib, reader, now); len(wrong) > 0 || c.Trade != "han" || c.ID == "" {
		t.Errorf("%+v %v", c, wrong)
	}
	for field, text := range map[string]string{"nghe": "", "tinh-trang": "đang ngủ", "han-dang-ky": "31/2/2027", "hoc-phi": "nhiều tiền", "chi-tieu": "-3", "dien-thoai": "12", "xa-phuong": "Hà Nội", "ten-lop": strings.Repeat("a", 500)} {
		texts := good()
		texts[field] = text
		if _, wrong := sheet.FromForm(texts, course.Course{}, lib, reader, now); len(wrong) != 1 || wrong[field] == "" {
			t.Errorf("%s %q: %v", field, text, wrong)
		}
	}
	texts := good()
	texts["khai-giang"], texts["be-giang"] = "20/3/2027", "1/3/2027"
	if _, wrong := sheet.FromForm(texts, course.Course{}, lib, reader, now); wrong[""] == "" {
		t.Errorf("ends before it begins: %v", wrong)
	}
}

func TestWishesFromExcel(t *testing.T) {
	courses := course.NewCatalogue([]course.Course{{ID: "na-01", Code: "NA-01", Title: "Nấu ăn", Trade: "nau-an"}})
	var b bytes.Buffer
	if err := sheet.WishTemplate(&b, lib, courses); err != nil {
		t.Fatal(err)
	}
	if _, _, err := sheet.ReadWishes(&b, lib, courses, reader, now); err == nil || !strings.Contains(err.Error(), "chưa có ai") {
		t.Errorf("the template alone: %v", err)
	}
	head := []any{"STT", "Họ và tên", "SĐT", "Năm sinh", "Xã", "Thôn", "Nghề", "Mã lớp", "Đồng ý"}
	good, problems, err := sheet.ReadWishes(sheetOf(t, head,
		[]any{1, "Lò Thị Mẩy", "912345678", "5/8/1990", "Ba Chẽ", "Nam Hả Trong", "", "na-01", "x"},
		[]any{2, "Bàn Văn Tư", "", 1985, "Kỳ Thượng", "", "hàn", "", "Có"}), lib, courses, reader, now)
	if err != nil || len(problems) > 0 || len(good) != 2 {
		t.Fatalf("%v %v %v", good, problems, err)
	}
	want := course.Interest{Course: "na-01", Trade: "nau-an", Place: "ba-che", Name: "Lò Thị Mẩy", Phone: "0912345678", BirthYear: 1990, Village: "Nam Hả Trong", State: course.New, Source: course.FromPaper, Consent: sheet.PaperConsent}
	if diff := cmp.Diff(want, good[0]); diff != "" {
		t.Error(diff)
	}
	if good[1].Trade != "han" || good[1].BirthYear != 1985 || good[1].Phone != "" {
		t.Errorf("%+v", good[1])
	}
	called := append(slices.Clone(head), "Gọi khi có lớp")
	good, problems, err = sheet.ReadWishes(sheetOf(t, called,
		[]any{1, "Lò Thị Mẩy", "912345678", "", "Ba Chẽ", "", "hàn", "", "x", "Có"},
		[]any{2, "Bàn Văn Tư", "912345679", "", "Ba Chẽ", "", "hàn", "", "x", ""}), lib, courses, reader, now)
	if err != nil || len(problems) > 0 || len(good) != 2 || !good[0].Remind || good[0].Consent != sheet.PaperConsent+" "+sheet.CallConsent || good[1].Remind || good[1].Consent != sheet.PaperConsent {
		t.Errorf("%+v %v %v", good, problems, err)
	}
	_, problems, err = sheet.ReadWishes(sheetOf(t, called, []any{1, "Lò Thị Mẩy", "", "", "Ba Chẽ", "", "hàn", "", "x", "Có"}), lib, courses, reader, now)
	if err != nil || len(problems) != 1 || !strings.Contains(problems[0].String(), "muốn được gọi mà chưa có số") {
		t.Errorf("%v %v", problems, err)
	}
	_, problems, err = sheet.ReadWishes(sheetOf(t, head,
		[]any{1, "", "12", "1890", "Hà Nội", "", "làm quan", "xx", "chưa"},
		[]any{2, "Bàn Văn Tư", "", "", "Ba Chẽ", "", "", "", "Có"},
		[]any{3, "Bàn Văn Ba", "", "", "Ba Chẽ", "", "hàn", "", "Có"},
		[]any{4, "bàn văn ba", "", "", "Ba Chẽ", "", "hàn", "", "Có"}), lib, courses, reader, now)
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, p := range problems {
		told = append(told, p.String())
	}
	text := strings.Join(told, "\n")
	for _, part := range []string{"Dòng 2, ô B2: cột “Họ tên” chưa ghi", "ô C2: “12” không phải số điện thoại", "ô D2: “1890” không phải năm sinh", "ô E2: “Hà Nội”", "ô G2", "ô H2: “xx” không có lớp", "ô I2", "Dòng 3: chưa ghi nghề hay mã lớp", "Dòng 5: trùng với dòng 4"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not told in\n%s", part, text)
		}
	}
}

func sheetOf(t testing.TB, rows ...[]any) *bytes.Reader { return bytes.NewReader(workbook(t, rows...)) }
