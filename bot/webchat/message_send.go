package webchat

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"regexp"

	"nghe/bot"
)

// message is what the page sends.
type message struct {
	// ID is made by the page: the same message sent again has the same, and
	// is answered with what was said before.
	ID   string `json:"id"`
	Text string `json:"text"`
	Tap  string `json:"tap"`
}

// answer is what it gets. With any status but 200 the message was not taken
// and the bubbles say why.
type answer struct {
	Bubbles []bot.Bubble `json:"bubbles"`
	Erased  bool         `json:"erased,omitempty"` // everything said before is gone
}

const maxBody = 16 << 10 // bytes; the longest text that is read takes 12 KB

var messageID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// sendMessage takes one message and answers with what is said to it.
func (c *Chat) sendMessage(w http.ResponseWriter, r *http.Request) {
	now := c.now()
	if !c.allowStranger(r) {
		c.refuse(w, http.StatusTooManyRequests, bot.PhraseBusy)
		return
	}
	m, status := readMessage(w, r)
	if status != http.StatusOK {
		c.refuse(w, status, bot.PhraseBig)
		return
	}
	contact := c.identity.give(w, r)
	if !c.allow(r.Context(), perPerson, contact.ID) {
		c.refuse(w, http.StatusTooManyRequests, bot.PhraseBusy)
		return
	}
	turn, err := c.turns.Handle(r.Context(), bot.Incoming{
		Contact: contact, Update: m.ID, Text: m.Text, Tap: m.Tap, At: now,
	})
	if err != nil {
		// Turns has logged it; the page offers to send again.
		c.reply(w, http.StatusServiceUnavailable, answer{Bubbles: turn.Bubbles})
		return
	}
	c.reply(w, http.StatusOK, answer{Bubbles: turn.Bubbles, Erased: turn.Erased})
}

func readMessage(w http.ResponseWriter, r *http.Request) (m message, status int) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return m, http.StatusUnsupportedMediaType
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return m, http.StatusRequestEntityTooLarge
	}
	if err != nil || json.Unmarshal(body, &m) != nil || !messageID.MatchString(m.ID) {
		return m, http.StatusBadRequest
	}
	return m, http.StatusOK
}

// refuse says kindly why a message was not taken.
func (c *Chat) refuse(w http.ResponseWriter, status int, phrase string) {
	c.reply(w, status, answer{Bubbles: []bot.Bubble{{
		From: bot.FromBot, Text: c.turns.Brain().Phrase(phrase, ""), At: c.now(),
	}}})
}

func (c *Chat) reply(w http.ResponseWriter, status int, a answer) {
	if a.Bubbles == nil {
		a.Bubbles = []bot.Bubble{} // a human has the talk: nothing is answered
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(a); err != nil {
		c.log.Debug("answer not delivered", "error", err) // it is kept: the page gets it as an event
	}
}
