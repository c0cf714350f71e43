package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/oklog/ulid/v2"

	"nghe/bot"
	"nghe/handoff"
)

// addMessages adds to a case what is not there yet, and counts it in.
func addMessages(ctx context.Context, tx *sql.Tx, c *handoff.Case, said []handoff.Message) (added []handoff.Message, err error) {
	for _, m := range said {
		m.ID, m.Case, m.N = ulid.MustNew(ulid.Timestamp(m.At), ulid.DefaultEntropy()).String(), c.ID, c.Said+1
		body, err := json.Marshal(m)
		if err != nil {
			return nil, fmt.Errorf("message of case %s: %w", c.ID, err)
		}
		n, err := changed(ctx, tx, `INSERT INTO handoff_message (id, case_id, n, dedup, state, at, ends, body, media) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (case_id, dedup) DO NOTHING`, m.ID, c.ID, m.N, m.Key, m.State, ms(m.At), orZero(m.Ends), body, m.Media != nil && m.Media.Ref != "")
		if err != nil {
			return nil, err
		}
		if n > 0 {
			if m.File != nil {
				if err := exec(ctx, tx, "INSERT INTO handoff_file (message, name, type, size, why, at, body) VALUES ($1, $2, $3, $4, $5, $6, $7)",
					m.ID, m.File.Name, m.File.Type, m.File.Size, m.File.Why, ms(m.At), m.Body); err != nil {
					return nil, err
				}
			}
			m.Body = nil
			c.Said++
			added = append(added, m)
		}
	}
	return added, nil
}

func messages(ctx context.Context, q querier, where string, args ...any) ([]handoff.Message, error) {
	return list(ctx, q, func(rows *sql.Rows) (m handoff.Message, err error) {
		var body []byte
		var of string
		var n int
		var state handoff.MessageState
		var why string
		var name, kind, lacks sql.NullString
		var size sql.NullInt64
		if err := rows.Scan(&body, &of, &n, &state, &why, &name, &kind, &size, &lacks); err != nil {
			return m, err
		}
		err = json.Unmarshal(body, &m)
		if m.Case, m.N, m.State, m.Why = of, n, state, why; lacks.Valid { // it may have come from another case
			m.File = &handoff.File{Name: name.String, Type: kind.String, Size: int(size.Int64), Why: lacks.String}
		}
		return m, err
	}, `SELECT m.body, m.case_id, m.n, m.state, m.why, f.name, f.type, f.size, f.why FROM handoff_message m LEFT JOIN handoff_file f ON f.message = m.id WHERE `+where, args...)
}

// Messages gives what was said with a case.
func (db *DB) Messages(ctx context.Context, id string, after, limit int, now time.Time) ([]handoff.Message, error) {
	return messages(ctx, db.read, "m.case_id = $1 AND m.n > $2 AND (m.ends = 0 OR m.ends > $3) ORDER BY m.n LIMIT $4", id, after, ms(now), limit)
}

// Message gives one by its id.
func (db *DB) Message(ctx context.Context, id string) (*handoff.Message, error) {
	all, err := messages(ctx, db.read, "m.id = $1", id)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

// MessageBy gives one of a case by its key.
func (db *DB) MessageBy(ctx context.Context, id, key string) (*handoff.Message, error) {
	all, err := messages(ctx, db.read, "m.case_id = $1 AND m.dedup = $2", id, key)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[0], nil
}

// QueuedMessages gives what is to go to people.
func (db *DB) QueuedMessages(ctx context.Context, id string, before time.Time, limit int) ([]handoff.Message, error) {
	where := "m.state = 'queued' AND m.at < $1"
	args := []any{ms(before), limit}
	if id != "" {
		where, args = where+" AND m.case_id = $3", append(args, id)
	}
	return messages(ctx, db.read, where+" ORDER BY m.case_id, m.n LIMIT $2", args...)
}

// MarkMessage notes what became of a message that is not settled. Of one that
// was in doubt and then went it keeps that (handoff.Twice).
func (db *DB) MarkMessage(ctx context.Context, id string, s handoff.MessageState, why string) (bool, error) {
	again := why
	if s == handoff.Sent {
		again = handoff.Twice
	}
	return db.won(ctx, `UPDATE handoff_message SET state = $2, why = CASE WHEN state = 'doubtful' THEN $4 ELSE $3 END
		WHERE id = $1 AND state IN ('queued', 'doubtful') AND NOT (state = $2 AND why = $3)`, id, string(s), why, again)
}

// setHold gives a contact's talk into somebody's hand, under a new epoch: later
// than the one before, and than any that was forgotten.
func setHold(ctx context.Context, tx *sql.Tx, c bot.Contact, kind, id string, now time.Time) (bot.Hold, error) {
	h := bot.Hold{Kind: kind, Case: id}
	err := tx.QueryRowContext(ctx, `INSERT INTO handoff_hold (channel, contact, epoch, kind, case_id, told) VALUES ($1, $2, $3, $4, $5, FALSE)
		ON CONFLICT (channel, contact) DO UPDATE SET kind = excluded.kind, case_id = excluded.case_id, told = FALSE,
		epoch = CASE WHEN handoff_hold.epoch >= excluded.epoch THEN handoff_hold.epoch + 1 ELSE excluded.epoch END RETURNING epoch`,
		c.Channel, c.ID, ms(now), kind, id).Scan(&h.Epoch)
	if err != nil {
		return h, unavailable(err)
	}
	return h, nil
}

// SetHold gives a contact's talk into somebody's hand.
func (db *DB) SetHold(ctx context.Context, c bot.Contact, kind, id string, now time.Time) (h bot.Hold, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		h, err = setHold(ctx, tx, c, kind, id, now)
		return err
	})
	return h, err
}

const holdColumns = "SELECT channel, contact, epoch, kind, case_id, told FROM handoff_hold "

func scanHold(rows *sql.Rows) (h handoff.Held, err error) {
	err = rows.Scan(&h.Contact.Channel, &h.Contact.ID, &h.Epoch, &h.Kind, &h.Case, &h.Told)
	return h, err
}

// HoldOf gives who has a contact's talk in hand.
func (db *DB) HoldOf(ctx context.Context, c bot.Contact) (bot.Hold, error) {
	all, err := list(ctx, db.read, scanHold, holdColumns+"WHERE channel = $1 AND contact = $2", c.Channel, c.ID)
	if err != nil || len(all) == 0 {
		return bot.Hold{}, err
	}
	return all[0].Hold, nil
}

// Holds gives every contact whose talk is in somebody's hand, or whose session
// was not told.
func (db *DB) Holds(ctx context.Context) ([]handoff.Held, error) {
	return list(ctx, db.read, scanHold, holdColumns+"WHERE kind <> '' OR NOT told ORDER BY channel, contact")
}

// TellHold notes that the session has it.
func (db *DB) TellHold(ctx context.Context, c bot.Contact, epoch int64) error {
	_, err := db.won(ctx, "UPDATE handoff_hold SET told = TRUE WHERE channel = $1 AND contact = $2 AND epoch = $3 AND NOT told", c.Channel, c.ID, epoch)
	return err
}
