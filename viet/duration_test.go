package viet_test

import (
	"testing"

	"nghe/viet"
)

func TestMonths(t *testing.T) {
	for text, want := range map[string]int64{
		"3 năm": 36, "3 nam": 36, "3nam": 36, "ba năm": 36, "năm năm": 60, "36 tháng": 36, "36 thang": 36, "36th": 36, "trong 3 năm": 36,
		"2 năm rưỡi": 30, "1 năm 6 tháng": 18, "1,5 năm": 18, "nửa năm": 6, "mười năm": 120, "36": 36, "0 tháng": 0, "5000 tháng": 5000, "hai mươi tháng": 20, "khoảng 5 năm thôi": 60,
	} {
		if got, ok := viet.Months(text); !ok || got != want {
			t.Errorf("%q is %d months (%v), want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"lâu lâu", "1,3 năm", "400 tuổi", "15 ngày", "99999999999999999 năm", "năm nay", ""} {
		if got, ok := viet.Months(text); ok {
			t.Errorf("%q is %d months, want none", text, got)
		}
	}
}
