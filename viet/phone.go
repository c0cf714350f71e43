package viet

import "strings"

// Phone reads a Vietnamese phone number as 0XXXXXXXXX: "+84 912 345 678",
// "0912.345.678", "84912345678". Landlines have eleven digits.
func Phone(s string) (string, bool) {
	var digits []byte
	flush := func() (string, bool) {
		p := string(digits)
		digits = digits[:0]
		if rest, ok := strings.CutPrefix(p, "84"); ok && len(rest) >= 9 {
			p = "0" + rest
		}
		return p, len(p) >= 10 && len(p) <= 11 && p[0] == '0' && p[1] != '0'
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			if digits = append(digits, c); len(digits) > 15 {
				return "", false
			}
		case (c == ' ' || c == '.' || c == '-' || c == '(' || c == ')' || c == '+') && len(digits) > 0:
		default:
			if p, ok := flush(); ok {
				return p, true
			}
		}
	}
	return flush()
}
