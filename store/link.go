package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"nghe/bot"
	"nghe/people"
)

// codeKept is how long a code that has ended is kept, to say so to who types
// it.
const codeKept = 24 * time.Hour

// PutCode keeps the hash of a code that stands for a person.
func (db *DB) PutCode(ctx context.Context, code []byte, person string, now, ends time.Time) (put bool, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, `INSERT INTO link_code (code, person, ends) VALUES ($1, $2, $3)
			ON CONFLICT (code) DO UPDATE SET person = excluded.person, ends = excluded.ends WHERE link_code.person = excluded.person OR link_code.ends <= $4`,
			code, person, ms(ends), ms(now))
		if err != nil {
			return unavailable(err)
		}
		n, err := r.RowsAffected()
		if put = n == 1; err != nil {
			return unavailable(err)
		}
		if !put {
			return nil
		}
		return exec(ctx, tx, "DELETE FROM link_code WHERE person = $1 AND code <> $2", person, code)
	})
	return put, err
}

// Link makes a contact one of the person that a code stands for.
func (db *DB) Link(ctx context.Context, l people.Linking) (string, error) {
	return db.linkOnce(ctx, l.Contact, l.Turn, l.At, func(tx *sql.Tx) (string, error) {
		var wrong int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM link_outcome WHERE channel = $1 AND contact = $2 AND outcome IN ($3, $4) AND at > $5",
			l.Contact.Channel, l.Contact.ID, people.Wrong, people.Expired, ms(l.At.Add(-people.WrongTime))).Scan(&wrong); err != nil {
			return "", unavailable(err)
		}
		if wrong >= people.WrongTries {
			return people.TooMany, nil
		}
		var theirs string
		var ends int64
		switch err := tx.QueryRowContext(ctx, "SELECT person, ends FROM link_code WHERE code = $1", l.Code).Scan(&theirs, &ends); {
		case errors.Is(err, sql.ErrNoRows):
			return people.Wrong, nil
		case err != nil:
			return "", unavailable(err)
		case ends <= ms(l.At):
			return people.Expired, nil
		}
		mine, err := personOf(ctx, tx, l.Contact)
		if err != nil {
			return "", err
		}
		if mine == theirs {
			return already(ctx, tx, mine)
		}
		// Of two who type it at the same time, one finds it.
		r, err := tx.ExecContext(ctx, "DELETE FROM link_code WHERE code = $1", l.Code)
		if err != nil {
			return "", unavailable(err)
		}
		switch n, err := r.RowsAffected(); {
		case err != nil:
			return "", unavailable(err)
		case n == 0:
			return people.Wrong, nil
		}
		return db.join(ctx, tx, l, mine, theirs)
	})
}

// already says how a contact that types a code of its own person is one.
func already(ctx context.Context, tx *sql.Tx, person string) (string, error) {
	var n int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM contact WHERE person = $1", person).Scan(&n); err != nil {
		return "", unavailable(err)
	}
	if n == 1 {
		return people.Same, nil
	}
	return people.Before, nil
}

// join gives a person the contact, and all that a person of its own had but
// the profile.
func (db *DB) join(ctx context.Context, tx *sql.Tx, l people.Linking, mine, theirs string) (string, error) {
	outcome := people.Linked
	var err error
	if mine == "" {
		err = db.newContact(ctx, tx, l.Contact, theirs, l.At)
	} else {
		outcome = people.Merged
		for _, q := range []string{
			"UPDATE contact SET person = $2 WHERE person = $1",
			"INSERT INTO consent (person, purpose, words, given_at) SELECT CAST($2 AS TEXT), purpose, words, given_at FROM consent WHERE person = $1 ON CONFLICT DO NOTHING",
		} {
			if err := exec(ctx, tx, q, mine, theirs); err != nil {
				return "", err
			}
		}
		for _, q := range []string{"DELETE FROM consent WHERE person = $1", "DELETE FROM link_code WHERE person = $1", "DELETE FROM person WHERE id = $1"} {
			if err := exec(ctx, tx, q, mine); err != nil {
				return "", err
			}
		}
		err = db.rename(ctx, tx, mine, theirs, l.At)
	}
	if err == nil {
		err = exec(ctx, tx, "INSERT INTO consent (person, purpose, words, given_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", theirs, people.PurposeLink, l.Words, ms(l.At))
	}
	if err == nil {
		err = exec(ctx, tx, sameWishes, theirs)
	}
	if err == nil {
		err = refresh(ctx, tx, theirs)
	}
	return outcome, err
}

