package notice

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"nghe/content"
	"nghe/course"
	"nghe/viet"
)

// MaxSeconds is how long a text may be read.
const MaxSeconds = 60

// perSecond is how many syllables one reads out in a second over a loudspeaker,
// slowly: 180 a minute.
const perSecond = 3

// Seconds is how long it takes to read sentences out.
func Seconds(sentences []string) int {
	n := 0
	for _, s := range sentences {
		n += words(s)
	}
	return (n + perSecond - 1) / perSecond
}

func words(s string) int { return len(strings.Fields(s)) }

// sentence is one, and how much it matters: 0 is always read, of the others those
// with small numbers first, as long as there is time.
type sentence struct {
	text string
	rank int
}

// Loud makes what is read out of a class on a day: sentences in order. Nil: there
// is nothing to read, because the class is past or full. Of one that was cancelled
// it says that.
func Loud(lib *content.Library, c course.Course, on course.Day) []string {
	standing := c.Standing(on)
	switch {
	case c.Status == course.Cancelled:
		return cancelled(lib, c)
	case standing == course.Past, standing == course.Taken:
		return nil
	}
	all := opening(c)
	all = append(all, what(lib, c, standing)...)
	all = append(all, days(c, standing, on)...)
	all = append(all, terms(c)...)
	all = append(all, ask(c))
	all = append(all, again(lib, c, on), sentence{"Xin cảm ơn bà con.", 0})
	return fit(all)
}

func cancelled(lib *content.Library, c course.Course) []string {
	return fit(append(opening(c), sentence{"Lớp " + name(lib, c) + at(lib, c) + " không mở nữa.", 0}, ask(c), sentence{"Xin nhắc lại: lớp " + name(lib, c) + at(lib, c) + " không mở nữa. Xin cảm ơn bà con.", 0}))
}

// opening says that a class which nobody holds is none.
func opening(c course.Course) []sentence {
	all := []sentence{{"Xin mời bà con chú ý nghe thông báo.", 0}}
	if c.Invented {
		all = append(all, sentence{"Đây là bài đọc thử, lớp này không có thật.", 0})
	}
	return all
}

func what(lib *content.Library, c course.Course, standing course.Standing) []sentence {
	begin := "Đang nhận đăng ký lớp "
	switch standing {
	case course.Soon:
		begin = "Sắp mở lớp "
	case course.Unsure:
		begin = "Có lớp "
	}
	all := []sentence{{begin + name(lib, c) + at(lib, c) + ".", 0}}
	if venue := short(c.Venue, 12); venue != "" {
		all = append(all, sentence{"Học tại " + venue + ".", 1})
	}
	return all
}

func days(c course.Course, standing course.Standing, on course.Day) []sentence {
	var all []sentence
	switch {
	case c.Deadline != "":
		all = append(all, sentence{"Hạn đăng ký là hết " + read(c.Deadline, on) + ".", 0})
	case standing == course.Soon:
		all = append(all, sentence{"Lớp chưa nhận đăng ký, ai muốn học thì báo trước.", 0})
	default:
		all = append(all, sentence{"Hạn đăng ký chưa rõ, bà con hỏi trước khi đi.", 0})
	}
	if c.Start != "" {
		all = append(all, sentence{"Khai giảng " + read(c.Start, on) + ".", 1})
	}
	if s := short(c.Duration, 8); s != "" {
		all = append(all, sentence{"Thời gian học: " + s + ".", 3})
	}
	if s := short(c.Schedule, 14); s != "" {
		all = append(all, sentence{"Lịch học: " + s + ".", 5})
	}
	return all
}

func terms(c course.Course) []sentence {
	var all []sentence
	switch {
	case c.Fee == nil:
		all = append(all, sentence{"Học phí chưa rõ, bà con hỏi nơi mở lớp.", 6})
	case *c.Fee == 0:
		all = append(all, sentence{"Người học không phải đóng học phí.", 2})
	default:
		all = append(all, sentence{"Học phí " + viet.Spell(*c.Fee) + " đồng.", 2})
	}
	if s := few(c.Benefits, 24); s != "" {
		all = append(all, sentence{"Người học được: " + s + ".", 4})
	}
	if s := few(c.Who, 20); s != "" {
		all = append(all, sentence{"Lớp dành cho: " + s + ".", 3})
	}
	if s := few(c.Papers, 18); s != "" {
		all = append(all, sentence{"Giấy tờ cần mang: " + s + ".", 7})
	}
	return all
}

// ask says whom to ask.
func ask(c course.Course) sentence {
	var at []string
	if s := short(c.ContactName, 8); s != "" {
		at = append(at, s)
	}
	if s := short(c.ContactPlace, 10); s != "" {
		at = append(at, "tại "+s)
	}
	if p := phone(c); p != "" {
		at = append(at, "số điện thoại "+p)
	}
	if len(at) == 0 {
		return sentence{"Bà con đăng ký và hỏi thêm tại Uỷ ban nhân dân xã, phường.", 0}
	}
	return sentence{"Đăng ký và hỏi: " + strings.Join(at, ", ") + ".", 0}
}

// again says once more what one must know.
func again(lib *content.Library, c course.Course, on course.Day) sentence {
	text := "Xin nhắc lại: lớp " + name(lib, c) + at(lib, c)
	if c.Deadline != "" {
		text += ", hạn đăng ký hết " + read(c.Deadline, on)
	}
	if p := phone(c); p != "" {
		text += ", số điện thoại " + p
	}
	return sentence{text + ".", 0}
}

// name is how a class is called: its title where one can take it in by hearing,
// else its trade.
func name(lib *content.Library, c course.Course) string {
	title := short(c.Title, 14)
	for _, begin := range []string{"Lớp học ", "Lớp ", "lớp "} {
		title = strings.TrimPrefix(title, begin)
	}
	if title != "" {
		return lowerFirst(title)
	}
	if t := lib.Trade(c.Trade); t != nil {
		return "dạy nghề " + lowerFirst(speak(t.Label()))
	}
	return "dạy nghề"
}

// at is where it is, with a comma in front; "" when nobody knows.
func at(lib *content.Library, c course.Course) string {
	if p := lib.Place(c.Place); p != nil {
		return ", ở " + lowerFirst(p.Name)
	}
	return ""
}

var phonePattern = regexp.MustCompile(`(?:\+84|0)\d(?:[ .-]?\d){7,9}\b`)

// phone reads the first number of the contact's.
func phone(c course.Course) string {
	return viet.SpellDigits(strings.Replace(phonePattern.FindString(c.ContactPhone), "+84", "0", 1))
}

// short is a text as it is read if it has at most so many syllables, else "":
// half a sentence is worse than none.
func short(text string, most int) string {
	if s := speak(text); words(s) <= most {
		return s
	}
	return ""
}

// few are the first of a list that fit into so many syllables.
func few(list []string, most int) string {
	var out []string
	for _, x := range list {
		s := speak(x)
		if most -= words(s); most < 0 || s == "" {
			break
		}
		out = append(out, lowerFirst(s))
	}
	return strings.Join(out, ", ")
}

// fit leaves out what matters least until all can be read in time.
func fit(all []sentence) []string {
	most := 0
	for rank := 1; rank <= 7; rank++ {
		if Seconds(upTo(all, rank)) > MaxSeconds {
			break
		}
		most = rank
	}
	return upTo(all, most)
}

func upTo(all []sentence, rank int) []string {
	var out []string
	for _, s := range all {
		if s.rank <= rank {
			out = append(out, s.text)
		}
	}
	return out
}

// lowerFirst begins with a small letter, but for words that are all capitals.
func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if next, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsUpper(next) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}
