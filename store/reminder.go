package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	"nghe/bot"
	"nghe/course"
	"nghe/scheduler/reminder"
	"nghe/staff"
)

var _ reminder.Records = (*DB)(nil)

// Clock gives the time of the database's own machine.
func (db *DB) Clock(ctx context.Context) (time.Time, error) {
	q := "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)"
	if db.postgres {
		q = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"
	}
	var now int64
	if err := db.read.QueryRowContext(ctx, q).Scan(&now); err != nil {
		return time.Time{}, unavailable(err)
	}
	return fromMS(now), nil
}

// Begun gives when the tables were made.
func (db *DB) Begun(ctx context.Context) (time.Time, error) {
	var at int64
	if err := db.read.QueryRowContext(ctx, "SELECT min(at) FROM migration").Scan(&at); err != nil {
		return time.Time{}, unavailable(err)
	}
	return fromMS(at), nil
}

// Told gives those of the names that were told or given up before.
func (db *DB) Told(ctx context.Context, names []string) (map[string]bool, error) {
	told := map[string]bool{}
	for some := range slices.Chunk(names, 500) {
		for _, there := range []string{"broadcast WHERE name <> ''", "reminder_missed WHERE name <> ''", "notice WHERE told"} {
			var q sqlText
			q.add("SELECT name FROM " + there)
			in(&q, " AND name", some)
			found, err := list(ctx, db.read, func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) }, q.text(), q.args...)
			if err != nil {
				return nil, err
			}
			for _, name := range found {
				told[name] = true
			}
		}
	}
	return told, nil
}

// Miss notes what was due and is not told, unless a broadcast or a notice of the
// name was made: of several processes one decides.
func (db *DB) Miss(ctx context.Context, m reminder.Missed) (fresh bool, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		if err := db.one(ctx, tx); err != nil {
			return err
		}
		n, err := affected(tx.ExecContext(ctx, `INSERT INTO reminder_missed (name, reminder, due, at, why, people)
			SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS TEXT), CAST($6 AS BIGINT)
			WHERE NOT EXISTS (SELECT 1 FROM broadcast WHERE name = $1) AND NOT EXISTS (SELECT 1 FROM notice WHERE name = $1) ON CONFLICT (name) DO NOTHING`,
			m.Name, m.Reminder, ms(m.Due), ms(m.At), m.Why, m.People))
		fresh = n > 0
		return err
	})
	return fresh, err
}

