package console

import (
	"image/png"
	"io"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"

	"nghe/course"
	"nghe/report"
	"nghe/report/sheet"
	"nghe/staff"
)

// campaignPage is the page of one survey.
type campaignPage struct {
	course.Campaign
	Mine     []string // communes of it that the member works for
	Word     string
	Colour   string
	Running  bool
	Over     bool
	By       string
	Survey   report.Survey
	Tables   []report.Table
	Link     string // opens the survey in the web chat
	Telegram string // "" without a bot there
	History  []staff.Entry
	May      bool // change it
	MayWrite bool // paper
	MayTell  bool // announce it
}

// showCampaign shows what a survey gave, and how people get to it.
func (c *Console) showCampaign(v *visit) error {
	k, places, err := c.campaign(v)
	if err != nil {
		return err
	}
	p := campaignPage{Campaign: *k, Mine: places, Running: k.Running(c.today()), Over: c.today() > k.To, Link: c.surveyLink(k.ID), Telegram: c.telegramLink(k.ID), May: mayCampaign(v.me(), k.Places) == nil,
		MayWrite: staff.AllowedSomewhere(v.me(), staff.EditInterests) == nil, MayTell: may(v.me(), staff.NewBroadcast, staff.Where{Places: places})}
	p.Word, p.Colour = campaignWord(*k, c.today())
	if p.Survey, err = c.survey(v, k, places); err != nil {
		return err
	}
	p.Tables = c.words().Survey(p.Survey)
	if m, err := c.Desk.Records.Member(v.Context(), k.By); err != nil {
		return err
	} else if m != nil {
		p.By = m.Name
	}
	if p.History, err = c.Desk.Records.Entries(v.Context(), staff.Query{About: "campaign:" + k.ID, Limit: 20}); err != nil {
		return err
	}
	return c.page(v, "campaign", k.Title, p)
}

// surveyLink opens a survey in the web chat.
func (c *Console) surveyLink(id string) string { return c.URL + "/khao-sat/" + id }

// telegramLink opens a survey at the bot on Telegram.
func (c *Console) telegramLink(id string) string {
	if c.Telegram == nil || c.Telegram() == "" {
		return ""
	}
	return "https://t.me/" + c.Telegram() + "?start=survey_survey_" + id
}

// showCampaignPicture draws the link for the camera of a phone: to be printed and
// hung up.
func (c *Console) showCampaignPicture(v *visit) error {
	k, _, err := c.campaign(v)
	if err != nil {
		return err
	}
	link := c.surveyLink(k.ID)
	if v.FormValue("of") == "telegram" {
		if link = c.telegramLink(k.ID); link == "" {
			return errMissing
		}
	}
	code, err := qr.Encode(link, qr.M, qr.Auto)
	if err == nil {
		code, err = barcode.Scale(code, 300, 300)
	}
	if err != nil {
		return err
	}
	v.w.Header().Set("Content-Type", "image/png")
	return png.Encode(v.w, code)
}

// exportCampaign gives the sums of a survey as a workbook.
func (c *Console) exportCampaign(v *visit) error {
	k, places, err := c.campaign(v)
	if err != nil {
		return err
	}
	s, err := c.survey(v, k, places)
	if err != nil {
		return err
	}
	return v.send("khao-sat-"+k.ID+".xlsx", func(w io.Writer) error { return sheet.Write(w, c.words().Survey(s)) })
}
