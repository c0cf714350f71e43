package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// PublicAPI is where Telegram itself answers.
const PublicAPI = "https://api.telegram.org"

const (
	callTime  = 15 * time.Second // of a call that is not held; the sender's deadline may be sooner
	maxAnswer = 32 << 20         // bytes; 100 of the largest updates
)

// Client calls methods of the Bot API. It is safe for several goroutines.
type Client struct {
	token    string
	endpoint string // as the library wants it: address/bot%s/%s
	http     *http.Client
	secrets  *strings.Replacer
}

// NewClient makes a client. Base is the address of the API; transport nil
// takes one of its own. No error of it holds the token or one of the secrets.
func NewClient(token, base string, transport http.RoundTripper, secrets ...string) (*Client, error) {
	if token == "" || strings.ContainsAny(token, "/?#% \t\r\n") {
		return nil, errors.New("the token of the bot is empty or has characters that no token has")
	}
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("the address of the Bot API has to begin with https:// or http://")
	}
	if transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.MaxIdleConnsPerHost = 64
		transport = t
	}
	return &Client{
		token:    token,
		endpoint: strings.ReplaceAll(strings.TrimSuffix(base, "/"), "%", "%%") + "/bot%s/%s",
		http: &http.Client{
			Transport: transport,
			// The next host would see the token as where we come from.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		secrets: redactor(append(secrets, token)),
	}, nil
}

// redactor takes secrets out of texts, also as they are written in addresses,
// and the telling half of a token alone.
func redactor(secrets []string) *strings.Replacer {
	var pairs []string
	for _, secret := range secrets {
		forms := []string{secret}
		if _, key, ok := strings.Cut(secret, ":"); ok {
			forms = append(forms, key)
		}
		for _, form := range forms {
			if form == "" {
				continue
			}
			for _, written := range []string{form, url.QueryEscape(form), url.PathEscape(form), strings.ReplaceAll(url.QueryEscape(form), "%", "%25")} {
				pairs = append(pairs, written, "[secret]")
			}
		}
	}
	return strings.NewReplacer(pairs...)
}

// CallError is a call that failed, without secrets.
type CallError struct {
	Method string
	Code   int // Telegram's; else the HTTP status; 0 = there was no answer
	// Description is Telegram's; "" when the answer was not Telegram's.
	Description string
	RetryAfter  time.Duration
	MigrateTo   int64
	// Written: the whole request may have reached the platform.
	Written bool

	cause string
	ended error // of the context
}

func (e *CallError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "telegram %s", e.Method)
	if e.Code != 0 {
		fmt.Fprintf(&b, ": %d", e.Code)
	}
	for _, text := range []string{e.Description, e.cause} {
		if text != "" {
			fmt.Fprintf(&b, ": %s", text)
		}
	}
	return b.String()
}

// Unwrap gives the error of the context when that ended the call.
func (e *CallError) Unwrap() error { return e.ended }

// call carries out a method; into may be nil. The error is a *CallError.
func (c *Client) call(ctx context.Context, method string, params tgbotapi.Params, into any) error {
	return c.carryOut(ctx, method, into, func(api *tgbotapi.BotAPI) (*tgbotapi.APIResponse, error) { return api.MakeRequest(method, params) })
}

func (c *Client) carryOut(ctx context.Context, method string, into any, request func(*tgbotapi.BotAPI) (*tgbotapi.APIResponse, error)) error {
	d := &exchange{ctx: ctx, http: c.http}
	api := &tgbotapi.BotAPI{Token: c.token, Client: d}
	api.SetAPIEndpoint(c.endpoint)
	resp, err := request(api)
	if err == nil && into != nil {
		err = json.Unmarshal(resp.Result, into)
	}
	if err == nil {
		return nil
	}
	failed := &CallError{Method: method, Code: d.status, Written: d.written(), ended: ctx.Err()}
	var told *tgbotapi.Error
	if errors.As(err, &told) {
		if told.Code != 0 {
			failed.Code = told.Code
		}
		failed.Description = c.secrets.Replace(told.Message)
		if failed.Description == "" {
			failed.Description = "no description"
		}
		failed.MigrateTo = told.MigrateToChatID
		failed.RetryAfter = max(time.Duration(told.RetryAfter)*time.Second, d.retryAfter)
		return failed
	}
	failed.RetryAfter = d.retryAfter
	failed.cause = c.secrets.Replace(err.Error())
	return failed
}

// exchange is one request of the library's, given a context and watched.
type exchange struct {
	ctx        context.Context
	http       *http.Client
	status     int
	retryAfter time.Duration

	connected, unwritten atomic.Bool
}

// Do implements tgbotapi.HTTPClient.
func (x *exchange) Do(r *http.Request) (*http.Response, error) {
	trace := &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { x.connected.Store(true) },
		WroteRequest: func(i httptrace.WroteRequestInfo) {
			if i.Err != nil {
				x.unwritten.Store(true)
			}
		},
	}
	resp, err := x.http.Do(r.WithContext(httptrace.WithClientTrace(x.ctx, trace)))
	if err != nil {
		return nil, err
	}
	x.status = resp.StatusCode
	if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && seconds > 0 {
		x.retryAfter = time.Duration(seconds) * time.Second
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	return resp, nil
}

// written says whether the platform may have the request whole. A connection
// and no word of a failed write counts as yes.
func (x *exchange) written() bool { return x.connected.Load() && !x.unwritten.Load() }
