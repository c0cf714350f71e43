package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"nghe/site"
)

var serveCommand = command{
	name: "serve", about: "run everything; the same as “nghe” alone",
	help: `
Prints the addresses of the web chat and of the console, as long as there is no
administrator the link that makes one, and runs until SIGTERM or SIGINT.
  NGHE_LISTEN           address to listen on (127.0.0.1:8080)
  NGHE_PUBLIC_URL       where the outside reaches it (from NGHE_LISTEN)
  NGHE_DATA             folder of the embedded storage (./data)
  NGHE_CONTENT          folder of overrides of the content (none); what is edited in
                        the console is there if it can be written to, else in the
                        records
  REDIS_URL             keeps sessions there instead (none)
  DATABASE_URL          keeps records in PostgreSQL instead (none); more than one
                        process needs both
  NGHE_SECRET           key for cookies and links (made at the first start)
  TELEGRAM_TOKEN        opens Telegram; with TELEGRAM_WEBHOOK_SECRET it comes to
                        us at NGHE_PUBLIC_URL/telegram, else we ask it
  ZALO_APP_ID, ZALO_APP_SECRET, ZALO_OA_SECRET, ZALO_REFRESH_TOKEN
                        open the Zalo Official Account at …/zalo
  ZALO_MONTHLY_CAP      đồng that messages which cost something (ZBS templates)
                        may cost in a month; above it none is sent (0: none is)
  ZALO_BOT_TOKEN        opens a bot of the Zalo Bot Platform, for trials: its
                        plan carries about 50 people; with ZALO_BOT_SECRET it
                        comes to us at …/zalobot
  TELEGRAM_API, ZALO_API, ZALO_OAUTH, ZALO_BOT_API
                        other servers than the public ones
  NGHE_LINGER           how long it goes on answering after it was told to stop, while
                        /readyz says no, so that who stands in front leaves it in
                        time, for example 4s (0s)
  NGHE_TRUSTED_PROXIES  addresses whose X-Forwarded-For is believed (none)
Each secret may be given as NAME_FILE: NGHE_SECRET_FILE, REDIS_URL_FILE, …`,
	run: runServe,
}

// drainTime is for messages that are being answered when the program is told
// to stop; a turn takes milliseconds.
const drainTime = 10 * time.Second

func runServe(ctx context.Context, p *Process, args []string) error {
	if _, err := parse(flags("serve"), args, 0); err != nil {
		return err
	}
	e, err := readEnvironment(p.Environ)
	if err != nil {
		return err
	}
	e.warn(p.Stderr)
	collectLess(p.Environ)

	// Listened first: a second nghe on the same data says so at once.
	listener, err := net.Listen("tcp", e.Listen)
	if err != nil {
		return fmt.Errorf("can't listen on %s: %w: set NGHE_LISTEN to a free address", e.Listen, inner(err))
	}
	defer listener.Close()
	s, err := assemble(ctx, e, p, listener.Addr())
	if err != nil {
		return err
	}
	defer s.close()
	if err := s.catchUp(ctx); err != nil {
		return err
	}
	stopAttending, err := s.attend(ctx)
	if err != nil {
		return err
	}
	defer stopAttending()
	defer s.send(ctx)()
	return s.answer(ctx, listener)
}

// collectLess has garbage collected half as often as Go does by itself: a turn
// makes some 35 KB of it beside little that stays. What GOGC says goes first.
func collectLess(environ []string) {
	if !slices.ContainsFunc(environ, func(v string) bool { return strings.HasPrefix(v, "GOGC=") }) {
		debug.SetGCPercent(200)
	}
}

// answer serves all paths until the program is told to stop, and what was begun
// then to its end.
func (s *service) answer(ctx context.Context, listener net.Listener) error {
	health := s.channels.health(s.held)
	server := &http.Server{
		Handler:           s.routes(health),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second, // event streams set their own
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
	server.RegisterOnShutdown(s.chat.Close)
	server.RegisterOnShutdown(s.pages.Close)
	first, err := s.desk.FirstLink(ctx)
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	s.greet(first, listener.Addr())
	go debug.FreeOSMemory() // what learning the content left behind would stay until the heap has tripled

	ended := func(err error) error { return fmt.Errorf("web server: %w", err) }
	select {
	case err := <-served:
		return ended(err)
	case <-ctx.Done():
	}
	if s.e.Linger > 0 {
		s.log.Info("lingering", "for", s.e.Linger)
		health.end()
		select {
		case err := <-served:
			return ended(err)
		case <-time.After(s.e.Linger):
		}
	}
	s.log.Info("draining")
	draining, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := server.Shutdown(draining); err != nil {
		return fmt.Errorf("some messages were not answered in %v: %w", drainTime, err)
	}
	s.log.Info("stopped")
	return nil
}

// greet tells the operator where everything is; first is the link that makes
// the first administrator, "" when there is one.
func (s *service) greet(first string, at net.Addr) {
	fmt.Fprintf(s.p.Stdout, "nghe: web chat at %s/\nnghe: console at %s/console/\n", s.url, s.url)
	if first != "" {
		fmt.Fprintf(s.p.Stdout, "nghe: the first administrator, once and within 7 days: %s\n", invitationURL(s.url, first))
	}
	s.log.Info("ready", "version", buildVersion(), "listen", at.String(), "content", s.parts.mind.holder.Current().ReleaseID())
}

// routes are all paths that nghe answers.
func (s *service) routes(health *health) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", s.chat.Handler())
	staffPages := s.pages.Handler()
	mux.Handle("/console", staffPages)
	mux.Handle("/console/", staffPages)
	for _, path := range site.Paths {
		mux.Handle(path, s.public.Handler())
	}
	for path, hook := range s.channels.hooks {
		mux.Handle(path, hook)
	}
	mux.Handle("GET /metrics", inside(s.channels.meter, s.address))
	mux.HandleFunc("GET /healthz", health.alive)
	mux.HandleFunc("GET /readyz", health.ready(s.address)) // there is always content: without it there is no mind
	return strict(strings.HasPrefix(s.url, "https://"), mux)
}

// strict has browsers come by https alone for a year, once they came so, and take
// every answer for what it says it is.
func strict(secure bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if secure {
			w.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

// inner gives the cause of a network error without its frame: "address
// already in use".
func inner(err error) error {
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		return op.Err
	}
	return err
}
