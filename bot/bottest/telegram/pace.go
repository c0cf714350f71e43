package faketelegram

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// Pace is what the server refuses above, counted as calls arrive: sends and
// edits that it did not refuse, in any sliding span.
type Pace struct {
	PerSecond     int // of the whole bot; 0 = no limit
	PerChatSecond int // in one chat
	PerGroupMin   int // in one group
}

// Published is what Telegram's documentation speaks of.
var Published = Pace{PerSecond: 30, PerChatSecond: 1, PerGroupMin: 20}

// arrivals are the times of what was let in.
type arrivals struct {
	all   []time.Time
	chats map[int64][]time.Time
}

var paced = map[string]bool{"sendMessage": true, "editMessageText": true, "editMessageReplyMarkup": true}

// arrive lets a call in, or says when to come again.
func (s *Server) arrive(call *Call) error {
	if s.Pace == nil || !paced[call.Method] {
		return nil
	}
	call.At = s.Clock.Now() // in the order of the lock
	a, now, chat := &s.arrivals, call.At, call.ChatID()
	if a.chats == nil {
		a.chats = map[int64][]time.Time{}
	}
	a.all = within(a.all, now, time.Second)
	a.chats[chat] = within(a.chats[chat], now, time.Minute)
	wait := max(
		over(a.all, s.Pace.PerSecond, now, time.Second),
		over(within(a.chats[chat], now, time.Second), s.Pace.PerChatSecond, now, time.Second),
	)
	if chat < 0 {
		wait = max(wait, over(a.chats[chat], s.Pace.PerGroupMin, now, time.Minute))
	}
	if wait > 0 {
		seconds := int(math.Ceil(wait.Seconds()))
		return &refusal{Code: http.StatusTooManyRequests, Description: "Too Many Requests: retry after " + strconv.Itoa(seconds), Parameters: &parameters{RetryAfter: seconds}}
	}
	a.all = append(a.all, now)
	a.chats[chat] = append(a.chats[chat], now)
	return nil
}

// within leaves the times that are less than span old.
func within(times []time.Time, now time.Time, span time.Duration) []time.Time {
	for i, t := range times {
		if now.Sub(t) < span {
			return times[i:]
		}
	}
	return nil
}

// over says how long it takes until one more is not too many.
func over(times []time.Time, most int, now time.Time, span time.Duration) time.Duration {
	if most == 0 || len(times) < most {
		return 0
	}
	return times[len(times)-most].Add(span).Sub(now)
}
