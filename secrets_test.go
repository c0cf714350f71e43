package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	fakezalo "nghe/bot/bottest/zalo"
	"nghe/store/storetest"
)

// secrets are all that an operator gives nghe to keep to itself, and what
// platforms give it. Each has a word of its own that nothing else has.
var secrets = map[string]string{
	"TELEGRAM_TOKEN":          "7100000001:AAHtelegramtokenword_x-Zp1234567890abcd",
	"TELEGRAM_WEBHOOK_SECRET": "telegramhookword_5-A",
	"ZALO_APP_SECRET":         "zaloappsecretword+/5=",
	"ZALO_OA_SECRET":          "zalooasecretword+/6=",
	"ZALO_REFRESH_TOKEN":      "zalorefreshword+/7=",
	"ZALO_BOT_TOKEN":          "4200000042:zalobottokenword-8",
	"ZALO_BOT_SECRET":         "zalobothookword-9",
	"NGHE_SECRET":             "installationword & ten",
	"access token":            "zaloaccessword+/11=",
	"next refresh token":      "zalonextrefreshword+/12=",
	"password of Redis":       "redisword@/13",
	"password of PostgreSQL":  "postgresword@/14",
}

// told gives the secrets that a text tells, in any form in which one may be
// written, and be it the telling half alone.
func told(text string) (names []string) {
	for name, secret := range secrets {
		parts := []string{secret}
		if _, key, ok := strings.Cut(secret, ":"); ok {
			parts = append(parts, key)
		}
		parts = append(parts, strings.FieldsFunc(secret, func(r rune) bool { return strings.ContainsRune("@/+:= &", r) })...)
		for _, part := range parts {
			if len(part) < 6 || strings.Trim(part, "0123456789") == "" { // the number of a bot is no secret
				continue
			}
			quoted, _ := json.Marshal(part)
			for _, form := range []string{part, url.QueryEscape(part), url.PathEscape(part), strings.Trim(string(quoted), `"`), base64.StdEncoding.EncodeToString([]byte(part))} {
				if strings.Contains(text, form) && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	slices.Sort(names)
	return names
}

// watched is “nghe serve” of which everything is read that it gives out.
type watched struct {
	t       *testing.T
	cmd     *exec.Cmd
	url     string
	ended   chan struct{}
	mu      sync.Mutex
	printed bytes.Buffer
	changed chan struct{}
}

func (w *watched) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	select {
	case w.changed <- struct{}{}:
	default:
	}
	return w.printed.Write(b)
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.printed.String()
}

// watch starts the program. When the test ends, nothing that it printed may
// tell a secret.
func watch(t *testing.T, settings map[string]string) *watched {
	t.Helper()
	exe, err := built()
	if err != nil {
		t.Fatal(err)
	}
	w := &watched{t: t, cmd: exec.CommandContext(context.WithoutCancel(t.Context()), exe, "serve"), ended: make(chan struct{}), changed: make(chan struct{}, 1)}
	w.cmd.Env = []string{"NGHE_LISTEN=127.0.0.1:0", "NGHE_DATA=" + t.TempDir()}
	for name, value := range settings {
		w.cmd.Env = append(w.cmd.Env, name+"="+value)
	}
	w.cmd.Stdout, w.cmd.Stderr = w, w
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { w.cmd.Wait(); close(w.ended) }()
	t.Cleanup(func() {
		w.cmd.Process.Signal(syscall.SIGTERM)
		<-w.ended
		if names := told(w.String()); names != nil {
			t.Errorf("%q are in what it printed:\n%s", names, w)
		}
		if w.String() == "" {
			t.Error("nothing was printed")
		}
	})
	return w
}

// await waits until something was printed; false: the program ended.
func (w *watched) await(parts ...string) bool {
	w.t.Helper()
	limit := time.After(60 * time.Second)
	for {
		text := w.String()
		if !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(text, p) }) {
			return true
		}
		select {
		case <-w.changed:
		case <-w.ended:
			return false
		case <-limit:
			w.t.Fatalf("%q was not printed in time, only:\n%s", parts, w)
		}
	}
}

