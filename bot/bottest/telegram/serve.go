package faketelegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"nghe/bot/bottest/bell"
)

// Clock is where the fake gets its time from. Nobody waits any more when the
// context of After has ended.
type Clock interface {
	Now() time.Time
	After(ctx context.Context, d time.Duration) <-chan time.Time
}

type wallClock struct{}

func (wallClock) Now() time.Time { return time.Now() }
func (wallClock) After(_ context.Context, d time.Duration) <-chan time.Time {
	return time.After(d)
}

// Settings of a Server. The zero value is a server in real time that refuses
// nobody for their pace.
type Settings struct {
	Token string // "" = Token
	Clock Clock  // nil = real time
	Pace  *Pace  // nil = no limits
	// Reach is how webhooks are reached; nil = the network.
	Reach http.RoundTripper
	// Local takes webhooks by http and on any port, as the server does that
	// one runs oneself.
	Local bool
	// Anybody lets the bot write to every number, as if all had started it.
	Anybody bool
	// Rand chooses the order of chats and the longest waits between
	// redeliveries; nil = oldest first and 60 s.
	Rand *rand.Rand
	// Deliveries is how often an update is delivered by webhook although it
	// was taken, as if answers had been lost; nil = once.
	Deliveries func(update int64) int
}

// Token is the bot's, unless Settings say otherwise.
const Token = "7000000001:AAfakefakefakefakefakefakefakefakefa"

// Bot is how the bot itself appears in messages.
var Bot = User{ID: 7000000001, IsBot: true, FirstName: "nghe", Username: "nghe_thu_bot"}

// Server is the fake. All methods are safe for several goroutines.
type Server struct {
	Settings

	changed bell.Bell

	mu       sync.Mutex
	revoked  bool
	chats    map[int64]*chat
	updates  []*update // waiting, in order of their numbers
	last     int64     // number of the last update
	allowed  []string  // kinds of updates that the bot wants; nil = the default ones
	queries  map[string]*query
	poll     *poll
	hook     *hook
	calls    []Call
	problems []string
	faults   map[string][]Fault
	broken   map[string]Fault
	arrivals arrivals
	files    map[string]file // by file_id
	held     map[string]bool // lanes
	hanging  map[string]int  // calls that wait for their Fault.Until

	commands           map[string]json.RawMessage // by language
	description, short map[string]string          // by language

	closed context.Context
	close  context.CancelFunc
	work   sync.WaitGroup
}

// New makes a server. Close it.
func New(settings Settings) *Server {
	if settings.Token == "" {
		settings.Token = Token
	}
	if settings.Clock == nil {
		settings.Clock = wallClock{}
	}
	if settings.Reach == nil {
		settings.Reach = http.DefaultTransport
	}
	s := &Server{
		Settings: settings, last: 700000000,
		chats: map[int64]*chat{}, queries: map[string]*query{}, faults: map[string][]Fault{}, broken: map[string]Fault{}, files: map[string]file{}, held: map[string]bool{}, hanging: map[string]int{},
		commands: map[string]json.RawMessage{}, description: map[string]string{}, short: map[string]string{},
	}
	s.closed, s.close = context.WithCancel(context.Background())
	return s
}

// Close ends deliveries and held polls.
func (s *Server) Close() {
	s.close()
	s.work.Wait()
}

// Wait returns once ok, which is asked again whenever something changed.
func (s *Server) Wait(ctx context.Context, ok func() bool) error {
	return s.changed.Until(ctx, ok)
}

// Call is a request that arrived, whatever came of it.
type Call struct {
	Method string
	Params map[string]string
	// Files are those that were uploaded, by the name of their parameter.
	Files map[string]Upload
	At    time.Time
	Code  int // of the answer: 200, 400, …; 0 = the connection was cut
	// MessageID is of the message that the call made, also when the answer
	// to it was lost.
	MessageID int64
}

// ChatID is the chat that the call is about, 0 if none.
func (c Call) ChatID() int64 {
	id, _ := strconv.ParseInt(c.Params["chat_id"], 10, 64)
	return id
}

// Calls gives all requests of a method in order of arrival; "" = of all.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			list = append(list, c)
		}
	}
	return list
}

// Problems are requests that the real server might take, or silently
// misunderstand, and that are wrong all the same.
func (s *Server) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.problems...)
}

func (s *Server) problem(format string, args ...any) {
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
	s.changed.Ring()
}