// sameWishes removes of a person's wishes those that an older one is the same
// as.
const sameWishes = `DELETE FROM interest WHERE id IN (SELECT i.id FROM contact ic
	JOIN interest i ON i.channel = ic.channel AND i.contact = ic.contact
	JOIN contact ec ON ec.person = ic.person
	JOIN interest e ON e.channel = ec.channel AND e.contact = ec.contact
	WHERE ic.person = $1 AND e.whom = i.whom AND e.course = i.course AND (i.course <> '' OR e.trade = i.trade AND e.place = i.place)
	AND (e.created_at < i.created_at OR e.created_at = i.created_at AND e.id < i.id))`

// Unlink takes a contact from its person.
func (db *DB) Unlink(ctx context.Context, c bot.Contact, turn string, at time.Time) (string, error) {
	return db.linkOnce(ctx, c, turn, at, func(tx *sql.Tx) (string, error) {
		person, err := personOf(ctx, tx, c)
		if err != nil {
			return "", err
		}
		var heir bot.Contact
		switch err := tx.QueryRowContext(ctx, "SELECT channel, contact FROM contact WHERE person = $1 AND NOT (channel = $2 AND contact = $3) ORDER BY channel, contact LIMIT 1",
			person, c.Channel, c.ID).Scan(&heir.Channel, &heir.ID); {
		case errors.Is(err, sql.ErrNoRows):
			return people.Alone, nil
		case err != nil:
			return "", unavailable(err)
		}
		// Two channels may have noted the same wish at the same moment.
		err = exec(ctx, tx, sameWishes, person)
		if err == nil {
			err = exec(ctx, tx, "UPDATE interest SET channel = $3, contact = $4 WHERE channel = $1 AND contact = $2", c.Channel, c.ID, heir.Channel, heir.ID)
		}
		if err == nil {
			err = exec(ctx, tx, "DELETE FROM contact WHERE channel = $1 AND contact = $2", c.Channel, c.ID)
		}
		if err == nil {
			err = refresh(ctx, tx, person)
		}
		return people.Apart, err
	})
}

// linkOnce does something and notes its outcome; of a turn that did it before,
// it gives what was noted.
func (db *DB) linkOnce(ctx context.Context, c bot.Contact, turn string, at time.Time, do func(*sql.Tx) (string, error)) (outcome string, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, "SELECT outcome FROM link_outcome WHERE channel = $1 AND contact = $2 AND turn = $3", c.Channel, c.ID, turn).Scan(&outcome)
		switch {
		case err == nil:
			return nil
		case !errors.Is(err, sql.ErrNoRows):
			return unavailable(err)
		}
		if outcome, err = do(tx); err != nil {
			return err
		}
		return exec(ctx, tx, "INSERT INTO link_outcome (channel, contact, turn, outcome, at) VALUES ($1, $2, $3, $4, $5)", c.Channel, c.ID, turn, outcome, ms(at))
	})
	return outcome, err
}

// personOf gives the id of a contact's person, "" for none.
func personOf(ctx context.Context, tx *sql.Tx, c bot.Contact) (id string, err error) {
	err = tx.QueryRowContext(ctx, findPerson, c.Channel, c.ID).Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", unavailable(err)
	}
	return id, nil
}
