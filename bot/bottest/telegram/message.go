package faketelegram

import "encoding/json"

// User, Chat, Message and what they hold are written as the Bot API does.
type User struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name,omitempty"`
	Username  string `json:"username,omitempty"`
	Language  string `json:"language_code,omitempty"`
}

// Chat of a person has their id; groups have negative ids.
type Chat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"` // "private", "group", "supergroup"
	Title     string `json:"title,omitempty"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`
	Username  string `json:"username,omitempty"`
}

// Message is one in a chat, of whoever.
type Message struct {
	ID          int64           `json:"message_id"`
	From        *User           `json:"from,omitempty"`
	Date        int64           `json:"date"`
	Chat        Chat            `json:"chat"`
	EditDate    int64           `json:"edit_date,omitempty"`
	Album       string          `json:"media_group_id,omitempty"`
	ReplyTo     *Message        `json:"reply_to_message,omitempty"`
	Text        string          `json:"text,omitempty"`
	Entities    []Entity        `json:"entities,omitempty"`
	Preview     json.RawMessage `json:"link_preview_options,omitempty"`
	Caption     string          `json:"caption,omitempty"`
	Photo       []PhotoSize     `json:"photo,omitempty"`
	Voice       *Voice          `json:"voice,omitempty"`
	Sticker     *Sticker        `json:"sticker,omitempty"`
	Document    *Document       `json:"document,omitempty"`
	Contact     *Card           `json:"contact,omitempty"`
	Location    *Location       `json:"location,omitempty"`
	NewMembers  []User          `json:"new_chat_members,omitempty"`
	Left        *User           `json:"left_chat_member,omitempty"`
	MigrateTo   int64           `json:"migrate_to_chat_id,omitempty"`
	MigrateFrom int64           `json:"migrate_from_chat_id,omitempty"`
	Keyboard    *Keyboard       `json:"reply_markup,omitempty"`
	// Keys are its keyboard in the place of letters, which a message does not
	// tell of afterwards.
	Keys *Keys `json:"-"`
}

// FromBot says whether the bot wrote it.
func (m Message) FromBot() bool { return m.From != nil && m.From.ID == Bot.ID }

// Buttons are the labels of its inline keyboard.
func (m Message) Buttons() (labels []string) {
	if m.Keyboard == nil {
		return nil
	}
	for _, row := range m.Keyboard.Rows {
		for _, b := range row {
			labels = append(labels, b.Text)
		}
	}
	return labels
}

// Entity counts in UTF-16 units.
type Entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
}

// Keyboard is an inline keyboard.
type Keyboard struct {
	Rows [][]Button `json:"inline_keyboard"`
}

// Keys are a keyboard in the place of letters. It stays until another message
// has one, or takes it away.
type Keys struct {
	Rows [][]Key `json:"keyboard"`
}

// Key writes its label, or shares the number of who presses it.
type Key struct {
	Text    string `json:"text"`
	Contact bool   `json:"request_contact,omitempty"`
}

// Button of an inline keyboard.
type Button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// PhotoSize is one size of a picture.
type PhotoSize struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
}

// Voice is a spoken message; Duration is in seconds.
type Voice struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Duration int    `json:"duration"`
	MimeType string `json:"mime_type,omitempty"`
}

// Sticker is a picture instead of words.
type Sticker struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Type     string `json:"type"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	Animated bool   `json:"is_animated"`
	Video    bool   `json:"is_video"`
	Emoji    string `json:"emoji,omitempty"`
}

// Document is a file.
type Document struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Name     string `json:"file_name,omitempty"`
	MimeType string `json:"mime_type,omitempty"`
	Size     int    `json:"file_size,omitempty"`
}

// Card is a shared phone number; UserID is 0 when it is nobody on Telegram.
type Card struct {
	Phone     string `json:"phone_number"`
	FirstName string `json:"first_name"`
	UserID    int64  `json:"user_id,omitempty"`
}

// Location in degrees.
type Location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

type member struct {
	Status string `json:"status"`
	User   User   `json:"user"`
	Until  *int64 `json:"until_date,omitempty"`
}

type memberUpdate struct {
	Chat Chat   `json:"chat"`
	From User   `json:"from"`
	Date int64  `json:"date"`
	Old  member `json:"old_chat_member"`
	New  member `json:"new_chat_member"`
}

type callbackQuery struct {
	ID       string `json:"id"`
	From     User   `json:"from"`
	Message  any    `json:"message"`
	Instance string `json:"chat_instance"`
	Data     string `json:"data"`
}
