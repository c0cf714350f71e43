package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"nghe/bot"
	"nghe/broadcast"
)

var _ broadcast.Rows = (*DB)(nil)

// Due gives the broadcasts with which something is to be done.
func (db *DB) Due(ctx context.Context, now time.Time) ([]broadcast.Broadcast, error) {
	const lately = 7 * 24 * time.Hour
	return broadcasts(ctx, db.read, `WHERE state = 'sending' OR state = 'scheduled' AND at <= $1
		OR state = 'cancelled' AND done_at > $2 AND EXISTS (SELECT 1 FROM delivery d WHERE d.broadcast = broadcast.number AND d.state = 'queued') ORDER BY number`,
		ms(now), ms(now.Add(-lately)))
}

// Plan writes the rows of the next recipients of a broadcast, at most so many
// of all recipients looked at, or all where so few were counted.
func (db *DB) Plan(ctx context.Context, id string, atMost int, now time.Time) (more bool, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		// Nobody is renamed or deleted meanwhile.
		if err := db.one(ctx, tx); err != nil {
			return err
		}
		var number int64
		var planned int
		var body, so []byte
		var after string
		// The UPDATE holds the row: another process plans behind it, or not at all.
		err := tx.QueryRowContext(ctx, `UPDATE broadcast SET started_at = CASE WHEN started_at = 0 THEN $2 ELSE started_at END
			WHERE id = $1 AND state = 'sending' AND NOT rows_written RETURNING number, body, planned, plan_after, plan_so_far`, id, ms(now)).Scan(&number, &body, &planned, &after, &so)
		if errors.Is(err, sql.ErrNoRows) {
			more = false
			return nil
		}
		if err != nil {
			return unavailable(err)
		}
		var b broadcast.Broadcast
		sofar := broadcast.Counted{LeftOut: map[string]int{}}
		if err := errors.Join(json.Unmarshal(body, &b), json.Unmarshal(so, &sofar)); err != nil {
			return fmt.Errorf("broadcast %s: %w", id, err)
		}
		// A few of many, as of a reminder, are found at once by what makes them few.
		few := planned <= atMost
		var last sql.NullString
		switch {
		case !few:
			err = tx.QueryRowContext(ctx, "SELECT max(who) FROM (SELECT who FROM recipient WHERE who > $1 ORDER BY who LIMIT $2) AS piece", after, atMost).Scan(&last)
		case after == "":
			err = tx.QueryRowContext(ctx, "SELECT max(who) FROM recipient").Scan(&last)
		}
		if err != nil {
			return unavailable(err)
		}
		if more = last.Valid; !more {
			leftOut, err := json.Marshal(sofar.LeftOut)
			if err != nil {
				return err
			}
			return exec(ctx, tx, "UPDATE broadcast SET rows_written = TRUE, left_out = $2, planned = (SELECT count(*) FROM delivery WHERE broadcast = $1) WHERE number = $1", number, leftOut)
		}
		piece := func(q *sqlText) {
			if !few {
				q.add(" AND r.who > ", after).add(" AND r.who <= ", last.String)
			}
		}
		var q, put sqlText
		counting(&q, &b.Selection, func() { piece(&q) })
		found, err := counted(ctx, tx, &q)
		if err != nil {
			return err
		}
		for reason, n := range found.LeftOut {
			sofar.LeftOut[reason] += n
		}
		if found.Planned > 0 {
			put.add("INSERT INTO delivery (broadcast, who, channel, contact, state) SELECT CAST(", number).add(" AS BIGINT), r.who, r.channel, r.contact, 'queued' FROM recipient r WHERE ")
			told(&put, &b.Selection)
			piece(&put)
			put.add(" ON CONFLICT DO NOTHING")
			if err := exec(ctx, tx, put.text(), put.args...); err != nil {
				return err
			}
		}
		if so, err = json.Marshal(sofar); err != nil {
			return err
		}
		return exec(ctx, tx, "UPDATE broadcast SET plan_after = $2, plan_so_far = $3 WHERE number = $1", number, last.String, so)
	})
	return more, err
}

