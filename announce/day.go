package announce

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"nghe/course"
	"nghe/viet"
)

// days are the ways in which announcements write a day or a month, in folded
// text. A number of two parts with a point is no day: "1.5 triệu".
var days = regexp.MustCompile(`\b(\d{1,2}) ?[/.-] ?(\d{1,2}) ?[/.-] ?(\d{4}|\d{2})\b|\b(\d{1,2})[/-](\d{4})\b|\b(\d{1,2})[/-](\d{1,2})\b|\b(?:(?:ngay |mung )?(\d{1,2}) )?thang (\d{1,2}|gieng|chap)(?:(?: nam |[/ -])(\d{4}))?\b`)

// The oldest and the newest day that a new announcement can mean.
const (
	daysPast   = 60 // of a day without a year: longer ago, next year is meant
	yearsAhead = 3
)

// found is a day and the words it was read from.
type found struct {
	day  course.Day
	said string
}

// daysIn reads the days and months of a text, in its order. What does not
// exist, or can't be meant, is left out.
func daysIn(text string, now time.Time) []found {
	folded, at := foldBytes(text)
	var all []found
	for _, m := range days.FindAllStringSubmatchIndex(folded, -1) {
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return folded[m[2*i]:m[2*i+1]]
		}
		var day, month, year string
		switch {
		case group(3) != "":
			day, month, year = group(1), group(2), group(3)
		case group(5) != "":
			month, year = group(4), group(5)
		case group(7) != "":
			day, month = group(6), group(7)
		default:
			day, month, year = group(8), group(9), group(10)
			month = strings.NewReplacer("gieng", "1", "chap", "12").Replace(month)
		}
		if d, ok := dayOf(day, month, year, now); ok {
			all = append(all, found{d, strings.TrimSpace(text[at[m[0]]:at[m[1]]])})
		}
	}
	if len(all) == 0 { // "mai", "thứ hai tuần sau"
		if d, ok := viet.Date(text, now); ok && d.Year > 0 && d.Month > 0 && d.Day > 0 && !strings.ContainsAny(folded, "0123456789") {
			all = append(all, found{course.Day(d.String()), text})
		}
	}
	return all
}

func dayOf(day, month, year string, now time.Time) (course.Day, bool) {
	m, _ := strconv.Atoi(month)
	y, _ := strconv.Atoi(year)
	d, _ := strconv.Atoi(day)
	if m < 1 || m > 12 || day != "" && (d < 1 || d > 31) {
		return "", false
	}
	if len(year) == 2 {
		y += 2000
	}
	if year == "" {
		y = now.Year()
		end := time.Date(y, time.Month(m), d, 0, 0, 0, 0, now.Location())
		if day == "" {
			end = time.Date(y, time.Month(m)+1, 0, 0, 0, 0, 0, now.Location())
		}
		switch {
		case now.Sub(end) > daysPast*24*time.Hour:
			y++
		case end.Sub(now) > (365-daysPast)*24*time.Hour: // "28/12", said in January
			y--
		}
	}
	if y < now.Year()-1 || y > now.Year()+yearsAhead {
		return "", false
	}
	out := course.Day(time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC).Format("2006-01"))
	if day != "" {
		out += course.Day("-" + strconv.Itoa(100 + d)[1:])
	}
	return out, out.Valid()
}

// foldBytes folds a text and says for each byte of it, and for its end, where
// it stands in the text.
func foldBytes(text string) (folded string, at []int) {
	var b strings.Builder
	for i, r := range text {
		f := viet.Fold(string(r))
		for range len(f) {
			at = append(at, i)
		}
		b.WriteString(f)
	}
	return b.String(), append(at, len(text))
}
