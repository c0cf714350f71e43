package faketelegram

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// poll is a getUpdates that is held.
type poll struct {
	ended chan string // gets why it is over
}

const (
	otherPoll = "terminated by other getUpdates request; make sure that only one bot instance is running"
	otherMode = "terminated by setWebhook request"
	hookOn    = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)

func conflict(why string) *refusal {
	return &refusal{Code: http.StatusConflict, Description: "Conflict: " + why}
}

// getUpdates confirms what is below the offset and gives what waits, or holds
// until something does. A second one ends the first.
func (s *Server) getUpdates(ctx context.Context, params map[string]string) (any, error) {
	offset, _ := strconv.ParseInt(params["offset"], 10, 64)
	limit, _ := strconv.Atoi(params["limit"])
	timeout, _ := strconv.Atoi(params["timeout"])
	if limit == 0 {
		limit = maxPolled
	}

	mine := &poll{ended: make(chan string, 1)}
	s.mu.Lock()
	if s.hook != nil {
		s.mu.Unlock()
		return nil, conflict(hookOn)
	}
	if s.poll != nil {
		s.poll.ended <- otherPoll
	}
	s.poll = mine
	s.setAllowed(params["allowed_updates"])
	s.confirm(offset)
	s.changed.Ring()
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.poll == mine {
			s.poll = nil
		}
	}()

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	over := s.Clock.After(ctx, time.Duration(min(timeout, maxHeld))*time.Second)
	for {
		changed := s.changed.Next()
		s.mu.Lock()
		s.expire()
		list := make([]json.RawMessage, 0, len(s.updates))
		for _, u := range s.updates[:min(limit, len(s.updates))] {
			list = append(list, u.body)
		}
		s.mu.Unlock()
		if len(list) > 0 {
			return list, nil
		}
		select {
		case <-changed:
		case <-over:
			return list, nil
		case why := <-mine.ended:
			return nil, conflict(why)
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-s.closed.Done():
			return nil, s.closed.Err()
		}
	}
}

// confirm forgets what is below the offset; a negative one keeps the newest.
func (s *Server) confirm(offset int64) {
	if offset < 0 {
		s.updates = s.updates[max(0, len(s.updates)+int(offset)):]
		return
	}
	s.updates = slices.DeleteFunc(s.updates, func(u *update) bool { return u.id < offset })
}

// setAllowed changes which kinds are given; what is no list keeps them.
func (s *Server) setAllowed(text string) {
	var kinds []string
	if json.Unmarshal([]byte(text), &kinds) != nil || kinds == nil {
		return
	}
	if s.allowed = kinds; len(kinds) == 0 {
		s.allowed = nil
	}
}

// Polled says whether a poll is held now.
func (s *Server) Polled() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.poll != nil
}
