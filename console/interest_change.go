package console

import (
	"net/url"
	"strings"

	"nghe/course"
	"nghe/course/sheet"
	"nghe/staff"
)

// changeInterest changes what is known of who wishes.
func (c *Console) changeInterest(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	was, err := c.interest(v, staff.EditInterests)
	if err != nil {
		return err
	}
	// What this form has no field for is as it was.
	texts := sheet.WishTexts(c.Library(), c.Courses(), was)
	delete(texts, "ma-lop")
	texts["da-dong-y"] = "Có"
	for _, name := range []string{"ho-ten", "dien-thoai", "nam-sinh", "thon"} {
		texts[name] = f.Get(name)
	}
	unnamed := was.Channel != "" && strings.TrimSpace(texts["ho-ten"]) == ""
	i, problems := sheet.WishFromForm(texts, c.Library(), c.Courses(), c.Reader(), c.Now().In(c.Zone))
	for _, field := range []string{"ho-ten", "dien-thoai", "nam-sinh", "thon"} {
		if text := problems[field]; text != "" && (field != "ho-ten" || !unnamed) {
			f.note(field, text)
		}
	}
	if f.Bad() {
		return c.interestPage(v, f, was, c.again)
	}
	is := was
	is.Name, is.Phone, is.BirthYear, is.Village = i.Name, i.Phone, i.BirthYear, i.Village
	won, err := c.Records.EditInterest(v.Context(), was, is, c.Now(), c.entry(v, "interest.edit", "interest:"+was.ID, edited(was, is)))
	switch {
	case err != nil:
		return err
	case !won:
		f.note("", "Lúc anh/chị đang sửa, có người khác đã sửa nguyện vọng này. Anh/chị xem lại rồi lưu lần nữa.")
		return c.interestPage(v, f, was, c.again)
	}
	return sendOn(v, "/console/interests/"+url.PathEscape(was.ID), "interest-edit")
}

// edited names what was changed; the books hold nobody's telephone number.
func edited(was, is course.Interest) string {
	var all []string
	for _, x := range []struct {
		what string
		same bool
	}{{"họ tên", was.Name == is.Name}, {"điện thoại", was.Phone == is.Phone}, {"năm sinh", was.BirthYear == is.BirthYear}, {"thôn", was.Village == is.Village}} {
		if !x.same {
			all = append(all, x.what)
		}
	}
	if all == nil {
		return "không đổi gì"
	}
	return "sửa " + strings.Join(all, ", ")
}
