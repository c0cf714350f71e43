package faketelegram

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// do carries out a method; the lock is held and the parameters are sound.
func (s *Server) do(method string, call *Call) (any, error) {
	p := call.Params
	switch method {
	case "getMe":
		return struct {
			User
			Groups bool `json:"can_join_groups"`
			All    bool `json:"can_read_all_group_messages"`
			Inline bool `json:"supports_inline_queries"`
		}{Bot, true, false, false}, nil
	case "sendMessage":
		return s.sendMessage(call)
	case "editMessageText", "editMessageReplyMarkup":
		return s.editMessage(method, p)
	case "deleteMessage":
		return s.deleteMessage(p)
	case "answerCallbackQuery":
		return s.answerQuery(p)
	case "sendChatAction":
		_, err := s.reach(p)
		return true, err
	case "leaveChat":
		c, err := s.reach(p)
		if err == nil {
			c.botStatus = "left"
		}
		return true, err
	case "sendPhoto", "sendVoice", "sendDocument":
		return s.sendFile(call)
	case "getFile":
		return s.getFile(p["file_id"])
	case "setMyCommands":
		s.commands[p["language_code"]] = json.RawMessage(p["commands"])
		return true, nil
	case "getMyCommands":
		if list := s.commands[p["language_code"]]; list != nil {
			return list, nil
		}
		return json.RawMessage("[]"), nil
	case "setMyDescription":
		s.description[p["language_code"]] = p["description"]
		return true, nil
	case "getMyDescription":
		return map[string]string{"description": s.description[p["language_code"]]}, nil
	case "setMyShortDescription":
		s.short[p["language_code"]] = p["short_description"]
		return true, nil
	case "getMyShortDescription":
		return map[string]string{"short_description": s.short[p["language_code"]]}, nil
	case "setWebhook":
		return true, s.setWebhook(p)
	case "deleteWebhook":
		return true, s.deleteWebhook(p)
	case "getWebhookInfo":
		return s.webhookInfo(), nil
	}
	return nil, badRequest("method %s is in the table and nothing does it", method)
}

// reach finds the chat of a call, if the bot may write there.
func (s *Server) reach(p map[string]string) (*chat, error) {
	id, err := strconv.ParseInt(p["chat_id"], 10, 64)
	c := s.chats[id]
	if c == nil && err == nil && id > 0 && s.Anybody {
		c = &chat{Chat: Chat{ID: id, Type: "private"}, who: User{ID: id}, started: true, lastID: 40}
		s.chats[id] = c
	}
	forbidden := func(why string) (*chat, error) {
		return nil, &refusal{Code: http.StatusForbidden, Description: "Forbidden: " + why}
	}
	switch {
	case err != nil || c == nil:
		return nil, badRequest("chat not found")
	case c.migratedTo != 0:
		r := badRequest("group chat was upgraded to a supergroup chat")
		r.Parameters = &parameters{MigrateTo: c.migratedTo}
		return nil, r
	case c.deactivated:
		return forbidden("user is deactivated")
	case c.blocked:
		return forbidden("bot was blocked by the user")
	case c.Type == "private" && !c.started:
		return forbidden("bot can't initiate conversation with a user")
	case c.Type != "private" && c.botStatus == "kicked":
		return forbidden("bot was kicked from the " + c.Type + " chat")
	case c.Type != "private" && c.botStatus != "member":
		return forbidden("bot is not a member of the " + c.Type + " chat")
	}
	return c, nil
}

func (s *Server) sendMessage(call *Call) (any, error) {
	p := call.Params
	m := &Message{Text: strings.TrimSpace(p["text"])}
	if p["link_preview_options"] != "" {
		m.Preview = json.RawMessage(p["link_preview_options"])
	}
	if p["entities"] != "" && p["entities"] != "null" {
		json.Unmarshal([]byte(p["entities"]), &m.Entities) //nolint:errcheck // the table has checked it
	}
	return s.put(call, m)
}

