package console

import "time"

// claimCase makes a case one's own: of two who tap at a time one has it, and the
// other reads who.
func (c *Console) claimCase(v *visit) error {
	return c.doCase(v, "case-claim", func(_ *Form, now time.Time) error {
		_, err := c.Cases.Claim(v.Context(), v.PathValue("id"), v.me(), now)
		return err
	})
}
