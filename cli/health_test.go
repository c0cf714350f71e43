package cli

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A probe tells which part is away, since when, and those inside why; what
// changed is logged once, however often somebody asks.
func TestHealthTellsWhichPartAndSinceWhen(t *testing.T) {
	now := time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC)
	var log bytes.Buffer
	var away, refused error
	asked := 0
	h := &health{log: slog.New(slog.NewTextHandler(&log, nil)), now: func() time.Time { return now }, began: now}
	h.parts = []*part{
		{name: "records", needed: true, ask: func(context.Context) error { asked++; return away }, since: now},
		{name: "channels", ask: func(context.Context) error { return refused }, since: now},
	}
	probe := func(from string) (int, string) {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/readyz", nil)
		h.ready(func(*http.Request) string { return from })(w, r)
		return w.Code, w.Body.String()
	}
	expect := func(from string, code int, lines ...string) {
		t.Helper()
		got, text := probe(from)
		if want := strings.Join(lines, "\n") + "\n"; got != code || text != want {
			t.Errorf("%d\n%swant %d\n%s", got, text, code, want)
		}
	}
	expect("127.0.0.1", 200, "ready", "records: ok since 2026-12-01T08:00:00+07:00", "channels: ok since 2026-12-01T08:00:00+07:00")

	now = now.Add(time.Minute)
	away, refused = errors.New("connection refused"), errors.New("channel zalo is refused")
	expect("127.0.0.1", 503, "not ready", "records: away since 2026-12-01T08:01:00+07:00: connection refused", "channels: away since 2026-12-01T08:01:00+07:00: channel zalo is refused")
	before := asked
	for range 100 {
		expect("203.0.113.7", 503, "not ready", "records: away since 2026-12-01T08:01:00+07:00", "channels: away since 2026-12-01T08:01:00+07:00")
	}
	if asked != before {
		t.Errorf("the store was asked %d times within a second", asked-before)
	}
	now = now.Add(time.Minute)
	expect("127.0.0.1", 503, "not ready", "records: away since 2026-12-01T08:01:00+07:00: connection refused", "channels: away since 2026-12-01T08:01:00+07:00: channel zalo is refused")

	// A channel alone does not take the pages out of service.
	now, away = now.Add(time.Minute), nil
	expect("203.0.113.7", 200, "ready", "records: ok since 2026-12-01T08:03:00+07:00", "channels: away since 2026-12-01T08:01:00+07:00")
	if h.up(h.parts[1]) || !h.up(h.parts[0]) {
		t.Error("the numbers say something else than the words")
	}
	for line, n := range map[string]int{`msg="a part is away" part=records`: 1, `msg="a part is back" part=records away=2m0s`: 1, `msg="a part is away" part=channels`: 1} {
		if strings.Count(log.String(), line) != n {
			t.Errorf("%q is not %d times in\n%s", line, n, &log)
		}
	}

	// Who was told to stop is left in time.
	h.end()
	expect("203.0.113.7", 503, "not ready", "records: ok since 2026-12-01T08:03:00+07:00", "channels: away since 2026-12-01T08:01:00+07:00", "process: ends since 2026-12-01T08:03:00+07:00")
}
