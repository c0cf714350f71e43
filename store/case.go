package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"nghe/bot"
	"nghe/handoff"
	"nghe/staff"
)

var _ handoff.Records = (*DB)(nil)

const caseColumns = "SELECT number, said, body FROM handoff "

func cases(ctx context.Context, q querier, where string, args ...any) ([]handoff.Case, error) {
	return list(ctx, q, func(rows *sql.Rows) (c handoff.Case, err error) {
		return scanCase(rows)
	}, caseColumns+where, args...)
}

func scanCase(row interface{ Scan(...any) error }) (c handoff.Case, err error) {
	var number, said int
	var body []byte
	if err := row.Scan(&number, &said, &body); err != nil {
		return c, err
	}
	if err := json.Unmarshal(body, &c); err != nil {
		return c, fmt.Errorf("case %d: %w", number, err)
	}
	c.Number, c.Said = number, said
	return c, nil
}

func oneCase(ctx context.Context, q querier, where string, args ...any) (*handoff.Case, error) {
	all, err := cases(ctx, q, where+" LIMIT 1", args...)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

// Case gives a case by its id or its number.
func (db *DB) Case(ctx context.Context, id string) (*handoff.Case, error) {
	if n, err := strconv.Atoi(strings.TrimPrefix(id, "#")); err == nil {
		return oneCase(ctx, db.read, "WHERE number = $1", n)
	}
	return oneCase(ctx, db.read, "WHERE id = $1", id)
}

// OpenCaseOf gives the open case of a contact.
func (db *DB) OpenCaseOf(ctx context.Context, c bot.Contact) (*handoff.Case, error) {
	return openCase(ctx, db.read, c)
}

func openCase(ctx context.Context, q querier, c bot.Contact) (*handoff.Case, error) {
	return oneCase(ctx, q, "WHERE channel = $1 AND contact = $2 AND closed_at = 0 ORDER BY opened_at", c.Channel, c.ID)
}

// LastCaseOf gives the latest case of a contact.
func (db *DB) LastCaseOf(ctx context.Context, c bot.Contact) (*handoff.Case, error) {
	return oneCase(ctx, db.read, "WHERE channel = $1 AND contact = $2 ORDER BY opened_at DESC, id DESC", c.Channel, c.ID)
}

// Cases gives those of a query: the urgent first, then the longest waiting; of
// closed ones the latest first.
func (db *DB) Cases(ctx context.Context, want handoff.Query) ([]handoff.Case, error) {
	var q sqlText
	asked(&q, want)
	if len(want.States) == 1 && want.States[0] == handoff.Closed {
		q.add(" ORDER BY closed_at DESC, number DESC")
	} else {
		q.add(" ORDER BY urgent DESC, opened_at, number")
	}
	if want.Limit > 0 {
		q.add(" LIMIT ", want.Limit)
	}
	return cases(ctx, db.read, q.text(), q.args...)
}

// CountCases counts those of a query by state.
func (db *DB) CountCases(ctx context.Context, want handoff.Query) (map[handoff.State]int, error) {
	q := sqlText{}
	q.add("SELECT state, count(*) FROM handoff ")
	asked(&q, want)
	q.add(" GROUP BY state")
	counts := map[handoff.State]int{}
	_, err := list(ctx, db.read, func(rows *sql.Rows) (none struct{}, err error) {
		var state handoff.State
		var n int
		err = rows.Scan(&state, &n)
		counts[state] = n
		return none, err
	}, q.text(), q.args...)
	return counts, err
}

// asked adds the condition of a query.
func asked(q *sqlText, want handoff.Query) {
	q.add("WHERE ")
	within(q, want.Within)
	in(q, " AND state", want.States)
	for column, value := range map[string]string{"queue": want.Queue, "holder": want.Holder} {
		if value != "" {
			q.add(" AND "+column+" = ", value)
		}
	}
	if want.Of != (bot.Contact{}) {
		q.add(" AND channel = ", want.Of.Channel).add(" AND contact = ", want.Of.ID)
	}
	if want.Urgent {
		q.add(" AND urgent")
	}
	if !want.Since.IsZero() {
		q.add(" AND opened_at >= ", ms(want.Since))
	}
	if !want.Before.IsZero() {
		q.add(" AND opened_at < ", ms(want.Before))
	}
}

// within adds the condition that a case lies in a scope, as staff.Scope.Holds
// has it.
func within(q *sqlText, s staff.Scope) {
	if s.Province {
		q.add("TRUE")
		return
	}
	q.add("(FALSE")
	if s.Org != "" {
		q.add(" OR org = ", s.Org)
	}
	if len(s.Places) > 0 {
		q.add(" OR (place <> ''")
		in(q, " AND place", s.Places)
		q.add(")")
	}
	q.add(")")
}

// OpenCase keeps a new case with what was said before it.
func (db *DB) OpenCase(ctx context.Context, c handoff.Case, said []handoff.Message) (kept *handoff.Case, fresh bool, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		if err := db.one(ctx, tx); err != nil {
			return err
		}
		if kept, err = oneCase(ctx, tx, "WHERE channel = $1 AND contact = $2 AND turn = $3 ORDER BY opened_at", c.Contact.Channel, c.Contact.ID, c.Turn); err != nil || kept != nil {
			return err
		}
		if kept, err = openCase(ctx, tx, c.Contact); err != nil || kept != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(number), 0) + 1 FROM handoff").Scan(&c.Number); err != nil {
			return unavailable(err)
		}
		hold, err := setHold(ctx, tx, c.Contact, holdOf(c), c.ID, c.OpenedAt)
		if err != nil {
			return err
		}
		c.Epoch = hold.Epoch
		body, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("case %s: %w", c.ID, err)
		}
		if err := exec(ctx, tx, `INSERT INTO handoff (id, number, state, queue, place, org, urgent, holder, channel, contact, turn, opened_at, closed_at, body, kind)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $14)`,
			c.ID, c.Number, c.State, c.Queue, c.Place, c.Org, c.Urgent, c.Holder, c.Contact.Channel, c.Contact.ID, c.Turn, ms(c.OpenedAt), body, c.Kind); err != nil {
			return err
		}
		if _, err := addMessages(ctx, tx, &c, said); err != nil {
			return err
		}
		kept, fresh = &c, true
		return exec(ctx, tx, "UPDATE handoff SET said = $2 WHERE id = $1", c.ID, c.Said)
	})
	return kept, fresh, err
}

