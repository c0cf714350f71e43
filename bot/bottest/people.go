package bottest

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"nghe/bot"
	"nghe/dialog"
)

// People keeps profiles in memory and notes what was asked of it.
type People struct {
	// Before fails a call with nothing done, as in Sessions.
	Before func(call string) error

	// Linked are the other contacts of the person of a contact. Set it first.
	Linked map[bot.Contact][]bot.Contact

	mu    sync.Mutex
	kept  map[bot.Contact]bot.Keeping
	calls []string
}

var _ bot.People = (*People)(nil)

// Calls gives every change that was asked for, in order: "keep web:1".
func (p *People) Calls() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.calls...)
}

// Kept gives what is kept of a contact.
func (p *People) Kept(c bot.Contact) (bot.Keeping, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k, ok := p.kept[c]
	return k, ok
}

func (p *People) change(call string, c bot.Contact, do func()) error {
	if p.Before != nil {
		if err := p.Before(call); err != nil {
			return err
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil {
		p.kept = map[bot.Contact]bot.Keeping{}
	}
	p.calls = append(p.calls, fmt.Sprint(call, " ", c))
	do()
	return nil
}

func (p *People) Profile(_ context.Context, c bot.Contact) (dialog.Values, error) {
	k, _ := p.Kept(c)
	return k.Profile, nil
}

func (p *People) Others(_ context.Context, c bot.Contact) ([]bot.Contact, error) {
	return p.Linked[c], nil
}

func (p *People) Keep(_ context.Context, c bot.Contact, k bot.Keeping) error {
	return p.change("keep", c, func() { p.kept[c] = k })
}

func (p *People) Withdraw(_ context.Context, c bot.Contact, _ time.Time) error {
	return p.change("withdraw", c, func() { delete(p.kept, c) })
}

func (p *People) Delete(_ context.Context, c bot.Contact, _ time.Time) error {
	return p.change("delete", c, func() { delete(p.kept, c) })
}

func (p *People) Export(_ context.Context, c bot.Contact) (json.RawMessage, error) {
	k, ok := p.Kept(c)
	if !ok {
		return nil, nil
	}
	return json.Marshal(k)
}
