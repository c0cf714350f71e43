package scheduler

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		ctx, cancel := context.WithCancel(t.Context())
		var mu sync.Mutex
		ran := map[string]int{}
		job := func(name, when string, do func()) Job {
			return Job{name, when, func(context.Context) error {
				mu.Lock()
				ran[name]++
				mu.Unlock()
				do()
				return errors.New(name + " went wrong")
			}}
		}
		var ended sync.WaitGroup
		ended.Go(func() {
			if err := Run(ctx, time.UTC, slog.New(slog.NewTextHandler(&log, nil)),
				job("hourly", "0 * * * *", func() {}),
				job("slow", "@every 1h", func() { time.Sleep(150 * time.Minute) }),
				job("panics", "@every 1h", func() { panic("oh") })); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(5*time.Hour + time.Minute)
		cancel()
		ended.Wait() // the slow one is waited for
		if ran["hourly"] != 5 || ran["panics"] != 5 || ran["slow"] != 2 {
			t.Errorf("ran %v", ran)
		}
		for _, want := range []string{"hourly went wrong", "cron: panic"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("the log does not tell of %q:\n%s", want, &log)
			}
		}
	})
}

func TestWrongTime(t *testing.T) {
	err := Run(t.Context(), time.UTC, slog.New(slog.DiscardHandler), Job{Name: "x", When: "tomorrow"})
	if err == nil || !strings.Contains(err.Error(), `job x: "tomorrow" is no time`) {
		t.Error(err)
	}
}
