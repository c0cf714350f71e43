package telegram

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"nghe/bot"
)

// take works on one update. Nil says that it may be confirmed: what it asked
// for is committed, or it asks for nothing. With an error it has to come
// again.
func (c *Channel) take(ctx context.Context, h heard) (err error) {
	defer func() {
		if p := recover(); p != nil {
			c.Log.Error("update panicked", "update", h.id, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic in update: %v", p)
		}
	}()
	if h.query != "" {
		c.answer(h.query)
	}
	switch h.kind {
	case said:
		return c.turn(ctx, h)
	case tapped:
		if c.presses.again(h) {
			return nil
		}
		if err := c.turn(ctx, h); err != nil {
			return err
		}
		c.presses.note(h)
		c.mark(h)
	case blocked, unblocked:
		return c.reach(ctx, h)
	case inGroup:
		c.leave(h.chat)
	}
	// A change of what was answered already changes nothing.
	return nil
}

// turn answers a message; who waits long sees that something is written.
func (c *Channel) turn(ctx context.Context, h heard) error {
	done := c.typing(ctx, h.chat)
	defer done()
	if m := h.in.Media; c.Shown != nil && m != nil && m.Ref != "" {
		if err := c.Shown(ctx, h.in); err != nil {
			return fmt.Errorf("keep what %s showed: %w", h.in.Contact, err)
		}
	}
	_, err := c.Turns.Handle(ctx, h.in)
	return err
}

func (c *Channel) reach(ctx context.Context, h heard) error {
	c.Log.Info("reach changed", "contact", h.in.Contact.String(), "can", h.kind == unblocked)
	if c.Reach == nil {
		return nil
	}
	if err := c.Reach(ctx, h.in.Contact, h.kind == unblocked, h.in.At); err != nil {
		return fmt.Errorf("note whether %s can be reached: %w", h.in.Contact, err)
	}
	return nil
}

// presses remembers what was pressed a moment ago: who sees nothing happen
// presses again, and does not want to answer twice.
type presses struct {
	mu    sync.Mutex
	taken map[press]pressing
}

type press struct {
	chat, message int64
	tap           string
}

type pressing struct {
	update int64
	at     time.Time
}

// again says whether a tap only repeats one that was taken. The same update
// delivered anew is none: its turn gives back what was said.
func (p *presses) again(h heard) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	last, ok := p.taken[press{h.chat, h.message, h.in.Tap}]
	return ok && last.update != h.id && h.in.At.Sub(last.at) < twice
}

func (p *presses) note(h heard) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken == nil {
		p.taken = map[press]pressing{}
	}
	if len(p.taken)&0xff == 0xff {
		for k, last := range p.taken {
			if h.in.At.Sub(last.at) >= twice {
				delete(p.taken, k)
			}
		}
	}
	p.taken[press{h.chat, h.message, h.in.Tap}] = pressing{h.id, h.in.At}
}

// replaceEdited puts the words of an edit in the place of those that it
// changes, where nobody has answered these yet: both came at once, maybe because
// the message was held and came again, and nothing came between. Other edits are
// left; they change nothing.
func replaceEdited(all []heard) []heard {
	var kept []heard
	last := map[bot.Contact]int{} // place in kept of the contact's last word
	for _, h := range all {
		i, ok := last[h.in.Contact]
		if h.kind == edited && ok && kept[i].kind == said && kept[i].message == h.message {
			kept[i].in.Text, kept[i].in.Tap, kept[i].in.Media = h.in.Text, h.in.Tap, h.in.Media
			h.kind = nothing // and is confirmed with it
		}
		if h.kind == said || h.kind == tapped {
			last[h.in.Contact] = len(kept)
		}
		kept = append(kept, h)
	}
	return kept
}
