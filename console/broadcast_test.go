package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/content"
	"nghe/demo"
	"nghe/dialog"
	"nghe/staff"
)

// told is a console with people who agreed to be told.
func told(t *testing.T) *world {
	w := newWorld(t)
	courses := demo.Courses(library(), time.Now())
	if _, err := w.db.PutCourses(t.Context(), courses, time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := w.learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	persons, wishes := demo.People(library(), courses, 1, 301, "web", time.Now())
	if err := w.db.Fill(t.Context(), persons, wishes); err != nil {
		t.Fatal(err)
	}
	return w
}

// write keeps a draft and gives its id.
func (w *world) write(cookie string, form url.Values) string {
	w.t.Helper()
	answer, text := w.ask("POST", "/console/broadcasts", cookie, form.Encode())
	id, ok := strings.CutPrefix(answer.Header.Get("Location"), "/console/broadcasts/")
	if answer.StatusCode != http.StatusSeeOther || !ok {
		w.t.Fatalf("%d %s: %.2000s", answer.StatusCode, answer.Header.Get("Location"), text)
	}
	id, _, _ = strings.Cut(id, "?")
	return id
}

func (w *world) letter(id string) *broadcast.Broadcast {
	w.t.Helper()
	b, err := w.db.Broadcast(w.t.Context(), id)
	if err != nil || b == nil {
		w.t.Fatalf("%v %v", b, err)
	}
	return b
}

func TestAnnouncementsInScope(t *testing.T) {
	w := told(t)
	may := w.as(staff.Officer, staff.Scope{Places: []string{"ba-che"}})
	hoa := w.as(staff.Officer, staff.Scope{Places: []string{"ba-che"}})
	admin := w.as(staff.Administrator, province)
	viewer := w.as(staff.Viewer, province)
	everybody := w.write(may, url.Values{"text": {"Tin cho cả tỉnh"}})
	if b := w.letter(everybody); b.State != broadcast.Draft || !b.Outside {
		t.Fatalf("%+v", b)
	}
	status := func(cookie, method, path, body string, want int) string {
		t.Helper()
		answer, text := w.ask(method, "/console/broadcasts/"+path, cookie, body)
		if answer.StatusCode != want {
			t.Errorf("%s %s: %d, want %d: %.300s", method, path, answer.StatusCode, want, text)
		}
		return text
	}
	// Nothing goes before it is released, and this one needs a second yes.
	status(hoa, "POST", everybody+"/send", "", 403)
	status(may, "POST", everybody+"/send", "", 303)
	b := w.letter(everybody)
	if b.State != broadcast.Awaiting {
		t.Fatalf("%+v", b)
	}
	status(may, "POST", everybody+"/approve", "hash="+b.Hash, 403)  // beyond her scope
	status(hoa, "POST", everybody+"/approve", "hash="+b.Hash, 403)  // beyond hers
	status(viewer, "POST", everybody+"/approve", "hash=x", 403)     // no role for it
	status(admin, "POST", everybody+"/approve", "hash=before", 422) // it was edited meanwhile
	if text := status(viewer, "GET", everybody, "", 200); strings.Contains(text, "/people") || strings.Contains(text, "<button class=\"act\"") {
		t.Error("a viewer may do something")
	}
	for _, path := range []string{"/people", "/people.xlsx", "/calls"} {
		status(hoa, "GET", everybody+path, "", 403)
		status(admin, "GET", everybody+path, "", 200)
	}
	status(hoa, "POST", everybody+"/cancel", "", 403)
	status(admin, "POST", everybody+"/approve", "hash="+b.Hash, 303)
	if b := w.letter(everybody); b.State != broadcast.Sending || b.ApprovedBy == "" {
		t.Errorf("%+v", b)
	}
	status(may, "POST", everybody+"/pause", "", 303) // her own
	status(may, "POST", everybody+"/resume", "", 303)
	status(may, "POST", everybody+"/cancel", "why=x", 303)
	status(may, "POST", everybody+"/pause", "", 422)

	// In her own commune nobody else is needed; an edit of it is hers alone.
	home := w.write(may, url.Values{"text": {"Tin cho xã nhà"}, "place": {"ba-che"}})
	status(hoa, "GET", home+"/edit", "", 200) // the same commune
	status(may, "POST", home, url.Values{"text": {"Tin cho xã nhà, sửa"}, "place": {"ba-che"}}.Encode(), 303)
	status(may, "POST", home+"/send", "", 303)
	if b := w.letter(home); b.State != broadcast.Sending || b.Text != "Tin cho xã nhà, sửa" || b.Outside {
		t.Errorf("%+v", b)
	}
	// What needs no second person still is not more than was said: the people
	// next door are outside.
	next := w.write(may, url.Values{"text": {"Tin cho cả xã bên"}, "place": {"ba-che"}, "near": {"yes"}})
	if b := w.letter(next); !b.Outside {
		t.Errorf("%+v", b)
	}

	// Bad letters are told where they were written, and nothing is lost.
	for field, form := range map[string]url.Values{
		"Cần có nội dung":     {"place": {"ba-che"}},
		"ký tự":               {"text": {strings.Repeat("a", 1600)}},
		"chỉ quản trị":        {"text": {"gấp gấp"}, "urgent": {"yes"}},
		"Giờ này đã qua":      {"text": {"muộn"}, "when": {"later"}, "at": {"2020-01-01T08:00"}},
		"chọn ngày giờ":       {"text": {"bao giờ"}, "when": {"later"}, "at": {"mai"}},
		"không có xã, phường": {"text": {"x"}, "place": {"atlantis"}},
	} {
		answer, text := w.ask("POST", "/console/broadcasts", may, form.Encode())
		if answer.StatusCode != 422 || !strings.Contains(strings.ToLower(text), strings.ToLower(field)) || !strings.Contains(text, form.Get("text")) {
			t.Errorf("%s: %d", field, answer.StatusCode)
		}
	}
	// Whom it reaches is read back without names.
	_, text := w.ask("POST", "/console/broadcasts/reach", may, url.Values{"place": {"ba-che"}, "trade": {"han"}}.Encode())
	if !strings.Contains(text, "những người ở Ba Chẽ, quan tâm nghề thợ hàn, đã đồng ý nhận tin") || strings.Contains(text, "<html") {
		t.Errorf("%.500s", text)
	}
	if _, text := w.ask("POST", "/console/broadcasts/reach", admin, ""); !strings.Contains(text, "N… v… d…") || strings.Contains(text, "Người ví dụ") {
		t.Errorf("%.900s", text)
	}
	entries, err := w.db.Staff().Entries(t.Context(), staff.Query{About: "broadcast:" + everybody, Limit: 20})
	if err != nil || len(entries) < 6 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}

// Groups that may be chosen are called as people call them.
func TestGroupsHaveNames(t *testing.T) {
	w := told(t)
	admin := w.as(staff.Administrator, province)
	_, text := w.ask("GET", "/console/broadcasts/new", admin, "")
	named := 0
	for _, id := range content.Groups {
		if strings.Contains(text, `name="group" value="`+id+`"`) {
			named++
		}
	}
	if named < 8 {
		t.Errorf("only %d groups have a name", named)
	}
}

// A test that does not arrive says why, and what to do.
func TestATestThatDoesNotArrive(t *testing.T) {
	w := told(t)
	cookie := w.as(staff.Administrator, province)
	id := w.write(cookie, url.Values{"text": {"Tin thử"}})
	try := func() string {
		t.Helper()
		answer, text := w.ask("POST", "/console/broadcasts/"+id+"/try", cookie, "")
		if answer.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%d", answer.StatusCode)
		}
		return strings.ToLower(text)
	}
	if text := try(); !strings.Contains(text, "lấy mã liên kết") {
		t.Errorf("without a chat: %.300s", text)
	}
	members, err := w.db.Staff().Members(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	code, err := w.desk.ChatCode(t.Context(), members[0])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.desk.Effects()[staff.EffectLink](t.Context(), bot.Asked{Contact: bot.Contact{Channel: "zalo", ID: "7"}, Turn: "link", Slots: dialog.Values{"staff_code": dialog.Text(code)}, At: time.Now()}); err != nil {
		t.Fatal(err)
	}
	for want, err := range map[string]error{
		"zalo chưa cho bot nhắn trước":     &bot.SendError{Next: bot.Gone, Reason: "window"},
		"kênh zalo của anh/chị hiện không": &bot.SendError{Next: bot.Halt, Reason: "no-channel"},
		"zalo đang từ chối cả bot":         &bot.SendError{Next: bot.Halt, Reason: "refused"},
		"đã chặn bot":                      &bot.SendError{Next: bot.Gone, Reason: "blocked"},
		"zalo đang bận":                    &bot.SendError{Next: bot.Again},
		"không rõ tin thử đã tới chưa":     &bot.SendError{Next: bot.Doubtful},
		"xem lại nội dung":                 &bot.SendError{Next: bot.Never, Reason: "bad-text"},
		"máy chủ đang bận":                 bot.ErrNotBegun,
	} {
		w.try = err
		if text := try(); !strings.Contains(text, want) {
			t.Errorf("%v: does not say %q", err, want)
		}
	}
}

// What was done is said by what became of it.
func TestWhatBecameOfIt(t *testing.T) {
	w := told(t)
	admin := w.as(staff.Administrator, province)
	for want, form := range map[string]url.Values{
		"broadcast-scheduled": {"text": {"Tin hẹn"}, "place": {"ba-che"}, "when": {"later"}, "at": {time.Now().In(zone).Add(48 * time.Hour).Format("2006-01-02T15:04")}},
		"broadcast-awaiting":  {"text": {"Tin cho nhiều người"}},
		"broadcast-sending":   {"text": {"Tin khẩn"}, "place": {"ba-che"}, "urgent": {"yes"}},
	} {
		was, err := w.db.Rules(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		rules := broadcast.DefaultRules()
		if want == "broadcast-awaiting" {
			rules.ApproveAbove = 1
		}
		if won, err := w.db.EditRules(t.Context(), was, rules); !won || err != nil {
			t.Fatal(won, err)
		}
		id := w.write(admin, form)
		answer, text := w.ask("POST", "/console/broadcasts/"+id+"/send", admin, "")
		if _, done, _ := strings.Cut(answer.Header.Get("Location"), "done="); done != want {
			t.Errorf("%s: %d %s %.300s", want, answer.StatusCode, answer.Header.Get("Location"), text)
		}
		if _, text := w.ask("GET", answer.Header.Get("Location"), admin, ""); !strings.Contains(text, `class="done"`) {
			t.Errorf("%s: nothing is said", want)
		}
	}
}
