package zalo

import (
	"bytes"
	"context"
	"errors"
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

// Settler hears that a message of the account has arrived, by its id and its
// words (white space may differ): a send in doubt is done.
type Settler interface {
	Settle(ctx context.Context, to bot.Contact, messageID, text string, at time.Time) error
}

// Humans hears what somebody of the office writes to a person in Zalo's own app,
// and keeps the bot silent there. It may hear the same again, by its key.
type Humans interface {
	Wrote(ctx context.Context, ev Event) error
}

// Persons are told what concerns a person rather than a talk. All of it may be
// told again.
type Persons interface {
	// Withdrawn: they want everything about them deleted.
	Withdrawn(ctx context.Context, c bot.Contact, at time.Time) error
	// Reachable: they follow the account, or don't any more.
	Reachable(ctx context.Context, c bot.Contact, yes bool, at time.Time) error
	// Sent: media of a message, to be kept for MediaLife at most.
	Sent(ctx context.Context, c bot.Contact, update string, media []Media, at time.Time) error
}

// Webhook answers POST /zalo.
type Webhook struct {
	AppID string
	// OASecret is the secret key on the app's Webhook page. AppSecret is only
	// there to tell when they were mistaken for each other.
	OASecret, AppSecret string
	Account             *Account // knows the taps of its buttons
	Accept              Accepter
	Persons             Persons
	Settle              Settler // may be nil
	Humans              Humans  // may be nil: then the bot always answers
	Now                 func() time.Time
	Log                 *slog.Logger
	// Observe is for the first days: an event whose signature does not fit is
	// answered with 200 and logged, so that Zalo does not stop sending while
	// the operator looks for the mistake. It is not worked on.
	Observe bool
}

const (
	maxEvent = 256 << 10 // bytes
	// within is for all that is done before the 200, of the 2 seconds.
	within = 1800 * time.Millisecond
	// A retry comes up to 1 h 51 min after the event, with its time.
	oldest = 3 * time.Hour
	// newest is how far Zalo's clock may be before ours.
	newest = 10 * time.Minute
)

func (h *Webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodPost:
	case http.MethodGet, http.MethodHead: // somebody looks whether we are there
		w.WriteHeader(http.StatusOK)
		return
	default:
		w.Header().Set("Allow", "GET, POST")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxEvent))
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), within)
	defer cancel()
	w.WriteHeader(h.event(ctx, r.Header, body))
}

// event takes one event and gives the status to answer with.
func (h *Webhook) event(ctx context.Context, header http.Header, body []byte) int {
	if bytes.Equal(bytes.TrimSpace(body), []byte("{}")) {
		return http.StatusOK // the console, when the address is saved: never signed
	}
	e, err := open(body)
	if err != nil {
		return http.StatusBadRequest
	}
	log := h.Log.With("event", clip(e.Name))
	if !h.authentic(header, body, e, log) {
		if h.Observe {
			return http.StatusOK
		}
		return http.StatusForbidden
	}
	at, ok := e.at()
	now := h.Now()
	if !ok || now.Sub(at) > oldest || at.Sub(now) > newest {
		// 200: Zalo would only send it again, older still.
		log.Warn("event is too old or of the future: not taken", "age", now.Sub(at))
		return http.StatusOK
	}
	ev := h.Account.taps.event(e)
	if ev.At.After(now) {
		ev.At = now
	}
	log = log.With("contact", ev.Contact.String())
	if retry := header.Get("num_retry"); retry != "" {
		log = log.With("retry", clip(retry))
	}
	if err := h.take(ctx, ev, log); err != nil {
		log.Error("event not taken", "error", err)
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}

// authentic says whether Zalo signed the event. The variant is logged, never
// the value.
func (h *Webhook) authentic(header http.Header, body []byte, e envelope, log *slog.Logger) bool {
	signature, stamp := header.Get("X-ZEvent-Signature"), header.Get("X-ZEvent-Timestamp")
	variant := signed(signature, body, e, stamp, h.OASecret)
	switch {
	case variant == "" && signature == "":
		log.Warn("event without a signature: refused")
	case variant == "" && signed(signature, body, e, stamp, h.AppSecret) != "":
		log.Error("event is signed with the app's secret: if that is what the Webhook page shows, set ZALO_OA_SECRET to it")
	case variant == "":
		log.Warn("signature does not fit: refused; is ZALO_OA_SECRET the secret key of the app's Webhook page?")
	case string(e.AppID) != h.AppID:
		log.Warn("event of another app: refused")
	default:
		log.Debug("signature fits", "variant", variant)
		return true
	}
	return false
}

// take does what an event asks for. All of it may be done again.
func (h *Webhook) take(ctx context.Context, ev Event, log *slog.Logger) error {
	if len(ev.Media) > 0 && (ev.Kind == Said || ev.Kind == HumanWrote && h.Humans != nil) {
		if err := h.Persons.Sent(ctx, ev.Contact, ev.Key, ev.Media, ev.At); err != nil {
			return err
		}
	}
	switch ev.Kind {
	case Said:
		return h.Accept.Accept(ctx, bot.Incoming{Contact: ev.Contact, Update: ev.Key, Text: ev.Text, Tap: ev.Tap, Shared: ev.Shared, Media: ev.Shown(), At: ev.At})
	case Followed:
		if err := h.Persons.Reachable(ctx, ev.Contact, true, ev.At); err != nil {
			return err
		}
		// They opened the chat: what stands open is asked, or the menu shown.
		return h.Accept.Accept(ctx, bot.Incoming{Contact: ev.Contact, Update: ev.Key, Tap: tapResume, At: ev.At})
	case Unfollowed:
		return h.Persons.Reachable(ctx, ev.Contact, false, ev.At)
	case Withdrawn:
		log.Info("a person wants their data deleted")
		return h.Persons.Withdrawn(ctx, ev.Contact, ev.At)
	case HumanWrote:
		if h.Humans == nil {
			return nil
		}
		log.Info("somebody of the office writes in Zalo's app")
		return h.Humans.Wrote(ctx, ev)
	case Echoed:
		if h.Settle == nil {
			return nil
		}
		return h.Settle.Settle(ctx, ev.Contact, ev.MessageID, ev.Text, ev.At)
	}
	return nil
}

// tapResume is the engine's command to go on with what stands open.
const tapResume = "do:resume"

// clip shortens a foreign word for the log.
func clip(s string) string {
	const most = 60
	if len(s) <= most {
		return s
	}
	return s[:most]
}
