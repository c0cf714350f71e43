package webchat

import (
	"bytes"
	"mime"
	"net/http"
	"strings"
	"time"
)

// showFile gives a picture or a file that somebody sent: to the browser whose talk
// it was sent into, and to no other. It may do nothing on this site: its own
// policy forbids that.
func (c *Chat) showFile(w http.ResponseWriter, r *http.Request) {
	contact, ok := c.identity.known(r)
	if !ok || c.files == nil {
		c.showMissing(w, r)
		return
	}
	f, err := c.files(r.Context(), contact, r.PathValue("name"))
	if err != nil {
		c.log.Error("a file can't be read", "contact", contact.String(), "error", err)
		http.Error(w, c.turns.Brain().Phrase("error.storage", ""), http.StatusServiceUnavailable)
		return
	}
	if f == nil {
		c.showMissing(w, r)
		return
	}
	how := "attachment"
	if strings.HasPrefix(f.Type, "image/") {
		how = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": f.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	h.Set("Cache-Control", "private, no-store")
	// A player asks for parts of it.
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.Body))
}
