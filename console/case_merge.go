package console

import "time"

// mergeCases takes another case of the same person into this one.
func (c *Console) mergeCases(v *visit) error {
	return c.doCase(v, "case-merge", func(f *Form, now time.Time) error {
		_, err := c.Cases.Merge(v.Context(), v.PathValue("id"), f.Get("from"), v.me(), now)
		return err
	})
}
