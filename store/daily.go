package store

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"

	"nghe/daily"
)

var _ daily.Records = (*DB)(nil)

// rowsAtATime is how many rows of counts go into one statement.
const rowsAtATime = 100

// AddCounts adds numbers to those that are there, in one transaction. They are
// sorted, so that two processes that add at a time never wait for each other in a
// circle.
func (db *DB) AddCounts(ctx context.Context, c daily.Counts) error {
	keys := slices.SortedFunc(maps.Keys(c), compareKeys)
	return db.inTx(ctx, func(tx *sql.Tx) error {
		for some := range slices.Chunk(keys, rowsAtATime) {
			var q sqlText
			q.add("INSERT INTO daily (day, kind, what, step, channel, version, place, n) VALUES ")
			for i, k := range some {
				if i > 0 {
					q.add(", ")
				}
				q.add("(", int64(k.Day)).add(", ", string(k.Kind)).add(", ", k.What).add(", ", k.Step).add(", ", k.Channel).add(", ", k.Version).add(", ", k.Place).add(", ", c[k]).add(")")
			}
			q.add(" ON CONFLICT (kind, day, what, step, channel, version, place) DO UPDATE SET n = daily.n + excluded.n")
			if err := exec(ctx, tx, q.text(), q.args...); err != nil {
				return err
			}
		}
		return nil
	})
}

func compareKeys(a, b daily.Key) int {
	return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.What, b.What), cmp.Compare(a.Step, b.Step),
		cmp.Compare(a.Channel, b.Channel), cmp.Compare(a.Version, b.Version), cmp.Compare(a.Place, b.Place))
}

// Counts adds up what was counted, in the order of its fields.
func (db *DB) Counts(ctx context.Context, s daily.Search) ([]daily.Sum, error) {
	fields := "kind, what, step"
	for _, f := range []struct {
		name string
		by   bool
	}{{"day", s.ByDay}, {"channel", s.ByChannel}, {"version", s.ByVersion}, {"place", s.ByPlace}} {
		if f.by {
			fields += ", " + f.name
		}
	}
	var q sqlText
	q.add("SELECT "+fields+", CAST(sum(n) AS BIGINT) FROM daily WHERE day >= ", int64(s.From)).add(" AND day <= ", int64(s.To))
	in(&q, " AND kind", s.Kinds)
	if s.What != "" {
		q.add(" AND what = ", s.What)
	}
	if s.Version != "" {
		q.add(" AND version = ", s.Version)
	}
	q.add(" GROUP BY " + fields + " ORDER BY " + fields)
	return list(ctx, db.read, func(rows *sql.Rows) (x daily.Sum, err error) {
		into := []any{&x.Kind, &x.What, &x.Step}
		if s.ByDay {
			into = append(into, &x.Day)
		}
		if s.ByChannel {
			into = append(into, &x.Channel)
		}
		if s.ByVersion {
			into = append(into, &x.Version)
		}
		if s.ByPlace {
			into = append(into, &x.Place)
		}
		return x, rows.Scan(append(into, &x.N)...)
	}, q.text(), q.args...)
}
