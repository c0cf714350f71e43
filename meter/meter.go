package meter

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/VictoriaMetrics/metrics"
)

// Meter counts. Make it with New; its methods may be called by any goroutine.
type Meter struct {
	set   *metrics.Set
	state func(context.Context) (State, error)
}

// State is what waits, at the moment somebody looks.
type State struct {
	Due     int           // contacts to whom something is to be sent and was not yet; at most 1,000 are counted
	Waiting int           // cases that nobody took
	Oldest  time.Duration // how long the oldest of them waits
	Claimed int           // cases in somebody's hand
	Doubts  int           // sends of the last day that may have arrived twice or not at all, at most 1,000
}

// stateLimit is how long reading the state may take; then it is left out, and
// nghe_state_read says so.
const stateLimit = 2 * time.Second

// New makes a meter for a version of the program. State reads what waits; nil:
// nothing does.
func New(version string, state func(context.Context) (State, error)) *Meter {
	m := &Meter{set: metrics.NewSet(), state: state}
	m.set.NewGauge(fmt.Sprintf("nghe_build_info{version=%q}", version), func() float64 { return 1 })
	return m
}

// Turn counts one message that was answered, or was not. Outcome is "done",
// "repeated", "busy" or "failed".
func (m *Meter) Turn(channel, outcome string, took time.Duration) {
	m.set.GetOrCreateCounter(fmt.Sprintf("nghe_turns_total{channel=%q,outcome=%q}", channel, outcome)).Inc()
	m.set.GetOrCreatePrometheusHistogram(fmt.Sprintf("nghe_turn_seconds{channel=%q}", channel)).Update(took.Seconds())
}

// Sent counts one answer on its way out. Outcome is "sent", "doubted" or "lost".
func (m *Meter) Sent(channel, outcome string) {
	m.set.GetOrCreateCounter(fmt.Sprintf("nghe_answers_total{channel=%q,outcome=%q}", channel, outcome)).Inc()
}

// ServeHTTP writes everything.
func (m *Meter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	m.set.WritePrometheus(w)
	m.writeState(r.Context(), w)
	metrics.WriteProcessMetrics(w)
}

func (m *Meter) writeState(ctx context.Context, w http.ResponseWriter) {
	if m.state == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, stateLimit)
	defer cancel()
	s, err := m.state(ctx)
	read := 1
	if err != nil {
		read = 0
	}
	metrics.WriteGaugeUint64(w, "nghe_state_read", uint64(read))
	if err != nil {
		return
	}
	metrics.WriteGaugeUint64(w, "nghe_contacts_due", uint64(s.Due))
	metrics.WriteGaugeUint64(w, "nghe_cases_waiting", uint64(s.Waiting))
	metrics.WriteGaugeFloat64(w, "nghe_cases_oldest_seconds", s.Oldest.Seconds())
	metrics.WriteGaugeUint64(w, "nghe_cases_claimed", uint64(s.Claimed))
	metrics.WriteGaugeUint64(w, "nghe_doubts", uint64(s.Doubts))
}