// Wishing counts the wishes for some classes of those who want to be reminded.
func (db *DB) Wishing(ctx context.Context, courseIDs []string) (map[string]map[course.State]int, error) {
	counts := map[string]map[course.State]int{}
	for some := range slices.Chunk(courseIDs, 500) {
		var q sqlText
		q.add("SELECT course, state, count(*) FROM interest WHERE remind AND course <> ''")
		in(&q, " AND course", some)
		q.add(" GROUP BY course, state")
		_, err := list(ctx, db.read, func(rows *sql.Rows) (none struct{}, err error) {
			var id, state string
			var n int
			if err := rows.Scan(&id, &state, &n); err != nil {
				return none, err
			}
			if counts[id] == nil {
				counts[id] = map[course.State]int{}
			}
			counts[id][course.State(state)] = n
			return none, nil
		}, q.text(), q.args...)
		if err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// Seen gives how classes stood when the clock last looked.
func (db *DB) Seen(ctx context.Context) (map[string]reminder.Seen, error) {
	seen := map[string]reminder.Seen{}
	_, err := list(ctx, db.read, func(rows *sql.Rows) (none struct{}, err error) {
		var id string
		var s reminder.Seen
		var open, freed int64
		err = rows.Scan(&id, &s.Standing, &open, &freed)
		s.OpenAt, s.FreedAt = timeOr0(open), timeOr0(freed)
		seen[id] = s
		return none, err
	}, "SELECT course, standing, open_at, freed_at FROM course_seen")
	return seen, err
}

// See notes how classes stand now. Of two processes that see the same change
// the first one's time stays.
func (db *DB) See(ctx context.Context, standing map[string]string, now time.Time) error {
	if len(standing) == 0 {
		return nil
	}
	return db.inTx(ctx, func(tx *sql.Tx) error {
		for _, id := range slices.Sorted(maps.Keys(standing)) {
			if err := exec(ctx, tx, `INSERT INTO course_seen (course, standing, open_at, freed_at) VALUES ($1, $2, CASE WHEN $2 = 'open' THEN CAST($3 AS BIGINT) ELSE 0 END, 0)
				ON CONFLICT (course) DO UPDATE SET standing = excluded.standing,
				open_at = CASE WHEN course_seen.open_at = 0 THEN excluded.open_at ELSE course_seen.open_at END,
				freed_at = CASE WHEN course_seen.standing = 'taken' AND excluded.standing = 'open' THEN CAST($3 AS BIGINT) ELSE course_seen.freed_at END
				WHERE course_seen.standing <> excluded.standing`, id, standing[id], ms(now)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Wrote gives recipients whose last word was in a time.
func (db *DB) Wrote(ctx context.Context, from, before time.Time, after string, limit int) ([]reminder.Heard, error) {
	return list(ctx, db.read, func(rows *sql.Rows) (h reminder.Heard, err error) {
		return h, rows.Scan(&h.Who, &h.Contact.Channel, &h.Contact.ID)
	}, "SELECT who, channel, contact FROM recipient WHERE heard_at >= $1 AND heard_at < $2 AND channel <> '' AND who > $3 ORDER BY who LIMIT $4", ms(from), ms(before), after, limit)
}

// Switches gives the reminders that staff switched.
func (db *DB) Switches(ctx context.Context) (map[string]reminder.Switch, error) {
	switches := map[string]reminder.Switch{}
	_, err := list(ctx, db.read, func(rows *sql.Rows) (none struct{}, err error) {
		var id string
		var s reminder.Switch
		var at int64
		err = rows.Scan(&id, &s.On, &s.By, &at)
		s.At = fromMS(at)
		switches[id] = s
		return none, err
	}, "SELECT reminder, is_on, by_whom, at FROM reminder_switch")
	return switches, err
}

// PutSwitch switches a reminder, and says whether that changed anything.
func (db *DB) PutSwitch(ctx context.Context, id string, s reminder.Switch, entries ...staff.Entry) (won bool, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		n, err := changed(ctx, tx, `INSERT INTO reminder_switch (reminder, is_on, by_whom, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (reminder) DO UPDATE SET is_on = excluded.is_on, by_whom = excluded.by_whom, at = excluded.at WHERE reminder_switch.is_on <> excluded.is_on`, id, s.On, s.By, ms(s.At))
		if won = n == 1; err != nil || !won {
			return err
		}
		return putEntries(ctx, tx, entries)
	})
	return won, err
}

// Sums tells what reminders did and did not do.
func (db *DB) Sums(ctx context.Context, since time.Time) (map[string]reminder.Sum, error) {
	sums := map[string]reminder.Sum{}
	of := func(id string) reminder.Sum {
		s, ok := sums[id]
		if !ok {
			s = reminder.Sum{Messages: map[string]int{}, Reasons: map[string]int{}}
		}
		return s
	}
	// The id stands before the first slash of a name.
	first := "substr(name, 1, instr(name, '/') - 1)"
	if db.postgres {
		first = "split_part(name, '/', 1)"
	}
	_, err := list(ctx, db.read, func(rows *sql.Rows) (none struct{}, err error) {
		var id, why string
		var n, people int
		if err := rows.Scan(&id, &why, &n, &people); err != nil {
			return none, err
		}
		s := of(id)
		switch why {
		case "":
			s.Told, s.Planned = s.Told+n, s.Planned+people
		case reminder.Late:
			s.Late, s.LatePeople = n, people
		default:
			s.Nobody = n
		}
		sums[id] = s
		return none, nil
	}, "SELECT "+first+", '', count(*), coalesce(sum(planned), 0) FROM broadcast WHERE name LIKE '%/%' AND created_at >= $1 GROUP BY 1 UNION ALL SELECT "+first+", '', count(*), 0 FROM notice WHERE name LIKE '%/%' AND at >= $1 GROUP BY 1 UNION ALL SELECT reminder, why, count(*), coalesce(sum(people), 0) FROM reminder_missed WHERE at >= $1 GROUP BY 1, 2", ms(since))
	if err != nil {
		return nil, err
	}
	_, err = list(ctx, db.read, func(rows *sql.Rows) (none struct{}, err error) {
		var id, state, reason string
		var n int
		if err := rows.Scan(&id, &state, &reason, &n); err != nil {
			return none, err
		}
		s := of(id)
		s.Messages[state] += n
		if reason != "" {
			s.Reasons[reason] += n
		}
		sums[id] = s
		return none, nil
	}, "SELECT "+first+", d.state, d.reason, count(*) FROM broadcast b JOIN delivery d ON d.broadcast = b.number WHERE name LIKE '%/%' AND b.created_at >= $1 GROUP BY 1, 2, 3", ms(since))
	return sums, err
}

// MoveInterest leads the wishes of a contact's person for a class from one of
// some states to another, or notes how their papers stand. It says whether any
// moved.
func (db *DB) MoveInterest(ctx context.Context, c bot.Contact, courseID string, from []course.State, to course.State, why string, at time.Time) (bool, error) {
	var q sqlText
	q.add("UPDATE interest SET state = ", string(to)).add(", why = ", why).add(", updated_at = ", ms(at)).add(" WHERE course <> '' AND course = ", courseID)
	return db.theirs(ctx, &q, c, from, func(tx *sql.Tx, id string) error { return moveSteps(ctx, tx, id, to, at, "") })
}

// PapersOf notes how the papers of a wish stand.
func (db *DB) PapersOf(ctx context.Context, c bot.Contact, courseID string, p course.Papers, at time.Time) (bool, error) {
	var q sqlText
	q.add("UPDATE interest SET papers = ", string(p)).add(", updated_at = ", ms(at)).add(" WHERE course <> '' AND course = ", courseID)
	return db.theirs(ctx, &q, c, nil, func(*sql.Tx, string) error { return nil })
}

// theirs ends an UPDATE with whose wishes it is about, and does something with
// each that was changed.
func (db *DB) theirs(ctx context.Context, q *sqlText, c bot.Contact, from []course.State, then func(tx *sql.Tx, id string) error) (changed bool, err error) {
	in(q, " AND state", from)
	q.add(" AND who = coalesce((SELECT person FROM contact WHERE channel = ", c.Channel).add(" AND contact = ", c.ID).add("), CAST(", alone(c)).add(" AS TEXT)) RETURNING id")
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		ids, err := list(ctx, tx, func(rows *sql.Rows) (id string, err error) { return id, rows.Scan(&id) }, q.text(), q.args...)
		if changed = len(ids) > 0; err != nil {
			return err
		}
		for _, id := range ids {
			if err := then(tx, id); err != nil {
				return err
			}
		}
		return nil
	})
	return changed && err == nil, err
}
