package console

import "time"

// reopenCase takes a closed case up again.
func (c *Console) reopenCase(v *visit) error {
	return c.doCase(v, "case-reopen", func(_ *Form, now time.Time) error {
		_, err := c.Cases.Reopen(v.Context(), v.PathValue("id"), v.me(), now)
		return err
	})
}
