package zalobot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"nghe/bot"
)

// Update is one thing that the bot was told.
type Update struct {
	Name string // Zalo's own
	// Incoming is empty (no contact) for what is not to be answered.
	Incoming bot.Incoming
	// Media is an address of a picture or voice, "" without. It is not kept.
	Media string
}

// update is the shape of an update; wrapped or not, alone or in a list.
type update struct {
	OK      *bool           `json:"ok"`
	Result  json.RawMessage `json:"result"`
	Name    string          `json:"event_name"`
	Message *struct {
		From struct {
			ID    string `json:"id"`
			IsBot bool   `json:"is_bot"`
		} `json:"from"`
		Chat struct {
			ID   string `json:"id"`
			Type string `json:"chat_type"`
		} `json:"chat"`
		ID       string `json:"message_id"`
		Date     int64  `json:"date"` // milliseconds
		Text     string `json:"text"`
		Caption  string `json:"caption"`
		Photo    string `json:"photo"`
		PhotoURL string `json:"photo_url"`
		Voice    string `json:"voice_url"`
		URL      string `json:"url"` // of a sticker
	} `json:"message"`
}

var plainID = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,128}$`)

// Decode makes Updates of the body of a webhook or the result of a poll: one
// update, as it is or in the envelope of the papers, or a list of them.
func Decode(body []byte) ([]Update, error) {
	return decode(body, 2)
}

func decode(body []byte, depth int) ([]Update, error) {
	body = bytes.TrimSpace(body)
	if depth < 0 || len(body) == 0 || bytes.Equal(body, []byte("null")) {
		return nil, nil
	}
	if body[0] == '[' {
		var list []json.RawMessage
		if err := json.Unmarshal(body, &list); err != nil {
			return nil, fmt.Errorf("body is no list of updates: %w", err)
		}
		var all []Update
		for _, one := range list {
			some, err := decode(one, depth-1)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
		return all, nil
	}
	var u update
	if err := json.Unmarshal(body, &u); err != nil {
		return nil, fmt.Errorf("body is no update: %w", err)
	}
	if u.Name == "" && u.Message == nil {
		return decode(u.Result, depth-1)
	}
	return []Update{u.read()}, nil
}

func (u update) read() Update {
	got := Update{Name: u.Name}
	m := u.Message
	switch {
	case m == nil, m.From.IsBot, !strings.HasPrefix(u.Name, "message."), u.Name == "message.reaction.received":
		return got
	case m.Chat.Type == "GROUP":
		return got // nobody's data is told before others
	case !plainID.MatchString(m.Chat.ID), !plainID.MatchString(m.ID):
		return got
	}
	got.Incoming = bot.Incoming{
		Contact: bot.Contact{Channel: Channel, ID: m.Chat.ID}, Update: m.ID,
		Text: first(m.Text, m.Caption), At: time.UnixMilli(m.Date),
	}
	switch got.Media = first(m.Photo, m.PhotoURL, m.Voice, m.URL); {
	case m.Text != "":
	case m.Photo != "" || m.PhotoURL != "":
		got.Incoming.Media = &bot.Media{Kind: bot.MediaPhoto}
	case m.Voice != "":
		got.Incoming.Media = &bot.Media{Kind: bot.MediaVoice}
	default:
		got.Incoming.Media = &bot.Media{Kind: bot.MediaOther}
	}
	return got
}

func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}
