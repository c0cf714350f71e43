package console_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"nghe/bot"
	"nghe/console"
	"nghe/course"
	"nghe/dialog"
	"nghe/handoff"
	"nghe/staff"
)

// talks keeps what is put into talks.
type talks struct {
	mu   sync.Mutex
	said []bot.Bubble
}

func (t *talks) Relay(_ context.Context, _ bot.Contact, _ string, bubbles []bot.Bubble, _ time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.said = append(t.said, bubbles...)
	return nil
}

func (t *talks) Return(ctx context.Context, c bot.Contact, name string, bubbles []bot.Bubble, now time.Time) error {
	return t.Relay(ctx, c, name, bubbles, now)
}

func (t *talks) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []string
	for _, b := range t.said {
		all = append(all, b.Text)
	}
	return strings.Join(all, "\n")
}

var worker = bot.Contact{Channel: "zalo", ID: "người-lạ-12345"}

// asked opens a case of somebody in Ba Chẽ.
func (w *world) asked(who bot.Contact) *handoff.Case {
	w.t.Helper()
	c, _, err := w.cases.Open(w.t.Context(), handoff.Opening{
		Contact: who, Turn: "zalo:" + who.ID, Kind: handoff.Help, Topic: "loan.gqvl", Wish: "vay mở quán <b>phở</b>", Left: dialog.Frame{Flow: "loan", Step: "purpose"},
		Answers: dialog.Values{"place": dialog.Text("ba-che")}, At: time.Now(),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) theCase(id string) *handoff.Case {
	w.t.Helper()
	c, err := w.db.Case(w.t.Context(), id)
	if err != nil || c == nil {
		w.t.Fatalf("%v %v", c, err)
	}
	return c
}

// do sends a form about a case.
func (w *world) do(cookie, id, verb string, fields ...string) (int, string) {
	w.t.Helper()
	form := url.Values{"x": {"y"}}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	answer, text := w.ask("POST", "/console/cases/"+id+"/"+verb, cookie, form.Encode())
	return answer.StatusCode, text
}

// Who may see and take a case is asked where the person lives; nothing gets past
// that by an address or a form made by hand.
func TestCasesByRoleAndScope(t *testing.T) {
	w := newWorld(t)
	c := w.asked(worker)
	for _, x := range []struct {
		role  staff.Role
		scope staff.Scope
		may   bool
	}{
		{staff.Administrator, province, true}, {staff.Counsellor, province, true},
		{staff.Counsellor, staff.Scope{Places: []string{"ba-che"}}, true}, {staff.Counsellor, staff.Scope{Places: []string{"tien-yen"}}, false},
		{staff.Counsellor, staff.Scope{Org: "Trường A"}, false}, {staff.Administrator, staff.Scope{Places: []string{"tien-yen"}}, false},
		{staff.Officer, province, false}, {staff.Editor, province, false}, {staff.Viewer, province, false},
	} {
		cookie := w.as(x.role, x.scope)
		want := map[bool]int{true: 200, false: 403}[x.may]
		for _, path := range []string{"", "/talk", "/attach", "?part=hand"} {
			if answer, text := w.ask("GET", "/console/cases/"+c.ID+path, cookie, ""); answer.StatusCode != want || !x.may && strings.Contains(text, "phở") {
				t.Errorf("%s in %v at %q: %d", x.role, x.scope, path, answer.StatusCode)
			}
		}
		_, list := w.ask("GET", "/console/cases", cookie, "")
		if strings.Contains(list, "#1 ") != x.may {
			t.Errorf("%s in %v finds it in the list: %v", x.role, x.scope, !x.may)
		}
		if x.may {
			continue
		}
		for _, verb := range []string{"claim", "reply", "note", "urgent", "transfer", "release", "close", "reopen"} {
			if status, _ := w.do(cookie, c.ID, verb, "text", "x", "note", "x", "urgent", "yes", "to", "queue work", "why", "x", "outcome", "answered", "key", "k"); status != 403 && status != 422 {
				t.Errorf("%s in %v does %s: %d", x.role, x.scope, verb, status)
			}
		}
	}
	if now := w.theCase(c.ID); now.State != handoff.Waiting || now.Urgent || now.Queue != "loans" || w.talks.text() != "" {
		t.Errorf("%+v, said %q", now, w.talks.text())
	}
	if answer, _ := w.ask("GET", "/console/cases/nosuch", w.as(staff.Administrator, province), ""); answer.StatusCode != 404 {
		t.Errorf("no such case: %d", answer.StatusCode)
	}
}

// A case from the list to its end, on pages without scripts.
func TestCaseOnPages(t *testing.T) {
	w := newWorld(t)
	if err := w.db.AddInterests(t.Context(), []course.Interest{{ID: "w", Channel: worker.Channel, Contact: worker.ID, Trade: "han", Place: "ba-che", Name: "Chíu Thị Sáu", Phone: "0912345678", State: course.New, Source: course.FromTalk, Consent: "có", CreatedAt: time.Now(), UpdatedAt: time.Now()}}); err != nil {
		t.Fatal(err)
	}
	c := w.asked(worker)
	lan, may := w.as(staff.Counsellor, province), w.as(staff.Counsellor, province)
	page := func(cookie string) string {
		t.Helper()
		answer, text := w.ask("GET", "/console/cases/"+c.ID, cookie, "")
		if answer.StatusCode != 200 {
			t.Fatalf("%d: %s", answer.StatusCode, text)
		}
		return text
	}
	before := page(lan)
	for _, hidden := range []string{"Chíu Thị Sáu", "0912345678", worker.ID, "<b>phở"} {
		if strings.Contains(before, hidden) {
			t.Errorf("the page of a case that nobody holds has %q", hidden)
		}
	}
	for _, want := range []string{"Người hỏi #1", "Xã Ba Chẽ", "vay mở quán", "Nhận ca", "Zalo: còn nhắn được"} {
		if !strings.Contains(before, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	// A first answer takes it; sent twice, it is said once.
	for range 2 {
		if status, text := w.do(lan, c.ID, "reply", "text", "Chào chị, tôi nghe đây", "key", "k1"); status != 303 {
			t.Fatalf("%d: %s", status, text)
		}
	}
	if said := w.talks.text(); strings.Count(said, "tôi nghe đây") != 1 || w.theCase(c.ID).State != handoff.Claimed {
		t.Errorf("%q", said)
	}
	if text := page(lan); !strings.Contains(text, "Chíu Thị Sáu") || !strings.Contains(text, "0912345678") || !strings.Contains(text, "đã gửi") && !strings.Contains(text, "đang gửi") {
		t.Error("who holds it does not see whom they talk to")
	}
	// Others read who has it, keep what they typed, and do not see the name.
	status, text := w.do(may, c.ID, "claim")
	if status != 422 || !strings.Contains(text, "đang do Người counsellor") {
		t.Errorf("a second claim: %d", status)
	}
	if text := page(may); strings.Contains(text, "Chíu Thị Sáu") || strings.Contains(text, `id="reply"`) {
		t.Error("a colleague sees the name, or may answer")
	}
	for _, verb := range []string{"reply", "release", "close", "transfer"} {
		if status, _ := w.do(may, c.ID, verb, "text", "xen vào", "outcome", "answered", "to", "queue work", "why", "x", "key", "k2"); status != 422 {
			t.Errorf("%s by who does not hold it: %d", verb, status)
		}
	}
	if status, _ := w.do(may, c.ID, "note", "note", "Chị ấy là hộ nghèo", "key", "k3"); status != 303 {
		t.Errorf("a colleague's note: %d", status)
	}
	// What is typed wrong comes back with what to do.
	if status, text := w.do(lan, c.ID, "close", "remark", "đã xong"); status != 422 || !strings.Contains(text, "chọn kết quả") || !strings.Contains(text, "đã xong") {
		t.Errorf("a close without an outcome: %d", status)
	}
	if status, text := w.do(lan, c.ID, "close", "outcome", "referred"); status != 422 || !strings.Contains(text, "chuyển người dân tới đâu") {
		t.Errorf("referred to nowhere: %d", status)
	}
	if status, text := w.do(lan, c.ID, "transfer", "to", "queue work"); status != 422 || !strings.Contains(text, "ghi một dòng") {
		t.Errorf("a transfer without a note: %d", status)
	}
	// Alone, a form is answered by a line.
	answer, line := w.ask("POST", "/console/cases/"+c.ID+"/reply", lan, "text=+&key=k4", "X-Part", "yes")
	if answer.StatusCode != 422 || !strings.Contains(line, "Chưa có chữ") || strings.Contains(line, "<") {
		t.Errorf("%d %q", answer.StatusCode, line)
	}
	for _, step := range []struct{ verb, field, value string }{{"urgent", "urgent", "yes"}, {"release", "", ""}, {"claim", "", ""}, {"close", "outcome", "answered"}, {"reopen", "", ""}, {"close", "outcome", "enrolled"}} {
		if status, text := w.do(lan, c.ID, step.verb, step.field, step.value); status != 303 {
			t.Errorf("%s: %d %.500s", step.verb, status, text)
		}
	}
	if now := w.theCase(c.ID); now.State != handoff.Closed || now.Outcome != handoff.Enrolled || !now.Urgent {
		t.Errorf("%+v", now)
	}
	if text := page(lan); !strings.Contains(text, `/reopen"`) || strings.Contains(text, `id="reply"`) {
		t.Error("a closed case can't be opened again, or be answered")
	}
	if _, err := w.cases.Reopen(t.Context(), c.ID, staff.Operator, time.Now()); err != nil {
		t.Fatal(err)
	}
	if ended, err := w.cases.End(t.Context(), worker, time.Now()); err != nil || !ended {
		t.Fatal(ended, err)
	}
	if text := page(lan); !strings.Contains(text, `/reopen"`) {
		t.Error("a case that the person ended can't be opened again")
	}
	var did []string
	entries, err := w.db.Staff().Entries(t.Context(), staff.Query{About: "case:" + c.ID, Limit: 50})
	for _, e := range entries {
		did = append(did, e.Did)
	}
	for _, want := range []string{"case.read", "case.claim", "case.say", "case.note", "case.urgent", "case.release", "case.close", "case.reopen"} {
		if err != nil || !strings.Contains(strings.Join(did, " "), want) {
			t.Errorf("the books have %q, not %s (%v)", did, want, err)
		}
	}
}

// What is attached is what the bot would say, with names and sources; nothing
// from outside is put there.
func TestAttachments(t *testing.T) {
	w := newWorld(t)
	c := w.asked(worker)
	lan := w.as(staff.Counsellor, province)
	get := func(path string) (int, string) {
		answer, text := w.ask("GET", "/console/cases/"+c.ID+path, lan, "")
		return answer.StatusCode, text
	}
	_, canned := get("/attach?part=yes")
	canned, _, _ = strings.Cut(canned, "<details") // to keep an answer, which tells what is filled in
	if !strings.Contains(canned, "Vay qua tổ tiết kiệm") || strings.Contains(canned, "Mời đến trường") || strings.Contains(canned, "{") || !strings.Contains(canned, "Người counsellor") {
		t.Errorf("%.3000s", canned)
	}
	if strings.Index(canned, "Vay qua tổ") > strings.Index(canned, "Chào, xin phép") {
		t.Error("those of the queue come first")
	}
	if _, facts := get("/attach?part=yes&q=lai+vay"); !strings.Contains(facts, "Quy định, có nguồn") || !strings.Contains(facts, "(Nguồn: ") {
		t.Errorf("%.3000s", facts)
	}
	if status, text := get("?put=canned:wait"); status != 200 || !strings.Contains(text, "chờ tôi một lát") {
		t.Errorf("%d", status)
	}
	if status, text := get("?put=canned:%3Cscript%3E"); status != 422 || strings.Contains(text, "<script>") {
		t.Errorf("%d", status)
	}
	if status, text := get("/attach?q=%3Cscript%3Ekhông+có"); status != 200 || strings.Contains(text, "<script>k") || !strings.Contains(text, "Không có gì như vậy") {
		t.Errorf("%d", status)
	}
}

// How long one may still write on Zalo counts from the person's last word.
func TestZaloWindow(t *testing.T) {
	for _, x := range []struct {
		ago  time.Duration
		want string
	}{{time.Hour, "Zalo: còn nhắn được"}, {6*24*time.Hour + 12*time.Hour, "Chỉ còn 12 giờ để nhắn trên Zalo"}, {8 * 24 * time.Hour, "Zalo không cho nhắn nữa"}} {
		w := newWorld(t)
		c, _, err := w.cases.Open(t.Context(), handoff.Opening{Contact: worker, Turn: "zalo:1", Kind: handoff.Help, At: time.Now().Add(-x.ago)})
		if err != nil {
			t.Fatal(err)
		}
		if _, text := w.ask("GET", "/console/cases/"+c.ID, w.as(staff.Counsellor, province), ""); !strings.Contains(text, x.want) {
			t.Errorf("%v after their last word the page has no %q", x.ago, x.want)
		}
	}
	w := newWorld(t)
	c := w.asked(bot.Contact{Channel: "web", ID: "x"})
	if _, text := w.ask("GET", "/console/cases/"+c.ID, w.as(staff.Counsellor, province), ""); strings.Contains(text, "Zalo") {
		t.Error("a page of the web has no window")
	}
}

func TestCaseOverview(t *testing.T) {
	w := newWorld(t)
	long := time.Now().Add(-10 * 24 * time.Hour)
	for i := range 3 {
		if _, _, err := w.cases.Open(t.Context(), handoff.Opening{Contact: bot.Contact{Channel: "web", ID: fmt.Sprint(i)}, Turn: fmt.Sprint("web:", i), Kind: handoff.Help, Topic: "loan.", Answers: dialog.Values{"place": dialog.Text("ba-che")}, At: long}); err != nil {
			t.Fatal(err)
		}
	}
	lan := w.as(staff.Counsellor, province)
	w.do(lan, "1", "reply", "text", "Chào chị", "key", "a")
	w.do(lan, "2", "claim")
	w.do(lan, "1", "close", "outcome", "answered")
	_, text := w.ask("GET", "/console/cases/overview", lan, "")
	for _, want := range []string{"1</b><span>ca đang chờ người nhận, lâu nhất 10 ngày", "1</b><span>ca quá một ngày chưa ai nhận", "chưa ai trả lời, quá hạn", `<td data-of="Nợ lời">1, lâu nhất chưa đến một phút</td>`, `<td data-of="Chờ lâu nhất">10 ngày</td>`} {
		if !strings.Contains(text, want) {
			t.Errorf("the overview has no %q in %s", want, text)
		}
	}
	if _, text := w.ask("GET", "/console/cases/overview", w.as(staff.Counsellor, staff.Scope{Places: []string{"tien-yen"}}), ""); strings.Contains(text, "quá hạn ") || strings.Contains(text, `<b class="big">1`) {
		t.Error("the overview counts what lies elsewhere")
	}
}

// stream reads the events of somebody.
func (w *world) stream(cookie string) *bufio.Scanner {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), "GET", w.URL+"/console/cases/events", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Cookie", "nghe_staff="+cookie)
	answer, err := http.DefaultClient.Do(r)
	if err != nil || answer.StatusCode != 200 {
		w.t.Fatalf("%v %v", answer, err)
	}
	w.t.Cleanup(func() { answer.Body.Close() })
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() && lines.Text() != "event: fresh" {
	}
	return lines
}

// next gives the next event about a case.
func next(lines *bufio.Scanner) map[string]any {
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok && text != "{}" {
			var data map[string]any
			if json.Unmarshal([]byte(text), &data) == nil {
				return data
			}
		}
	}
	return nil
}

// Pages are told at once of what their member may see, and of nothing else; what
// was said is not in it.
func TestCaseEvents(t *testing.T) {
	w := newWorld(t)
	near, far := w.as(staff.Counsellor, staff.Scope{Places: []string{"ba-che"}}), w.as(staff.Counsellor, staff.Scope{Places: []string{"tien-yen"}})
	a, b := w.stream(near), w.stream(far)
	c := w.asked(worker)
	if e := next(a); e["did"] != "opened" || e["id"] != c.ID || e["mine"] != nil {
		t.Errorf("%v", e)
	}
	w.do(near, c.ID, "claim")
	if e := next(a); e["did"] != "claimed" || e["mine"] != true {
		t.Errorf("%v", e)
	}
	if err := w.cases.File(t.Context(), worker, c.ID, "zalo:2", []bot.Bubble{{From: bot.FromPerson, Text: "tôi ở thôn Khe Tâm", At: time.Now()}}); err != nil {
		t.Fatal(err)
	}
	for e := next(a); ; e = next(a) {
		if text := fmt.Sprint(e); strings.Contains(text, "Khe Tâm") || strings.Contains(text, worker.ID) || e == nil {
			t.Fatalf("%v", e)
		}
		if e["person"] == true {
			break
		}
	}
	// The other heard of none of it: the first that comes is in their place.
	w.console.Hear(console.CaseNews{Did: "opened", ID: "elsewhere", Place: "tien-yen"})
	if e := next(b); e["id"] != "elsewhere" {
		t.Errorf("%v", e)
	}
	w.console.Close()
	if e := next(a); e != nil && a.Scan() {
		t.Error("a stream goes on when the server stops")
	}
	if answer, _ := w.ask("GET", "/console/cases/events", near, ""); answer.StatusCode != http.StatusTooManyRequests {
		t.Errorf("%d", answer.StatusCode)
	}
}

func TestStreamsAreLimited(t *testing.T) {
	w := newWorld(t)
	lan := w.as(staff.Counsellor, province)
	for range 12 {
		w.stream(lan)
	}
	if answer, text := w.ask("GET", "/console/cases/events", lan, ""); answer.StatusCode != http.StatusTooManyRequests || !strings.Contains(text, "đóng bớt") {
		t.Errorf("%d", answer.StatusCode)
	}
	w.stream(w.as(staff.Counsellor, province)) // others still may
}
