package console_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"nghe/broadcast"
	"nghe/staff"
)

func rulesForm(pairs ...string) string {
	form := url.Values{"day_begins": {"07:00"}, "day_ends": {"20:30"}, "per_week": {"3"}, "approve_above": {"200"}, "seen": {`{"day_begins":"07:00","day_ends":"20:30","per_week":3,"approve_above":200}`}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form.Encode()
}

// The rules are of the whole province: its administrators change them, officers
// read them, and what was changed stands in the books.
func TestRules(t *testing.T) {
	w := newWorld(t)
	admin := w.as(staff.Administrator, province)
	local := w.as(staff.Administrator, staff.Scope{Places: []string{"ba-che"}})
	officer := w.as(staff.Officer, province)
	for _, cookie := range []string{local, officer} {
		if _, text := w.ask("GET", "/console/rules", cookie, ""); !strings.Contains(text, "từ 07:00 đến 20:30") || strings.Contains(text, "<form method=\"post\" action=\"/console/rules\"") {
			t.Error("who may only read has a form, or nothing to read")
		}
		if answer, _ := w.ask("POST", "/console/rules", cookie, rulesForm("per_week", "9")); answer.StatusCode != http.StatusForbidden {
			t.Errorf("%d", answer.StatusCode)
		}
	}
	for _, bad := range []struct{ field, value, says string }{
		{"day_begins", "21:00", "giờ bắt đầu phải trước"},
		{"day_ends", "tối", "ghi giờ và phút"},
		{"per_week", "0", "từ 1 đến 21"},
		{"per_week", "ba", "ghi một số"},
		{"approve_above", "", "ghi một số"},
		{"approve_above", "-5", "từ 1 người"},
	} {
		answer, text := w.ask("POST", "/console/rules", admin, rulesForm(bad.field, bad.value))
		if answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(strings.ToLower(text), bad.says) || !strings.Contains(text, `id="wrong-`+bad.field) {
			t.Errorf("%s %q: %d", bad.field, bad.value, answer.StatusCode)
		}
		if bad.value != "" && !strings.Contains(text, `value="`+bad.value+`"`) {
			t.Errorf("%s: what was typed is lost", bad.field)
		}
	}
	if rules, err := w.db.Rules(t.Context()); err != nil || rules != broadcast.DefaultRules() {
		t.Errorf("%+v %v", rules, err)
	}

	form := rulesForm("per_week", "2", "approve_above", "50", "day_begins", "7h", "day_ends", "21 giờ", "zalo_paid", "yes")
	for range 2 { // the second time nothing is different
		if answer, _ := w.ask("POST", "/console/rules", admin, form); answer.StatusCode != http.StatusSeeOther {
			t.Errorf("%d", answer.StatusCode)
		}
	}
	want := broadcast.Rules{DayBegins: 7 * 60, DayEnds: 21 * 60, PerWeek: 2, ApproveAbove: 50, ZaloPaid: true}
	if rules, err := w.db.Rules(t.Context()); err != nil || rules != want {
		t.Errorf("%+v %v", rules, err)
	}
	entries, err := w.db.Staff().Entries(t.Context(), staff.Query{Did: "rules.edit", Limit: 9})
	if err != nil || len(entries) != 1 || !strings.Contains(entries[0].Detail, "3 tin → 2 tin") || !strings.Contains(entries[0].Detail, "không → có") {
		t.Errorf("%+v %v", entries, err)
	}
	if _, text := w.ask("GET", "/console/rules", officer, ""); !strings.Contains(text, "từ 07:00 đến 21:00") || !strings.Contains(text, "hơn 50 người") {
		t.Errorf("%.900s", text)
	}
}

// Of two who change the rules at the same time the second is told what the first
// changed, and asked again; nothing of the first is lost in silence.
func TestTwoChangeTheRules(t *testing.T) {
	w := newWorld(t)
	one, two := w.as(staff.Administrator, province), w.as(staff.Administrator, province)
	seen := func(text string) string {
		t.Helper()
		m := regexp.MustCompile(`name="seen" value="([^"]+)"`).FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("the form does not say what it shows: %.600s", text)
		}
		return html.UnescapeString(m[1])
	}
	_, page := w.ask("GET", "/console/rules", one, "")
	both := seen(page)
	if answer, _ := w.ask("POST", "/console/rules", one, rulesForm("seen", both, "per_week", "2")); answer.StatusCode != http.StatusSeeOther {
		t.Fatalf("%d", answer.StatusCode)
	}
	// A field that is wrong does not make the second see the newer rules.
	if _, text := w.ask("POST", "/console/rules", two, rulesForm("seen", both, "approve_above", "x")); seen(text) != both {
		t.Error("who was told of a wrong field is taken to have seen the change")
	}
	answer, text := w.ask("POST", "/console/rules", two, rulesForm("seen", both, "approve_above", "50"))
	if answer.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(text, "3 tin → 2 tin") || !strings.Contains(text, `value="50"`) {
		t.Fatalf("%d %s", answer.StatusCode, text[strings.Index(text, "<main"):])
	}
	if rules, err := w.db.Rules(t.Context()); err != nil || rules.PerWeek != 2 || rules.ApproveAbove != 200 {
		t.Errorf("%+v %v", rules, err)
	}
	if answer, _ := w.ask("POST", "/console/rules", two, rulesForm("seen", seen(text), "per_week", "2", "approve_above", "50")); answer.StatusCode != http.StatusSeeOther {
		t.Errorf("asked again, and yes: %d", answer.StatusCode)
	}
	if rules, err := w.db.Rules(t.Context()); err != nil || rules.PerWeek != 2 || rules.ApproveAbove != 50 {
		t.Errorf("%+v %v", rules, err)
	}
	if answer, _ := w.ask("POST", "/console/rules", two, rulesForm("seen", "", "per_week", "7")); answer.StatusCode != http.StatusBadRequest {
		t.Errorf("a form that does not say what it saw: %d", answer.StatusCode)
	}
}
