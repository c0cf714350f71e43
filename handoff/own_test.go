package handoff_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/dialog"
	"nghe/handoff"
)

// A person's own data has what they and the counsellors said, to be read and as
// JSON; and deleting it leaves of their cases only what counts.
func TestOwnCasesAreTakenAlongAndErased(t *testing.T) {
	w := newWorld(t)
	p := w.start()
	p.turns.Effects["list-interests"] = func(context.Context, bot.Asked) (dialog.Values, error) { return nil, nil } // package people's
	ctx, now, n := t.Context(), monday, 0
	who := bot.Contact{Channel: "telegram", ID: "770123456"} // a channel without a page to download from
	say := func(text string) string {
		t.Helper()
		n++
		now = now.Add(time.Minute)
		turn, err := p.turns.Handle(ctx, bot.Incoming{Contact: who, Update: fmt.Sprint(n), Text: text, At: now})
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, b := range turn.Bubbles {
			lines = append(lines, b.Text)
		}
		return strings.Join(lines, "\n")
	}
	say("gặp người thật")
	say("nhà tôi ở cuối bản Khe Lánh")
	do := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	do(p.Reply(ctx, "1", hoa, "Chào bác, cháu nghe đây.", "k1", now))
	say("cái sổ hộ khẩu của tôi mất rồi")
	do(p.Note(ctx, "1", hoa, "bác này hay quên", "k2", now))
	do(p.Close(ctx, "1", hoa, handoff.Answered, "", now))
	do(p.Rate(ctx, who, 5, "cháu Hoa nhẹ nhàng", now))
	say("gọi bot lại")

	data, err := p.turns.Export(ctx, who, now)
	if err != nil || len(data.Cases) != 1 {
		t.Fatalf("%+v %v", data.Cases, err)
	}
	raw, err := json.Marshal(data.Cases[0])
	if err != nil {
		t.Fatal(err)
	}
	readable := strings.Join(data.Cases[0].Lines, "\n")
	for _, want := range []string{"#1", "cuối bản Khe Lánh", "Hoa", "Chào bác, cháu nghe đây.", "sổ hộ khẩu", "Đã trả lời"} {
		if !strings.Contains(string(raw), want) || !strings.Contains(readable, want) {
			t.Errorf("no %q in\n%s\n%s", want, raw, readable)
		}
	}
	if !strings.Contains(string(raw), "cháu Hoa nhẹ nhàng") || !strings.Contains(readable, "30/11/2026") {
		t.Errorf("no rating, or no date:\n%s\n%s", raw, readable)
	}
	if strings.Contains(string(raw)+readable, "hay quên") {
		t.Error("a note of colleagues is told")
	}
	say("xem thông tin đã lưu về tôi")
	if text := say("Tải về"); !strings.Contains(text, "cháu nghe đây") || !strings.Contains(text, "Ca #1") {
		t.Errorf("asked for in the talk: %s", text)
	}

	if text := say("xoá dữ liệu của tôi"); strings.Contains(text, "Ca #1") {
		t.Error(text)
	}
	say("xoá hết")
	if data, err = p.turns.Export(ctx, who, now); err != nil || len(data.Cases) != 0 {
		t.Fatalf("still there: %+v %v", data.Cases, err)
	}
	c, err := w.db.Case(ctx, "1")
	if err != nil || c == nil {
		t.Fatal(c, err)
	}
	said, err := w.db.Messages(ctx, c.ID, 0, 100, now)
	if err != nil {
		t.Fatal(err)
	}
	raw, err = json.Marshal([]any{c, said})
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"Khe Lánh", "sổ hộ khẩu", "nhẹ nhàng", "cháu nghe", "hay quên", who.ID} {
		if strings.Contains(string(raw), word) {
			t.Errorf("%q is left in %s", word, raw)
		}
	}
	if c.Outcome != handoff.Answered || c.Rating != 5 || c.AnsweredAt.IsZero() {
		t.Errorf("what counts is gone: %+v", c)
	}
}
