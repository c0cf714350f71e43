package fakezalobot

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"nghe/bot/bottest/bell"
)

// Settings are what a bot is made with. The zero value of a field but Now
// stands for something that works.
type Settings struct {
	Now func() time.Time
	// After ends held polls; nil: time.After.
	After func(time.Duration) <-chan time.Time
	Token string
	// Quota is how many messages may still be sent this month (3000).
	Quota int
	// Replay gives updates again at every poll, as was measured; else each is
	// given once.
	Replay bool
	// List gives updates as a list of one, as some libraries expect.
	List bool
	// WebhookHandler gets the events without a network, whatever URL is set.
	WebhookHandler http.Handler
}

// MaxText is the most characters of a message.
const MaxText = 2000

// Message is one that the bot sent.
type Message struct {
	ID, To, Text string
	At           time.Time
}

// Server is the bot. Make it with New.
type Server struct {
	Settings

	changed bell.Bell // rung when something happened

	mu         sync.Mutex
	webhook    string
	secret     string
	chats      map[string]string // name by id
	updates    []*update
	cursor     int // next update to be given again
	sent       []Message
	typing     int
	polls      []time.Time
	faults     []Fault
	complaints []string
	ids        int
}

// New makes a bot that nobody has written to.
func New(s Settings) *Server {
	if s.Now == nil {
		panic("fakezalobot: no clock")
	}
	if s.Token == "" {
		s.Token = "1459232241454765289:fake-token-of-the-bot"
	}
	if s.Quota == 0 {
		s.Quota = 3000
	}
	if s.After == nil {
		s.After = time.After
	}
	return &Server{Settings: s, chats: map[string]string{}}
}

// Fault is something that goes wrong with one call.
type Fault struct {
	Method string // "" = any
	Status int    // of the answer; the body is the envelope of an error
	Body   string // instead of it
	OK200  bool   // the error is told with HTTP 200
	Drop   bool   // the connection breaks after what was asked for was done
}

// Fail makes the next call of a method fail.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, f)
}

func (s *Server) fault(method string) (Fault, bool) {
	for i, f := range s.faults {
		if f.Method == "" || f.Method == method {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			return f, true
		}
	}
	return Fault{}, false
}

// failure is an error in the platform's envelope.
type failure struct {
	code int
	text string
}

var failures = map[int]string{
	400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 408: "Request timeout", 429: "Quota exceeded",
}

func fail(code int) *failure { return &failure{code, failures[code]} }

// ServeHTTP answers /bot<token>/<method>.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, method, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
	if !ok || !strings.HasPrefix(r.URL.Path, "/bot") {
		answer(w, nil, fail(404))
		return
	}
	s.mu.Lock()
	f, faulty := s.fault(method)
	s.mu.Unlock()
	if faulty && !f.Drop {
		_, _ = io.Copy(io.Discard, r.Body)
		wrong := &failure{f.Status, failures[f.Status]}
		switch {
		case f.Body != "":
			w.WriteHeader(f.Status)
			_, _ = io.WriteString(w, f.Body)
		case f.OK200:
			envelope(w, http.StatusOK, nil, wrong)
		default:
			answer(w, nil, wrong)
		}
		return
	}
	if token != s.Token {
		answer(w, nil, fail(401))
		return
	}
	result, wrong := s.call(r, method)
	if faulty {
		panic(http.ErrAbortHandler)
	}
	answer(w, result, wrong)
}

func answer(w http.ResponseWriter, result any, wrong *failure) {
	status := http.StatusOK
	if wrong != nil {
		status = wrong.code
	}
	envelope(w, status, result, wrong)
}

func envelope(w http.ResponseWriter, status int, result any, wrong *failure) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if wrong != nil {
		_ = json.NewEncoder(w).Encode(map[string]any{"ok": false, "description": wrong.text, "error_code": wrong.code})
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
}

