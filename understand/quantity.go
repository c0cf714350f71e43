package understand

import (
	"time"

	"nghe/dialog"
	"nghe/viet"
)

// digits are numbers in words, folded.
var digits = newWordSet("không một hai ba bốn tư năm lăm nhăm sáu bảy bẩy tám chín mười chục trăm mốt")

// fit says how much of a text is the number that was read in it.
func fit(text string, around ...wordSet) dialog.Fit {
	around = append(around, digits, fillers)
	for _, w := range strip(viet.Words(text), around...) {
		if !hasDigit(w) {
			return dialog.Part
		}
	}
	return dialog.Exact
}

// aroundTerms are the words that stand beside how long somebody borrows.
var aroundTerms = newWordSet("trong vòng vay trả kỳ hạn thời thôi rưỡi nửa")

var aroundPhones = newWordSet("số điện thoại dt đt sdt sđt của gọi zalo")

// Number reads a whole number. A length of time is none: "3 tháng" is not 3 of
// whatever is counted.
func (r *Reader) Number(text string) (int64, dialog.Fit) {
	n, ok := viet.Number(text)
	if !ok || viet.Lasts(text) {
		return 0, dialog.None
	}
	return n, fit(text, aroundNumbers)
}

// Money reads a sum in đồng.
func (r *Reader) Money(text string) (int64, dialog.Fit) {
	n, ok := viet.Money(text)
	if !ok {
		return 0, dialog.None
	}
	return n, fit(text, aroundNumbers)
}

// Distance reads kilometres.
func (r *Reader) Distance(text string) (int64, dialog.Fit) {
	n, ok := viet.Distance(text)
	if !ok {
		return 0, dialog.None
	}
	return n, fit(text, aroundNumbers)
}

// Months reads how long, in months.
func (r *Reader) Months(text string) (int64, dialog.Fit) {
	n, ok := viet.Months(text)
	if !ok {
		return 0, dialog.None
	}
	return n, fit(text, aroundNumbers, aroundTerms)
}

// Age reads years of age.
func (r *Reader) Age(text string, at time.Time) (int64, dialog.Fit) {
	n, ok := viet.Age(text, at)
	if !ok {
		return 0, dialog.None
	}
	return int64(n), fit(text, aroundNumbers)
}

// Date reads a day, a month or a year.
func (r *Reader) Date(text string, at time.Time) (string, dialog.Fit) {
	d, ok := viet.Date(text, at)
	if !ok {
		return "", dialog.None
	}
	if d.Year == 0 { // "tháng 9": the next one to come
		if d.Year = at.Year(); d.Month < int(at.Month()) {
			d.Year++
		}
	}
	return d.String(), fit(text, aroundDays)
}

// Phone reads a phone number.
func (r *Reader) Phone(text string) (string, dialog.Fit) {
	p, ok := viet.Phone(text)
	if !ok {
		return "", dialog.None
	}
	return p, fit(text, aroundPhones)
}
