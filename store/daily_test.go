package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nghe/bot"
	"nghe/daily"
	"nghe/staff"
	"nghe/store"
	"nghe/unanswered"
)

func TestDailyCounts(t *testing.T) { onEach(t, dailySuite) }

func dailySuite(t *testing.T, db *store.DB) {
	ctx := t.Context()
	key := func(day daily.Day, kind daily.Kind, what string) daily.Key {
		return daily.Key{Day: day, Kind: kind, Channel: "web", What: what, Version: "v1", Place: "ba-che"}
	}
	// Eight processes add the same keys, and many of them, at the same time.
	const writers, rows = 8, 250
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			c := daily.Counts{key(20261130, daily.Turns, ""): int64(i + 1)}
			for n := range rows {
				c[key(20261130, daily.TopicsTold, fmt.Sprintf("t%03d", n))] = 2
			}
			if err := db.AddCounts(ctx, c); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := count(t, db, "daily"); n != rows+1 {
		t.Errorf("%d rows", n)
	}
	second := key(20261201, daily.Turns, "")
	second.Channel, second.Version, second.Place = "zalo", "v2", ""
	if err := db.AddCounts(ctx, daily.Counts{second: 5}); err != nil {
		t.Fatal(err)
	}
	sum := func(k daily.Kind, n int64) daily.Sum { return daily.Sum{Key: daily.Key{Kind: k}, N: n} }
	for name, c := range map[string]struct {
		search daily.Search
		want   []daily.Sum
	}{
		"all":     {daily.Search{From: 20261130, To: 20261201, Kinds: []daily.Kind{daily.Turns}}, []daily.Sum{sum(daily.Turns, 41)}},
		"a day":   {daily.Search{From: 20261201, To: 20261201, Kinds: []daily.Kind{daily.Turns}}, []daily.Sum{sum(daily.Turns, 5)}},
		"none":    {daily.Search{From: 20261202, To: 20261203}, nil},
		"version": {daily.Search{From: 20261130, To: 20261201, Kinds: []daily.Kind{daily.Turns}, Version: "v1"}, []daily.Sum{sum(daily.Turns, 36)}},
		"what":    {daily.Search{From: 20261130, To: 20261201, What: "t007"}, []daily.Sum{{Key: daily.Key{Kind: daily.TopicsTold, What: "t007"}, N: 16}}},
		"told apart": {daily.Search{From: 20261130, To: 20261201, Kinds: []daily.Kind{daily.Turns}, ByDay: true, ByChannel: true, ByVersion: true, ByPlace: true}, []daily.Sum{
			{Key: daily.Key{Day: 20261130, Kind: daily.Turns, Channel: "web", Version: "v1", Place: "ba-che"}, N: 36},
			{Key: daily.Key{Day: 20261201, Kind: daily.Turns, Channel: "zalo", Version: "v2"}, N: 5},
		}},
	} {
		got, err := db.Counts(ctx, c.search)
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
}

func TestUnanswered(t *testing.T) { onEach(t, unansweredSuite) }

func unansweredSuite(t *testing.T, db *store.DB) {
	ctx := t.Context()
	text := func(day daily.Day, s string, why unanswered.Why) unanswered.Text {
		return unanswered.Text{Day: day, Text: s, Why: why, Channel: "web"}
	}
	lan, hoa := bot.Contact{Channel: "web", ID: "lan"}, bot.Contact{Channel: "zalo", ID: "hoa"}
	offer := func(c bot.Contact, s string, at time.Time) unanswered.Change {
		return unanswered.Change{Contact: c, At: at, Text: text(20261123, s, unanswered.Offered)}
	}
	change := func(all ...unanswered.Change) {
		t.Helper()
		if err := db.ChangeUnanswered(ctx, all); err != nil {
			t.Fatal(err)
		}
	}
	sums := func(from, to daily.Day) string {
		t.Helper()
		all, err := db.Unanswered(ctx, from, to, 100)
		if err != nil {
			t.Fatal(err)
		}
		out := ""
		for _, s := range all {
			out += fmt.Sprintf("%s %s %d; ", s.Text.Text, s.Why, s.N)
		}
		return out
	}
	old := unanswered.Change{Text: text(20260401, "cũ", unanswered.Missed)}
	missed := unanswered.Change{Text: text(20261123, "căn cước", unanswered.Missed)}
	change(old, missed, missed, unanswered.Change{Text: text(20261122, "căn cước", unanswered.Refused)})
	if got, want := sums(20261122, 20261123), "căn cước missed 2; căn cước refused 1; "; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if all, err := db.Unanswered(ctx, 20260101, 20261231, 1); err != nil || len(all) != 2 || all[0].Text.Text != "căn cước" {
		t.Errorf("the most frequent text: %+v, %v", all, err)
	}

	// An offer counts when a second one follows or its hour is over, and not when
	// it is taken or the person deletes everything.
	change(offer(lan, "a", noon), offer(hoa, "b", noon), offer(lan, "c", noon.Add(time.Minute)))
	if got, want := sums(20261123, 20261123), "a offered 1; căn cước missed 2; "; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	change(unanswered.Change{Contact: lan, Settled: true})
	if err := db.RipenOffers(ctx, noon); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db, "unanswered_offer"); n != 1 {
		t.Errorf("%d offers wait, want that of hoa", n)
	}
	if err := db.RipenOffers(ctx, noon.Add(time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if got, want := sums(20261123, 20261123), "a offered 1; b offered 1; căn cước missed 2; "; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	change(offer(lan, "d", noon))
	if err := db.People([]byte("key")).Delete(ctx, lan, noon.UnixMilli()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db, "unanswered_offer"); n != 0 {
		t.Errorf("%d offers of who deleted everything", n)
	}

	// Processes that add the same texts in another order don't wait in a circle.
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			var all []unanswered.Change
			for n := range 100 {
				all = append(all, unanswered.Change{Text: text(20261120, fmt.Sprint("câu ", (n*(2*i+1)*37)%100), unanswered.Missed)})
			}
			if err := db.ChangeUnanswered(ctx, all); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()

	// Marks are of texts that are there, and go with them.
	entry := staff.NewEntry(staff.Member{ID: "m", Name: "Mai"}, noon, "unanswered.mark", "", "đã xem")
	if n, err := db.PutMarks(ctx, []string{"căn cước", "căn cước", "cũ", "không có"}, unanswered.Mark{Mark: unanswered.Seen, By: "mai", At: noon}, entry); n != 2 || err != nil {
		t.Errorf("%d marks, %v", n, err)
	}
	if n, err := db.PutMarks(ctx, []string{"căn cước"}, unanswered.Mark{Mark: unanswered.NotOurs, By: "lan", At: noon}); n != 1 || err != nil {
		t.Errorf("%d marks, %v", n, err)
	}
	if err := db.DropUnanswered(ctx, 20261122); err != nil {
		t.Fatal(err)
	}
	marks, err := db.Marks(ctx)
	if diff := cmp.Diff(map[string]unanswered.Mark{"căn cước": {Mark: unanswered.NotOurs, By: "lan", At: noon}}, marks); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if got := sums(20260101, 20261231); got != "a offered 1; b offered 1; căn cước missed 2; căn cước refused 1; " {
		t.Errorf("after the old was dropped: %q", got)
	}
	if n, err := db.PutMarks(ctx, []string{"căn cước"}, unanswered.Mark{}); n != 1 || err != nil || count(t, db, "unanswered_mark") != 0 {
		t.Errorf("taken back: %d, %v", n, err)
	}
	if entries, err := db.Staff().Entries(ctx, staff.Query{Did: "unanswered.", Limit: 9}); err != nil || len(entries) != 1 {
		t.Errorf("%+v, %v", entries, err)
	}
}
