package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/staff"
)

var _ broadcast.Records = (*DB)(nil)

// nobody names a row whose recipient had everything deleted.
func nobody() string { return "~" + rand.Text() }

func sortedContacts(m map[bot.Contact]time.Time) []bot.Contact {
	all := make([]bot.Contact, 0, len(m))
	for c := range m {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b bot.Contact) int { return strings.Compare(a.String(), b.String()) })
	return all
}

// one lets one process at a time decide about broadcasts, until the transaction
// ends: who gets a row and under which name, which rows are claimed, which
// content is a duplicate. SQLite has one writer anyway.
func (db *DB) one(ctx context.Context, tx *sql.Tx) error {
	if !db.postgres {
		return nil
	}
	return exec(ctx, tx, "SELECT pg_advisory_xact_lock(7104102)")
}

// Put keeps a new broadcast.
func (db *DB) Put(ctx context.Context, b broadcast.Broadcast, again bool, now time.Time, entries ...staff.Entry) (kept *broadcast.Broadcast, fresh bool, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		if err := db.one(ctx, tx); err != nil {
			return err
		}
		same, err := broadcasts(ctx, tx, `WHERE name <> '' AND name = $1 OR CAST($2 AS BOOLEAN) AND $1 = '' AND hash = $3 AND created_at > $4 AND state <> 'cancelled' ORDER BY number LIMIT 1`,
			b.Name, !again, b.Hash, ms(now.Add(-broadcast.SameFor)))
		if err != nil {
			return err
		}
		if len(same) > 0 {
			kept, fresh = &same[0], false
			return nil
		}
		if b.Name != "" {
			var missed bool
			if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM reminder_missed WHERE name = $1)", b.Name).Scan(&missed); err != nil {
				return unavailable(err)
			}
			if missed {
				return broadcast.ErrMissed
			}
		}
		body, leftOut, err := encode(b)
		if err != nil {
			return err
		}
		if err := exec(ctx, tx, `INSERT INTO broadcast (number, id, name, body, hash, course, at, useful_until, state, planned, left_out, plan_so_far, approved_by, approved_at, created_at)
			VALUES ((SELECT coalesce(max(number), 0) + 1 FROM broadcast), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
			b.ID, b.Name, body, b.Hash, b.Course, ms(b.At), ms(b.UsefulUntil), b.State, b.Planned, leftOut, []byte("{}"), b.ApprovedBy, orZero(b.ApprovedAt), ms(b.CreatedAt)); err != nil {
			return err
		}
		kept, fresh = &b, true
		if err := event(ctx, tx, b.ID, b.Author, "new", "", now); err != nil {
			return err
		}
		return putEntries(ctx, tx, entries)
	})
	return kept, fresh, err
}

func orZero(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return ms(t)
}

func timeOr0(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return fromMS(n)
}

func encode(b broadcast.Broadcast) (body, leftOut []byte, err error) {
	if body, err = json.Marshal(b); err == nil {
		leftOut, err = json.Marshal(b.LeftOut)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("broadcast %s: %w", b.ID, err)
	}
	return body, leftOut, nil
}

const broadcastColumns = "body, at, useful_until, state, why, planned, left_out, rows_written, approved_by, approved_at, created_at, started_at, done_at"

func broadcasts(ctx context.Context, q querier, where string, args ...any) ([]broadcast.Broadcast, error) {
	return list(ctx, q, func(rows *sql.Rows) (b broadcast.Broadcast, err error) {
		var body, leftOut []byte
		var at, useful, approved, created, started, done int64
		var state, why, approvedBy string
		var planned int
		var written bool
		if err := rows.Scan(&body, &at, &useful, &state, &why, &planned, &leftOut, &written, &approvedBy, &approved, &created, &started, &done); err != nil {
			return b, unavailable(err)
		}
		if err := json.Unmarshal(body, &b); err != nil {
			return b, fmt.Errorf("broadcast: %w", err)
		}
		b.LeftOut = map[string]int{}
		if err := json.Unmarshal(leftOut, &b.LeftOut); err != nil {
			return b, fmt.Errorf("broadcast %s: %w", b.ID, err)
		}
		b.At, b.UsefulUntil, b.State, b.Why, b.Planned, b.Rows = fromMS(at), fromMS(useful), broadcast.State(state), why, planned, written
		b.ApprovedBy, b.ApprovedAt, b.CreatedAt, b.StartedAt, b.DoneAt = approvedBy, timeOr0(approved), fromMS(created), timeOr0(started), timeOr0(done)
		return b, nil
	}, "SELECT "+broadcastColumns+" FROM broadcast "+where, args...)
}

// Broadcast gives one by its id; nil for none.
func (db *DB) Broadcast(ctx context.Context, id string) (*broadcast.Broadcast, error) {
	all, err := broadcasts(ctx, db.read, "WHERE id = $1", id)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

// Broadcasts gives the latest, newest first.
func (db *DB) Broadcasts(ctx context.Context, limit int, states ...broadcast.State) ([]broadcast.Broadcast, error) {
	var q sqlText
	q.add("WHERE TRUE")
	in(&q, " AND state", states)
	q.add(" ORDER BY number DESC LIMIT ", limit)
	return broadcasts(ctx, db.read, q.text(), q.args...)
}

// event writes what was done into the history of a broadcast.
func event(ctx context.Context, tx *sql.Tx, id, by string, what broadcast.Change, why string, now time.Time) error {
	return exec(ctx, tx, `INSERT INTO broadcast_event (broadcast, seq, at, by_whom, what, why)
		SELECT b.number, (SELECT coalesce(max(seq), 0) + 1 FROM broadcast_event e WHERE e.broadcast = b.number), CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT)
		FROM broadcast b WHERE b.id = $1`, id, ms(now), by, string(what), why)
}

// History tells what was done with a broadcast.
func (db *DB) History(ctx context.Context, id string) ([]broadcast.Event, error) {
	return list(ctx, db.read, func(rows *sql.Rows) (e broadcast.Event, err error) {
		var at int64
		err = rows.Scan(&at, &e.By, &e.What, &e.Why)
		e.At = fromMS(at)
		return e, err
	}, "SELECT e.at, e.by_whom, e.what, e.why FROM broadcast_event e JOIN broadcast b ON b.number = e.broadcast WHERE b.id = $1 ORDER BY e.seq", id)
}

// Replace puts what was edited in the place of a version.
func (db *DB) Replace(ctx context.Context, b broadcast.Broadcast, was, by string, now time.Time, entries ...staff.Entry) (bool, error) {
	body, leftOut, err := encode(b)
	if err != nil {
		return false, err
	}
	var q sqlText
	q.add("UPDATE broadcast SET body = ", body).add(", hash = ", b.Hash).add(", course = ", b.Course).add(", at = ", ms(b.At)).add(", useful_until = ", ms(b.UsefulUntil)).
		add(", state = ", string(b.State)).add(", planned = ", b.Planned).add(", left_out = ", leftOut).add(", approved_by = '', approved_at = 0 WHERE id = ", b.ID).add(" AND hash = ", was)
	in(&q, " AND state", broadcast.From(broadcast.Edit))
	return db.changed(ctx, &q, b.ID, by, broadcast.Edit, "", now, entries)
}

// Approve notes a yes to a version.
func (db *DB) Approve(ctx context.Context, id, hash, by string, to broadcast.State, now time.Time, entries ...staff.Entry) (bool, error) {
	var q sqlText
	q.add("UPDATE broadcast SET state = ", string(to)).add(", approved_by = ", by).add(", approved_at = ", ms(now)).add(" WHERE id = ", id).add(" AND hash = ", hash)
	in(&q, " AND state", broadcast.From(broadcast.Approve))
	return db.changed(ctx, &q, id, by, broadcast.Approve, "", now, entries)
}

// Change leads a broadcast to another state.
func (db *DB) Change(ctx context.Context, id string, c broadcast.Change, to broadcast.State, by, why string, now time.Time, entries ...staff.Entry) (bool, error) {
	var q sqlText
	q.add("UPDATE broadcast SET state = ", string(to)).add(", why = ", why)
	if c == broadcast.Resume {
		q.add(", tries = 0, errors = 0")
	}
	if to.Over() {
		q.add(", done_at = ", ms(now))
	}
	q.add(" WHERE id = ", id)
	in(&q, " AND state", broadcast.From(c))
	return db.changed(ctx, &q, id, by, c, why, now, entries)
}

// changed runs the one UPDATE that says who won, and tells of it.
func (db *DB) changed(ctx context.Context, q *sqlText, id, by string, what broadcast.Change, why string, now time.Time, entries []staff.Entry) (won bool, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		// No rows are claimed meanwhile: after a pause none are any more.
		if err := db.one(ctx, tx); err != nil {
			return err
		}
		n, err := affected(tx.ExecContext(ctx, q.text(), q.args...))
		if won = n == 1; err != nil || !won {
			return err
		}
		if err := event(ctx, tx, id, by, what, why, now); err != nil {
			return err
		}
		return putEntries(ctx, tx, entries)
	})
	return won, err
}

func affected(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, unavailable(err)
	}
	n, err := r.RowsAffected()
	if err != nil {
		return 0, unavailable(err)
	}
	return n, nil
}

// Book counts the rows of a broadcast.
func (db *DB) Book(ctx context.Context, id string) (broadcast.Book, error) {
	book := broadcast.Book{Reasons: map[string]int{}, Waiting: map[string]int{}}
	var number int64
	var planned int
	var state string
	var written bool
	err := db.read.QueryRowContext(ctx, "SELECT number, planned, state, rows_written FROM broadcast WHERE id = $1", id).Scan(&number, &planned, &state, &written)
	if errors.Is(err, sql.ErrNoRows) {
		return book, nil
	}
	if err != nil {
		return book, unavailable(err)
	}
	_, err = list(ctx, db.read, func(rows *sql.Rows) (none struct{}, err error) {
		var state broadcast.DeliveryState
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return none, err
		}
		book.Planned += n
		switch state {
		case broadcast.Queued, broadcast.Claimed:
			book.Queued += n
		case broadcast.Sent:
			book.Sent += n
		case broadcast.Failed:
			book.Failed += n
		case broadcast.Skipped:
			book.Skipped += n
		case broadcast.Doubtful:
			book.Doubtful += n
		}
		return none, nil
	}, "SELECT state, count(*) FROM delivery WHERE broadcast = $1 GROUP BY state", number)
	if err != nil {
		return book, err
	}
	count := func(into map[string]int) func(rows *sql.Rows) (struct{}, error) {
		return func(rows *sql.Rows) (none struct{}, err error) {
			var what string
			var n int
			err = rows.Scan(&what, &n)
			into[what] += n
			return none, err
		}
	}
	if _, err = list(ctx, db.read, count(book.Reasons), "SELECT reason, count(*) FROM delivery WHERE broadcast = $1 AND state IN ('skipped', 'failed', 'doubtful') GROUP BY reason", number); err != nil {
		return book, err
	}
	if _, err = list(ctx, db.read, count(book.Waiting), `SELECT CASE WHEN channel = 'web' THEN 'page' ELSE waits END, count(*) FROM delivery
		WHERE broadcast = $1 AND state = 'queued' AND (channel = 'web' OR waits <> '') GROUP BY 1`, number); err != nil {
		return book, err
	}
	if err := db.read.QueryRowContext(ctx, `SELECT count(CASE WHEN tapped_at > 0 THEN 1 END), count(CASE WHEN registered_at > 0 THEN 1 END), count(CASE WHEN declined_at > 0 THEN 1 END)
		FROM delivery WHERE broadcast = $1 AND state IN ('sent', 'doubtful')`, number).Scan(&book.Tapped, &book.Registered, &book.Declined); err != nil {
		return book, unavailable(err)
	}
	// Rows that are not written yet, or never will be, are counted all the same.
	if rest := planned - book.Planned; !written && rest > 0 {
		book.Planned = planned
		if state == string(broadcast.Cancelled) {
			book.Skipped += rest
			book.Reasons[broadcast.ByCancel] += rest
		} else {
			book.Queued += rest
		}
	}
	return book, nil
}

// Rows gives rows of a broadcast in order of their recipients.
func (db *DB) Rows(ctx context.Context, id, after string, limit int, states ...broadcast.DeliveryState) ([]broadcast.Row, error) {
	var q sqlText
	q.add(`SELECT d.who, d.channel, d.contact, d.state, d.reason, CASE WHEN d.state = 'queued' AND d.channel = 'web' THEN 'page' ELSE d.waits END, d.at, d.tapped_at, d.registered_at, d.declined_at,
		coalesce((SELECT i.name FROM interest i WHERE i.who = d.who AND i.name <> '' AND i.whom = '' ORDER BY i.created_at DESC, i.id LIMIT 1), ''),
		coalesce((SELECT r.place FROM recipient r WHERE r.who = d.who), '')
		FROM delivery d WHERE d.broadcast = (SELECT number FROM broadcast WHERE id = `, id).add(") AND d.who > ", after)
	in(&q, " AND d.state", states)
	q.add(" ORDER BY d.who LIMIT ", limit)
	return list(ctx, db.read, func(rows *sql.Rows) (r broadcast.Row, err error) {
		var at, tapped, registered, declined int64
		err = rows.Scan(&r.Who, &r.Contact.Channel, &r.Contact.ID, &r.State, &r.Reason, &r.Waits, &at, &tapped, &registered, &declined, &r.Name, &r.Place)
		r.At, r.Tapped, r.Registered, r.Declined = timeOr0(at), tapped > 0, registered > 0, declined > 0
		return r, err
	}, q.text(), q.args...)
}

// dropChunk is how many rows are ended in one transaction.
const dropChunk = 5000

// Drop ends rows of a broadcast that is cancelled, or of no more use.
func (db *DB) Drop(ctx context.Context, id string, now time.Time) (more bool, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		n, err := affected(tx.ExecContext(ctx, `UPDATE delivery SET state = 'skipped', at = $2, waits = '', owner = '',
			reason = CASE WHEN (SELECT state FROM broadcast WHERE id = $1) = 'cancelled' THEN 'cancelled' WHEN waits = 'window' THEN 'window' ELSE 'late' END
			WHERE state = 'queued' AND (who, broadcast) IN (SELECT d.who, d.broadcast FROM delivery d JOIN broadcast b ON b.number = d.broadcast
				WHERE b.id = $1 AND d.state = 'queued' AND (b.state = 'cancelled' OR b.useful_until <= $2) LIMIT $3)`, id, ms(now), dropChunk))
		more = n == dropChunk
		return err
	})
	return more, err
}

// settingRules holds the rules as JSON.
const settingRules = "rules"

// Rules gives the rules of the installation.
func (db *DB) Rules(ctx context.Context) (broadcast.Rules, error) {
	rules, _, err := rulesIn(db.read.QueryRowContext(ctx, rulesQuery, settingRules))
	return rules, err
}

const rulesQuery = "SELECT value FROM setting WHERE name = $1"

// rulesIn reads the rules of a row, and how they are written there; nil when
// nobody set any.
func rulesIn(row *sql.Row) (rules broadcast.Rules, written []byte, err error) {
	rules = broadcast.DefaultRules()
	err = row.Scan(&written)
	if errors.Is(err, sql.ErrNoRows) {
		return rules, nil, nil
	}
	if err != nil {
		return rules, nil, unavailable(err)
	}
	if err := json.Unmarshal(written, &rules); err != nil {
		return rules, nil, fmt.Errorf("setting %s: %w", settingRules, err)
	}
	return rules, written, nil
}

// EditRules puts others in their place, and says whether they were still as they
// were read.
func (db *DB) EditRules(ctx context.Context, was, is broadcast.Rules, entries ...staff.Entry) (won bool, err error) {
	if err := is.Check(); err != nil {
		return false, err
	}
	value, err := json.Marshal(is)
	if err != nil {
		return false, fmt.Errorf("setting %s: %w", settingRules, err)
	}
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		won = false
		now, written, err := rulesIn(tx.QueryRowContext(ctx, rulesQuery, settingRules))
		if err != nil || now != was {
			return err
		}
		// Another process may write between the two: then neither of these does.
		var n int64
		if written == nil {
			n, err = changed(ctx, tx, "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", settingRules, value)
		} else {
			n, err = changed(ctx, tx, "UPDATE setting SET value = $2 WHERE name = $1 AND value = $3", settingRules, value, written)
		}
		if won = n == 1; err != nil || !won {
			return err
		}
		return putEntries(ctx, tx, entries)
	})
	return won && err == nil, err
}

// masked leaves the first letter of each word of a name.
func masked(name string) string {
	words := strings.Fields(name)
	for i, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		words[i] = string(first) + "…"
	}
	return strings.Join(words, " ")
}
