package store

import (
	"context"
	"database/sql"

	"nghe/course"
	"nghe/report"
)

// NeedSums sums up the wishes that a search is for, by commune, trade and level;
// the state that is searched for doesn't matter.
func (db *DB) NeedSums(ctx context.Context, s course.Search) ([]report.Sum, error) {
	s.State, s.After = "", ""
	where, args := searched(s)
	return list(ctx, db.read, func(rows *sql.Rows) (report.Sum, error) {
		var sum report.Sum
		var since int64
		into := []any{&sum.Place, &sum.Trade, &sum.Level, &since}
		for i := range sum.Count {
			into = append(into, &sum.Count[i])
		}
		if err := rows.Scan(into...); err != nil {
			return sum, unavailable(err)
		}
		if since > 0 {
			sum.Since = fromMS(since)
		}
		return sum, nil
	}, `SELECT place, trade, level, coalesce(min(created_at) FILTER (WHERE state IN ('new', 'contacted')), 0)`+countsByState()+`
		FROM interest WHERE `+where+` GROUP BY place, trade, level`, args...)
}

// countsByState are columns: how many there are of each state.
func countsByState() (columns string) {
	for _, s := range course.States {
		columns += ", count(*) FILTER (WHERE state = '" + string(s) + "')"
	}
	return columns
}

// NeedsVersion is another whenever wishes have changed: as long as it is the same,
// so are all sums. It is one cheap query.
func (db *DB) NeedsVersion(ctx context.Context) (report.Version, error) {
	var v report.Version
	if err := db.read.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM interest), (SELECT coalesce(max(updated_at), 0) FROM interest)").Scan(&v.Wishes, &v.Last); err != nil {
		return v, unavailable(err)
	}
	return v, nil
}
