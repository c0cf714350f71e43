package zalo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"nghe/bot"
	"nghe/dialog"
)

// Event is one thing that happened, as far as it concerns us. Its Kind says
// which fields are set.
type Event struct {
	Kind    Kind
	Name    string // Zalo's own
	Contact bot.Contact
	At      time.Time // by Zalo's clock
	// Key is the same when the event is delivered again.
	Key string

	Text, Tap string  // Said
	Media     []Media // Said, in the place of words or beside them
	// Shared is set for Said by the form for contact details, in the place of
	// words.
	Shared *dialog.Shared
	// MessageID is the message that Echoed and HumanWrote are about, Text what
	// it says; MessageIDs are those of Read.
	MessageID  string
	MessageIDs []string
}

// Kind is what an event is to us.
type Kind string

const (
	Ignored    Kind = ""            // to be answered with 200 and forgotten
	Said       Kind = "said"        // a person wrote, tapped or sent something
	Followed   Kind = "followed"    // they can be written to; or opened the chat
	Unfollowed Kind = "unfollowed"  //
	Echoed     Kind = "echoed"      // the account sent a message: it has arrived
	HumanWrote Kind = "human_wrote" // somebody of the office sent it, in Zalo's own app
	Read       Kind = "read"        // a phone got, or a person saw, messages of the account
	Withdrawn  Kind = "withdrawn"   // a person wants everything about them deleted
)

// Media is something that is no words, by reference: Zalo keeps it. It is kept
// at most MediaLife.
type Media struct {
	Kind string `json:"kind"` // "image", "gif", "link", "audio", "video", "sticker", "location", "file"
	Ref  string `json:"ref"`  // its address; "latitude,longitude" of a location
	Name string `json:"name,omitempty"`
}

// MediaLife is how long a reference to media is kept.
const MediaLife = 7 * 24 * time.Hour

// word is a string that some senders write as a number.
type word string

func (w *word) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*w = word(s)
		return nil
	}
	var n json.Number
	if err := json.Unmarshal(b, &n); err != nil {
		return fmt.Errorf("neither text nor number: %.20s", b)
	}
	*w = word(n.String())
	return nil
}

// envelope is every event.
type envelope struct {
	Name      string `json:"event_name"`
	AppID     word   `json:"app_id"`
	Timestamp word   `json:"timestamp"` // milliseconds
	OAID      word   `json:"oa_id"`
	UserID    word   `json:"user_id"`
	Sender    struct {
		ID      word `json:"id"`
		AdminID word `json:"admin_id"`
	} `json:"sender"`
	Recipient struct {
		ID word `json:"id"`
	} `json:"recipient"`
	Follower struct {
		ID word `json:"id"`
	} `json:"follower"`
	Message struct {
		ID           word   `json:"msg_id"`
		IDs          []word `json:"msg_ids"`
		Text         string `json:"text"`
		Conversation word   `json:"conversation_id"`
		Attachments  []struct {
			Type    string          `json:"type"`
			Payload json.RawMessage `json:"payload"`
		} `json:"attachments"`
	} `json:"message"`
	Info json.RawMessage `json:"info"`
}

// account gives the id of the official account, wherever the event has it.
func (e envelope) account() string {
	switch {
	case e.OAID != "":
		return string(e.OAID)
	case strings.HasPrefix(e.Name, "oa_"):
		return string(e.Sender.ID)
	}
	return string(e.Recipient.ID)
}

func (e envelope) at() (time.Time, bool) {
	ms, err := strconv.ParseInt(string(e.Timestamp), 10, 64)
	return time.UnixMilli(ms), err == nil && ms > 0
}

// plainID is what ids look like. Whatever else comes can't be written to.
var plainID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// Decode makes an Event of the body of a webhook. Taps are those that the key
// made (taps). Events that are not known, or lack what they need, are Ignored;
// the error is for what is no event at all.
func (t taps) Decode(body []byte) (Event, error) {
	e, err := open(body)
	if err != nil {
		return Event{}, err
	}
	return t.event(e), nil
}

func open(body []byte) (envelope, error) {
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil {
		return e, fmt.Errorf("body is no event: %w", err)
	}
	return e, nil
}

