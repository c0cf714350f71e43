package telegram

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"nghe/bot"
	"nghe/dialog"
)

// wanted are the kinds of updates that are asked for.
var wanted = []string{"message", "edited_message", "callback_query", "my_chat_member"}

// update is what we read of one. Everything else in it is left alone: new
// kinds and fields come every few months.
type update struct {
	ID      int64     `json:"update_id"`
	Message *message  `json:"message"`
	Edited  *message  `json:"edited_message"`
	Query   *query    `json:"callback_query"`
	Member  *standing `json:"my_chat_member"`
}

type message struct {
	ID       int64              `json:"message_id"`
	From     *from              `json:"from"`
	Chat     chat               `json:"chat"`
	Date     int64              `json:"date"` // 0: a message that can't be reached any more
	Text     string             `json:"text"`
	Caption  string             `json:"caption"`
	Album    string             `json:"media_group_id"`
	Voice    *file              `json:"voice"`
	Photo    []file             `json:"photo"`
	Contact  *tgbotapi.Contact  `json:"contact"`
	Location *tgbotapi.Location `json:"location"`
	Keyboard *inlineKeyboard    `json:"reply_markup"`
	Answers  *quoted            `json:"reply_to_message"`
	Other    *file              `json:"-"` // one of shown; its id is empty when it is no file
}

// quoted is a message that another one answers.
type quoted struct {
	Text    string `json:"text"`
	Caption string `json:"caption"`
}

type from struct {
	ID    int64 `json:"id"`
	IsBot bool  `json:"is_bot"`
}

type chat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

type file struct {
	ID   string `json:"file_id"`
	Name string `json:"file_name"`
}

type inlineKeyboard struct {
	Rows [][]struct {
		Text string `json:"text"`
		Data string `json:"callback_data"`
	} `json:"inline_keyboard"`
}

type query struct {
	ID      string   `json:"id"`
	From    from     `json:"from"`
	Message *message `json:"message"`
	Data    string   `json:"data"`
}

type standing struct {
	Chat chat `json:"chat"`
	From from `json:"from"`
	New  struct {
		Status string `json:"status"`
	} `json:"new_chat_member"`
}

// shown are things in a message that a person shows us and that are no text;
// any other message without text is a note of the platform's own.
var shown = []string{"animation", "audio", "document", "paid_media", "sticker", "story", "video", "video_note", "checklist", "dice", "game", "poll", "venue", "live_photo", "rich_message"}

