package console

import (
	"io"
	"slices"

	"nghe/broadcast"
	"nghe/staff"
)

// peoplePage is who got an announcement, one by one.
type peoplePage struct {
	broadcast.Broadcast
	Rows  []broadcast.Row
	State broadcast.DeliveryState
	Next  string
	All   []broadcast.DeliveryState
}

var deliveryStates = []broadcast.DeliveryState{broadcast.Queued, broadcast.Sent, broadcast.Skipped, broadcast.Failed, broadcast.Doubtful}

// asked gives the states that a page is about.
func asked(s broadcast.DeliveryState) []broadcast.DeliveryState {
	switch {
	case s == broadcast.Queued:
		return []broadcast.DeliveryState{broadcast.Queued, broadcast.Claimed}
	case slices.Contains(deliveryStates, s):
		return []broadcast.DeliveryState{s}
	}
	return nil
}

// listRecipients shows them by page.
func (c *Console) listRecipients(v *visit) error {
	b, err := c.mine(v, staff.SeeRecipients)
	if err != nil {
		return err
	}
	const atATime = 100
	p := peoplePage{Broadcast: *b, State: broadcast.DeliveryState(v.FormValue("state")), All: deliveryStates}
	if p.Rows, err = c.Broadcasts.Records.Rows(v.Context(), b.ID, v.FormValue("after"), atATime+1, asked(p.State)...); err != nil {
		return err
	}
	if err := c.Records.NoteReading(v.Context(), c.entry(v, "broadcast.people", "broadcast:"+b.ID, "xem từng người nhận")); err != nil {
		return err
	}
	if len(p.Rows) > atATime {
		p.Rows = p.Rows[:atATime]
		p.Next = p.Rows[atATime-1].Who
	}
	return c.page(v, "recipients", "Từng người nhận", p)
}

// exportRecipients gives all of them as a table.
func (c *Console) exportRecipients(v *visit) error {
	b, err := c.mine(v, staff.SeeRecipients)
	if err != nil {
		return err
	}
	rows := [][]any{{"STT", "Tên", "Nơi ở", "Kênh", "Tình trạng", "Vì sao", "Lúc", "Đã xem lớp", "Đã ghi nguyện vọng", "Không quan tâm"}}
	after := ""
	for {
		const some = 5000
		page, err := c.Broadcasts.Records.Rows(v.Context(), b.ID, after, some, asked(broadcast.DeliveryState(v.FormValue("state")))...)
		if err != nil {
			return err
		}
		for _, r := range page {
			at := ""
			if !r.At.IsZero() {
				at = c.when(r.At)
			}
			yes := func(b bool) string { return map[bool]string{true: "có", false: ""}[b] }
			rows = append(rows, []any{len(rows), r.Name, c.placeName(r.Place), or(channelWords[r.Contact.Channel], r.Contact.Channel), deliveryWords[r.State], or(reasonWords[or(r.Reason, r.Waits)], or(r.Reason, r.Waits)), at, yes(r.Tapped), yes(r.Registered), yes(r.Declined)})
		}
		if len(page) < some {
			break
		}
		after = page[len(page)-1].Who
	}
	if err := c.noteBroadcast(v, "broadcast.export", b, "xuất danh sách người nhận"); err != nil {
		return err
	}
	return v.send("nguoi-nhan-"+b.ID+".xlsx", func(w io.Writer) error { return writeTable(w, "Người nhận", rows) })
}

// village is some people to be called.
type village struct {
	Place, Name string
	Calls       []broadcast.Call
}

// listCalls shows whom an officer has to call instead, by village, to print.
func (c *Console) listCalls(v *visit) error {
	b, err := c.mine(v, staff.SeeRecipients)
	if err != nil {
		return err
	}
	all, err := c.Broadcasts.Records.Calls(v.Context(), b.ID)
	if err != nil {
		return err
	}
	var p struct {
		broadcast.Broadcast
		Villages []village
		N        int
		Text     string
	}
	p.Broadcast, p.N, p.Text = *b, len(all), or(b.Text, c.courseTitle(b.Course))
	for _, call := range all {
		if n := len(p.Villages); n == 0 || p.Villages[n-1].Place != call.Place || p.Villages[n-1].Name != call.Village {
			p.Villages = append(p.Villages, village{Place: call.Place, Name: call.Village})
		}
		last := &p.Villages[len(p.Villages)-1]
		last.Calls = append(last.Calls, call)
	}
	if err := c.noteBroadcast(v, "broadcast.calls", b, "mở danh sách cần gọi"); err != nil {
		return err
	}
	return c.page(v, "calls", "Danh sách cần gọi", p)
}
