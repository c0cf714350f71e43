package fakezalo

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"nghe/bot"
	"nghe/bot/zalo"
)

// Tokens keeps in memory what a keeper saves, as the records of a store do.
type Tokens struct {
	// Before, when set, runs before each call with its name ("load", "lease",
	// "save"); an error fails the call with nothing done.
	Before func(call string) error

	mu      sync.Mutex
	saved   []byte
	version int64
	owner   string
	until   time.Time
}

var _ zalo.Tokens = (*Tokens)(nil)

func (t *Tokens) begin(call string) error {
	if t.Before == nil {
		return nil
	}
	return t.Before(call)
}

// Load gives what was saved last.
func (t *Tokens) Load(context.Context) ([]byte, int64, error) {
	if err := t.begin("load"); err != nil {
		return nil, 0, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]byte(nil), t.saved...), t.version, nil
}

// Lease gives one owner at a time the right to exchange tokens.
func (t *Tokens) Lease(_ context.Context, owner string, now time.Time, life time.Duration) (bool, error) {
	if err := t.begin("lease"); err != nil {
		return false, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.owner != owner && now.Before(t.until) {
		return false, nil
	}
	t.owner, t.until = owner, now.Add(life)
	return true, nil
}

// Save puts something in the place of a version.
func (t *Tokens) Save(_ context.Context, saved []byte, version int64) (bool, error) {
	if err := t.begin("save"); err != nil {
		return false, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if version != t.version {
		return false, nil
	}
	t.saved, t.version = append([]byte(nil), saved...), t.version+1
	return true, nil
}

// TestTokens is what every zalo.Tokens must do. Each call of fresh gives one
// with nothing saved.
func TestTokens(t *testing.T, fresh func(*testing.T) zalo.Tokens) {
	now := suiteStart
	t.Run("what was saved is there, and only over the version that was loaded", func(t *testing.T) {
		k, ctx := fresh(t), t.Context()
		saved, version, err := k.Load(ctx)
		if saved != nil || version != 0 || err != nil {
			t.Fatalf("new: %q %d %v", saved, version, err)
		}
		for i, step := range []struct {
			text    string
			version int64
			want    bool
		}{{"one", 0, true}, {"other one", 0, false}, {"two", -1, true}, {"other two", 12345, false}} {
			if step.version == -1 {
				_, step.version, _ = k.Load(ctx)
			}
			ok, err := k.Save(ctx, []byte(step.text), step.version)
			if ok != step.want || err != nil {
				t.Fatalf("step %d: %v %v", i, ok, err)
			}
		}
		if saved, version, err = k.Load(ctx); string(saved) != "two" || version == 0 || err != nil {
			t.Fatalf("%q %d %v", saved, version, err)
		}
	})
	t.Run("one owner at a time has the lease", func(t *testing.T) {
		k, ctx := fresh(t), t.Context()
		for i, step := range []struct {
			owner string
			after time.Duration
			life  time.Duration
			want  bool
		}{
			{"a", 0, time.Minute, true},
			{"b", 0, time.Minute, false},
			{"a", 30 * time.Second, time.Minute, true}, // lengthened
			{"b", 80 * time.Second, time.Minute, false},
			{"b", 90 * time.Second, time.Minute, true}, // it ended
			{"a", 90 * time.Second, time.Minute, false},
			{"a", 91 * time.Second, 0, false}, // not hers to give back
			{"b", 92 * time.Second, 0, true},  // given back
			{"a", 92 * time.Second, time.Minute, true},
		} {
			if ok, err := k.Lease(ctx, step.owner, now.Add(step.after), step.life); ok != step.want || err != nil {
				t.Fatalf("step %d: %v %v", i, ok, err)
			}
		}
	})
	t.Run("of many at once one saves, and one has the lease", func(t *testing.T) {
		k, ctx := fresh(t), t.Context()
		var saved, leased int
		var mu sync.Mutex
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() {
				mine, err := k.Lease(ctx, fmt.Sprint("owner ", i), now, time.Minute)
				ok, err2 := k.Save(ctx, fmt.Append(nil, i), 0)
				mu.Lock()
				defer mu.Unlock()
				if err != nil || err2 != nil {
					t.Errorf("%v %v", err, err2)
				}
				if mine {
					leased++
				}
				if ok {
					saved++
				}
			})
		}
		all.Wait()
		if saved != 1 || leased != 1 {
			t.Errorf("%d saved, %d leased", saved, leased)
		}
	})
}

var suiteStart = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// Records notes in memory what a webhook and an account tell the rest of the
// program.
type Records struct {
	// Before, when set, runs before each call with its name; an error fails
	// the call with nothing done.
	Before func(call string) error

	mu    sync.Mutex
	calls []string
	media []zalo.Media
	spent map[string]int64
}

var (
	_ zalo.Persons = (*Records)(nil)
	_ zalo.Humans  = (*Records)(nil)
	_ zalo.Settler = (*Records)(nil)
	_ zalo.Budget  = (*Records)(nil)
)

func (r *Records) note(call, format string, args ...any) error {
	if r.Before != nil {
		if err := r.Before(call); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, call+fmt.Sprintf(format, args...))
	return nil
}

// Calls gives what was told, in order: "withdrawn zalo:1".
func (r *Records) Calls() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.calls...)
}

// Media gives all references that were kept.
func (r *Records) Media() []zalo.Media {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]zalo.Media(nil), r.media...)
}

func (r *Records) Withdrawn(_ context.Context, c bot.Contact, _ time.Time) error {
	return r.note("withdrawn", " %s", c)
}

func (r *Records) Reachable(_ context.Context, c bot.Contact, yes bool, _ time.Time) error {
	return r.note("reachable", " %s %v", c, yes)
}

func (r *Records) Sent(_ context.Context, c bot.Contact, _ string, media []zalo.Media, _ time.Time) error {
	err := r.note("media", " %s %d", c, len(media))
	if err == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.media = append(r.media, media...)
	}
	return err
}

func (r *Records) Settle(_ context.Context, to bot.Contact, messageID, text string, _ time.Time) error {
	return r.note("settle", " %s %s %s", to, messageID, text)
}

func (r *Records) Wrote(_ context.Context, ev zalo.Event) error {
	return r.note("wrote", " %s %s", ev.Contact, ev.Text)
}

func (r *Records) Spend(_ context.Context, dong, limit int64, at time.Time) (bool, error) {
	if r.Before != nil {
		if err := r.Before("spend"); err != nil {
			return false, err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.spent == nil {
		r.spent = map[string]int64{}
	}
	month := at.Format("2006-01")
	if dong > 0 && r.spent[month]+dong > limit {
		return false, nil
	}
	r.spent[month] += dong
	return true, nil
}

// Spent gives what was spent in the month of a time.
func (r *Records) Spent(at time.Time) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.spent[at.Format("2006-01")]
}

// Reset forgets what was spent.
func (r *Records) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	clear(r.spent)
}
