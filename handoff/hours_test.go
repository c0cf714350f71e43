package handoff_test

import (
	"testing"
	"time"

	"nghe/content"
	"nghe/handoff"
)

// Targets are counted in working hours: evenings, weekends and holidays don't
// count.
func TestHours(t *testing.T) {
	here := time.FixedZone("here", 7*3600)
	desk := &handoff.Desk{Zone: here, Holiday: func(at time.Time) bool { return at.Day() == 2 && at.Month() == time.December }}
	h := desk.Hours(content.MustBuiltin().Queue("training")) // T2-T6 7:30–11:30, 13:30–17:00
	at := func(text string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", text, here)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for _, c := range []struct {
		at   string
		open bool
		next string
		add  time.Duration
		end  string
	}{
		{"2026-11-30 08:00", true, "2026-11-30 08:00", time.Hour, "2026-11-30 09:00"},
		{"2026-11-30 11:00", true, "2026-11-30 11:00", time.Hour, "2026-11-30 14:00"},      // over noon
		{"2026-11-30 11:30", false, "2026-11-30 13:30", time.Hour, "2026-11-30 14:30"},     // the end is not in
		{"2026-11-28 10:00", false, "2026-11-30 07:30", time.Hour, "2026-11-30 08:30"},     // Saturday
		{"2026-12-01 16:30", true, "2026-12-01 16:30", time.Hour, "2026-12-03 08:00"},      // over a holiday
		{"2026-12-02 09:00", false, "2026-12-03 07:30", 0, "2026-12-03 07:30"},             // on it
		{"2026-11-30 07:30", true, "2026-11-30 07:30", 16 * time.Hour, "2026-12-03 08:30"}, // two days and an hour
	} {
		from := at(c.at)
		if h.Open(from) != c.open || !h.Next(from).Equal(at(c.next)) || !h.Add(from, c.add).Equal(at(c.end)) {
			t.Errorf("%s: open %v, next %v, after %v it is %v", c.at, h.Open(from), h.Next(from), c.add, h.Add(from, c.add))
		}
		if got := h.Between(from, h.Add(from, c.add)); got != c.add {
			t.Errorf("%s: %v lie between, want %v", c.at, got, c.add)
		}
	}
	if got, want := h.String(), "thứ Hai đến thứ Sáu, 7:30–11:30 và 13:30–17:00"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
