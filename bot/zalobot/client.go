package zalobot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
)

// client calls the platform. The token is part of every address: no error of
// it holds an address, and what the platform says has token and secret taken
// out.
type client struct {
	api, token, secret string
	http               *http.Client
}

// maxAnswer is far above the longest answer, in bytes.
const maxAnswer = 1 << 20

var (
	errUnsent     = errors.New("no connection") // the call may be made again
	errUnreadable = errors.New("answer is not of the platform")
)

// apiError is an error that the platform tells.
type apiError struct {
	Code        int
	Description string
}

func (e *apiError) Error() string { return fmt.Sprintf("zalobot %d: %s", e.Code, e.Description) }

func newClient(api, token, secret string) *client {
	return &client{api: strings.TrimRight(api, "/"), token: token, secret: secret, http: &http.Client{
		Transport:     http.DefaultTransport.(*http.Transport).Clone(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// call calls a method and reads its result, which may be nil.
func (c *client) call(ctx context.Context, method string, params, result any) error {
	body, err := json.Marshal(params)
	if err != nil {
		return fmt.Errorf("%w: encode: %w", errUnsent, err)
	}
	var written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { written.Store(true) }})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.api+"/bot"+c.token+"/"+method, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%w: the address of the platform can't be used", errUnsent)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := c.http.Do(r)
	if err != nil {
		err = c.clean(err)
		if !written.Load() {
			return fmt.Errorf("%w: %w", errUnsent, err)
		}
		return err
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("answer broken off: %w", c.clean(err))
	}
	return c.read(answer.StatusCode, raw, result)
}

// read reads an answer. An error usually has its HTTP status, but 200 was seen
// too.
func (c *client) read(status int, raw []byte, result any) error {
	var e struct {
		OK          *bool           `json:"ok"`
		Result      json.RawMessage `json:"result"`
		Code        int             `json:"error_code"`
		Description string          `json:"description"`
	}
	if json.Unmarshal(raw, &e) != nil || e.OK == nil {
		// Statuses that say the same whoever says them.
		if status == http.StatusTooManyRequests || status == http.StatusUnauthorized || status == http.StatusRequestTimeout {
			return &apiError{status, http.StatusText(status)}
		}
		return fmt.Errorf("%w: HTTP %d", errUnreadable, status)
	}
	if !*e.OK {
		if e.Code == 0 {
			e.Code = status
		}
		return &apiError{e.Code, c.redact(e.Description)}
	}
	if result != nil && len(e.Result) > 0 {
		if err := json.Unmarshal(e.Result, result); err != nil {
			return fmt.Errorf("%w: its result can't be read", errUnreadable)
		}
	}
	return nil
}

// clean takes address and token out of an error.
func (c *client) clean(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	text := c.redact(err.Error())
	for _, known := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, known) {
			return fmt.Errorf("%s: %w", text, known)
		}
	}
	return errors.New(text)
}

func (c *client) redact(text string) string {
	for _, secret := range []string{c.token, c.secret} {
		if len(secret) < 4 {
			continue
		}
		for _, form := range []string{secret, url.QueryEscape(secret), url.PathEscape(secret)} {
			text = strings.ReplaceAll(text, form, "…")
		}
	}
	return text
}

// code gives the error code of the platform, 0 when it told none.
func code(err error) int {
	var e *apiError
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}