// parameters of each method: those that must be there begin with a star.
var parameters = map[string]string{
	"getMe":          "",
	"getUpdates":     " timeout ",
	"setWebhook":     " *url *secret_token ",
	"deleteWebhook":  "",
	"getWebhookInfo": "",
	"sendMessage":    " *chat_id *text parse_mode text_styles ",
	"sendChatAction": " *chat_id *action ",
}

func (s *Server) call(r *http.Request, method string) (any, *failure) {
	known, ok := parameters[method]
	if !ok {
		s.complain("no method %q", method)
		return nil, fail(404)
	}
	p := map[string]any{}
	if b, err := io.ReadAll(r.Body); err != nil || len(b) > 0 && json.Unmarshal(b, &p) != nil {
		s.complain("%s: the body is no JSON object", method)
		return nil, fail(400)
	}
	for name := range p {
		if !strings.Contains(known, " "+name+" ") && !strings.Contains(known, " *"+name+" ") {
			s.complain("%s has no parameter %q", method, name)
			return nil, fail(400)
		}
	}
	for _, name := range strings.Fields(known) {
		if name, needed := strings.CutPrefix(name, "*"); needed && (p[name] == nil || p[name] == "") {
			return nil, fail(400)
		}
	}
	text := func(name string) string { s, _ := p[name].(string); return s }
	switch method {
	case "getMe":
		return map[string]any{"id": "1459232241454765289", "account_name": "bot.VDKyGxQvc", "account_type": "BASIC", "can_join_groups": false}, nil
	case "getUpdates":
		seconds, _ := p["timeout"].(float64)
		return s.poll(r.Context(), time.Duration(seconds)*time.Second)
	case "setWebhook":
		return s.setWebhook(text("url"), text("secret_token"))
	case "deleteWebhook":
		return s.setWebhook("", "")
	case "getWebhookInfo":
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.webhook == "" {
			return nil, fail(404)
		}
		return map[string]any{"url": s.webhook, "updated_at": s.Now().UnixMilli()}, nil
	case "sendMessage":
		return s.send(text("chat_id"), text("text"))
	}
	return s.act(text("chat_id"), text("action"))
}

func (s *Server) setWebhook(address, secret string) (any, *failure) {
	u, err := url.Parse(address)
	if address != "" && (err != nil || u.Scheme != "https" || u.Hostname() == "localhost" || len(secret) < 8 || len(secret) > 256) {
		return nil, fail(400)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.webhook, s.secret = address, secret
	s.changed.Ring()
	return map[string]any{"url": address, "updated_at": s.Now().UnixMilli()}, nil
}

func (s *Server) send(to, text string) (any, *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.chats[to]; !ok || utf8.RuneCountInString(text) > MaxText || strings.TrimSpace(text) == "" {
		return nil, fail(400)
	}
	if s.Quota <= 0 {
		return nil, fail(429)
	}
	s.Quota--
	m := Message{ID: s.id(), To: to, Text: text, At: s.Now()}
	s.sent = append(s.sent, m)
	s.changed.Ring()
	return map[string]any{"message_id": m.ID, "date": m.At.UnixMilli()}, nil
}

func (s *Server) act(to, action string) (any, *failure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.chats[to]; !ok || action != "typing" {
		return nil, fail(400)
	}
	s.typing++
	return nil, nil
}

// Sent gives everything that the bot sent, oldest first.
func (s *Server) Sent() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.sent...)
}

// WaitSent waits until the bot has sent n messages in all.
func (s *Server) WaitSent(ctx context.Context, n int) ([]Message, error) {
	err := s.changed.Until(ctx, func() bool { return len(s.Sent()) >= n })
	return s.Sent(), err
}

// Webhook gives the address that is set; "" = none.
func (s *Server) Webhook() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.webhook
}

// Complaints gives what no well-made client does.
func (s *Server) Complaints() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.complaints...)
}

func (s *Server) complain(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.complaints = append(s.complaints, fmt.Sprintf(format, args...))
}

// id makes an id. Called with mu held.
func (s *Server) id() string {
	s.ids++
	return fmt.Sprintf("2d758cb5%012x", s.ids)
}
