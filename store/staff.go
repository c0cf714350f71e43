package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"nghe/bot"
	"nghe/staff"
)

// Staff gives the records of those who work with nghe.
func (db *DB) Staff() staff.Records { return dbStaff{db} }

type dbStaff struct{ db *DB }

const staffColumns = "s.id, s.login, s.name, s.role, s.scope, s.off, s.password, s.secret, s.channel, s.contact, s.created_at, s.updated_at"

// scanMember reads the columns above, and others after them.
func scanMember(rows interface{ Scan(...any) error }, more ...any) (staff.Member, error) {
	var m staff.Member
	var scope []byte
	var created, updated int64
	into := append([]any{&m.ID, &m.Login, &m.Name, &m.Role, &scope, &m.Off, &m.Password, &m.Secret, &m.Contact.Channel, &m.Contact.ID, &created, &updated}, more...)
	if err := rows.Scan(into...); err != nil {
		return m, err
	}
	m.CreatedAt, m.UpdatedAt = fromMS(created), fromMS(updated)
	if err := json.Unmarshal(scope, &m.Scope); err != nil {
		return m, fmt.Errorf("scope of staff %s: %w", m.ID, err)
	}
	return m, nil
}

func (s dbStaff) Members(ctx context.Context) ([]staff.Member, error) {
	return list(ctx, s.db.read, func(rows *sql.Rows) (staff.Member, error) { return scanMember(rows) },
		"SELECT "+staffColumns+" FROM staff s ORDER BY s.name, s.id")
}

func (s dbStaff) member(ctx context.Context, where string, args ...any) (*staff.Member, error) {
	m, err := scanMember(s.db.read.QueryRowContext(ctx, "SELECT "+staffColumns+" FROM staff s WHERE "+where, args...))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, unavailable(err)
	}
	return &m, nil
}

func (s dbStaff) Member(ctx context.Context, id string) (*staff.Member, error) {
	return s.member(ctx, "s.id = $1", id)
}

func (s dbStaff) MemberByLogin(ctx context.Context, login string) (*staff.Member, error) {
	return s.member(ctx, "s.login = $1", login)
}

func (s dbStaff) MemberByContact(ctx context.Context, c bot.Contact) (*staff.Member, error) {
	return s.member(ctx, "s.channel = $1 AND s.contact = $2 AND s.channel <> ''", c.Channel, c.ID)
}

// manages is a condition on staff: somebody who can sign in and manage all
// others.
const manages = "role = 'administrator' AND province AND NOT off AND password <> ''"

func (s dbStaff) Begun(ctx context.Context) (begun bool, err error) {
	err = s.db.read.QueryRowContext(ctx, "SELECT count(*) > 0 FROM staff WHERE "+manages).Scan(&begun)
	if err != nil {
		return false, unavailable(err)
	}
	return begun, nil
}

func (s dbStaff) AddMember(ctx context.Context, m staff.Member, l staff.Link, e staff.Entry) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		if err := addMember(ctx, tx, m); err != nil {
			return err
		}
		if err := putLink(ctx, tx, l); err != nil {
			return err
		}
		return putEntry(ctx, tx, e)
	})
}

func addMember(ctx context.Context, tx *sql.Tx, m staff.Member) error {
	scope, err := json.Marshal(m.Scope)
	if err != nil {
		return fmt.Errorf("scope of staff %s: %w", m.ID, err)
	}
	n, err := changed(ctx, tx, `INSERT INTO staff (id, login, name, role, scope, province, off, password, secret, step, channel, contact, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, '', '', $10, $11) ON CONFLICT DO NOTHING`,
		m.ID, m.Login, m.Name, m.Role, scope, m.Scope.Province, m.Off, m.Password, m.Secret, ms(m.CreatedAt), ms(m.UpdatedAt))
	if err == nil && n == 0 {
		return staff.ErrTaken
	}
	return err
}

// changed carries out a statement and says how many rows it changed.
func changed(ctx context.Context, tx *sql.Tx, query string, args ...any) (int64, error) {
	return affected(tx.ExecContext(ctx, query, args...))
}

