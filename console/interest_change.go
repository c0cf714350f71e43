package console

import (
	"net/url"
	"slices"
	"strings"

	"nghe/bot"
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
	fields := editableFields(was)
	for _, name := range fields {
		texts[name] = f.Get(name)
	}
	// Nobody is made to say what they left open in their talk.
	open := func(name string) bool { return strings.TrimSpace(texts[name]) == "" }
	left := map[string]bool{"ho-ten": was.Channel != "" && open("ho-ten"), "xa-phuong": was.Place == "" && open("xa-phuong")}
	i, problems := sheet.WishFromForm(texts, c.Library(), c.Courses(), c.Reader(), c.Now().In(c.Zone))
	for _, field := range fields {
		if text := problems[field]; text != "" && !left[field] {
			f.note(field, text)
		}
	}
	if was.Course == "" && was.Trade != "" && open("nghe") {
		f.note("nghe", "Anh/chị chọn nghề người đó muốn học.")
	}
	is := was
	is.Name, is.Phone, is.BirthYear, is.Village, is.Place = i.Name, i.Phone, i.BirthYear, i.Village, i.Place
	if was.Course == "" {
		is.Trade = i.Trade
	}
	// Nobody moves a wish to where they may not see it.
	if !f.Bad() && is.Place != was.Place {
		f.refuse(c.allowedInterest(v.me(), staff.EditInterests, is))
	}
	if !f.Bad() && was.Channel != "" && was.Course == "" {
		theirs, err := c.Records.Interests(v.Context(), bot.Contact{Channel: was.Channel, ID: was.Contact})
		if err != nil {
			return err
		}
		if slices.ContainsFunc(theirs, func(o course.Interest) bool {
			return o.ID != is.ID && o.Course == "" && o.Trade == is.Trade && o.Place == is.Place && o.Whom == is.Whom
		}) {
			f.note("", "Người này đã có một nguyện vọng khác cùng nghề, cùng nơi: không ghi hai lần.")
		}
	}
	if f.Bad() {
		return c.interestPage(v, f, was, c.again)
	}
	won, err := c.Records.EditInterest(v.Context(), was, is, c.Now(), c.entry(v, "interest.edit", "interest:"+was.ID, c.edited(was, is)))
	switch {
	case err != nil:
		return err
	case !won:
		f.note("", "Lúc anh/chị đang sửa, có người khác đã sửa nguyện vọng này. Anh/chị xem lại rồi lưu lần nữa.")
		return c.interestPage(v, f, was, c.again)
	}
	return sendOn(v, "/console/interests/"+url.PathEscape(was.ID), "interest-edit")
}

// editableFields are the fields of a wish that staff change. The trade of a wish
// for a class is that of the class; what was agreed to nobody changes.
func editableFields(i course.Interest) []string {
	all := []string{"ho-ten", "dien-thoai", "nam-sinh", "xa-phuong", "thon"}
	if i.Course == "" {
		all = append(all, "nghe")
	}
	return all
}

// edited names what was changed, and of place and trade from what to what; the
// books hold nobody's telephone number.
func (c *Console) edited(was, is course.Interest) string {
	var all []string
	for _, x := range []struct {
		what string
		same bool
	}{{"họ tên", was.Name == is.Name}, {"điện thoại", was.Phone == is.Phone}, {"năm sinh", was.BirthYear == is.BirthYear}, {"thôn", was.Village == is.Village}} {
		if !x.same {
			all = append(all, x.what)
		}
	}
	told := changed(change{"nơi ở", c.placeName(was.Place), c.placeName(is.Place)}, change{"nghề", c.tradeName(was.Trade), c.tradeName(is.Trade)})
	switch {
	case all == nil && told == "":
		return "không đổi gì"
	case all == nil:
		return told
	}
	text := "sửa " + strings.Join(all, ", ")
	if told != "" {
		text += "; " + told
	}
	return text
}
