package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/dialog"
)

// Somebody who may be told something is named by who: the id of their person,
// else "@" and their contact. Everything about telling hangs on that name
// (tables recipient, follow, kept_group, opted_out, delivery, and the column of
// interest); here it is kept right whatever becomes of persons and contacts.

// whoOf names the recipient behind a contact.
func whoOf(ctx context.Context, tx *sql.Tx, c bot.Contact) (string, error) {
	person, err := personOf(ctx, tx, c)
	if err != nil || person != "" {
		return person, err
	}
	return alone(c), nil
}

// alone names a contact that is no person's.
func alone(c bot.Contact) string { return "@" + c.String() }

// contactOfAlone gives the contact back.
func contactOfAlone(who string) (bot.Contact, bool) {
	rest, ok := strings.CutPrefix(who, "@")
	channel, id, cut := strings.Cut(rest, ":")
	return bot.Contact{Channel: channel, ID: id}, ok && cut
}

// slotPlace is where a profile has the place.
const slotPlace = "place"

// reachable are the channels on which somebody can be told, for SQL.
var reachable = "('" + strings.Join(broadcast.Channels, "', '") + "')"

// refresh writes the row of a recipient anew, from what is kept of them.
func refresh(ctx context.Context, tx *sql.Tx, who string) error {
	place, there, err := placeOf(ctx, tx, who)
	if err != nil {
		return err
	}
	if !there {
		return exec(ctx, tx, "DELETE FROM recipient WHERE who = $1", who)
	}
	var at bot.Contact
	var why string
	var heard int64
	if c, ok := contactOfAlone(who); ok {
		at = c
		err = tx.QueryRowContext(ctx, `SELECT coalesce((SELECT heard_at FROM recipient WHERE who = $1), 0), coalesce((SELECT reason FROM unreachable WHERE channel = $2 AND contact = $3), '')`,
			who, c.Channel, c.ID).Scan(&heard, &why)
		if why == "" && !isReachable(c.Channel) {
			why = broadcast.Unreachable
		}
	} else {
		// The contact they wrote on last, of those on which they can be reached.
		err = tx.QueryRowContext(ctx, `SELECT c.channel, c.contact, c.heard_at, coalesce(u.reason, CASE WHEN c.channel IN `+reachable+` THEN '' ELSE CAST($2 AS TEXT) END)
			FROM contact c LEFT JOIN unreachable u ON u.channel = c.channel AND u.contact = c.contact WHERE c.person = $1
			ORDER BY (CASE WHEN u.reason IS NULL AND c.channel IN `+reachable+` THEN 0 ELSE 1 END), c.heard_at DESC, c.channel, c.contact LIMIT 1`, who, broadcast.Unreachable).
			Scan(&at.Channel, &at.ID, &heard, &why)
		if errors.Is(err, sql.ErrNoRows) {
			err, why = nil, broadcast.Unreachable
		}
	}
	if err != nil {
		return unavailable(err)
	}
	if why != "" {
		at = bot.Contact{}
	}
	return exec(ctx, tx, putRecipient, who, place, at.Channel, at.ID, why, heard)
}

const putRecipient = `INSERT INTO recipient (who, place, channel, contact, why, heard_at) VALUES ($1, $2, $3, $4, $5, $6)
	ON CONFLICT (who) DO UPDATE SET place = excluded.place, channel = excluded.channel, contact = excluded.contact, why = excluded.why, heard_at = excluded.heard_at`

func isReachable(channel string) bool {
	for _, c := range broadcast.Channels {
		if c == channel {
			return true
		}
	}
	return false
}

