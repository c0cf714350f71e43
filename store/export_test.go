package store

import "database/sql"

// Reader lets tests look into the tables.
func Reader(db *DB) *sql.DB { return db.read }

// Writer lets tests write what nobody writes by now.
func Writer(db *DB) *sql.DB { return db.write }
