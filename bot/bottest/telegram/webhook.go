package faketelegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// SecretHeader carries the webhook's secret.
const SecretHeader = "X-Telegram-Bot-Api-Secret-Token"

// hook is a webhook that is set.
type hook struct {
	url, secret string
	most        int // connections
	proven      bool
	busy        int // connections in use
	errorAt     time.Time
	errorText   string
	ctx         context.Context
	end         context.CancelFunc
	setAt       time.Time
}

var hookPorts = []string{"", "443", "80", "88", "8443"}

func (s *Server) setWebhook(p map[string]string) error {
	if p["url"] == "" {
		return s.deleteWebhook(p)
	}
	u, err := url.Parse(p["url"])
	switch {
	case err != nil || u.Host == "":
		return badRequest("bad webhook: invalid URL")
	case s.Local:
	case u.Scheme != "https":
		return badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	case !slices.Contains(hookPorts, u.Port()):
		return badRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
	}
	if secret := p["secret_token"]; secret != "" && !secretPattern.MatchString(secret) {
		return badRequest("secret token contains unallowed characters")
	}
	most := 40
	if text := p["max_connections"]; text != "" {
		if most, _ = strconv.Atoi(text); most < 1 || most > 100 {
			return badRequest("max_connections must be between 1 and 100")
		}
	}
	now := s.Clock.Now()
	if s.hook != nil && now.Sub(s.hook.setAt) < time.Second {
		return TooMany(1).refusal()
	}
	if s.poll != nil {
		s.poll.ended <- otherMode
		s.poll = nil
	}
	if s.hook != nil {
		s.hook.end()
	}
	s.setAllowed(p["allowed_updates"])
	h := &hook{url: p["url"], secret: p["secret_token"], most: most, setAt: now}
	h.ctx, h.end = context.WithCancel(s.closed)
	for _, u := range s.updates {
		u.inFlight = false
	}
	if p["drop_pending_updates"] == "true" {
		s.updates = nil
	}
	s.hook = h
	s.changed.Ring()
	s.pump()
	return nil
}

func (s *Server) deleteWebhook(p map[string]string) error {
	if s.hook != nil {
		s.hook.end()
		s.hook = nil
		for _, u := range s.updates {
			u.inFlight = false
		}
	}
	if p["drop_pending_updates"] == "true" {
		s.updates = nil
	}
	s.changed.Ring()
	return nil
}

func (s *Server) webhookInfo() any {
	s.expire()
	info := map[string]any{"url": "", "has_custom_certificate": false, "pending_update_count": len(s.updates)}
	if s.allowed != nil {
		info["allowed_updates"] = s.allowed
	}
	if h := s.hook; h != nil {
		info["url"], info["max_connections"], info["ip_address"] = h.url, h.most, "127.0.0.1"
		if h.errorText != "" {
			info["last_error_date"], info["last_error_message"] = h.errorAt.Unix(), h.errorText
		}
	}
	return info
}

// Webhook gives the address that is set and its secret.
func (s *Server) Webhook() (address, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook == nil {
		return "", ""
	}
	return s.hook.url, s.hook.secret
}

// pump sends what may be sent: the first of every lane that has none in
// flight, as far as there are connections. The lock is held.
func (s *Server) pump() {
	h := s.hook
	if h == nil || h.ctx.Err() != nil {
		return
	}
	s.expire()
	var first []*update
	seen := map[string]bool{}
	for _, u := range s.updates {
		if !seen[u.lane] && !u.inFlight && !s.held[u.lane] {
			first = append(first, u)
		}
		seen[u.lane] = true
	}
	if s.Rand != nil {
		s.Rand.Shuffle(len(first), func(i, j int) { first[i], first[j] = first[j], first[i] })
	}
	most := h.most
	if !h.proven {
		most = 1
	}
	for _, u := range first {
		if h.busy >= most {
			return
		}
		h.busy++
		u.inFlight = true
		s.work.Go(func() { s.deliver(h, u) })
	}
}

// deliver tries until the update is taken, too old, or the webhook changes.
func (s *Server) deliver(h *hook, u *update) {
	for {
		after, err := s.post(h, u)
		s.mu.Lock()
		h.busy--
		if h.ctx.Err() != nil {
			s.mu.Unlock()
			return
		}
		if err == nil {
			h.proven = true
			if u.taken++; s.Deliveries == nil || u.taken >= s.Deliveries(u.id) {
				s.updates = slices.DeleteFunc(s.updates, func(v *update) bool { return v == u })
			} else {
				u.inFlight = false // its answer was lost: once more, before the next of its lane
			}
			s.changed.Ring()
			s.pump()
			s.mu.Unlock()
			return
		}
		u.tries++
		h.errorAt, h.errorText = s.Clock.Now(), err.Error()
		wait := s.backoff(u.tries)
		if after > 0 {
			wait = min(after, time.Hour)
		}
		s.changed.Ring()
		s.pump() // its connection is free for others
		s.mu.Unlock()
		select {
		case <-s.Clock.After(h.ctx, wait):
		case <-h.ctx.Done():
			return
		}
		s.mu.Lock()
		if !u.ends.After(s.Clock.Now()) {
			u.inFlight = false
			s.expire()
			s.changed.Ring()
			s.pump()
			s.mu.Unlock()
			return
		}
		h.busy++
		s.mu.Unlock()
	}
}

// backoff is how long the next try waits: 0, 2, 4, 8 … seconds, up to one or
// two minutes.
func (s *Server) backoff(tries int) time.Duration {
	most := time.Minute
	if s.Rand != nil {
		most += time.Duration(s.Rand.IntN(61)) * time.Second
	}
	if tries <= 1 {
		return 0
	}
	return min(time.Duration(1<<min(tries-1, 10))*time.Second, most)
}

// post delivers once. After is the Retry-After of a refusal.
func (s *Server) post(h *hook, u *update) (after time.Duration, err error) {
	ctx, cancel := context.WithTimeout(h.ctx, time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(u.body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept-Encoding", "gzip, deflate")
	r.Header["User-Agent"] = nil
	if h.secret != "" {
		r.Header.Set(SecretHeader, h.secret)
	}
	answer, err := s.Reach.RoundTrip(r)
	if err != nil {
		return 0, fmt.Errorf("connection failed: %w", err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if err != nil {
		return 0, fmt.Errorf("connection failed: %w", err)
	}
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After"))
		return time.Duration(seconds) * time.Second, fmt.Errorf("Wrong response from the webhook: %s", answer.Status) //nolint:staticcheck // as Telegram words it
	}
	var called struct{ Method string }
	if json.Unmarshal(body, &called) == nil && called.Method != "" {
		s.mu.Lock()
		s.problem("a webhook was answered with a call of %s: its result would be lost", called.Method)
		s.mu.Unlock()
	}
	return 0, nil
}
