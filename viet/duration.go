package viet

import "slices"

// Months reads how long, in months: "36 tháng", "3 năm", "2 năm rưỡi", "1 năm
// 6 tháng", "nửa năm", or a bare number, which is months. What is no whole
// number of months is none.
func Months(s string) (int64, bool) {
	words := Words(s)
	total, read := int64(0), false // thousandths of a month
	for i := 0; i < len(words); i++ {
		if words[i].Fold == "nua" && i+1 < len(words) && words[i+1].Fold == "nam" {
			total, read = total+6000, true
			i++
			continue
		}
		milli, unit, end := lengthAt(words, i)
		if end == 0 {
			continue
		}
		if end < len(words) && words[end].Fold == "ruoi" {
			milli += 500
			end++
		}
		total, read = total+milli*unit, true
		i = end - 1
	}
	if !read {
		if slices.ContainsFunc(words, func(w Word) bool { _, unit := splitUnit(w.Fold); return otherUnits[w.Fold] || otherUnits[unit] }) {
			return 0, false
		}
		return Number(s)
	}
	return total / 1000, total%1000 == 0
}

// Lasts says whether a text names a length in months or years, with its unit:
// "3 tháng", "2 năm rưỡi", not "3".
func Lasts(s string) bool {
	words := Words(s)
	for i := range words {
		if _, _, end := lengthAt(words, i); end > 0 {
			return true
		}
	}
	return false
}

// otherUnits make a number something else than a time in months.
var otherUnits = map[string]bool{
	"tuoi": true, "t": true, "trieu": true, "tr": true, "nghin": true, "ngan": true, "k": true, "km": true, "cay": true, "dong": true,
	"nguoi": true, "buoi": true, "ngay": true, "tuan": true, "ty": true, "sao": true, "cu": true,
}

// maxLength is the longest time, in thousandths of its unit, that is read.
const maxLength = 1e9

// lengthAt reads the number that begins at word i with the unit after it; end
// is 0 when there is none.
func lengthAt(words []Word, i int) (milli, unit int64, end int) {
	if num, unit := splitUnit(words[i].Fold); num != "" && monthsIn(unit) > 0 { // "3nam", "36th"
		if m, _, ok := parseDigits(num, true); ok && m <= maxLength {
			return m, monthsIn(unit), i + 1
		}
	}
	n, ok := digit(words[i])
	milli = n * 1000
	if isNumeric(words[i].Fold) {
		milli, _, ok = parseDigits(words[i].Fold, true)
	}
	end = i + 1
	if ok && !isNumeric(words[i].Fold) && end < len(words) && (words[end].Fold == "muoi" || words[end].Fold == "chuc") {
		if q, scanned := scan(words, i); scanned {
			milli, end = q.milli, q.end
		}
	}
	if !ok || milli > maxLength || end >= len(words) {
		return 0, 0, 0
	}
	if unit = monthsIn(words[end].Fold); unit == 0 {
		return 0, 0, 0
	}
	return milli, unit, end + 1
}

// monthsIn gives how many months a unit has, folded; 0 for none.
func monthsIn(unit string) int64 {
	switch unit {
	case "nam":
		return 12
	case "thang", "thag", "th":
		return 1
	}
	return 0
}
