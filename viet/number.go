package viet

import (
	"math"
	"strconv"
	"strings"
	"unicode"
)

// digitWords are the digits as they are said. "năm" is five and year, "ba"
// three and father, "tư" four and private: they are read as numbers only
// beside other numbers or units, or alone.
var digitWords = map[string]int64{
	"khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10, "chuc": 10,
}

// digit reads a word as a digit. A word typed with marks must be the digit
// itself: "lắm", "tạm" and "bày" are none.
func digit(w Word) (int64, bool) {
	d, ok := digitWords[w.Fold]
	if ok && w.Marked() {
		switch w.Canon {
		case "không", "một", "mốt", "bốn", "tư", "năm", "lăm", "sáu", "bảy", "bẩy", "tám", "chín", "mười", "mươi", "chục":
		default:
			return 0, false
		}
	}
	return d, ok
}

// isCount says that a word is a spoken number above nothing, isOnes one from
// one to nine.
func isCount(w Word) bool { d, _ := digit(w); return d > 0 }
func isOnes(w Word) bool  { d, _ := digit(w); return d > 0 && d < 10 }

// scales are the words and letters that multiply. "củ" and "lít" are slang
// for a million and a hundred thousand.
var scales = map[string]int64{
	"tram": 100, "nghin": 1e3, "ngan": 1e3, "k": 1e3, "n": 1e3, "trieu": 1e6, "tr": 1e6, "cu": 1e6, "trau": 1e6, "lit": 1e5, "ty": 1e9, "ti": 1e9,
}

// maxNumber is the largest number anybody means here.
const maxNumber = int64(1e15)

// quantity is a number as typed: the value in thousandths (so that "1,5 triệu"
// is exact) and how it was written.
type quantity struct {
	milli   int64 // thousandths
	scaled  bool  // a scale word was there: "triệu"
	written int   // digits written of a plain number: "1500000" -> 7
	end     int   // index of the word after it
}

// scan reads the quantity that begins at word i.
func scan(words []Word, i int) (q quantity, ok bool) {
	w := words[i]
	if isNumeric(w.Fold) {
		return scanDigits(words, i)
	}
	return scanSpoken(words, i)
}

// scanDigits reads "2", "1.500.000", "1,5 triệu", "2tr5", "1 triệu 250",
// "500k".
func scanDigits(words []Word, i int) (quantity, bool) {
	num, unit := splitUnit(words[i].Fold)
	glued := unit != ""
	next := i + 1
	tail := ""
	if glued { // "2tr5": what stands behind the unit
		for j, r := range unit {
			if unicode.IsDigit(r) {
				unit, tail = unit[:j], unit[j:]
				break
			}
		}
	} else if next < len(words) {
		if _, ok := scales[words[next].Fold]; ok {
			unit = words[next].Fold
			next++
		}
	}
	scale, scaled := scales[unit]
	milli, digits, ok := parseDigits(num, scaled)
	if !ok {
		return quantity{}, false
	}
	if glued && !scaled {
		return quantity{milli: milli, written: digits, end: i + 1}, true // "35t", "16km"
	}
	if !scaled {
		return quantity{milli: milli, written: digits, end: next}, true
	}
	if milli > maxNumber/scale*1000 {
		return quantity{}, false
	}
	milli *= scale
	return addTail(words, quantity{milli: milli, scaled: true, end: next}, scale, tail, unit)
}

// addTail reads what follows a scale: "2tr5", "một triệu hai", "2 triệu
// rưỡi", "1 triệu 250 nghìn".
func addTail(words []Word, q quantity, scale int64, tail, unit string) (quantity, bool) {
	if tail != "" {
		n, err := strconv.ParseInt(tail, 10, 64)
		if err != nil || len(tail) > 3 || unit == "k" {
			return quantity{}, false
		}
		for range 3 - len(tail) {
			n *= 10
		}
		q.milli += n * scale // thousandths of the scale
		return q, true
	}
	if q.end >= len(words) {
		return q, true
	}
	switch w := words[q.end]; {
	case w.Fold == "ruoi" || w.Fold == "ruoii":
		q.milli += 500 * scale
		q.end++
	case isNumeric(w.Fold) || isOnes(w):
		rest, ok := scan(words, q.end)
		if !ok {
			return q, true
		}
		switch {
		case rest.scaled && rest.milli < scale*1000: // "1 triệu 250 nghìn"
			q.milli += rest.milli
			q.end = rest.end
		case !rest.scaled && scale >= 1e6 && rest.milli%1000 == 0 && rest.milli > 0 && !isUnitWord(words, rest.end):
			// "một triệu hai" is 1.200.000, "1 triệu 250" is 1.250.000
			n := rest.milli / 1000
			for n < 100 {
				n *= 10
			}
			if n < 1000 {
				q.milli += n * scale
				q.end = rest.end
			}
		}
	}
	return q, true
}

