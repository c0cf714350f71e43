package console_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/handoff"
	"nghe/staff"
)

// A person who wrote from two places has two cases: each page names the other, and
// a button makes one of them. A stranger's case is not named and not merged.
func TestMergeOnPages(t *testing.T) {
	w := newWorld(t)
	twin := bot.Contact{Channel: "telegram", ID: "7"}
	w.cases.Others = func(_ context.Context, c bot.Contact) ([]bot.Contact, error) {
		return map[bot.Contact][]bot.Contact{worker: {twin}, twin: {worker}}[c], nil
	}
	a, b, c := w.asked(worker), w.asked(twin), w.asked(bot.Contact{Channel: "web", ID: "ai đó"})
	lan, other := w.as(staff.Counsellor, province), w.as(staff.Counsellor, province)
	page := func(k *handoff.Case, cookie string) string {
		_, text := w.ask("GET", "/console/cases/"+k.ID, cookie, "")
		return text
	}
	if text := page(a, lan); !strings.Contains(text, "Gộp ca "+b.Title()+" vào đây") || strings.Contains(text, "Gộp ca "+c.Title()) {
		t.Error("the page does not name the other case, or names a stranger's")
	}
	if text := page(c, lan); strings.Contains(text, "Gộp ca") {
		t.Error("a stranger's page names a case")
	}
	if status, text := w.do(lan, a.ID, "merge", "from", c.ID); status != 422 || !strings.Contains(text, "Chưa rõ ca") {
		t.Errorf("with a stranger's: %d", status)
	}
	w.do(other, b.ID, "claim")
	if status, text := w.do(lan, a.ID, "merge", "from", b.ID); status != 422 || !strings.Contains(text, "đang do Người counsellor") {
		t.Errorf("with a case that somebody else holds: %d", status)
	}
	w.do(other, b.ID, "release")
	for _, m := range w.queued(b) { // the sender has said so
		if _, err := w.db.MarkMessage(t.Context(), m.ID, handoff.Sent, ""); err != nil {
			t.Fatal(err)
		}
	}
	if status, text := w.do(lan, a.ID, "merge", "from", b.ID); status != 303 {
		t.Fatalf("%d %.400s", status, text)
	}
	if now := w.theCase(b.ID); now.State != handoff.Closed || now.Outcome != handoff.Merged {
		t.Errorf("%+v", now)
	}
	if text := page(a, lan); !strings.Contains(text, "Gộp vào đây ca "+b.Title()) || strings.Contains(text, "Gộp ca") {
		t.Error("after it the page does not tell, or offers it again")
	}
}

