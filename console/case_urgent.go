package console

import "time"

// markCase marks a case urgent, or not any more.
func (c *Console) markCase(v *visit) error {
	return c.doCase(v, "case-urgent", func(f *Form, now time.Time) error {
		_, err := c.Cases.Urgent(v.Context(), v.PathValue("id"), v.me(), f.Get("urgent") == "yes", now)
		return err
	})
}
