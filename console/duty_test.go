package console_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"nghe/bot"
	"nghe/dialog"
	"nghe/handoff"
	"nghe/scheduler/reminder"
	"nghe/staff"
)

// Somebody goes on duty on a page: cases are offered to them there as long as
// they have one open, and what they hold goes back when they go.
func TestDutyOnPages(t *testing.T) {
	w := newWorld(t)
	lan, may := w.as(staff.Counsellor, province), w.as(staff.Counsellor, province)
	inbox := func(cookie string) string {
		t.Helper()
		_, text := w.ask("GET", "/console/cases", cookie, "")
		return text
	}
	turn := func(cookie, on string) string {
		t.Helper()
		answer, text := w.ask("POST", "/console/cases/duty", cookie, "on="+on)
		if answer.StatusCode != 303 {
			t.Fatalf("%d %s", answer.StatusCode, text)
		}
		return answer.Header.Get("Location")
	}
	if text := inbox(lan); !strings.Contains(text, "Bắt đầu trực") || !strings.Contains(text, "Chưa có ai trực.") {
		t.Error("nobody is on duty, and the page does not say so")
	}
	first, other := w.asked(worker), w.asked(bot.Contact{Channel: "web", ID: "b"})
	stream := w.stream(lan)
	turn(lan, "yes")
	// Both are offered to the only one there is, at once.
	for range 2 {
		if e := next(stream); e["did"] != "offered" || e["asked"] != true || e["offered"] != nil {
			t.Errorf("%v", e)
		}
	}
	if text := inbox(lan); !strings.Contains(text, "Anh/chị đang trực đến") || strings.Count(text, "mời anh/chị nhận, tới") != 2 {
		t.Error("whose turn it is does not stand in the list")
	}
	if text := inbox(may); strings.Contains(text, "mời anh/chị nhận, tới") || !strings.Contains(text, "Đang trực: Người counsellor (đang rảnh)") {
		t.Error("a colleague reads the offer, or not who is on duty")
	}
	if _, text := w.ask("GET", "/console/cases/"+first.ID, lan, ""); !strings.Contains(text, "Để người khác") {
		t.Error("an offer can't be passed on")
	}
	// Passed on, it goes to the next who comes.
	turn(may, "yes")
	if status, text := w.do(lan, first.ID, "pass"); status != 303 {
		t.Fatalf("%d %s", status, text)
	}
	if text := inbox(may); strings.Count(text, "mời anh/chị nhận, tới") != 1 {
		t.Error("it is not offered to the next")
	}
	// Who closed all pages is shown as such, and offered nothing.
	duties, err := w.db.Duties(t.Context())
	if err != nil || len(duties) != 2 {
		t.Fatal(duties, err)
	}
	for _, d := range duties {
		if d.Login == w.theCase(first.ID).Offered {
			d.Seen = time.Now().Add(-handoff.PagesClosed - time.Second)
			if err := w.db.PutDuty(t.Context(), d, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	if text := inbox(lan); !strings.Contains(text, "đã đóng trang, chưa mời được") {
		t.Error("who is away is not shown as such")
	}
	if err := w.cases.Offer(t.Context(), time.Now().Add(time.Hour)); err != nil { // nobody is asked who is away
		t.Fatal(err)
	}
	now := time.Now()
	on, err := w.cases.OnDuty(t.Context(), now)
	if err != nil || len(on) != 2 || on[0].Reachable() == on[1].Reachable() {
		t.Errorf("%+v %v", on, err)
	}
	inbox(may) // a page is open again
	if on, err := w.cases.OnDuty(t.Context(), now); err != nil || !on[0].Reachable() || !on[1].Reachable() {
		t.Errorf("%+v %v", on, err)
	}
	w.do(lan, other.ID, "claim")
	if text := inbox(lan); !strings.Contains(text, "1 ca đang giữ về lại hàng") {
		t.Error("what going off duty does is not told before")
	}
	if to := turn(lan, "no"); !strings.HasSuffix(to, "duty-off-given") {
		t.Error(to)
	}
	if k := w.theCase(other.ID); k.State != handoff.Waiting {
		t.Errorf("%+v", k)
	}
	if text := inbox(lan); !strings.Contains(text, "Anh/chị chưa trực") {
		t.Error("still on duty")
	}
	// Who may not take cases has no duty.
	for _, role := range []staff.Role{staff.Officer, staff.Viewer} {
		if answer, _ := w.ask("POST", "/console/cases/duty", w.as(role, province), "on=yes"); answer.StatusCode != 403 {
			t.Errorf("%s: %d", role, answer.StatusCode)
		}
	}
	entries, err := w.db.Staff().Entries(t.Context(), staff.Query{Did: "duty.", Limit: 10})
	if err != nil || len(entries) != 3 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}

// The first page tells how cases stand, and what nobody sees to, as long as it
// is so and to whom it concerns.
func TestHomeTellsOfCases(t *testing.T) {
	w := newWorld(t)
	lan, chief, elsewhere := w.as(staff.Counsellor, province), w.as(staff.Administrator, province), w.as(staff.Administrator, staff.Scope{Places: []string{"tien-yen"}})
	home := func(cookie string) string {
		t.Helper()
		_, text := w.ask("GET", "/console/", cookie, "")
		return text
	}
	for i := range 3 {
		if _, _, err := w.cases.Open(t.Context(), handoff.Opening{Contact: bot.Contact{Channel: "web", ID: fmt.Sprint(i)}, Turn: fmt.Sprint("web:", i), Kind: handoff.Help, Topic: "loan.", Answers: dialog.Values{"place": dialog.Text("ba-che")}, At: time.Now().Add(-10 * 24 * time.Hour)}); err != nil {
			t.Fatal(err)
		}
	}
	w.do(lan, "2", "claim")
	text := home(lan)
	for _, want := range []string{`2</b><span>ca đang chờ, lâu nhất 10 ngày`, `1</b><span>ca của tôi, 1 người đang chờ lời`, `3</b><span>ca sắp hoặc đã quá hạn`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	if strings.Contains(text, "/console/cases/overview") || !strings.Contains(home(chief), "/console/cases/overview") {
		t.Error("the overview is linked for the wrong one")
	}
	if text := home(w.as(staff.Officer, province)); strings.Contains(text, "ca đang chờ") {
		t.Error("an officer reads of cases")
	}
	k := w.theCase("1")
	n := reminder.Notice{Name: "case 1 day", Case: k.ID, Roles: []string{string(staff.Administrator)}, Text: "Ca #1: đã một ngày chưa ai nhận.", At: time.Now(), Until: time.Now().Add(time.Hour)}
	if _, _, err := w.db.PutNotice(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	for cookie, want := range map[string]bool{chief: true, elsewhere: false, lan: false} {
		if strings.Contains(home(cookie), n.Text) != want {
			t.Errorf("told: %v", !want)
		}
	}
	w.do(lan, "1", "claim")
	if strings.Contains(home(chief), n.Text) {
		t.Error("somebody has taken it, and it still stands there")
	}
}
