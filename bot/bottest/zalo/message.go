package fakezalo

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of messages. Where readers of Zalo's papers disagree, the smallest.
const (
	MaxText    = 2000 // characters
	MaxButtons = 5
	MaxTitle   = 35   // characters of a button
	MaxPayload = 1000 // characters of a query
)

// Message is one that the bot sent.
type Message struct {
	ID      string
	To      string // user, or anonymous person
	Kind    string // "text", "buttons", "image", "request_user_info", "template", "reaction"
	Text    string
	Buttons []Button
	Quote   string
	Picture string // address of what an image or a form shows
	File    []byte // what was uploaded for it
	// Template and Data are set for templates.
	Template string
	Data     map[string]string
	Token    string // the access token it was sent with
	Billed   bool
	At       time.Time
}

// Button is one of a message.
type Button struct {
	Title, Type, Payload string
}

// Sent gives everything that the bot sent, oldest first.
func (s *Server) Sent() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.sent...)
}

// SentTo gives what was sent to one person, oldest first.
func (s *Server) SentTo(userID string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Message
	if u := s.users[userID]; u != nil {
		for _, i := range u.sent {
			list = append(list, s.sent[i])
		}
	}
	return list
}

// WaitSent waits until the bot has sent n messages in all.
func (s *Server) WaitSent(ctx context.Context, n int) ([]Message, error) {
	err := s.changed.Until(ctx, func() bool { return len(s.Sent()) >= n })
	return s.Sent(), err
}

// outgoing is the body of a consultation message.
type outgoing struct {
	Recipient struct {
		UserID         string `json:"user_id"`
		AnonymousID    string `json:"anonymous_id"`
		ConversationID string `json:"conversation_id"`
	} `json:"recipient"`
	Message struct {
		Text       string      `json:"text"`
		Quote      string      `json:"quote_message_id"`
		Attachment *attachment `json:"attachment"`
	} `json:"message"`
	SenderAction *struct {
		Icon    string `json:"react_icon"`
		Message string `json:"react_message_id"`
	} `json:"sender_action"`
}

type attachment struct {
	Type    string `json:"type"`
	Payload struct {
		TemplateType string `json:"template_type"`
		Token        string `json:"token"`
		Buttons      []struct {
			Title   string          `json:"title"`
			Type    string          `json:"type"`
			Payload json.RawMessage `json:"payload"`
		} `json:"buttons"`
		Elements []struct {
			MediaType    string `json:"media_type"`
			URL          string `json:"url"`
			AttachmentID string `json:"attachment_id"`
			Width        int    `json:"width"`
			Height       int    `json:"height"`
			Title        string `json:"title"`
			Subtitle     string `json:"subtitle"`
			ImageURL     string `json:"image_url"`
		} `json:"elements"`
	} `json:"payload"`
}

// consultation is POST /v3.0/oa/message/cs.
func (s *Server) consultation(_ *recorder, r *http.Request) (any, *refusal) {
	var o outgoing
	if refused := s.read(r, &o); refused != nil {
		return nil, refused
	}
	if o.Recipient.UserID == "" || o.Recipient.AnonymousID != "" || o.SenderAction != nil {
		return nil, invalid("recipient.user_id")
	}
	m := Message{To: o.Recipient.UserID, Kind: "text", Text: o.Message.Text, Quote: o.Message.Quote}
	if refused := s.check(&m, o.Message.Attachment); refused != nil {
		return nil, refused
	}
	quota, refused := s.mayWrite(m.To)
	if refused != nil {
		return nil, refused
	}
	m.Billed = quota == nil
	return s.take(r, m, quota), nil
}

// check checks what a message holds.
func (s *Server) check(m *Message, a *attachment) *refusal {
	switch {
	case utf8.RuneCountInString(m.Text) > MaxText:
		return refuse(-210)
	case !utf8.ValidString(m.Text) || strings.ContainsRune(m.Text, 0):
		return invalid("message.text")
	case a == nil && strings.TrimSpace(m.Text) == "":
		return invalid("message.text")
	case a == nil:
		return nil
	case a.Type == "file" && a.Payload.Token != "":
		m.Kind = "file"
		return s.attached(m, a.Payload.Token, "file")
	case a.Type != "template" || a.Payload.Token != "":
		return refuse(-233)
	}
	switch p := a.Payload; p.TemplateType {
	case "":
		m.Kind = "buttons"
		return s.checkButtons(m, a)
	case "media":
		if len(p.Elements) != 1 || len(p.Buttons) > 0 || (p.Elements[0].URL == "") == (p.Elements[0].AttachmentID == "") {
			return invalid("attachment.payload.elements")
		}
		switch e := p.Elements[0]; {
		case e.MediaType == "image":
		case e.MediaType == "gif" && e.Width > 0 && e.Height > 0:
		case e.MediaType == "sticker" && e.AttachmentID != "":
		default:
			return invalid("media_type")
		}
		m.Kind, m.Picture = p.Elements[0].MediaType, p.Elements[0].URL
		if id := p.Elements[0].AttachmentID; id != "" && m.Kind == "image" {
			return s.attached(m, id, "image")
		}
	case "request_user_info":
		if len(p.Elements) != 1 || len(p.Buttons) > 0 {
			return invalid("attachment.payload.elements")
		}
		e := p.Elements[0]
		if n := utf8.RuneCountInString(e.Title); n == 0 || n > 100 || utf8.RuneCountInString(e.Subtitle) > 500 || !strings.HasPrefix(e.ImageURL, "https://") {
			return invalid("attachment.payload.elements")
		}
		m.Kind, m.Picture = p.TemplateType, e.ImageURL
	default: // "list" has no page in v3
		return refuse(-233)
	}
	return nil
}

