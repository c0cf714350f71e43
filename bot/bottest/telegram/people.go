package faketelegram

import (
	"fmt"
	"strconv"
	"strings"
)

// chat is a conversation with the bot.
type chat struct {
	Chat
	who         User // the person of a private chat
	started     bool // the person has written or pressed Start
	blocked     bool
	deactivated bool
	botStatus   string // in a group: "member", "left", "kicked"
	migratedTo  int64
	messages    []*Message
	lastID      int64
}

type query struct {
	id       string
	from     int64
	born     int64 // Unix seconds
	answered bool
	text     string // shown to the person
}

// Person is somebody with Telegram. Nobody hears of them until they write.
type Person struct {
	User
	s *Server
}

// Person makes somebody, or gives them again.
func (s *Server) Person(id int64, firstName string) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := User{ID: id, FirstName: firstName, Language: "vi"}
	if s.chats[id] == nil {
		s.chats[id] = &chat{Chat: Chat{ID: id, Type: "private", FirstName: firstName}, who: u, lastID: 40}
	}
	return &Person{u, s}
}

// Group makes a group chat that the bot is not in yet.
func (s *Server) Group(id int64, title string) Chat {
	if id >= 0 {
		panic("groups have negative ids")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &chat{Chat: Chat{ID: id, Type: "group", Title: title}, botStatus: "left"}
	s.chats[id] = c
	return c.Chat
}

// Messages gives what a chat shows now, oldest first.
func (s *Server) Messages(chatID int64) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Message
	if c := s.chats[chatID]; c != nil {
		for _, m := range c.messages {
			list = append(list, *m)
		}
	}
	return list
}

