package telegram

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"
)

// SecretHeader is where Telegram shows the secret.
const SecretHeader = "X-Telegram-Bot-Api-Secret-Token"

const (
	bodyMost   = 1 << 20         // bytes of an update; real ones have some thousands
	retryAfter = 2 * time.Second // for an update that could not be taken
)

// Webhook takes updates by POST. It answers 200 once what was asked for is
// committed; Telegram then sends the chat's next one. What nobody can use is
// answered 200 too: refused, it would hold up its chat for a day.
func (c *Channel) Webhook() http.Handler {
	if c.Secret == "" {
		panic("telegram: a webhook needs a secret")
	}
	secret := sha256.Sum256([]byte(c.Secret))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shown := sha256.Sum256([]byte(r.Header.Get(SecretHeader)))
		if subtle.ConstantTimeCompare(secret[:], shown[:]) != 1 {
			c.wrongSecret(r)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if r.Method != http.MethodPost {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyMost))
		var tooBig *http.MaxBytesError
		switch {
		case errors.As(err, &tooBig):
			c.Log.Error("update passed over: it is larger than any can be", "bytes", r.ContentLength)
			w.WriteHeader(http.StatusOK)
			return
		case err != nil: // broken off: it comes again
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		h, err := decode(body, c.Now())
		if err != nil {
			c.Log.Error("update passed over", "update", h.id, "error", err)
			w.WriteHeader(http.StatusOK)
			return
		}
		if err := c.take(r.Context(), h); err != nil {
			c.Log.Warn("update has to come again", "update", h.id, "error", err)
			w.Header().Set("Retry-After", strconv.Itoa(int(retryAfter.Seconds())))
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusOK)
	})
}

// wrongSecret has the registration looked at: Telegram may still know an
// older secret. A stranger brings about one look a minute at most.
func (c *Channel) wrongSecret(r *http.Request) {
	c.Log.Warn("update with a wrong secret refused", "from", r.RemoteAddr)
	select {
	case c.recheck <- struct{}{}:
	default:
	}
}
