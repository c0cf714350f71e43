package store

import (
	"context"
	"database/sql"

	"nghe/handoff"
)

var _ handoff.Drawer = (*DB)(nil)

// OwnCanned gives the answers that a member keeps, the oldest first.
func (db *DB) OwnCanned(ctx context.Context, login string) ([]handoff.OwnCanned, error) {
	return list(ctx, db.read, func(rows *sql.Rows) (x handoff.OwnCanned, err error) {
		var at int64
		err = rows.Scan(&x.Title, &x.Text, &at)
		x.At = fromMS(at)
		return x, err
	}, "SELECT title, text, at FROM own_canned WHERE login = $1 ORDER BY at, name", login)
}

// PutCanned keeps one in the place of one of the same name, where it stood.
func (db *DB) PutCanned(ctx context.Context, login, name string, x handoff.OwnCanned) error {
	_, err := db.won(ctx, `INSERT INTO own_canned (login, name, title, text, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (login, name) DO UPDATE SET title = excluded.title, text = excluded.text`, login, name, x.Title, x.Text, ms(x.At))
	return err
}

// DropCanned removes one, and says whether there was one.
func (db *DB) DropCanned(ctx context.Context, login, name string) (bool, error) {
	return db.won(ctx, "DELETE FROM own_canned WHERE login = $1 AND name = $2", login, name)
}