// placeOf gives where a recipient lives, as far as they said: in their profile,
// else in their latest wish. There is none when neither a person nor a wish is
// kept.
func placeOf(ctx context.Context, tx *sql.Tx, who string) (place string, there bool, err error) {
	var profile []byte
	switch err := tx.QueryRowContext(ctx, "SELECT profile FROM person WHERE id = $1", who).Scan(&profile); {
	case err == nil:
		if place = placeIn(profile); place != "" {
			return place, true, nil
		}
		there = true
	case !errors.Is(err, sql.ErrNoRows):
		return "", false, unavailable(err)
	}
	switch err := tx.QueryRowContext(ctx, "SELECT place FROM follow WHERE who = $1 AND place <> '' ORDER BY at DESC LIMIT 1", who).Scan(&place); {
	case err == nil:
		return place, true, nil
	case !errors.Is(err, sql.ErrNoRows):
		return "", false, unavailable(err)
	}
	// One's own place comes before that of somebody one asked for.
	err = tx.QueryRowContext(ctx, "SELECT place FROM interest WHERE who = $1 ORDER BY CASE WHEN place = '' THEN 2 WHEN whom <> '' THEN 1 ELSE 0 END, created_at DESC, id LIMIT 1", who).Scan(&place)
	if errors.Is(err, sql.ErrNoRows) {
		return "", there, nil
	}
	if err != nil {
		return "", false, unavailable(err)
	}
	return place, true, nil
}

func placeIn(profile []byte) string {
	var values dialog.Values
	if json.Unmarshal(profile, &values) != nil {
		return ""
	}
	return values[slotPlace].Text()
}

// rename gives all that hangs on one recipient to another: a contact became a
// person, or two persons one. Who of the two was told something is not told it
// again.
func (db *DB) rename(ctx context.Context, tx *sql.Tx, from, to string, now time.Time) error {
	if from == to {
		return nil
	}
	if err := db.one(ctx, tx); err != nil { // no row is written meanwhile
		return err
	}
	told := "('" + string(broadcast.Claimed) + "', '" + string(broadcast.Sent) + "', '" + string(broadcast.Doubtful) + "')"
	for _, q := range []string{
		"UPDATE interest SET who = $2 WHERE who = $1",
		"INSERT INTO follow (who, trade, place, at) SELECT CAST($2 AS TEXT), trade, place, at FROM follow WHERE who = $1 ON CONFLICT DO NOTHING",
		"INSERT INTO kept_group (who, name) SELECT CAST($2 AS TEXT), name FROM kept_group WHERE who = $1 ON CONFLICT DO NOTHING",
		"INSERT INTO opted_out (who, trade, at) SELECT CAST($2 AS TEXT), trade, at FROM opted_out WHERE who = $1 ON CONFLICT DO NOTHING",
		// Of two rows of one broadcast one goes: the one not sent yet.
		`UPDATE delivery SET state = 'skipped', reason = 'same-person', waits = '', at = $3 WHERE who = $2 AND state = 'queued'
			AND broadcast IN (SELECT broadcast FROM delivery WHERE who = $1 AND state IN ` + told + `)`,
		`UPDATE delivery SET state = 'skipped', reason = 'same-person', waits = '', at = $3 WHERE who = $1 AND state = 'queued'
			AND broadcast IN (SELECT broadcast FROM delivery WHERE who = $2)`,
		"UPDATE delivery SET who = $2 WHERE who = $1 AND broadcast NOT IN (SELECT broadcast FROM delivery WHERE who = $2)",
	} {
		args := []any{from, to}
		if strings.Contains(q, "$3") {
			args = append(args, ms(now))
		}
		if err := exec(ctx, tx, q, args...); err != nil {
			return err
		}
	}
	for _, table := range []string{"follow", "kept_group", "opted_out", "recipient"} {
		if err := exec(ctx, tx, "DELETE FROM "+table+" WHERE who = $1", from); err != nil {
			return err
		}
	}
	return nil
}

