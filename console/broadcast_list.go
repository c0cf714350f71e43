package console

import (
	"nghe/broadcast"
)

// listBroadcasts shows announcements, what waits for a yes first.
func (c *Console) listBroadcasts(v *visit) error {
	type row struct {
		broadcast.Broadcast
		By string
	}
	var p struct {
		Awaiting, Rows []row
		May            bool
	}
	const most = 100
	all, err := c.Broadcasts.Records.Broadcasts(v.Context(), most)
	if err != nil {
		return err
	}
	names, err := c.namesByLogin(v)
	if err != nil {
		return err
	}
	for _, b := range all {
		r := row{b, or(names[b.Author], b.Author)}
		if b.State == broadcast.Awaiting {
			p.Awaiting = append(p.Awaiting, r)
			continue
		}
		p.Rows = append(p.Rows, r)
	}
	p.May = mayWrite(v.me())
	return c.page(v, "broadcasts", "Thông báo", p)
}

// namesByLogin gives how authors are called.
func (c *Console) namesByLogin(v *visit) (map[string]string, error) {
	all, err := c.Desk.Records.Members(v.Context())
	if err != nil {
		return nil, err
	}
	names := map[string]string{broadcast.Operator: "Người vận hành", broadcast.Clock: "Lịch nhắc tự động"}
	for _, m := range all {
		names[m.Login] = m.Name
	}
	return names, nil
}
