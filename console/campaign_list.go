package console

import (
	"slices"

	"nghe/course"
	"nghe/report"
	"nghe/staff"
)

// campaignList is the page of surveys.
type campaignList struct {
	Rows []campaignRow
	May  bool // make one
}

// campaignRow is one of them.
type campaignRow struct {
	course.Campaign
	Answered int
	Word     string // how it stands
	Colour   string
}

// listCampaigns shows the surveys of one's communes, the newest first.
func (c *Console) listCampaigns(v *visit) error {
	counts, err := c.Records.SurveyCounts(v.Context())
	if err != nil {
		return err
	}
	p := campaignList{May: staff.AllowedSomewhere(v.me(), staff.EditCampaigns) == nil}
	for _, k := range c.Courses().Campaigns() {
		if len(c.ofCampaign(v.me(), k)) == 0 {
			continue
		}
		row := campaignRow{Campaign: k, Answered: counts[k.ID]}
		row.Word, row.Colour = campaignWord(k, c.today())
		p.Rows = append(p.Rows, row)
	}
	return c.page(v, "campaigns", "Khảo sát nhu cầu", p)
}

// campaignWord tells how a survey stands on a day, with the colour of the word.
func campaignWord(k course.Campaign, on course.Day) (word, colour string) {
	switch {
	case on < k.From:
		return "chưa bắt đầu", ""
	case k.Running(on):
		return "đang hỏi", "leaf"
	}
	return "đã xong", ""
}

// ofCampaign are the communes of a survey that a member may see the sums of.
func (c *Console) ofCampaign(m staff.Member, k course.Campaign) []string {
	return slices.DeleteFunc(slices.Clone(k.Places), func(p string) bool {
		return staff.Allowed(m, staff.SeeReports, staff.Where{Places: []string{p}}) != nil
	})
}

// mayCampaign says whether a member may make or change a survey there.
func mayCampaign(m staff.Member, places []string) error {
	return staff.Allowed(m, staff.EditCampaigns, staff.Where{Places: places})
}

// campaign gives the survey of the path and those of its communes that a member
// may see.
func (c *Console) campaign(v *visit) (k *course.Campaign, places []string, err error) {
	if k = c.Courses().Campaign(v.PathValue("id")); k == nil {
		return nil, nil, errMissing
	}
	if places = c.ofCampaign(v.me(), *k); len(places) == 0 {
		err = staff.Allowed(v.me(), staff.SeeReports, staff.Where{Places: k.Places})
	}
	return k, places, err
}

// survey gives what a survey gave in some of its communes. A wish that was moved
// to another commune, or came from elsewhere, is shown to who sees all of it.
func (c *Console) survey(v *visit, k *course.Campaign, places []string) (report.Survey, error) {
	all, err := c.Records.SurveySums(v.Context(), k.ID)
	if err != nil {
		return report.Survey{}, err
	}
	if !v.me().Scope.Province {
		all = slices.DeleteFunc(all, func(a report.Answer) bool { return !slices.Contains(places, a.Place) })
	}
	return report.NewSurvey(all), nil
}