// isUnitWord says whether a word at i counts something else: "2 triệu 3
// tháng" is no 2.300.000.
func isUnitWord(words []Word, i int) bool {
	if i >= len(words) {
		return false
	}
	switch words[i].Fold {
	case "thang", "nam", "ngay", "nguoi", "tuoi", "km", "cay", "lan", "khoa", "lop", "con", "dua", "tuan", "buoi", "gio", "mot", "sao", "phan", "phut":
		return true
	}
	return false
}

// scanSpoken reads "hai mươi lăm", "ba chục", "một trăm rưởi", "hai triệu
// rưỡi".
func scanSpoken(words []Word, i int) (quantity, bool) {
	var total, part int64
	j, seen, scaled := i, false, false
	if words[i].Fold == "nua" && i+1 < len(words) && scales[words[i+1].Fold] >= 1e3 { // "nửa triệu"
		return quantity{milli: 500 * scales[words[i+1].Fold], scaled: true, end: i + 2}, true
	}
	for ; j < len(words); j++ {
		w := words[j]
		d, isDigit := digit(w)
		s, isScale := scales[w.Fold]
		switch {
		case isDigit && d == 10: // mươi, mười, chục
			if part%10 == 0 {
				part += 10 // "mười", "một trăm mười"
			} else {
				part += part % 10 * 9 // "hai mươi", "một trăm hai mươi"
			}
			seen = true
		case isDigit && seen && part > 0 && part%10 != 0:
			goto done // "hai ba": two numbers
		case isDigit:
			part += d
			seen = true
		case w.Fold == "muoii":
			part = part * 10
		case w.Fold == "linh" || w.Fold == "le":
			if !seen {
				return quantity{}, false
			}
		case isScale && seen && len(w.Fold) > 1:
			if s == 100 {
				part *= 100
				if j+1 < len(words) && words[j+1].Fold == "ruoi" { // "trăm rưởi"
					part += 50
					j++
				}
				continue
			}
			if part == 0 {
				part = 1
			}
			total += part * s
			part, scaled = 0, true
			if s >= 1e6 {
				q, _ := addTail(words, quantity{milli: total * 1000, scaled: true, end: j + 1}, s, "", w.Fold)
				return q, true
			}
			if j+1 < len(words) && words[j+1].Fold == "ruoi" {
				total += s / 2
				j++
			}
		default:
			goto done
		}
		if total > maxNumber {
			return quantity{}, false
		}
	}
done:
	if !seen {
		return quantity{}, false
	}
	return quantity{milli: (total + part) * 1000, scaled: scaled, end: j}, true
}

// splitUnit parts "16km" and "2tr5" into number and rest.
func splitUnit(w string) (num, unit string) {
	for i, r := range w {
		if !unicode.IsDigit(r) && r != '.' && r != ',' {
			return w[:i], w[i:]
		}
	}
	return w, ""
}

// parseDigits reads digits with points and commas, in thousandths. Groups of
// three behind points or commas are thousands ("1.500.000"); one or two digits
// behind a single comma or point are a fraction ("1,5"). Before a scale word
// "1.500 nghìn" is still a group, "1.500 triệu" too.
func parseDigits(s string, scaled bool) (milli int64, digits int, ok bool) {
	if len(s) > 20 {
		return 0, 0, false
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '.' || r == ',' })
	if len(parts) == 0 {
		return 0, 0, false
	}
	whole, frac := parts[0], ""
	switch {
	case len(parts) == 1:
	case len(parts) == 2 && len(parts[1]) <= 2:
		frac = parts[1]
	default:
		for _, p := range parts[1:] {
			if len(p) != 3 {
				return 0, 0, false
			}
			whole += p
		}
	}
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || n > math.MaxInt64/10000 {
		return 0, 0, false
	}
	milli = n * 1000
	for i, scale := 0, int64(100); i < len(frac); i, scale = i+1, scale/10 {
		milli += int64(frac[i]-'0') * scale
	}
	return milli, len(whole), true
}

// negative says that a minus stands before the first digit of the text.
func negative(s string) bool {
	s = strings.TrimSpace(s)
	return len(s) > 1 && (s[0] == '-' || strings.HasPrefix(s, "−") || strings.HasPrefix(Fold(s), "am ")) && strings.ContainsAny(s, "0123456789")
}

