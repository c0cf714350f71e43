package unanswered_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"nghe/unanswered"
	"nghe/viet"
)

func TestScrub(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"gọi cho em số 0912 345 678 nhé", "gọi cho em số [số] nhé"},
		{"sđt +84.912.345.678", "sđt +[số]"},
		{"zalo 0912-345-678 hoặc (0203) 3825 123", "zalo [số] hoặc ([số]"},
		{"cccd 022190001234 của em mất", "cccd [số] của em mất"},
		{"cmnd cũ 100 123 456", "cmnd cũ [số]"},
		{"không chín một hai ba bốn năm sáu bảy tám", "[số]"},
		{"khong chin mot hai 3 4 5 sau bay tam goi em", "[số] goi em"},
		{"vay 50.000.000 trả 36 tháng", "vay 50.000.000 trả 36 tháng"},
		{"vay 50.000.000 36 tháng", "vay 50.000.000 36 tháng"},
		{"36 tháng, 50.000.000", "36 tháng, 50.000.000"},
		{"vay 1.500.000.000 đồng được không", "vay 1.500.000.000 đồng được không"},
		{"lương 7000000 một tháng", "lương 7000000 một tháng"},
		{"học 45 ngày, 3 tháng, 2 buổi", "học 45 ngày, 3 tháng, 2 buổi"},
		{"gửi về lan.nguyen@gmail.com giúp em", "gửi về [email] giúp em"},
		{"facebook.com/lan.be.99 của em đây", "[liên kết] của em đây"},
		{"xem https://abc.vn/x?id=1 nhé", "xem [liên kết] nhé"},
		{"em sinh 12/03/1985 có được không", "em sinh [ngày] có được không"},
		{"em sinh 1985 có được không", "em sinh 1985 có được không"},
		{"em tên là Lan muốn hỏi", "em tên là [tên] muốn hỏi"},
		{"em ten la hoa o ba che", "em ten la [tên] o ba che"},
		{"tên tôi là Chíu Thị Mười, làm lại sổ", "tên tôi là [tên], làm lại sổ"},
		{"tôi tên Phùn A Sáu sinh 1980", "tôi tên [tên] sinh 1980"},
		{"tên lớp là gì", "tên lớp là gì"},
		{"em tên gì thế", "em tên gì thế"},
		{"hỏi cho Nguyễn Văn Bình ở xã", "hỏi cho [tên] ở xã"},
		{"nguyen thi hoa co ten trong danh sach khong", "[tên] co ten trong danh sach khong"},
		{"em đang phân vân, la van de kho", "em đang phân vân, la van de kho"},
		{"luong thi bao nhieu", "luong thi bao nhieu"},
		{"tôi là Lan", "tôi là [tên]"},
		{"em là người Dao", "em là người Dao"},
		{"nhà em số nhà 12 ngõ 5/3 đường Trần Phú", "nhà em [địa chỉ]"},
		{"em ở thôn Khe Sím, xã Ba Chẽ", "em ở [địa chỉ], xã Ba Chẽ"},
		{"tổ 3 khu 5 phường Cao Xanh", "[địa chỉ] phường Cao Xanh"},
		{"khu công nghiệp Đông Mai tuyển không", "khu công nghiệp Đông Mai tuyển không"},
		{"xã thôn đặc biệt khó khăn", "xã thôn đặc biệt khó khăn"},
		{"LÀM LẠI CĂN CƯỚC Ở ĐÂU", "LÀM LẠI CĂN CƯỚC Ở ĐÂU"},
		{"làm lại căn cước ở Hạ Long", "làm lại căn cước ở Hạ Long"},
		{"", ""},
	} {
		if got := unanswered.Scrub(c.in, nil); got != c.want {
			t.Errorf("%q\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

// What the session knows as a name is taken out, however it is typed.
func TestScrubKnowsTheNamesOfTheSession(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"chíu thị mười được không", "[tên] được không"},
		{"chiu thi muoi duoc khong", "[tên] duoc khong"},
		{"Thị Mười hỏi ai", "[tên] hỏi ai"},
		{"cho chị Mười hỏi", "cho chị [tên] hỏi"},
		{"chi muoi hoi", "chi [tên] hoi"},
		{"được mười ngày chưa", "được mười ngày chưa"}, // a number, not a name
	} {
		if got := unanswered.Scrub(c.in, []string{"Chíu Thị Mười"}); got != c.want {
			t.Errorf("%q\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

var sums = regexp.MustCompile(`[1-9]\d{0,2}([.,]\d{3}){0,3}[.,]000|[1-9]\d{0,4}000`)

// digits counts the digits of the longest number that is left and is no sum.
func digits(text string) int {
	most, n, gap := 0, 0, 0
	for _, r := range sums.ReplaceAllString(text, "x") {
		switch {
		case unicode.IsDigit(r):
			n, gap = n+1, 0
			most = max(most, n)
		case strings.ContainsRune(" .-", r) && gap == 0:
			gap++
		default:
			n, gap = 0, 0
		}
	}
	return most
}

// Whatever stands around them, telephone numbers, identity cards and e-mail
// addresses are gone.
func TestNoNumberIsLeft(t *testing.T) {
	around := rapid.SampledFrom([]string{"gọi em theo số", "zalo", "vay 50.000.000", "cccd là", "lam lai the", "hỏi giúp,", "?", "36 tháng", "(", "[số]", "tên em là Lan", "thôn 3"})
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`0[2-9][0-9]{8}|84[35789][0-9]{8}|0[0-9]{11}|[1-9][0-9]{6}[1-9][0-9]`).Draw(t, "number")
		sep := rapid.SampledFrom([]string{"", " ", ".", "-", " - ", "/"}).Draw(t, "separator")
		var groups []string
		for rest := number; rest != ""; {
			n := min(len(rest), rapid.IntRange(2, 4).Draw(t, "group"))
			groups, rest = append(groups, rest[:n]), rest[n:]
		}
		typed := strings.Join(groups, sep)
		before, after := around.Draw(t, "before"), around.Draw(t, "after")
		got := unanswered.Scrub(before+" "+typed+" "+after, nil)
		if strings.Contains(got, typed) || digits(got) >= 7 {
			t.Fatalf("%q left %q", typed, got)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		mail := rapid.StringMatching(`[a-z0-9._-]{1,12}@[a-z0-9-]{1,10}\.(com|vn|co\.uk)`).Draw(t, "mail")
		if got := unanswered.Scrub(around.Draw(t, "before")+" "+mail+" nhé", nil); strings.Contains(got, "@") || strings.Contains(got, mail) {
			t.Fatalf("%q left %q", mail, got)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		name := strings.Join([]string{
			rapid.SampledFrom([]string{"Nguyễn", "Chíu", "Phùn", "Trần", "Voòng"}).Draw(t, "family"), rapid.SampledFrom([]string{"Thị", "Văn", "A", "Sám"}).Draw(t, "middle"),
			rapid.SampledFrom([]string{"Mười", "Bình", "Hoa", "Sáu"}).Draw(t, "given"),
		}, " ")
		as := rapid.SampledFrom([]func(string) string{strings.ToLower, strings.ToUpper, viet.Fold, func(s string) string { return s }}).Draw(t, "as")
		typed := as(name)
		if got := unanswered.Scrub(around.Draw(t, "before")+" "+typed+" "+around.Draw(t, "after"), []string{name}); strings.Contains(got, typed) {
			t.Fatalf("%q left %q", typed, got)
		}
	})
}

// What comes out is fit to be kept, and stays as it is when it is scrubbed again.
func FuzzScrub(f *testing.F) {
	for _, s := range []string{"gọi 0912 345 678", "[số] 12", "tên em là [tên] là Lan", "a@b", "12/3/1985 [ngày", "ngõ 12/3 đường Trần Phú", "\xff\xfe", strings.Repeat("Nguyễn Văn A 0912345678 ", 30), "1.000.000 0", "８４９１２３４５６７８"} {
		f.Add(s, "Chíu Thị Mười")
	}
	f.Fuzz(func(t *testing.T, s, name string) {
		names := []string{name}
		once := unanswered.Scrub(s, names)
		if !utf8.ValidString(once) || utf8.RuneCountInString(once) > 200 {
			t.Fatalf("%q: %d runes", once, utf8.RuneCountInString(once))
		}
		if digits(once) >= 7 {
			t.Fatalf("%q keeps a number: %q", s, once)
		}
		if strings.Contains(once, "@") && regexp.MustCompile(`[^\s\[\]]@|@[^\s\[\]]`).MatchString(once) {
			t.Fatalf("%q keeps an address: %q", s, once)
		}
		if twice := unanswered.Scrub(once, nil); fmt.Sprint(digits(twice)) != fmt.Sprint(digits(once)) || strings.Count(twice, "[") < strings.Count(once, "[") {
			t.Fatalf("%q became %q", once, twice)
		}
	})
}
