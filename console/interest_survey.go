package console

import (
	"slices"

	"nghe/course"
	"nghe/staff"
)

// surveysOf are the surveys in a commune of a member, the newest first.
func (c *Console) surveysOf(m staff.Member) []option {
	var all []option
	for _, k := range c.Courses().Campaigns() {
		if c.mayAnswer(m, k) {
			all = append(all, option{k.ID, k.Title})
		}
	}
	return all
}

// mayAnswer says whether a member may write down answers to a survey.
func (c *Console) mayAnswer(m staff.Member, k course.Campaign) bool {
	return slices.ContainsFunc(k.Places, func(p string) bool {
		return staff.Allowed(m, staff.EditInterests, staff.Where{Places: []string{p}}) == nil
	})
}

// surveyField is where the survey is chosen that paper answers. Paper may be
// written down after the last day of it, not before the first.
func (c *Console) surveyField(v *visit, f Form, chosen string) field {
	one := field{Form: f, Name: "campaign", Label: "Trả lời đợt khảo sát", Hint: "Chỉ chọn khi phiếu này là phiếu khảo sát.", Value: chosen, ChooseNobody: "Không phải phiếu khảo sát"}
	for _, o := range c.surveysOf(v.me()) {
		if c.Courses().Campaign(o.Value).From <= c.today() {
			one.Options = append(one.Options, o)
		}
	}
	return one
}

// readSurvey gives the survey that was chosen, if the member may answer it.
func (c *Console) readSurvey(v *visit, f *Form, id string) string {
	if id == "" {
		return ""
	}
	if k := c.Courses().Campaign(id); k == nil || k.From > c.today() || !c.mayAnswer(v.me(), *k) {
		f.note("campaign", "Anh/chị không ghi phiếu cho đợt khảo sát này được. Anh/chị chọn đợt khác.")
		return ""
	}
	return id
}
