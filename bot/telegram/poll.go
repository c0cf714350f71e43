package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"nghe/crash"
)

const (
	pollTime  = 50 * time.Second // that Telegram holds a poll at most
	pollSlack = 10 * time.Second // for its way
	pollMost  = 100              // updates at once
	atOnce    = 16               // people of one poll who are answered at the same time
)

// Poll takes updates until the context ends or the token is refused. An
// update is confirmed only once it was taken; one that failed comes again
// and keeps those behind it unconfirmed, but not unanswered.
func (c *Channel) Poll(ctx context.Context) error {
	p := poller{c: c, taken: map[int64]bool{}}
	for failures := 0; ; {
		err := p.round(ctx)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			failures = 0
			continue
		case refused(err):
			c.alarm("token", err)
			return err
		}
		failures++
		wait := c.backoff(failures)
		var failed *CallError
		if errors.As(err, &failed) && failed.RetryAfter > 0 {
			wait = failed.RetryAfter
		}
		if failed != nil && failed.Code == http.StatusConflict {
			// Somebody else polls, or set a webhook: two would take turns
			// in sending each other away.
			c.alarm("conflict", err)
			wait = max(wait, conflictPause)
		}
		c.Log.Warn("poll failed", "error", err, "again", wait)
		if err := c.pause(ctx, wait); err != nil {
			return err
		}
	}
}

const conflictPause = 15 * time.Second

// poller remembers between polls.
type poller struct {
	c *Channel
	// offset is the number below which everything was taken; 0 = nothing to
	// confirm. It is sent once: numbers may begin lower after a quiet week,
	// and an old offset would then confirm what nobody has seen.
	offset int64
	taken  map[int64]bool // at or above offset
}

// errLeft says that an update of a poll has to come again.
var errLeft = errors.New("an update could not be taken")

// round polls once and takes what came.
func (p *poller) round(ctx context.Context) error {
	batch, err := p.poll(ctx)
	if err != nil {
		return err
	}
	p.offset = 0
	if len(batch) > 0 {
		crash.Point("poll.received")
	}
	var all []heard
	lowest, highest := int64(0), int64(0)
	for _, body := range batch {
		h, err := decode(body, p.c.Now())
		if err != nil {
			p.c.Log.Error("update passed over", "update", h.id, "error", err)
		}
		if lowest == 0 || h.id < lowest {
			lowest = h.id
		}
		highest = max(highest, h.id)
		all = append(all, h)
	}
	for id := range p.taken {
		if id < lowest {
			delete(p.taken, id) // Telegram has forgotten it
		}
	}
	left := p.takeAll(ctx, replaceEdited(all))
	if len(batch) > 0 {
		crash.Point("poll.handled")
	}
	switch {
	case left != 0:
		p.offset = left
		return errLeft
	case highest != 0:
		p.offset = highest + 1
		clear(p.taken)
	}
	return nil
}

func (p *poller) poll(ctx context.Context) (batch []json.RawMessage, err error) {
	ctx, cancel := context.WithTimeout(ctx, pollTime+pollSlack)
	defer cancel()
	params := tgbotapi.Params{"timeout": strconv.Itoa(int(pollTime.Seconds())), "limit": strconv.Itoa(pollMost)}
	params.AddNonZero64("offset", p.offset)
	if err := params.AddInterface("allowed_updates", wanted); err != nil {
		return nil, err
	}
	return batch, p.c.client.call(ctx, "getUpdates", params, &batch)
}

// takeAll takes updates: those of one chat in order, of several at once. It
// gives the lowest number that was not taken, 0 if there is none.
func (p *poller) takeAll(ctx context.Context, all []heard) (left int64) {
	var order []int64
	lanes := map[int64][]heard{}
	for _, h := range all {
		if p.taken[h.id] {
			continue
		}
		if lanes[h.chat] == nil {
			order = append(order, h.chat)
		}
		lanes[h.chat] = append(lanes[h.chat], h)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	room := make(chan struct{}, atOnce)
	for _, chat := range order {
		room <- struct{}{}
		wg.Go(func() {
			defer func() { <-room }()
			for _, h := range lanes[chat] {
				err := p.c.take(ctx, h)
				mu.Lock()
				if err == nil {
					p.taken[h.id] = true
				} else if left == 0 || h.id < left {
					left = h.id
				}
				mu.Unlock()
				if err != nil {
					p.c.Log.Warn("update has to come again", "update", h.id, "error", err)
					return // the later ones of this chat wait for it
				}
			}
		})
	}
	wg.Wait()
	return left
}
