package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nghe/bot"
	"nghe/bot/bottest"
	"nghe/dialog"
	"nghe/store"
	"nghe/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

var noon = time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)

// Everything that keeps sessions passes one suite, the fake of the tests of
// package bot among them: what is tested with it must hold with the real ones.
func TestSessions(t *testing.T) {
	for name, open := range keepers {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			suite(t, s)
			outboxSuite(t, s)
			inboxSuite(t, s)
		})
	}
}

// keepers are all things that can keep sessions.
var keepers = map[string]func(testing.TB) store.Sessions{
	"sqlite":   func(t testing.TB) store.Sessions { return openDB(t).Sessions() },
	"postgres": func(t testing.TB) store.Sessions { return openPostgres(t).Sessions() },
	"redis":    func(t testing.TB) store.Sessions { return openRedis(t, storetest.Redis(t)) },
	"cluster":  func(t testing.TB) store.Sessions { return openRedis(t, storetest.RedisCluster(t)) },
	"fake":     func(testing.TB) store.Sessions { return &bottest.Sessions{} },
}

func openDB(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(t.Context(), t.TempDir(), noon)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func openPostgres(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.OpenPostgres(t.Context(), storetest.Postgres(t), noon)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// databases are all things that can keep records.
var databases = map[string]func(testing.TB) *store.DB{"sqlite": openDB, "postgres": openPostgres}

// onEach runs a suite on every kind of database.
func onEach(t *testing.T, suite func(*testing.T, *store.DB)) {
	for name, open := range databases {
		t.Run(name, func(t *testing.T) { suite(t, open(t)) })
	}
}

func openRedis(t testing.TB, address string) *store.Redis {
	t.Helper()
	r, err := store.OpenRedis(t.Context(), address, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

var contacts int

// somebody gives a contact that nothing is kept of.
func somebody() bot.Contact {
	contacts++
	return bot.Contact{Channel: "web", ID: fmt.Sprintf("p%d {}:%%|é", contacts)}
}

func turn(c bot.Contact, base int64, id string, said ...string) bot.Commit {
	commit := bot.Commit{Contact: c, Turn: id, Base: base, Session: []byte("session of " + id), At: noon}
	for _, text := range said {
		commit.Bubbles = append(commit.Bubbles, bot.Bubble{From: bot.FromBot, Text: text, At: commit.At, Turn: id})
	}
	return commit
}

func suite(t *testing.T, s bot.Sessions) {
	ctx := t.Context()
	load := func(t *testing.T, c bot.Contact, turn string, now time.Time) bot.Loaded {
		t.Helper()
		l, err := s.Load(ctx, c, turn, now)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	save := func(t *testing.T, c bot.Commit) []bot.Bubble {
		t.Helper()
		said, err := s.Save(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		return said
	}
	texts := func(bubbles []bot.Bubble) string {
		var all []string
		for _, b := range bubbles {
			all = append(all, fmt.Sprint(b.Seq, " ", b.Text))
		}
		return strings.Join(all, ", ")
	}

	t.Run("nobody is known", func(t *testing.T) {
		if l := load(t, somebody(), "1", noon); l.Version != 0 || l.Session != nil || l.Seen || l.LastSeq != 0 {
			t.Errorf("%+v", l)
		}
	})

	t.Run("a turn comes back as it was", func(t *testing.T) {
		c := somebody()
		want := bot.Bubble{From: bot.FromPerson, Text: "a\x00b “ơ” \u202e<b>😂", At: noon, Turn: "t1",
			Options: []dialog.Option{{Label: "Có", Value: "yes", Tap: "f/s=yes"}}, Sources: []string{"NĐ 338"}}
		commit := turn(c, 0, "t1")
		commit.Session, commit.Effects = []byte{0, 255, '|', '\n', 0}, []byte(`[{"a":"|"}]`)
		commit.Sensitive, commit.SensitiveEnds = []byte("nghèo|\x00"), noon.Add(24*time.Hour)
		commit.Bubbles = []bot.Bubble{want}
		said := save(t, commit)
		want.Seq = 1
		if diff := cmp.Diff([]bot.Bubble{want}, said); diff != "" {
			t.Error(diff)
		}
		l := load(t, c, "t1", noon.Add(time.Minute))
		wanted := bot.Loaded{Version: 1, Session: commit.Session, Sensitive: commit.Sensitive, Seen: true,
			Replies: []bot.Bubble{want}, Effects: commit.Effects, LastSeq: 1}
		if diff := cmp.Diff(wanted, l); diff != "" {
			t.Error(diff)
		}
		if l := load(t, c, "t2", noon); l.Seen || l.Replies != nil {
			t.Errorf("another turn is seen: %+v", l)
		}
	})

	t.Run("what was decided on an older state is not written", func(t *testing.T) {
		c := somebody()
		save(t, turn(c, 0, "1", "one"))
		for _, commit := range []bot.Commit{turn(c, 0, "2", "two"), turn(c, 7, "2", "two"), turn(c, 1, "1", "again")} {
			if _, err := s.Save(ctx, commit); !errors.Is(err, bot.ErrConflict) {
				t.Errorf("base %d, turn %s: %v", commit.Base, commit.Turn, err)
			}
		}
		l := load(t, c, "2", noon)
		if string(l.Session) != "session of 1" || l.Seen || l.LastSeq != 1 || l.Version != 1 {
			t.Errorf("%+v", l)
		}
		save(t, turn(c, 1, "2", "two"))
	})

	t.Run("of many who write at a time one wins", func(t *testing.T) {
		c := somebody()
		const writers = 8
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for i := range writers {
			wg.Go(func() {
				for n := 0; n < 5; {
					l, err := s.Load(ctx, c, "", noon)
					if err != nil {
						t.Error(err)
						return
					}
					_, err = s.Save(ctx, turn(c, l.Version, fmt.Sprint(i, "-", n), "x"))
					switch {
					case errors.Is(err, bot.ErrConflict):
						continue
					case err != nil:
						t.Error(err)
						return
					}
					n++
					mu.Lock()
					won++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if l := load(t, c, "", noon); l.Version != int64(won) || l.LastSeq != int64(won) || won != writers*5 {
			t.Errorf("%d turns were written, version %d, last seq %d", won, l.Version, l.LastSeq)
		}
	})

	t.Run("sensitive answers end", func(t *testing.T) {
		c := somebody()
		commit := turn(c, 0, "1")
		commit.Sensitive, commit.SensitiveEnds = []byte("x"), noon.Add(24*time.Hour)
		save(t, commit)
		if l := load(t, c, "", noon.Add(24*time.Hour-time.Second)); string(l.Sensitive) != "x" {
			t.Error("gone before its time")
		}
		if l := load(t, c, "", noon.Add(24*time.Hour)); l.Sensitive != nil {
			t.Error("there after its time")
		}
		save(t, turn(c, 1, "2"))
		if l := load(t, c, "", noon); l.Sensitive != nil {
			t.Error("kept by a turn that holds none")
		}
	})

	t.Run("effects wait until they are applied", func(t *testing.T) {
		c := somebody()
		commit := turn(c, 0, "1")
		commit.Effects = []byte("[1]")
		save(t, commit)
		pending, err := s.Pending(ctx, 1000)
		if err != nil || !containsContact(pending, c) {
			t.Errorf("not pending: %v %v", pending, err)
		}
		if err := s.Applied(ctx, c, 7); err != nil { // of another turn
			t.Fatal(err)
		}
		if l := load(t, c, "", noon); string(l.Effects) != "[1]" {
			t.Errorf("effects %q", l.Effects)
		}
		for range 2 {
			if err := s.Applied(ctx, c, 1); err != nil {
				t.Fatal(err)
			}
		}
		if l := load(t, c, "", noon); l.Effects != nil {
			t.Errorf("effects %q", l.Effects)
		}
		if pending, _ := s.Pending(ctx, 1000); containsContact(pending, c) {
			t.Error("still pending")
		}
		if pending, err := s.Pending(ctx, 0); err != nil || len(pending) != 0 {
			t.Errorf("more than asked for: %v %v", pending, err)
		}
	})

	t.Run("a hold is known to the next turn, and only a later one takes its place", func(t *testing.T) {
		c := somebody()
		hold := func(h bot.Hold) {
			t.Helper()
			if err := s.Hold(ctx, c, h, noon); err != nil {
				t.Fatal(err)
			}
		}
		claimed := bot.Hold{Epoch: 5, Kind: bot.HoldClaimed, Case: "c|1"}
		hold(claimed) // nothing was said yet
		l := load(t, c, "1", noon)
		if l.Hold != claimed || l.Version == 0 || l.Session != nil || l.LastSeq != 0 {
			t.Errorf("%+v", l)
		}
		hold(bot.Hold{Epoch: 4, Kind: bot.HoldWaiting})
		hold(bot.Hold{Epoch: 5})
		if l := load(t, c, "1", noon); l.Hold != claimed {
			t.Errorf("an earlier one took its place: %+v", l.Hold)
		}
		late := turn(c, l.Version, "1", "too late")
		if _, err := s.Save(ctx, late); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("decided before the hold, and written: %v", err)
		}
		late.Epoch = 5
		save(t, late)
		hold(bot.Hold{Epoch: 6})
		late = turn(c, l.Version+1, "2", "under the old epoch")
		late.Epoch = 5
		if _, err := s.Save(ctx, late); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("decided under another hold, and written: %v", err)
		}
		if l := load(t, c, "", noon); l.Hold != (bot.Hold{Epoch: 6}) || l.LastSeq != 1 {
			t.Errorf("%+v", l)
		}
	})

	t.Run("erasing ends the hold and keeps its epoch", func(t *testing.T) {
		c := somebody()
		save(t, turn(c, 0, "1", "x"))
		if err := s.Hold(ctx, c, bot.Hold{Epoch: 9, Kind: bot.HoldClaimed, Case: "c"}, noon); err != nil {
			t.Fatal(err)
		}
		erase := turn(c, 1, "2", "gone")
		erase.Erase, erase.Epoch = true, 9
		save(t, erase)
		if l := load(t, c, "", noon); l.Hold != (bot.Hold{Epoch: 9}) {
			t.Errorf("%+v", l.Hold)
		}
	})

	t.Run("bubbles are kept in order, thirty of them", func(t *testing.T) {
		c := somebody()
		for i := range int64(20) {
			said := save(t, turn(c, i, fmt.Sprint(i), fmt.Sprint("a", i), fmt.Sprint("b", i)))
			if said[0].Seq != 2*i+1 || said[1].Seq != 2*i+2 {
				t.Fatalf("turn %d has %s", i, texts(said))
			}
		}
		all, err := s.Bubbles(ctx, c, 0, noon)
		if err != nil || len(all) != bot.BubblesKept || all[0].Seq != 11 || all[29].Text != "b19" {
			t.Errorf("%v %s", err, texts(all))
		}
		if some, _ := s.Bubbles(ctx, c, 38, noon); texts(some) != "39 a19, 40 b19" {
			t.Errorf("after 38: %s", texts(some))
		}
		if none, _ := s.Bubbles(ctx, c, 40, noon); len(none) != 0 {
			t.Errorf("after the last: %s", texts(none))
		}
	})

	t.Run("a bubble may end before the others", func(t *testing.T) {
		c := somebody()
		both := turn(c, 0, "1", "secret", "open")
		both.Bubbles[0].Until = noon.Add(time.Hour)
		save(t, both)
		if all, _ := s.Bubbles(ctx, c, 0, noon.Add(time.Hour-time.Second)); texts(all) != "1 secret, 2 open" {
			t.Error(texts(all))
		}
		if all, _ := s.Bubbles(ctx, c, 0, noon.Add(time.Hour)); texts(all) != "2 open" {
			t.Error(texts(all))
		}
		if l := load(t, c, "1", noon.Add(time.Hour)); texts(l.Replies) != "2 open" {
			t.Error(texts(l.Replies))
		}
	})

	t.Run("erasing leaves what the turn itself says", func(t *testing.T) {
		c := somebody()
		first := turn(c, 0, "1", "secret")
		first.Sensitive, first.SensitiveEnds, first.Effects = []byte("secret"), noon.Add(time.Hour), []byte("[1]")
		save(t, first)
		erase := turn(c, 1, "2", "deleted")
		erase.Erase, erase.Session = true, nil
		if said := save(t, erase); texts(said) != "2 deleted" {
			t.Errorf("seq does not go on: %s", texts(said))
		}
		l := load(t, c, "1", noon)
		if l.Session != nil || l.Sensitive != nil || l.Effects != nil || !l.Seen || len(l.Replies) != 0 || l.LastSeq != 2 {
			t.Errorf("%+v", l)
		}
		if all, _ := s.Bubbles(ctx, c, 0, noon); texts(all) != "2 deleted" {
			t.Error(texts(all))
		}
	})

	t.Run("contacts are apart", func(t *testing.T) {
		a, b := bot.Contact{Channel: "web", ID: "same"}, bot.Contact{Channel: "telegram", ID: "same"}
		save(t, turn(a, 0, "1", "for a"))
		if l := load(t, b, "1", noon); l.Version != 0 || l.Seen {
			t.Errorf("%+v", l)
		}
	})

	t.Run("an ended context is an error and writes nothing", func(t *testing.T) {
		c := somebody()
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := s.Save(ended, turn(c, 0, "1", "x")); err == nil {
			t.Error("saved")
		}
		if _, err := s.Load(ended, c, "1", noon); err == nil {
			t.Error("loaded")
		}
		if l := load(t, c, "1", noon); l.Version != 0 {
			t.Errorf("%+v", l)
		}
	})

	t.Run("ping", func(t *testing.T) {
		if err := s.Ping(ctx); err != nil {
			t.Error(err)
		}
	})

	t.Run("any bytes", func(t *testing.T) {
		rapid.Check(t, func(r *rapid.T) {
			c := somebody()
			// Names of platforms hold no NUL: bot.Incoming sees to it.
			name := rapid.StringN(1, 20, 80).Filter(func(s string) bool { return !strings.Contains(s, "\x00") })
			c.ID += name.Draw(r, "id")
			id := name.Draw(r, "turn")
			commit := turn(c, 0, id, rapid.String().Draw(r, "text"))
			commit.Session = append([]byte{1}, rapid.SliceOf(rapid.Byte()).Draw(r, "session")...)
			if _, err := s.Save(ctx, commit); err != nil {
				r.Fatal(err)
			}
			l, err := s.Load(ctx, c, id, noon)
			if err != nil || !l.Seen || !bytes.Equal(l.Session, commit.Session) || len(l.Replies) != 1 || l.Replies[0].Text != commit.Bubbles[0].Text {
				r.Fatalf("%+v %v", l, err)
			}
		})
	})
}

func containsContact(list []bot.Contact, c bot.Contact) bool {
	for _, x := range list {
		if x == c {
			return true
		}
	}
	return false
}

// What has outlived its time is not given out, even before it is tidied away.
// The fake has no lives, and Redis keeps its own time (see TestRedisKeepsLives).
func TestLivesInTheDatabase(t *testing.T) { onEach(t, livesSuite) }

func livesSuite(t *testing.T, db *store.DB) {
	s, c := db.Sessions(), somebody()
	commit := turn(c, 0, "1", "old")
	commit.Sensitive, commit.SensitiveEnds = []byte("x"), noon.Add(24*time.Hour)
	if _, err := s.Save(t.Context(), commit); err != nil {
		t.Fatal(err)
	}
	rows := func() string {
		var all []string
		for _, table := range []string{"session", "seen", "bubble"} {
			all = append(all, fmt.Sprint(table, " ", count(t, db, table)))
		}
		return strings.Join(all, ", ")
	}
	for _, step := range []struct {
		after                 time.Duration
		seen, bubble, session bool
	}{
		{7*24*time.Hour - time.Second, true, true, true},
		{7 * 24 * time.Hour, false, false, true},
		{90*24*time.Hour - time.Second, false, false, true},
		{90 * 24 * time.Hour, false, false, false},
	} {
		for range 2 { // before and after tidying
			now := noon.Add(step.after)
			l, err := s.Load(t.Context(), c, "1", now)
			if err != nil || l.Seen != step.seen || (l.Session != nil) != step.session || (len(l.Replies) > 0) != step.bubble {
				t.Errorf("after %v: %+v %v", step.after, l, err)
			}
			if err := db.Tidy(t.Context(), now); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := rows(); got != "session 0, seen 0, bubble 0" {
		t.Errorf("left: %s", got)
	}
}

func BenchmarkSessions(b *testing.B) {
	bench := func(s bot.Sessions) func(*testing.B) {
		return func(b *testing.B) {
			c := somebody()
			for b.Loop() {
				l, err := s.Load(b.Context(), c, "x", noon)
				if err != nil {
					b.Fatal(err)
				}
				commit := turn(c, l.Version, fmt.Sprint(l.Version), "câu hỏi của người dùng", "câu trả lời dài hơn một chút, có hai dòng")
				commit.Session = make([]byte, 600)
				if _, err := s.Save(b.Context(), commit); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	b.Run("sqlite", bench(openDB(b).Sessions()))
	b.Run("postgres", bench(openPostgres(b).Sessions()))
	b.Run("redis", bench(openRedis(b, storetest.Redis(b, "--appendonly", "yes"))))
}
