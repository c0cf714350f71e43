package console

import (
	"bytes"
	"mime"
	"net/http"
	"strings"
	"time"
)

// showMedia gives what came with a message of a case and is no words. What a
// browser shows by itself it shows; everything else is a download. It may do
// nothing on this site: its own policy forbids that.
func (c *Console) showMedia(v *visit) error {
	f, err := c.Cases.FileOf(v.Context(), v.PathValue("id"), v.PathValue("message"), v.me(), c.Now())
	if err != nil {
		return missingCase(err)
	}
	if f == nil {
		return errMissing
	}
	how := "attachment"
	if strings.HasPrefix(f.Type, "image/") || strings.HasPrefix(f.Type, "audio/") || strings.HasPrefix(f.Type, "video/") {
		how = "inline"
	}
	h := v.w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": f.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-store")
	// A player asks for parts of it.
	http.ServeContent(v.w, v.Request, "", time.Time{}, bytes.NewReader(f.Body))
	return nil
}
