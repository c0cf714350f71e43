package store

import (
	"context"
	"database/sql"
	"time"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/staff"
	"nghe/story"
)

// Reasons of what a backup holds that may have been done since, by what it
// replaces.
const (
	whyRestored     = "restored"
	whyPaused       = "Dữ liệu vừa được khôi phục từ bản sao lưu: tin này có thể đã gửi thêm cho nhiều người sau lúc sao lưu. Anh/chị xem lại rồi gửi tiếp hoặc huỷ."
	restoredBy      = "nghe restore"
	settledMessages = 10_000 // more doubts than that nobody looks through one by one
)

// Settled is what Settle put aside.
type Settled struct {
	Answers    int64 // deliveries that may have arrived: listed as troubles
	Messages   int64 // accepted and not answered: listed as troubles
	Words      int64 // of counsellors, in doubt
	Broadcasts int64 // paused
}

// Settle makes of a backup something that may be used in the place of what went on
// after it: whatever was under way may have been done since, so none of it is done
// again by itself. It is listed where people look. What opened something at that
// time opens nothing now, and nobody has anything in hand.
func (db *DB) Settle(ctx context.Context, now time.Time) (s Settled, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		for _, step := range []struct {
			counted *int64
			query   string
			args    []any
		}{
			{nil, "INSERT INTO trouble (channel, contact, seq, turn, kind, reason, at) SELECT channel, contact, seq, turn, $1, $2, CAST($3 AS BIGINT) FROM outbox WHERE true ORDER BY at LIMIT $4 ON CONFLICT DO NOTHING", []any{Doubtful, whyRestored, ms(now), settledMessages}},
			{nil, "INSERT INTO trouble (channel, contact, seq, turn, kind, reason, at) SELECT channel, contact, -number, turn, $1, $2, CAST($3 AS BIGINT) FROM inbox WHERE true ORDER BY at LIMIT $4 ON CONFLICT DO NOTHING", []any{Doubtful, whyRestored, ms(now), settledMessages}},
			{&s.Answers, "DELETE FROM outbox", nil},
			{&s.Messages, "DELETE FROM inbox", nil},
			{&s.Words, "UPDATE handoff_message SET state = 'doubtful', why = $1 WHERE state = 'queued'", []any{whyRestored}},
			{nil, "UPDATE delivery SET state = 'doubtful', reason = $1, owner = '', lease = 0 WHERE state = 'claimed'", []any{whyRestored}},
			{nil, `INSERT INTO broadcast_event (broadcast, seq, at, by_whom, what, why)
				SELECT b.number, (SELECT coalesce(max(seq), 0) + 1 FROM broadcast_event e WHERE e.broadcast = b.number), CAST($1 AS BIGINT), CAST($2 AS TEXT), CAST($3 AS TEXT), '' FROM broadcast b WHERE b.state IN ($4, $5)`,
				[]any{ms(now), restoredBy, string(broadcast.Pause), string(broadcast.Scheduled), string(broadcast.Sending)}},
			{&s.Broadcasts, "UPDATE broadcast SET state = $1, why = $2 WHERE state IN ($3, $4)", []any{string(broadcast.Paused), whyPaused, string(broadcast.Scheduled), string(broadcast.Sending)}},
			// Who was signed out since the backup, or lost a telephone, stays outside.
			{nil, "DELETE FROM staff_session", nil},
			{nil, "DELETE FROM staff_link", nil},
			{nil, "DELETE FROM staff_code", nil},
			{nil, "DELETE FROM link_code", nil},
			{nil, "DELETE FROM lease", nil},
			{nil, "DELETE FROM duty", nil},
		} {
			n, err := affected(tx.ExecContext(ctx, step.query, step.args...))
			if err != nil {
				return err
			}
			if step.counted != nil {
				*step.counted = int64(n)
			}
		}
		return nil
	})
	return s, err
}

// Stopped is somebody who said that they don't want to be told of something.
type Stopped struct {
	Contact bot.Contact
	Trade   string // "" = of anything
	At      time.Time
}

// StoppedSince gives who is told of things in these records, and said stop in those
// that went on after them.
func (db *DB) StoppedSince(ctx context.Context, after *DB) ([]Stopped, error) {
	type key struct{ who, trade string }
	read := func(db *DB) (map[key]int64, error) {
		all := map[key]int64{}
		_, err := list(ctx, db.read, func(rows *sql.Rows) (struct{}, error) {
			var k key
			var at int64
			err := rows.Scan(&k.who, &k.trade, &at)
			all[k] = at
			return struct{}{}, err
		}, "SELECT who, trade, at FROM opted_out")
		return all, err
	}
	is, err := read(after)
	if err != nil {
		return nil, err
	}
	was, err := read(db)
	if err != nil {
		return nil, err
	}
	type reached struct {
		who string
		bot.Contact
	}
	known, err := list(ctx, db.read, func(rows *sql.Rows) (r reached, err error) {
		err = rows.Scan(&r.who, &r.Channel, &r.ID)
		return r, err
	}, "SELECT person, channel, contact FROM contact UNION SELECT DISTINCT who, channel, contact FROM interest WHERE channel <> ''")
	if err != nil {
		return nil, err
	}
	contacts := map[string]bot.Contact{}
	for _, r := range known {
		contacts[r.who] = r.Contact
	}
	var all []Stopped
	for k, at := range is {
		if c, there := contacts[k.who]; there && at > was[k] {
			all = append(all, Stopped{c, k.trade, fromMS(at)})
		}
	}
	return all, nil
}

// WithdrawSince withdraws the stories that were withdrawn in the records that went
// on after these, and says how many.
func (db *DB) WithdrawSince(ctx context.Context, after *DB, by staff.Member, now time.Time) (n int, err error) {
	all, err := after.Stories(ctx)
	if err != nil {
		return 0, err
	}
	for _, s := range all {
		was, err := db.Story(ctx, s.ID)
		if err != nil {
			return n, err
		}
		if s.State != story.Withdrawn || was == nil || was.State == story.Withdrawn {
			continue
		}
		put, err := db.PutStory(ctx, was, was.Withdraw(s.WithdrawnAt), nil, staff.NewEntry(by, now, "story.withdraw", "story:"+s.ID, "đã rút sau lúc sao lưu"))
		if err != nil {
			return n, err
		}
		if put {
			n++
		}
	}
	return n, nil
}
