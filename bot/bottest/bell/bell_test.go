package bell_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"nghe/bot/bottest/bell"
)

func TestUntil(t *testing.T) {
	var b bell.Bell
	var n atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := b.Until(t.Context(), func() bool { return n.Load() >= 100 }); err != nil {
				t.Error(err)
			}
		})
	}
	for range 100 {
		n.Add(1)
		b.Ring()
	}
	all.Wait()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := b.Until(ctx, func() bool { return false }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
