package zalo

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// caller makes calls. It is the one place where anything secret meets the
// network: whatever it gives back is free of secrets.
type caller struct {
	http *http.Client
	// secrets gives what must not be in any error.
	secrets func() []string
}

// maxAnswer is far above the longest answer of Zalo, in bytes.
const maxAnswer = 1 << 20

// answer is what came back of a call, before it is known what it means.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// errUnsent is a call that did not reach the platform: it may be made again.
var errUnsent = errors.New("no connection")

// do makes one call. An error wraps errUnsent when nothing was written to the
// platform; any other leaves it in doubt whether it was heard.
func (c caller) do(ctx context.Context, method, address, kind string, header map[string]string, body []byte) (answer, error) {
	// The transport's own goroutine may say so after the call was given up.
	var written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { written.Store(true) },
	})
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return answer{}, fmt.Errorf("%w: the address of the platform can't be used", errUnsent)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for name, value := range header {
		// Zalo names its headers in small letters, with low lines.
		r.Header[name] = []string{value}
	}
	response, err := c.http.Do(r)
	if err != nil {
		err = c.clean(cause(err))
		if !written.Load() {
			return answer{}, fmt.Errorf("%w: %w", errUnsent, err)
		}
		return answer{}, err
	}
	defer response.Body.Close()
	got, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return answer{}, fmt.Errorf("answer broken off: %w", c.clean(cause(err)))
	}
	return answer{response.StatusCode, response.Header, got}, nil
}

// cause takes the address out of an error: nobody needs it, and it may hold
// what an operator put there.
func cause(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// clean gives an error without secrets. The cause can still be asked for by
// errors.Is when it is one of the context.
func (c caller) clean(err error) error {
	text := c.redact(err.Error())
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%s: %w", text, context.Canceled)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: %w", text, context.DeadlineExceeded)
	}
	return errors.New(text)
}

// redact takes every secret out of a text, as it is and as addresses write it.
func (c caller) redact(text string) string {
	for _, secret := range c.secrets() {
		if len(secret) < 4 {
			continue
		}
		text = strings.ReplaceAll(text, secret, "…")
		text = strings.ReplaceAll(text, url.QueryEscape(secret), "…")
	}
	return text
}

// newHTTP makes the client of a platform. Redirects are answers like others: a
// token must not follow them to another host.
func newHTTP() *http.Client {
	return &http.Client{
		Transport: http.DefaultTransport.(*http.Transport).Clone(),
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
}

// apiError is an error that Zalo tells, with HTTP 200.
type apiError struct {
	Code    int
	Message string
}

func (e *apiError) Error() string { return fmt.Sprintf("zalo %d: %s", e.Code, e.Message) }

// errUnreadable is an answer that is none of Zalo's: a proxy's page, a broken
// one. What was sent may have arrived.
var errUnreadable = errors.New("answer is not of Zalo")

// client calls the OpenAPI with the tokens of a Keeper.
type client struct {
	caller
	api       string
	appSecret string
	keeper    *Keeper
	now       func() time.Time

	mu     sync.Mutex
	paused time.Time // the app's calls of this minute are used up
}

// errPaused says that this minute's calls are used up. Nothing was sent.
var errPaused = errors.New("no calls are left this minute")

// post calls an endpoint. A token that was refused is exchanged for a newer
// one, once.
func (c *client) post(ctx context.Context, path string, body any) (json.RawMessage, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("%w: encode: %w", errUnsent, err)
	}
	return c.call(ctx, http.MethodPost, path, "application/json", raw)
}

func (c *client) call(ctx context.Context, method, path, kind string, body []byte) (json.RawMessage, error) {
	if c.now().Before(c.pausedUntil()) {
		return nil, errPaused
	}
	token, err := c.keeper.Token(ctx)
	if err != nil {
		return nil, err
	}
	data, err := c.once(ctx, method, path, token, kind, body)
	var refused *apiError
	if !errors.As(err, &refused) || !tokenRefused(refused.Code) {
		return data, err
	}
	if token, err = c.keeper.Other(ctx, token); err != nil {
		return nil, err
	}
	return c.once(ctx, method, path, token, kind, body)
}

func tokenRefused(code int) bool { return code == -216 || code == -220 || code == -124 }

func (c *client) once(ctx context.Context, method, path, token, kind string, body []byte) (json.RawMessage, error) {
	header := map[string]string{"access_token": token}
	if c.appSecret != "" {
		// Harmless where the app does not require it.
		mac := hmac.New(sha256.New, []byte(c.appSecret))
		mac.Write([]byte(token))
		header["appsecret_proof"] = hex.EncodeToString(mac.Sum(nil))
	}
	a, err := c.do(ctx, method, c.api+path, kind, header, body)
	if err != nil {
		return nil, err
	}
	c.notePace(a.header)
	var e struct {
		Error   *int            `json:"error"`
		Message string          `json:"message"`
		Data    json.RawMessage `json:"data"`
	}
	if a.status == http.StatusTooManyRequests {
		return nil, &apiError{-32, "HTTP 429"}
	}
	if a.status != http.StatusOK || json.Unmarshal(a.body, &e) != nil || e.Error == nil {
		return nil, fmt.Errorf("%w: HTTP %d", errUnreadable, a.status)
	}
	if *e.Error != 0 {
		return nil, &apiError{*e.Error, c.redact(e.Message)}
	}
	return e.Data, nil
}

// notePace obeys the counter that every answer carries.
func (c *client) notePace(h http.Header) {
	if h.Get("X-RateLimit-Remain") != "0" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paused = nextMinute(c.now())
}

func (c *client) pausedUntil() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.paused
}

// nextMinute is when calls are counted anew: our clock and Zalo's may differ.
func nextMinute(now time.Time) time.Time {
	return now.Truncate(time.Minute).Add(time.Minute + time.Second)
}