// Number reads the first whole number in a short answer: "2", "hai", "số 2",
// "hai mươi lăm", "1.500", "ba chục", "-5". A fraction, or more than anybody
// can mean, is none.
func Number(s string) (int64, bool) {
	words := Words(s)
	for i := range words {
		if !startsNumber(words, i) {
			continue
		}
		q, ok := scan(words, i)
		if !ok || q.milli%1000 != 0 || q.milli/1000 > maxNumber {
			return 0, false
		}
		n := q.milli / 1000
		if negative(s) {
			n = -n
		}
		return n, true
	}
	return 0, false
}

// startsNumber says whether a number may begin at word i. A spoken number
// among many other words must not be a homonym: "năm nay" is no 5.
func startsNumber(words []Word, i int) bool {
	w := words[i]
	if isNumeric(w.Fold) {
		return true
	}
	d, ok := digit(w)
	if !ok {
		return false
	}
	if len(words) == 1 {
		return true
	}
	if i+1 < len(words) {
		next := words[i+1].Fold
		if next == "muoi" || next == "chuc" || scales[next] > 0 && next != "n" || isUnitWord(words, i+1) && d > 0 {
			return !(w.Fold == "khong")
		}
	}
	if d == 10 { // "mười", "chục"
		return w.Canon == "mười" || w.Canon == "chục" || !w.Marked()
	}
	before := i > 0 && (words[i-1].Fold == "so" || words[i-1].Fold == "cau" || words[i-1].Fold == "chon" || words[i-1].Fold == "dong" || words[i-1].Fold == "khoang" || words[i-1].Fold == "tam")
	return before && len(words) <= 4
}

// Money reads a sum in đồng: "1,5 triệu", "hai triệu rưỡi", "2tr5", "500k",
// "10 củ", "1.500.000đ". Without a unit only a number of at least four digits
// is a sum; "trăm rưởi" alone may be many things and is none.
func Money(s string) (int64, bool) {
	words := Words(s)
	best, found := int64(0), false
	for i := 0; i < len(words); i++ {
		if !isNumeric(words[i].Fold) && !isCount(words[i]) && words[i].Fold != "nua" {
			continue
		}
		q, ok := scan(words, i)
		if !ok {
			continue
		}
		if !q.scaled && q.end <= i+1 {
			_, unit := splitUnit(words[i].Fold)
			dong := unit == "d" || unit == "dong" || unit == "vnd" || q.end < len(words) && (words[q.end].Fold == "dong" || words[q.end].Fold == "d" || words[q.end].Fold == "vnd")
			if !dong && (unit != "" || q.written < 4 || looksLikeYearOrPhone(words[i].Fold)) {
				continue
			}
		} else if !q.scaled {
			continue
		}
		if n := q.milli / 1000; n > best && n <= maxNumber {
			best, found = n, true
		}
		i = q.end - 1
	}
	if found && negative(s) {
		best = -best
	}
	return best, found
}

// looksLikeYearOrPhone keeps "1990" and "0912345678" from being sums.
func looksLikeYearOrPhone(w string) bool {
	if len(w) == 4 && (w[:2] == "19" || w[:2] == "20") {
		return true
	}
	return w[0] == '0' || strings.ContainsAny(w, "/-")
}

// Distance reads whole kilometres, rounded down: "15 cây", "16km", "chục cây
// số", "5,5 km" is 5, "800m" is 0. A bare number counts when it is all there is.
func Distance(s string) (int64, bool) {
	words := Words(s)
	for i := range words {
		w := words[i]
		if w.Fold == "chuc" && i+1 < len(words) && isKM(words[i+1].Fold) {
			return 10, true
		}
		if !isNumeric(w.Fold) && !isCount(w) {
			continue
		}
		if isNumeric(w.Fold) {
			if num, unit := splitUnit(w.Fold); unit != "" {
				milli, _, ok := parseDigits(num, false)
				switch {
				case ok && isKM(unit):
					return signed(s, milli/1000), true
				case ok && unit == "m":
					return signed(s, milli/1000/1000), true
				}
				continue
			}
		}
		q, ok := scan(words, i)
		if !ok || q.scaled {
			continue
		}
		if q.end < len(words) && isKM(words[q.end].Fold) {
			return signed(s, q.milli/1000), true
		}
		if q.end < len(words) && (words[q.end].Fold == "m" || words[q.end].Fold == "met") {
			return signed(s, q.milli/1000/1000), true
		}
		if q.end == len(words) && i <= 1 {
			return signed(s, q.milli/1000), true
		}
	}
	return 0, false
}

func signed(s string, n int64) int64 {
	if negative(s) {
		return -n
	}
	return n
}

func isKM(w string) bool {
	return w == "km" || w == "cay" || w == "kilomet" || w == "ki" || w == "kilo" || w == "cs"
}