func (t taps) event(e envelope) Event {
	ev := Event{Name: e.Name}
	ev.At, _ = e.at()
	person := e.Sender.ID
	switch name := e.Name; {
	case name == "user_send_text":
		ev.Kind = Said
		ev.Text, ev.Tap = t.read(e.Message.Text)
	case name == "user_submit_info":
		ev.Kind = Said
		ev.Shared = readInfo(e.Info)
	case strings.HasPrefix(name, "user_send_"):
		ev.Kind, ev.Text = Said, e.Message.Text
		ev.attach(e)
	case strings.HasPrefix(name, "anonymous_send_"):
		ev.Kind, ev.Text = Said, e.Message.Text
		ev.attach(e)
		person = anonymous(e.Sender.ID, e.Message.Conversation)
	case name == "follow", name == "unfollow":
		ev.Kind = Followed
		if name == "unfollow" {
			ev.Kind = Unfollowed
		}
		person = e.Follower.ID
	case name == "user_click_chatnow":
		ev.Kind = Followed
		person = e.UserID
	case strings.HasPrefix(name, "oa_send_") && name != "oa_send_consent" && !strings.Contains(name, "_group_"):
		ev.Kind, person = Echoed, e.Recipient.ID
		if e.Sender.AdminID != "" {
			ev.Kind = HumanWrote
		}
		ev.MessageID, ev.Text = string(e.Message.ID), e.Message.Text
		ev.attach(e)
	case name == "user_received_message", name == "user_seen_message":
		// One guide has sender and recipient the other way round.
		ev.Kind = Read
		for _, id := range append(e.Message.IDs, e.Message.ID) {
			if id != "" {
				ev.MessageIDs = append(ev.MessageIDs, string(id))
			}
		}
	case name == "user_withdraw":
		ev.Kind = Withdrawn
		person = first(e.Sender.ID, e.UserID)
	}
	if strings.Contains(e.Name, "_group_") {
		ev.Kind = Ignored
	}
	if ev.Kind != Ignored && !plainID.MatchString(strings.ReplaceAll(string(person), ".", "")) {
		ev.Kind = Ignored
	}
	ev.Contact = bot.Contact{Channel: Channel, ID: string(person)}
	ev.Key = e.key(person)
	return ev
}

// key is event and message, or event, time and person for those without one.
func (e envelope) key(person word) string {
	key := e.Name + ":" + string(e.Message.ID)
	if e.Message.ID == "" {
		key = e.Name + ":" + string(e.Timestamp) + ":" + string(person)
	}
	if len(key) > 200 {
		sum := sha256.Sum256([]byte(key))
		return hex.EncodeToString(sum[:])
	}
	return key
}

func first(ids ...word) word {
	for _, id := range ids {
		if id != "" {
			return id
		}
	}
	return ""
}

// anonymous is how somebody without a Zalo account is named: they are written
// to by two ids.
func anonymous(id, conversation word) word {
	if !plainID.MatchString(string(id)) || !plainID.MatchString(string(conversation)) {
		return ""
	}
	return anonymousPrefix + id + "." + conversation
}

const anonymousPrefix = "anonymous."

// attach notes what is attached: as media, or as a phone number when it is
// somebody's card.
func (ev *Event) attach(e envelope) {
	for _, a := range e.Message.Attachments {
		var p struct {
			URL         string `json:"url"`
			Name        string `json:"name"`
			Description string `json:"description"`
			Coordinates struct {
				Latitude  word `json:"latitude"`
				Longitude word `json:"longitude"`
			} `json:"coordinates"`
		}
		if err := json.Unmarshal(a.Payload, &p); err != nil {
			continue
		}
		m := Media{Kind: a.Type, Ref: p.URL, Name: p.Name}
		switch {
		case e.Name == "user_send_business_card":
			var card struct {
				Phone word `json:"phone"`
			}
			if json.Unmarshal([]byte(p.Description), &card) == nil && ev.Text == "" {
				ev.Text = national(string(card.Phone))
			}
			continue
		case a.Type == "location":
			m.Ref = string(p.Coordinates.Latitude + "," + p.Coordinates.Longitude)
		}
		if m.Ref != "" && len(m.Ref) <= 2048 && len(ev.Media) < 20 {
			ev.Media = append(ev.Media, m)
		}
	}
}

// Shown is what was sent in the place of words, as the turns know it; nil for
// words. Where it is stands only in what Persons keep, by the key of the event.
func (ev Event) Shown() *bot.Media {
	kind := bot.MediaOther
	switch {
	case ev.Name == "user_send_business_card" && ev.Text == "": // without a number
		kind = bot.MediaCard
	case len(ev.Media) == 0:
		return nil
	default:
		switch ev.Media[0].Kind {
		case "image":
			kind = bot.MediaPhoto
		case "audio":
			kind = bot.MediaVoice
		case "location":
			kind = bot.MediaLocation
		}
	}
	m := &bot.Media{Kind: kind}
	if len(ev.Media) > 0 && slices.Contains([]string{"image", "gif", "audio", "video", "file"}, ev.Media[0].Kind) {
		m.Ref, m.Name = ev.Key, ev.Media[0].Name
	}
	return m
}

// readInfo reads both shapes: the newer one has the address apart. Day of birth
// and whatever else a form brings nobody asked for.
func readInfo(raw json.RawMessage) *dialog.Shared {
	var i struct {
		Name, Phone, Address, Ward word
		Full                       struct {
			Ward    word `json:"user_ward"`
			Address word `json:"user_address"`
		} `json:"full_address"`
	}
	if json.Unmarshal(raw, &i) != nil {
		return &dialog.Shared{}
	}
	return &dialog.Shared{
		Name: string(i.Name), Phone: national(string(i.Phone)), Address: string(first(i.Full.Address, i.Address)),
		Ward: string(first(i.Full.Ward, i.Ward)),
	}
}

// national writes a phone number as people here do.
func national(phone string) string {
	if rest, ok := strings.CutPrefix(strings.TrimPrefix(phone, "+"), "84"); ok && len(rest) >= 9 {
		return "0" + rest
	}
	return phone
}
