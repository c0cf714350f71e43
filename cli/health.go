package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// health knows the parts that the program stands on: which is there, and since
// when it is as it is. Safe for several goroutines.
type health struct {
	log   *slog.Logger
	now   func() time.Time
	began time.Time
	parts []*part

	mu     sync.Mutex
	looked time.Time
	ends   time.Time // since when the program was told to stop
}

// part is one of them. Needed: without it nobody can be answered.
type part struct {
	name   string
	needed bool
	ask    func(context.Context) error

	err   error
	since time.Time
}

const (
	askLimit = 2 * time.Second // for all parts, which are asked side by side
	askEvery = time.Second     // however many ask us: probes are open to the world
)

// look asks the parts, unless that was done a moment ago, and logs what changed.
func (h *health) look(ctx context.Context) {
	if now := h.now(); now.Sub(h.looked) < askEvery && !now.Before(h.looked) {
		return
	}
	// Who asked may go away; what is found is for the next ones too.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askLimit)
	defer cancel()
	found := make([]error, len(h.parts))
	var asking sync.WaitGroup
	for i, p := range h.parts {
		asking.Go(func() { found[i] = p.ask(ctx) })
	}
	asking.Wait()
	h.looked = h.now()
	for i, p := range h.parts {
		was := p.err
		p.err = found[i]
		switch {
		case was == nil && p.err != nil:
			p.since = h.looked
			h.log.Error("a part is away", "part", p.name, "needed", p.needed, "error", p.err)
		case was != nil && p.err == nil:
			h.log.Info("a part is back", "part", p.name, "away", h.looked.Sub(p.since).Round(time.Millisecond))
			p.since = h.looked
		}
	}
}

// up says whether a part is there.
func (h *health) up(p *part) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.look(context.Background())
	return p.err == nil
}

// tell writes how the program stands: a word, then a line for each part. Causes
// are for those inside: they may name machines.
func (h *health) tell(ctx context.Context, causes bool) (ready bool, text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.look(ctx)
	var b strings.Builder
	ready = true
	for _, p := range h.parts {
		how := "ok"
		if p.err != nil {
			how, ready = "away", ready && !p.needed
		}
		fmt.Fprintf(&b, "%s: %s since %s", p.name, how, here(p.since).Format(time.RFC3339))
		if p.err != nil && causes {
			fmt.Fprintf(&b, ": %s", oneLine(p.err.Error()))
		}
		b.WriteByte('\n')
	}
	if !h.ends.IsZero() {
		ready = false
		fmt.Fprintf(&b, "process: ends since %s\n", here(h.ends).Format(time.RFC3339))
	}
	if ready {
		return true, "ready\n" + b.String()
	}
	return false, "not ready\n" + b.String()
}

// end says from now on that the process is not ready.
func (h *health) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ends = h.now()
}

// alive answers GET /healthz: as long as there is an answer the process is up.
func (h *health) alive(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintf(w, "ok\nnghe %s, up since %s\n", buildVersion(), here(h.began).Format(time.RFC3339))
}

// ready answers GET /readyz.
func (h *health) ready(address func(*http.Request) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ready, text := h.tell(r.Context(), isInside(r, address))
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		if !ready {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		io.WriteString(w, text)
	}
}

// health makes what looks after the parts. Held is since when nothing is sent,
// because a backup was restored; the zero time: it is.
func (c *channels) health(held time.Time) *health {
	s := c.parts.storage
	h := &health{log: c.log, now: c.now, began: c.now()}
	h.parts = []*part{
		{name: "records", needed: true, ask: s.db.Ping},
		{name: "sessions", needed: true, ask: s.sessions.Ping},
		// A web page is answered all the same, so the process stays in service.
		{name: "channels", ask: func(context.Context) error { return c.sender.Ready() }},
		{name: "sending", ask: func(context.Context) error {
			if held.IsZero() {
				return nil
			}
			return fmt.Errorf("a backup was restored at %s: look at it, then say nghe restore --go", here(held).Format(time.RFC3339))
		}},
	}
	for _, p := range h.parts {
		p.since = h.began
		c.meter.Part(p.name, func() bool { return h.up(p) })
	}
	return h
}

var healthCommand = command{
	name: "health", about: "say whether the nghe on this machine is ready, and why not",
	help: `
Asks /readyz of what listens at NGHE_LISTEN. Ends with 0 when it is ready, else
with 1: for the health checks of containers, which have no other program.`,
	run: runHealth,
}

func runHealth(ctx context.Context, p *Process, args []string) error {
	if _, err := parse(flags("health"), args, 0); err != nil {
		return err
	}
	e, err := readEnvironment(p.Environ)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(e.Listen)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, 2*askLimit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("no nghe answers at %s: %w", e.Listen, dialCause(err))
	}
	defer response.Body.Close()
	if _, err := io.Copy(p.Stdout, io.LimitReader(response.Body, 1<<16)); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return errTold
	}
	return nil
}

// dialCause gives why nobody answered, without the address again.
func dialCause(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.New("it does not answer in time")
	}
	return inner(err)
}