func (s dbStaff) ChangeMember(ctx context.Context, m staff.Member, e staff.Entry) error {
	scope, err := json.Marshal(m.Scope)
	if err != nil {
		return fmt.Errorf("scope of staff %s: %w", m.ID, err)
	}
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		// On PostgreSQL two may each take the other for the one who is left:
		// then one waits here for the other.
		if s.db.postgres {
			if err := exec(ctx, tx, "LOCK TABLE staff IN SHARE ROW EXCLUSIVE MODE"); err != nil {
				return err
			}
		}
		var before, after int
		count := func(n *int) error {
			if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM staff WHERE "+manages).Scan(n); err != nil {
				return unavailable(err)
			}
			return nil
		}
		if err := count(&before); err != nil {
			return err
		}
		n, err := changed(ctx, tx, "UPDATE staff SET name = $2, role = $3, scope = $4, province = $5, off = $6, updated_at = $7 WHERE id = $1",
			m.ID, m.Name, m.Role, scope, m.Scope.Province, m.Off, ms(m.UpdatedAt))
		switch {
		case err != nil:
			return err
		case n == 0:
			return staff.ErrGone
		}
		if err := count(&after); err != nil {
			return err
		}
		if before > 0 && after == 0 {
			return staff.ErrLast
		}
		if m.Off {
			for _, q := range []string{
				"DELETE FROM staff_session WHERE staff = $1", "DELETE FROM staff_link WHERE staff = $1", "DELETE FROM staff_code WHERE staff = $1",
				"UPDATE staff SET channel = '', contact = '' WHERE id = $1",
			} {
				if err := exec(ctx, tx, q, m.ID); err != nil {
					return err
				}
			}
		}
		return putEntry(ctx, tx, e)
	})
}

func putLink(ctx context.Context, tx *sql.Tx, l staff.Link) error {
	// Of first links there may be several: each start prints one.
	if l.Member != "" {
		if err := exec(ctx, tx, "DELETE FROM staff_link WHERE staff = $1", l.Member); err != nil {
			return err
		}
	}
	return exec(ctx, tx, "INSERT INTO staff_link (hash, staff, ends) VALUES ($1, $2, $3)", l.Hash, l.Member, ms(l.Ends))
}

func (s dbStaff) PutLink(ctx context.Context, l staff.Link, e *staff.Entry) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		if err := putLink(ctx, tx, l); err != nil || e == nil {
			return err
		}
		return putEntry(ctx, tx, *e)
	})
}

func (s dbStaff) Link(ctx context.Context, hash []byte, now time.Time) (*staff.Link, error) {
	l := staff.Link{Hash: hash}
	var ends int64
	err := s.db.read.QueryRowContext(ctx, "SELECT staff, ends FROM staff_link WHERE hash = $1 AND ends > $2", hash, ms(now)).Scan(&l.Member, &ends)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, unavailable(err)
	}
	l.Ends = fromMS(ends)
	return &l, nil
}

func (s dbStaff) UseLink(ctx context.Context, hash []byte, m staff.Member, e staff.Entry) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		var member string
		err := tx.QueryRowContext(ctx, "DELETE FROM staff_link WHERE hash = $1 AND ends > $2 RETURNING staff", hash, ms(e.At)).Scan(&member)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return staff.ErrGone
		case err != nil:
			return unavailable(err)
		}
		if member == "" {
			if err := addMember(ctx, tx, m); err != nil {
				return err
			}
			if err := exec(ctx, tx, "DELETE FROM staff_link WHERE staff = ''"); err != nil {
				return err
			}
			return putEntry(ctx, tx, e)
		}
		n, err := changed(ctx, tx, "UPDATE staff SET password = $2, secret = '', updated_at = $3 WHERE id = $1 AND NOT off", member, m.Password, ms(e.At))
		switch {
		case err != nil:
			return err
		case n == 0:
			return staff.ErrGone
		}
		if err := exec(ctx, tx, "DELETE FROM staff_session WHERE staff = $1", member); err != nil {
			return err
		}
		return putEntry(ctx, tx, e)
	})
}

func (s dbStaff) SetPassword(ctx context.Context, member, password string, keep []byte, e staff.Entry) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, "UPDATE staff SET password = $2, updated_at = $3 WHERE id = $1", member, password, ms(e.At)); err != nil {
			return err
		}
		if err := exec(ctx, tx, "DELETE FROM staff_session WHERE staff = $1 AND hash <> $2", member, keep); err != nil {
			return err
		}
		return putEntry(ctx, tx, e)
	})
}

