package faketelegram

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// How long an update waits to be taken.
const (
	queueLife = 24 * time.Hour
	queryLife = 150 * time.Second
)

// update waits to be taken by the bot.
type update struct {
	id   int64
	lane string // one of a lane is in flight at a time
	body json.RawMessage
	ends time.Time

	inFlight bool
	tries    int // that failed
	taken    int // how often it was delivered
}

// defaultKinds are given unless the bot asks for others.
var defaultKinds = []string{"message", "edited_message", "callback_query", "my_chat_member"}

// give queues an update; the lock is held.
func (s *Server) give(kind, lane string, life time.Duration, content any) {
	wanted := s.allowed
	if wanted == nil {
		wanted = defaultKinds
	}
	if !slices.Contains(wanted, kind) {
		return
	}
	s.last++
	object := map[string]any{"update_id": s.last, kind: content}
	if err := checkOwn([]string{"Update"}, object); err != nil {
		s.problem("the fake itself made a wrong update: %v", err)
	}
	body, err := json.Marshal(object)
	if err != nil {
		panic(err) // our own types
	}
	s.updates = append(s.updates, &update{id: s.last, lane: lane, body: body, ends: s.Clock.Now().Add(life)})
	s.changed.Ring()
	s.pump()
}

// Inject queues an update as it is written, whatever is in it: "update_id"
// gets its number. Lane says with which others it keeps its order.
func (s *Server) Inject(lane string, object map[string]any) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	object["update_id"] = s.last
	body, err := json.Marshal(object)
	if err != nil {
		panic(err) // a test that can't write JSON
	}
	s.updates = append(s.updates, &update{id: s.last, lane: lane, body: body, ends: s.Clock.Now().Add(queueLife)})
	s.changed.Ring()
	s.pump()
	return s.last
}

// Skip makes the numbers of updates go on from another one, as they do after
// a week without any: it may be a lower one.
func (s *Server) Skip(to int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = to
}

// expire forgets what waited too long; the lock is held.
func (s *Server) expire() {
	now := s.Clock.Now()
	s.updates = slices.DeleteFunc(s.updates, func(u *update) bool { return !u.inFlight && !u.ends.After(now) })
}

// Waiting is how many updates the bot has not confirmed.
func (s *Server) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	return len(s.updates)
}

// Hold keeps the updates of a person back, messages or taps, in webhook mode;
// Release lets them go. So what came first may arrive last.
func (s *Server) Hold(lane string) { s.hold(lane, true) }

// Release ends Hold.
func (s *Server) Release(lane string) { s.hold(lane, false) }

func (s *Server) hold(lane string, held bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held[lane] = held
	s.pump()
}

// MessageLane and TapLane name the two queues of a person.
func MessageLane(chat int64) string { return "c" + strconv.FormatInt(chat, 10) }

// TapLane is apart: a tap may overtake a message.
func TapLane(user int64) string { return "q" + strconv.FormatInt(user, 10) }
