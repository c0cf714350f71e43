package announce

import (
	"fmt"
	"slices"
	"strings"

	"nghe/content"
	"nghe/course"
	"nghe/viet"
)

// unclear stands for what was asked and is not known.
const unclear = "chưa rõ"

// Lines reads the draft back, a line for each field: what is known, and of what
// matters what is not.
func (d *Draft) Lines(w World) []string {
	c := d.Course
	var all []string
	line := func(name, value string) {
		if value != "" {
			all = append(all, name+": "+value)
		}
	}
	needed := func(f Field, name, value string) {
		switch {
		case value != "":
		case len(d.Maybe[f]) > 0:
			value = strings.Join(d.names(f, w.Library), " hoặc ") + "?"
		default:
			value = unclear
		}
		line(name, value)
	}
	trade := ""
	if t := w.Library.Trade(c.Trade); t != nil {
		trade = t.Label()
	}
	line("Lớp", c.Title)
	needed(Trade, "Nghề", trade)
	place := placeName(w.Library, c.Place)
	needed(Place, "Xã, phường", place)
	line("Địa điểm", c.Venue)
	deadline := day(c.Deadline)
	if deadline != "" && d.Past(w.Now) {
		deadline += " (đã qua!)"
	}
	needed(Deadline, "Hạn đăng ký", deadline)
	line("Khai giảng", day(c.Start))
	line("Bế giảng", day(c.End))
	line("Thời gian học", c.Duration)
	line("Lịch học", c.Schedule)
	line("Số người", number(c.Quota))
	line("Học phí", fee(c))
	line("Quyền lợi", strings.Join(c.Benefits, ", "))
	line("Đối tượng", strings.Join(c.Who, ", "))
	line("Tuổi", ageRange(c))
	line("Giấy tờ", strings.Join(c.Papers, ", "))
	line("Đăng ký", c.HowTo)
	contact := asked(c)
	if contact == "" && c.HowTo != "" {
		contact = "như trên"
	}
	needed(Contact, "Liên hệ", contact)
	line("Đơn vị dạy", c.Provider)
	line("Chứng chỉ", c.Certificate)
	line("Nhắn thêm", d.Note)
	return all
}

// names gives what a name may mean.
func (d *Draft) names(f Field, lib *content.Library) []string {
	var all []string
	for _, id := range d.Maybe[f] {
		all = append(all, lib.ValueName(string(f), id))
	}
	return all
}

// Message is what people get: what they need to make up their mind, in a few
// lines. What is not known is not in it.
func Message(c course.Course, note string, lib *content.Library) string {
	head := "Có lớp mới: " + lower(c.Title)
	if p := placeName(lib, c.Place); p != "" && !strings.Contains(viet.Fold(c.Title), viet.Fold(p)) {
		head += " ở " + lower(p)
	}
	lines := []string{head + "."}
	if c.Venue != "" {
		lines = append(lines, "Nơi học: "+c.Venue+".")
	}
	var when []string
	if d := day(c.Start); d != "" {
		when = append(when, "khai giảng "+d)
	}
	if c.Duration != "" {
		when = append(when, "học "+c.Duration)
	}
	if len(when) > 0 {
		lines = append(lines, capital(strings.Join(when, ", "))+".")
	}
	if c.Quota != nil {
		lines = append(lines, "Nhận "+number(c.Quota)+" người.")
	}
	if f := fee(c); f != "" {
		lines = append(lines, "Học phí: "+f+".")
	}
	var who []string
	if len(c.Who) > 0 {
		who = append(who, strings.Join(c.Who, ", "))
	}
	if a := ageRange(c); a != "" {
		who = append(who, a+" tuổi")
	}
	if len(who) > 0 {
		lines = append(lines, "Dành cho: "+strings.Join(who, "; ")+".")
	}
	if d := day(c.Deadline); d != "" {
		lines = append(lines, "Hạn đăng ký: "+d+".")
	}
	if a := asked(c); a != "" {
		lines = append(lines, "Hỏi: "+a+".")
	} else if c.HowTo != "" {
		lines = append(lines, capital(c.HowTo)+".")
	}
	if note != "" {
		lines = append(lines, note)
	}
	return strings.Join(lines, "\n")
}

// asked is who is to be asked.
func asked(c course.Course) string {
	return strings.Join(slices.DeleteFunc([]string{c.ContactName, c.ContactPlace, c.ContactPhone}, func(s string) bool { return s == "" }), ", ")
}

func placeName(lib *content.Library, id string) string {
	if p := lib.Place(id); p != nil {
		return p.Name
	}
	return ""
}

func day(d course.Day) string {
	switch {
	case d == "" || !d.Valid():
		return ""
	case d.MonthOnly():
		return "tháng " + d.Time().Format("1/2006")
	}
	return d.Time().Format("2/1/2006")
}

func number(n *int64) string {
	if n == nil {
		return ""
	}
	return viet.FormatNumber(*n)
}

func fee(c course.Course) string {
	switch {
	case c.Fee == nil:
		return ""
	case *c.Fee == 0:
		return "miễn phí"
	}
	return viet.FormatMoney(*c.Fee)
}

func ageRange(c course.Course) string {
	switch {
	case c.MinAge != nil && c.MaxAge != nil:
		return fmt.Sprintf("%d đến %d", *c.MinAge, *c.MaxAge)
	case c.MinAge != nil:
		return fmt.Sprintf("từ %d", *c.MinAge)
	case c.MaxAge != nil:
		return fmt.Sprintf("đến %d", *c.MaxAge)
	}
	return ""
}
