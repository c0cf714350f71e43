package cli_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"nghe/daily"
	"nghe/store"
	"nghe/store/storetest"
)

// What was said is counted by whichever process answered, is there after the end,
// and stays right when the person has deleted everything; nothing of it tells who
// they were.
func TestCountsOutliveThePerson(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) (settings []string, records func(context.Context) (*store.DB, error)){
		"embedded": func(t *testing.T) ([]string, func(context.Context) (*store.DB, error)) {
			data := t.TempDir()
			return []string{"NGHE_DATA=" + data}, func(ctx context.Context) (*store.DB, error) { return store.Open(ctx, data, time.Now()) }
		},
		"two processes": func(t *testing.T) ([]string, func(context.Context) (*store.DB, error)) {
			address := storetest.Postgres(t)
			return []string{"NGHE_DATA=" + t.TempDir(), "REDIS_URL=" + storetest.Redis(t), "DATABASE_URL=" + address}, func(ctx context.Context) (*store.DB, error) {
				return store.OpenPostgres(ctx, address, time.Now())
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			settings, records := open(t)
			first := serve(t, settings...)
			second := first
			v := newVisitor(t)
			v.say(first, "tien an dc bao nhieu")
			if name != "embedded" {
				second = serve(t, settings...)
				v.at(first, second)
			}
			v.say(second, "giá vàng hôm nay bao nhiêu, gọi em 0912 345 678 nhé")
			v.say(first, "tìm gói vay hợp với tôi")
			v.say(second, "xoá dữ liệu của tôi")
			if a := v.say(second, "1"); !a.Erased {
				t.Fatalf("nothing was deleted: %s", a.all())
			}
			first.stop()
			second.stop()

			db, err := records(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			today := daily.DayOf(time.Now().In(time.FixedZone("", 7*3600)))
			sums, err := db.Counts(t.Context(), daily.Search{From: today.Add(-1), To: today})
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]int64{}
			for _, s := range sums {
				got[fmt.Sprint(s.Kind, " ", s.What)] += s.N
			}
			for what, want := range map[string]int64{"turn ": 5, "topic support.meal": 1, "refused ": 1, "flow-started loan": 1, "flow-started erase": 1, "effect erase": 1} {
				if got[what] != want {
					t.Errorf("%s: %d, want %d: %v", what, got[what], want, got)
				}
			}
			asked, err := db.Unanswered(t.Context(), today.Add(-1), today, 10)
			if err != nil || len(asked) != 1 || asked[0].Text.Text != "giá vàng hôm nay bao nhiêu, gọi em [số] nhé" || asked[0].N != 1 {
				t.Errorf("%+v, %v", asked, err)
			}
		})
	}
}
