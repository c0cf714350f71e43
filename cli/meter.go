package cli

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	"nghe/bot"
	"nghe/handoff"
	"nghe/meter"
	"nghe/scheduler"
)

// mostCounted bounds what is counted of what waits: that it is many is enough.
const mostCounted = 1000

// lateAnswer is how long an accepted message may lie before the operator shall
// know: a turn takes milliseconds, one that a crash left is found after 21 s.
const lateAnswer = time.Minute

// meter makes what counts for the operator, and has the turns counted.
func (p *parts) meter(now func() time.Time) *meter.Meter {
	m := meter.New(buildVersion(), func(ctx context.Context) (meter.State, error) { return p.state(ctx, now()) })
	p.turns.Took = func(in bot.Incoming, outcome bot.Outcome, took time.Duration) {
		m.Turn(in.Contact.Channel, string(outcome), took)
	}
	return m
}

// state reads what waits.
func (p *parts) state(ctx context.Context, now time.Time) (meter.State, error) {
	var s meter.State
	due, err := p.storage.sessions.Due(ctx, now, mostCounted)
	if err != nil {
		return s, err
	}
	cases, err := p.storage.db.CountCases(ctx, handoff.Query{})
	if err != nil {
		return s, err
	}
	waiting, err := p.storage.db.Cases(ctx, handoff.Query{States: []handoff.State{handoff.Waiting}, Limit: mostCounted})
	if err != nil {
		return s, err
	}
	doubts, err := p.storage.db.Troubles(ctx, now.AddDate(0, 0, -1), mostCounted)
	if err != nil {
		return s, err
	}
	left, err := p.storage.sessions.Left(ctx, now.Add(-lateAnswer), mostCounted)
	if err != nil {
		return s, err
	}
	s.Left, s.Lapsed = len(left), len(p.mind.holder.Current().Lapsed(now))
	if s.Embedded = p.storage.embedded(); s.Embedded {
		if s.Backup, err = p.storage.db.LastBackup(ctx); err != nil {
			return s, err
		}
		if s.Free, err = p.storage.db.Free(); err != nil {
			return s, err
		}
	}
	for _, k := range waiting {
		s.Oldest = max(s.Oldest, now.Sub(k.WaitingAt))
	}
	s.Due, s.Waiting, s.Claimed, s.Doubts = len(due), cases[handoff.Waiting], cases[handoff.Claimed], len(doubts)
	return s, nil
}

// counted has what is done by the clock counted.
func counted(m *meter.Meter, jobs []scheduler.Job, now func() time.Time) []scheduler.Job {
	for i, j := range jobs {
		done := m.Job(j.Name, now())
		jobs[i].Do = func(ctx context.Context) error {
			err := j.Do(ctx)
			done(err, now())
			return err
		}
	}
	return jobs
}

// inside serves only who asks from the same machine or its network: numbers of
// the office are nobody's business outside.
func inside(h http.Handler, address func(*http.Request) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isInside(r, address) {
			http.NotFound(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// isInside says whether somebody asks from the same machine or its network. What
// a proxy passed on that is not among NGHE_TRUSTED_PROXIES is from outside, for
// all that is known.
func isInside(r *http.Request, address func(*http.Request) string) bool {
	from := address(r)
	believed := r.Header.Get("X-Forwarded-For") == "" || !strings.HasPrefix(r.RemoteAddr, net.JoinHostPort(from, ""))
	ip := net.ParseIP(from)
	return believed && ip != nil && (ip.IsLoopback() || ip.IsPrivate())
}
