package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"nghe/course"
	"nghe/staff"
)

// changeCourse counts changes of courses and surveys, so that a running process sees those
// that another one made.
const changeCourse = "course"

// Counts tells what became of the courses that were put.
type Counts struct{ New, Changed, Same int }

// PutCourses keeps courses, all of them or none. One that is there already is
// replaced; UpdatedAt is set where something is different. The entries are
// written to the audit log with it.
func (db *DB) PutCourses(ctx context.Context, courses []course.Course, now time.Time, entries ...staff.Entry) (Counts, error) {
	var n Counts
	err := db.inTx(ctx, func(tx *sql.Tx) error {
		n = Counts{}
		put, err := tx.PrepareContext(ctx, `INSERT INTO course (id, body, invented, updated_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (id) DO UPDATE SET body = excluded.body, invented = excluded.invented, updated_at = excluded.updated_at`)
		if err != nil {
			return unavailable(err)
		}
		defer put.Close()
		old, err := coursesIn(ctx, tx)
		if err != nil {
			return err
		}
		before := make(map[string]course.Course, len(old))
		for _, c := range old {
			before[c.ID] = c
		}
		for _, c := range courses {
			was, there := before[c.ID]
			c.UpdatedAt = was.UpdatedAt
			switch {
			case there && reflect.DeepEqual(was, c):
				n.Same++
				continue
			case there:
				n.Changed++
			default:
				n.New++
			}
			c.UpdatedAt = fromMS(ms(now))
			body, err := json.Marshal(c)
			if err != nil {
				return fmt.Errorf("course %s: %w", c.ID, err)
			}
			if _, err := put.ExecContext(ctx, c.ID, body, c.Invented, ms(now)); err != nil {
				return unavailable(err)
			}
			before[c.ID] = c
		}
		if err := putEntries(ctx, tx, entries); err != nil {
			return err
		}
		if n.New+n.Changed == 0 {
			return nil
		}
		return coursesChanged(ctx, tx)
	})
	return n, err
}

func coursesChanged(ctx context.Context, tx *sql.Tx) error {
	return exec(ctx, tx, "INSERT INTO change (what, number) VALUES ($1, 1) ON CONFLICT (what) DO UPDATE SET number = change.number + 1", changeCourse)
}

// Courses gives all courses, and the change they are of: see CoursesChange.
func (db *DB) Courses(ctx context.Context) ([]course.Course, int64, error) {
	// Asked first: a change that comes between is seen at the next look.
	change, err := db.CoursesChange(ctx)
	if err != nil {
		return nil, 0, err
	}
	courses, err := coursesIn(ctx, db.read)
	return courses, change, err
}

// CoursesChange gives a number that grows whenever courses or surveys change, in whatever
// process. It is one cheap query.
func (db *DB) CoursesChange(ctx context.Context) (int64, error) {
	var n int64
	if err := db.read.QueryRowContext(ctx, "SELECT coalesce(max(number), 0) FROM change WHERE what = $1", changeCourse).Scan(&n); err != nil {
		return 0, unavailable(err)
	}
	return n, nil
}

// querier is the database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func coursesIn(ctx context.Context, q querier) ([]course.Course, error) {
	return list(ctx, q, func(rows *sql.Rows) (course.Course, error) {
		var c course.Course
		var id string
		var body []byte
		if err := rows.Scan(&id, &body); err != nil {
			return c, unavailable(err)
		}
		if err := json.Unmarshal(body, &c); err != nil {
			return c, fmt.Errorf("course %s: %w", id, err)
		}
		return c, nil
	}, "SELECT id, body FROM course ORDER BY id")
}
