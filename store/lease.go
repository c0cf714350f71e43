package store

import (
	"context"
	"time"
)

// Lease gives something that only one process may do at a time to an owner
// until a time, or lengthens what the owner has. False: another has it.
func (db *DB) Lease(ctx context.Context, name, owner string, now, until time.Time) (bool, error) {
	r, err := db.write.ExecContext(ctx, `INSERT INTO lease (name, owner, until) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until WHERE lease.owner = excluded.owner OR lease.until <= $4`,
		name, owner, ms(until), ms(now))
	if err != nil {
		return false, unavailable(err)
	}
	n, err := r.RowsAffected()
	if err != nil {
		return false, unavailable(err)
	}
	return n == 1, nil
}

// EndLease gives a lease back before its time. It is no error when the owner
// has none.
func (db *DB) EndLease(ctx context.Context, name, owner string) error {
	if _, err := db.write.ExecContext(ctx, "DELETE FROM lease WHERE name = $1 AND owner = $2", name, owner); err != nil {
		return unavailable(err)
	}
	return nil
}
