package webchat

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"nghe/bot"
)

const (
	// heartbeat keeps the connection from being cut as idle, and finds
	// bubbles that another process kept.
	heartbeat   = 20 * time.Second
	writeWithin = 15 * time.Second // of a phone on a weak line; then the browser comes again
)

// held is what is kept at the beginning of a stream. A page that shows
// anything older drops it: it was erased or has lapsed, unless Full, when only
// the latest are kept.
type held struct {
	First int64 `json:"first"` // number of the oldest bubble; 0 = there is none
	Last  int64 `json:"last"`
	Full  bool  `json:"full"`
}

// streamEvents tells what is kept, sends every bubble after the last one that
// the page knows (after or Last-Event-ID; none = all that are kept), says that
// these were all, and then sends each as it is said.
func (c *Chat) streamEvents(w http.ResponseWriter, r *http.Request) {
	contact, ok := c.identity.known(r)
	if !ok {
		http.Error(w, "no cookie", http.StatusUnauthorized)
		return
	}
	after := lastKnown(r)
	hint, closed, ok := c.hub.open(contact)
	if !ok {
		http.Error(w, "too many pages", http.StatusTooManyRequests)
		return
	}
	defer closed()

	c.isOpen(r.Context(), contact)
	all, err := c.turns.Sessions.Bubbles(r.Context(), contact, 0, c.now())
	if err != nil {
		c.log.Warn("no events", "contact", contact.String(), "error", err)
		http.Error(w, "storage can't be reached", http.StatusServiceUnavailable)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	out := stream{w: w, rc: http.NewResponseController(w)}
	out.write("retry: 3000\n\n")

	kept := held{Full: len(all) >= bot.BubblesKept}
	if len(all) > 0 {
		kept.First, kept.Last = all[0].Seq, all[len(all)-1].Seq
	}
	if after > kept.Last {
		after = 0 // of a talk that is gone: numbers may have begun anew
	}
	out.event("kept", 0, kept)

	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	human := false
	for first := true; out.err == nil; first = false {
		bubbles, err := c.turns.Sessions.Bubbles(r.Context(), contact, after, c.now())
		if err != nil {
			c.log.Warn("events ended", "contact", contact.String(), "error", err)
			return
		}
		for _, b := range bubbles {
			out.event("bubble", b.Seq, b)
			after = b.Seq
		}
		was := human
		if human = c.takesFiles(r.Context(), contact, was); human != was {
			out.event("human", 0, human)
		}
		if first {
			out.event("shown", 0, after)
		} else if len(bubbles) == 0 && human == was {
			out.write(": \n\n")
		}
		out.flush()
		select {
		case <-hint:
		case <-beat.C:
			c.isOpen(r.Context(), contact)
		case <-r.Context().Done():
			return
		case <-c.closed.Done():
			return
		}
	}
}

// openTime is for those who are told that a page is open: they must not hold it
// up.
const openTime = 3 * time.Second

func (c *Chat) isOpen(ctx context.Context, contact bot.Contact) {
	if c.opened == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, openTime)
	defer cancel()
	c.opened(ctx, contact)
}

// takesFiles says whether somebody is there to look at a file; as it was, when
// that is not known.
func (c *Chat) takesFiles(ctx context.Context, contact bot.Contact, was bool) bool {
	if c.look == nil {
		return false
	}
	loaded, err := c.turns.Sessions.Load(ctx, contact, "", c.now())
	if err != nil {
		return was
	}
	return inHand(loaded.Hold)
}

// lastKnown gives the number of the last bubble that the page knows.
func lastKnown(r *http.Request) int64 {
	for _, text := range []string{r.Header.Get("Last-Event-ID"), r.FormValue("after")} {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil && n > 0 {
			return n
		}
	}
	return 0
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

// event writes one event; with a number browsers ask for what comes after it.
func (s *stream) event(name string, number int64, data any) {
	if s.err != nil {
		return
	}
	var text []byte
	if text, s.err = json.Marshal(data); s.err != nil {
		return
	}
	id := ""
	if number > 0 {
		id = fmt.Sprintf("id: %d\n", number)
	}
	s.write(fmt.Sprintf("%sevent: %s\ndata: %s\n\n", id, name, text))
}

func (s *stream) flush() {
	if s.err == nil {
		s.err = s.rc.Flush()
	}
}