// Said gives the texts of the bot in a chat, as they read now.
func (s *Server) Said(chatID int64) []string {
	var texts []string
	for _, m := range s.Messages(chatID) {
		if m.FromBot() {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// add puts a message of a person into a chat and gives it to the bot.
func (s *Server) add(c *chat, m *Message) int64 {
	c.lastID++
	m.ID, m.Chat, m.Date = c.lastID, c.Chat, s.Clock.Now().Unix()
	c.messages = append(c.messages, m)
	if c.Type == "private" {
		c.started, c.blocked = true, false // one can't write to a bot that one blocks
	}
	s.give("message", "c"+strconv.FormatInt(c.ID, 10), queueLife, *m)
	return m.ID
}

func (p *Person) send(m *Message) int64 {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	m.From = &p.User
	return p.s.add(p.s.chats[p.ID], m)
}

// Says sends a text and gives the message's id.
func (p *Person) Says(text string) int64 {
	m := &Message{Text: text}
	if command, _, _ := strings.Cut(text, " "); strings.HasPrefix(text, "/") {
		m.Entities = []Entity{{Type: "bot_command", Length: units(command)}}
	}
	return p.send(m)
}

// Starts presses Start, by a link with a payload if there is one.
func (p *Person) Starts(payload string) int64 {
	return p.Says(strings.TrimSpace("/start " + payload))
}

// Speaks sends a spoken message.
func (p *Person) Speaks() int64 {
	return p.send(&Message{Voice: &Voice{FileID: p.file("voice", Spoken), UniqueID: "u1", Duration: 3, MimeType: "audio/ogg"}})
}

// SendsFile sends a file.
func (p *Person) SendsFile(name, caption string, body []byte) int64 {
	return p.send(&Message{Caption: caption, Document: &Document{FileID: p.file(name, body), UniqueID: "d1", Name: name, Size: len(body)}})
}

// Shows sends a picture; several with the same album were sent as one.
func (p *Person) Shows(caption, album string) int64 {
	return p.send(&Message{Caption: caption, Album: album, Photo: []PhotoSize{
		{FileID: p.file("small", Picture), UniqueID: "s1", Width: 90, Height: 60},
		{FileID: p.file("large", Picture), UniqueID: "l1", Width: 900, Height: 600},
	}})
}

// Sticks sends a sticker.
func (p *Person) Sticks() int64 {
	return p.send(&Message{Sticker: &Sticker{FileID: p.file("sticker", []byte("RIFF\x10\x00\x00\x00WEBPVP8 ")), UniqueID: "k1", Type: "regular", Width: 512, Height: 512, Emoji: "👍"}})
}

// SharesNumber shares the person's own number.
func (p *Person) SharesNumber(phone string) int64 {
	return p.send(&Message{Contact: &Card{Phone: phone, FirstName: p.FirstName, UserID: p.ID}})
}

// Keys are the labels of the keyboard that stands in the place of letters.
func (s *Server) Keys(chatID int64) (labels []string) {
	for _, k := range s.keys(chatID) {
		labels = append(labels, k.Text)
	}
	return labels
}

func (s *Server) keys(chatID int64) (keys []Key) {
	messages := s.Messages(chatID)
	for i := len(messages) - 1; i >= 0; i-- {
		if messages[i].Keys == nil {
			continue
		}
		for _, row := range messages[i].Keys.Rows {
			keys = append(keys, row...)
		}
		break
	}
	return keys
}

// PressesKey presses a key of that keyboard: it writes its label, or shares
// the person's own number, which is phone. False: there is no such key.
func (p *Person) PressesKey(label, phone string) bool {
	for _, k := range p.s.keys(p.ID) {
		if k.Text == label {
			if k.Contact {
				p.SharesNumber(phone)
			} else {
				p.Says(label)
			}
			return true
		}
	}
	return false
}

// PassesOn shares the number of somebody else.
func (p *Person) PassesOn(phone, name string, id int64) int64 {
	return p.send(&Message{Contact: &Card{Phone: phone, FirstName: name, UserID: id}})
}

// SharesPlace shares a location.
func (p *Person) SharesPlace(latitude, longitude float64) int64 {
	return p.send(&Message{Location: &Location{latitude, longitude}})
}

// file has something be there to be got, and gives its file_id.
func (p *Person) file(kind string, body []byte) string {
	id := fmt.Sprintf("AgAC%s-%d", kind, p.ID)
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.s.files[id] = file{body: body}
	return id
}

// SaysIn writes in a group.
func (p *Person) SaysIn(group int64, text string) int64 {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	m := &Message{Text: text, From: &p.User}
	if strings.HasPrefix(text, "/") {
		m.Entities = []Entity{{Type: "bot_command", Length: units(text)}}
	}
	c := p.s.chats[group]
	if c.botStatus != "member" {
		panic("the bot is not in the group")
	}
	return p.s.add(c, m)
}

// Edits changes what they wrote.
func (p *Person) Edits(id int64, text string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	m := p.s.chats[p.ID].message(id)
	if m == nil || m.FromBot() {
		panic(fmt.Sprintf("%d is no message of theirs", id))
	}
	m.Text, m.EditDate = text, p.s.Clock.Now().Unix()
	p.s.give("edited_message", "c"+strconv.FormatInt(p.ID, 10), queueLife, *m)
}

// Taps presses a button of the newest message that has one of this label, and
// gives the query's id; "" when there is none.
func (p *Person) Taps(label string) string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	c := p.s.chats[p.ID]
	for i := len(c.messages) - 1; i >= 0; i-- {
		m := c.messages[i]
		if m.Keyboard == nil {
			continue
		}
		for _, row := range m.Keyboard.Rows {
			for _, b := range row {
				if b.Text == label && b.Data != "" {
					return p.s.press(p.User, *m, b.Data)
				}
			}
		}
	}
	return ""
}

// Presses sends the data of a button of a message that may be gone or too old
// to be shown to the bot.
func (p *Person) Presses(message int64, data string) string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	c := p.s.chats[p.ID]
	if m := c.message(message); m != nil {
		return p.s.press(p.User, *m, data)
	}
	return p.s.press(p.User, struct {
		Chat Chat  `json:"chat"`
		ID   int64 `json:"message_id"`
		Date int64 `json:"date"`
	}{c.Chat, message, 0}, data)
}

func (s *Server) press(from User, message any, data string) string {
	now := s.Clock.Now()
	q := &query{id: strconv.FormatInt(2383729911032281+int64(len(s.queries)), 10), from: from.ID, born: now.Unix()}
	s.queries[q.id] = q
	s.give("callback_query", "q"+strconv.FormatInt(from.ID, 10), queryLife, callbackQuery{
		ID: q.id, From: from, Message: message, Instance: "-6171522038112233", Data: data,
	})
	return q.id
}

// Answered says whether the bot answered a query, and with what.
func (s *Server) Answered(queryID string) (text string, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queries[queryID]
	return q.text, q.answered
}

// Blocks makes the bot unable to write to them.
func (p *Person) Blocks() { p.block(true) }

// Unblocks lets it write again.
func (p *Person) Unblocks() { p.block(false) }

func (p *Person) block(blocked bool) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	c := p.s.chats[p.ID]
	c.blocked, c.started = blocked, true
	old, now := member{Status: "member", User: Bot}, member{Status: "kicked", User: Bot, Until: new(int64)}
	if !blocked {
		old, now = now, old
	}
	p.s.give("my_chat_member", "c"+strconv.FormatInt(p.ID, 10), queueLife, memberUpdate{
		Chat: c.Chat, From: p.User, Date: p.s.Clock.Now().Unix(), Old: old, New: now,
	})
}

// Leaves deletes their account.
func (p *Person) Leaves() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.s.chats[p.ID].deactivated = true
}

// Invites puts the bot into a group.
func (p *Person) Invites(group int64) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	c := p.s.chats[group]
	c.botStatus = "member"
	p.s.give("my_chat_member", "c"+strconv.FormatInt(group, 10), queueLife, memberUpdate{
		Chat: c.Chat, From: p.User, Date: p.s.Clock.Now().Unix(), Old: member{Status: "left", User: Bot}, New: member{Status: "member", User: Bot},
	})
	p.s.add(c, &Message{From: &p.User, NewMembers: []User{Bot}})
}

// InGroup says whether the bot is in a group.
func (s *Server) InGroup(group int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.chats[group].botStatus == "member"
}

// Upgrade makes a supergroup of a group: it has another id from now on.
func (p *Person) Upgrade(group int64) (newID int64) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	c := p.s.chats[group]
	newID = -1000000000000 + group
	super := &chat{Chat: Chat{ID: newID, Type: "supergroup", Title: c.Title}, botStatus: c.botStatus}
	p.s.chats[newID] = super
	p.s.add(c, &Message{From: &p.User, MigrateTo: newID})
	c.migratedTo = newID
	p.s.add(super, &Message{From: &p.User, MigrateFrom: group})
	return newID
}

func (c *chat) message(id int64) *Message {
	for _, m := range c.messages {
		if m.ID == id {
			return m
		}
	}
	return nil
}
