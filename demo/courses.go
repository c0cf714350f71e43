package demo

import (
	"fmt"
	"math/rand/v2"
	"time"

	"nghe/content"
	"nghe/course"
)

// Courses invents two courses of every trade, where the trade is practised. As
// in life much of each is unknown, and not every one is open.
func Courses(lib *content.Library, now time.Time) []course.Course {
	return ManyCourses(lib, 2*len(lib.Trades), now)
}

// ManyCourses invents so many courses, of every trade in turn. The first are
// those of Courses.
func ManyCourses(lib *content.Library, n int, now time.Time) []course.Course {
	chance := rand.New(rand.NewPCG(1, 5))
	all := make([]course.Course, n)
	for i := range all {
		all[i] = invent(lib, lib.Trades[i/2%len(lib.Trades)], chance, now)
		all[i].ID = fmt.Sprintf("vi-du-%03d", i+1)
	}
	return all
}

func invent(lib *content.Library, trade *content.Trade, chance *rand.Rand, now time.Time) course.Course {
	place := somewhere(lib, trade, chance)
	in := func(days int) course.Day { return course.DayOf(now.AddDate(0, 0, days)) }
	month := func(days int) course.Day { return in(days)[:len("2006-01")] }
	perhaps := func(percent int) bool { return chance.IntN(100) < percent }
	number := func(least, most int64) *int64 { n := least + chance.Int64N(most-least+1); return &n }

	c := course.Course{
		Title: fmt.Sprintf("Lớp ví dụ: %s", trade.Label()), Trade: trade.ID, Level: course.Level(trade.Level), Place: place.ID,
		Provider: "Trung tâm ví dụ", Invented: true, CheckedOn: in(-chance.IntN(20)), CheckedBy: "nghe demo",
	}
	switch closes := 5 + chance.IntN(40); chance.IntN(10) {
	case 0:
		c.Status, c.Start = course.Planned, month(60+chance.IntN(60))
	case 1:
		c.Status = course.Enrolling // and nobody says until when
	case 2:
		c.Status, c.Start, c.Quota, c.Registered = course.Full, in(closes), ptr(seats), ptr(seats)
	case 3:
		c.Status, c.Start, c.End = course.Finished, in(-120), in(-30)
	default:
		c.Status, c.Deadline, c.Start = course.Enrolling, in(closes), in(closes+10)
		c.Quota, c.Registered = ptr(seats), number(0, 34)
	}
	if perhaps(70) {
		c.Venue = "Nhà văn hoá thôn ví dụ"
		c.AtVillage = ptr(true)
	}
	if c.Level == course.Short || c.Level == course.Elementary {
		months := 1 + chance.Int64N(3)
		if c.Level == course.Elementary {
			months += 2
		}
		c.Duration = fmt.Sprintf("%d tháng", months)
		if perhaps(60) {
			c.Days = ptr(months * 20)
		}
		if perhaps(50) {
			c.Fee = ptr(500_000 * chance.Int64N(8))
		}
	}
	if perhaps(50) {
		c.Schedule = "Buổi sáng, thứ 2 đến thứ 6"
	}
	if perhaps(40) {
		c.Papers = []string{"Đơn đăng ký", "Căn cước"}
	}
	if perhaps(50) {
		c.ContactPlace = "Nơi hỏi ví dụ"
	}
	return c
}

// seats are as many as most real classes have.
const seats int64 = 35

func ptr[T any](x T) *T { return &x }

// somewhere gives a place where the trade is practised.
func somewhere(lib *content.Library, trade *content.Trade, chance *rand.Rand) *content.Place {
	if p := lib.Place(trade.Areas[chance.IntN(len(trade.Areas))]); p != nil {
		return p
	}
	return lib.Places[chance.IntN(len(lib.Places))] // all over the province
}
