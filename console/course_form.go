package console

import (
	"net/url"
	"slices"
	"strings"

	"nghe/course"
	"nghe/course/sheet"
	"nghe/staff"
)

// courseForm is the page on which a class is written down.
type courseForm struct {
	Form
	Course course.Course // as it is; zero: a new one
	Of     string        // title of the one it is a copy of
	Groups []fieldGroup
}

// fieldGroup is some fields that belong together.
type fieldGroup struct {
	Title  string
	Open   bool // the first, or something is in it or wrong with it
	Fields []field
}

// The groups of fields, by the headers of the columns they begin with.
var groups = []struct{ title, first string }{
	{"Lớp gì, ở đâu", "Mã lớp"}, {"Ngày và thời gian", "Hạn đăng ký"}, {"Ai dạy, ai mở", "Đơn vị dạy"}, {"Học phí và quyền lợi", "Học phí"},
	{"Ai học được, bao nhiêu chỗ", "Đối tượng"}, {"Đăng ký thế nào, hỏi ai", "Giấy tờ"}, {"Học xong", "Chứng chỉ"}, {"Nguồn thông báo", "Nguồn"},
}

// hints are what a form says in the place of the notes of a table.
var hints = map[string]string{
	"ma-lop": "Bỏ trống cũng được. Ví dụ NA-01.", "tinh-trang": "Lớp đã quá hạn không bao giờ được báo là đang nhận.",
	"quyen-loi": "Chỉ ghi điều thông báo có nêu, mỗi dòng một điều.", "doi-tuong": "Mỗi dòng một đối tượng. Ai học cũng được thì bỏ trống.", "giay-to": "Mỗi dòng một giấy tờ.",
	"don-vi-phoi-hop": "Mỗi dòng một đơn vị.", "ngay-kiem-tra": "Ngày gần nhất có người hỏi lại xem lớp còn đúng như vậy.",
}

// courseForm arranges the fields with what stands in them.
func (c *Console) courseForm(f Form, k course.Course) courseForm {
	p := courseForm{Form: f, Course: k}
	texts := sheet.Texts(c.Library(), k)
	lists := []string{"doi-tuong", "giay-to", "quyen-loi", "don-vi-phoi-hop", "cach-dang-ky"}
	for _, s := range sheet.Fields(c.Library()) {
		if i := slices.IndexFunc(groups, func(g struct{ title, first string }) bool { return g.first == s.Label }); i >= 0 {
			p.Groups = append(p.Groups, fieldGroup{Title: groups[i].title, Open: i < 2})
		}
		group := &p.Groups[len(p.Groups)-1]
		one := field{Form: f, Name: s.Key, Label: s.Label, Hint: s.Note, Kind: "text", Value: texts[s.Key], Required: s.Required, MaxLength: 2000}
		if hint, ok := hints[s.Key]; ok {
			one.Hint = hint
		} else if s.Choices != nil {
			one.Hint = "" // the list says it
		}
		for _, choice := range s.Choices {
			one.Options = append(one.Options, option{choice, choice})
		}
		if one.Options != nil {
			one.ChooseNobody = "Chưa rõ"
		}
		if slices.Contains(lists, s.Key) {
			one.Lines = 2
		}
		group.Fields = append(group.Fields, one)
		group.Open = group.Open || one.Text() != "" || one.Wrong() != ""
	}
	return p
}

// readCourse reads the form. With problems they are noted in it.
func (c *Console) readCourse(f *Form, was course.Course) course.Course {
	texts := map[string]string{}
	for name := range f.Values {
		texts[name] = f.Get(name)
	}
	k, problems := sheet.FromForm(texts, was, c.Library(), c.Reader(), c.Now().In(c.Zone))
	for field, text := range problems {
		f.note(field, text)
	}
	return k
}

// put keeps classes and takes them up at once.
func (c *Console) put(v *visit, all []course.Course, entries ...staff.Entry) error {
	if err := c.Records.PutCourses(v.Context(), all, c.Now(), entries...); err != nil {
		return err
	}
	return c.Learn(v.Context())
}

// entry makes the line of the books for what a visitor does.
func (c *Console) entry(v *visit, did, about, detail string) staff.Entry {
	return staff.NewEntry(v.me(), c.Now(), did, about, detail)
}

// differences tells what of a class is different, by the labels of its fields.
func (c *Console) differences(was, is course.Course) string {
	a, b := sheet.Texts(c.Library(), was), sheet.Texts(c.Library(), is)
	var all []change
	for _, f := range sheet.Fields(c.Library()) {
		if a[f.Key] != b[f.Key] {
			all = append(all, change{f.Label, brief(a[f.Key]), brief(b[f.Key])})
		}
	}
	return or(changed(all...), "không đổi gì")
}

// brief is the beginning of a text.
func brief(s string) string {
	const most = 60
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	s = string(r[:most])
	if i := strings.LastIndexByte(s, ' '); i > 0 && r[most] != ' ' { // not in the middle of a word
		s = s[:i]
	}
	return strings.TrimRight(s, " ,;:.") + "…"
}

func coursePath(id string) string { return "/console/courses/" + url.PathEscape(id) }
