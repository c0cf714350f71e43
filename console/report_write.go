package console

import (
	"strings"

	"nghe/report"
	"nghe/staff"
)

// maxWords of a difficulty, and of the name of a body.
const (
	maxDifficulty = 4000
	maxReceiver   = 200
)

// putDifficulty keeps what stood in the way in the time of a report.
func (c *Console) putDifficulty(v *visit) error {
	r, err := c.readReport(v, "/console/report")
	if err != nil {
		return err
	}
	if !r.page.MayWrite {
		return staff.Allowed(v.me(), staff.WriteReports, r.where)
	}
	words := strings.TrimSpace(r.page.Form.Get("words"))
	if len([]rune(words)) > maxDifficulty {
		r.page.Form.note("words", "Dài quá 4.000 chữ, anh/chị ghi gọn lại.")
		return c.reportShown(v, r, c.exactFigures(), c.again)
	}
	d := report.Difficulty{Scope: r.named, Span: r.Span, Words: words, By: v.me().Name, At: c.Now()}
	if err := c.Records.PutDifficulty(v.Context(), d, c.entry(v, "report.write", "report:"+or(r.named, "province"), "khó khăn, vướng mắc của kỳ "+written(r.From)+" đến "+written(r.To))); err != nil {
		return err
	}
	return sendOn(v, "/console/report?"+string(r.page.Query), "report-write")
}

// putReceiver says for whom reports of the province are.
func (c *Console) putReceiver(v *visit) error {
	r, err := c.readReport(v, "/console/report")
	if err != nil {
		return err
	}
	if err := staff.Allowed(v.me(), staff.WriteReports, staff.Where{}); err != nil {
		return err
	}
	name := strings.Join(strings.Fields(r.page.Form.Get("receiver")), " ")
	if len([]rune(name)) > maxReceiver {
		r.page.Form.note("receiver", "Tên dài quá 200 chữ.")
		return c.reportShown(v, r, c.exactFigures(), c.again)
	}
	if err := c.Records.PutReceiver(v.Context(), name, c.entry(v, "report.write", "report:receiver", "nơi nhận: "+name)); err != nil {
		return err
	}
	return sendOn(v, "/console/report?"+string(r.page.Query), "report-write")
}
