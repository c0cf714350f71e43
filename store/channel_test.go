package store_test

import (
	"fmt"
	"testing"
	"time"

	"nghe/bot"
	fakezalo "nghe/bot/bottest/zalo"
	"nghe/bot/zalo"
	"nghe/store"
)

func TestTokens(t *testing.T) {
	onEach(t, func(t *testing.T, db *store.DB) {
		n := 0
		fakezalo.TestTokens(t, func(*testing.T) zalo.Tokens { n++; return db.Tokens(fmt.Sprint(n)) })
	})
}

func TestWhatChannelsKeep(t *testing.T) {
	onEach(t, func(t *testing.T, db *store.DB) {
		ctx, c := t.Context(), bot.Contact{Channel: "zalo", ID: "1"}
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		spend := func(dong int64, at time.Time, want bool) {
			t.Helper()
			if ok, err := db.Spend(ctx, dong, 1000, at); ok != want || err != nil {
				t.Errorf("%d: %v %v", dong, ok, err)
			}
		}
		spend(1001, noon, false)
		spend(600, noon, true)
		spend(600, noon, false)
		spend(600, noon.AddDate(0, 1, 0), true)
		spend(-600, noon, true)
		spend(1000, noon, true)

		must(db.Echo(ctx, c, "Chào  bạn\n1. A", noon))
		for _, is := range []struct {
			text  string
			since time.Time
			want  bool
		}{{"Chào bạn 1. A", noon, true}, {"Chào bạn 1. A", noon.Add(time.Second), false}, {"Chào", noon, false}} {
			if got, err := db.Echoed(ctx, c, is.text, is.since); got != is.want || err != nil {
				t.Errorf("%q since %v: %v %v", is.text, is.since, got, err)
			}
		}
		must(db.Unreachable(ctx, c, "blocked", noon))
		must(db.Unreachable(ctx, c, "blocked", noon.Add(time.Hour)))
		for range 2 {
			must(db.Media(ctx, c, "zalo:1", []byte("[]"), noon.Add(time.Hour)))
		}
		for table, want := range map[string]int{"unreachable": 1, "media": 1, "echo": 1} {
			if got := count(t, db, table); got != want {
				t.Errorf("%d rows in %s", got, table)
			}
		}
		// Deleting a person leaves nothing of them there.
		must(db.People([]byte("key")).Delete(ctx, c, noon.UnixMilli()))
		for _, table := range []string{"unreachable", "media", "echo"} {
			if got := count(t, db, table); got != 0 {
				t.Errorf("%d rows left in %s", got, table)
			}
		}
		must(db.Reachable(ctx, c))
	})
}