// Fault is what goes wrong with a call.
type Fault struct {
	Code        int    // HTTP status and error_code
	Description string // with its prefix, as the server writes it
	RetryAfter  int    // seconds
	MigrateTo   int64
	Body        string // answered in the place of JSON
	Drop        bool   // the connection is cut in the place of an answer
	Done        bool   // the call is carried out first
	// Until, when set, is waited for before anything is done.
	Until <-chan struct{}
}

// Faults that happen.
var (
	BadGateway = Fault{Code: http.StatusBadGateway, Body: "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"}
	// Lost is a connection that breaks after the message was recorded.
	Lost    = Fault{Drop: true, Done: true}
	Dropped = Fault{Drop: true}
	Blocked = Fault{Code: http.StatusForbidden, Description: "Forbidden: bot was blocked by the user"}
	Moving  = Fault{Code: http.StatusMisdirectedRequest, Description: "Misdirected request"}
	Broken  = Fault{Code: http.StatusInternalServerError, Description: "Internal Server Error"}
)

// TooMany is a refusal for the pace.
func TooMany(seconds int) Fault {
	return Fault{Code: http.StatusTooManyRequests, Description: fmt.Sprintf("Too Many Requests: retry after %d", seconds), RetryAfter: seconds}
}

// Refusal is any other refusal.
func Refusal(code int, description string) Fault { return Fault{Code: code, Description: description} }

// Fail lets the next calls of a method fail, one fault each.
func (s *Server) Fail(method string, faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults[method] = append(s.faults[method], faults...)
}

// Break lets all calls of a method fail until Mend.
func (s *Server) Break(method string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken[method] = f
}

// Mend ends Break.
func (s *Server) Mend(method string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.broken, method)
}

func (s *Server) hang(method string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hanging[method] += n
	s.changed.Ring()
}

// Held says whether a call of a method waits for its Fault.Until.
func (s *Server) Held(method string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hanging[method] > 0
}

// Revoke makes the token worthless.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = true
	s.changed.Ring()
}

func (s *Server) fault(method string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if list := s.faults[method]; len(list) > 0 {
		s.faults[method] = list[1:]
		return list[0], true
	}
	f, ok := s.broken[method]
	return f, ok
}

// refusal is an error as the Bot API tells it.
type refusal struct {
	Code        int         `json:"error_code"`
	Description string      `json:"description"`
	Parameters  *parameters `json:"parameters,omitempty"`
}

type parameters struct {
	RetryAfter int   `json:"retry_after,omitempty"`
	MigrateTo  int64 `json:"migrate_to_chat_id,omitempty"`
}

func (r *refusal) Error() string { return r.Description }

func badRequest(format string, args ...any) *refusal {
	return &refusal{Code: http.StatusBadRequest, Description: "Bad Request: " + fmt.Sprintf(format, args...)}
}

func (f Fault) refusal() *refusal {
	r := &refusal{Code: f.Code, Description: f.Description}
	if f.RetryAfter != 0 || f.MigrateTo != 0 {
		r.Parameters = &parameters{f.RetryAfter, f.MigrateTo}
	}
	return r
}

var tokenPath = regexp.MustCompile(`^/(file/)?bot(\d+:[A-Za-z0-9_-]{30,})/(.+)$`)

// ServeHTTP is the public side of the Bot API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m := tokenPath.FindStringSubmatch(r.URL.Path)
	if m == nil {
		refuse(w, &refusal{Code: http.StatusNotFound, Description: "Not Found"})
		return
	}
	s.mu.Lock()
	ok := m[2] == s.Token && !s.revoked
	s.mu.Unlock()
	if !ok {
		refuse(w, &refusal{Code: http.StatusUnauthorized, Description: "Unauthorized"})
		return
	}
	if m[1] != "" {
		s.download(w, m[3])
		return
	}
	method := methods[strings.ToLower(m[3])]
	if method == nil {
		s.mu.Lock()
		s.problem("unknown method %s", m[3])
		s.mu.Unlock()
		refuse(w, &refusal{Code: http.StatusNotFound, Description: "Not Found: method not found"})
		return
	}
	s.call(w, r, method)
}