func (s dbStaff) Rehash(ctx context.Context, member, old, password string) error {
	return s.do(ctx, "UPDATE staff SET password = $3 WHERE id = $1 AND password = $2", member, old, password)
}

// do carries out one statement.
func (s dbStaff) do(ctx context.Context, query string, args ...any) error {
	if _, err := s.db.write.ExecContext(ctx, query, args...); err != nil {
		return unavailable(err)
	}
	return nil
}

// noted carries out statements that have the same arguments, and notes it.
func (s dbStaff) noted(ctx context.Context, e staff.Entry, query string, args ...any) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, query, args...); err != nil {
			return err
		}
		return putEntry(ctx, tx, e)
	})
}

func (s dbStaff) SetSecret(ctx context.Context, member, secret string, e staff.Entry) error {
	return s.noted(ctx, e, "UPDATE staff SET secret = $2, step = 0 WHERE id = $1", member, secret)
}

func (s dbStaff) UseStep(ctx context.Context, member string, step int64) (used bool, err error) {
	err = s.db.inTx(ctx, func(tx *sql.Tx) error {
		n, err := changed(ctx, tx, "UPDATE staff SET step = $2 WHERE id = $1 AND step < $2", member, step)
		used = n == 1
		return err
	})
	return used, err
}

func (s dbStaff) PutSession(ctx context.Context, x staff.Session, e staff.Entry) error {
	return s.noted(ctx, e, "INSERT INTO staff_session (hash, id, staff, agent, address, began, seen, ends) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		x.Hash, x.ID, x.Member.ID, x.Agent, x.Address, ms(x.Began), ms(x.Seen), ms(x.Ends))
}

const sessionQuery = "SELECT " + staffColumns + ", x.hash, x.id, x.agent, x.address, x.began, x.seen, x.ends FROM staff_session x JOIN staff s ON s.id = x.staff WHERE NOT s.off AND x.ends > $2 AND "

func scanSession(rows interface{ Scan(...any) error }) (x staff.Session, err error) {
	var began, seen, ends int64
	x.Member, err = scanMember(rows, &x.Hash, &x.ID, &x.Agent, &x.Address, &began, &seen, &ends)
	x.Began, x.Seen, x.Ends = fromMS(began), fromMS(seen), fromMS(ends)
	return x, err
}

func (s dbStaff) Session(ctx context.Context, hash []byte, now time.Time) (*staff.Session, error) {
	x, err := scanSession(s.db.read.QueryRowContext(ctx, sessionQuery+"x.hash = $1", hash, ms(now)))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, unavailable(err)
	}
	return &x, nil
}

func (s dbStaff) Seen(ctx context.Context, hash []byte, seen, ends time.Time) error {
	return s.do(ctx, "UPDATE staff_session SET seen = $2, ends = $3 WHERE hash = $1", hash, ms(seen), ms(ends))
}

func (s dbStaff) Sessions(ctx context.Context, member string, now time.Time) ([]staff.Session, error) {
	return list(ctx, s.db.read, func(rows *sql.Rows) (staff.Session, error) { return scanSession(rows) },
		sessionQuery+"x.staff = $1 ORDER BY x.seen DESC, x.id", member, ms(now))
}

func (s dbStaff) EndSession(ctx context.Context, member, id string, e staff.Entry) error {
	return s.noted(ctx, e, "DELETE FROM staff_session WHERE staff = $1 AND id = $2", member, id)
}

func (s dbStaff) EndSessions(ctx context.Context, member string, keep []byte, e staff.Entry) error {
	if keep == nil {
		keep = []byte{}
	}
	return s.noted(ctx, e, "DELETE FROM staff_session WHERE staff = $1 AND hash <> $2", member, keep)
}

