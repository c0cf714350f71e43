package store

import "database/sql"

// Reader lets tests look into the tables.
func Reader(db *DB) *sql.DB { return db.read }
