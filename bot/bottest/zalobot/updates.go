package fakezalobot

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"time"
)

// update is something that the bot is told.
type update struct {
	name    string
	message map[string]any // nil for those without
	given   bool           // by a poll or to the webhook
}

// Say is a person who writes; it gives the message's id.
func (s *Server) Say(userID, name, text string) string {
	return s.Send(userID, name, "message.text.received", map[string]any{"text": text})
}

// Send is a person who sends anything: the name of the event, and what the
// message holds besides who and when.
func (s *Server) Send(userID, name, event string, content map[string]any) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chats[userID] = name
	id := s.id()
	m := map[string]any{
		"from":       map[string]any{"id": userID, "display_name": name, "is_bot": false},
		"chat":       map[string]any{"id": userID, "chat_type": "PRIVATE"},
		"message_id": id, "date": s.Now().UnixMilli(),
	}
	for key, value := range content {
		m[key] = value
	}
	s.updates = append(s.updates, &update{name: event, message: m})
	s.changed.Ring()
	return id
}

// Unsupported is a message of which the bot is told nothing.
func (s *Server) Unsupported() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates = append(s.updates, &update{name: "message.unsupported.received"})
	s.changed.Ring()
}

func (u *update) body() map[string]any {
	b := map[string]any{"event_name": u.name}
	if u.message != nil {
		b["message"] = u.message
	}
	return b
}

// poll is getUpdates: one update, or 408 when there is none in time.
func (s *Server) poll(ctx context.Context, hold time.Duration) (any, *failure) {
	s.mu.Lock()
	s.polls = append(s.polls, s.Now())
	s.changed.Ring()
	s.mu.Unlock()
	end := s.After(hold)
	for {
		changed := s.changed.Next()
		s.mu.Lock()
		if s.webhook != "" {
			s.mu.Unlock()
			return nil, &failure{400, "You cannot use this API while a webhook is set. Please remove the webhook first"}
		}
		u := s.next()
		s.mu.Unlock()
		if u != nil {
			if s.List {
				return []any{u.body()}, nil
			}
			return u.body(), nil
		}
		select {
		case <-changed:
		case <-end:
			return nil, fail(408)
		case <-ctx.Done():
			return nil, fail(408)
		}
	}
}

// next gives the update of a poll; with Replay those given before come again,
// after those that are new. Called with mu held.
func (s *Server) next() *update {
	for _, u := range s.updates {
		if !u.given {
			u.given = true
			return u
		}
	}
	if !s.Replay || len(s.updates) == 0 {
		return nil
	}
	s.cursor++
	return s.updates[s.cursor%len(s.updates)]
}

// Polls gives when the bot polled.
func (s *Server) Polls() []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]time.Time(nil), s.polls...)
}

// WaitPolls waits until the bot has polled n times in all.
func (s *Server) WaitPolls(ctx context.Context, n int) error {
	return s.changed.Until(ctx, func() bool { return len(s.Polls()) >= n })
}

// Delivery says how updates go to the webhook.
type Delivery struct {
	Wrapped     bool // {"ok":true,"result":{…}} as in the papers, else flat as it was seen
	WrongSecret bool
	Repeat      int // so many times more
}

// Deliver sends the updates that were not sent yet, and gives the statuses.
// Whether Zalo sends again what failed is not known: this one does not.
func (s *Server) Deliver(ctx context.Context, d Delivery) []int {
	var statuses []int
	for {
		s.mu.Lock()
		var u *update
		for _, waiting := range s.updates {
			if !waiting.given && u == nil {
				u = waiting
				u.given = true
			}
		}
		s.mu.Unlock()
		if u == nil {
			return statuses
		}
		for range d.Repeat + 1 {
			statuses = append(statuses, s.post(s.Request(ctx, u.body(), d)))
		}
	}
}

// Request makes the request of an update as Zalo would.
func (s *Server) Request(ctx context.Context, body map[string]any, d Delivery) *http.Request {
	if d.Wrapped {
		body = map[string]any{"ok": true, "result": body}
	}
	raw, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	s.mu.Lock()
	address, secret := s.webhook, s.secret
	s.mu.Unlock()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(raw))
	if err != nil {
		panic(err)
	}
	if d.WrongSecret {
		secret += "x"
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Java/1.8.0_192")
	r.Header.Set("X-Bot-Api-Secret-Token", secret)
	return r
}

func (s *Server) post(r *http.Request) int {
	if s.WebhookHandler != nil {
		out := httptest.NewRecorder()
		s.WebhookHandler.ServeHTTP(out, r)
		return out.Code
	}
	answer, err := (&http.Client{Timeout: 10 * time.Second}).Do(r)
	if err != nil {
		return 0
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode
}
