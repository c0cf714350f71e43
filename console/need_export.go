package console

import (
	"fmt"
	"io"

	"nghe/report"
	"nghe/report/sheet"
	"nghe/viet"
)

// exportNeeds gives everything of the pages of needs as a workbook.
func (c *Console) exportNeeds(v *visit) error {
	place, trade := v.FormValue("place"), v.FormValue("trade")
	if err := c.mayReport(v.me(), place); err != nil {
		return err
	}
	n, err := c.needs(v.Context(), v.me())
	if err != nil {
		return err
	}
	w, least := c.words(), leastOf(v)
	openings := needList{Place: place, Trade: trade}.chosen(n.Openings(c.Courses(), c.today(), least))
	n = n.Of(place, trade)
	tables := []report.Table{
		w.Openings(openings, leastNote(least), "Số liệu lúc "+c.when(c.Now())+"."),
		w.Table("Xã, nghề, trình độ", n.ByPlaceTradeLevel(), true, true, true),
		w.Table("Theo xã", n.ByPlace(), true, false, false),
		w.Table("Theo nghề", n.ByTradeLevel(), false, true, true),
		w.Table("Nghề chưa ai dạy", n.Untaught(c.Courses()), false, true, false),
	}
	invented, err := c.Records.Invented(v.Context())
	if err != nil {
		return err
	}
	return v.send("nhu-cau-hoc-nghe-"+string(c.today())+".xlsx", func(out io.Writer) error { return sheet.Write(out, report.Marked(tables, invented)) })
}

// leastNote tells by how many people the rule goes.
func leastNote(least int) string {
	return fmt.Sprintf("Tính theo %s người một lớp. Chưa đọc được văn bản nào quy định số người tối thiểu; các lớp đã thông báo thường khoảng 30 đến 35 người.", viet.FormatNumber(int64(least)))
}
