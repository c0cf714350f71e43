package console

import "time"

// releaseCase gives a case back to its queue; the person is told.
func (c *Console) releaseCase(v *visit) error {
	return c.doCase(v, "case-release", func(_ *Form, now time.Time) error {
		_, err := c.Cases.Release(v.Context(), v.PathValue("id"), v.me(), now)
		return err
	})
}
