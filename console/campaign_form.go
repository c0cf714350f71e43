package console

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/oklog/ulid/v2"

	"nghe/broadcast"
	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/staff"
)

// campaignForm is the page on which a survey is made or changed.
type campaignForm struct {
	Form
	course.Campaign // without an ID: a new one
	Choices         []*content.Place
}

// Chosen says whether a commune is marked.
func (p campaignForm) Chosen(id string) bool {
	if p.Values != nil {
		return p.Has("place", id)
	}
	return slices.Contains(p.Places, id)
}

// campaignDays is for how long a new survey asks, unless somebody says otherwise.
const campaignDays = 30

// newCampaign shows an empty form.
func (c *Console) newCampaign(v *visit) error {
	now := c.Now().In(c.Zone)
	k := course.Campaign{From: course.DayOf(now), To: course.DayOf(now.AddDate(0, 0, campaignDays)), Title: fmt.Sprintf("Khảo sát nhu cầu học nghề %d", now.Year())}
	if mine := c.campaignPlaces(v.me()); len(mine) == 1 {
		k.Places = []string{mine[0].ID}
	}
	return c.campaignFormPage(v, Form{}, k, c.page)
}

func (c *Console) campaignFormPage(v *visit, f Form, k course.Campaign, show func(*visit, string, string, any) error) error {
	title := "Mở đợt khảo sát"
	if k.ID != "" {
		title = "Sửa đợt khảo sát"
	}
	return show(v, "campaignform", title, campaignForm{Form: f, Campaign: k, Choices: c.campaignPlaces(v.me())})
}

// campaignPlaces are the communes in which a member may hold a survey.
func (c *Console) campaignPlaces(m staff.Member) []*content.Place {
	return slices.DeleteFunc(c.placesByName(), func(p *content.Place) bool { return mayCampaign(m, []string{p.ID}) != nil })
}

// addCampaign makes a survey.
func (c *Console) addCampaign(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	now := c.Now()
	id := ulid.MustNew(ulid.Timestamp(now), ulid.DefaultEntropy()).String()
	k := c.readCampaign(v, &f, course.Campaign{ID: strings.ToLower(id[len(id)-8:]), By: v.me().ID})
	if f.Bad() {
		k.ID = ""
		return c.campaignFormPage(v, f, k, c.again)
	}
	return c.putCampaign(v, k, "campaign.add", fmt.Sprintf("%s: %s, %s đến %s", k.Title, c.placeNames(k.Places), date(k.From), date(k.To)))
}

// editCampaign shows the form of one that is there.
func (c *Console) editCampaign(v *visit) error {
	k, _, err := c.campaign(v)
	if err == nil {
		err = mayCampaign(v.me(), k.Places)
	}
	if err != nil {
		return err
	}
	return c.campaignFormPage(v, Form{}, *k, c.page)
}

// changeCampaign puts another title, other communes or days in its place.
func (c *Console) changeCampaign(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	was, _, err := c.campaign(v)
	if err == nil {
		err = mayCampaign(v.me(), was.Places)
	}
	if err != nil {
		return err
	}
	k := c.readCampaign(v, &f, *was)
	if f.Bad() {
		return c.campaignFormPage(v, f, *was, c.again)
	}
	told := changed(change{"tên", was.Title, k.Title}, change{"nơi", c.placeNames(was.Places), c.placeNames(k.Places)}, change{"từ", date(was.From), date(k.From)}, change{"đến", date(was.To), date(k.To)})
	if told == "" {
		return sendOn(v, "/console/campaigns/"+k.ID, "campaign")
	}
	return c.putCampaign(v, k, "campaign.edit", told)
}

func (c *Console) putCampaign(v *visit, k course.Campaign, did, detail string) error {
	if err := c.Records.PutCampaign(v.Context(), k, c.Now(), c.entry(v, did, "campaign:"+k.ID, detail)); err != nil {
		return err
	}
	if err := c.Learn(v.Context()); err != nil {
		return err
	}
	return sendOn(v, "/console/campaigns/"+k.ID, "campaign")
}

