package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	faketelegram "nghe/bot/bottest/telegram"
)

// Somebody starts it, a bot answers through the Bot API, and the page shows
// it.
func TestAnybodyCanTryIt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	done := make(chan error)
	go func() { done <- run(ctx, "127.0.0.1:0", "127.0.0.1:0", true, false, w); w.Close() }()
	var text strings.Builder
	for lines := bufio.NewScanner(r); !strings.Contains(text.String(), "chat at") && lines.Scan(); {
		text.WriteString(lines.Text() + "\n")
	}
	go io.Copy(io.Discard, r) //nolint:errcheck // until it ends
	urls := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindAllString(text.String(), -1)
	if len(urls) != 2 || !strings.Contains(text.String(), "TELEGRAM_TOKEN="+faketelegram.Token) {
		t.Fatalf("printed %s", &text)
	}
	api, page := urls[0], urls[1]

	get := func(url string) (string, string) {
		t.Helper()
		resp, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != 200 {
			t.Fatalf("%s: %s %v", url, resp.Status, err)
		}
		return string(body), resp.Header.Get("X-Seen")
	}
	act := func(kind, body string) int {
		t.Helper()
		resp, err := http.Post(page+"/do", kind, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if body, _ := get(page + "/"); !strings.Contains(body, "<title>faketelegram</title>") {
		t.Error("no page")
	}
	if code := act("application/json", `{"person":5001,"name":"An","do":"say","text":"/start"}`); code != 200 {
		t.Fatalf("said: %d", code)
	}
	for what, body := range map[string]string{"nothing": `{}`, "unknown": `{"person":1,"name":"A","do":"fly"}`, "edit of nothing": `{"person":5001,"name":"An","do":"edit","message":9,"text":"x"}`, "no JSON": `x`} {
		if code := act("application/json", body); code != 400 {
			t.Errorf("%s: %d", what, code)
		}
	}
	if code := act("text/plain", `{"person":5001,"name":"An","do":"say","text":"x"}`); code != 415 {
		t.Errorf("from another site: %d", code)
	}
	updates, _ := get(api + "/bot" + faketelegram.Token + "/getUpdates")
	if !strings.Contains(updates, `"text":"/start"`) {
		t.Errorf("updates %s", updates)
	}
	_, seen := get(page + "/chat?person=5001")
	get(api + "/bot" + faketelegram.Token + `/sendMessage?chat_id=5001&text=xin+ch%C3%A0o&reply_markup={"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}`)
	shown, _ := get(page + "/chat?person=5001&seen=" + seen)
	var view struct{ Messages []faketelegram.Message }
	if err := json.Unmarshal([]byte(shown), &view); err != nil || len(view.Messages) != 2 || view.Messages[1].Text != "xin chào" || view.Messages[1].Buttons()[0] != "A" {
		t.Errorf("%v, the page shows %s", err, shown)
	}
	for _, what := range []string{"voice", "photo", "number", "place", "block", "unblock"} {
		if code := act("application/json", fmt.Sprintf(`{"person":5001,"name":"An","do":%q}`, what)); code != 200 {
			t.Errorf("%s: %d", what, code)
		}
	}
	if code := act("application/json", `{"person":5001,"name":"An","do":"tap","message":42,"text":"a"}`); code != 200 {
		t.Errorf("tap: %d", code)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestItIsForThisMachineOnly(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "example.org:80", "nothing"} {
		if l, err := listen(address); err == nil {
			l.Close()
			t.Errorf("listens on %s", address)
		}
	}
}
