package broadcast

import (
	"math"
	"time"
)

// The Vietnamese calendar follows moon and sun at UTC+7. Its rules: a month
// begins on the day of the new moon; the month with the winter solstice is the
// eleventh; a year of thirteen months has a leap month, the first without a
// major solar term. New moons and the sun's longitude are worked out after
// Meeus, "Astronomical Algorithms" (1998), chapters 25 and 49, in the short form
// that Hồ Ngọc Đức published ("Thuật toán tính âm lịch", 2004).

const (
	hanoi = 7.0 / 24 // days ahead of UTC
	month = 29.530588853
)

// julian gives the number of a day.
func julian(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix()/86400) + 2440588
}

func day(julian int) time.Time { return time.Unix(int64(julian-2440588)*86400, 0).UTC() }

// newMoon gives the day, at UTC+7, of the k-th new moon after the one of 1
// January 1900.
func newMoon(k int) int {
	n := float64(k)
	t := n / 1236.85
	t2, t3 := t*t, t*t*t
	const rad = math.Pi / 180
	jd := 2415020.75933 + 29.53058868*n + 0.0001178*t2 - 0.000000155*t3 + 0.00033*math.Sin((166.56+132.87*t-0.009173*t2)*rad)
	m := 359.2242 + 29.10535608*n - 0.0000333*t2 - 0.00000347*t3    // the sun's mean anomaly
	mpr := 306.0253 + 385.81691806*n + 0.0107306*t2 + 0.00001236*t3 // the moon's
	f := 21.2964 + 390.67050646*n - 0.0016528*t2 - 0.00000239*t3    // its argument of latitude
	c := (0.1734-0.000393*t)*math.Sin(m*rad) + 0.0021*math.Sin(2*m*rad) -
		0.4068*math.Sin(mpr*rad) + 0.0161*math.Sin(2*mpr*rad) - 0.0004*math.Sin(3*mpr*rad) +
		0.0104*math.Sin(2*f*rad) - 0.0051*math.Sin((m+mpr)*rad) - 0.0074*math.Sin((m-mpr)*rad) +
		0.0004*math.Sin((2*f+m)*rad) - 0.0004*math.Sin((2*f-m)*rad) - 0.0006*math.Sin((2*f+mpr)*rad) +
		0.0010*math.Sin((2*f-mpr)*rad) + 0.0005*math.Sin((2*mpr+m)*rad)
	delta := -0.000278 + 0.000265*t + 0.000262*t2
	if t < -11 {
		delta = 0.001 + 0.000839*t + 0.0002261*t2 - 0.00000845*t3 - 0.000000081*t*t3
	}
	return int(math.Floor(jd + c - delta + 0.5 + hanoi))
}

// sunTerm gives in which twelfth of its way the sun is when a day begins at
// UTC+7: 0 from the spring equinox, 9 from the winter solstice.
func sunTerm(julian int) int {
	t := (float64(julian) - 2451545.5 - hanoi) / 36525
	t2 := t * t
	const rad = math.Pi / 180
	m := 357.52910 + 35999.05030*t - 0.0001559*t2 - 0.00000048*t*t2
	l0 := 280.46645 + 36000.76983*t + 0.0003032*t2
	l := l0 + (1.914600-0.004817*t-0.000014*t2)*math.Sin(m*rad) + (0.019993-0.000101*t)*math.Sin(2*m*rad) + 0.000290*math.Sin(3*m*rad)
	l *= rad
	l -= 2 * math.Pi * math.Floor(l/(2*math.Pi))
	return int(math.Floor(l / math.Pi * 6))
}

// eleventh gives the first day of the eleventh month of a lunar year that
// begins in a year, and which new moon it is.
func eleventh(year int) (first, k int) {
	off := julian(time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC)) - 2415021
	k = int(math.Floor(float64(off) / month))
	if first = newMoon(k); sunTerm(first) >= 9 {
		k--
		first = newMoon(k)
	}
	return first, k
}

// lunarDay gives the day of a year's lunar calendar, of the month that is not a
// leap month.
func lunarDay(year, lunarMonth, lunarDate int) time.Time {
	from := year - 1
	if lunarMonth >= 11 {
		from = year
	}
	begin, k := eleventh(from)
	end, _ := eleventh(from + 1)
	off := (lunarMonth + 1) % 12 // months after the eleventh
	if end-begin > 365 {
		if leap := leapMonth(k); off >= leap {
			off++
		}
	}
	return day(newMoon(k+off) + lunarDate - 1)
}

// leapMonth gives which month after the eleventh, the k-th new moon, has no
// major solar term.
func leapMonth(k int) int {
	last := -1
	for i := 1; i < 14; i++ {
		term := sunTerm(newMoon(k + i))
		if term == last {
			return i - 1
		}
		last = term
	}
	return 14
}
