package cli_test

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// A door is a route that anybody may ask, without being known.
type door struct {
	try    string // an address of it
	status int    // what a stranger gets
	policy string // how its Content-Security-Policy begins; "" = there is no page
	cookie string // the one that it gives a stranger, "" = none
}

const (
	chatPolicy    = "default-src 'self'; base-uri 'none'"
	consolePolicy = "default-src 'none'; script-src 'self'"
	sitePolicy    = "default-src 'none'; style-src 'self'"
)

// doors are written by hand. A route that is new fails until it stands here.
var doors = map[string]door{
	"GET /{$}":                  {"/", 200, chatPolicy, "nghe_chat"},
	"GET /chat":                 {"/chat", 200, chatPolicy, "nghe_chat"},
	"GET /nghe/{id}":            {"/nghe/nau-an", 200, chatPolicy, "nghe_chat"},
	"GET /lop/{id}":             {"/lop/khong-co", 404, chatPolicy, ""},
	"GET /khao-sat/{id}":        {"/khao-sat/khong-co", 404, chatPolicy, ""},
	"GET /chat/assets/{name}":   {"/chat/assets/khong-co.js", 404, chatPolicy, ""},
	"POST /chat/messages":       {"/chat/messages", 415, chatPolicy, ""},
	"GET /chat/events":          {"/chat/events", 401, chatPolicy, ""},
	"GET /chat/data":            {"/chat/data", 404, chatPolicy, ""},
	"GET /chat/files/{name}":    {"/chat/files/khong-co", 404, chatPolicy, ""},
	"POST /chat/files/{id}":     {"/chat/files/khong-co", 403, chatPolicy, ""},
	"GET /favicon.ico":          {"/favicon.ico", 200, chatPolicy, ""},
	"GET /manifest.webmanifest": {"/manifest.webmanifest", 200, chatPolicy, ""},
	"GET /sw.js":                {"/sw.js", 200, chatPolicy, ""},
	"/":                         {"/khong-co", 404, chatPolicy, ""},

	"GET /console":                     {"/console", 301, consolePolicy, ""},
	"GET /console/assets/{name}":       {"/console/assets/khong-co.js", 404, consolePolicy, ""},
	"GET /console/sign-in":             {"/console/sign-in", 200, consolePolicy, ""},
	"POST /console/sign-in":            {"/console/sign-in", 422, consolePolicy, ""},
	"GET /console/invitation/{token}":  {"/console/invitation/khong-co", 404, consolePolicy, ""},
	"POST /console/invitation/{token}": {"/console/invitation/khong-co", 404, consolePolicy, ""},
	"/console/":                        {"/console/khong-co", 404, consolePolicy, ""},
	"/console":                         {"/console", 301, consolePolicy, ""},

	"GET /lop-hoc":                  {"/lop-hoc", 200, sitePolicy, ""},
	"GET /lop-hoc/{id}":             {"/lop-hoc/khong-co", 404, sitePolicy, ""},
	"GET /lop-hoc/{id}/ma.svg":      {"/lop-hoc/khong-co/ma.svg", 404, sitePolicy, ""},
	"GET /lop-hoc/trang/style.css":  {"/lop-hoc/trang/style.css", 200, sitePolicy, ""},
	"GET /dien-hinh":                {"/dien-hinh", 200, sitePolicy, ""},
	"GET /dien-hinh/{id}/{picture}": {"/dien-hinh/khong-co/p.jpg", 404, sitePolicy, ""},
	"GET /robots.txt":               {"/robots.txt", 200, sitePolicy, ""},

	"GET /metrics": {"/metrics", 200, "", ""}, // from this machine; from elsewhere: TestMetricsAreThere
	"GET /healthz": {"/healthz", 200, "", ""},
	"GET /readyz":  {"/readyz", 200, "", ""},
}

// routesOf reads the patterns of a file of ours.
func routesOf(t *testing.T, file string) (all []string) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`mux\.Handle(?:Func)?\("([^"]*)",`).FindAllStringSubmatch(string(source), -1) {
		all = append(all, m[1])
	}
	for line := range strings.Lines(string(source)) { // console.open: a map
		if m := regexp.MustCompile(`^\t\t"((?:GET |POST )?/console[^"]*)":`).FindStringSubmatch(line); m != nil {
			all = append(all, m[1])
		}
	}
	if len(all) == 0 {
		t.Fatalf("no route in %s", file)
	}
	return all
}

