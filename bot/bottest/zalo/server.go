package fakezalo

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"nghe/bot/bottest/bell"
)

// Settings are what an account is made with. The zero value of a field stands
// for something that works.
type Settings struct {
	Now func() time.Time // needed

	AppID, AppSecret string // of the app: OAuth
	OAID, OASecret   string // of the account: webhooks are signed with its secret

	// Webhook gets the events: a URL, or a handler without a network between.
	Webhook        string
	WebhookHandler http.Handler
	// Reach brings them to a URL; nil: http.DefaultTransport.
	Reach http.RoundTripper
	// Retries are after how long each retry comes; nil: those of Zalo.
	Retries []time.Duration

	// RequireProof is the app's switch "require app secret proof".
	RequireProof bool
	// PerMinute is how many calls the app may make in a minute (4000).
	PerMinute int
	// Package is how many messages between 48 hours and 7 days are paid for;
	// beyond it they are billed, or refused when Unpaid.
	Package int
	Unpaid  bool
	// Templates are those that may be sent by user id.
	Templates map[string]Template
}

// Template is a text that Zalo approved.
type Template struct {
	Fields []string
	Promo  bool // not at night
}

// Server is the account. Make it with New.
type Server struct {
	Settings

	changed bell.Bell // rung when something was sent or told

	mu          sync.Mutex
	tokens      tokens
	minute      time.Time
	calls       int
	faults      []*Fault
	users       map[string]*user
	sent        []Message
	uploads     map[string]upload // by attachment_id or token
	queue       []*Event          // on their way to the webhook
	attempts    []Attempt
	delivery    Delivery
	complaints  []string
	ids         int
	unsubscribe bool
}

// New makes an account with nobody around.
func New(s Settings) *Server {
	if s.Now == nil {
		panic("fakezalo: no clock")
	}
	s.AppID = or(s.AppID, "360846524940903967")
	s.AppSecret = or(s.AppSecret, "appSecretForOAuth")
	s.OAID = or(s.OAID, "388613280878808645")
	s.OASecret = or(s.OASecret, "oaSecretForWebhooks")
	if s.Reach == nil {
		s.Reach = http.DefaultTransport
	}
	if s.Retries == nil {
		s.Retries = ladder
	}
	if s.PerMinute == 0 {
		s.PerMinute = 4000
	}
	return &Server{Settings: s, users: map[string]*user{}, uploads: map[string]upload{}, delivery: Delivery{Prefix: true}}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// ServeHTTP answers what openapi.zalo.me and oauth.zaloapp.com answer.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/v4/oa/access_token" {
		s.mu.Lock()
		s.tokens.asked++
		s.mu.Unlock()
	}
	if s.fault(w, r, false) {
		return
	}
	rec := &recorder{header: http.Header{}}
	s.mu.Lock()
	s.route(rec, r)
	s.mu.Unlock()
	if s.fault(w, r, true) {
		return // done, and never told
	}
	for name, values := range rec.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	if rec.status != 0 {
		w.WriteHeader(rec.status)
	}
	_, _ = w.Write(rec.body)
}

// recorder holds an answer until it is known whether it will be told.
type recorder struct {
	header http.Header
	status int
	body   []byte
}

func (r *recorder) json(v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	r.body = b
}

// route is called with mu held.
func (s *Server) route(w *recorder, r *http.Request) {
	if r.URL.Path == "/v4/oa/access_token" {
		s.oauth(w, r)
		return
	}
	handle := map[string]func(*recorder, *http.Request) (any, *refusal){
		"POST /v3.0/oa/message/cs":          s.consultation,
		"POST /v3.0/oa/message/template":    s.template,
		"POST /v3.0/oa/message/transaction": s.retired,
		"POST /v3.0/oa/message/promotion":   s.retired,
		"POST /v2.0/oa/message":             s.anonymous,
		"GET /v2.0/oa/getoa":                s.about,
		"POST /v3.0/oa/quota/message":       s.quotaOf,
		"POST /v2.0/oa/upload/image":        s.upload,
		"POST /v2.0/oa/upload/file":         s.upload,
	}[r.Method+" "+r.URL.Path]
	if handle == nil {
		s.complain("%s %s is not an endpoint", r.Method, r.URL.Path)
		w.status = http.StatusNotFound
		w.json(map[string]any{"error": -404, "message": "Empty api"})
		return
	}
	data, refused := s.allowed(w, r)
	if refused == nil {
		data, refused = handle(w, r)
	}
	if refused != nil {
		w.json(map[string]any{"error": refused.code, "message": refused.message})
		return
	}
	w.json(map[string]any{"error": 0, "message": "Success", "data": data})
}

