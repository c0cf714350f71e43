package broadcast

import "fmt"

// needsApproval says why a second person must say yes, "" when nobody must.
// Reminders are settled by who wrote their schedule and texts.
func (r Rules) needsApproval(b *Broadcast) string {
	switch {
	case b.Author == Clock || b.ApprovedBy != "":
		return ""
	case b.Planned > r.ApproveAbove:
		return fmt.Sprintf("gửi cho hơn %d người nên cần thêm một người duyệt", r.ApproveAbove)
	case b.Outside:
		return "gửi ra ngoài phạm vi phụ trách nên cần thêm một người duyệt"
	}
	return ""
}

// mayApprove says why somebody may not approve what they wrote. The operator
// alone may: there may be nobody else yet, and the history says so.
func mayApprove(b *Broadcast, by string) error {
	if by == b.Author && by != Operator {
		return &Refused{Why: "người soạn không tự duyệt được: nhờ một người khác có quyền duyệt"}
	}
	return nil
}