// put puts a message of the bot into a chat.
func (s *Server) put(call *Call, m *Message) (any, error) {
	p := call.Params
	c, err := s.reach(p)
	if err != nil {
		return nil, err
	}
	var reply struct {
		ID      int64 `json:"message_id"`
		Without bool  `json:"allow_sending_without_reply"`
	}
	if p["reply_parameters"] != "" {
		json.Unmarshal([]byte(p["reply_parameters"]), &reply) //nolint:errcheck // the table has checked it
		if c.message(reply.ID) == nil && !reply.Without {
			return nil, badRequest("message to be replied not found")
		}
	}
	if p["message_thread_id"] != "" {
		return nil, badRequest("message thread not found")
	}
	c.lastID++
	m.ID, m.From, m.Date, m.Chat = c.lastID, &Bot, s.Clock.Now().Unix(), c.Chat
	m.ReplyTo, m.Keyboard, m.Keys = c.message(reply.ID), keyboard(p["reply_markup"]), keys(p["reply_markup"])
	if m.Keys != nil && slices.ContainsFunc(m.Keys.Rows, func(row []Key) bool { return slices.ContainsFunc(row, func(k Key) bool { return k.Contact }) }) && c.Type != "private" {
		return nil, badRequest("phone number can be requested in private chats only")
	}
	c.messages = append(c.messages, m)
	call.MessageID = m.ID
	s.changed.Ring()
	return *m, nil
}

// keyboard reads an inline keyboard; nil when there is none or another kind.
func keyboard(text string) *Keyboard {
	var k Keyboard
	if text == "" || text == "null" || json.Unmarshal([]byte(text), &k) != nil || len(k.Rows) == 0 {
		return nil
	}
	return &k
}

// keys reads a keyboard in the place of letters; nil when it is none.
func keys(text string) *Keys {
	var k Keys
	if text == "" || text == "null" || json.Unmarshal([]byte(text), &k) != nil || len(k.Rows) == 0 {
		return nil
	}
	return &k
}

func (s *Server) editMessage(method string, p map[string]string) (any, error) {
	c, err := s.reach(p)
	if err != nil {
		return nil, err
	}
	id, _ := strconv.ParseInt(p["message_id"], 10, 64)
	m := c.message(id)
	switch {
	case m == nil:
		return nil, badRequest("message to edit not found")
	case !m.FromBot():
		return nil, badRequest("message can't be edited")
	}
	edited := *m
	edited.Keyboard = keyboard(p["reply_markup"])
	if method == "editMessageText" {
		edited.Text = strings.TrimSpace(p["text"])
	}
	if edited.Text == m.Text && reflect.DeepEqual(edited.Keyboard, m.Keyboard) {
		return nil, badRequest("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	edited.EditDate = s.Clock.Now().Unix()
	*m = edited
	s.changed.Ring()
	return edited, nil
}

func (s *Server) deleteMessage(p map[string]string) (any, error) {
	c, err := s.reach(p)
	if err != nil {
		return nil, err
	}
	id, _ := strconv.ParseInt(p["message_id"], 10, 64)
	i := slices.IndexFunc(c.messages, func(m *Message) bool { return m.ID == id })
	if i < 0 {
		return nil, badRequest("message to delete not found")
	}
	c.messages = slices.Delete(c.messages, i, i+1)
	s.changed.Ring()
	return true, nil
}

func (s *Server) answerQuery(p map[string]string) (any, error) {
	q := s.queries[p["callback_query_id"]]
	if q == nil || q.answered || s.Clock.Now().Unix()-q.born > int64(queryLife.Seconds()) {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	q.answered, q.text = true, p["text"]
	s.changed.Ring()
	return true, nil
}

// Commands gives what setMyCommands set for everybody.
func (s *Server) Commands() (list []struct{ Command, Description string }, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.commands[""] == nil {
		return nil, errors.New("no commands were set")
	}
	return list, json.Unmarshal(s.commands[""], &list)
}

// Descriptions gives what is told of the bot to everybody.
func (s *Server) Descriptions() (description, short string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.description[""], s.short[""]
}
