package console

import (
	"strings"
	"time"

	"nghe/handoff"
)

// transferCase hands a case on with a note: to somebody, to another queue, or to
// another organisation.
func (c *Console) transferCase(v *visit) error {
	return c.doCase(v, "case-transfer", func(f *Form, now time.Time) error {
		kind, id, _ := strings.Cut(f.Get("to"), " ")
		to := handoff.Transfer{}
		switch kind {
		case "queue":
			to.Queue = id
		case "org":
			to.Org = id
		case "member":
			m, err := c.Desk.Records.MemberByLogin(v.Context(), id)
			if err != nil {
				return err
			}
			if m == nil || m.Off {
				f.note("to", "Người này không còn trong danh sách cán bộ. Anh/chị chọn người khác.")
				return nil
			}
			to.Member = m
		default:
			f.note("to", "Anh/chị chọn chuyển cho ai: một người, một hàng, hoặc một đơn vị.")
			return nil
		}
		if strings.TrimSpace(f.Get("why")) == "" {
			f.note("why", "Anh/chị ghi một dòng cho người nhận: ca này cần gì.")
			return nil
		}
		_, err := c.Cases.Transfer(v.Context(), v.PathValue("id"), v.me(), to, f.Get("why"), now)
		return err
	})
}