// never is when a row is due that waits for a word of the person.
const never = int64(1) << 60

// Claim takes rows of a broadcast on a channel that the rules let go now.
func (db *DB) Claim(ctx context.Context, b *broadcast.Broadcast, c broadcast.Claiming, decide func(broadcast.Facts) broadcast.Verdict) (claimed []broadcast.Claim, last broadcast.Position, more bool, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		claimed, last, more = nil, broadcast.Position{}, false
		if err := db.one(ctx, tx); err != nil {
			return err
		}
		var number int64
		err := tx.QueryRowContext(ctx, "SELECT number FROM broadcast WHERE id = $1 AND state = 'sending' AND rows_written AND useful_until > $2", b.ID, ms(c.Now)).Scan(&number)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return unavailable(err)
		}
		facts, tries, end, err := db.facts(ctx, tx, number, b, c)
		if err != nil {
			return err
		}
		more, last = len(facts) == c.Limit, end
		groups := map[broadcast.Verdict][]string{}
		for i, f := range facts {
			v := decide(f)
			if v.Do == broadcast.Move {
				if err := exec(ctx, tx, "UPDATE delivery SET channel = $3, contact = $4, waits = '' WHERE who = $1 AND broadcast = $2 AND state = 'queued'", f.Who, number, f.Reach.Channel, f.Reach.ID); err != nil {
					return err
				}
				continue
			}
			groups[v] = append(groups[v], f.Who)
			if v.Do == broadcast.Send || v.Do == broadcast.SendTemplate {
				claimed = append(claimed, broadcast.Claim{Who: f.Who, Contact: f.Contact, Tries: tries[i], Template: v.Do == broadcast.SendTemplate})
			}
		}
		for v, who := range groups {
			var q sqlText
			q.add("UPDATE delivery SET ")
			switch v.Do {
			case broadcast.Send, broadcast.SendTemplate:
				q.add("state = 'claimed', waits = '', owner = ", c.Owner).add(", lease = ", ms(c.Now.Add(c.Lease))).add(", at = ", ms(c.Now))
			case broadcast.Wait:
				q.add("waits = ", v.Why).add(", due = ", never)
			default:
				q.add("state = 'skipped', waits = '', reason = ", v.Why).add(", at = ", ms(c.Now))
			}
			q.add(" WHERE broadcast = ", number).add(" AND state = 'queued'")
			in(&q, " AND who", who)
			if err := exec(ctx, tx, q.text(), q.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, broadcast.Position{}, false, err
	}
	return claimed, last, more, nil
}