func (m *message) UnmarshalJSON(body []byte) error {
	type plain message // without this method
	if err := json.Unmarshal(body, (*plain)(m)); err != nil {
		return err
	}
	if m.Text != "" || m.Voice != nil || m.Photo != nil || m.Contact != nil || m.Location != nil {
		return nil
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(body, &all); err != nil {
		return err
	}
	for _, name := range shown {
		if raw, ok := all[name]; ok {
			m.Other = &file{}
			if json.Unmarshal(raw, m.Other) != nil {
				m.Other = &file{} // no file
			}
		}
	}
	return nil
}

// kind is what an update is about.
type kind int

const (
	nothing   kind = iota // for us
	said                  // a person wrote, or showed something
	edited                // a person changed what they wrote
	tapped                // a person pressed a button
	blocked               // a person shut us out
	unblocked             // and let us in again
	inGroup               // we are where we don't belong
)

// heard is what an update means.
type heard struct {
	id      int64 // of the update
	kind    kind
	in      bot.Incoming // of said, edited, tapped; the contact of blocked, unblocked
	chat    int64
	message int64    // that was said, edited, or whose button was pressed
	query   string   // to be answered
	pressed *message // as it was when its button was pressed; nil = out of reach
}

// decode reads an update. What can't be read is an error; what is not for us
// is nothing.
func decode(body []byte, now time.Time) (heard, error) {
	var u update
	if err := json.Unmarshal(body, &u); err != nil {
		return heard{id: u.ID}, fmt.Errorf("update can't be read: %w", err)
	}
	h := heard{id: u.ID}
	switch {
	case u.Message != nil:
		h.say(said, u.Message)
	case u.Edited != nil:
		h.say(edited, u.Edited)
	case u.Query != nil:
		h.tap(u.Query)
	case u.Member != nil:
		h.stand(u.Member)
	}
	h.in.Update, h.in.At = strconv.FormatInt(u.ID, 10), now
	return h, nil
}

func (h *heard) from(id int64) {
	h.in.Contact = bot.Contact{Channel: Name, ID: strconv.FormatInt(id, 10)}
}

const private = "private"

func (h *heard) say(k kind, m *message) {
	h.chat, h.message = m.Chat.ID, m.ID
	switch {
	case m.Chat.Type != private:
		if k == said {
			h.kind = inGroup
		}
		return
	case m.From == nil || m.From.IsBot:
		return
	}
	h.from(m.Chat.ID)
	h.in.Text = m.Text
	if q := m.Answers; q != nil {
		// Something is quoted, even where it has no words.
		h.in.Quote = cmp.Or(q.Text, q.Caption, "…")
	}
	switch {
	case m.Text != "":
		h.in.Tap = command(m.Text)
	case m.Voice != nil:
		h.show(bot.MediaVoice, *m.Voice, m)
	case len(m.Photo) > 0:
		h.show(bot.MediaPhoto, m.Photo[len(m.Photo)-1], m) // the largest
	case m.Contact != nil && m.Contact.UserID == m.From.ID && m.Contact.PhoneNumber != "":
		h.in.Shared = &dialog.Shared{Phone: "+" + strings.TrimPrefix(m.Contact.PhoneNumber, "+")}
	case m.Contact != nil: // somebody else's: nothing of it is kept
		h.show(bot.MediaCard, file{}, m)
	case m.Location != nil:
		h.show(bot.MediaLocation, file{}, m)
	case m.Other != nil:
		h.show(bot.MediaOther, *m.Other, m)
	default:
		return // the platform's own note
	}
	h.kind = k
}

func (h *heard) show(what string, f file, m *message) {
	h.in.Text = m.Caption
	h.in.Media = &bot.Media{Kind: what, Ref: f.ID, Name: f.Name, Group: m.Album}
}

// pressedMark stands before the label of a button that was pressed.
const pressedMark = "✓ "

func (h *heard) tap(q *query) {
	h.query = q.ID
	if q.Data == "" || q.Message != nil && q.Message.Chat.Type != private {
		return
	}
	h.kind, h.in.Tap = tapped, q.Data
	h.from(q.From.ID)
	h.chat = q.From.ID
	if q.Message == nil {
		return
	}
	h.message = q.Message.ID
	if q.Message.Date == 0 {
		return
	}
	h.pressed = q.Message
	h.in.Text = q.Message.label(q.Data)
}

// label is what stands on the button that sends this; "" if there is none.
func (m *message) label(data string) string {
	if m.Keyboard == nil {
		return ""
	}
	for _, row := range m.Keyboard.Rows {
		for _, b := range row {
			if b.Data == data {
				return strings.TrimPrefix(b.Text, pressedMark)
			}
		}
	}
	return ""
}

func (h *heard) stand(s *standing) {
	h.chat = s.Chat.ID
	switch {
	case s.Chat.Type != private:
		if s.New.Status != "left" && s.New.Status != "kicked" {
			h.kind = inGroup
		}
		return
	case s.New.Status == "kicked":
		h.kind = blocked
	case s.New.Status == "member":
		h.kind = unblocked
	default:
		return
	}
	h.from(s.Chat.ID)
}

// Command is a word after "/" with the option that it stands for.
type Command struct {
	Name string
	tap  string
}

// Commands are shown in Telegram's own menu, with the phrases
// "telegram.command.NAME".
var Commands = []Command{
	{"menu", "flow:menu"},
	{"trogiup", "do:help"},
	{"gapnguoi", "do:human"},
	{"dulieu", "do:my-data"},
	{"dung", "do:stop"},
}

// also are other names that people try.
var also = map[string]string{
	"start": "do:restart", "batdaulai": "do:restart", "restart": "do:restart",
	"help": "do:help", "human": "do:human", "stop": "do:stop", "mydata": "do:my-data", "delete": "do:erase", "xoa": "do:erase",
}

var payloads = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// command gives the tap that a command stands for; "" when the text is none.
func command(text string) (tap string) {
	name, rest, _ := strings.Cut(text, " ")
	name, ok := strings.CutPrefix(name, "/")
	if !ok {
		return ""
	}
	name, _, _ = strings.Cut(strings.ToLower(name), "@")
	if name == "start" {
		if tap := deepLink(strings.TrimSpace(rest)); tap != "" {
			return tap
		}
	}
	for _, c := range Commands {
		if c.Name == name {
			return c.tap
		}
	}
	return also[name]
}

// deepLink gives the flow that a link to the bot begins; "" for none.
func deepLink(payload string) (tap string) {
	if !payloads.MatchString(payload) {
		return ""
	}
	parts := strings.SplitN(payload, "_", 3)
	tap = "flow:" + parts[0]
	if len(parts) == 3 {
		tap += "?" + parts[1] + "=" + parts[2]
	}
	if len(parts) == 2 || len(tap) > dataLimit {
		return ""
	}
	return tap
}
