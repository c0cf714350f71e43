package store

import (
	"context"
	_ "embed"
	"time"

	"github.com/redis/go-redis/v9"

	"nghe/bot"
)

//go:embed redis_take.lua
var takeLua string

//go:embed redis_release.lua
var releaseLua string

//go:embed redis_pause.lua
var pauseLua string

var (
	takeScript    = redis.NewScript(takeLua)
	releaseScript = redis.NewScript(releaseLua)
	pauseScript   = redis.NewScript(pauseLua)
)

// Slots are bot.Slots that all processes on this Redis share.
type Slots struct {
	client redis.UniversalClient
	now    func() time.Time
}

// Slots gives the slots of the installation. Now is for tests; nil has Redis's
// own clock, the only one that several machines agree on.
func (r *Redis) Slots(now func() time.Time) Slots { return Slots{r.client, now} }

// slotKeys are the keys of a channel, as the scripts expect them. The channel
// is the hash tag: one script touches all.
func slotKeys(channel string) []string {
	prefix := "nghe:{pace:" + channel + "}:"
	return []string{prefix + "slots", prefix + "chats", prefix + "answers"}
}

func (s Slots) clock() any {
	if s.now == nil {
		return ""
	}
	return s.now().UnixMicro()
}

func (s Slots) Take(ctx context.Context, a bot.Ask) (bot.Leave, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	out, err := takeScript.Run(ctx, s.client, slotKeys(a.Contact.Channel), s.clock(), a.ID, a.Contact.String(), flag(a.Lane == bot.Bulk), a.Owner, a.Answers,
		a.Limit, a.Gap.Microseconds(), bot.SlotLife.Microseconds(), (bot.SendDeadline + a.Gap).Microseconds(),
		bot.BulkGap(a.Limit).Microseconds(), bot.AnswerGrace.Microseconds()).Int64Slice()
	if err != nil {
		return bot.Leave{}, unavailable(err)
	}
	return bot.Leave{Granted: out[0] == 1, Wait: time.Duration(out[1]) * time.Microsecond, Chat: out[2] == 1}, nil
}

func (s Slots) Release(ctx context.Context, a bot.Ask, used bool) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	err := releaseScript.Run(ctx, s.client, slotKeys(a.Contact.Channel)[:2], s.clock(), a.ID, a.Contact.String(), flag(used), a.Gap.Microseconds()).Err()
	if err != nil {
		return unavailable(err)
	}
	return nil
}

func (s Slots) Pause(ctx context.Context, channel string, d time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	if err := pauseScript.Run(ctx, s.client, slotKeys(channel)[1:2], s.clock(), d.Microseconds()).Err(); err != nil {
		return unavailable(err)
	}
	return nil
}
