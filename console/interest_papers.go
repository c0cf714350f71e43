package console

import (
	"nghe/course"
	"nghe/staff"
)

// markPapers notes of wishes, one or many, that their papers were brought, or
// are owed still: reminders of papers go by it.
func (c *Console) markPapers(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	papers := course.Papers(f.Get("papers"))
	if papers != course.Owed && papers != course.Complete {
		return errForm
	}
	query, err := listed(v, f)
	if err != nil {
		return err
	}
	again := func(text string) error {
		f.note("", text)
		return c.interestList(v, f, c.again)
	}
	ids := f.Values["id"]
	if wrong := wrongMarks(ids); wrong != "" {
		return again(wrong)
	}
	all, err := c.marked(v, ids)
	if err != nil {
		return err
	}
	named := false
	var change []string
	var entries []staff.Entry
	for _, i := range all {
		// Without a class there are no papers to bring.
		if i.Course == "" {
			continue
		}
		named = true
		if i.Papers != papers {
			change = append(change, i.ID)
			entries = append(entries, c.entry(v, "interest.papers", "interest:"+i.ID, paperWords[i.Papers]+" → "+paperWords[papers]))
		}
	}
	if !named {
		return again("Chưa ghi được: những người đã đánh dấu chưa chọn lớp nào, nên chưa có giấy tờ phải nộp.")
	}
	if len(change) > 0 {
		if err := c.Records.PutPapers(v.Context(), change, papers, c.Now(), entries...); err != nil {
			return err
		}
	}
	return sendBack(v, f, query, all, "interest-papers")
}
