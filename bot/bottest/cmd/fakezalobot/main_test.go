package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// What is typed is given to a poll; what the bot sends is shown.
func TestTheProgram(t *testing.T) {
	typed, keyboard := io.Pipe()
	screen, shown := io.Pipe()
	ended := make(chan error, 1)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	go func() {
		ended <- run(ctx, []string{"-listen", "127.0.0.1:0", "-control", "127.0.0.1:0"}, typed, shown)
		shown.Close()
	}()
	lines := bufio.NewScanner(screen)
	lines.Scan()
	_, token, _ := strings.Cut(lines.Text(), "ZALO_BOT_TOKEN=")
	token, api, _ := strings.Cut(token, " ZALO_BOT_API=")
	for lines.Scan() && !strings.Contains(lines.Text(), "/fail") {
	}
	call := func(method, body string) string {
		answer, err := http.Post(api+"/bot"+token+"/"+method, "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		b, _ := io.ReadAll(answer.Body)
		return string(b)
	}
	if _, err := io.WriteString(keyboard, "học nghề gì\n"); err != nil {
		t.Fatal(err)
	}
	if got := call("getUpdates", `{"timeout":20}`); !strings.Contains(got, "học nghề gì") {
		t.Error(got)
	}
	if got := call("sendMessage", `{"chat_id":"6ede9afa66b88fe6d6a9","text":"một\nhai"}`); !strings.Contains(got, `"ok":true`) {
		t.Error(got)
	}
	lines.Scan()
	first := lines.Text()
	lines.Scan()
	if first != "bot> một" || lines.Text() != "     hai" {
		t.Errorf("%q %q", first, lines.Text())
	}
	keyboard.Close()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
