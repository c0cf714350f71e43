package console_test

import (
	"html"
	"net/http"
	"strings"
	"testing"
	"time"

	"nghe/broadcast"
	"nghe/scheduler/reminder"
	"nghe/staff"
)

// Every reminder is shown in words, with what it did; administrators of the
// province switch it, and the clock keeps to that.
func TestReminders(t *testing.T) {
	w := newWorld(t)
	now := time.Now()
	made := broadcast.Broadcast{ID: "b1", Name: "closes-3/na/2027-01-01", Author: broadcast.Clock, Text: "x", State: broadcast.Cancelled, Planned: 7, At: now, UsefulUntil: now.Add(time.Hour), CreatedAt: now, LeftOut: map[string]int{}}
	if _, _, err := w.db.Put(t.Context(), made, false, now); err != nil {
		t.Fatal(err)
	}
	for _, m := range []reminder.Missed{{Name: "closes-3/a/1", Reminder: "closes-3", Due: now, At: now, Why: reminder.Late, People: 4}, {Name: "closes-3/b/1", Reminder: "closes-3", Due: now, At: now, Why: reminder.Nobody}} {
		if _, err := w.db.Miss(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	admin := w.as(staff.Administrator, province)
	officer := w.as(staff.Officer, province)
	_, text := w.ask("GET", "/console/reminders", officer, "")
	_, text, _ = strings.Cut(html.UnescapeString(text), "<main")
	for _, want := range []string{
		"nhắc 1 lần cho 7 lượt người", "1 lần đến hạn mà không có ai để nhắc", "1 lần bỏ vì quá giờ có ích, lẽ ra nhắc 4 người",
		"Trước hạn đăng ký 7 ngày, lúc 8:00", "Sau bế giảng 3 tháng, lúc 18:00", "Lúc 9:00 thứ hai hằng tuần", "Ngày 1/11 hằng năm, lúc 8:00", "xem 15 phút một lần, từ 7 đến 20 giờ",
		"Người đã đồng ý được nhắc ngày giao dịch ở xã đó", "“Mới”, “Đã liên lạc”", "(tên lớp)",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, r := range library().Reminders {
		if !strings.Contains(text, r.Title) || strings.Contains(text, "theo lịch") {
			t.Errorf("%s is not told in words", r.ID)
		}
	}
	if strings.Contains(text, "{") || strings.Contains(text, "Tắt lời nhắc này") {
		t.Error("places that are not filled in, or a switch for somebody who may not")
	}

	for _, cookie := range []string{officer, w.as(staff.Administrator, staff.Scope{Places: []string{"ba-che"}})} {
		if answer, _ := w.ask("POST", "/console/reminders/closes-3", cookie, "on=no"); answer.StatusCode != http.StatusForbidden {
			t.Errorf("%d", answer.StatusCode)
		}
	}
	if answer, _ := w.ask("POST", "/console/reminders/nosuch", admin, "on=no"); answer.StatusCode != http.StatusNotFound {
		t.Errorf("%d", answer.StatusCode)
	}
	for range 2 {
		if answer, _ := w.ask("POST", "/console/reminders/closes-3", admin, "on=no"); answer.StatusCode != http.StatusSeeOther {
			t.Errorf("%d", answer.StatusCode)
		}
	}
	switches, err := w.db.Switches(t.Context())
	if err != nil || reminder.IsOn(library().Reminder("closes-3"), switches) || !reminder.IsOn(library().Reminder("closes-7"), switches) {
		t.Errorf("%+v %v", switches, err)
	}
	if _, text := w.ask("GET", "/console/reminders", admin, ""); !strings.Contains(text, "đã tắt") || !strings.Contains(text, "Người administrator, ") {
		t.Error("the page does not say that it is off, and by whom")
	}
	if answer, _ := w.ask("POST", "/console/reminders/closes-3", admin, "on=yes"); answer.StatusCode != http.StatusSeeOther {
		t.Errorf("%d", answer.StatusCode)
	}
	entries, err := w.db.Staff().Entries(t.Context(), staff.Query{About: "reminder:closes-3", Limit: 9})
	if err != nil || len(entries) != 2 || entries[0].Did != "reminder.on" || entries[1].Did != "reminder.off" {
		t.Errorf("%+v %v", entries, err)
	}
}