// call makes a request and gives the status; nothing that comes back may tell
// a secret.
func (w *watched) call(method, path, body string, header map[string]string) int {
	w.t.Helper()
	if w.url == "" {
		if !w.await("msg=ready") {
			w.t.Fatalf("did not start:\n%s", w)
		}
		_, rest, _ := strings.Cut(w.String(), "listen=")
		w.url = "http://" + strings.Fields(rest)[0]
	}
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer response.Body.Close()
	dump, err := httputil.DumpResponse(response, true)
	if err != nil {
		w.t.Fatal(err)
	}
	if names := told(string(dump)); names != nil {
		w.t.Errorf("%q are in the answer to %s %s:\n%s", names, method, path, dump)
	}
	return response.StatusCode
}

// visit asks for everything that anybody may ask for, and for what is not
// there.
func (w *watched) visit() {
	w.t.Helper()
	for _, path := range []string{"/", "/healthz", "/readyz", "/metrics", "/debug/vars", "/debug/pprof/", "/chat/data", "/telegram", "/zalo", "/zalobot", "/nowhere?token=x"} {
		w.call("GET", path, "", nil)
	}
	w.call("POST", "/chat/messages", `{"id":"message-0001","text":"tiền ăn được bao nhiêu"}`, map[string]string{"Content-Type": "application/json"})
	w.call("POST", "/telegram", `{}`, map[string]string{"X-Telegram-Bot-Api-Secret-Token": "guessed"})
	w.call("POST", "/zalo", `{}`, nil)
	w.call("POST", "/zalo", `{"app_id":"1","event_name":"user_send_text"}`, map[string]string{"X-ZEvent-Signature": "mac=guessed"})
	w.call("POST", "/zalobot", `{}`, map[string]string{"X-Bot-Api-Secret-Token": "guessed"})
}

// channels are the settings of all channels at one address.
func channels(api string, webhooks bool) map[string]string {
	settings := map[string]string{
		"NGHE_PUBLIC_URL": "https://nghe.example.vn", "ZALO_APP_ID": "360846524940903967",
		"TELEGRAM_API": api, "ZALO_API": api, "ZALO_OAUTH": api, "ZALO_BOT_API": api,
	}
	for name, secret := range secrets {
		if name == strings.ToUpper(name) && (webhooks || name != "TELEGRAM_WEBHOOK_SECRET" && name != "ZALO_BOT_SECRET") {
			settings[name] = secret
		}
	}
	return settings
}

// write has somebody write on every channel, so that an answer is sent to
// each.
func (w *watched) write() {
	w.t.Helper()
	const telegram = `{"update_id":7,"message":{"message_id":1,"date":1795300000,"from":{"id":5,"is_bot":false,"first_name":"An"},"chat":{"id":5,"type":"private"},"text":"tiền ăn"}}`
	const zalobot = `{"ok":true,"result":{"event_name":"message.text.received","message":{"from":{"id":"u","display_name":"An","is_bot":false},"chat":{"id":"u","chat_type":"PRIVATE"},"text":"tiền ăn","message_id":"m","date":1750316131602}}}`
	if code := w.call("POST", "/telegram", telegram, map[string]string{"X-Telegram-Bot-Api-Secret-Token": secrets["TELEGRAM_WEBHOOK_SECRET"]}); code != http.StatusOK {
		w.t.Errorf("telegram: %d", code)
	}
	if code := w.call("POST", "/zalobot", zalobot, map[string]string{"X-Bot-Api-Secret-Token": secrets["ZALO_BOT_SECRET"]}); code != http.StatusOK {
		w.t.Errorf("zalobot: %d", code)
	}
	events := fakezalo.New(fakezalo.Settings{Now: time.Now, AppID: "360846524940903967", AppSecret: secrets["ZALO_APP_SECRET"], OASecret: secrets["ZALO_OA_SECRET"], Webhook: w.url + "/zalo"})
	events.Say("1", "tiền ăn")
	events.Deliver(w.t.Context())
}

// platform answers every call alike, and says in the answer all that it was
// sent: no worse platform can be thought of. Tokens it gives out, when it
// does.
type platform struct {
	tokens bool
	answer func(w http.ResponseWriter, r *http.Request, sent string)
}

