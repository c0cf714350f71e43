package webchat

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

const (
	// heartbeat keeps the connection from being cut as idle, and finds
	// bubbles that another process kept.
	heartbeat   = 20 * time.Second
	writeWithin = 15 * time.Second // of a phone on a weak line; then the browser comes again
)

// streamEvents sends every bubble after the last one that the page knows
// (Last-Event-ID; none = all that are kept), and then each as it is said.
func (c *Chat) streamEvents(w http.ResponseWriter, r *http.Request) {
	contact, ok := c.identity.known(r)
	if !ok {
		http.Error(w, "no cookie", http.StatusUnauthorized)
		return
	}
	after, err := strconv.ParseInt(r.Header.Get("Last-Event-ID"), 10, 64)
	if err != nil || after < 0 {
		after = 0
	}
	hint, closed, ok := c.hub.open(contact)
	if !ok {
		http.Error(w, "too many pages", http.StatusTooManyRequests)
		return
	}
	defer closed()

	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	out := stream{w: w, rc: http.NewResponseController(w)}
	out.write("retry: 3000\n\n")

	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for out.err == nil {
		bubbles, err := c.turns.Sessions.Bubbles(r.Context(), contact, after, c.now())
		if err != nil {
			c.log.Warn("events ended", "contact", contact.String(), "error", err)
			return
		}
		for _, b := range bubbles {
			data, err := json.Marshal(b)
			if err != nil {
				c.log.Error("bubble can't be sent", "contact", contact.String(), "error", err)
				return
			}
			out.write(fmt.Sprintf("id: %d\nevent: bubble\ndata: %s\n\n", b.Seq, data))
			after = b.Seq
		}
		if len(bubbles) == 0 {
			out.write(": \n\n")
		}
		out.flush()
		select {
		case <-hint:
		case <-beat.C:
		case <-r.Context().Done():
			return
		case <-c.closed.Done():
			return
		}
	}
}

// stream writes with a time limit for each write, whatever the server's own
// limit for an answer is. After a failure it does nothing more.
type stream struct {
	w   http.ResponseWriter
	rc  *http.ResponseController
	err error
}

func (s *stream) write(text string) {
	if s.err == nil {
		s.err = s.rc.SetWriteDeadline(time.Now().Add(writeWithin))
	}
	if s.err == nil {
		_, s.err = s.w.Write([]byte(text))
	}
}

func (s *stream) flush() {
	if s.err == nil {
		s.err = s.rc.Flush()
	}
}
