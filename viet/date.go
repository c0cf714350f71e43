package viet

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Day is a day of which parts may be unknown (zero): "tháng 9", "1985".
type Day struct{ Year, Month, Day int }

// String writes "1990-11-20", "1990-11" or "1990"; a day without a year is
// written with the year left out ("--11-20", "--09").
func (d Day) String() string {
	switch {
	case d.Year > 0 && d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Year > 0 && d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	case d.Year > 0:
		return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
	case d.Day == 0:
		return fmt.Sprintf("--%02d", d.Month)
	}
	return fmt.Sprintf("--%02d-%02d", d.Month, d.Day)
}

// possible says whether there is such a day.
func (d Day) possible() bool {
	if d.Month < 0 || d.Month > 12 || d.Day < 0 || d.Year < 0 || d.Year > 2200 || d.Year > 0 && d.Year < 1900 {
		return false
	}
	if d.Day > 0 {
		y := d.Year
		if y == 0 {
			y = 2024 // a leap year: the 29th of February may be meant
		}
		t := time.Date(y, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC)
		return t.Day() == d.Day && d.Month > 0
	}
	return true
}

// relative days, by how many days they are off.
var relative = map[string]int{"hom nay": 0, "ngay mai": 1, "mai": 1, "ngay kia": 2, "mot": 2, "hom qua": -1}

// weekdays as they are said.
var weekdays = map[string]time.Weekday{"hai": time.Monday, "ba": time.Tuesday, "tu": time.Wednesday, "nam": time.Thursday, "sau": time.Friday, "bay": time.Saturday,
	"2": time.Monday, "3": time.Tuesday, "4": time.Wednesday, "5": time.Thursday, "6": time.Friday, "7": time.Saturday}

// Date reads a day, a month or a year at the time given: "20/11/1990",
// "20-11", "20 tháng 11", "tháng 9", "sinh 85", "năm 1985", "mai", "thứ hai
// tuần sau". A day and month without a year is the next one to come. A day
// that doesn't exist is none.
func Date(s string, at time.Time) (Day, bool) {
	words := Words(s)
	for i, w := range words {
		if d, ok := slashed(w.Fold, at); ok {
			return d, d.possible()
		}
		if w.Fold == "thang" && i+1 < len(words) {
			m, ok := small(words[i+1], 12)
			if !ok || i > 0 && isNumeric(words[i-1].Fold) && !isDayBefore(words, i) {
				continue // "3 tháng": a length of time
			}
			d := Day{Month: m}
			if i > 0 {
				if day, ok := small(words[i-1], 31); ok {
					d.Day = day
				}
			}
			if y := yearIn(words[i+2:], at); y > 0 {
				d.Year = y
			} else if d.Day > 0 {
				d.Year = nextYear(d, at)
			}
			return d, d.possible()
		}
		if w.Fold == "thu" && i+1 < len(words) {
			if day, ok := weekdays[words[i+1].Fold]; ok {
				return weekday(day, strings.Contains(Fold(s), "tuan sau"), at), true
			}
		}
		if w.Fold == "chu" && i+1 < len(words) && words[i+1].Fold == "nhat" {
			return weekday(time.Sunday, strings.Contains(Fold(s), "tuan sau"), at), true
		}
	}
	folded := Fold(s)
	for _, phrase := range []string{"hom nay", "ngay mai", "ngay kia", "hom qua"} {
		if strings.Contains(folded, phrase) {
			return dayOf(at.AddDate(0, 0, relative[phrase])), true
		}
	}
	if len(words) == 1 && words[0].Fold == "mai" {
		return dayOf(at.AddDate(0, 0, 1)), true
	}
	if y := yearIn(words, at); y > 0 {
		return Day{Year: y}, true
	}
	return Day{}, false
}

// isDayBefore says that the number before "tháng" is a day and that after it a
// month: "20 tháng 11".
func isDayBefore(words []Word, i int) bool {
	_, day := small(words[i-1], 31)
	_, month := small(words[i+1], 12)
	return day && month
}

func dayOf(t time.Time) Day { return Day{t.Year(), int(t.Month()), t.Day()} }

func weekday(day time.Weekday, nextWeek bool, at time.Time) Day {
	// A week begins on Monday.
	monday := at.AddDate(0, 0, -(int(at.Weekday())+6)%7)
	t := monday.AddDate(0, 0, (int(day)+6)%7)
	if nextWeek || t.Before(at) && dayOf(t) != dayOf(at) {
		t = t.AddDate(0, 0, 7)
	}
	return dayOf(t)
}

