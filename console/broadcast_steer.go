package console

import (
	"errors"
	"strings"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/staff"
)

// sendBroadcast releases a draft: it is sent, waits for its time, or for a
// second person's yes.
func (c *Console) sendBroadcast(v *visit) error {
	return c.steer(v, staff.NewBroadcast, func(b *broadcast.Broadcast) (string, error) {
		if b.State != broadcast.Draft {
			return "", &broadcast.Refused{Why: "tin này không còn là nháp: xem lại trang của nó"}
		}
		by := c.by(v, b.Audience, "broadcast.send", func(b *broadcast.Broadcast) string {
			if b.State == broadcast.Awaiting {
				return "xin duyệt: " + c.told(b)
			}
			return c.told(b)
		})
		made, err := c.Broadcasts.Edit(v.Context(), b.ID, letterOf(b), by, c.Now())
		return c.sentWord(v, &made.Broadcast), err
	})
}

// sentWord is the word of what became of an announcement that was released.
func (c *Console) sentWord(v *visit, b *broadcast.Broadcast) string {
	switch b.State {
	case broadcast.Awaiting:
		return "broadcast-awaiting"
	case broadcast.Scheduled:
		return "broadcast-scheduled"
	}
	rules, err := c.Broadcasts.Records.Rules(v.Context())
	calendar := broadcast.Calendar{Zone: c.Zone, Holidays: c.Library().Holidays}
	if _, quiet := calendar.Quiet(rules, c.Now()); err == nil && quiet && !b.Urgent {
		return "broadcast-quiet"
	}
	return "broadcast-sending"
}

// approveBroadcast is the second person's yes.
func (c *Console) approveBroadcast(v *visit) error {
	return c.steer(v, staff.ApproveBroadcast, func(b *broadcast.Broadcast) (string, error) {
		if v.FormValue("hash") != b.Hash {
			return "", &broadcast.Refused{Why: "tin vừa được sửa: xem lại bản mới rồi duyệt"}
		}
		_, err := c.Broadcasts.Approve(v.Context(), b.ID, c.by(v, b.Audience, "broadcast.approve", c.told), c.Now())
		return "broadcast-approve", err
	})
}

// pauseBroadcast, resumeBroadcast and cancelBroadcast may be asked for at any
// moment.
func (c *Console) pauseBroadcast(v *visit) error {
	return c.steer(v, staff.StopBroadcast, func(b *broadcast.Broadcast) (string, error) {
		_, err := c.Broadcasts.Pause(v.Context(), b.ID, c.by(v, b.Audience, "broadcast.pause", c.told), "", c.Now())
		return "broadcast-pause", err
	})
}

func (c *Console) resumeBroadcast(v *visit) error {
	return c.steer(v, staff.StopBroadcast, func(b *broadcast.Broadcast) (string, error) {
		_, err := c.Broadcasts.Resume(v.Context(), b.ID, c.by(v, b.Audience, "broadcast.resume", c.told), c.Now())
		return "broadcast-resume", err
	})
}

func (c *Console) cancelBroadcast(v *visit) error {
	return c.steer(v, staff.StopBroadcast, func(b *broadcast.Broadcast) (string, error) {
		why := brief(strings.TrimSpace(v.FormValue("why")))
		by := c.by(v, b.Audience, "broadcast.cancel", func(b *broadcast.Broadcast) string { return or(why, c.told(b)) })
		_, err := c.Broadcasts.Cancel(v.Context(), b.ID, by, why, c.Now())
		return "broadcast-cancel", err
	})
}

// tryBroadcast sends it to one's own chat, and to nobody else.
func (c *Console) tryBroadcast(v *visit) error {
	return c.steer(v, staff.NewBroadcast, func(b *broadcast.Broadcast) (string, error) {
		me := v.me().Contact
		if me.Channel == "" || c.Try == nil {
			return "", &broadcast.Refused{Why: "chưa có chat nào của anh/chị để gửi thử: vào trang Tài khoản lấy mã liên kết trước"}
		}
		if err := c.Try(v.Context(), me, b); err != nil {
			c.Log.Warn("console: a test was not sent", "contact", me.String(), "error", err)
			return "", &broadcast.Refused{Why: whyNotTried(err, or(channelWords[me.Channel], me.Channel))}
		}
		return "broadcast-try", nil
	})
}

// whyNotTried tells why a test was not sent, and what to do.
func whyNotTried(err error, channel string) string {
	var e *bot.SendError
	if !errors.As(err, &e) {
		return "gửi thử chưa được vì máy chủ đang bận: chờ một phút rồi thử lại"
	}
	switch {
	case e.Reason == broadcast.ByWindow:
		return "gửi thử chưa được: anh/chị lâu chưa nhắn nên " + channel + " chưa cho bot nhắn trước; nhắn cho bot một câu rồi thử lại"
	case e.Reason == "no-channel":
		return "gửi thử chưa được: kênh " + channel + " của anh/chị hiện không mở; báo người vận hành, hoặc gắn chat ở kênh khác"
	case e.Next == bot.Halt:
		return "gửi thử chưa được: " + channel + " đang từ chối cả bot; báo người vận hành"
	case e.Next == bot.Gone:
		return "gửi thử chưa được: chat của anh/chị đã chặn bot hoặc không còn; bỏ chặn rồi nhắn cho bot một câu, hoặc gắn lại chat ở trang Tài khoản"
	case e.Next == bot.Again:
		return "gửi thử chưa được: " + channel + " đang bận; chờ một phút rồi thử lại"
	case e.Next == bot.Doubtful:
		return "không rõ tin thử đã tới chưa, vì " + channel + " không trả lời: xem trong chat của anh/chị trước khi thử lại"
	}
	return "gửi thử chưa được: " + channel + " không nhận tin này; xem lại nội dung, vẫn vậy thì báo người vận hành"
}
