package console

import (
	"net/url"

	"github.com/oklog/ulid/v2"

	"nghe/course"
	"nghe/course/sheet"
	"nghe/staff"
)

// interestForm is the page on which somebody's wish is written down.
type interestForm struct {
	Form
	Fields  []field
	Surveys field // what it may answer; without options: nothing
}

// newInterest shows an empty form; a class may be given in the address.
func (c *Console) newInterest(v *visit) error {
	texts := map[string]string{}
	if k := c.Courses().Course(v.FormValue("course")); k != nil {
		texts = sheet.WishTexts(c.Library(), c.Courses(), course.Interest{Trade: k.Trade, Place: k.Place})
		texts["ma-lop"] = or(k.Code, k.ID)
	} else if len(v.me().Scope.Places) == 1 {
		texts["xa-phuong"] = c.placeName(v.me().Scope.Places[0])
	}
	return c.page(v, "interestform", "Ghi nguyện vọng", interestForm{Fields: c.wishFields(Form{}, texts), Surveys: c.surveyField(v, Form{}, v.FormValue("campaign"))})
}

// addInterest writes down the wish of somebody who came with paper.
func (c *Console) addInterest(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	texts := map[string]string{}
	for name := range f.Values {
		texts[name] = f.Get(name)
	}
	i, problems := sheet.WishFromForm(texts, c.Library(), c.Courses(), c.Reader(), c.Now().In(c.Zone))
	for field, text := range problems {
		f.note(field, text)
	}
	i.Campaign = c.readSurvey(v, &f, f.Get("campaign"))
	if !f.Bad() {
		f.refuse(c.allowedInterest(v.me(), staff.EditInterests, i))
	}
	if f.Bad() {
		return c.again(v, "interestform", "Ghi nguyện vọng", interestForm{f, c.wishFields(f, nil), c.surveyField(v, f, "")})
	}
	c.sign(v, &i)
	if err := c.Records.AddInterests(v.Context(), []course.Interest{i}, c.entry(v, "interest.add", "interest:"+i.ID, "ghi từ phiếu giấy")); err != nil {
		return err
	}
	if f.Get("more") != "" {
		return sendOn(v, "/console/interests/new?course="+url.QueryEscape(i.Course)+"&campaign="+url.QueryEscape(i.Campaign), "interest-add")
	}
	return sendOn(v, "/console/interests/"+i.ID, "interest-add")
}

// sign makes a wish that was read one of the records.
func (c *Console) sign(v *visit, i *course.Interest) {
	now := c.Now()
	i.ID, i.EnteredBy, i.CreatedAt, i.UpdatedAt = ulid.MustNew(ulid.Timestamp(now), ulid.DefaultEntropy()).String(), v.me().ID, now, now
}
