package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"nghe/crash"
)

// ErrNotBegun says that a bulk message was not sent, and nobody was asked to:
// its time was over before its turn came.
var ErrNotBegun = errors.New("not begun")

// Bulk sends something that nobody waits for, at the channel's pace and behind
// all answers. The context says until when it may begin; what has begun is
// finished. The error is nil, ErrNotBegun or a *SendError; what that says of
// the whole bot, and of a contact that is gone, is done here. Sending again is
// the caller's to decide.
func (s *Sender) Bulk(ctx context.Context, to Contact, bubbles []Bubble) error {
	channel := s.Channels[to.Channel]
	if channel == nil {
		return &SendError{Next: Halt, Reason: "no-channel", Err: fmt.Errorf("channel %q is not open", to.Channel)}
	}
	if s.isHalted(to.Channel) {
		return &SendError{Next: Halt, Reason: "refused", Err: errors.New("the channel is refused by its platform")}
	}
	s.mu.Lock()
	s.begin()
	pacer := s.pacers[to.Channel]
	s.mu.Unlock()
	for i, part := range channel.Render(bubbles) {
		if i > 0 {
			ctx = context.WithoutCancel(ctx) // the first part has gone
		}
		release, err := pacer.Reserve(ctx, to, Bulk)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrNotBegun, err)
		}
		crash.Point("bulk.paced")
		sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), SendDeadline)
		_, err = channel.Send(sending, to, part)
		cancel()
		release()
		if err != nil {
			return s.bulkFailed(to, i, err, pacer)
		}
	}
	return nil
}

// bulkFailed does what a failed send means beyond its message.
func (s *Sender) bulkFailed(to Contact, part int, err error, pacer *Pacer) error {
	var e *SendError
	if !errors.As(err, &e) {
		e = &SendError{Next: Doubtful, Reason: "unknown", Err: err}
	}
	switch {
	case e.Next == Again && e.Scope == WholeBot:
		pacer.Pause(to.Channel, max(e.After, time.Second))
	case e.Next == Halt:
		s.halt(to.Channel)
		s.Log.Error("the channel is refused: nothing is sent on it until the program is started again with working settings", "channel", to.Channel, "error", err)
	case e.Next == Gone && s.Gone != nil && e.Reason != "window":
		s.Gone(to, e.Reason)
	}
	if part > 0 { // something arrived: the whole must not be sent again
		return &SendError{Next: Doubtful, Reason: "part", Err: e}
	}
	return e
}
