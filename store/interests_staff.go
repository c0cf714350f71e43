package store

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"nghe/bot"
	"nghe/course"
	"nghe/staff"
)

// FindInterests gives the wishes that a search is for, by Key.
func (db *DB) FindInterests(ctx context.Context, s course.Search) ([]course.Interest, error) {
	where, args := searched(s)
	query := "WHERE " + where + " ORDER BY created_at, id"
	if s.Limit > 0 {
		query += " LIMIT " + strconv.Itoa(s.Limit)
	}
	return interests(ctx, db.read, query, args...)
}

// CountInterests counts those that a search is for, by state; the state that
// is searched for doesn't matter.
func (db *DB) CountInterests(ctx context.Context, s course.Search) (course.Tally, error) {
	s.State, s.After = "", ""
	where, args := searched(s)
	tally := course.Tally{}
	return tally, db.each(ctx, func(rows *sql.Rows) error {
		var state course.State
		var n int
		err := rows.Scan(&state, &n)
		tally[state] = n
		return err
	}, "SELECT state, count(*) FROM interest WHERE "+where+" GROUP BY state", args...)
}

// CountByCourse counts wishes by the course that they name.
func (db *DB) CountByCourse(ctx context.Context) (map[string]course.Tally, error) {
	all := map[string]course.Tally{}
	return all, db.each(ctx, func(rows *sql.Rows) error {
		var id string
		var state course.State
		var n int
		err := rows.Scan(&id, &state, &n)
		if all[id] == nil {
			all[id] = course.Tally{}
		}
		all[id][state] = n
		return err
	}, "SELECT course, state, count(*) FROM interest WHERE course <> '' GROUP BY course, state")
}

// each does something with every row of a query.
func (db *DB) each(ctx context.Context, do func(*sql.Rows) error, query string, args ...any) error {
	_, err := list(ctx, db.read, func(rows *sql.Rows) (struct{}, error) { return struct{}{}, do(rows) }, query, args...)
	return err
}

// searched writes the condition of a search.
func searched(s course.Search) (where string, args []any) {
	var all []string
	place := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	for _, x := range []struct{ column, value string }{{"course", s.Course}, {"trade", s.Trade}, {"place", s.Place}, {"state", string(s.State)}, {"source", string(s.Source)}, {"campaign", s.Campaign}} {
		if x.value != "" {
			all = append(all, x.column+" = "+place(x.value))
		}
	}
	if s.Within != nil {
		in := func(column string, values []string) string {
			if len(values) == 0 {
				return "1 = 0"
			}
			marks := make([]string, len(values))
			for i, v := range values {
				marks[i] = place(v)
			}
			return column + " IN (" + strings.Join(marks, ", ") + ")"
		}
		all = append(all, "("+in("place", s.Within.Places)+" OR "+in("course", s.Within.Courses)+")")
	}
	if at, id, ok := strings.Cut(s.After, " "); ok {
		if n, err := strconv.ParseInt(at, 10, 64); err == nil {
			all = append(all, "(created_at, id) > ("+place(n)+", "+place(id)+")")
		}
	}
	if all == nil {
		return "1 = 1", nil
	}
	return strings.Join(all, " AND "), args
}

// InterestsByID gives those of the wishes that are there.
func (db *DB) InterestsByID(ctx context.Context, ids []string) ([]course.Interest, error) {
	var all []course.Interest
	for _, id := range ids {
		one, err := interests(ctx, db.read, "WHERE id = $1", id)
		if err != nil {
			return nil, err
		}
		all = append(all, one...)
	}
	return all, nil
}

// MoveInterests moves wishes, all in one transaction, and says how many were
// still as they were read. The entries are written with it.
func (db *DB) MoveInterests(ctx context.Context, moves []course.Move, at time.Time, entries ...staff.Entry) (moved int, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		moved = 0
		for _, m := range moves {
			n, err := changed(ctx, tx, "UPDATE interest SET state = $3, why = $4, updated_at = $5 WHERE id = $1 AND state = $2", m.ID, m.From, m.To, m.Why, ms(at))
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			moved += int(n)
			if err := moveSteps(ctx, tx, m.ID, m.To, at, by(entries)); err != nil {
				return err
			}
		}
		if moved == 0 {
			return nil
		}
		return putEntries(ctx, tx, entries)
	})
	return moved, err
}

// by is who made entries: all of a change are one member's.
func by(entries []staff.Entry) string {
	if len(entries) == 0 {
		return ""
	}
	return entries[0].Member
}

// PutPapers notes how the papers of wishes stand, all in one transaction. The
// entries are written with it.
func (db *DB) PutPapers(ctx context.Context, ids []string, p course.Papers, at time.Time, entries ...staff.Entry) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		for _, id := range ids {
			if err := exec(ctx, tx, "UPDATE interest SET papers = $2, updated_at = $3 WHERE id = $1", id, p, ms(at)); err != nil {
				return err
			}
		}
		return putEntries(ctx, tx, entries)
	})
}

// AddInterests keeps wishes that staff wrote down, all or none.
func (db *DB) AddInterests(ctx context.Context, all []course.Interest, entries ...staff.Entry) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		for _, i := range all {
			if err := exec(ctx, tx, putInterest, interestRow(i, "")...); err != nil {
				return err
			}
			if err := putSteps(ctx, tx, i.ID, i.State, i.UpdatedAt, i.EnteredBy); err != nil {
				return err
			}
		}
		return putEntries(ctx, tx, entries)
	})
}

// EditInterest changes what is known of who wishes, and says whether the wish
// was still as it was read.
func (db *DB) EditInterest(ctx context.Context, was, i course.Interest, at time.Time, e staff.Entry) (won bool, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		n, err := changed(ctx, tx, `UPDATE interest SET name = $3, phone = $4, birth_year = $5, village = $6, place = $7, course = $8, trade = $9, updated_at = $10
			WHERE id = $1 AND updated_at = $2`, i.ID, ms(was.UpdatedAt), i.Name, i.Phone, i.BirthYear, i.Village, i.Place, i.Course, i.Trade, ms(at))
		if won = n == 1; err != nil || !won {
			return err
		}
		if c := (bot.Contact{Channel: i.Channel, ID: i.Contact}); c.Channel != "" {
			who, err := whoOf(ctx, tx, c)
			if err != nil {
				return err
			}
			if err := refresh(ctx, tx, who); err != nil {
				return err
			}
		}
		return putEntry(ctx, tx, e)
	})
	return won, err
}