func (p platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.tokens && strings.HasSuffix(r.URL.Path, "/access_token") {
		json.NewEncoder(w).Encode(map[string]any{"access_token": secrets["access token"], "refresh_token": secrets["next refresh token"], "expires_in": "90000"})
		return
	}
	sent, _ := httputil.DumpRequest(r, true)
	p.answer(w, r, string(sent))
}

// refusal answers in a form that each of the platforms may have.
func refusal(status int) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, _ *http.Request, sent string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		code := status
		if status == http.StatusOK {
			code = 400
		}
		json.NewEncoder(w).Encode(map[string]any{
			"ok": false, "error_code": code, "description": "refused: " + sent,
			"error": -216, "message": "invalid: " + sent, "error_name": sent, "error_reason": sent, "error_description": sent,
		})
	}
}

// Nothing that nghe prints or answers tells a secret, whatever the platforms
// do.
func TestNoSecretIsToldWhenPlatformsFail(t *testing.T) {
	page := func(w http.ResponseWriter, _ *http.Request, sent string) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		fmt.Fprintf(w, "<html><h1>502</h1><pre>%s</pre></html>", sent)
	}
	cut := func(w http.ResponseWriter, _ *http.Request, _ string) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			c.Close()
		}
	}
	over := make(chan struct{})
	t.Cleanup(func() { close(over) })
	silent := func(_ http.ResponseWriter, r *http.Request, _ string) {
		select {
		case <-r.Context().Done():
		case <-over:
		}
	}
	elsewhere := func(w http.ResponseWriter, r *http.Request, _ string) {
		http.Redirect(w, r, "http://127.0.0.1:1/?from="+url.QueryEscape(r.RequestURI), http.StatusFound)
	}
	plain := func(p platform) func(*testing.T) string {
		return func(t *testing.T) string {
			s := httptest.NewServer(p)
			t.Cleanup(s.Close)
			return s.URL
		}
	}
	for name, api := range map[string]func(t *testing.T) string{
		"200 with an error":                     plain(platform{true, refusal(http.StatusOK)}),
		"401":                                   plain(platform{true, refusal(http.StatusUnauthorized)}),
		"403":                                   plain(platform{true, refusal(http.StatusForbidden)}),
		"404":                                   plain(platform{true, refusal(http.StatusNotFound)}),
		"429":                                   plain(platform{true, refusal(http.StatusTooManyRequests)}),
		"500":                                   plain(platform{true, refusal(http.StatusInternalServerError)}),
		"a page of a proxy":                     plain(platform{true, page}),
		"a page of a proxy, for the tokens too": plain(platform{false, page}),
		"400, for the tokens too":               plain(platform{false, refusal(http.StatusBadRequest)}),
		"200, for the tokens too":               plain(platform{false, refusal(http.StatusOK)}),
		"a redirection":                         plain(platform{true, elsewhere}),
		"connections cut":                       plain(platform{true, cut}),
		"no answer":                             plain(platform{true, silent}),
		"a certificate that nobody knows": func(t *testing.T) string {
			s := httptest.NewUnstartedServer(platform{true, page})
			s.Config.ErrorLog = nil
			s.StartTLS()
			t.Cleanup(s.Close)
			return s.URL
		},
		"no TLS where it should be": func(t *testing.T) string {
			return strings.Replace(plain(platform{true, page})(t), "http:", "https:", 1)
		},
		"nobody there": func(t *testing.T) string { return "http://" + closedPort(t) },
		"no such host": func(*testing.T) string { return "https://platform.invalid/" + secrets["TELEGRAM_TOKEN"] },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := api(t)
			t.Run("webhooks", func(t *testing.T) {
				t.Parallel()
				w := watch(t, channels(address, true))
				w.visit()
				w.write()
				// Each channel's failure was told.
				for _, channel := range []string{"telegram", "zalo", "zalobot"} {
					w.awaitLine("contact="+channel+":", "reason=")
				}
				w.visit()
			})
			if !slices.Contains([]string{"401", "500", "a page of a proxy", "nobody there", "no such host"}, name) {
				return // polls fail in the same places
			}
			t.Run("polling", func(t *testing.T) {
				t.Parallel()
				w := watch(t, channels(address, false))
				w.visit()
				w.awaitLine("telegram", "error=")
				w.awaitLine("channel=zalobot")
			})
		})
	}
}