func (s *Server) checkButtons(m *Message, a *attachment) *refusal {
	if strings.TrimSpace(m.Text) == "" || len(a.Payload.Elements) > 0 {
		return invalid("message.text")
	}
	if n := len(a.Payload.Buttons); n == 0 || n > MaxButtons {
		return refuse(-210)
	}
	for _, b := range a.Payload.Buttons {
		if n := utf8.RuneCountInString(b.Title); n == 0 || n > MaxTitle {
			return refuse(-210)
		}
		var text string
		var fields map[string]string
		switch b.Type {
		case "oa.query.show", "oa.query.hide":
			if json.Unmarshal(b.Payload, &text) != nil || text == "" {
				return invalid("payload")
			}
			if utf8.RuneCountInString(text) > MaxPayload {
				return refuse(-210)
			}
		case "oa.open.url", "oa.open.phone", "oa.open.sms":
			if json.Unmarshal(b.Payload, &fields) != nil {
				return invalid("payload")
			}
			text = or(fields["url"], fields["phone_code"])
		default:
			return invalid("type")
		}
		m.Buttons = append(m.Buttons, Button{b.Title, b.Type, text})
	}
	return nil
}

// template is POST /v3.0/oa/message/template: to a user id, whenever they last
// wrote.
func (s *Server) template(_ *recorder, r *http.Request) (any, *refusal) {
	var o struct {
		UserID   string            `json:"user_id"`
		Template string            `json:"template_id"`
		Data     map[string]string `json:"template_data"`
	}
	if refused := s.read(r, &o); refused != nil {
		return nil, refused
	}
	t, ok := s.Templates[o.Template]
	u := s.users[o.UserID]
	switch {
	case !ok:
		return nil, refuse(-249)
	case u == nil:
		return nil, invalid("user_id")
	case u.refuses != 0:
		return nil, refuse(u.refuses)
	case t.Promo && s.night():
		return nil, refuse(-234)
	case len(o.Data) != len(t.Fields):
		return nil, invalid("template_data")
	}
	for _, field := range t.Fields {
		if o.Data[field] == "" {
			return nil, invalid("template_data." + field)
		}
	}
	return s.take(r, Message{To: o.UserID, Kind: "template", Template: o.Template, Data: o.Data, Billed: true}, nil), nil
}

// anonymous is POST /v2.0/oa/message: people without an account, reactions.
// Everything else went to version 3.
func (s *Server) anonymous(_ *recorder, r *http.Request) (any, *refusal) {
	var o outgoing
	if refused := s.read(r, &o); refused != nil {
		return nil, refused
	}
	switch {
	case o.SenderAction != nil && o.Recipient.UserID != "":
		return s.take(r, Message{To: o.Recipient.UserID, Kind: "reaction", Text: o.SenderAction.Icon, Quote: o.SenderAction.Message}, nil), nil
	case o.Recipient.AnonymousID == "" || o.Recipient.ConversationID == "":
		return nil, refuse(-240)
	case s.users[o.Recipient.AnonymousID] == nil:
		return nil, invalid("anonymous_id")
	}
	m := Message{To: o.Recipient.AnonymousID, Kind: "text", Text: o.Message.Text}
	if o.Message.Attachment != nil {
		return nil, refuse(-233)
	}
	if refused := s.check(&m, nil); refused != nil {
		return nil, refused
	}
	return s.take(r, m, nil), nil
}

// take records a message, echoes it to the webhook, and makes the answer.
func (s *Server) take(r *http.Request, m Message, quota map[string]any) any {
	m.ID, m.At, m.Token = s.id("m"), s.Now(), r.Header.Get("access_token")
	u := s.person(m.To)
	u.sent = append(u.sent, len(s.sent))
	s.sent = append(s.sent, m)
	if m.Kind != "reaction" && m.Kind != "template" {
		s.echo(m.To, m.Text, m.ID, "")
	}
	s.changed.Ring()
	answer := map[string]any{"message_id": m.ID, "user_id": m.To, "sent_time": strconv.FormatInt(m.At.UnixMilli(), 10)}
	if quota != nil {
		answer["quota"] = quota
	}
	return answer
}

// quotaOf is POST /v3.0/oa/quota/message.
func (s *Server) quotaOf(_ *recorder, r *http.Request) (any, *refusal) {
	var o struct {
		UserID string `json:"user_id"`
	}
	if refused := s.read(r, &o); refused != nil {
		return nil, refused
	}
	u := s.users[o.UserID]
	if u == nil {
		return nil, invalid("user_id")
	}
	return map[string]any{"last_interaction": strconv.FormatInt(u.last.UnixMilli(), 10)}, nil
}
