package store

import (
	"context"
	"crypto/rand"
)

// Setting gives a value that is made once, at random, and stays: n bytes.
// Several processes that ask at the same time get the same.
func (db *DB) Setting(ctx context.Context, name string, n int) ([]byte, error) {
	fresh := make([]byte, n)
	rand.Read(fresh)
	if _, err := db.write.ExecContext(ctx, "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", name, fresh); err != nil {
		return nil, unavailable(err)
	}
	var value []byte
	if err := db.read.QueryRowContext(ctx, "SELECT value FROM setting WHERE name = $1", name).Scan(&value); err != nil {
		return nil, unavailable(err)
	}
	return value, nil
}

// The settings there are.
const (
	SettingSecret       = "secret"       // key for cookies, links and the ledger of deletions
	SettingInstallation = "installation" // the same in every store of one installation
)
