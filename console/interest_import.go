package console

import (
	"errors"
	"fmt"
	"io"

	"nghe/course"
	"nghe/course/sheet"
	"nghe/staff"
)

// showInterestImport shows where a table of people is handed in.
func (c *Console) showInterestImport(v *visit) error {
	return c.page(v, "import", "Nhập nguyện vọng từ Excel", importPage{What: "người", Action: "/console/interests/import", Surveys: c.surveyField(v, Form{}, v.FormValue("campaign"))})
}

// importInterests takes a table of people who came with paper: all of it, or
// nothing and every bad cell.
func (c *Console) importInterests(v *visit) error {
	const title = "Nhập nguyện vọng từ Excel"
	p := importPage{What: "người", Action: "/console/interests/import"}
	var all []course.Interest
	var problems []sheet.Problem
	err := upload(v, func(file io.Reader) (err error) {
		all, problems, err = sheet.ReadWishes(file, c.Library(), c.Courses(), c.Reader(), c.Now().In(c.Zone))
		return err
	})
	p.Surveys = c.surveyField(v, Form{}, v.FormValue("campaign"))
	if again, err := c.refused(v, &p, title, problems, err); again || err != nil {
		return err
	}
	campaign := c.readSurvey(v, &p.Form, v.FormValue("campaign"))
	p.Surveys.Form = p.Form
	if p.Bad() {
		return c.again(v, "import", title, p)
	}
	for n := range all {
		all[n].Campaign = campaign
		if err := c.allowedInterest(v.me(), staff.EditInterests, all[n]); err != nil {
			errors.As(err, &v.denied)
			p.Problems = append(p.Problems, fmt.Sprintf("%s, %s: %v", all[n].Name, c.placeName(all[n].Place), err))
			continue
		}
		c.sign(v, &all[n])
	}
	if p.Problems != nil {
		return c.again(v, "import", title, p)
	}
	if err := c.Records.AddInterests(v.Context(), all, c.entry(v, "interest.import", "interest:", fmt.Sprintf("nhập %d người từ Excel (phiếu giấy)", len(all)))); err != nil {
		return err
	}
	return sendOn(v, "/console/interests?source="+string(course.FromPaper), "interest-import")
}

// interestTemplate gives the table to fill in.
func (c *Console) interestTemplate(v *visit) error {
	return v.send("mau-nguyen-vong.xlsx", func(w io.Writer) error { return sheet.WishTemplate(w, c.Library(), c.Courses()) })
}