// facts gives what the rules need to know of the rows that are due.
func (db *DB) facts(ctx context.Context, tx *sql.Tx, number int64, b *broadcast.Broadcast, c broadcast.Claiming) (facts []broadcast.Facts, tries []int, last broadcast.Position, err error) {
	var q sqlText
	q.add("SELECT d.due, d.who, d.channel, d.contact, d.tries, r.who IS NOT NULL, coalesce(r.channel, ''), coalesce(r.contact, ''), coalesce(r.why, ''), coalesce(r.heard_at, 0), ")
	agreed(&q, "d.who", &b.Selection)
	q.add(", ")
	stopped(&q, "d.who", &b.Selection)
	q.add(", (SELECT count(*) FROM delivery t WHERE t.who = d.who AND t.broadcast <> ", number).
		add(" AND t.state IN ('claimed', 'sent', 'doubtful') AND t.at > ", ms(c.Now.Add(-broadcast.CapWeek))).add("), ")
	if b.Course == "" {
		q.add("FALSE")
	} else {
		q.add("EXISTS (SELECT 1 FROM delivery t JOIN broadcast o ON o.number = t.broadcast WHERE t.who = d.who AND t.declined_at > 0 AND o.course = ", b.Course).add(")")
	}
	q.add(" FROM (SELECT due, who, channel, contact, tries FROM delivery WHERE broadcast = ", number).add(" AND state = 'queued' AND channel = ", c.Channel).add(" AND due <= ", ms(c.Now))
	if c.Who != "" {
		q.add(" AND who = ", c.Who)
	}
	if c.After != (broadcast.Position{}) {
		q.add(" AND (due, who) > (", c.After.Due).add(", ", c.After.Who).add(")")
	}
	q.add(" ORDER BY due, who LIMIT ", c.Limit)
	if db.postgres {
		q.add(" FOR UPDATE") // what somebody is being renamed or heard of waits
	}
	q.add(") AS d LEFT JOIN recipient r ON r.who = d.who ORDER BY d.due, d.who")
	facts, err = list(ctx, tx, func(rows *sql.Rows) (f broadcast.Facts, err error) {
		var heard int64
		var n int
		err = rows.Scan(&last.Due, &f.Who, &f.Contact.Channel, &f.Contact.ID, &n, &f.Known, &f.Reach.Channel, &f.Reach.ID, &f.Blocked, &heard, &f.Agreed, &f.OptedOut, &f.Told, &f.Declined)
		f.HeardAt, last.Who = timeOr0(heard), f.Who
		tries = append(tries, n)
		return f, err
	}, q.text(), q.args...)
	return facts, tries, last, err
}

// Mark writes what became of claimed rows, and counts tries and errors.
func (db *DB) Mark(ctx context.Context, id, owner string, outcomes []broadcast.Outcome, now time.Time) (tries, errs int, err error) {
	type kind struct {
		state  broadcast.DeliveryState
		reason string
		waits  string
		due    int64
		again  bool
	}
	groups := map[kind][]string{}
	var tried, failed int
	for _, o := range outcomes {
		k := kind{o.State, o.Reason, "", 0, o.Tried}
		if o.State == broadcast.Queued {
			k.reason, k.due = "", orZero(o.Due)
			if o.Waits != "" {
				k.waits, k.due = o.Waits, never
			}
		}
		groups[k] = append(groups[k], o.Who)
		if o.Tried {
			tried++
		}
		if o.Error {
			failed++
		}
	}
	// In one order, so that two processes never wait for each other.
	kinds := slices.SortedFunc(maps.Keys(groups), func(a, b kind) int { return slices.Compare([]byte(fmt.Sprint(a)), []byte(fmt.Sprint(b))) })
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		var number int64
		if err := tx.QueryRowContext(ctx, "UPDATE broadcast SET tries = tries + $2, errors = errors + $3 WHERE id = $1 RETURNING number, tries, errors", id, tried, failed).Scan(&number, &tries, &errs); err != nil {
			return unavailable(err)
		}
		for _, k := range kinds {
			var q sqlText
			q.add("UPDATE delivery SET owner = '', lease = 0, state = ", string(k.state)).add(", reason = ", k.reason).add(", waits = ", k.waits).add(", due = ", k.due).add(", at = ", ms(now))
			if k.again && k.state == broadcast.Queued {
				q.add(", tries = tries + 1")
			}
			q.add(" WHERE broadcast = ", number).add(" AND state = 'claimed' AND owner = ", owner)
			in(&q, " AND who", groups[k])
			if err := exec(ctx, tx, q.text(), q.args...); err != nil {
				return err
			}
		}
		return nil
	})
	return tries, errs, err
}

