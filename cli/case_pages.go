package cli

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"nghe/advice"
	"nghe/bot/zalo"
	"nghe/console"
	"nghe/handoff"
)

// windows tells how long channels let one write to somebody after their last
// word.
func windows(channel string) console.Window {
	if channel == zalo.Channel {
		return console.Window{Open: zalo.Window, Free: zalo.FreeWindow}
	}
	return console.Window{}
}

// tellCourse tells a class in full, as a talk would.
func (m *mind) tellCourse(id string, at time.Time) string {
	return advice.TellCourse(m.holder.Current(), m.courses.Load(), id, at)
}

// tellCases lets the pages of staff hear what happens with cases: those of this
// process at once, those of others by way of Redis.
func (s *storage) tellCases(pages *console.Console, log *slog.Logger) func(handoff.Event) {
	return func(e handoff.Event) {
		news := console.NewsOf(e)
		pages.Hear(news)
		if s.redis == nil {
			return
		}
		text, err := json.Marshal(news)
		if err != nil {
			log.Error("other processes don't hear of a case", "case", news.ID, "error", err)
			return
		}
		s.redis.TellCase(text)
	}
}

// hearCases lets pages hear what other processes tell of cases.
func (s *storage) hearCases(ctx context.Context, pages *console.Console) {
	s.redis.HearCases(ctx, func(text []byte) {
		var news console.CaseNews
		if json.Unmarshal(text, &news) == nil { // of another version: the next look shows it
			pages.Hear(news)
		}
	})
}
