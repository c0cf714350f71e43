package store

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"nghe/bot"
)

//go:embed redis_allow.lua
var allowLua string

var allowScript = redis.NewScript(allowLua)

// Allow takes one message from the bucket of a key, for all processes: burst
// at once, then one in each interval of at least a millisecond. The key is
// kept as a hash: it may be an address.
func (r *Redis) Allow(ctx context.Context, key string, burst int, every time.Duration, now time.Time) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	hash := sha256.Sum256([]byte(key))
	answer, err := r.script(ctx, allowScript, []string{"nghe:limit:" + hex.EncodeToString(hash[:16])}, burst, every.Milliseconds(), ms(now))
	if err != nil {
		return false, err
	}
	return answer.Bool()
}

// said is the channel on which processes tell each other to whom something was
// said, so that pages open at another process show it at once. It is a hint
// only: what was said is read from the store.
const said = "nghe:said"

// TellSaid tells all processes that something was said to a contact. It does
// not wait: when it fails, pages find out at their next heartbeat.
func (r *Redis) TellSaid(c bot.Contact) {
	ctx := context.Background()
	r.calls.Submit(ctx, redis.NewIntCmd(ctx, "publish", said, c.String()))
}

// HearSaid calls a function for each contact that this or another process told
// of, until the context ends. A lost connection is made again; what was told
// meanwhile is missed.
func (r *Redis) HearSaid(ctx context.Context, hear func(bot.Contact)) {
	r.hear(ctx, said, func(text string) {
		if c, ok := parseContact(text); ok {
			hear(c)
		}
	})
}

// caseNews is the channel on which processes tell each other what happened with
// cases, so that pages of staff show it at once. Each message begins with who
// tells: they have heard it themselves.
const caseNews = "nghe:cases"

// TellCase tells all other processes of something that happened with a case; a
// hint only, as TellSaid.
func (r *Redis) TellCase(news []byte) {
	ctx := context.Background()
	r.calls.Submit(ctx, redis.NewIntCmd(ctx, "publish", caseNews, r.me+" "+string(news)))
}

// HearCases calls a function for what other processes told of, as HearSaid.
func (r *Redis) HearCases(ctx context.Context, hear func(news []byte)) {
	r.hear(ctx, caseNews, func(text string) {
		if from, news, ok := strings.Cut(text, " "); ok && from != r.me {
			hear([]byte(news))
		}
	})
}

// hear calls a function for each message of a channel until the context ends.
func (r *Redis) hear(ctx context.Context, channel string, do func(text string)) {
	sub := r.client.Subscribe(ctx, channel)
	defer sub.Close()
	messages := sub.Channel()
	for {
		select {
		case <-ctx.Done():
			return
		case m, open := <-messages:
			if !open {
				return
			}
			do(m.Payload)
		}
	}
}
