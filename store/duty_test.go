package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nghe/bot"
	"nghe/handoff"
	"nghe/staff"
	"nghe/store"
)

func TestDuty(t *testing.T) { onEach(t, dutySuite) }

// Who is on duty, and what they are about in their chats.
func dutySuite(t *testing.T, db *store.DB) {
	ctx := t.Context()
	phone := bot.Contact{Channel: "telegram", ID: "7"}
	lan := handoff.Duty{Login: "lan", Contact: phone, Since: noon, Until: noon.Add(5 * time.Hour)}
	tuan := handoff.Duty{Login: "tuan", Since: noon.Add(-time.Hour), Until: noon.Add(time.Hour), Seen: noon.Add(-time.Hour)}
	entry := func(did string) *staff.Entry {
		e := staff.NewEntry(staff.Operator, noon, did, "staff:lan", "")
		return &e
	}
	put := func(d handoff.Duty, e *staff.Entry) {
		t.Helper()
		if err := db.PutDuty(ctx, d, e); err != nil {
			t.Fatal(err)
		}
	}
	is := func(want ...handoff.Duty) {
		t.Helper()
		got, err := db.Duties(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	}
	noted := func(want int) {
		t.Helper()
		got, err := db.Staff().Entries(ctx, staff.Query{About: "staff:lan", Limit: 10})
		if err != nil || len(got) != want {
			t.Errorf("%d entries, want %d, %v", len(got), want, err)
		}
	}
	put(lan, entry("duty.on"))
	put(tuan, nil)
	is(tuan, lan)
	noted(1)
	for _, err := range []error{db.DutyOffered(ctx, "lan", noon.Add(time.Minute)), db.DutyLost(ctx, phone, "blocked"), db.DutyOffered(ctx, "nobody", noon)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	lan.OfferedAt, lan.Lost = noon.Add(time.Minute), "blocked"
	is(tuan, lan)
	for _, at := range []time.Time{noon, noon.Add(-time.Minute)} { // of two pages the later counts
		if err := db.DutySeen(ctx, "tuan", at); err != nil {
			t.Fatal(err)
		}
	}
	tuan.Seen = noon
	is(tuan, lan)
	lan.Lost = ""
	put(lan, nil)
	is(tuan, lan)
	for _, want := range []bool{true, false} {
		if was, err := db.EndDuty(ctx, "lan", entry("duty.off")); was != want || err != nil {
			t.Errorf("%v, %v", was, err)
		}
	}
	is(tuan)
	noted(2)

	// Of several who read the same and write, one wins.
	for round := range 3 {
		body, version, err := db.CounselChat(ctx, "lan")
		if err != nil || version != int64(round) || (body == nil) != (round == 0) {
			t.Fatalf("%d: %q %d, %v", round, body, version, err)
		}
		var won atomic.Int32
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				ok, err := db.PutCounselChat(ctx, "lan", fmt.Appendf(nil, `{"n":%d}`, i), version)
				if err != nil {
					t.Error(err)
				}
				if ok {
					won.Add(1)
				}
			})
		}
		all.Wait()
		if won.Load() != 1 {
			t.Errorf("%d: %d won", round, won.Load())
		}
	}
}
