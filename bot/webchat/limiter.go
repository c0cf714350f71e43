package webchat

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

// Limits counts what comes from a person or an address. Package store has
// one that holds for all processes on one Redis.
type Limits interface {
	// Allow takes one message from the bucket of a key, if there is one: burst
	// at once, then one in each interval.
	Allow(ctx context.Context, key string, burst int, every time.Duration, now time.Time) (bool, error)
}

// bucket is how much may come of one kind of keys.
type bucket struct {
	kind  string
	burst int
	every time.Duration
}

// allow says whether a message may come. When the shared count can't be
// reached, this process counts alone.
func (c *Chat) allow(ctx context.Context, b bucket, key string) bool {
	key, now := b.kind+":"+key, c.now()
	if c.limits != nil {
		ok, err := c.limits.Allow(ctx, key, b.burst, b.every, now)
		if err == nil {
			return ok
		}
		c.log.Warn("messages are counted by this process alone", "error", err)
	}
	return c.alone.allow(key, b.burst, b.every, now)
}

// allowStranger says whether a browser that we do not know may begin a talk:
// there may be a whole district behind its address, or one program that
// pretends to be many. Who has a cookie of ours was counted when they got it, and
// is counted by themself alone from then on.
func (c *Chat) allowStranger(r *http.Request) bool {
	if _, known := c.identity.known(r); known {
		return true
	}
	return c.allow(r.Context(), perAddress, Address(r, c.proxies))
}

// limiter counts in this process. The zero limiter is ready.
type limiter struct {
	mu    sync.Mutex
	full  map[string]time.Time // when the bucket of a key is full again
	swept time.Time
}

func (l *limiter) allow(key string, burst int, every time.Duration, now time.Time) bool {
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
	if full.Sub(now) > time.Duration(burst-1)*every {
		return false
	}
	l.full[key] = full.Add(every)
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

// Address gives who sent a request: the nearest address that is not a proxy
// of ours.
func Address(r *http.Request, proxies []netip.Prefix) string {
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
