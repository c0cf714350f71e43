package webchat

import (
	"encoding/json"
	"net/http"
)

// downloadData gives the person everything that is kept about them.
func (c *Chat) downloadData(w http.ResponseWriter, r *http.Request) {
	contact, ok := c.identity.known(r)
	if !ok {
		c.showMissing(w, r)
		return
	}
	data, err := c.turns.Export(r.Context(), contact, c.now())
	if err != nil {
		c.log.Error("data can't be exported", "contact", contact.String(), "error", err)
		http.Error(w, c.turns.Brain().Phrase("error.storage", ""), http.StatusServiceUnavailable)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="nghe.json"`)
	h.Set("Cache-Control", "no-store")
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if err := enc.Encode(data); err != nil {
		c.log.Debug("data not delivered", "error", err)
	}
}
