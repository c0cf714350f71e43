package console

import (
	"encoding/json"
	"net/http"
	"time"
)

const (
	// newsBeat keeps the connection from being cut as idle, and finds out that
	// somebody was signed out or may no longer.
	newsBeat = 20 * time.Second
	// seenBeats is after how many of them it is noted that a page is open: several
	// times within handoff.PagesClosed.
	seenBeats   = 4
	writeWithin = 15 * time.Second // of a browser on a weak line; then it comes again
)

// streamCases tells a page what happens with the cases that its member may see,
// as server events: “fresh” means look at everything once, “case” is CaseNews.
func (c *Console) streamCases(v *visit) error {
	r, closed := c.news.open(v.me().Login)
	if r == nil {
		http.Error(v.w, "Nhiều trang đang mở quá: anh/chị đóng bớt.", http.StatusTooManyRequests)
		return nil
	}
	defer closed()
	h := v.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // nginx would hold events back
	out := events{w: v.w, rc: http.NewResponseController(v.w)}
	out.write("retry: 3000\nevent: fresh\ndata: {}\n\n")
	out.flush()
	c.seen(v)
	beat := time.NewTicker(newsBeat)
	defer beat.Stop()
	beats := 0
	for out.err == nil {
		select {
		case n, open := <-r.news:
			if !open {
				return nil
			}
			if r.missed() {
				out.write("event: fresh\ndata: {}\n\n")
			}
			if told, may := newsFor(v.me(), n); may {
				out.event("case", told)
			}
		case <-beat.C:
			if !c.stillIn(v) {
				out.write("event: ended\ndata: {}\n\n")
				out.flush()
				return nil
			}
			if beats++; beats%seenBeats == 0 {
				c.seen(v)
			}
			out.write(": \n\n")
		case <-v.Context().Done():
			return nil
		}
		out.flush()
	}
	return nil
}

// seen notes that a page is open: who works from pages is on duty that long.
func (c *Console) seen(v *visit) {
	if err := c.Cases.SeenOn(v.Context(), v.me(), c.Now()); err != nil && v.Context().Err() == nil {
		c.Log.Warn("not noted that a page is open", "login", v.me().Login, "error", err)
	}
}

// stillIn says whether the session of a stream goes on; what the member may is
// taken anew. An open page by itself is no sign of life: the session is not made
// to last longer.
func (c *Console) stillIn(v *visit) bool {
	s, err := c.Desk.Records.Session(v.Context(), v.session.Hash, c.Now())
	if err != nil {
		return v.Context().Err() == nil // the next beat asks again
	}
	if s == nil || s.Member.Off {
		return false
	}
	v.session = s
	return true
}

// events writes server events with a time limit for each write, whatever the
// server's own limit for an answer is. After a failure it does nothing more.
type events struct {
	w   http.ResponseWriter
	rc  *http.ResponseController
	err error
}

func (e *events) write(text string) {
	if e.err == nil {
		e.err = e.rc.SetWriteDeadline(time.Now().Add(writeWithin))
	}
	if e.err == nil {
		_, e.err = e.w.Write([]byte(text))
	}
}

func (e *events) event(name string, data any) {
	if e.err != nil {
		return
	}
	text, err := json.Marshal(data)
	if e.err = err; err == nil {
		e.write("event: " + name + "\ndata: " + string(text) + "\n\n")
	}
}

func (e *events) flush() {
	if e.err == nil {
		e.err = e.rc.Flush()
	}
}
