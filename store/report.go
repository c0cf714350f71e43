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

// stepSums reads each wish that has to do with the span once, with its groups and
// milestones in one row, and counts it here in each way: in SQL each way would sort
// all milestones of the province again.
func (db *DB) stepSums(ctx context.Context, a report.Asked) ([]report.Tally, error) {
	from, before := a.Bounds(a.Zone)
	first, end := ms(from), ms(before)
	where, args := searched(course.Search{Within: a.Scope.Within()})
	q := sqlText{args: args}
	// The plus keeps the database from looking up each wish by its time: most of a
	// table is read faster in its order.
	during := func(column string) { q.add("+"+column+" >= ", first).add(" AND +"+column+" < ", end) }
	q.add(`SELECT i.place, i.trade, i.level, i.course, i.created_at,
		coalesce((SELECT string_agg(name, ' ') FROM kept_group k WHERE k.who = i.who), ''), coalesce((SELECT string_agg(`)
	if a.Cohort { // when does not matter
		q.add("s.step || ' 0', ' ') FROM interest_step s WHERE s.interest = i.id")
	} else {
		q.add("s.step || ' ' || CAST(s.at AS TEXT), ' ') FROM interest_step s WHERE s.interest = i.id AND ")
		during("s.at")
	}
	q.add("), '') FROM interest i WHERE " + where + " AND (")
	during("i.created_at")
	if !a.Cohort {
		q.add(" OR EXISTS (SELECT 1 FROM interest_step s WHERE s.interest = i.id AND ")
		during("s.at")
		q.add(")")
	}
	q.add(")")
	counted := newStepCount(a)
	_, err := list(ctx, db.read, func(rows *sql.Rows) (none struct{}, err error) {
		var w steppedWish
		if err = rows.Scan(&w.place, &w.trade, &w.level, &w.course, &w.created, &w.groups, &w.steps); err == nil {
			err = counted.add(w)
		}
		return none, err
	}, q.text(), q.args...)
	if err != nil {
		return nil, err
	}
	return counted.tallies(), nil
}

// steppedWish is a wish with what it has reached: “enrolled 1767225600000 started …”.
type steppedWish struct {
	place, trade, level, course string
	created                     int64
	groups, steps               string
}

// stepCount counts the milestones of wishes in each way.
type stepCount struct {
	report.Asked
	begins []int64 // of the months; the first is that of the span
	end    int64
	count  map[report.By]map[string]map[course.Step]int
}

func newStepCount(a report.Asked) *stepCount {
	_, before := a.Bounds(a.Zone)
	c := &stepCount{Asked: a, end: ms(before), count: map[report.By]map[string]map[course.Step]int{}}
	for _, day := range a.Months() {
		c.begins = append(c.begins, ms(day.Time(a.Zone)))
	}
	return c
}

// of gives the counts of one key of a way.
func (c *stepCount) of(by report.By, key string) map[course.Step]int {
	keys := c.count[by]
	if keys == nil {
		keys = map[string]map[course.Step]int{}
		c.count[by] = keys
	}
	steps := keys[key]
	if steps == nil {
		steps = map[course.Step]int{}
		keys[key] = steps
	}
	return steps
}

// month is the number of the month that a time lies in.
func (c *stepCount) month(at int64) string {
	n, found := slices.BinarySearch(c.begins, at)
	if !found {
		n--
	}
	return strconv.Itoa(max(0, n))
}

func (c *stepCount) add(w steppedWish) error {
	ways := []map[course.Step]int{c.of(report.ByPlace, w.place), c.of(report.ByTrade, w.trade), c.of(report.ByLevel, w.level)}
	if c.Cohort { // only results tell classes
		ways = append(ways, c.of(report.ByCourse, w.course))
	}
	sex, group := "", ""
	for i, g := range strings.Fields(w.groups) {
		if group = g; i > 0 {
			group = report.ManyGroups
		}
		if g == "women" || g == "women-jobless" {
			sex = report.Women
		}
	}
	ways = append(ways, c.of(report.BySex, sex), c.of(report.ByGroup, group))
	reached := func(step course.Step, at int64) {
		for _, steps := range ways {
			steps[step]++
		}
		c.of(report.ByMonth, c.month(at))[step]++
	}
	if w.created >= c.begins[0] && w.created < c.end {
		reached(report.Wished, w.created)
	}
	steps := strings.Fields(w.steps)
	for pair := range slices.Chunk(steps, 2) {
		at := w.created
		if !c.Cohort {
			var err error
			if at, err = strconv.ParseInt(pair[len(pair)-1], 10, 64); err != nil {
				return unavailable(err)
			}
		}
		reached(course.Step(pair[0]), at)
	}
	return nil
}

func (c *stepCount) tallies() (all []report.Tally) {
	for by, keys := range c.count {
		for key, steps := range keys {
			for step, n := range steps {
				all = append(all, report.Tally{By: by, Key: key, Step: step, N: n})
			}
		}
	}
	return all
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
