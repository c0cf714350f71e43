package fakezalo

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// How long things live.
const (
	AccessLife  = 25 * time.Hour
	RefreshLife = 90 * 24 * time.Hour
	codeLife    = 10 * time.Minute
)

// tokens are those of one account.
type tokens struct {
	access    string
	until     time.Time
	refresh   map[string]time.Time // those that still work, and until when
	codes     map[string]code
	exchanges int
	asked     int
	// numeric tells expires_in as a number; bare leaves the refresh token out
	// of the answer and lets the old one live.
	numeric, bare bool
}

type code struct {
	challenge string
	until     time.Time
}

// refused gives the code for an access token that doesn't work, 0 for the one
// that does.
func (t *tokens) refused(access string, now time.Time) int {
	switch {
	case access == "" || access != t.access:
		return -216
	case !now.Before(t.until):
		return -220
	}
	return 0
}

// Consent is an administrator who lets the app into the account: it gives a
// refresh token for ZALO_REFRESH_TOKEN, as the console of the developers'
// site shows it. Tokens given before stop working.
func (s *Server) Consent() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens.refresh)
	return s.newRefresh()
}

// ConsentCode is the same by the consent page: a code that is exchanged once.
func (s *Server) ConsentCode(challenge string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tokens.codes == nil {
		s.tokens.codes = map[string]code{}
	}
	c := s.id("code")
	s.tokens.codes[c] = code{challenge, s.Now().Add(codeLife)}
	return c
}

// AccessToken gives the one that works now.
func (s *Server) AccessToken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens.access
}

// Exchanges gives how often tokens were asked for, and how often given.
func (s *Server) Exchanges() (asked, given int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens.asked, s.tokens.exchanges
}

// RevokeAccess ends the access token before its time.
func (s *Server) RevokeAccess() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens.access = ""
}

// RevokeRefresh ends all refresh tokens: only a new consent helps.
func (s *Server) RevokeRefresh() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens.refresh)
}

// TokenForm chooses how the token endpoint tells its answer: expires_in as a
// number instead of a string, without a refresh token.
func (s *Server) TokenForm(numeric, bare bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens.numeric, s.tokens.bare = numeric, bare
}

func (s *Server) newRefresh() string {
	if s.tokens.refresh == nil {
		s.tokens.refresh = map[string]time.Time{}
	}
	t := s.id("refresh-token-")
	s.tokens.refresh[t] = s.Now().Add(RefreshLife)
	return t
}

// oauth is POST /v4/oa/access_token.
func (s *Server) oauth(w *recorder, r *http.Request) {
	if r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") || r.URL.RawQuery != "" {
		s.complain("a token is asked for by %s with %q", r.Method, r.Header.Get("Content-Type"))
	}
	if err := r.ParseForm(); err != nil {
		s.complain("token form: %v", err)
	}
	for name := range r.PostForm {
		if !strings.Contains(" refresh_token app_id grant_type code code_verifier ", " "+name+" ") {
			s.complain("token form has a field %q", name)
		}
	}
	if r.Header.Get("access_token") != "" {
		s.complain("a token is asked for with an access token")
	}
	form := r.PostForm
	switch {
	case form.Get("app_id") != s.AppID:
		oauthError(w, -14002, "Invalid app id.")
	case r.Header.Get("secret_key") != s.AppSecret:
		oauthError(w, -14004, "Invalid secret key.")
	case form.Get("grant_type") == "refresh_token":
		s.refreshed(w, form.Get("refresh_token"))
	case form.Get("grant_type") == "authorization_code":
		s.exchanged(w, form.Get("code"), form.Get("code_verifier"))
	default:
		oauthError(w, -14018, "Invalid grant type.")
	}
}

func (s *Server) refreshed(w *recorder, token string) {
	until, ok := s.tokens.refresh[token]
	if !ok || !s.Now().Before(until) {
		oauthError(w, -14014, "Invalid refresh token.")
		return
	}
	if !s.tokens.bare {
		delete(s.tokens.refresh, token)
	}
	s.issue(w)
}

func (s *Server) exchanged(w *recorder, given, verifier string) {
	c, ok := s.tokens.codes[given]
	delete(s.tokens.codes, given)
	sum := sha256.Sum256([]byte(verifier))
	if !ok || !s.Now().Before(c.until) || c.challenge != base64.RawURLEncoding.EncodeToString(sum[:]) {
		oauthError(w, -14005, "Invalid code.")
		return
	}
	s.issue(w)
}

// issue gives a new pair; the access token before it dies at once.
func (s *Server) issue(w *recorder) {
	s.tokens.exchanges++
	s.tokens.access, s.tokens.until = s.id("access-token-"), s.Now().Add(AccessLife)
	answer := map[string]any{"access_token": s.tokens.access, "expires_in": strconv.Itoa(int(AccessLife.Seconds()))}
	if s.tokens.numeric {
		answer["expires_in"] = int(AccessLife.Seconds())
	}
	if !s.tokens.bare {
		answer["refresh_token"] = s.newRefresh()
	}
	w.json(answer)
}

// oauthError has a shape of its own.
func oauthError(w *recorder, code int, name string) {
	w.json(map[string]any{
		"error": code, "error_name": name, "error_description": name, "error_reason": "", "ref_doc": "https://developers.zalo.me/docs",
	})
}

func (s *Server) proof() string {
	mac := hmac.New(sha256.New, []byte(s.AppSecret))
	mac.Write([]byte(s.tokens.access))
	return hex.EncodeToString(mac.Sum(nil))
}