// call carries a request from its parameters to its answer.
func (s *Server) call(w http.ResponseWriter, r *http.Request, method *shape) {
	call := Call{Method: method.name, At: s.Clock.Now()}
	fault, failing := s.fault(method.name)
	var result any
	var err error
	if call.Params, call.Files, err = readParams(r); err != nil {
		err = badRequest("%v", err)
	}
	if failing && fault.Until != nil {
		s.hang(method.name, 1)
		defer s.hang(method.name, -1)
		select {
		case <-fault.Until:
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	}
	if err == nil && (!failing || fault.Done) {
		result, err = s.carryOut(r.Context(), method, &call)
	}
	var said *refusal
	switch {
	case failing && fault.Drop:
		s.record(call)
		panic(http.ErrAbortHandler)
	case failing && fault.Body != "":
		call.Code = fault.Code
		s.record(call)
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(fault.Code)
		io.WriteString(w, fault.Body) //nolint:errcheck // the other side may be gone
	case failing:
		said = fault.refusal()
	case errors.As(err, &said):
	case err != nil: // the other side is gone
		s.record(call)
		panic(http.ErrAbortHandler)
	default:
		call.Code = http.StatusOK
		s.record(call)
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(answer{Ok: true, Result: result}) //nolint:errcheck // the other side may be gone
	}
	if said != nil {
		call.Code = said.Code
		s.record(call)
		refuse(w, said)
	}
}

// carryOut holds a call against the table and the pace and does it.
func (s *Server) carryOut(ctx context.Context, method *shape, call *Call) (any, error) {
	unknown, err := checkParams(method, call.Params)
	if unknown != "" {
		s.mu.Lock()
		s.problem("%s has no parameter %s", method.name, unknown)
		s.mu.Unlock()
		return nil, badRequest("parameter %s is not known (the real server would ignore it)", unknown)
	}
	if err != nil {
		s.mu.Lock()
		s.problem("%s: %v", method.name, err)
		s.mu.Unlock()
		text := err.Error()
		if text == strings.ToUpper(text) {
			return nil, badRequest("%s", text)
		}
		return nil, badRequest("%v", err)
	}
	if method.name == "getUpdates" {
		return s.getUpdates(ctx, call.Params)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.arrive(call); err != nil {
		return nil, err
	}
	result, err := s.do(method.name, call)
	if err != nil {
		return nil, err
	}
	if err := checkOwn(method.returns, result); err != nil {
		s.problem("the fake itself answers %s wrongly: %v", method.name, err)
	}
	return result, nil
}

func (s *Server) record(c Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, c)
	s.changed.Ring()
}

type answer struct {
	Ok     bool `json:"ok"`
	Result any  `json:"result"`
}

func refuse(w http.ResponseWriter, r *refusal) {
	w.Header().Set("Content-Type", "application/json")
	if r.Parameters != nil && r.Parameters.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(r.Parameters.RetryAfter))
	}
	w.WriteHeader(r.Code)
	json.NewEncoder(w).Encode(struct { //nolint:errcheck // the other side may be gone
		Ok bool `json:"ok"`
		*refusal
	}{false, r})
}

const maxRequest = 64 << 20 // bytes: uploads of 50 MB

// readParams merges what may come in the address, as a form or as JSON. A file
// that is uploaded is also a parameter: what stands for it.
func readParams(r *http.Request) (map[string]string, map[string]Upload, error) {
	params, files := map[string]string{}, map[string]Upload{}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	if err != nil {
		return nil, nil, fmt.Errorf("can't read the request: %w", err)
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(body, &object); err != nil {
			return nil, nil, errors.New("can't parse request body as JSON")
		}
		for name, raw := range object {
			var text string
			if json.Unmarshal(raw, &text) != nil {
				text = string(raw)
			}
			params[name] = text
		}
	} else {
		r.Body = io.NopCloser(bytes.NewReader(body))
		if err := r.ParseMultipartForm(maxRequest); err != nil && !errors.Is(err, http.ErrNotMultipart) {
			return nil, nil, errors.New("can't parse the request")
		}
		if r.MultipartForm != nil {
			for name, headers := range r.MultipartForm.File {
				f, err := headers[0].Open()
				if err != nil {
					return nil, nil, errors.New("can't parse the request")
				}
				held, err := io.ReadAll(f)
				f.Close()
				if err != nil {
					return nil, nil, errors.New("can't parse the request")
				}
				files[name] = Upload{headers[0].Filename, headers[0].Header.Get("Content-Type"), held}
				params[name] = "attach://" + name
			}
		}
		for name, values := range r.PostForm {
			params[name] = values[0]
		}
	}
	for name, values := range r.URL.Query() {
		params[name] = values[0]
	}
	return params, files, nil
}
