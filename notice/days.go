package notice

import (
	"fmt"
	"time"

	"nghe/course"
	"nghe/viet"
)

var weekdays = [...]string{"Chủ nhật", "thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy"}

// written is a day as it is written: “thứ Bảy, 12/12/2026”.
func written(d course.Day) string {
	if d.MonthOnly() {
		return "tháng " + d.Time().Format("1/2006")
	}
	return weekdays[d.Time().Weekday()] + ", " + d.Time().Format("02/01/2006")
}

// read is a day as it is read: “thứ Bảy, ngày mười hai tháng mười hai”. The year is
// told where it is another than that of today.
func read(d, on course.Day) string {
	t := d.Time()
	out := spokenMonth(int(t.Month()))
	if !d.MonthOnly() {
		out = weekdays[t.Weekday()] + ", " + spokenDay(t.Day()) + " " + out
	}
	if t.Year() != on.Time().Year() {
		out += " năm " + viet.Spell(int64(t.Year()))
	}
	return out
}

func spokenDay(n int) string {
	if n <= 10 {
		return "ngày mùng " + viet.Spell(int64(n))
	}
	return "ngày " + viet.Spell(int64(n))
}

func spokenMonth(n int) string {
	if n == 4 {
		return "tháng tư"
	}
	return "tháng " + viet.Spell(int64(n))
}

// isDay says whether there is such a day.
func isDay(day, month, year int) bool {
	t, err := time.Parse("2006-1-2", fmt.Sprintf("%04d-%d-%d", year, month, day))
	return err == nil && t.Day() == day
}
