package console

import (
	"slices"
	"strings"
	"time"

	"nghe/handoff"
)

// closeCase ends a case with what came of it: the bot comes back.
func (c *Console) closeCase(v *visit) error {
	return c.doCase(v, "case-close", func(f *Form, now time.Time) error {
		outcome := handoff.Outcome(f.Get("outcome"))
		switch {
		case !slices.Contains(handoff.Outcomes, outcome):
			f.note("outcome", "Anh/chị chọn kết quả của ca.")
		case outcome == handoff.Referred && strings.TrimSpace(f.Get("remark")) == "":
			f.note("remark", "Anh/chị ghi đã chuyển người dân tới đâu.")
		}
		if f.Bad() {
			return nil
		}
		_, err := c.Cases.Close(v.Context(), v.PathValue("id"), v.me(), outcome, f.Get("remark"), now)
		return err
	})
}