// MergeCases takes both rows, always in the same order, and does with them what
// is said.
func (db *DB) MergeCases(ctx context.Context, into, from string, do func(handoff.Case, handoff.Case) (handoff.Change, handoff.Change, error)) (kept, gone *handoff.Changed, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		both := map[string]handoff.Case{}
		for _, id := range []string{min(into, from), max(into, from)} {
			c, err := scanCase(tx.QueryRowContext(ctx, "UPDATE handoff SET said = said WHERE id = $1 RETURNING number, said, body", id))
			switch {
			case errors.Is(err, sql.ErrNoRows):
				return nil
			case err != nil:
				return unavailable(err)
			}
			both[id] = c
		}
		first, second, err := do(both[into], both[from])
		if err != nil {
			return err
		}
		var queued bool
		if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM handoff_message WHERE case_id = $1 AND state = 'queued')", from).Scan(&queued); err != nil {
			return unavailable(err)
		}
		if queued {
			return bot.ErrConflict // somebody spoke in this moment
		}
		if err := exec(ctx, tx, "UPDATE handoff_message SET case_id = $1, n = n + $3, dedup = case_id || ' ' || dedup WHERE case_id = $2", into, from, both[into].Said); err != nil {
			return err
		}
		first.Case.Said = both[into].Said + both[from].Said
		kept, gone = &handoff.Changed{}, &handoff.Changed{}
		if err := writeChange(ctx, tx, first, kept); err != nil {
			return err
		}
		return writeChange(ctx, tx, second, gone)
	})
	if err != nil {
		return nil, nil, err
	}
	return kept, gone, nil
}

// holdOf says who has the talk of a new case in hand.
func holdOf(c handoff.Case) string {
	if c.State == handoff.Claimed {
		return bot.HoldClaimed
	}
	return bot.HoldWaiting
}

// ChangeCase takes the row first, so that nobody comes between looking and
// writing.
func (db *DB) ChangeCase(ctx context.Context, id string, do func(handoff.Case) (handoff.Change, error)) (changed *handoff.Changed, err error) {
	where := "id = $1"
	var name any = id
	if n, err := strconv.Atoi(strings.TrimPrefix(id, "#")); err == nil {
		where, name = "number = $1", n
	}
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		c, err := scanCase(tx.QueryRowContext(ctx, "UPDATE handoff SET said = said WHERE "+where+" RETURNING number, said, body", name))
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return nil
		case err != nil:
			return unavailable(err)
		}
		ch, err := do(c)
		if err != nil {
			return err
		}
		changed = &handoff.Changed{Case: c}
		if ch.Nothing {
			return nil
		}
		return writeChange(ctx, tx, ch, changed)
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

func writeChange(ctx context.Context, tx *sql.Tx, ch handoff.Change, changed *handoff.Changed) (err error) {
	c := ch.Case
	if ch.Hold != nil && c.Contact != (bot.Contact{}) {
		of := c.ID
		if ch.Hold.Kind == "" {
			of = ""
		}
		hold, err := setHold(ctx, tx, c.Contact, ch.Hold.Kind, of, ch.At)
		if err != nil {
			return err
		}
		c.Epoch, changed.Hold = hold.Epoch, &hold
	}
	if changed.Said, err = addMessages(ctx, tx, &c, ch.Said); err != nil {
		return err
	}
	if err := putCase(ctx, tx, c); err != nil {
		return err
	}
	changed.Case = c
	if ch.Entry == nil {
		return nil
	}
	return putEntry(ctx, tx, *ch.Entry)
}