// TestDoors: every route that anybody may ask has a row in the table; what it
// answers carries what keeps a browser safe, and gives a cookie only where a talk
// begins. An address that climbs out of its folder gets nothing anywhere.
func TestDoors(t *testing.T) {
	s := serve(t, "NGHE_DATA="+t.TempDir(), "NGHE_PUBLIC_URL=https://nghe.example.vn")
	ask := func(method, path string) (*http.Response, string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, method, s.url, strings.NewReader(""))
		if err != nil {
			t.Fatal(err)
		}
		r.URL.Path, r.URL.RawPath = "", ""
		r.URL.Opaque = strings.TrimPrefix(s.url, "http:") + path // as it is, with its dots
		if method == "POST" {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
		return answer, string(body)
	}

	there := map[string]bool{}
	for _, file := range []string{"serve.go", "../bot/webchat/routes.go", "../site/routes.go", "../console/routes.go"} {
		for _, pattern := range routesOf(t, file) {
			there[pattern] = true
			if _, ok := doors[pattern]; !ok {
				t.Errorf("%s of %s has no row: say what a stranger gets", pattern, file)
			}
		}
	}
	for _, pattern := range slices.Sorted(maps.Keys(doors)) {
		d := doors[pattern]
		if !there[pattern] {
			t.Errorf("%s has a row and is no route", pattern)
			continue
		}
		method, _, ok := strings.Cut(pattern, " ")
		if !ok {
			method = "GET"
		}
		answer, _ := ask(method, d.try)
		if answer.StatusCode != d.status {
			t.Errorf("%s: %d, want %d", pattern, answer.StatusCode, d.status)
		}
		h := answer.Header
		if h.Get("Strict-Transport-Security") != "max-age=31536000" || h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", pattern, h)
		}
		if policy := h.Get("Content-Security-Policy"); d.policy != "" && (!strings.HasPrefix(policy, d.policy) || !strings.Contains(policy, "frame-ancestors 'none'") || !strings.Contains(policy, "base-uri 'none'") || strings.Contains(policy, "unsafe") || h.Get("Referrer-Policy") != "no-referrer") {
			t.Errorf("%s: policy %q, referrer %q", pattern, policy, h.Get("Referrer-Policy"))
		}
		given := ""
		for _, c := range answer.Cookies() {
			given += c.Name
			if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Domain != "" {
				t.Errorf("%s: cookie %+v", pattern, c)
			}
		}
		if given != d.cookie {
			t.Errorf("%s gives a stranger the cookie %q, want %q", pattern, given, d.cookie)
		}
		if to := h.Get("Location"); to != "" {
			if u, err := url.Parse(to); err != nil || u.Host != "" {
				t.Errorf("%s leads to %s", pattern, to)
			}
		}

		// Out of the folder, by every part of the address that can be filled.
		if !strings.Contains(pattern, "{") || pattern == "GET /{$}" {
			continue
		}
		_, path, _ := strings.Cut(pattern, " ")
		for _, climb := range []string{"../../../../etc/passwd", "..%2f..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fnghe.db", "..%5c..%5cnghe.db", "..%2fnghe.db%00.jpg", "%2fetc%2fpasswd", "nghe.db", "secret"} {
			to := regexp.MustCompile(`\{\w+\}`).ReplaceAllString(path, climb)
			answer, body := ask(method, to)
			if answer.StatusCode >= 500 || strings.Contains(body, "root:") || strings.Contains(body, "SQLite format") {
				t.Errorf("%s: %d %.60q", to, answer.StatusCode, body)
			}
			if answer.StatusCode == 200 && d.status != 200 {
				t.Errorf("%s: there is something", to)
			}
		}
	}
}

// TestDoorsWithoutTLS: where people come by http nothing asks for https, and cookies
// go there.
func TestDoorsWithoutTLS(t *testing.T) {
	t.Parallel()
	s := serve(t, "NGHE_DATA="+t.TempDir())
	answer, err := http.Get(s.url + "/chat")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if c := answer.Cookies(); answer.Header.Get("Strict-Transport-Security") != "" || len(c) != 1 || c[0].Secure || !c[0].HttpOnly {
		t.Errorf("%v %+v", answer.Header, c)
	}
}
