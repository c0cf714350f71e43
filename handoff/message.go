package handoff

import (
	"time"

	"nghe/bot"
)

// From says whose a message of a case is.
type From string

// Who speaks in a case. Note is for colleagues; System tells what happened, and
// what of it has a state is told to the person too.
const (
	FromPerson     From = "person"
	FromBot        From = "bot"
	FromCounsellor From = "counsellor"
	FromNote       From = "note"
	FromSystem     From = "system"
)

// MessageState is what became of something that goes to the person.
type MessageState string

// The states of messages. What came from the person, and notes, have none.
const (
	Queued   MessageState = "queued"   // not known to have gone
	Sent     MessageState = "sent"     // the platform took it, or the page has it
	Failed   MessageState = "failed"   // it will not go: Why
	Doubtful MessageState = "doubtful" // it may have arrived
)

// Twice is why a message that was sent is still worth a look: it was in doubt
// before, so that it may have arrived a second time.
const Twice = "twice"

// Message is something said or noted with a case.
type Message struct {
	ID    string     `json:"id"` // a ULID
	Case  string     `json:"case"`
	N     int        `json:"n"`   // counts per case, from 1
	Key   string     `json:"key"` // the same again is the same message
	From  From       `json:"from"`
	By    string     `json:"by,omitempty"`   // login of staff
	Name  string     `json:"name,omitempty"` // how the person is told of them
	Text  string     `json:"text"`
	Lead  string     `json:"lead,omitempty"` // what the person is told with it, before it
	Media *bot.Media `json:"media,omitempty"`
	// Via is the channel that Media was sent by; "" = that of the person. File is
	// what became of it, nil as long as it was not got (media.go).
	Via     string       `json:"via,omitempty"`
	File    *File        `json:"-"`
	Body    []byte       `json:"-"` // of File, to be kept with the message; never read back
	Sources []string     `json:"sources,omitempty"`
	Options []string     `json:"options,omitempty"` // labels of buttons that the bot showed
	State   MessageState `json:"state,omitempty"`
	Why     string       `json:"why,omitempty"` // of Failed and Doubtful; of Sent only Twice
	// Closing says that with it the bot comes back: rating, open question.
	Closing bool      `json:"closing,omitempty"`
	At      time.Time `json:"at"`
	// Ends is when it is forgotten; zero: with its case.
	Ends time.Time `json:"ends,omitzero"`
}

// Toward says whether a message goes to the person.
func (m *Message) Toward() bool { return m.State != "" }

// filed makes messages of what was said in a turn.
func filed(turn string, said []bot.Bubble) []Message {
	var list []Message
	for i, b := range said {
		m := Message{Key: fileKey(turn, i), Text: b.Text, Media: b.Media, Sources: b.Sources, At: b.At, Ends: b.Until}
		switch b.From {
		case bot.FromPerson:
			m.From = FromPerson
		case bot.FromBot:
			m.From = FromBot
			for _, o := range b.Options {
				if !o.Hidden {
					m.Options = append(m.Options, o.Label)
				}
			}
		default:
			continue // a counsellor's words are kept where they are said
		}
		list = append(list, m)
	}
	return list
}

// MergedKey is the key of a message of a case that was merged into another.
func MergedKey(from, key string) string { return from + " " + key }

// MediaName says what something is that is no words.
func MediaName(m *bot.Media) string {
	switch m.Kind {
	case bot.MediaVoice:
		return "ghi âm"
	case bot.MediaPhoto:
		return "ảnh"
	case bot.MediaLocation:
		return "vị trí"
	case bot.MediaCard:
		return "danh thiếp"
	}
	return "tệp"
}
