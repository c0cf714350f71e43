package console

import (
	"nghe/staff"
)

// auditPage is a page of the books.
type auditPage struct {
	Entries []staff.Entry
	Query   staff.Query
	Members []staff.Member
	Kinds   []option
	Next    string // id before which the next page begins, "" = none
}

// listAudit shows what was done, the newest first.
func (c *Console) listAudit(v *visit) error {
	// The books are of everybody: only who works for the province reads them.
	if err := staff.Allowed(v.me(), staff.SeeAudit, staff.Where{}); err != nil {
		return err
	}
	const atATime = 50
	p := auditPage{
		Query: staff.Query{Member: v.FormValue("member"), Did: v.FormValue("did"), About: v.FormValue("about"), Before: v.FormValue("before"), Limit: atATime + 1},
		Kinds: []option{{"staff.", "Cán bộ"}, {"sign", "Ra vào"}, {"refused", "Bị từ chối"}, {"case.", "Ca tư vấn"}, {"session.", "Đăng xuất thiết bị"}, {"course.", "Lớp học"}, {"story.", "Điển hình"}, {"interest.", "Nguyện vọng"}, {"broadcast.", "Thông báo"}, {"rules.", "Quy định gửi tin"}, {"reminder.", "Lời nhắc"}, {"office.", "Ngày giao dịch"}, {"content.", "Nội dung"}, {"unanswered.", "Câu chưa trả lời được"}},
	}
	var err error
	if p.Members, err = c.Desk.Records.Members(v.Context()); err != nil {
		return err
	}
	if p.Entries, err = c.Desk.Records.Entries(v.Context(), p.Query); err != nil {
		return err
	}
	if len(p.Entries) > atATime {
		p.Entries = p.Entries[:atATime]
		p.Next = p.Entries[atATime-1].ID
	}
	return c.page(v, "audit", "Nhật ký", p)
}
