package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"nghe/course"
	"nghe/daily"
	"nghe/report"
	"nghe/staff"
)

// Figures sums up what a report tells.
func (db *DB) Figures(ctx context.Context, a report.Asked) (f report.Figures, err error) {
	if f.Steps, err = db.stepSums(ctx, a); err != nil {
		return f, err
	}
	if f.Cases, err = db.caseSums(ctx, a); err != nil {
		return f, err
	}
	if f.Reach, err = db.told(ctx, a); err != nil {
		return f, err
	}
	return f, db.dailySums(ctx, a, &f)
}

// stepSums looks at each milestone once, and counts what it found in each way.
func (db *DB) stepSums(ctx context.Context, a report.Asked) ([]report.Tally, error) {
	where, args := searched(course.Search{Within: a.Scope.Within()})
	q := sqlText{args: args}
	from, before := a.Bounds(a.Zone)
	stepAt := "at"
	if a.Cohort {
		stepAt = "created_at"
	}
	const wish = "place, trade, level, course, coalesce(sex, '') AS sex, coalesce(of_group, '') AS of_group, "
	const groups = ` LEFT JOIN (SELECT who AS of_whom, max(CASE WHEN name IN ('women', 'women-jobless') THEN 'women' ELSE '' END) AS sex,
		CASE WHEN count(*) > 1 THEN 'many' ELSE max(name) END AS of_group FROM kept_group GROUP BY who) g ON of_whom = i.who WHERE `
	during := func(column string) {
		q.add(" AND "+column+" >= ", ms(from)).add(" AND "+column+" < ", ms(before))
	}
	q.add("WITH happened AS MATERIALIZED (SELECT " + wish + "'wish' AS step, " + monthOf("created_at", a) + " AS month FROM interest i" + groups + where)
	during("created_at")
	q.add(" UNION ALL SELECT " + wish + "step, " + monthOf(stepAt, a) + " FROM interest_step JOIN interest i ON i.id = interest" + groups + where)
	during(stepAt)
	// What has few values is grouped at once: each way of its own would sort all rows.
	q.add("), few AS MATERIALIZED (SELECT place, level, sex, of_group, CAST(month AS TEXT) AS month, step, count(*) AS n FROM happened GROUP BY place, level, sex, of_group, month, step)")
	for i, by := range []struct {
		by     report.By
		column string
	}{{report.ByPlace, "place"}, {report.ByLevel, "level"}, {report.BySex, "sex"}, {report.ByGroup, "of_group"}, {report.ByMonth, "month"}} {
		if i > 0 {
			q.add(" UNION ALL")
		}
		q.add(" SELECT '" + string(by.by) + "', " + by.column + ", step, CAST(sum(n) AS BIGINT) FROM few GROUP BY " + by.column + ", step")
	}
	for _, by := range []report.By{report.ByTrade, report.ByCourse} {
		if by == report.ByTrade || a.Cohort { // only results tell classes
			q.add(" UNION ALL SELECT '" + string(by) + "', " + string(by) + ", step, count(*) FROM happened GROUP BY " + string(by) + ", step")
		}
	}
	return list(ctx, db.read, func(rows *sql.Rows) (t report.Tally, err error) {
		return t, rows.Scan(&t.By, &t.Key, &t.Step, &t.N)
	}, q.text(), q.args...)
}

// monthOf is SQL for the number of the month that a time lies in.
func monthOf(column string, a report.Asked) string {
	months := a.Months()
	text := "CASE"
	for i, day := range slices.Backward(months) {
		text += " WHEN " + column + " >= " + strconv.FormatInt(ms(day.Time(a.Zone)), 10) + " THEN " + strconv.Itoa(i)
	}
	return text + " ELSE 0 END"
}

// caseSums counts the cases that were opened, as they stand now.
func (db *DB) caseSums(ctx context.Context, a report.Asked) ([]report.CaseSum, error) {
	from, before := a.Bounds(a.Zone)
	month := monthOf("opened_at", a)
	var q sqlText
	q.add("SELECT kind, queue, outcome, closed_at > 0, rating, "+month+", count(*), CAST(coalesce(sum(closed_at - opened_at) FILTER (WHERE closed_at > 0), 0) AS BIGINT) FROM handoff WHERE opened_at >= ", ms(from)).add(" AND opened_at < ", ms(before)).add(" AND ")
	within(&q, staff.Scope{Province: a.Scope.All, Org: a.Scope.Org, Places: a.Scope.Places})
	q.add(" GROUP BY kind, queue, outcome, closed_at > 0, rating, " + month)
	return list(ctx, db.read, func(rows *sql.Rows) (s report.CaseSum, err error) {
		var took int64
		err = rows.Scan(&s.Kind, &s.Queue, &s.Outcome, &s.Closed, &s.Rating, &s.Month, &s.N, &took)
		s.Took = time.Duration(took) * time.Millisecond
		return s, err
	}, q.text(), q.args...)
}