func putCase(ctx context.Context, tx *sql.Tx, c handoff.Case) error {
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("case %s: %w", c.ID, err)
	}
	return exec(ctx, tx, `UPDATE handoff SET state = $2, queue = $3, place = $4, org = $5, urgent = $6, holder = $7, channel = $8, contact = $9, closed_at = $10, said = $11, body = $12, kind = $13, outcome = $14, rating = $15 WHERE id = $1`,
		c.ID, c.State, c.Queue, c.Place, c.Org, c.Urgent, c.Holder, c.Contact.Channel, c.Contact.ID, orZero(c.ClosedAt), c.Said, body, c.Kind, c.Outcome, c.Rating)
}

// beginCases fills the columns that a migration could not read out of body. It is
// done once; what a process that ended left, the next one does.
func (db *DB) beginCases(ctx context.Context) error {
	const atATime = 500
	for {
		done := 0
		err := db.inTx(ctx, func(tx *sql.Tx) error {
			old, err := cases(ctx, tx, "WHERE kind = '' LIMIT $1", atATime)
			done = len(old)
			for _, c := range old {
				if c.Kind == "" {
					c.Kind = handoff.Help
				}
				if err == nil {
					err = putCase(ctx, tx, c)
				}
			}
			return err
		})
		if err != nil || done < atATime {
			return err
		}
	}
}

// ForgetCases removes what was said with cases closed before a time.
func (db *DB) ForgetCases(ctx context.Context, before, now time.Time) (n int, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		old, err := cases(ctx, tx, "WHERE closed_at > 0 AND closed_at < $1 AND channel <> '' ORDER BY closed_at LIMIT 100", ms(before))
		if err != nil {
			return err
		}
		n = len(old)
		for _, c := range old {
			if err := forgetCase(ctx, tx, c, now); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// forgetCasesOf removes what a contact said with cases; an open one is closed.
func forgetCasesOf(ctx context.Context, tx *sql.Tx, who bot.Contact, at time.Time) error {
	theirs, err := cases(ctx, tx, "WHERE channel = $1 AND contact = $2", who.Channel, who.ID)
	if err != nil {
		return err
	}
	for _, c := range theirs {
		if err := forgetCase(ctx, tx, c, at); err != nil {
			return err
		}
	}
	return exec(ctx, tx, "DELETE FROM handoff_hold WHERE channel = $1 AND contact = $2", who.Channel, who.ID)
}

// forgetCase leaves of a case what counts and nothing of the person.
func forgetCase(ctx context.Context, tx *sql.Tx, c handoff.Case, at time.Time) error {
	if err := exec(ctx, tx, "DELETE FROM handoff_message WHERE case_id = $1", c.ID); err != nil {
		return err
	}
	if c.Open() {
		c.State, c.ClosedBy, c.ClosedAt = handoff.Closed, handoff.ByErasing, at
		told := handoff.Message{Key: "erased", From: handoff.FromSystem, Text: "Người dân đã xoá dữ liệu của mình, ca đóng và những gì đã nói không còn.", At: at}
		if _, err := addMessages(ctx, tx, &c, []handoff.Message{told}); err != nil {
			return err
		}
	}
	c.Contact, c.Summary, c.Remark, c.ReturnTo, c.Turn = bot.Contact{}, handoff.Summary{}, "", "", ""
	if err := putCase(ctx, tx, c); err != nil {
		return err
	}
	return exec(ctx, tx, "UPDATE handoff SET turn = '' WHERE id = $1", c.ID)
}

// NoteReading notes that a member read a case, once an hour.
func (db *DB) NoteReading(ctx context.Context, e staff.Entry) error {
	noted := func(q interface {
		QueryRowContext(context.Context, string, ...any) *sql.Row
	}) (noted bool, err error) {
		if err := q.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM audit WHERE about = $1 AND staff = $2 AND did = $3 AND at > $4)",
			e.About, e.Member, e.Did, ms(e.At.Add(-time.Hour))).Scan(&noted); err != nil {
			return false, unavailable(err)
		}
		return noted, nil
	}
	// A page that is open asks again and again: it must not wait for who writes.
	if before, err := noted(db.read); before || err != nil {
		return err
	}
	return db.inTx(ctx, func(tx *sql.Tx) error {
		if before, err := noted(tx); before || err != nil {
			return err
		}
		return putEntry(ctx, tx, e)
	})
}
