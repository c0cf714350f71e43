package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nghe/bot"
	"nghe/store"
)

func TestALeaseHasOneOwner(t *testing.T) {
	onEach(t, func(t *testing.T, db *store.DB) {
		lease := func(owner string, now time.Time) bool {
			t.Helper()
			ok, err := db.Lease(t.Context(), "poll", owner, now, now.Add(time.Minute))
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		var mu sync.Mutex
		var won []string
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				ok, err := db.Lease(t.Context(), "race", fmt.Sprint(i), noon, noon.Add(time.Minute))
				if err != nil {
					t.Error(err)
				}
				if ok {
					mu.Lock()
					won = append(won, fmt.Sprint(i))
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if len(won) != 1 {
			t.Errorf("%v have it", won)
		}

		if !lease("a", noon) || lease("b", noon.Add(59*time.Second)) || !lease("a", noon.Add(30*time.Second)) {
			t.Error("not a's alone, or not lengthened")
		}
		if lease("b", noon.Add(89*time.Second)) || !lease("b", noon.Add(90*time.Second)) || lease("a", noon.Add(91*time.Second)) {
			t.Error("not b's after its end")
		}
		for _, owner := range []string{"a", "b", "b"} { // a has none any more
			if err := db.EndLease(t.Context(), "poll", owner); err != nil {
				t.Fatal(err)
			}
		}
		if !lease("c", noon.Add(92*time.Second)) {
			t.Error("not given back")
		}
	})
}

func TestTroubleIsListed(t *testing.T) {
	onEach(t, func(t *testing.T, db *store.DB) {
		c := bot.Contact{Channel: "zalo", ID: "1"}
		old := store.Trouble{Contact: c, Seq: 3, Turn: "zalo:1", Kind: store.Lost, Reason: "window", At: noon.Add(-31 * 24 * time.Hour)}
		fresh := store.Trouble{Contact: c, Seq: 4, Turn: "zalo:2", Kind: store.Doubtful, Reason: "timeout", At: noon}
		for _, trouble := range []store.Trouble{old, fresh, fresh} {
			if err := db.NoteTrouble(t.Context(), trouble); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Tidy(t.Context(), noon); err != nil {
			t.Fatal(err)
		}
		got, err := db.Troubles(t.Context(), time.Time{}, 10)
		if diff := cmp.Diff([]store.Trouble{fresh}, got); diff != "" || err != nil {
			t.Error(err, diff)
		}
	})
}
