package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"errors"
	"time"

	"nghe/bot"
	"nghe/course"
	"nghe/people"
)

// People gives the records of people. The key is for the ledger of deletions.
func (db *DB) People(key []byte) people.Records { return dbPeople{db, key} }

type dbPeople struct {
	db  *DB
	key []byte
}

// find says where the person of a contact is looked up.
const findPerson = "SELECT person FROM contact WHERE channel = $1 AND contact = $2"

func (s dbPeople) Find(ctx context.Context, c bot.Contact) (*people.Person, error) {
	var id string
	switch err := s.db.read.QueryRowContext(ctx, findPerson, c.Channel, c.ID).Scan(&id); {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, unavailable(err)
	}
	return s.FindID(ctx, id)
}

func (s dbPeople) FindID(ctx context.Context, id string) (*people.Person, error) {
	p := &people.Person{ID: id}
	var created, updated int64
	err := s.db.read.QueryRowContext(ctx, "SELECT profile, created_at, updated_at FROM person WHERE id = $1", id).Scan(&p.Profile, &created, &updated)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, unavailable(err)
	}
	p.CreatedAt, p.UpdatedAt = fromMS(created), fromMS(updated)
	if p.Contacts, err = s.contacts(ctx, id); err != nil {
		return nil, err
	}
	if p.Consents, err = s.consents(ctx, id); err != nil {
		return nil, err
	}
	p.News, err = s.db.news(ctx, s.db.read, id)
	return p, err
}

func (s dbPeople) contacts(ctx context.Context, id string) ([]bot.Contact, error) {
	return list(ctx, s.db.read, scanContact, "SELECT channel, contact FROM contact WHERE person = $1 ORDER BY channel, contact", id)
}

func (s dbPeople) consents(ctx context.Context, id string) ([]people.Consent, error) {
	return list(ctx, s.db.read, func(rows *sql.Rows) (c people.Consent, err error) {
		var given int64
		err = rows.Scan(&c.Purpose, &c.Words, &given)
		c.GivenAt = fromMS(given)
		return c, err
	}, "SELECT purpose, words, given_at FROM consent WHERE person = $1 ORDER BY given_at, purpose", id)
}

// Keep makes the person if there is none, puts the profile and adds the
// consent; the same consent again changes nothing.
func (s dbPeople) Keep(ctx context.Context, fresh people.Person, c bot.Contact, consent people.Consent) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		var id string
		err := tx.QueryRowContext(ctx, findPerson, c.Channel, c.ID).Scan(&id)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			id = fresh.ID
			err = exec(ctx, tx, "INSERT INTO person (id, profile, created_at, updated_at) VALUES ($1, $2, $3, $3)", id, fresh.Profile, ms(fresh.UpdatedAt))
			if err == nil {
				err = s.db.newContact(ctx, tx, c, id, fresh.UpdatedAt)
			}
		case err == nil:
			err = exec(ctx, tx, "UPDATE person SET profile = $2, updated_at = $3 WHERE id = $1", id, fresh.Profile, ms(fresh.UpdatedAt))
		}
		if err != nil {
			return unavailable(err)
		}
		if err := putConsent(ctx, tx, id, consent); err != nil {
			return err
		}
		return refresh(ctx, tx, id)
	})
}

// newContact makes a contact one of a person: they have just written there,
// and what hung on the contact alone is the person's from now on.
func (db *DB) newContact(ctx context.Context, tx *sql.Tx, c bot.Contact, person string, now time.Time) error {
	if err := exec(ctx, tx, "INSERT INTO contact (channel, contact, person, heard_at) VALUES ($1, $2, $3, $4)", c.Channel, c.ID, person, ms(now)); err != nil {
		return err
	}
	return db.rename(ctx, tx, alone(c), person, now)
}

func putConsent(ctx context.Context, tx *sql.Tx, person string, c people.Consent) error {
	return exec(ctx, tx, `INSERT INTO consent (person, purpose, words, given_at) SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS BIGINT)
		WHERE NOT EXISTS (SELECT 1 FROM consent WHERE person = $1 AND purpose = $2 AND words = $3)
		ON CONFLICT DO NOTHING`,
		person, c.Purpose, c.Words, ms(c.GivenAt))
}

func (s dbPeople) Interests(ctx context.Context, c bot.Contact) ([]course.Interest, error) {
	return s.db.Interests(ctx, c)
}

func exec(ctx context.Context, tx *sql.Tx, query string, args ...any) error {
	if _, err := tx.ExecContext(ctx, query, args...); err != nil {
		return unavailable(err)
	}
	return nil
}

// Delete removes the person of a contact with everything that hangs on it, on
// all their contacts, and notes in the ledger that these were deleted.
func (s dbPeople) Delete(ctx context.Context, c bot.Contact, at int64) error {
	if err := s.delete(ctx, c, at); err != nil {
		return err
	}
	s.db.wipe(ctx)
	return nil
}

func (s dbPeople) delete(ctx context.Context, c bot.Contact, at int64) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		id, err := personOf(ctx, tx, c)
		if err != nil {
			return err
		}
		all, err := list(ctx, tx, scanContact, "SELECT channel, contact FROM contact WHERE person = $1 AND NOT (channel = $2 AND contact = $3)", id, c.Channel, c.ID)
		if err != nil {
			return err
		}
		if err := s.db.forget(ctx, tx, id, at); err != nil {
			return err
		}
		for _, one := range append(all, c) {
			if err := s.db.forget(ctx, tx, alone(one), at); err != nil {
				return err
			}
			for _, table := range []string{"interest", "echo", "unreachable", "media", "trouble", "link_outcome", "unanswered_offer"} {
				if err := exec(ctx, tx, "DELETE FROM "+table+" WHERE channel = $1 AND contact = $2", one.Channel, one.ID); err != nil {
					return err
				}
			}
			if err := forgetCasesOf(ctx, tx, one, fromMS(at)); err != nil {
				return err
			}
			if err := exec(ctx, tx, "UPDATE staff SET channel = '', contact = '' WHERE channel = $1 AND contact = $2", one.Channel, one.ID); err != nil {
				return err
			}
			if err := exec(ctx, tx, "INSERT INTO deletion (contact_hash, at) VALUES ($1, $2) ON CONFLICT (contact_hash) DO UPDATE SET at = excluded.at", s.hash(one), at); err != nil {
				return err
			}
		}
		for _, q := range []string{"DELETE FROM link_code WHERE person = $1", "DELETE FROM consent WHERE person = $1", "DELETE FROM contact WHERE person = $1", "DELETE FROM person WHERE id = $1"} {
			if err := exec(ctx, tx, q, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// hash names a contact for who has the key and for nobody else.
func (s dbPeople) hash(c bot.Contact) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(c.String()))
	return h.Sum(nil)
}