// allowed checks what every call needs: pace, token, proof.
func (s *Server) allowed(w *recorder, r *http.Request) (any, *refusal) {
	if minute := s.Now().Truncate(time.Minute); !minute.Equal(s.minute) {
		s.minute, s.calls = minute, 0
	}
	s.calls++
	w.header.Set("X-RateLimit-Limit", strconv.Itoa(s.PerMinute))
	w.header.Set("X-RateLimit-Remain", strconv.Itoa(max(0, s.PerMinute-s.calls)))
	if s.calls > s.PerMinute {
		return nil, refuse(-32)
	}
	for _, name := range []string{"Authorization", "Secret_key"} {
		if r.Header.Get(name) != "" {
			s.complain("header %s has no place here", name)
		}
	}
	if code := s.tokens.refused(r.Header.Get("access_token"), s.Now()); code != 0 {
		return nil, refuse(code)
	}
	if s.RequireProof && r.Header.Get("appsecret_proof") != s.proof() {
		return nil, refuse(-242)
	}
	want := "application/json"
	if strings.Contains(r.URL.Path, "/upload/") {
		want = "multipart/form-data"
	}
	if kind := r.Header.Get("Content-Type"); r.Method == http.MethodPost && !strings.HasPrefix(kind, want) {
		s.complain("Content-Type is %q", kind)
	}
	return nil, nil
}

// refusal is an error of Zalo.
type refusal struct {
	code    int
	message string
}

// messages are Zalo's own words, with its spelling.
var messages = map[int]string{
	-32:  "Your application reached limit call api",
	-100: "attachment_id was expired",
	-200: "Send message failed",
	-201: "<data_field> is invalid!",
	-204: "Offical Account is disable",
	-205: "Offical Account is not exist",
	-209: "Not supported this api",
	-210: "Parameter exceeds allowable limit",
	-211: "Out of quota",
	-212: "App has not registed this api",
	-213: "User has not followed OA",
	-216: "Access token is invalid",
	-217: "User has blocked invitation from OA",
	-218: "Out of quota receive",
	-219: "App is removed or disabled",
	-220: "access_token is expired or removed",
	-221: "The OA needs to be verified to use this feature",
	-223: "Official Account has not authorized this API",
	-224: "The OA needs to upgrade OA Tier Package to use this feature",
	-227: "User is banned or has been inactive for more than 45 days",
	-230: "User has not interacted with the OA in the past 7 days",
	-233: "Message type is invalid or not support",
	-234: "This message cannot be sent at night (10:00PM - 6:00AM)",
	-240: "MessageV2 API has been shut down, please switch to MessageV3",
	-242: "Invalid appsecret_proof provided",
	-244: "User has restricted this message type from your OA",
	-248: "Violates our platform standards",
	-249: "Template does not support send via UID",
	-320: "Your app needs to connect with Zalo Cloud Account",
	-321: "Zalo Cloud Account out of money",
}

func refuse(code int) *refusal { return &refusal{code, or(messages[code], "Error")} }

// invalid refuses a field by its name.
func invalid(field string) *refusal { return &refusal{-201, field + " is invalid!"} }

// complain notes what no well-made client does.
func (s *Server) complain(format string, args ...any) {
	s.complaints = append(s.complaints, fmt.Sprintf(format, args...))
}

// Complaints gives what no well-made client does.
func (s *Server) Complaints() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.complaints...)
}

// id makes an id that looks like one of Zalo's. Called with mu held.
func (s *Server) id(prefix string) string {
	s.ids++
	return fmt.Sprintf("%s%016x", prefix, s.ids)
}

// read reads a body strictly.
func (s *Server) read(r *http.Request, into any) *refusal {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		s.complain("%s: %v", r.URL.Path, err)
		return invalid("body")
	}
	return nil
}

// about is the account itself, as the health check sees it.
func (s *Server) about(*recorder, *http.Request) (any, *refusal) {
	return map[string]any{"oa_id": s.OAID, "name": "nghe (fake)", "is_verified": true}, nil
}

func (s *Server) retired(*recorder, *http.Request) (any, *refusal) { return nil, refuse(-233) }
