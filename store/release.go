package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"nghe/release"
	"nghe/staff"
)

var _ release.Records = (*DB)(nil)

// LastRelease gives the number of the newest change of the content; 0: there is
// none. It is one cheap query.
func (db *DB) LastRelease(ctx context.Context) (n int64, err error) {
	if err := db.read.QueryRowContext(ctx, "SELECT coalesce(max(number), 0) FROM content_release").Scan(&n); err != nil {
		return 0, unavailable(err)
	}
	return n, nil
}

// EditedFiles gives all files of edited content as they are after a release.
func (db *DB) EditedFiles(ctx context.Context, number int64) (release.Files, error) {
	return db.files(ctx, "SELECT f.path, f.body FROM content_file f WHERE f.release = (SELECT max(g.release) FROM content_file g WHERE g.path = f.path AND g.release <= $1)", number)
}

func (db *DB) files(ctx context.Context, query string, number int64) (release.Files, error) {
	all := release.Files{}
	_, err := list(ctx, db.read, func(rows *sql.Rows) (struct{}, error) {
		var path, body string
		err := rows.Scan(&path, &body)
		all[path] = body
		return struct{}{}, err
	}, query, number)
	return all, err
}

const releaseColumns = "number, at, by_whom, name, about, why, base"

func scanRelease(rows interface{ Scan(...any) error }) (r release.Release, err error) {
	var at int64
	err = rows.Scan(&r.Number, &at, &r.By, &r.Name, &r.About, &r.Why, &r.Base)
	r.At = fromMS(at)
	return r, err
}

// Releases gives the newest first, those before a number (0: all), without their
// files.
func (db *DB) Releases(ctx context.Context, before int64, limit int) ([]release.Release, error) {
	return list(ctx, db.read, func(rows *sql.Rows) (release.Release, error) { return scanRelease(rows) },
		"SELECT "+releaseColumns+" FROM content_release WHERE $1 = 0 OR number < $1 ORDER BY number DESC LIMIT $2", before, limit)
}

// Release gives one with its files; nil: there is none.
func (db *DB) Release(ctx context.Context, number int64) (*release.Release, error) {
	r, err := scanRelease(db.read.QueryRowContext(ctx, "SELECT "+releaseColumns+" FROM content_release WHERE number = $1", number))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, unavailable(err)
	}
	if r.Files, err = db.files(ctx, "SELECT path, body FROM content_file WHERE release = $1", number); err != nil {
		return nil, err
	}
	return &r, nil
}

// PutRelease keeps a change as the newest, with its entries in the audit log.
// False: somebody else has its number.
func (db *DB) PutRelease(ctx context.Context, r release.Release, entries ...staff.Entry) (won bool, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		n, err := changed(ctx, tx, `INSERT INTO content_release (`+releaseColumns+`) SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS TEXT), CAST($7 AS TEXT)
			WHERE (SELECT coalesce(max(number), 0) FROM content_release) = CAST($1 AS BIGINT) - 1 ON CONFLICT DO NOTHING`,
			r.Number, ms(r.At), r.By, r.Name, r.About, r.Why, r.Base)
		if won = n == 1; err != nil || !won {
			return err
		}
		for _, path := range slices.Sorted(maps.Keys(r.Files)) {
			if err := exec(ctx, tx, "INSERT INTO content_file (path, release, body) VALUES ($1, $2, $3)", path, r.Number, r.Files[path]); err != nil {
				return err
			}
		}
		return putEntries(ctx, tx, entries)
	})
	return won && err == nil, err
}