const (
	maxCampaignTitle = 80  // characters: it is said in a message
	maxCampaignDays  = 366 // that one asks
)

// readCampaign reads the form, and notes everything that can't be taken.
func (c *Console) readCampaign(v *visit, f *Form, was course.Campaign) course.Campaign {
	k := was
	k.Title, k.From, k.To, k.Places = strings.Join(strings.Fields(f.Get("title")), " "), course.Day(f.Get("from")), course.Day(f.Get("to")), nil
	for _, p := range c.Library().Places {
		if f.Has("place", p.ID) {
			k.Places = append(k.Places, p.ID)
		}
	}
	switch n := utf8.RuneCountInString(k.Title); {
	case n == 0:
		f.note("title", "Anh/chị ghi tên đợt khảo sát.")
	case n > maxCampaignTitle || strings.ContainsAny(k.Title, "{}"):
		f.note("title", fmt.Sprintf("Anh/chị ghi gọn trong %d chữ, không dùng dấu { }.", maxCampaignTitle))
	}
	whole := func(field string, d course.Day) bool {
		ok := d != "" && !d.MonthOnly() && d.Valid()
		if !ok {
			f.note(field, "Anh/chị chọn ngày.")
		}
		return ok
	}
	if from, to := whole("from", k.From), whole("to", k.To); from && to {
		switch {
		case k.To < k.From:
			f.note("to", "Ngày cuối trước ngày đầu. Anh/chị chọn lại.")
		case k.To.Time().Sub(k.From.Time()) > maxCampaignDays*24*time.Hour:
			f.note("to", "Một đợt khảo sát dài nhất một năm.")
		}
	}
	if len(k.Places) == 0 {
		f.note("place", "Anh/chị chọn ít nhất một xã, phường.")
	} else {
		f.refuse(mayCampaign(v.me(), k.Places))
	}
	return k
}

func (c *Console) placeNames(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = c.placeName(id)
	}
	return strings.Join(names, ", ")
}

// letterOfCampaign makes an announcement of a survey, as a draft: whom it reaches
// is looked at and sent as with any other.
func (c *Console) letterOfCampaign(v *visit) error {
	k, places, err := c.campaign(v)
	if err != nil {
		return err
	}
	if !k.Running(c.today()) {
		return &staff.Wrong{Text: "Đợt khảo sát này chưa bắt đầu hoặc đã xong, nên chưa mời ai trả lời được. Anh/chị sửa ngày của đợt trước."}
	}
	last := k.To.Time()
	l := broadcast.Letter{
		Text:     fmt.Sprintf("%s: mời bà con trả lời 4 câu ngắn, để biết bà con muốn học nghề gì mà mở lớp cho gần. Trả lời được đến hết ngày %s, không muốn thì thôi. Bấm nút ở dưới, hoặc gõ “menu” rồi chọn “Trả lời khảo sát học nghề”.", k.Title, date(k.To)),
		Audience: broadcast.Audience{Places: places}, UsefulUntil: time.Date(last.Year(), last.Month(), last.Day()+1, 0, 0, 0, 0, c.Zone), Draft: true,
		Options: []dialog.Option{{Label: "Trả lời khảo sát", Tap: "flow:survey?survey=" + k.ID}},
	}
	made, err := c.Broadcasts.New(v.Context(), l, c.by(v, l.Audience, "broadcast.new", c.told), c.Now())
	var refused *broadcast.Refused
	switch {
	case errors.As(err, &refused):
		return &staff.Wrong{Text: sentence(refused.Why)}
	case err != nil:
		return err
	case made.Duplicate:
		return sendOn(v, "/console/broadcasts/"+made.ID, "broadcast-same")
	}
	return sendOn(v, "/console/broadcasts/"+made.ID, "")
}
