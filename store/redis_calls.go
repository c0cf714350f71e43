package store

import (
	"context"
	"errors"

	"github.com/redis/go-redis/v9"
)

// do sends a command and waits for its answer, until the context ends.
// Commands that wait at the same time, of whoever, travel in one pipeline: that
// saves both sides most of their system calls. While one pipeline is on its way
// the next may leave, so two commands that are not waited for one after the
// other have no order. A missing value (redis.Nil) is no error.
//
// After an error nothing may be read of the command: it may still be on its
// way.
func (r *Redis) do(ctx context.Context, cmd redis.Cmder) error {
	if err := ctx.Err(); err != nil {
		return unavailable(err)
	}
	if err := r.calls.Submit(ctx, cmd).WaitContext(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return unavailable(err)
	}
	return nil
}

// script runs a script, which is loaded where the server does not know it.
func (r *Redis) script(ctx context.Context, s *redis.Script, keys []string, args ...any) (*redis.Cmd, error) {
	words := make([]any, 0, 3+len(keys)+len(args))
	words = append(words, "evalsha", s.Hash(), len(keys))
	for _, k := range keys {
		words = append(words, k)
	}
	words = append(words, args...)
	answer := redis.NewCmd(ctx, words...)
	err := r.do(ctx, answer)
	if !redis.HasErrorPrefix(err, "NOSCRIPT") {
		return answer, err
	}
	if err := s.Load(ctx, r.client).Err(); err != nil {
		return nil, unavailable(err)
	}
	answer = redis.NewCmd(ctx, words...)
	return answer, r.do(ctx, answer)
}
