package console

import (
	"strings"

	"nghe/broadcast"
	"nghe/staff"
)

// sendBroadcast releases a draft: it is sent, waits for its time, or for a
// second person's yes.
func (c *Console) sendBroadcast(v *visit) error {
	return c.steer(v, staff.NewBroadcast, "broadcast.send", "broadcast-send", func(b *broadcast.Broadcast, by broadcast.By) (string, error) {
		if b.State != broadcast.Draft {
			return "", &broadcast.Refused{Why: "tin này không còn là nháp: xem lại trang của nó"}
		}
		l := letterOf(b)
		made, err := c.Broadcasts.Edit(v.Context(), b.ID, l, by, c.Now())
		if err == nil && made.Approval != "" {
			return "xin duyệt: " + made.Approval, nil
		}
		return "", err
	})
}

// approveBroadcast is the second person's yes.
func (c *Console) approveBroadcast(v *visit) error {
	return c.steer(v, staff.ApproveBroadcast, "broadcast.approve", "broadcast-approve", func(b *broadcast.Broadcast, by broadcast.By) (string, error) {
		if v.FormValue("hash") != b.Hash {
			return "", &broadcast.Refused{Why: "tin vừa được sửa: xem lại bản mới rồi duyệt"}
		}
		_, err := c.Broadcasts.Approve(v.Context(), b.ID, by, c.Now())
		return "", err
	})
}

// pauseBroadcast, resumeBroadcast and cancelBroadcast may be asked for at any
// moment.
func (c *Console) pauseBroadcast(v *visit) error {
	return c.steer(v, staff.StopBroadcast, "broadcast.pause", "broadcast-pause", func(b *broadcast.Broadcast, by broadcast.By) (string, error) {
		_, err := c.Broadcasts.Pause(v.Context(), b.ID, by, "", c.Now())
		return "", err
	})
}

func (c *Console) resumeBroadcast(v *visit) error {
	return c.steer(v, staff.StopBroadcast, "broadcast.resume", "broadcast-resume", func(b *broadcast.Broadcast, by broadcast.By) (string, error) {
		_, err := c.Broadcasts.Resume(v.Context(), b.ID, by, c.Now())
		return "", err
	})
}

func (c *Console) cancelBroadcast(v *visit) error {
	return c.steer(v, staff.StopBroadcast, "broadcast.cancel", "broadcast-cancel", func(b *broadcast.Broadcast, by broadcast.By) (string, error) {
		why := brief(strings.TrimSpace(v.FormValue("why")))
		_, err := c.Broadcasts.Cancel(v.Context(), b.ID, by, why, c.Now())
		return why, err
	})
}

// tryBroadcast sends it to one's own chat, and to nobody else.
func (c *Console) tryBroadcast(v *visit) error {
	return c.steer(v, staff.NewBroadcast, "", "broadcast-try", func(b *broadcast.Broadcast, by broadcast.By) (string, error) {
		if v.me().Contact.Channel == "" || c.Try == nil {
			return "", &broadcast.Refused{Why: "chưa có chat nào của anh/chị để gửi thử: vào trang Tài khoản lấy mã liên kết trước"}
		}
		if err := c.Try(v.Context(), v.me().Contact, b); err != nil {
			c.Log.Warn("console: a test was not sent", "contact", v.me().Contact.String(), "error", err)
			return "", &broadcast.Refused{Why: "gửi thử chưa được, có thể kênh đang trục trặc hoặc anh/chị lâu chưa nhắn cho bot: nhắn cho bot một câu rồi thử lại"}
		}
		return "", nil
	})
}
