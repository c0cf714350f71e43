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
)

// mostCounted bounds what is counted of what waits: that it is many is enough.
const mostCounted = 1000

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
	for _, k := range waiting {
		s.Oldest = max(s.Oldest, now.Sub(k.WaitingAt))
	}
	s.Due, s.Waiting, s.Claimed, s.Doubts = len(due), cases[handoff.Waiting], cases[handoff.Claimed], len(doubts)
	return s, nil
}

// inside serves only who asks from the same machine or its network: numbers of
// the office are nobody's business outside. What a proxy passed on that is not
// among NGHE_PROXIES is from outside, for all that is known.
func inside(h http.Handler, address func(*http.Request) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := address(r)
		believed := r.Header.Get("X-Forwarded-For") == "" || !strings.HasPrefix(r.RemoteAddr, net.JoinHostPort(from, ""))
		if ip := net.ParseIP(from); !believed || ip == nil || !ip.IsLoopback() && !ip.IsPrivate() {
			http.NotFound(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}
