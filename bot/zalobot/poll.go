package zalobot

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"nghe/crash"
)

// Poller asks for updates, one call at a time. Only one poller may run for a
// bot, so that among several processes it runs under a lease.
type Poller struct {
	Bot    *Bot
	Accept Accepter
	// Sleep waits; nil: until a timer or the context ends. Tests pass their own.
	Sleep func(ctx context.Context, d time.Duration)

	left  []Update // given to us, and not yet kept
	seen  map[string]bool
	order []string // of seen, oldest first
}

const (
	pollHold = 30 * time.Second // the platform holds a call so long
	pollSlow = 15 * time.Second // more for the answer to come
	// pollFloor is the least between two calls: while anything waits, the
	// platform answers at once, and with the same again.
	pollFloor   = time.Second
	longestBack = time.Minute
	// seenKept are message ids that this process remembers to have handed on.
	// The turns remember for days; this only saves asking them.
	seenKept = 10_000
)

// Run polls until the context ends, or the token is refused: then the error
// says so. Whatever else goes wrong is tried again, ever more slowly.
func (p *Poller) Run(ctx context.Context) error {
	if err := p.clear(ctx); err != nil {
		p.Bot.log.Warn("webhook can't be looked after", "error", err)
	}
	back := time.Duration(0)
	for ctx.Err() == nil {
		began := p.Bot.now()
		err := p.once(ctx)
		switch c := code(err); {
		case ctx.Err() != nil:
			return nil
		case err == nil, c == http.StatusRequestTimeout: // nothing new
			back = 0
		case c == http.StatusUnauthorized:
			return fmt.Errorf("ZALO_BOT_TOKEN is refused: make a new one in Zalo Bot Creator: %w", err)
		case c == http.StatusTooManyRequests:
			back = quotaWait
			p.Bot.log.Error("no calls are left in the plan", "again in", back)
		default:
			back = min(max(2*back, pollFloor), longestBack)
			p.Bot.log.Warn("poll failed", "again in", back, "error", err)
			if c == http.StatusBadRequest { // a webhook was set meanwhile
				if err := p.clear(ctx); err != nil {
					p.Bot.log.Warn("webhook can't be looked after", "error", err)
				}
			}
		}
		p.sleep(ctx, max(back, pollFloor-p.Bot.now().Sub(began)))
	}
	return nil
}

// once makes one call and hands on what it gives. What could not be handed on
// comes before the next call: some hold that an update is given once.
func (p *Poller) once(ctx context.Context) error {
	if len(p.left) == 0 {
		held, cancel := context.WithTimeout(ctx, pollHold+pollSlow)
		defer cancel()
		var result json.RawMessage
		err := p.Bot.client.call(held, "getUpdates", map[string]any{"timeout": int(pollHold.Seconds())}, &result)
		if err != nil {
			return err
		}
		if p.left, err = Decode(result); err != nil {
			return err
		}
		crash.Point("poll.received")
	}
	for len(p.left) > 0 {
		u := p.left[0]
		if id := u.Incoming.Turn(); !p.seen[id] {
			// It is kept even when we are told to end.
			keeping, cancel := context.WithTimeout(context.WithoutCancel(ctx), pollSlow)
			err := accept(keeping, p.Accept, u, p.Bot.now(), p.Bot.log)
			cancel()
			if err != nil {
				return fmt.Errorf("keep update: %w", err)
			}
			p.remember(id)
		}
		p.left = p.left[1:]
	}
	crash.Point("poll.handled")
	return nil
}

// remember notes an update that was handed on.
func (p *Poller) remember(id string) {
	if p.seen == nil {
		p.seen = map[string]bool{}
	}
	p.seen[id] = true
	p.order = append(p.order, id)
	if len(p.order) > seenKept {
		delete(p.seen, p.order[0])
		p.order = p.order[1:]
	}
}

// clear takes a webhook away: with one, nothing can be polled.
func (p *Poller) clear(ctx context.Context) error {
	set, err := p.Bot.registered(ctx)
	if err != nil || set == "" {
		return err
	}
	p.Bot.log.Warn("a webhook is set and polling was asked for: the webhook is removed")
	return p.Bot.client.call(ctx, "deleteWebhook", struct{}{}, nil)
}

func (p *Poller) sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	if p.Sleep != nil {
		p.Sleep(ctx, d)
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