// forget takes somebody out of everything about telling. Their rows stay,
// without a name, so that the books balance.
func (db *DB) forget(ctx context.Context, tx *sql.Tx, who string, at int64) error {
	if err := db.one(ctx, tx); err != nil { // no row is written meanwhile
		return err
	}
	for _, table := range []string{"follow", "kept_group", "opted_out", "recipient"} {
		if err := exec(ctx, tx, "DELETE FROM "+table+" WHERE who = $1", who); err != nil {
			return err
		}
	}
	for _, q := range []string{
		"UPDATE delivery SET state = 'skipped', reason = 'deleted', waits = '', at = $2 WHERE who = $1 AND state = 'queued'",
		// On its way at this moment: who sends it will not find it again.
		"UPDATE delivery SET state = 'doubtful', reason = 'deleted', at = $2 WHERE who = $1 AND state = 'claimed'",
	} {
		if err := exec(ctx, tx, q, who, at); err != nil {
			return err
		}
	}
	numbers, err := list(ctx, tx, func(rows *sql.Rows) (n int64, err error) { return n, rows.Scan(&n) }, "SELECT broadcast FROM delivery WHERE who = $1", who)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		// A name of its own for each row, so that they don't tell of each other.
		if err := exec(ctx, tx, "UPDATE delivery SET who = $3, contact = '' WHERE who = $1 AND broadcast = $2", who, n, nobody()); err != nil {
			return err
		}
	}
	return nil
}

// Heard notes when contacts wrote last. What waits for their next word is due,
// and what is to be sent to them goes where they wrote. Of contacts of which
// nothing else is kept nothing is noted.
func (db *DB) Heard(ctx context.Context, last map[bot.Contact]time.Time) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		for _, c := range sortedContacts(last) {
			at := ms(last[c])
			if err := exec(ctx, tx, "UPDATE contact SET heard_at = $3 WHERE channel = $1 AND contact = $2 AND heard_at < $3", c.Channel, c.ID, at); err != nil {
				return err
			}
			if err := exec(ctx, tx, "DELETE FROM unreachable WHERE channel = $1 AND contact = $2 AND at < $3", c.Channel, c.ID, at); err != nil {
				return err
			}
			who, err := whoOf(ctx, tx, c)
			if err != nil {
				return err
			}
			if err := exec(ctx, tx, "UPDATE recipient SET heard_at = $2 WHERE who = $1 AND heard_at < $2", who, at); err != nil {
				return err
			}
			if !isReachable(c.Channel) {
				continue
			}
			if err := exec(ctx, tx, "UPDATE recipient SET channel = $2, contact = $3, why = '' WHERE who = $1 AND heard_at = $4", who, c.Channel, c.ID, at); err != nil {
				return err
			}
			if err := exec(ctx, tx, `UPDATE delivery SET channel = $2, contact = $3, waits = '', due = CASE WHEN waits = 'window' THEN 0 ELSE due END
				WHERE who = $1 AND state = 'queued' AND (waits = 'window' OR channel <> $2 OR contact <> $3)`, who, c.Channel, c.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// beginRecipients makes the rows of recipients that a migration could only
// name. It is done once; what a process that ended left, the next one does.
func (db *DB) beginRecipients(ctx context.Context) error {
	const atATime = 500
	for {
		done := 0
		err := db.inTx(ctx, func(tx *sql.Tx) error {
			names, err := list(ctx, tx, func(rows *sql.Rows) (who string, err error) { return who, rows.Scan(&who) },
				"SELECT who FROM recipient WHERE why = 'new' LIMIT $1", atATime)
			done = len(names)
			for _, who := range names {
				if err == nil {
					err = refresh(ctx, tx, who)
				}
			}
			return err
		})
		if err != nil || done < atATime {
			return err
		}
	}
}

// leaveIfNobody takes what hangs on a contact that is no person's and has no
// wish any more.
func (db *DB) leaveIfNobody(ctx context.Context, tx *sql.Tx, who string) error {
	var there bool
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM recipient WHERE who = $1)", who).Scan(&there); err != nil {
		return unavailable(err)
	}
	if there {
		return nil
	}
	return db.forget(ctx, tx, who, 0)
}
