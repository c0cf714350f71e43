package console

import (
	"time"

	"nghe/handoff"
)

// overviewPage is how all cases stand.
type overviewPage struct {
	*handoff.Overview
	OldestAgo string
	Late      []lateRow
	Queues    []queueRow
	Members   []loadRow
}

type lateRow struct {
	caseRow
	Why string
}

type queueRow struct {
	handoff.QueueLoad
	Ago string
}

type loadRow struct {
	handoff.MemberLoad
	Owes, First string
	Mean        string
}

// showOverview shows what waits, the oldest, each counsellor, and what is past
// its target.
func (c *Console) showOverview(v *visit) error {
	now := c.Now()
	o, err := c.Cases.Overview(v.Context(), v.me(), now)
	if err != nil {
		return err
	}
	p := overviewPage{Overview: o}
	if o.Oldest != nil {
		p.OldestAgo = lasting(now.Sub(o.Oldest.WaitingAt))
	}
	for _, l := range o.Late {
		why := "chưa xong, quá hạn "
		if l.First {
			why = "chưa ai trả lời, quá hạn "
		}
		p.Late = append(p.Late, lateRow{c.caseRow(v, l.Case, now), why + lasting(l.By)})
	}
	for _, q := range o.Queues {
		p.Queues = append(p.Queues, queueRow{q, since(q.Oldest, now)})
	}
	for _, m := range o.Members {
		r := loadRow{MemberLoad: m, Owes: since(m.OwedSince, now)}
		if m.First > 0 {
			r.First = lasting(m.First)
		}
		if m.Rating > 0 {
			r.Mean = viettime(m.Rating, "trên 5")
		}
		p.Members = append(p.Members, r)
	}
	return c.page(v, "overview", "Tình hình ca tư vấn", p)
}

// since tells how long ago something was; "" for never.
func since(t, now time.Time) string {
	if t.IsZero() {
		return ""
	}
	return lasting(now.Sub(t))
}
