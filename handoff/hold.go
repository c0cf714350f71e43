package handoff

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"nghe/bot"
)

// holds are those of the records as the last sweep found them: asked for each
// contact whose session is not known, without asking the records.
type holds struct {
	mu   sync.Mutex
	kept map[bot.Contact]bot.Hold
}

func (h *holds) set(c bot.Contact, hold bot.Hold) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.kept == nil {
		h.kept = map[bot.Contact]bot.Hold{}
	}
	if hold.Kind == "" {
		delete(h.kept, c)
		return
	}
	h.kept[c] = hold
}

// Held says who has the talk with a contact in hand, as the records had it at
// the last sweep or as this process has set it since. It is asked when a
// session is not known: it may have been lost.
func (d *Desk) Held(c bot.Contact) bot.Hold {
	d.holds.mu.Lock()
	defer d.holds.mu.Unlock()
	return d.holds.kept[c]
}

// bring sets a hold beside the session.
func (d *Desk) bring(ctx context.Context, c bot.Contact, h bot.Hold, now time.Time) error {
	if c == (bot.Contact{}) {
		return nil
	}
	if err := d.Sessions.Hold(ctx, c, h, now); err != nil {
		return fmt.Errorf("hold the talk: %w", err)
	}
	d.holds.set(c, h)
	if err := d.Records.TellHold(ctx, c, h.Epoch); err != nil {
		return fmt.Errorf("note the hold: %w", err)
	}
	return nil
}

// settle brings the hold of the records to the session, whatever it is there.
func (d *Desk) settle(ctx context.Context, c bot.Contact) error {
	if c == (bot.Contact{}) {
		return nil
	}
	h, err := d.Records.HoldOf(ctx, c)
	if err != nil || h.Epoch == 0 {
		return err
	}
	return d.bring(ctx, c, h, time.UnixMilli(h.Epoch))
}

// Duty says that a contact is a counsellor's own chat and they are on duty, or
// not any more: then it is an ordinary talk again.
func (d *Desk) Duty(ctx context.Context, c bot.Contact, on bool, now time.Time) error {
	kind := ""
	if on {
		kind = bot.HoldDuty
	}
	h, err := d.Records.SetHold(ctx, c, kind, "", now)
	if err != nil {
		return err
	}
	return d.bring(ctx, c, h, now)
}

// relayAfter is how long a message may wait for who said it to relay it.
const relayAfter = 2 * time.Second

// Sweep finishes what was begun: holds that sessions were not told, or have
// lost, and messages that were not relayed. Call it at the start and each
// minute.
func (d *Desk) Sweep(ctx context.Context, now time.Time) error {
	held, err := d.Records.Holds(ctx)
	if err != nil {
		return fmt.Errorf("read holds: %w", err)
	}
	for _, h := range held {
		if h.Told {
			err = d.Sessions.Hold(ctx, h.Contact, h.Hold, now)
			d.holds.set(h.Contact, h.Hold)
		} else {
			err = d.bring(ctx, h.Contact, h.Hold, now)
		}
		if err != nil {
			return err
		}
	}
	return d.relayWaiting(ctx, now)
}

// relayWaiting relays what could not be relayed when it was said.
func (d *Desk) relayWaiting(ctx context.Context, now time.Time) error {
	if d.Talks == nil {
		return nil
	}
	const atATime = 1000
	queued, err := d.Records.QueuedMessages(ctx, "", now.Add(-relayAfter), atATime)
	if err != nil {
		return fmt.Errorf("read messages: %w", err)
	}
	return d.relayLeft(ctx, queued, now)
}

// relayLeft relays messages of several cases, those of each in order.
func (d *Desk) relayLeft(ctx context.Context, queued []Message, now time.Time) error {
	byCase := map[string][]Message{}
	var order []string
	for _, m := range queued {
		if byCase[m.Case] == nil {
			order = append(order, m.Case)
		}
		byCase[m.Case] = append(byCase[m.Case], m)
	}
	for _, id := range order {
		c, err := d.Records.Case(ctx, id)
		if err != nil {
			return fmt.Errorf("read case: %w", err)
		}
		if c == nil {
			continue
		}
		if err := d.relayAll(ctx, c, byCase[id], now); err != nil {
			d.log().Error("messages of a case wait", "case", id, "error", err)
		}
	}
	return nil
}

func (d *Desk) log() *slog.Logger {
	if d.Log == nil {
		return slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	return d.Log
}
