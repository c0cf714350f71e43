package console_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/staff"
)

// What somebody sent is given to who may see their case, and can do nothing.
func TestMediaOnPages(t *testing.T) {
	w := newWorld(t)
	k := w.asked(worker)
	form := "%PDF-1.4 <script>alert(1)</script>"
	w.cases.Fetcher = func(_ context.Context, _, ref string, _ int64) (bot.File, error) {
		return bot.File{Body: []byte(map[string]string{"a": "\x89PNG\r\n\x1a\n", "b": form, "c": "MZ"}[ref])}, nil
	}
	var said []bot.Bubble
	for _, ref := range []string{"a", "b", "c"} {
		said = append(said, bot.Bubble{From: bot.FromPerson, Media: &bot.Media{Kind: bot.MediaOther, Ref: ref, Name: `đơn"; x=.exe`}, At: time.Now()})
	}
	if err := w.cases.File(t.Context(), worker, k.ID, "zalo:media", said); err != nil {
		t.Fatal(err)
	}
	if err := w.cases.Fetch(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	all, err := w.cases.Messages(t.Context(), k, 0, time.Now())
	if err != nil || len(all) != 3 {
		t.Fatalf("%d messages: %v", len(all), err)
	}
	mine, elsewhere := w.as(staff.Counsellor, staff.Scope{Places: []string{"ba-che"}}), w.as(staff.Counsellor, staff.Scope{Places: []string{"co-to"}})
	_, page := w.ask("GET", "/console/cases/"+k.ID, mine, "")
	path := func(i int) string { return "/console/cases/" + k.ID + "/media/" + all[i].ID }
	for _, part := range []string{`href="` + path(0) + `"`, `href="` + path(1) + `"`, "loại tệp không nhận"} {
		if !strings.Contains(page, part) {
			t.Errorf("%s is not on the page", part)
		}
	}
	if strings.Contains(page, path(2)) {
		t.Error("what was not taken has a link")
	}
	for i, how := range []string{"inline", "attachment"} {
		a, body := w.ask("GET", path(i), mine, "")
		h := a.Header
		if a.StatusCode != 200 || !strings.HasPrefix(h.Get("Content-Disposition"), how) || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%d %v", a.StatusCode, h)
		}
		if i == 1 && (body != form || h.Get("Content-Type") != "application/pdf") {
			t.Errorf("%q %v", body, h)
		}
	}
	if a, _ := w.ask("GET", path(2), mine, ""); a.StatusCode != 404 {
		t.Errorf("what was not taken: %d", a.StatusCode)
	}
	if a, body := w.ask("GET", path(1), elsewhere, ""); a.StatusCode == 200 || strings.Contains(body, "%PDF") {
		t.Errorf("a counsellor of another place sees it: %d", a.StatusCode)
	}
	other := w.asked(bot.Contact{Channel: "zalo", ID: "khác"})
	if a, _ := w.ask("GET", "/console/cases/"+other.ID+"/media/"+all[1].ID, mine, ""); a.StatusCode != 404 {
		t.Errorf("by the path of another case: %d", a.StatusCode)
	}
}
