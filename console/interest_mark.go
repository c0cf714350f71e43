package console

import (
	"slices"
	"time"

	"nghe/course"
	"nghe/report"
	"nghe/staff"
)

// markInterests notes of wishes, one or many, what became of the people after the
// course: a certificate, work at three and at six months, with its day.
func (c *Console) markInterests(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	step := course.Step(f.Get("mark"))
	query, err := listed(v, f)
	if err != nil {
		return err
	}
	again := func(field, text string) error {
		f.note(field, text)
		return c.interestList(v, f, c.again)
	}
	ids := f.Values["id"]
	now := c.Now()
	at := now
	if typed := f.Get("mark-day"); typed != "" {
		day, err := time.ParseInLocation(time.DateOnly, typed, c.Zone)
		if err != nil || day.After(now) || day.Year() < firstYear-5 {
			return again("mark-day", "Ngày chưa đúng, hoặc chưa tới. Anh/chị chọn lại.")
		}
		at = day
	}
	if wrong := wrongMarks(ids); wrong != "" {
		return again("", wrong)
	}
	if !slices.Contains(course.Marks, step) {
		return again("mark", "Anh/chị chọn ghi kết quả nào.")
	}
	all, err := c.marked(v, ids)
	if err != nil {
		return err
	}
	var change []string
	var entries []staff.Entry
	for _, i := range all {
		if !i.State.Finished() {
			return again("", "Chưa ghi được: có người chưa học xong. Anh/chị chuyển họ sang “"+stateWords[course.Done]+"” trước.")
		}
		change = append(change, i.ID)
		entries = append(entries, c.entry(v, "interest.mark", "interest:"+i.ID, report.StepNames[step]+", ngày "+c.day(at)))
	}
	m := course.Milestone{Step: step, At: at, By: v.me().ID}
	if err := c.Records.MarkInterests(v.Context(), change, m, now, entries...); err != nil {
		return err
	}
	return sendBack(v, f, query, all, "interest-mark")
}
