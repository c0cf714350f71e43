package webchat

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

// limiter is a bucket of messages for each key: burst at once, then one in
// each interval.
type limiter struct {
	burst int
	every time.Duration

	mu    sync.Mutex
	full  map[string]time.Time // when the bucket of a key is full again
	swept time.Time
}

// allow takes one message from the bucket, if there is one.
func (l *limiter) allow(key string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.full == nil {
		l.full = map[string]time.Time{}
	}
	l.sweep(now)
	full := l.full[key]
	if full.Before(now) {
		full = now
	}
	if full.Sub(now) > time.Duration(l.burst-1)*l.every {
		return false
	}
	l.full[key] = full.Add(l.every)
	return true
}

// sweep forgets full buckets now and then, so that memory follows use.
func (l *limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < time.Minute {
		return
	}
	l.swept = now
	for key, full := range l.full {
		if full.Before(now) {
			delete(l.full, key)
		}
	}
}

// address gives who sent a request: the nearest address that is not a proxy
// of ours.
func address(r *http.Request, proxies []netip.Prefix) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	hops := append(strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ","), host)
	for _, hop := range slices.Backward(hops) {
		a, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			return host
		}
		host = a.Unmap().String()
		if !slices.ContainsFunc(proxies, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) }) {
			return host
		}
	}
	return host
}