// awaitLine waits for a line that holds all parts.
func (w *watched) awaitLine(parts ...string) {
	w.t.Helper()
	limit := time.After(60 * time.Second)
	for {
		for line := range strings.Lines(w.String()) {
			if !slices.ContainsFunc(parts, func(p string) bool { return !strings.Contains(line, p) }) {
				return
			}
		}
		select {
		case <-w.changed:
		case <-limit:
			w.t.Errorf("no line with %q was printed in time, only:\n%s", parts, w)
			return
		}
	}
}

func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// refusing is a PostgreSQL that says no to everybody, and with which password
// they came.
func refusing(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				io.ReadFull(c, make([]byte, 8))
				fields := "SFATAL\x00VFATAL\x00C53300\x00Mno place for " + secrets["password of PostgreSQL"] + "\x00\x00"
				body := append([]byte{0, 0, 0, byte(4 + len(fields))}, fields...)
				c.Write(append([]byte{'E'}, body...))
			}()
		}
	}()
	return l.Addr().String()
}

// Nor when settings are wrong, and secrets stand where they should not.
func TestNoSecretIsToldWhenSettingsAreWrong(t *testing.T) {
	redis, postgres := secrets["password of Redis"], secrets["password of PostgreSQL"]
	telegram := secrets["TELEGRAM_TOKEN"]
	file := func(t *testing.T, content string) string {
		path := filepath.Join(t.TempDir(), "secret")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	port := closedPort(t)
	for name, wrong := range map[string]map[string]string{
		"Redis is not there":                {"REDIS_URL": "redis://:" + url.QueryEscape(redis) + "@" + port + "/0"},
		"Redis has another password":        {"REDIS_URL": strings.Replace(storetest.Redis(t, "--requirepass", "other"), "redis://", "redis://:"+url.QueryEscape(redis)+"@", 1)},
		"Redis does not speak TLS":          {"REDIS_URL": strings.Replace(storetest.Redis(t), "redis://", "rediss://:"+url.QueryEscape(redis)+"@", 1)},
		"a password as it is":               {"REDIS_URL": "redis://:" + redis + "@" + port + "/0"},
		"a password for a port":             {"REDIS_URL": "redis://localhost:" + redis + "/0"},
		"a password for a database":         {"REDIS_URL": "redis://localhost/" + redis},
		"a password in a broken form":       {"REDIS_URL": "redis://:%zz" + redis + "@localhost"},
		"a password and a foreign address":  {"REDIS_URL": "http://:" + url.QueryEscape(redis) + "@localhost"},
		"a password for an address":         {"REDIS_URL": redis},
		"a password for a host":             {"REDIS_URL": "redis://" + url.QueryEscape(redis) + "/0"},
		"a password that sentinels get":     {"REDIS_URL": "redis-sentinel://:" + url.QueryEscape(redis) + "@" + port + "/master"},
		"a password for a cluster":          {"REDIS_URL": "redis://:" + url.QueryEscape(redis) + "@" + port + "/?cluster=1"},
		"PostgreSQL is not there":           {"DATABASE_URL": "postgres://nghe:" + url.QueryEscape(postgres) + "@" + port + "/nghe"},
		"PostgreSQL refuses":                {"DATABASE_URL": "postgres://nghe:" + url.QueryEscape(postgres) + "@" + refusing(t) + "/nghe?sslmode=disable"},
		"PostgreSQL has no TLS":             {"DATABASE_URL": "postgres://nghe:" + url.QueryEscape(postgres) + "@" + refusing(t) + "/nghe?sslmode=require"},
		"PostgreSQL's password as it is":    {"DATABASE_URL": "postgres://nghe:" + postgres + "@" + port + "/nghe"},
		"PostgreSQL's password in words":    {"DATABASE_URL": "host=localhost port=x password='" + postgres + "'"},
		"PostgreSQL's password for an host": {"DATABASE_URL": "postgres://" + url.QueryEscape(postgres) + "/nghe"},
		"PostgreSQL's password for a port":  {"DATABASE_URL": "postgres://nghe@localhost:" + postgres + "/nghe"},
		"PostgreSQL's password alone":       {"DATABASE_URL": postgres},
		"a secret for the name of a file":   {"NGHE_SECRET_FILE": secrets["NGHE_SECRET"]},
		"a token for the name of a file":    {"TELEGRAM_TOKEN_FILE": telegram},
		"a secret twice":                    {"NGHE_SECRET": secrets["NGHE_SECRET"], "NGHE_SECRET_FILE": file(t, secrets["NGHE_SECRET"])},
		"a short secret":                    {"NGHE_SECRET": "telegramhookword_5-A"[:15]},
		"a token in the address":            {"TELEGRAM_TOKEN": telegram, "TELEGRAM_API": "api.telegram.org/bot" + telegram},
		"a token for the address":           {"TELEGRAM_TOKEN": telegram, "TELEGRAM_API": telegram},
		"a broken address with a token":     {"TELEGRAM_TOKEN": telegram, "TELEGRAM_API": "https://api.telegram.org/%zz" + telegram},
		"a token that is none":              {"TELEGRAM_TOKEN": telegram + "/" + telegram},
		"two tokens in a file":              {"TELEGRAM_TOKEN_FILE": file(t, telegram+"\n"+telegram+"\n")},
		"a webhook secret that is none":     {"TELEGRAM_TOKEN": telegram, "TELEGRAM_WEBHOOK_SECRET": secrets["TELEGRAM_WEBHOOK_SECRET"] + "!"},
		"a secret and no token":             {"TELEGRAM_WEBHOOK_SECRET": secrets["TELEGRAM_WEBHOOK_SECRET"]},
		"half of Zalo":                      {"ZALO_APP_ID": "1", "ZALO_APP_SECRET": secrets["ZALO_APP_SECRET"]},
		"Zalo's secret in the address":      {"ZALO_APP_ID": "1", "ZALO_APP_SECRET": secrets["ZALO_APP_SECRET"], "ZALO_OA_SECRET": secrets["ZALO_OA_SECRET"], "ZALO_API": secrets["ZALO_APP_SECRET"]},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := watch(t, wrong)
			if w.await("msg=ready") {
				t.Errorf("started:\n%s", w)
			}
			<-w.ended
			if w.cmd.ProcessState.Success() {
				t.Errorf("ended as if all were well:\n%s", w)
			}
		})
	}
}

