package notice

import (
	"fmt"
	"slices"
	"strings"

	"nghe/content"
	"nghe/course"
	"nghe/viet"
)

// Board is what stands on a sheet of A4.
type Board struct {
	Head  string // what it is about, in capitals
	Title string
	Note  string // over everything: it was cancelled, it is an example; "" = nothing
	Big   []Line // what one reads from some steps away
	Lines []Line
	Ask   string
}

// Line is one line: what it is about, and what is known.
type Line struct{ Label, Text string }

// longest is how many characters of a field stand on the sheet, so that it stays
// one sheet; the rest is behind the square code.
const longest = 170

// Pin makes the notice of a class on a day. Nil: the class is past, and there is
// nothing to pin up.
func Pin(lib *content.Library, c course.Course, on course.Day) *Board {
	standing := c.Standing(on)
	if standing == course.Past && c.Status != course.Cancelled {
		return nil
	}
	b := &Board{Head: heads[standing], Title: cut(c.Title), Ask: cut(Ask(c))}
	if c.Status == course.Cancelled {
		b.Head, b.Note = "THÔNG BÁO HUỶ LỚP", "Lớp này không mở nữa. Ai đã đăng ký thì hỏi nơi mở lớp."
	}
	if c.Invented {
		b.Note = strings.TrimSpace("Lớp ví dụ, không có thật. " + b.Note)
	}
	b.Big, b.Lines = Facts(lib, c)
	if c.Status == course.Cancelled {
		b.Big, b.Lines = b.Big[:1], nil
	}
	for _, lines := range [][]Line{b.Big, b.Lines} {
		for i := range lines {
			lines[i].Text = cut(lines[i].Text)
		}
	}
	return b
}

// Facts are what one wants to know of a class: first what is told even when it is
// not known, then what is known besides.
func Facts(lib *content.Library, c course.Course) (first, more []Line) {
	first = []Line{{"Học ở", Where(lib, c)}, {"Hạn đăng ký", Day(c.Deadline)}, {"Khai giảng", Day(c.Start)}, {"Học phí", Fee(c)}}
	for _, l := range []Line{
		{"Thời gian", long(c)}, {"Lịch học", c.Schedule}, {"Người học được", strings.Join(append(slices.Clone(c.Benefits), course.Trimmed([]string{c.FeeNote})...), "; ")}, {"Dành cho", whom(c)}, {"Mang theo", strings.Join(c.Papers, "; ")},
		{"Học xong", strings.Join(course.Trimmed([]string{c.Certificate, c.JobAfter}), "; ")}, {"Nơi dạy", c.Provider},
	} {
		if l.Text != "" {
			more = append(more, l)
		}
	}
	return first, more
}

var heads = map[course.Standing]string{
	course.Open: "ĐANG NHẬN ĐĂNG KÝ HỌC NGHỀ", course.Unsure: "THÔNG BÁO LỚP HỌC NGHỀ", course.Soon: "SẮP MỞ LỚP HỌC NGHỀ", course.Taken: "LỚP ĐÃ ĐỦ NGƯỜI",
}

// cut shortens a text to what has room, at the end of a word.
func cut(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	runes := []rune(text)
	if len(runes) <= longest {
		return text
	}
	head := string(runes[:longest])
	if i := strings.LastIndexByte(head, ' '); i > longest/2 {
		head = head[:i]
	}
	return strings.TrimRight(head, " ,;.") + "…"
}

// Where tells where a class is.
func Where(lib *content.Library, c course.Course) string {
	parts := []string{c.Venue}
	if p := lib.Place(c.Place); p != nil {
		parts = append(parts, p.Name)
	}
	if known := course.Trimmed(parts); len(known) > 0 {
		return strings.Join(known, ", ")
	}
	return unknown
}

const unknown = "chưa rõ, xin hỏi nơi mở lớp"

// Day tells a day of a class as it is written.
func Day(d course.Day) string {
	if d == "" || !d.Valid() {
		return unknown
	}
	return written(d)
}

// Fee tells what a class costs, in a few words.
func Fee(c course.Course) string {
	switch {
	case c.Fee == nil:
		return unknown
	case *c.Fee == 0:
		return "không mất tiền"
	}
	return viet.FormatMoney(*c.Fee)
}

func long(c course.Course) string {
	parts := []string{c.Duration}
	if c.Days != nil {
		parts = append(parts, fmt.Sprintf("%d ngày học", *c.Days))
	}
	return strings.Join(course.Trimmed(parts), ", ")
}

func whom(c course.Course) string {
	parts := []string{strings.Join(c.Who, "; ")}
	switch {
	case c.MinAge != nil && c.MaxAge != nil:
		parts = append(parts, fmt.Sprintf("từ %d đến %d tuổi", *c.MinAge, *c.MaxAge))
	case c.MinAge != nil:
		parts = append(parts, fmt.Sprintf("từ %d tuổi", *c.MinAge))
	case c.MaxAge != nil:
		parts = append(parts, fmt.Sprintf("đến %d tuổi", *c.MaxAge))
	}
	return strings.Join(course.Trimmed(append(parts, c.Schooling, c.Health)), "; ")
}

// Ask tells who can be asked about a class.
func Ask(c course.Course) string {
	if s := c.Contact(); s != "" {
		return s
	}
	return "Uỷ ban nhân dân xã, phường"
}
