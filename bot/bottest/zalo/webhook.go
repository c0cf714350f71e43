package fakezalo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Delivery says how events go to the webhook.
type Delivery struct {
	Prefix bool // "mac=" before the signature
	// HeaderTime puts the time of sending into X-ZEvent-Timestamp, and signs
	// with it instead of the time in the body.
	HeaderTime bool
	// OAFirst signs with the account's id instead of the app's.
	OAFirst               bool
	Unsigned, WrongSecret bool
	// Repeat sends each event so many times more; Vary makes that the most,
	// by chance.
	Repeat int
	Vary   *rand.Rand
	// Shuffle, when set, mixes the order.
	Shuffle *rand.Rand
	// RetryAnswers retries also what was answered, and not with 200, and what
	// broke off. Zalo says that it retries what could not be connected.
	RetryAnswers bool
}

// The ladder of retries.
var ladder = []time.Duration{30 * time.Second, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}

// Attempt is one event sent to the webhook.
type Attempt struct {
	Name     string
	Status   int // 0 = no connection, Broken = it broke off before the answer
	NumRetry int
	Took     time.Duration
}

// Broken is the status of an event that was sent and not answered.
const Broken = -1

// Deliveries chooses how events go from now on.
func (s *Server) Deliveries(d Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delivery = d
}

// Attempts gives every event that was sent to the webhook.
func (s *Server) Attempts() []Attempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Attempt(nil), s.attempts...)
}

// Unsubscribed says whether an event failed so long that Zalo sends no more.
func (s *Server) Unsubscribed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unsubscribe
}

// Lose forgets events that wait, and says how many those were.
func (s *Server) Lose() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.queue)
	s.queue = nil
	return n
}

// Deliver sends the events that are due by the clock, those that come
// meanwhile too, and says how many it sent.
func (s *Server) Deliver(ctx context.Context) int {
	sent := 0
	for {
		batch, d := s.due()
		if len(batch) == 0 {
			return sent
		}
		for _, e := range batch {
			s.attempt(ctx, e, d)
			sent++
		}
	}
}

// due takes the events that are due out of the queue.
func (s *Server) due() ([]*Event, Delivery) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unsubscribe {
		return nil, s.delivery
	}
	var now, later []*Event
	for _, e := range s.queue {
		if e.next.After(s.Now()) {
			later = append(later, e)
			continue
		}
		now = append(now, e)
		if e.retries == 0 {
			e.raw = s.body(e)
			repeat := s.delivery.Repeat
			if by := s.delivery.Vary; by != nil {
				repeat = by.IntN(repeat + 1)
			}
			for range repeat {
				again := *e
				now = append(now, &again)
			}
		}
	}
	s.queue = later
	if mix := s.delivery.Shuffle; mix != nil {
		mix.Shuffle(len(now), func(i, j int) { now[i], now[j] = now[j], now[i] })
	}
	return now, s.delivery
}

// body is the event as bytes.
func (s *Server) body(e *Event) []byte {
	all := map[string]any{"app_id": s.AppID, "event_name": e.Name, "timestamp": millis(e.At)}
	for name, value := range e.Body {
		all[name] = value
	}
	raw, err := json.Marshal(all)
	if err != nil {
		panic(err)
	}
	return raw
}

// Sign gives the signature of a body: plain SHA-256 of everything in a row.
func Sign(appID string, body []byte, timestamp, secret string) string {
	sum := sha256.Sum256([]byte(appID + string(body) + timestamp + secret))
	return hex.EncodeToString(sum[:])
}

// Request makes the request of an event as Zalo would.
func (s *Server) Request(ctx context.Context, raw []byte, at time.Time, d Delivery) *http.Request {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, or(s.Webhook, "/zalo"), bytes.NewReader(raw))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Content-Type", "application/json")
	first, timestamp, secret := s.AppID, millis(at), s.OASecret
	if d.OAFirst {
		first = s.OAID
	}
	if d.HeaderTime {
		timestamp = millis(s.Now())
		r.Header.Set("X-ZEvent-Timestamp", timestamp)
	}
	if d.WrongSecret {
		secret = s.AppSecret
	}
	mac := Sign(first, raw, timestamp, secret)
	if d.Prefix {
		mac = "mac=" + mac
	}
	if !d.Unsigned {
		r.Header.Set("X-ZEvent-Signature", mac)
	}
	return r
}

// attempt sends an event once and plans its retry.
func (s *Server) attempt(ctx context.Context, e *Event, d Delivery) {
	r := s.Request(ctx, e.raw, e.At, d)
	if e.retries > 0 {
		r.Header.Set("num_retry", strconv.Itoa(e.retries))
	}
	a := Attempt{Name: e.Name, NumRetry: e.retries}
	a.Status, a.Took = s.post(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.attempts = append(s.attempts, a)
	s.changed.Ring()
	if a.Status == http.StatusOK || a.Status != 0 && !d.RetryAnswers {
		return
	}
	if e.retries == len(s.Retries) {
		s.unsubscribe = true
		return
	}
	e.next = s.Now().Add(s.Retries[e.retries])
	e.retries++
	s.queue = append(s.queue, e)
}

// post sends a request.
func (s *Server) post(r *http.Request) (status int, took time.Duration) {
	began := time.Now()
	defer func() { took = time.Since(began) }()
	if s.WebhookHandler != nil {
		out := httptest.NewRecorder()
		s.WebhookHandler.ServeHTTP(out, r)
		return out.Code, 0
	}
	if s.Webhook == "" {
		return 0, 0
	}
	var sent atomic.Bool
	r = r.WithContext(httptrace.WithClientTrace(r.Context(), &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }}))
	client := http.Client{Timeout: 10 * time.Second, Transport: s.Reach}
	answer, err := client.Do(r)
	switch {
	case err != nil && sent.Load():
		return Broken, 0
	case err != nil:
		return 0, 0
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, 0
}

// Probe is what the console sends when an address is saved: "{}", not signed.
// It gives the status.
func (s *Server) Probe(ctx context.Context) int {
	r := s.Request(ctx, []byte("{}"), s.Now(), Delivery{Unsigned: true})
	status, _ := s.post(r)
	return status
}

// Run sends events as they come, over so many connections at once and in
// whatever order that makes, and again those whose retry is due, until the
// context ends.
func (s *Server) Run(ctx context.Context, connections int) {
	type delivery struct {
		event *Event
		how   Delivery
	}
	work := make(chan delivery)
	var sending sync.WaitGroup
	for range connections {
		sending.Go(func() {
			for d := range work {
				s.attempt(ctx, d.event, d.how)
			}
		})
	}
	defer sending.Wait()
	defer close(work)
	for ctx.Err() == nil {
		changed := s.changed.Next()
		batch, how := s.due()
		for _, e := range batch {
			select {
			case work <- delivery{e, how}:
			case <-ctx.Done():
				return
			}
		}
		if len(batch) > 0 {
			continue
		}
		select {
		case <-changed:
		case <-time.After(retryTick):
		case <-ctx.Done():
		}
	}
}

// retryTick is how often Run looks whether a retry is due.
const retryTick = time.Second

// Wait returns once ok, which is asked again whenever something was sent or
// told.
func (s *Server) Wait(ctx context.Context, ok func() bool) error { return s.changed.Until(ctx, ok) }
