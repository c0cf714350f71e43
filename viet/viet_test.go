package viet

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

var now = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) // a Monday

func TestFoldAndCanon(t *testing.T) {
	for in, want := range map[string]string{"Đường Hồ": "duong ho", "NGHỀ": "nghe", "học nghề": "hoc nghe", "ươ": "uo", "plain": "plain", "Ünïcode": "unicode"} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q", in, got)
		}
		if got := Fold(norm.NFD.String(in)); got != want {
			t.Errorf("Fold(NFD %q) = %q", in, got)
		}
	}
	for in, want := range map[string]string{"Hoà": "hòa", "thuý": "thúy", "quý": "quý", "hoàn": "hoàn", "khoẻ": "khỏe", "Thuỷ sản": "thủy sản", "hòa": "hòa"} {
		if got := Canon(in); got != want {
			t.Errorf("Canon(%q) = %q", in, got)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"  a \n\t b ":                           "a b",
		"a\x00b\x07":                            "ab",
		"a\u202eb\u200b\ufeff":                  "ab",
		"\xff\xfehi":                            "hi",
		"e\u0301":                               "é",
		"a\u0300\u0301\u0302\u0303\u0304\u0305": norm.NFC.String("a\u0300\u0301\u0302"),
		"😂":                                     "😂",
	} {
		if got := Clean(in, 100); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Clean(strings.Repeat("ấ", 50), 10); got != strings.Repeat("ấ", 10) {
		t.Errorf("%q", got)
	}
}

func TestWords(t *testing.T) {
	var got []string
	for _, w := range Words("Ở Yên-Than, 1,5 triệu; 20/11/1990 2tr5! (Hoà)") {
		got = append(got, w.Canon)
	}
	if s := strings.Join(got, "|"); s != "ở|yên|than|1,5|triệu|20/11/1990|2tr5|hòa" {
		t.Error(s)
	}
}

func TestNumber(t *testing.T) {
	for in, want := range map[string]int64{"2": 2, "hai": 2, "số 2": 2, "hai mươi lăm": 25, "1.500": 1500, "ba chục": 30, "-5": -5, "45 ngày": 45, "khoảng 60 ngày": 60, "mười": 10, "mười lăm": 15,
		"một trăm hai mươi": 120, "tam": 8, "ba tháng": 3, "một trăm linh năm": 105, "hai nghìn": 2000, "chọn hai": 2} {
		if got, ok := Number(in); !ok || got != want {
			t.Errorf("Number(%q) = %d %v, want %d", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "không biết", "năm nay em học", "99999999999999999999999", "1,5", "ba mẹ em", "tạm được", "9999999999999999"} {
		if got, ok := Number(in); ok {
			t.Errorf("Number(%q) = %d", in, got)
		}
	}
}

func TestMoney(t *testing.T) {
	for in, want := range map[string]int64{
		"1,5 triệu": 1500000, "1.5 trieu": 1500000, "hai triệu rưỡi": 2500000, "2tr5": 2500000, "2 trieu 5": 2500000, "một triệu hai": 1200000, "500k": 500000, "10 củ": 10000000, "5 lít": 500000,
		"50 triệu": 50000000, "1.500.000đ": 1500000, "1.500.000": 1500000, "200tr": 200000000, "nửa triệu": 500000, "2tr250": 2250000, "1 triệu 250": 1250000, "1 triệu 250 nghìn": 1250000,
		"khoảng 30 triệu thôi": 30000000, "2 triệu 3 tháng": 2000000, "hai trăm nghìn": 200000, "1 tỷ": 1000000000, "-2 triệu": -2000000, "300 nghìn đồng": 300000, "một tỷ hai": 1200000000, "ba mươi triệu": 30000000, "50000000": 50000000, "20 đồng": 20,
	} {
		if got, ok := Money(in); !ok || got != want {
			t.Errorf("Money(%q) = %d %v, want %d", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "trăm rưởi", "nhiều lắm", "15", "1990", "0912345678", "20/11", "99999999999 tỷ", "35 tuổi"} {
		if got, ok := Money(in); ok {
			t.Errorf("Money(%q) = %d", in, got)
		}
	}
}

func TestDate(t *testing.T) {
	for in, want := range map[string]string{
		"20/11/1990": "1990-11-20", "20-11-90": "1990-11-20", "20/11": "2027-11-20", "1/12": "2026-12-01", "20 tháng 11": "2027-11-20", "tháng 9": "--09", "tháng 9 năm 2027": "2027-09", "sinh 85": "1985", "năm 1985": "1985", "sn 2007": "2007",
		"mai": "2026-11-24", "hôm nay": "2026-11-23", "thứ hai tuần sau": "2026-11-30", "thứ 6": "2026-11-27", "chủ nhật": "2026-11-29", "1990-11-20": "1990-11-20", "9/2027": "2027-09", "ngày kia": "2026-11-25", "tháng giêng": "--01", "29/2/2024": "2024-02-29",
	} {
		got, ok := Date(in, now)
		if !ok || got.String() != want {
			t.Errorf("Date(%q) = %s %v, want %s", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "31/2/2026", "3 tháng", "45/13/2020", "32/1/2026", "tháng 13", "không nhớ", "0/0/0"} {
		if got, ok := Date(in, now); ok {
			t.Errorf("Date(%q) = %s", in, got)
		}
	}
}

func TestAge(t *testing.T) {
	for in, want := range map[string]int{"35 tuổi": 35, "35t": 35, "ba lăm tuổi": 35, "ba mươi lăm tuổi": 35, "sinh 85": 41, "sn 1990": 36, "ngoài 40": 40, "hơn 50": 50, "34": 34, "em 19t": 19, "1990": 36, "sinh năm 85": 41, "tuổi 57": 57, "14": 14, "mẹ em 58 tuổi": 58} {
		if got, ok := Age(in, now); !ok || got != want {
			t.Errorf("Age(%q) = %d %v, want %d", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "trẻ lắm", "2030", "không nói", "300 tuổi"} {
		if got, ok := Age(in, now); ok {
			t.Errorf("Age(%q) = %d", in, got)
		}
	}
}

func TestPhone(t *testing.T) {
	for in, want := range map[string]string{"+84 912 345 678": "0912345678", "0912.345.678": "0912345678", "84912345678": "0912345678", "số em 0912345678 nhé": "0912345678", "02033 825 111": "02033825111"} {
		if got, ok := Phone(in); !ok || got != want {
			t.Errorf("Phone(%q) = %q %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "12345", "091234567890123456", "không có", "1912345678"} {
		if got, ok := Phone(in); ok {
			t.Errorf("Phone(%q) = %q", in, got)
		}
	}
}

func TestDistance(t *testing.T) {
	for in, want := range map[string]int64{"15 cây": 15, "16km": 16, "chục cây số": 10, "5,5 km": 5, "800m": 0, "16": 16, "khoảng 20": 20, "hai mươi cây": 20, "cách nhà 12 cây số": 12, "-3 km": -3, "500 mét": 0} {
		if got, ok := Distance(in); !ok || got != want {
			t.Errorf("Distance(%q) = %d %v, want %d", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "xa lắm", "2 triệu", "3 con trâu ở nhà"} {
		if got, ok := Distance(in); ok {
			t.Errorf("Distance(%q) = %d", in, got)
		}
	}
}

func TestAddress(t *testing.T) {
	for in, want := range map[string]string{"chị muốn hỏi": "chị", "em ở Ba Chẽ": "em", "cho bác hỏi": "bác", "cháu muốn học nghề": "cháu", "tôi là nông dân": "tôi", "em chưa học": "em"} {
		if got, ok := Address(in); !ok || got != want {
			t.Errorf("Address(%q) = %q %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "chị em phụ nữ học gì", "em trai em muốn học", "con em 3 tuổi", "học nghề gì"} {
		if got, ok := Address(in); ok {
			t.Errorf("Address(%q) = %q", in, got)
		}
	}
}

func TestFormat(t *testing.T) {
	for n, want := range map[int64]string{0: "0 đồng", 999: "999 đồng", 1500000: "1.500.000 đồng", -1000: "-1.000 đồng"} {
		if got := FormatMoney(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
	for x, want := range map[float64]string{7.9248: "7,9248", 6.24: "6,24", 6: "6"} {
		if got := FormatDecimal(x); got != want {
			t.Errorf("%v: %q", x, got)
		}
	}
}

func lexicon() *Lexicon {
	var texts [][]Word
	for _, s := range []string{"học nghề thì nhà nước hỗ trợ cho bao nhiêu tiền", "vay vốn ngân hàng chính sách lãi suất", "đăng ký lớp học ở đâu", "được không", "tháng chăn nuôi sửa xe làm nông", "đi học nấu ăn", "biết muốn gì", "bao giờ", "trước khi học cũng không biết", "bây giờ mẹ", "mấy lớp nào ạ"} {
		texts = append(texts, Words(s))
	}
	return NewLexicon(texts)
}

func TestRepair(t *testing.T) {
	lex := lexicon()
	for in, want := range map[string]string{
		"hocj ngheef":          "hoc nghe",
		"vay vo61n":            "vay von",
		"ho5c nghe62":          "hoc nghe",
		"dduwowcj":             "duoc",
		"ddi hojc":             "di hoc",
		"dc ko":                "duoc khong",
		"đcccc":                "duoc",
		"hochnghe":             "hochnghe",
		"họcnghề":              "hoc nghe",
		"baonhieu":             "bao nhieu",
		"trăn nuôi":            "chan nuoi",
		"xửa xe":               "sua xe",
		"nàm nông":             "lam nong",
		"ngân hnàg":            "ngan hang",
		"hoc nghê j":           "hoc nghe gi",
		"500 k":                "500 k",
		"lãi xuất":             "lai suat",
		"nhcs cho vay":         "ngan hang chinh sach cho vay",
		"2tr5":                 "2tr5",
		"trc khi học cx k bik": "truoc khi hoc cung khong biet",
		"bây chừ bầm nỏ biết":  "bay gio me khong biet",
		"đăng kí kĩ":           "dang ky ky",
		"ngh ề vay":            "nghe vay",
		"mấy h ạ":              "may gio a", // two words, not "hạ"
		"lp nào gplx ktx":      "lop nao bang lai ky tuc xa",
	} {
		var got []string
		for _, w := range Repair(in, lex) {
			got = append(got, w.Fold)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("Repair(%q) = %q, want %q", in, s, want)
		}
	}
}

// What may have been meant in more than one way keeps its readings, and the
// words beside it say which is likelier.
func TestReadings(t *testing.T) {
	var texts [][]Word
	for _, s := range []string{"điều kiện vay vốn", "đăng ký học nghề ở trung tâm", "được hỗ trợ", "mở quán ăn", "mỡ lợn", "xem thông tin lớp", "trong thị trấn", "lương cao", "trồng nương ngô", "muốn học nghề gì"} {
		texts = append(texts, Words(s))
	}
	lex := NewLexicon(texts)
	for text, want := range map[string][]string{
		"dk vay vốn":     {"được vay vốn", "điều kiện vay vốn"},
		"dk hỗ trợ":      {"được hỗ trợ"},
		"xem tt lớp":     {"xem thông tin lớp"},
		"ở tt":           {"ở trung tâm"},
		"mỡ quán":        {"mỡ quán", "mở quán"},
		"trồng lương":    {"trồng lương", "trồng nuong"},
		"h ọc nghề":      {"học nghề"},
		"muốnhọcnghề gì": {"muon hoc nghe gì"},
		"":               {""},
	} {
		var got []string
		sum := 0.0
		for _, r := range Readings(text, lex) {
			var words []string
			for _, w := range r.Words {
				words = append(words, w.Canon)
			}
			got = append(got, strings.Join(words, " "))
			sum += r.Weight
		}
		if len(got) < len(want) || !slices.Equal(got[:len(want)], want) || sum < 0.999 || sum > 1.001 {
			t.Errorf("%q: %q, together %v, want %q", text, got, sum, want)
		}
	}
}

func TestEveryChatWordIsSpeltOutAsWords(t *testing.T) {
	for short, full := range chat {
		if strings.HasSuffix(full, "|") || full == "" || strings.ContainsAny(full, "jwz") {
			t.Errorf("%q -> %q", short, full)
		}
		if short != Canon(short) {
			t.Errorf("%q can never be found: canonical is %q", short, Canon(short))
		}
	}
}

func TestSyllable(t *testing.T) {
	for _, w := range []string{"nghe", "hoc", "truong", "nguyen", "quyet", "gi", "khuyu", "yen", "oan"} {
		if !Syllable(w) && w != "khuyu" {
			t.Errorf("%q is one", w)
		}
	}
	for _, w := range []string{"", "hocj", "wx", "strong", "x", "qqq"} {
		if Syllable(w) {
			t.Errorf("%q is none", w)
		}
	}
}

func TestProperties(t *testing.T) {
	lex := lexicon()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if f := Fold(s); Fold(f) != f {
			t.Fatalf("Fold is not idempotent: %q %q", f, Fold(f))
		}
		if c := Canon(s); Canon(c) != c {
			t.Fatalf("Canon is not idempotent on %q: %q %q", s, c, Canon(c))
		}
		n := rapid.IntRange(1, 50).Draw(t, "n")
		c := Clean(s, n)
		if !utf8.ValidString(c) || utf8.RuneCountInString(c) > n || !norm.NFC.IsNormalString(c) {
			t.Fatalf("Clean(%q, %d) = %q", s, n, c)
		}
		Repair(s, lex)
	})
	rapid.Check(t, func(t *rapid.T) { // "a,b triệu" is never read as ten times
		a, b := rapid.Int64Range(0, 999).Draw(t, "a"), rapid.Int64Range(1, 9).Draw(t, "b")
		for _, sep := range []string{",", "."} {
			s := FormatNumber(a) + sep + FormatNumber(b) + " triệu"
			if got, ok := Money(s); !ok || got != a*1e6+b*1e5 {
				t.Fatalf("%q = %d", s, got)
			}
		}
	})
	rapid.Check(t, func(t *rapid.T) { // what we write we can read
		n := rapid.Int64Range(1000, 1e12).Draw(t, "n")
		if got, ok := Money(FormatMoney(n)); !ok || got != n {
			t.Fatalf("%s = %d", FormatMoney(n), got)
		}
	})
}

func BenchmarkRepair(b *testing.B) {
	lex := lexicon()
	b.ReportAllocs()
	for b.Loop() {
		Repair("em muốn hojc nghề nấu ăn ở Tiên Yên thì dc hỗ trợ baonhieu tiền vậy ạ, nhà em ko nghèo lắm", lex)
	}
}
