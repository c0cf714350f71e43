package store

import (
	"context"
	"database/sql"
)

// The statements of a turn, which are carried out more often than all others
// together.
const (
	loadSession = `
		SELECT version, plain, CASE WHEN sensitive_ends > $3 THEN sensitive END, effects, last_seq, ends, epoch, hold, hold_case,
		       EXISTS (SELECT 1 FROM seen WHERE channel = $1 AND contact = $2 AND turn = $4 AND ends > $3)
		FROM session WHERE channel = $1 AND contact = $2`
	insertSession = `
		INSERT INTO session (channel, contact, version, plain, sensitive, sensitive_ends, effects, last_seq, ends, epoch)
		VALUES ($1, $2, CAST($3 AS BIGINT) + 1, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (channel, contact) DO NOTHING RETURNING last_seq`
	updateSession = `
		UPDATE session SET version = version + 1, plain = $4, sensitive = $5, sensitive_ends = $6, effects = $7, last_seq = last_seq + $8, ends = $9
		WHERE channel = $1 AND contact = $2 AND version = $3 AND epoch = $10 RETURNING last_seq`
	markSeen = `
		INSERT INTO seen (channel, contact, turn, ends) VALUES ($1, $2, $3, $4)
		ON CONFLICT (channel, contact, turn) DO UPDATE SET ends = excluded.ends WHERE seen.ends <= $5`
	forgetInbox  = "DELETE FROM inbox WHERE channel = $1 AND contact = $2 AND turn = $3"
	insertOutbox = "INSERT INTO outbox (channel, contact, seq, turn, bubbles, at, progress, not_before) VALUES ($1, $2, $3, $4, $5, $6, $7, $6)"
	insertBubble = "INSERT INTO bubble (channel, contact, seq, turn, body, ends) VALUES ($1, $2, $3, $4, $5, $6)"
	trimBubbles  = "DELETE FROM bubble WHERE channel = $1 AND contact = $2 AND (seq <= $3 OR ends <= $4)"
)

// statements are those that SQLite has read once and keeps ready: to read the
// text of one takes it longer than to carry it out. What is not among them, and
// everything on PostgreSQL, whose driver does the same by itself, is carried out
// from its text.
type statements map[string]*sql.Stmt

// prepare makes them; they end with the connections.
func prepare(ctx context.Context, db *DB) (statements, error) {
	all := statements{}
	for pool, queries := range map[*sql.DB][]string{
		db.read:  {loadSession},
		db.write: {insertSession, updateSession, markSeen, forgetInbox, insertOutbox, insertBubble, trimBubbles},
	} {
		for _, q := range queries {
			stmt, err := pool.PrepareContext(ctx, q)
			if err != nil {
				return nil, unavailable(err)
			}
			all[q] = stmt
		}
	}
	return all, nil
}

// runner is a transaction or a pool.
type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// in gives a statement as it is used by a transaction; nil: it is not prepared.
func (s statements) in(ctx context.Context, r runner, query string) *sql.Stmt {
	stmt := s[query]
	if tx, ok := r.(*sql.Tx); ok && stmt != nil {
		return tx.StmtContext(ctx, stmt)
	}
	return stmt
}

func (s statements) exec(ctx context.Context, r runner, query string, args ...any) (sql.Result, error) {
	if stmt := s.in(ctx, r, query); stmt != nil {
		return stmt.ExecContext(ctx, args...)
	}
	return r.ExecContext(ctx, query, args...)
}

func (s statements) row(ctx context.Context, r runner, query string, args ...any) *sql.Row {
	if stmt := s.in(ctx, r, query); stmt != nil {
		return stmt.QueryRowContext(ctx, args...)
	}
	return r.QueryRowContext(ctx, query, args...)
}
