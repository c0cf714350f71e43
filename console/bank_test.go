package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"nghe/staff"
)

func bankForm(pairs ...string) string {
	form := url.Values{"place": {"ba-che"}, "day": {"12"}, "hours": {"từ 8 giờ đến 11 giờ"}, "where": {"trụ sở UBND xã"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form.Encode()
}

// A commune's day of the policy bank is entered, changed and removed by who works
// for the commune, and by nobody else.
func TestBankDays(t *testing.T) {
	w := newWorld(t)
	may := w.as(staff.Officer, staff.Scope{Places: []string{"ba-che", "ky-thuong"}})
	far := w.as(staff.Officer, staff.Scope{Places: []string{"tien-yen"}})
	school := w.as(staff.Officer, staff.Scope{Org: "Trường A"})
	counsellor := w.as(staff.Counsellor, province)
	status := func(cookie, method, path, body string, want int) string {
		t.Helper()
		answer, text := w.ask(method, "/console/bank-days"+path, cookie, body)
		if answer.StatusCode != want {
			t.Errorf("%s %s: %d, want %d: %.300s", method, path, answer.StatusCode, want, text)
		}
		return text
	}
	for _, bad := range []struct{ field, value, says string }{
		{"place", "", "chọn xã"}, {"place", "atlantis", "chọn xã"}, {"day", "31", "từ 1 đến 28"}, {"day", "mồng mười", "một số"}, {"hours", " ", "ghi giờ"}, {"where", "", "ghi nơi"}, {"where", "{place}", "không dùng dấu"},
	} {
		if text := status(may, "POST", "", bankForm(bad.field, bad.value), 422); !strings.Contains(strings.ToLower(text), bad.says) || !strings.Contains(text, "wrong-"+bad.field) {
			t.Errorf("%s %q is not told", bad.field, bad.value)
		}
	}
	for _, cookie := range []string{far, school} {
		if text := status(cookie, "POST", "", bankForm(), 422); !strings.Contains(text, "ngoài phạm vi") {
			t.Errorf("%.300s", text)
		}
	}
	status(counsellor, "GET", "", "", 403)
	status(may, "POST", "", bankForm(), http.StatusSeeOther)
	if text := status(may, "POST", "", bankForm("day", "5"), 422); !strings.Contains(text, "đã có ngày giao dịch") {
		t.Errorf("%.300s", text)
	}
	if text := status(may, "GET", "", "", 200); !strings.Contains(text, "ngày 12 hằng tháng") || !strings.Contains(text, "place=ky-thuong") || strings.Contains(text, "place=tien-yen") {
		t.Error("the list is not of her communes")
	}
	for _, path := range []string{"/ba-che", "/ba-che/drop"} {
		status(far, "POST", path, bankForm("day", "5"), 403)
	}
	status(far, "GET", "/ba-che", "", 403)
	if text := status(far, "GET", "", "", 200); strings.Contains(text, "ngày 12 hằng tháng") {
		t.Error("days of others are listed")
	}
	status(may, "GET", "/ky-thuong", "", 404)
	status(may, "POST", "/ba-che", bankForm("day", "0"), 422)
	status(may, "POST", "/ba-che", bankForm("day", "20", "place", "tien-yen"), http.StatusSeeOther)
	all, err := w.db.BankDays(t.Context())
	if err != nil || len(all) != 1 || all[0].Place != "ba-che" || all[0].Day != 20 || all[0].By == "" {
		t.Errorf("%+v %v", all, err)
	}
	status(may, "POST", "/ba-che/drop", "", http.StatusSeeOther)
	status(may, "POST", "/ba-che/drop", "", 404)
	entries, err := w.db.Staff().Entries(t.Context(), staff.Query{About: "bank-day:ba-che", Limit: 9})
	if err != nil || len(entries) != 3 || !strings.Contains(entries[1].Detail, "ngày: 12 → 20") || entries[0].Did != "office.drop" {
		t.Errorf("%+v %v", entries, err)
	}
}
