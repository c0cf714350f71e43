package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nghe/release"
	"nghe/staff"
	"nghe/store"
)

func TestReleases(t *testing.T) { onEach(t, releaseSuite) }

// Changes of the content stand one after the other; the newest text of each file
// is what is live.
func releaseSuite(t *testing.T, db *store.DB) {
	ctx := t.Context()
	put := func(r release.Release, want bool) {
		t.Helper()
		e := staff.NewEntry(staff.Operator, r.At, "content.edit", r.About, r.Why)
		if won, err := db.PutRelease(ctx, r, e); err != nil || won != want {
			t.Fatalf("%d: %v, want %v, %v", r.Number, won, want, err)
		}
	}
	files := func(number int64, want release.Files) {
		t.Helper()
		got, err := db.EditedFiles(ctx, number)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after %d: -want +got\n%s", number, diff)
		}
	}
	if n, err := db.LastRelease(ctx); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	files(0, release.Files{})
	one := release.Release{Number: 1, At: noon, By: "lan", Name: "Lan", About: "topic:x", Why: "Nghị định mới", Base: "abc", Files: release.Files{"topics/x.yaml": "một"}}
	two := release.Release{Number: 2, At: noon.Add(time.Hour), By: "tuan", Name: "Tuấn", About: "fact:y", Why: "Sửa lỗi chính tả", Base: "abc", Files: release.Files{"facts/y.yaml": "hai", "topics/x.yaml": ""}}
	put(two, false) // there is no first
	put(one, true)
	put(one, false)
	put(two, true)
	files(1, one.Files)
	files(2, two.Files)
	files(99, two.Files)
	if n, err := db.LastRelease(ctx); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if got, err := db.Release(ctx, 2); err != nil || !cmp.Equal(got, &two) {
		t.Errorf("%v %s", err, cmp.Diff(&two, got))
	}
	if got, err := db.Release(ctx, 3); err != nil || got != nil {
		t.Errorf("%v %v", got, err)
	}
	one.Files, two.Files = nil, nil
	for before, want := range map[int64][]release.Release{0: {two, one}, 2: {one}, 1: nil} {
		if got, err := db.Releases(ctx, before, 9); err != nil || !cmp.Equal(got, want) {
			t.Errorf("before %d: %v %s", before, err, cmp.Diff(want, got))
		}
	}
	if entries, err := db.Staff().Entries(ctx, staff.Query{Did: "content.", Limit: 9}); err != nil || len(entries) != 2 {
		t.Errorf("%d entries: what was not kept is not noted either; %v", len(entries), err)
	}

	// Of many at an instant one wins.
	var won atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			ok, err := db.PutRelease(ctx, release.Release{Number: 3, At: noon, About: "topic:x", Files: release.Files{"a.yaml": "x"}})
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
		t.Errorf("%d won", won.Load())
	}
}