// Doubt lists what was claimed by a process that ended. What the web chat was
// to show is not in doubt: showing it again shows it once.
func (db *DB) Doubt(ctx context.Context, now time.Time) (int, error) {
	var any bool
	if err := db.read.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM delivery WHERE state = 'claimed' AND lease <= $1)", ms(now)).Scan(&any); err != nil {
		return 0, unavailable(err)
	}
	if !any {
		return 0, nil
	}
	var n int64
	err := db.inTx(ctx, func(tx *sql.Tx) (err error) {
		if err := exec(ctx, tx, "UPDATE delivery SET state = 'queued', owner = '', lease = 0 WHERE state = 'claimed' AND lease <= $1 AND channel = 'web' AND contact <> ''", ms(now)); err != nil {
			return err
		}
		n, err = affected(tx.ExecContext(ctx, "UPDATE delivery SET state = 'doubtful', reason = 'crash', owner = '', lease = 0 WHERE state = 'claimed' AND lease <= $1", ms(now)))
		return err
	})
	return int(n), err
}

// Finish ends a broadcast of which no row is left.
func (db *DB) Finish(ctx context.Context, id string, now time.Time) (bool, error) {
	var left bool
	if err := db.read.QueryRowContext(ctx, `SELECT NOT rows_written OR EXISTS (SELECT 1 FROM delivery d WHERE d.broadcast = b.number AND d.state = 'queued')
		OR EXISTS (SELECT 1 FROM delivery d WHERE d.broadcast = b.number AND d.state = 'claimed') FROM broadcast b WHERE b.id = $1`, id).Scan(&left); err != nil || left {
		if err != nil {
			err = unavailable(err)
		}
		return false, err
	}
	var q sqlText
	q.add("UPDATE broadcast SET state = 'done', why = '', done_at = ", ms(now)).add(" WHERE id = ", id).
		add(" AND rows_written AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.broadcast = broadcast.number AND d.state IN ('queued', 'claimed'))")
	in(&q, " AND state", broadcast.From(broadcast.Finish))
	return db.changed(ctx, &q, id, broadcast.Clock, broadcast.Finish, "", now, nil)
}

// Pages gives the broadcasts that wait for a page of the web chat to open, and
// the name of its recipient.
func (db *DB) Pages(ctx context.Context, c bot.Contact, now time.Time) (waiting []broadcast.Broadcast, who string, err error) {
	if err := db.read.QueryRowContext(ctx, "SELECT coalesce((SELECT person FROM contact WHERE channel = $1 AND contact = $2), CAST($3 AS TEXT))", c.Channel, c.ID, alone(c)).Scan(&who); err != nil {
		return nil, "", unavailable(err)
	}
	waiting, err = broadcasts(ctx, db.read, `WHERE state = 'sending' AND useful_until > $3 AND number IN
		(SELECT broadcast FROM delivery WHERE who = $1 AND state = 'queued' AND channel = $2) ORDER BY number`, who, c.Channel, ms(now))
	return waiting, who, err
}

// answered notes, on the rows that told somebody of a class, what they did.
func (db *DB) answered(ctx context.Context, c bot.Contact, courseID, column string, at time.Time) (int64, error) {
	return affected(db.write.ExecContext(ctx, "UPDATE delivery SET "+column+" = $4 WHERE "+column+` = 0 AND state IN ('claimed', 'sent', 'doubtful')
		AND who = coalesce((SELECT person FROM contact WHERE channel = $1 AND contact = $2), CAST($3 AS TEXT))
		AND broadcast IN (SELECT number FROM broadcast WHERE course = $5)`, c.Channel, c.ID, alone(c), ms(at), courseID))
}

// Tapped, Registered and Declined note what somebody did with a class that
// they were told of. Of who was not told of it nothing is noted.
func (db *DB) Tapped(ctx context.Context, c bot.Contact, courseID string, at time.Time) error {
	_, err := db.answered(ctx, c, courseID, "tapped_at", at)
	return err
}

func (db *DB) Registered(ctx context.Context, c bot.Contact, courseID string, at time.Time) error {
	_, err := db.answered(ctx, c, courseID, "registered_at", at)
	return err
}

func (db *DB) Declined(ctx context.Context, c bot.Contact, courseID string, at time.Time) error {
	_, err := db.answered(ctx, c, courseID, "declined_at", at)
	return err
}
