package zalobot

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"nghe/bot"
)

// Accepter keeps a message and has it answered: bot.Receiver.
type Accepter interface {
	Accept(ctx context.Context, in bot.Incoming) error
}

// Webhook answers POST /zalobot.
type Webhook struct {
	Secret string // as in Settings
	Accept Accepter
	Now    func() time.Time
	Log    *slog.Logger
}

const (
	maxUpdate = 256 << 10 // bytes
	// within is for keeping a message. Nothing is known of the platform's
	// patience; the other Zalo has 2 seconds.
	within = 1800 * time.Millisecond
)

func (h *Webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if !same(r.Header.Get("X-Bot-Api-Secret-Token"), h.Secret) {
		h.Log.Warn("update without our secret: refused")
		w.WriteHeader(http.StatusForbidden)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	updates, bad := Decode(body)
	if err != nil || bad != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), within)
	defer cancel()
	for _, u := range updates {
		if err := accept(ctx, h.Accept, u, h.Now(), h.Log); err != nil {
			h.Log.Error("update not taken", "error", err)
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
	}
	w.WriteHeader(http.StatusOK)
}

// same compares in a time that tells nothing of where they differ. Nothing is
// the same as an empty secret.
func same(given, secret string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && secret != ""
}

// accept hands on what is to be answered.
func accept(ctx context.Context, to Accepter, u Update, now time.Time, log *slog.Logger) error {
	if u.Incoming.Contact.ID == "" {
		name := u.Name
		if len(name) > 60 {
			name = name[:60]
		}
		log.Debug("update is not answered", "event", name)
		return nil
	}
	u.Incoming.At = at(u.Incoming.At, now)
	return to.Accept(ctx, u.Incoming)
}

// Register tells the platform where the webhook is, if it is not told already.
// The platform gives no secret back: a changed one is set by forced.
func (b *Bot) Register(ctx context.Context, address string, forced bool) error {
	set, err := b.registered(ctx)
	if err != nil {
		return err
	}
	if set == address && !forced {
		return nil
	}
	if len(b.secret) < 8 || len(b.secret) > 256 {
		return errors.New("ZALO_BOT_SECRET must have 8 to 256 characters")
	}
	if err := b.client.call(ctx, "setWebhook", map[string]any{"url": address, "secret_token": b.secret}, nil); err != nil {
		return fmt.Errorf("register the webhook: %w", err)
	}
	b.log.Info("webhook registered")
	return nil
}

// registered gives the address that is set; "" = none.
func (b *Bot) registered(ctx context.Context) (string, error) {
	var info struct{ URL string }
	err := b.client.call(ctx, "getWebhookInfo", struct{}{}, &info)
	if err != nil && code(err) != http.StatusNotFound { // 404 = none
		return "", fmt.Errorf("look where the webhook is: %w", err)
	}
	return info.URL, nil
}
