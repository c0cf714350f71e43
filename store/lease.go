package store

import (
	"context"
	"time"
)

// Lease gives something that only one process may do at a time to an owner
// until a time, or lengthens what the owner has. False: another has it.
func (db *DB) Lease(ctx context.Context, name, owner string, now, until time.Time) (bool, error) {
	return db.won(ctx, `INSERT INTO lease (name, owner, until) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until WHERE lease.owner = excluded.owner OR lease.until <= $4`,
		name, owner, ms(until), ms(now))
}

// EndLease gives a lease back before its time. It is no error when the owner
// has none.
func (db *DB) EndLease(ctx context.Context, name, owner string) error {
	_, err := db.won(ctx, "DELETE FROM lease WHERE name = $1 AND owner = $2", name, owner)
	return err
}
