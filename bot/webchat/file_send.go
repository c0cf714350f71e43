package webchat

import (
	"errors"
	"io"
	"net/http"
	"time"

	"nghe/bot"
)

// What a person is told whose file is not taken.
const (
	phraseFileClosed = "file.closed" // nobody is there to look at it
	phraseFileType   = "file.type"
	phraseFileSize   = "file.size"
	phraseFileBusy   = "file.busy"
)

const (
	// uploadTime is for a whole file: 10 MB on a line of half a megabit.
	uploadTime = 3 * time.Minute
	// uploadsAtOnce bounds the memory of a process.
	uploadsAtOnce = 16
)

// filesPerPerson is for somebody who shows all pages of their papers.
var filesPerPerson = bucket{kind: "file", burst: 8, every: 10 * time.Second}

// sendFile takes a picture, a voice or a file for the human who has the talk in
// hand, or will have. It answers as sendMessage does; the same id again is the
// same file.
func (c *Chat) sendFile(w http.ResponseWriter, r *http.Request) {
	now := c.now()
	contact, known := c.identity.known(r)
	in := bot.Incoming{Contact: contact, Update: r.PathValue("id"), At: now}
	switch {
	case !known || c.look == nil:
		c.refuse(w, http.StatusForbidden, phraseFileClosed)
		return
	case !messageID.MatchString(in.Update) || r.Header.Get("Content-Type") != "application/octet-stream":
		c.refuse(w, http.StatusBadRequest, phraseFileType)
		return
	case !c.allow(r.Context(), filesPerPerson, contact.ID):
		c.refuse(w, http.StatusTooManyRequests, phraseFileBusy)
		return
	}
	loaded, err := c.turns.Sessions.Load(r.Context(), contact, in.Turn(), now)
	if err != nil {
		c.log.Warn("a file is put off", "contact", contact.String(), "error", err)
		c.refuse(w, http.StatusServiceUnavailable, phraseFileBusy)
		return
	}
	if !loaded.Seen && !inHand(loaded.Hold) {
		c.refuse(w, http.StatusConflict, phraseFileClosed)
		return
	}
	body, status := c.readFile(w, r)
	if status != http.StatusOK {
		phrase := phraseFileBusy
		if status == http.StatusRequestEntityTooLarge {
			phrase = phraseFileSize
		}
		c.refuse(w, status, phrase)
		return
	}
	f, kind, fit := c.look(r.URL.Query().Get("name"), body)
	if !fit {
		c.refuse(w, http.StatusUnsupportedMediaType, phraseFileType)
		return
	}
	in.Media, in.File = &bot.Media{Kind: kind, Ref: in.Update, Name: f.Name}, &f
	turn, err := c.turns.Handle(r.Context(), in)
	if err != nil {
		c.reply(w, http.StatusServiceUnavailable, answer{Bubbles: turn.Bubbles})
		return
	}
	c.reply(w, http.StatusOK, answer{Bubbles: turn.Bubbles})
}

// readFile reads a file, as slowly as a weak line brings it.
func (c *Chat) readFile(w http.ResponseWriter, r *http.Request) (body []byte, status int) {
	select {
	case c.uploads <- struct{}{}:
		defer func() { <-c.uploads }()
	default:
		return nil, http.StatusServiceUnavailable
	}
	rc, until := http.NewResponseController(w), time.Now().Add(uploadTime)
	if err := errors.Join(rc.SetReadDeadline(until), rc.SetWriteDeadline(until.Add(writeWithin))); err != nil {
		c.log.Debug("the time for a file is the server's", "error", err)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bot.MaxFile))
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return nil, http.StatusRequestEntityTooLarge
	case err != nil:
		return nil, http.StatusRequestTimeout
	}
	return body, http.StatusOK
}

// inHand says whether there is somebody to look at a file, now or soon.
func inHand(h bot.Hold) bool { return h.Kind == bot.HoldWaiting || h.Kind == bot.HoldClaimed }