// slashed reads "20/11/1990", "20-11", "20.11.1990", "9/2027". Points alone make
// a day only of three parts none of which is a thousand's: "1.500.000" is a sum.
func slashed(w string, at time.Time) (Day, bool) {
	if dots := strings.Split(w, "."); len(dots) == 3 && len(dots[0]) <= 2 && len(dots[1]) <= 2 && len(dots[2]) != 3 {
		w = strings.ReplaceAll(w, ".", "/")
	}
	parts := strings.FieldsFunc(w, func(r rune) bool { return r == '/' || r == '-' })
	if len(parts) < 2 || len(parts) > 3 || strings.ContainsAny(w, ".,") {
		return Day{}, false
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || v < 0 {
			return Day{}, false
		}
		n[i] = v
	}
	if len(parts) == 2 {
		if len(parts[1]) == 4 {
			return Day{Month: max(n[0], 1), Year: n[1]}, n[0] > 0
		}
		d := Day{Day: n[0], Month: n[1]}
		d.Year = nextYear(d, at)
		return d, n[0] > 0 && n[1] > 0
	}
	if len(parts[0]) == 4 { // 1990-11-20
		return Day{n[0], n[1], n[2]}, n[1] > 0 && n[2] > 0
	}
	return Day{fullYear(parts[2], n[2], at), n[1], n[0]}, n[0] > 0 && n[1] > 0
}

// nextYear gives the year in which a day and month come next.
func nextYear(d Day, at time.Time) int {
	if d.Month < int(at.Month()) || d.Month == int(at.Month()) && d.Day < at.Day() {
		return at.Year() + 1
	}
	return at.Year()
}

// fullYear reads "85" as 1985 and "07" as 2007, by the year it is now.
func fullYear(s string, n int, at time.Time) int {
	if len(s) != 2 {
		return n
	}
	if 2000+n <= at.Year() {
		return 2000 + n
	}
	return 1900 + n
}

// small reads a number from 1 to most.
func small(w Word, most int) (int, bool) {
	if isNumeric(w.Fold) {
		n, err := strconv.Atoi(w.Fold)
		return n, err == nil && n >= 1 && n <= most
	}
	names := map[string]int{"gieng": 1, "chap": 12}
	if n, ok := names[w.Fold]; ok {
		return n, n <= most
	}
	d, _ := digit(w)
	return int(d), d >= 1 && d <= int64(most)
}

// yearIn finds a year: "năm 1985", "sinh 85", "sn 90", "1990".
func yearIn(words []Word, at time.Time) int {
	for i, w := range words {
		if !isNumeric(w.Fold) {
			continue
		}
		n, err := strconv.Atoi(w.Fold)
		if err != nil {
			continue
		}
		if len(w.Fold) == 4 && n >= 1900 && n <= 2100 {
			return n
		}
		if len(w.Fold) == 2 && i > 0 && (words[i-1].Fold == "sinh" || words[i-1].Fold == "sn" || i > 1 && words[i-2].Fold == "sinh" && words[i-1].Fold == "nam") {
			return fullYear(w.Fold, n, at)
		}
	}
	return 0
}

// Age reads years of age: "35 tuổi", "35t", "ba lăm tuổi", "sinh 85", "sn
// 1990", "ngoài 40" and "hơn 50" (the round number), or a bare number that can
// be an age.
func Age(s string, at time.Time) (int, bool) {
	words := Words(s)
	for i, w := range words {
		if w.Fold == "tuoi" || w.Fold == "tuoii" || w.Canon == "tuỏi" {
			if n, ok := ageBefore(words, i); ok {
				return n, true
			}
			if i+1 < len(words) { // "tuổi 35"
				if n, ok := small(words[i+1], 120); ok && n >= 3 {
					return n, true
				}
			}
		}
		if num, unit := splitUnit(w.Fold); unit == "t" || unit == "tuoi" {
			if n, err := strconv.Atoi(num); err == nil && n >= 3 && n <= 120 {
				return n, true
			}
		}
		if (w.Fold == "ngoai" || w.Fold == "hon" || w.Fold == "gan") && i+1 < len(words) {
			if n, ok := small(words[i+1], 120); ok && n >= 15 && i+2 == len(words) {
				return n, true
			}
		}
		if (w.Fold == "sinh" || w.Fold == "sn") && i+1 < len(words) {
			if y := yearIn(words[i:], at); y > 0 && y <= at.Year() && at.Year()-y <= 120 {
				return at.Year() - y, true
			}
		}
	}
	if len(words) <= 3 {
		if y := yearIn(words, at); y > 0 && y <= at.Year() && at.Year()-y <= 120 {
			return at.Year() - y, true
		}
		if n, ok := Number(s); ok {
			return int(n), n >= 1 && n <= 150
		}
	}
	return 0, false
}

// ageBefore reads the number that ends before word i: "35 tuổi", "ba mươi
// lăm tuổi", "ba lăm tuổi".
func ageBefore(words []Word, i int) (int, bool) {
	if i == 0 {
		return 0, false
	}
	for j := max(0, i-4); j < i; j++ {
		if !isNumeric(words[j].Fold) && !isCount(words[j]) {
			continue
		}
		if q, ok := scan(words, j); ok && q.end == i && !q.scaled {
			n := int(q.milli / 1000)
			return n, n >= 1 && n <= 120
		}
		// "ba lăm": tens and ones without the word for ten
		if j == i-2 && isOnes(words[j]) && isCount(words[j+1]) {
			tens, _ := digit(words[j])
			ones, _ := digit(words[j+1])
			return int(tens*10 + ones%10), true
		}
	}
	return 0, false
}