// told counts what was told: to who lives in the scope, or of the classes of its
// organisation. Who deleted all still counts in what was sent in the province.
func (db *DB) told(ctx context.Context, a report.Asked) (r report.Reach, err error) {
	from, before := a.Bounds(a.Zone)
	var q sqlText
	q.add("SELECT count(DISTINCT broadcast) FILTER (WHERE state = 'sent'), count(*) FILTER (WHERE state = 'sent'), count(*) FILTER (WHERE state IN ('failed', 'doubtful')), count(DISTINCT who) FILTER (WHERE state = 'sent') FROM delivery WHERE at >= ", ms(from)).add(" AND at < ", ms(before))
	if !a.Scope.All {
		q.add(" AND (FALSE")
		if len(a.Scope.Places) > 0 {
			q.add(" OR who IN (SELECT who FROM recipient WHERE TRUE")
			in(&q, " AND place", a.Scope.Places)
			q.add(")")
		}
		if len(a.Scope.Courses) > 0 {
			q.add(" OR broadcast IN (SELECT number FROM broadcast WHERE TRUE")
			in(&q, " AND course", a.Scope.Courses)
			q.add(")")
		}
		q.add(")")
	}
	if err := db.read.QueryRowContext(ctx, q.text(), q.args...).Scan(&r.Told, &r.Sent, &r.Failed, &r.People); err != nil {
		return r, unavailable(err)
	}
	return r, nil
}

// dailySums takes what is counted by day and apart from people. It has communes
// and no organisations.
func (db *DB) dailySums(ctx context.Context, a report.Asked, f *report.Figures) error {
	f.Talks, f.Loans = map[int]int{}, map[string]int{}
	if !a.Scope.All && len(a.Scope.Places) == 0 {
		f.NoDays = true
		return nil
	}
	months := a.Months()
	all, err := db.Counts(ctx, daily.Search{From: a.From, To: a.To, Kinds: []daily.Kind{daily.Conversations, daily.Programmes}, ByDay: true, ByPlace: !a.Scope.All})
	if err != nil {
		return err
	}
	for _, s := range all {
		if !a.Scope.All && !slices.Contains(a.Scope.Places, s.Place) {
			continue
		}
		if s.Kind == daily.Programmes {
			f.Loans[s.What] += int(s.N)
			continue
		}
		month, found := slices.BinarySearch(months, s.Day)
		if !found {
			month--
		}
		f.Talks[month] += int(s.N)
	}
	return nil
}

// PutDifficulty keeps what stood in the way in a time of a scope; "" takes it back.
func (db *DB) PutDifficulty(ctx context.Context, d report.Difficulty, entries ...staff.Entry) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, "DELETE FROM difficulty WHERE scope = $1 AND first = $2 AND last = $3", d.Scope, int64(d.From), int64(d.To)); err != nil {
			return err
		}
		if strings.TrimSpace(d.Words) != "" {
			if err := exec(ctx, tx, "INSERT INTO difficulty (scope, first, last, words, by_whom, at) VALUES ($1, $2, $3, $4, $5, $6)", d.Scope, int64(d.From), int64(d.To), d.Words, d.By, ms(d.At)); err != nil {
				return err
			}
		}
		return putEntries(ctx, tx, entries)
	})
}

// Difficulties are those of times within a span: of one scope, or, for the
// province, of all, its own first.
func (db *DB) Difficulties(ctx context.Context, scope string, s report.Span) ([]report.Difficulty, error) {
	all, err := list(ctx, db.read, func(rows *sql.Rows) (d report.Difficulty, err error) {
		var at int64
		err = rows.Scan(&d.Scope, &d.From, &d.To, &d.Words, &d.By, &at)
		d.At = fromMS(at)
		return d, err
	}, "SELECT scope, first, last, words, by_whom, at FROM difficulty WHERE first >= $1 AND last <= $2 AND ($3 = '' OR scope = $3)", int64(s.From), int64(s.To), scope)
	slices.SortFunc(all, func(a, b report.Difficulty) int {
		return cmp.Or(cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.From, b.From))
	})
	return all, err
}

// settingReceiver is the body that yearly reports are for.
const settingReceiver = "report-receiver"

// Receiver is the body that yearly reports are for; "" = nobody said.
func (db *DB) Receiver(ctx context.Context) (string, error) {
	var name []byte
	err := db.read.QueryRowContext(ctx, "SELECT value FROM setting WHERE name = $1", settingReceiver).Scan(&name)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", unavailable(err)
	}
	return string(name), nil
}

// PutReceiver says for whom they are.
func (db *DB) PutReceiver(ctx context.Context, name string, entries ...staff.Entry) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", settingReceiver, []byte(name)); err != nil {
			return err
		}
		return putEntries(ctx, tx, entries)
	})
}