// What a platform refuses may be told to it by two lines of a file: no header
// and no address can be made of them.
func TestNoSecretIsToldOfFilesWithMoreThanOne(t *testing.T) {
	settings := channels("http://"+closedPort(t), true)
	for name := range maps.Clone(settings) {
		if _, secret := secrets[name]; !secret || strings.HasPrefix(name, "TELEGRAM_") {
			continue
		}
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(settings[name]+"\r\n"+settings[name]+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		delete(settings, name)
		settings[name+"_FILE"] = path
	}
	w := watch(t, settings)
	w.visit()
	w.awaitLine("telegram", "error=")
	w.awaitLine("channel=zalobot")
}

// Nor when the stores go away while people write.
func TestNoSecretIsToldWhenStoresGo(t *testing.T) {
	settings := channels("http://"+closedPort(t), true)
	address, redis := storetest.StartRedis(t, "--requirepass", secrets["password of Redis"])
	settings["REDIS_URL"] = strings.Replace(address, "redis://", "redis://:"+url.QueryEscape(secrets["password of Redis"])+"@", 1)
	database, postgres := storetest.StartPostgres(t)
	settings["DATABASE_URL"] = strings.Replace(database, "nghe@", "nghe:"+url.QueryEscape(secrets["password of PostgreSQL"])+"@", 1)
	w := watch(t, settings)
	w.visit()
	w.write()
	redis.Stop()
	w.visit()
	w.awaitLine("turn failed", "error=")
	redis.Start()
	postgres.Stop()
	w.visit()
	w.awaitLine("a part is away", "error=")
}
