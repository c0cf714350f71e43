package meter_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"nghe/meter"
)

func page(m *meter.Meter) string {
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}

func TestWhatIsCounted(t *testing.T) {
	m := meter.New("1.2", func(context.Context) (meter.State, error) {
		return meter.State{
			Due: 3, Waiting: 2, Oldest: 90 * time.Second, Claimed: 1, Doubts: 4, Left: 5, Lapsed: 6,
			Embedded: true, Backup: time.Unix(1_700_000_000, 0), Free: 7_000_000_000,
		}, nil
	})
	m.Turn("web", "done", 30*time.Millisecond)
	m.Turn("web", "done", 2*time.Second)
	m.Turn("zalo", "failed", time.Second)
	m.Sent("zalo", "sent")
	m.Part("records", func() bool { return true })
	m.Part("sessions", func() bool { return false })
	done := m.Job("tidy", time.Unix(1000, 0))
	done(nil, time.Unix(2000, 0))
	done(errors.New("away"), time.Unix(3000, 0))
	m.Job("never", time.Unix(1000, 0))
	text := page(m)
	for _, line := range []string{
		`nghe_build_info{version="1.2"} 1`, `nghe_turns_total{channel="web",outcome="done"} 2`, `nghe_turns_total{channel="zalo",outcome="failed"} 1`,
		`nghe_turn_seconds_bucket{channel="web",le="0.05"} 1`, `nghe_turn_seconds_count{channel="web"} 2`, `nghe_answers_total{channel="zalo",outcome="sent"} 1`,
		"nghe_contacts_due 3", "nghe_cases_waiting 2", "nghe_cases_oldest_seconds 90", "nghe_cases_claimed 1", "nghe_doubts 4", "nghe_state_read 1",
		"nghe_contacts_left 5", "nghe_facts_lapsed 6", "nghe_backup_timestamp_seconds 1700000000", "nghe_disk_free_bytes 7000000000",
		`nghe_part_up{part="records"} 1`, `nghe_part_up{part="sessions"} 0`, `nghe_jobs_total{task="tidy",outcome="done"} 1`, `nghe_jobs_total{task="tidy",outcome="failed"} 1`,
		`nghe_job_done_timestamp_seconds{task="tidy"} 2000`, `nghe_job_done_timestamp_seconds{task="never"} 1000`,
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no line %q in\n%s", line, text)
		}
	}
	// Every line is a comment, or a name with its labels and a number.
	form := regexp.MustCompile(`^(#.*|[a-z_][a-zA-Z0-9_]*(\{[^}]*\})? [-+0-9.eE]+|)$`)
	for line := range strings.Lines(text) {
		if !form.MatchString(strings.TrimSuffix(line, "\n")) {
			t.Errorf("no line of Prometheus: %q", line)
		}
	}
}

// A store that can't be read costs its numbers, not the page.
func TestAStateThatCantBeRead(t *testing.T) {
	m := meter.New("1.2", func(context.Context) (meter.State, error) { return meter.State{}, errors.New("away") })
	m.Turn("web", "done", time.Second)
	text := page(m)
	if !strings.Contains(text, "nghe_state_read 0\n") || strings.Contains(text, "nghe_cases_waiting") || !strings.Contains(text, "nghe_turns_total") {
		t.Error(text)
	}
}

// Warnings and errors are counted, by whichever logger of the family they come.
func TestLogIsCounted(t *testing.T) {
	var out strings.Builder
	counted := meter.NewLog(slog.NewTextHandler(&out, nil))
	log := slog.New(counted)
	m := meter.New("1.2", nil)
	m.Log(counted)
	log.Info("a")
	log.Warn("b")
	log.With("contact", "web:1").Error("c")
	log.WithGroup("g").Error("d", "k", "v")
	text := page(m)
	if !strings.Contains(text, `nghe_log_total{level="warning"} 1`) || !strings.Contains(text, `nghe_log_total{level="error"} 2`) {
		t.Error(text)
	}
	if !strings.Contains(out.String(), "msg=c contact=web:1") || !strings.Contains(out.String(), "g.k=v") {
		t.Error(out.String())
	}
}
