package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// What is typed reaches the webhook, signed; what the bot sends is shown.
func TestTheProgram(t *testing.T) {
	events := make(chan string, 9)
	nghe := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if !strings.HasPrefix(r.Header.Get("X-ZEvent-Signature"), "mac=") {
			t.Error("not signed")
		}
		events <- string(body)
	}))
	defer nghe.Close()
	typed, keyboard := io.Pipe()
	screen, shown := io.Pipe()
	ended := make(chan error, 1)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	go func() {
		ended <- run(ctx, []string{"-listen", "127.0.0.1:0", "-control", "127.0.0.1:0", "-webhook", nghe.URL}, typed, shown)
		shown.Close()
	}()
	lines := bufio.NewScanner(screen)
	until := func(want string) string {
		for lines.Scan() {
			if strings.Contains(lines.Text(), want) {
				return lines.Text()
			}
		}
		t.Fatalf("%q was not shown", want)
		return ""
	}
	variables := map[string]string{}
	for _, pair := range strings.Fields(until("ZALO_REFRESH_TOKEN")) {
		name, value, _ := strings.Cut(pair, "=")
		variables[name] = value
	}
	until("/days")
	if _, err := io.WriteString(keyboard, "học nghề gì\n"); err != nil {
		t.Fatal(err)
	}
	if e := <-events; !strings.Contains(e, "user_send_text") || !strings.Contains(e, "học nghề gì") {
		t.Error(e)
	}
	post := func(path, kind, body string, header ...string) string {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, variables["ZALO_API"]+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", kind)
		r.Header.Set(header[0], header[1])
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		b, _ := io.ReadAll(answer.Body)
		return string(b)
	}
	got := post("/v4/oa/access_token", "application/x-www-form-urlencoded",
		"grant_type=refresh_token&app_id="+variables["ZALO_APP_ID"]+"&refresh_token="+variables["ZALO_REFRESH_TOKEN"], "secret_key", variables["ZALO_APP_SECRET"])
	_, token, _ := strings.Cut(got, `"access_token":"`)
	token, _, _ = strings.Cut(token, `"`)
	got = post("/v3.0/oa/message/cs", "application/json", `{"recipient":{"user_id":"4572947693969771653"},"message":{"text":"chào bác"}}`, "access_token", token)
	if !strings.Contains(got, "Success") {
		t.Error(got)
	}
	until("bot> chào bác")
	if _, err := io.WriteString(keyboard, "/nothing\n"); err != nil {
		t.Fatal(err)
	}
	until("no such command")
	keyboard.Close()
	go func() { _, _ = io.Copy(io.Discard, screen) }()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := run(ctx, []string{"-listen", "0.0.0.0:0"}, strings.NewReader(""), io.Discard); err == nil {
		t.Error("it listens to everybody")
	}
}
