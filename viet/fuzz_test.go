package viet

import (
	"math"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// foreign are texts to begin from: what people, keyboards and attackers send.
var foreign = []string{
	"học nghề", "hoà thuý quý", "1,5 triệu", "2tr5", "hai mươi lăm tuổi", "sinh 85", "20/11/1990", "thứ hai tuần sau", "tháng giêng âm",
	"15 cây", "5,5 km", "+84 912 345 678", "một triệu hai trăm", "hocj vo61n", "h ọc", "đcccc", "Đường\u0301", "e\u0302\u0301", "\xff\x00\u202e",
	"-5", "99999999999999999999", "3 năm rưỡi", "em tên là Lan", "1.500.000đ", "nửa triệu",
}

func addForeign(f *testing.F) {
	for _, s := range foreign {
		f.Add(s)
	}
}

func FuzzFold(f *testing.F) {
	addForeign(f)
	f.Fuzz(func(t *testing.T, s string) {
		folded, canon := Fold(s), Canon(s)
		if again := Fold(folded); again != folded {
			t.Errorf("Fold(%q) = %q, folded again %q", s, folded, again)
		}
		if again := Canon(canon); again != canon {
			t.Errorf("Canon(%q) = %q, once more %q", s, canon, again)
		}
		c := Clean(s, 100)
		if !utf8.ValidString(c) || utf8.RuneCountInString(c) > 100 || !norm.NFC.IsNormalString(c) {
			t.Errorf("Clean(%q) = %q", s, c)
		}
		if utf8.ValidString(s) {
			if a, b := Fold(norm.NFC.String(s)), Fold(norm.NFD.String(s)); a != b {
				t.Errorf("%q folds to %q composed, to %q in pieces", s, a, b)
			}
		}
		for _, w := range Words(s) {
			if Fold(w.Canon) != w.Fold {
				t.Errorf("%q: word %q with fold %q", s, w.Canon, w.Fold)
			}
		}
	})
}

func FuzzRepair(f *testing.F) {
	addForeign(f)
	lex := lexicon()
	f.Fuzz(func(t *testing.T, s string) {
		for _, w := range Repair(s, lex) {
			if w.Canon == "" || w.Fold == "" {
				t.Errorf("%q is mended to an empty word", s)
			}
		}
		Address(s)
	})
}

func FuzzNumber(f *testing.F) {
	for i, s := range foreign {
		f.Add(s, int64(i)*137_501, uint8(i))
	}
	f.Fuzz(func(t *testing.T, s string, n int64, tenth uint8) {
		if m, ok := Number(s); ok && (m > maxNumber || m < -maxNumber) {
			t.Errorf("%q is the number %d", s, m)
		}
		if m, ok := Money(s); ok && (m > maxNumber || m < -maxNumber) {
			t.Errorf("%q is the sum %d", s, m)
		}
		if m, ok := Months(s); ok && (m > maxNumber || m < -maxNumber) {
			t.Errorf("%q lasts %d months", s, m)
		}
		Distance(s)
		if p, ok := Phone(s); ok && (len(p) < 9 || len(p) > 16) {
			t.Errorf("%q is the phone number %q", s, p)
		}
		if n == math.MinInt64 {
			return
		}
		n = max(n, -n) % maxNumber
		if n >= 1000 { // what we write we can read
			if m, ok := Money(FormatMoney(n)); !ok || m != n {
				t.Errorf("%s is read as %d, %v", FormatMoney(n), m, ok)
			}
		}
		if m, ok := Number(FormatNumber(n)); !ok || m != n {
			t.Errorf("%s is read as %d, %v", FormatNumber(n), m, ok)
		}
		a, b := n%1000, int64(tenth%9)+1 // "a,b triệu" is never ten times as much
		if m, ok := Money(FormatNumber(a) + "," + FormatNumber(b) + " triệu"); !ok || m != a*1_000_000+b*100_000 {
			t.Errorf("%d,%d triệu is read as %d, %v", a, b, m, ok)
		}
	})
}

func FuzzDate(f *testing.F) {
	for i, s := range foreign {
		f.Add(s, i*413)
	}
	f.Fuzz(func(t *testing.T, s string, ahead int) {
		if d, ok := Date(s, now); ok && (!d.possible() || d == Day{}) {
			t.Errorf("%q is the day %v", s, d)
		}
		if n, ok := Age(s, now); ok && (n < 1 || n > 150) {
			t.Errorf("%q is the age %d", s, n)
		}
		at := now.AddDate(0, 0, ahead%40_000)
		want := Day{at.Year(), int(at.Month()), at.Day()}
		if !want.possible() {
			return
		}
		for _, layout := range []string{"2/1/2006", "02-01-2006", "2.1.2006", "ngày 2 tháng 1 năm 2006"} {
			if d, ok := Date(at.Format(layout), now); !ok || d != want {
				t.Errorf("%s is read as %v, %v", at.Format(layout), d, ok)
			}
		}
	})
}