func (w *world) queued(k *handoff.Case) []handoff.Message {
	w.t.Helper()
	all, err := w.db.QueuedMessages(w.t.Context(), k.ID, time.Now().Add(time.Hour), 100)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// What a counsellor keeps for themself stands in the picker, filled in, for them
// alone, until they drop it.
func TestOwnAnswersOnPages(t *testing.T) {
	w := newWorld(t)
	w.cases.Drawer = w.db
	k := w.asked(worker)
	lan, other := w.as(staff.Counsellor, province), w.as(staff.Counsellor, province)
	if status, text := w.do(lan, k.ID, "canned", "canned_title", "Hẹn thứ Hai", "canned_text", "Ca {số} hẹn"); status != 422 || !strings.Contains(text, "Không có chỗ điền {số}") || !strings.Contains(text, "Ca {số} hẹn</textarea>") {
		t.Errorf("a place that is not there: %d", status)
	}
	if status, _ := w.do(lan, k.ID, "canned", "canned_title", "Hẹn thứ Hai", "canned_text", "Chị lên xã <b>thứ Hai</b>, ca {number}."); status != 303 {
		t.Fatal(status)
	}
	_, mine := w.ask("GET", "/console/cases/"+k.ID+"/attach?part=yes", lan, "")
	if !strings.Contains(mine, "Câu của tôi") || !strings.Contains(mine, "Chị lên xã &lt;b&gt;thứ Hai&lt;/b&gt;, ca #1.") || strings.Count(mine, "canned/drop\"") != 1 {
		t.Errorf("%.2000s", mine)
	}
	if _, text := w.ask("GET", "/console/cases/"+k.ID+"/attach?part=yes", other, ""); strings.Contains(text, "Hẹn thứ Hai") {
		t.Error("a colleague has it too")
	}
	if _, text := w.ask("GET", "/console/cases/"+k.ID+"?put=canned:own:hen+thu+hai", lan, ""); !strings.Contains(text, "ca #1.</textarea>") {
		t.Error("it can't be put into the answer without scripts")
	}
	// Beside a case only the list comes back, with what is wrong.
	if answer, text := w.ask("POST", "/console/cases/"+k.ID+"/canned?part=yes", lan, "canned_title=&canned_text=x"); answer.StatusCode != 200 || strings.Contains(text, "<html") || !strings.Contains(text, "Tên câu mẫu cần có chữ") {
		t.Errorf("%d", answer.StatusCode)
	}
	if answer, text := w.ask("POST", "/console/cases/"+k.ID+"/canned/drop?part=yes", lan, "title=H%E1%BA%B9n+th%E1%BB%A9+Hai"); answer.StatusCode != 200 || strings.Contains(text, "Hẹn thứ Hai") {
		t.Errorf("%d: it is still there", answer.StatusCode)
	}
	if status, _ := w.do(w.as(staff.Counsellor, staff.Scope{Places: []string{"tien-yen"}}), k.ID, "canned", "canned_title", "x", "canned_text", "y"); status != 403 {
		t.Errorf("by the path of a case they may not see: %d", status)
	}
}

// hands sends a file from a page.
func (w *world) hands(cookie, id, name, body, key string) (int, string) {
	w.t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for field, value := range map[string]string{"key": key, "caption": "Mẫu đơn đây chị"} {
		if err := form.WriteField(field, value); err != nil {
			w.t.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("file", name)
	if err != nil {
		w.t.Fatal(err)
	}
	file.Write([]byte(body)) //nolint:errcheck // in memory
	form.Close()
	answer, text := w.ask("POST", "/console/cases/"+id+"/file", cookie, b.String(), "Content-Type", form.FormDataContentType(), "X-Part", "yes")
	return answer.StatusCode, text
}

// A picture or a file goes to the person once, with its words, by who holds the
// case; what it is is seen by what is in it.
func TestFilesFromPages(t *testing.T) {
	w := newWorld(t)
	k := w.asked(worker)
	lan, other := w.as(staff.Counsellor, province), w.as(staff.Counsellor, province)
	w.do(lan, k.ID, "claim")
	if _, text := w.ask("GET", "/console/cases/"+k.ID, lan, ""); strings.Contains(text, `id="send-file"`) {
		t.Error("a form for files where none can be brought")
	}
	if status, text := w.hands(lan, k.ID, "don.pdf", "%PDF-1.4 x", "k1"); status != 422 || !strings.Contains(text, "kênh không nhận được tệp") {
		t.Errorf("%d %s", status, text)
	}
	w.cases.Carries = func(bot.Contact) bool { return true }
	if _, text := w.ask("GET", "/console/cases/"+k.ID, lan, ""); !strings.Contains(text, `id="send-file"`) {
		t.Error("no form for files")
	}
	w.do(lan, k.ID, "reply", "text", "Tôi gửi mẫu đơn", "key", "k3") // the forms of a page begin with one key
	before := len(w.talks.said)
	for name, x := range map[string]struct{ body, why string }{
		"virus.pdf": {"MZ\x90", "loại tệp không nhận"}, "don.html": {"<html><script>", "loại tệp không nhận"},
		"to.pdf": {"%PDF-" + strings.Repeat("x", 10<<20), "lớn quá 10 MB"}, "to-hon.pdf": {"%PDF-" + strings.Repeat("x", 12<<20), "lớn quá 10 MB"},
	} {
		if status, text := w.hands(lan, k.ID, name, x.body, "bad"+name); status != 422 || !strings.Contains(text, x.why) {
			t.Errorf("%s: %d %q", name, status, text)
		}
	}
	if status, text := w.hands(other, k.ID, "don.pdf", "%PDF-1.4 x", "k2"); status != 422 || !strings.Contains(text, "đang do") {
		t.Errorf("by who does not hold it: %d %s", status, text)
	}
	if len(w.talks.said) != before {
		t.Error("something that was refused was said")
	}
	for range 2 { // pressed twice
		if status, text := w.hands(lan, k.ID, "Đơn vay.exe", "\x89PNG\r\n\x1a\n picture", "k3"); status != 204 {
			t.Fatalf("%d %s", status, text)
		}
	}
	all, err := w.cases.Messages(t.Context(), k, 0, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var m *handoff.Message
	for i := range all {
		if all[i].Media != nil {
			if m != nil {
				t.Error("it is there twice")
			}
			m = &all[i]
		}
	}
	if m == nil || !m.File.There() || m.File.Name != "Đơn vay.png" || m.Media.Kind != bot.MediaPhoto || m.Body != nil {
		t.Fatalf("%+v", m)
	}
	if b := w.talks.said[len(w.talks.said)-1]; b.Media == nil || b.Media.File != m.ID || !strings.Contains(b.Text, "Mẫu đơn đây chị") {
		t.Errorf("%+v", b)
	}
	if answer, body := w.ask("GET", "/console/cases/"+k.ID+"/media/"+m.ID, lan, ""); answer.StatusCode != 200 || !strings.HasSuffix(body, " picture") {
		t.Errorf("the counsellor can't see it: %d", answer.StatusCode)
	}
}
