package viet

import "strings"

// digitNames are the digits as they are read out.
var digitNames = [...]string{"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"}

// Spell writes a whole number as it is read out: 2.500.000 is “hai triệu năm
// trăm nghìn”, 105 “một trăm linh năm”, 21 “hai mươi mốt”.
func Spell(n int64) string {
	if n < 0 {
		return "âm " + spell(uint64(-n))
	}
	return spell(uint64(n))
}

const (
	thousand = 1_000
	million  = 1_000 * thousand
	billion  = 1_000 * million
)

func spell(n uint64) string {
	for _, s := range []struct {
		size uint64
		name string
	}{{billion, "tỷ"}, {million, "triệu"}, {thousand, "nghìn"}} {
		if n >= s.size {
			head := spell(n/s.size) + " " + s.name
			return strings.TrimSpace(head + " " + spellRest(n%s.size, s.size))
		}
	}
	return hundreds(n, false)
}

// spellRest reads what follows “nghìn”, “triệu” or “tỷ”: the group right behind it
// is told with its hundreds, as in 2.026: “hai nghìn không trăm hai mươi sáu”.
func spellRest(n, size uint64) string {
	switch {
	case n == 0:
		return ""
	case size == thousand:
		return hundreds(n, true)
	case n < size/thousand: // nothing in the next group: the name that comes says how large it is
		return spellRest(n, size/thousand)
	}
	next := size / thousand
	names := map[uint64]string{thousand: "nghìn", million: "triệu"}
	return strings.TrimSpace(hundreds(n/next, true) + " " + names[next] + " " + spellRest(n%next, next))
}

// hundreds reads a number below a thousand, with “không trăm” in front where it
// follows something larger.
func hundreds(n uint64, follows bool) string {
	var words []string
	if n >= 100 || follows {
		words = append(words, digitNames[n/100], "trăm")
	}
	behind := len(words) > 0
	tens, ones := n/10%10, n%10
	switch {
	case tens > 1:
		words = append(words, digitNames[tens], "mươi")
	case tens == 1:
		words = append(words, "mười")
	case ones > 0 && behind:
		words = append(words, "linh")
	}
	switch {
	case ones == 0 && (tens > 0 || behind):
	case ones == 1 && tens > 1:
		words = append(words, "mốt")
	case ones == 5 && tens > 0:
		words = append(words, "lăm")
	default:
		words = append(words, digitNames[ones])
	}
	return strings.Join(words, " ")
}

// SpellDigits reads digits one by one, in threes as people say telephone numbers:
// “không chín một, hai ba bốn, năm sáu bảy, tám”. A last one alone stays with the
// group before it. What is no digit is left out.
func SpellDigits(s string) string {
	var words []string
	for _, r := range s {
		if r >= '0' && r <= '9' {
			words = append(words, digitNames[r-'0'])
		}
	}
	var groups []string
	for len(words) > 0 {
		n := min(3, len(words))
		if len(words) == 4 {
			n = 4
		}
		groups, words = append(groups, strings.Join(words[:n], " ")), words[n:]
	}
	return strings.Join(groups, ", ")
}
