package fakezalo

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Event is something that the bot is told by webhook.
type Event struct {
	Name string
	Body map[string]any // as JSON, without app_id and timestamp
	At   time.Time      // its timestamp

	raw     []byte // once it was on its way: retries and repeats are the same bytes
	next    time.Time
	retries int
}

// emit puts an event on its way. Called with mu held.
func (s *Server) emit(name string, body map[string]any) {
	s.queue = append(s.queue, &Event{Name: name, Body: body, At: s.Now(), next: s.Now()})
	s.changed.Ring()
}

// Emit puts any event on its way: those that no method makes, or odd ones.
func (s *Server) Emit(name string, body map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit(name, body)
}

// said is the envelope of what a user sends.
func (s *Server) said(userID, name string, message map[string]any) string {
	u := s.person(userID)
	u.last = s.Now()
	id := s.id("u")
	message["msg_id"] = id
	s.emit(name, map[string]any{
		"sender": map[string]any{"id": userID}, "recipient": map[string]any{"id": s.OAID},
		"user_id_by_app": "5521" + userID, "message": message,
	})
	return id
}

// Say is a user who writes; it gives the message's id.
func (s *Server) Say(userID, text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said(userID, "user_send_text", map[string]any{"text": text})
}

// Tap is a user who presses a button of the newest message that has one of
// the title. What the bot gets is a text like any other.
func (s *Server) Tap(userID, title string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.sent) - 1; i >= 0; i-- {
		if s.sent[i].To != userID {
			continue
		}
		for _, b := range s.sent[i].Buttons {
			if b.Title == title {
				if b.Type == "oa.query.show" || b.Type == "oa.query.hide" {
					s.said(userID, "user_send_text", map[string]any{"text": b.Payload})
				}
				return nil
			}
		}
	}
	return fmt.Errorf("no message to %s has a button %q", userID, title)
}

// Send is a user who sends something that is no text: kind is "image", "gif",
// "link", "audio", "video", "sticker", "location", "file" or "business_card".
func (s *Server) Send(userID, kind, caption string) string {
	const host = "http://f6.photo.talk.zdn.vn/"
	payload := map[string]map[string]any{
		"image":         {"thumbnail": host + "t.jpg", "url": host + "i.jpg"},
		"gif":           {"thumbnail": host + "t.jpg", "url": host + "i.gif"},
		"link":          {"thumbnail": host + "t.jpg", "description": "a page", "url": "https://example.com/"},
		"audio":         {"url": "https://voice.zdn.vn/x.amr"},
		"video":         {"url": host + "v.mp4", "thumbnail": host + "t.jpg", "description": ""},
		"sticker":       {"url": host + "s.png", "id": "21"},
		"location":      {"coordinates": map[string]any{"latitude": "21.2716", "longitude": "107.2856"}},
		"file":          {"size": "1024", "name": "don.pdf", "checksum": "0cc175b9c0f1b6a831c399e269772661", "type": "pdf", "url": host + "don.pdf"},
		"business_card": {"thumbnail": host + "t.jpg", "description": `{"phone":"84912345678","qrCodeUrl":""}`, "url": "https://zalo.me/"},
	}[kind]
	s.mu.Lock()
	defer s.mu.Unlock()
	attached := kind
	if kind == "business_card" {
		attached = "link"
	}
	message := map[string]any{"attachments": []any{map[string]any{"type": attached, "payload": payload}}}
	if caption != "" {
		message["text"] = caption
	}
	return s.said(userID, "user_send_"+kind, message)
}

// SayAnonymous is somebody without a Zalo account, in the account's chat
// window on a page.
func (s *Server) SayAnonymous(anonymousID, conversationID, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.person(anonymousID)
	s.emit("anonymous_send_text", map[string]any{
		"sender": map[string]any{"id": anonymousID}, "recipient": map[string]any{"id": s.OAID},
		"message": map[string]any{"conversation_id": conversationID, "text": text, "msg_id": s.id("a")},
	})
}

// Follow and Unfollow are a user who presses the account's button.
func (s *Server) Follow(userID string) { s.follow(userID, true) }

// Unfollow ends it.
func (s *Server) Unfollow(userID string) { s.follow(userID, false) }

func (s *Server) follow(userID string, yes bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.person(userID)
	u.follower = yes
	name := "unfollow"
	if yes {
		name, u.last = "follow", s.Now()
	}
	s.emit(name, map[string]any{
		"oa_id": s.OAID, "follower": map[string]any{"id": userID}, "user_id_by_app": "5521" + userID, "source": "oa_profile",
	})
}

// Info is what a user fills into the form of a request for contact details.
// Zalo adds more of its own.
type Info struct{ Name, Phone, Ward, Address string }

// SubmitInfo is a user who sends that form. An older one can be sent again;
// without one there is nothing to send.
func (s *Server) SubmitInfo(userID string, info Info) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.ContainsFunc(s.sent, func(m Message) bool { return m.To == userID && m.Kind == "request_user_info" }) {
		return fmt.Errorf("no form was sent to %s", userID)
	}
	s.person(userID).last = s.Now()
	s.emit("user_submit_info", map[string]any{
		"sender": map[string]any{"id": userID}, "recipient": map[string]any{"id": s.OAID},
		"info": map[string]any{"name": info.Name, "phone": info.Phone, "user_dob": "30/10/1999", "gender": "Nam",
			"full_address": map[string]any{"user_city": "Quảng Ninh", "user_ward": info.Ward, "user_address": info.Address}},
	})
	return nil
}

// Withdraw is a user who wants their data gone.
func (s *Server) Withdraw(userID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit("user_withdraw", map[string]any{
		"sender": map[string]any{"id": userID}, "recipient": map[string]any{"id": s.OAID}, "user_id_by_app": "5521" + userID,
	})
}

// Human is somebody of the office who writes in Zalo's own app.
func (s *Server) Human(userID, adminID, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.echo(userID, text, s.id("h"), adminID)
}

// echo tells the bot of what the account sent. Called with mu held.
func (s *Server) echo(userID, text, messageID, adminID string) {
	sender := map[string]any{"id": s.OAID}
	if adminID != "" {
		sender["admin_id"] = adminID
	}
	s.emit("oa_send_text", map[string]any{
		"sender": sender, "recipient": map[string]any{"id": userID}, "user_id_by_app": "5521" + userID,
		"message": map[string]any{"text": text, "msg_id": messageID},
	})
}

// Received and Seen are a phone that got a message, and a user who read some.
func (s *Server) Received(userID, messageID string) {
	s.Emit("user_received_message", map[string]any{
		"sender": map[string]any{"id": userID}, "recipient": map[string]any{"id": s.OAID}, "message": map[string]any{"msg_id": messageID},
	})
}

// Seen is a user who read messages.
func (s *Server) Seen(userID string, messageIDs ...string) {
	s.Emit("user_seen_message", map[string]any{
		"sender": map[string]any{"id": userID}, "recipient": map[string]any{"id": s.OAID}, "message": map[string]any{"msg_ids": messageIDs},
	})
}

func millis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