func (s dbStaff) NoteTries(ctx context.Context, id string, at time.Time, keys ...string) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error {
		for _, key := range keys {
			if err := exec(ctx, tx, "INSERT INTO staff_try (id, what, at) VALUES ($1, $2, $3)", id, key, ms(at)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s dbStaff) Tries(ctx context.Context, key string, since time.Time) (n int, err error) {
	if err := s.db.read.QueryRowContext(ctx, "SELECT count(*) FROM staff_try WHERE what = $1 AND at > $2", key, ms(since)).Scan(&n); err != nil {
		return 0, unavailable(err)
	}
	return n, nil
}

func (s dbStaff) ForgetTries(ctx context.Context, id, key string) error {
	return s.do(ctx, "DELETE FROM staff_try WHERE id = $1 OR what = $2", id, key)
}

func (s dbStaff) PutCode(ctx context.Context, code []byte, member string, now, ends time.Time) (put bool, err error) {
	err = s.db.inTx(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, "DELETE FROM staff_code WHERE staff = $1 OR ends <= $2", member, ms(now)); err != nil {
			return err
		}
		n, err := changed(ctx, tx, "INSERT INTO staff_code (code, staff, ends) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", code, member, ms(ends))
		put = n == 1
		return err
	})
	return put, err
}

func (s dbStaff) LinkChat(ctx context.Context, code []byte, c bot.Contact, turn string, e staff.Entry) (string, error) {
	return s.db.linkOnce(ctx, c, turn, e.At, func(tx *sql.Tx) (string, error) {
		var wrong int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM link_outcome WHERE channel = $1 AND contact = $2 AND outcome = $3 AND at > $4",
			c.Channel, c.ID, staff.WrongCode, ms(e.At.Add(-staff.WrongTime))).Scan(&wrong); err != nil {
			return "", unavailable(err)
		}
		if wrong >= staff.WrongTries {
			return staff.TooManyCodes, nil
		}
		err := tx.QueryRowContext(ctx, `DELETE FROM staff_code WHERE code = $1 AND ends > $2 AND staff IN (SELECT id FROM staff WHERE NOT off) RETURNING staff`, code, ms(e.At)).Scan(&e.Member)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return staff.WrongCode, nil
		case err != nil:
			return "", unavailable(err)
		}
		// A chat is one member's: with a code of another it becomes theirs.
		if err := exec(ctx, tx, "UPDATE staff SET channel = '', contact = '' WHERE channel = $1 AND contact = $2", c.Channel, c.ID); err != nil {
			return "", err
		}
		if err := exec(ctx, tx, "UPDATE staff SET channel = $2, contact = $3 WHERE id = $1", e.Member, c.Channel, c.ID); err != nil {
			return "", err
		}
		if err := tx.QueryRowContext(ctx, "SELECT name FROM staff WHERE id = $1", e.Member).Scan(&e.Name); err != nil {
			return "", unavailable(err)
		}
		e.About = "staff:" + e.Member
		return staff.Linked, putEntry(ctx, tx, e)
	})
}

func (s dbStaff) UnlinkChat(ctx context.Context, member string, e staff.Entry) error {
	return s.noted(ctx, e, "UPDATE staff SET channel = '', contact = '' WHERE id = $1", member)
}

func (s dbStaff) PutEntry(ctx context.Context, e staff.Entry) error {
	return s.db.inTx(ctx, func(tx *sql.Tx) error { return putEntry(ctx, tx, e) })
}

// putEntry notes something in the transaction that does it.
func putEntry(ctx context.Context, tx *sql.Tx, e staff.Entry) error {
	return exec(ctx, tx, "INSERT INTO audit (id, at, staff, name, did, about, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)", e.ID, ms(e.At), e.Member, e.Name, e.Did, e.About, e.Detail)
}

func (s dbStaff) Entries(ctx context.Context, q staff.Query) ([]staff.Entry, error) {
	return list(ctx, s.db.read, func(rows *sql.Rows) (e staff.Entry, err error) {
		var at int64
		err = rows.Scan(&e.ID, &at, &e.Member, &e.Name, &e.Did, &e.About, &e.Detail)
		e.At = fromMS(at)
		return e, err
	}, `SELECT id, at, staff, name, did, about, detail FROM audit
		WHERE ($1 = '' OR staff = $1) AND ($2 = '' OR substr(did, 1, length($2)) = $2) AND ($3 = '' OR about = $3) AND ($4 = '' OR id < $4) AND did <> $5
		ORDER BY id DESC LIMIT $6`, q.Member, q.Did, q.About, q.Before, q.Except, q.Limit)
}

func putEntries(ctx context.Context, tx *sql.Tx, entries []staff.Entry) error {
	for _, e := range entries {
		if err := putEntry(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}
