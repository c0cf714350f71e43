package fakezalo

import (
	"strconv"
	"time"
)

// Windows after a person's last interaction.
const (
	FreeWindow = 48 * time.Hour
	HardWindow = 7 * 24 * time.Hour
)

// user is a person with their standing to the account.
type user struct {
	id       string
	last     time.Time // their last interaction; zero = never
	follower bool
	sent     []int // which of Server.sent they got
	refuses  int   // code with which everything is refused; 0 = nothing is
}

// person gives a user and makes them known. Called with mu held.
func (s *Server) person(id string) *user {
	u := s.users[id]
	if u == nil {
		u = &user{id: id}
		s.users[id] = u
	}
	return u
}

// Refuse makes the account's messages to a user fail with a code: -213 not
// following, -227 inactive, -244 restricted, -218 no more today. 0 ends it.
func (s *Server) Refuse(userID string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.person(userID).refuses = code
}

// mayWrite says whether a consultation message may go, and its quota: nil when
// it is billed.
func (s *Server) mayWrite(userID string) (quota map[string]any, refused *refusal) {
	u := s.users[userID]
	if u == nil {
		return nil, invalid("user_id")
	}
	if u.refuses != 0 {
		return nil, refuse(u.refuses)
	}
	switch since := s.Now().Sub(u.last); {
	case since > HardWindow:
		return nil, refuse(-230)
	case since <= FreeWindow:
		return map[string]any{"quota_type": "reply"}, nil
	case s.Package > 0:
		s.Package--
		return map[string]any{"quota_type": "sub_quota", "remain": strconv.Itoa(s.Package), "total": "500", "expired_date": "31/12/2026"}, nil
	case s.Unpaid:
		return nil, refuse(-211)
	}
	return nil, nil
}

// night is 22:00 to 06:00 in Vietnam.
func (s *Server) night() bool {
	hour := s.Now().UTC().Add(7 * time.Hour).Hour()
	return hour >= 22 || hour < 6
}
