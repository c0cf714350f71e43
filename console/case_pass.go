package console

import "time"

// passCase leaves a case that is offered to who asks to the next on duty.
func (c *Console) passCase(v *visit) error {
	return c.doCase(v, "case-pass", func(_ *Form, now time.Time) error {
		_, err := c.Cases.Pass(v.Context(), v.PathValue("id"), v.me(), now)
		return err
	})
}
