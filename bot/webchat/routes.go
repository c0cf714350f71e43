package webchat

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"nghe/bot"
)

// Chat is the web chat. Make it with New.
type Chat struct {
	turns    *bot.Turns
	opened   func(context.Context, bot.Contact)
	files    func(context.Context, bot.Contact, string) (*bot.File, error)
	look     func(string, []byte) (bot.File, string, bool)
	uploads  chan struct{} // as many as are read at the moment
	log      *slog.Logger
	now      func() time.Time
	identity identity
	proxies  []netip.Prefix
	assets   map[string]asset
	page     page

	hub         hub
	limits      Limits
	alone       limiter
	closed      context.Context
	closeStream context.CancelFunc
}

// Settings are what a Chat needs.
type Settings struct {
	Turns *bot.Turns
	Log   *slog.Logger
	Now   func() time.Time
	// Secret signs the cookies: whoever has it can read anybody's talk.
	Secret []byte
	// Secure is set when people reach the page by https.
	Secure bool
	// Opened is called when a person's page is open and from time to time as
	// long as it is, before what is kept for it is read. Nil: nobody wants to
	// know.
	Opened func(context.Context, bot.Contact)
	// Files gives what was sent to a contact and is no words, by its name in a
	// bubble; nil for what is not theirs. Nil: nothing is ever sent.
	Files func(ctx context.Context, c bot.Contact, name string) (*bot.File, error)
	// Look says what a file is by what is in it, and which kind of bot.Media that
	// makes; false for what is not passed on. Nil: nobody can look at files.
	Look func(name string, body []byte) (f bot.File, kind string, fit bool)
	// Proxies are the addresses whose X-Forwarded-For is believed.
	Proxies []netip.Prefix
	// Limits hold for all processes; nil: each counts for itself.
	Limits Limits
}

var (
	// A person can't read faster than this; a quick tapper is not hindered.
	perPerson = bucket{kind: "person", burst: 15, every: time.Second}
	// Carriers put hundreds of phones behind one address.
	perAddress = bucket{kind: "address", burst: 300, every: 50 * time.Millisecond}
)

// Channel is the name of this channel in bot.Contact.
const Channel = "web"

// New makes the chat. Serve Handler, wake it by Wake, end it by Close.
func New(s Settings) *Chat {
	c := &Chat{
		opened: s.Opened, files: s.Files, look: s.Look, uploads: make(chan struct{}, uploadsAtOnce),
		turns: s.Turns, log: s.Log, now: s.Now, proxies: s.Proxies,
		identity: identity{secret: s.Secret, secure: s.Secure},
		assets:   loadAssets(),
		page:     newPage(),
		limits:   s.Limits,
	}
	c.closed, c.closeStream = context.WithCancel(context.Background())
	return c
}

// Close ends the event streams, so that the server can drain. Browsers come
// again by themselves.
func (c *Chat) Close() { c.closeStream() }

// Wake shows new bubbles of a contact on the pages that are open.
func (c *Chat) Wake(contact bot.Contact) { c.hub.wake(contact) }

// Handler serves the chat. It answers every path that is not taken elsewhere:
// unknown ones with a page that says so.
func (c *Chat) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", c.showPage)
	mux.HandleFunc("GET /chat", c.showPage)
	mux.HandleFunc("GET /nghe/{id}", c.showStart("trade"))
	mux.HandleFunc("GET /lop/{id}", c.showStart("course"))
	mux.HandleFunc("GET /khao-sat/{id}", c.showStart("survey"))
	mux.HandleFunc("GET /chat/assets/{name}", c.showAsset)
	mux.HandleFunc("POST /chat/messages", c.sendMessage)
	mux.HandleFunc("GET /chat/events", c.streamEvents)
	mux.HandleFunc("GET /chat/data", c.downloadData)
	mux.HandleFunc("GET /chat/files/{name}", c.showFile)
	mux.HandleFunc("POST /chat/files/{id}", c.sendFile)
	mux.HandleFunc("GET /favicon.ico", c.showIcon)
	mux.HandleFunc("GET /manifest.webmanifest", c.showManifest)
	mux.HandleFunc("GET /sw.js", c.showWorker)
	mux.HandleFunc("/", c.showMissing)
	return guard(http.NewCrossOriginProtection().Handler(mux))
}

// guard sets what every answer carries.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "microphone=(self), camera=(), geolocation=()")
		next.ServeHTTP(w, r)
	})
}
