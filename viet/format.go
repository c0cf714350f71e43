package viet

import (
	"strconv"
	"strings"
)

// FormatNumber writes a number with points between the thousands: 1.500.000.
func FormatNumber(n int64) string {
	s := strconv.FormatInt(n, 10)
	neg := strings.HasPrefix(s, "-")
	s = strings.TrimPrefix(s, "-")
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	if neg {
		s = "-" + s
	}
	return s
}

// FormatMoney writes a sum: "1.500.000 đồng".
func FormatMoney(dong int64) string { return FormatNumber(dong) + " đồng" }

// FormatDecimal writes a decimal number with a comma and without zeros at the
// end: 7.9248 as "7,9248", 6.0 as "6".
func FormatDecimal(x float64) string {
	return strings.Replace(strconv.FormatFloat(x, 'f', -1, 64), ".", ",", 1)
}
