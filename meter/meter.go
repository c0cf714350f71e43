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
	Left    int           // contacts of whom a message was accepted and not answered in time, at most 1,000
	Lapsed  int           // facts past the day on which they were to be reviewed
	// Embedded says that all is in one file on this machine; then Backup is when
	// the last one was made (zero: never) and Free how many bytes the disk has left.
	Embedded bool
	Backup   time.Time
	Free     uint64
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

// Part tells whether something that the program stands on is there, whenever
// somebody looks.
func (m *Meter) Part(name string, up func() bool) {
	m.set.NewGauge(fmt.Sprintf("nghe_part_up{part=%q}", name), func() float64 {
		if up() {
			return 1
		}
		return 0
	})
}

// Job makes what is told of a job that is done by the clock: whether it went
// well, and when. Until it was done the first time it counts as done at the
// beginning, so that one which never runs is noticed.
func (m *Meter) Job(name string, began time.Time) (done func(err error, at time.Time)) {
	well := m.set.NewCounter(fmt.Sprintf(`nghe_jobs_total{task=%q,outcome="done"}`, name))
	failed := m.set.NewCounter(fmt.Sprintf(`nghe_jobs_total{task=%q,outcome="failed"}`, name))
	last := m.set.NewGauge(fmt.Sprintf("nghe_job_done_timestamp_seconds{task=%q}", name), nil)
	last.Set(float64(began.Unix()))
	return func(err error, at time.Time) {
		if err != nil {
			failed.Inc()
			return
		}
		well.Inc()
		last.Set(float64(at.Unix()))
	}
}

// ServeHTTP writes everything.
func (m *Meter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	m.set.WritePrometheus(w)
	m.writeState(r.Context(), w)
	metrics.WriteProcessMetrics(w)
	metrics.WriteFDMetrics(w)
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
	metrics.WriteGaugeUint64(w, "nghe_contacts_left", uint64(s.Left))
	metrics.WriteGaugeUint64(w, "nghe_facts_lapsed", uint64(s.Lapsed))
	if !s.Embedded {
		return
	}
	var backup uint64 // never: since 1970
	if !s.Backup.IsZero() {
		backup = uint64(s.Backup.Unix())
	}
	metrics.WriteGaugeUint64(w, "nghe_backup_timestamp_seconds", backup)
	metrics.WriteGaugeUint64(w, "nghe_disk_free_bytes", s.Free)
}
