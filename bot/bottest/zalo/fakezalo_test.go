package fakezalo_test

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"nghe/bot/bottest"
	fakezalo "nghe/bot/bottest/zalo"
)

type account struct {
	*fakezalo.Server
	at time.Time
}

func open(change ...func(*fakezalo.Settings)) *account {
	a := &account{at: bottest.Start}
	s := fakezalo.Settings{Now: func() time.Time { return a.at }}
	for _, c := range change {
		c(&s)
	}
	a.Server = fakezalo.New(s)
	return a
}

// call gives the body of an answer; all of them have HTTP 200.
func (a *account) call(t *testing.T, method, path, body string, header ...string) string {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	out := httptest.NewRecorder()
	a.ServeHTTP(out, r)
	got, err := io.ReadAll(out.Body)
	if err != nil || out.Code != http.StatusOK && !strings.Contains(string(got), "-404") {
		t.Errorf("%s: %d %v", path, out.Code, err)
	}
	return string(got)
}

func (a *account) tokens(t *testing.T, form url.Values) string {
	t.Helper()
	form.Set("app_id", a.AppID)
	return a.call(t, "POST", "/v4/oa/access_token", form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "secret_key", a.AppSecret)
}

func TestTokensWorkOnce(t *testing.T) {
	a := open()
	refresh := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {a.Consent()}}
	if got := a.tokens(t, refresh); !strings.Contains(got, `"expires_in":"90000"`) {
		t.Error(got)
	}
	first := a.AccessToken()
	if got := a.tokens(t, refresh); !strings.Contains(got, `"error":-14014`) || !strings.Contains(got, `"error_name"`) {
		t.Error(got)
	}
	sum := sha256.Sum256([]byte("verifier"))
	code := url.Values{"grant_type": {"authorization_code"}, "code_verifier": {"verifier"}, "code": {a.ConsentCode(base64.RawURLEncoding.EncodeToString(sum[:]))}}
	if got := a.tokens(t, code); !strings.Contains(got, a.AccessToken()) {
		t.Error(got)
	}
	if got := a.tokens(t, code); !strings.Contains(got, "-14005") {
		t.Error(got)
	}
	if got := a.call(t, "GET", "/v2.0/oa/getoa", "", "access_token", first); !strings.Contains(got, "-216") {
		t.Errorf("the old access token lives: %s", got)
	}
	current := a.AccessToken()
	if got := a.call(t, "GET", "/v2.0/oa/getoa", "", "access_token", current); !strings.Contains(got, `"error":0`) {
		t.Error(got)
	}
	a.at = a.at.Add(fakezalo.AccessLife)
	if got := a.call(t, "GET", "/v2.0/oa/getoa", "", "access_token", current); !strings.Contains(got, "-220") {
		t.Error(got)
	}
	if got := a.tokens(t, url.Values{"grant_type": {"password"}}); !strings.Contains(got, "-14018") {
		t.Error(got)
	}
	if c := a.Complaints(); len(c) != 0 {
		t.Errorf("%q", c)
	}
}

// What a careless client does is complained about or refused.
func TestItIsStrict(t *testing.T) {
	a := open()
	a.tokens(t, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {a.Consent()}})
	a.Say("1", "chào")
	token := a.AccessToken()
	to := `{"recipient":{"user_id":"1"},"message":`
	button := `{"title":"a","type":"oa.query.hide","payload":"b"}`
	for _, c := range []struct {
		name, path, body, want string
		complaints             int
	}{
		{"unknown field", "/v3.0/oa/message/cs", to + `{"text":"a","parse_mode":"html"}}`, "-201", 1},
		{"unknown path", "/v3.0/oa/message", to + `{"text":"a"}}`, "-404", 1},
		{"nobody", "/v3.0/oa/message/cs", `{"recipient":{},"message":{"text":"a"}}`, "-201", 0},
		{"no text", "/v3.0/oa/message/cs", to + `{"text":" "}}`, "-201", 0},
		{"long text", "/v3.0/oa/message/cs", to + `{"text":"` + strings.Repeat("ề", 2001) + `"}}`, "-210", 0},
		{"just long enough", "/v3.0/oa/message/cs", to + `{"text":"` + strings.Repeat("ề", 2000) + `"}}`, `"error":0`, 0},
		{"six buttons", "/v3.0/oa/message/cs", to + `{"text":"a","attachment":{"type":"template","payload":{"buttons":[` + strings.Repeat(button+",", 5) + button + `]}}}}`, "-210", 0},
		{"five buttons", "/v3.0/oa/message/cs", to + `{"text":"a","attachment":{"type":"template","payload":{"buttons":[` + strings.Repeat(button+",", 4) + button + `]}}}}`, `"error":0`, 0},
		{"a list", "/v3.0/oa/message/cs", to + `{"text":"a","attachment":{"type":"template","payload":{"template_type":"list"}}}}`, "-233", 0},
		{"version 2", "/v2.0/oa/message", to + `{"text":"a"}}`, "-240", 0},
		{"retired", "/v3.0/oa/message/transaction", to + `{"text":"a"}}`, "-233", 0},
	} {
		before := len(a.Complaints())
		got := a.call(t, "POST", c.path, c.body, "access_token", token)
		if !strings.Contains(got, c.want) || len(a.Complaints())-before != c.complaints {
			t.Errorf("%s: %s, %q", c.name, got, a.Complaints()[before:])
		}
	}
	if got := a.call(t, "POST", "/v3.0/oa/message/cs", to+`{"text":"a"}}`, "Authorization", "Bearer "+token); !strings.Contains(got, "-216") {
		t.Errorf("a bearer token works: %s", got)
	}
}

func TestTheLadderOfRetries(t *testing.T) {
	a := open() // nobody listens
	a.Say("1", "chào")
	var ages []time.Duration
	began := a.at
	for range 230 {
		if n := a.Deliver(t.Context()); n > 0 {
			ages = append(ages, a.at.Sub(began))
		}
		a.at = a.at.Add(30 * time.Second)
	}
	want := []time.Duration{0, 30 * time.Second, 330 * time.Second, 1230 * time.Second, 3030 * time.Second, 6630 * time.Second}
	if !slices.Equal(ages, want) || !a.Unsubscribed() {
		t.Errorf("%v, unsubscribed %v", ages, a.Unsubscribed())
	}
}

func TestControlsOverHTTP(t *testing.T) {
	a := open()
	control := httptest.NewServer(a.Control())
	defer control.Close()
	for path, body := range map[string]string{
		"/say": `{"User":"1","Text":"chào"}`, "/send": `{"user":"1","kind":"image"}`, "/follow": `{"user":"1"}`, "/unfollow": `{"user":"1"}`,
		"/withdraw": `{"user":"1"}`, "/human": `{"user":"1","text":"x"}`,
		"/refuse": `{"user":"1","code":-213}`, "/fail": `{"Code":-32}`, "/consent": ``,
	} {
		answer, err := http.Post(control.URL+path, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if answer.Body.Close(); answer.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
	if n := a.Lose(); n != 6 {
		t.Errorf("%d events", n)
	}
	// Nobody sends a form that they were not given.
	if answer, err := http.Post(control.URL+"/info", "application/json", strings.NewReader(`{"user":"1","phone":"84912345678"}`)); err != nil || answer.StatusCode != http.StatusBadRequest {
		t.Error(answer, err)
	}
	for _, path := range []string{"/sent", "/attempts", "/complaints"} {
		answer, err := http.Get(control.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		if answer.Body.Close(); answer.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
}
