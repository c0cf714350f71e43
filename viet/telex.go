package viet

import "strings"

// undoVNI takes out the digits that VNI left: "vo61n" -> "von". Words that
// begin with a digit are numbers with units.
func undoVNI(w string) string {
	b := make([]byte, 0, len(w))
	digits := 0
	for i := range len(w) {
		if w[i] >= '0' && w[i] <= '9' {
			digits++
			continue
		}
		b = append(b, w[i])
	}
	if digits == 0 || len(b) == 0 || isNumeric(w) {
		return ""
	}
	return string(b)
}

// undoTelex gives what a word was when Telex left its keys in it: doubled
// letters, w, and one of s f r x j for the tone: "ngheef" -> "nghe",
// "dduwowcj" -> "duoc", "hojc" -> "hoc".
func undoTelex(w string) []string {
	b := make([]byte, 0, len(w))
	for i := range len(w) {
		c := w[i]
		if c == 'w' && i > 0 || i > 0 && c == w[i-1] && strings.IndexByte("aeod", c) >= 0 {
			continue
		}
		b = append(b, c)
	}
	base := string(b)
	var list []string
	if base != w && Syllable(base) {
		list = append(list, base)
	}
	for i := 1; i < len(base); i++ {
		if strings.IndexByte("sfrxj", base[i]) < 0 {
			continue
		}
		if c := base[:i] + base[i+1:]; Syllable(c) {
			list = append(list, c)
		}
	}
	return list
}
