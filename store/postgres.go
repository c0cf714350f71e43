package store

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgresConnections is how many one process uses: what the database does
// for it at a time, not how many people talk with it.
const postgresConnections = 16

// OpenPostgres opens records in PostgreSQL and brings the tables up to date;
// of several processes that start at a time one does it. The error is a
// *StartError.
func OpenPostgres(ctx context.Context, address string, now time.Time) (*DB, error) {
	db, password, err := connectPostgres(address)
	if err != nil {
		return nil, err
	}
	err = db.migrate(ctx, now, false)
	if err == nil {
		err = db.beginRecipients(ctx)
	}
	if err == nil {
		err = db.beginCases(ctx)
	}
	if err != nil {
		db.Close()
		return nil, postgresError(err, password)
	}
	return db, nil
}

// connectPostgres makes the pool; nobody is called yet. The password is for who
// must keep it out of an error.
func connectPostgres(address string) (db *DB, password string, err error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		// pgx's own words may hold the password.
		return nil, "", &StartError{"DATABASE_URL", "is no address of a PostgreSQL database", "give postgres://user:password@host:5432/database", nil}
	}
	config.ConnectTimeout = answerTime
	// Its compiler takes longer than any of our statements: of 2.4 s for an
	// audience of 50,000 it took 1.5. Whoever asks for it in the address has it.
	if _, asked := config.RuntimeParams["jit"]; !asked {
		config.RuntimeParams["jit"] = "off"
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(postgresConnections)
	pool.SetMaxIdleConns(postgresConnections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return &DB{write: pool, read: pool, postgres: true}, config.Password, nil
}

// postgresError says what to do about records that can't be opened, whatever
// the server says of the password.
func postgresError(err error, password string) error {
	var start *StartError
	if errors.As(err, &start) {
		start.Setting = "DATABASE_URL"
		return start
	}
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		switch refused.Code {
		case "28P01", "28000":
			return &StartError{"DATABASE_URL", "PostgreSQL refuses the user or the password", "correct them", nil}
		case "3D000":
			return &StartError{"DATABASE_URL", "there is no such database", "create it, encoded as UTF8", nil}
		case "42501":
			return &StartError{"DATABASE_URL", "the user may not make tables", "let it own the database", nil}
		}
		return &StartError{"DATABASE_URL", "PostgreSQL can't be used", "see the cause", errors.New(withoutWord(refused.Message, password))}
	}
	return &StartError{"DATABASE_URL", "PostgreSQL can't be reached", "start it, or unset DATABASE_URL to keep records in NGHE_DATA", dialError(err)}
}

// withoutWord takes a secret out of a text.
func withoutWord(text, secret string) string {
	if secret == "" {
		return text
	}
	return strings.ReplaceAll(text, secret, "[secret]")
}

// dialError gives the reason of a connection that failed, without the address
// and all that pgx tried.
func dialError(err error) error {
	var op *net.OpError
	switch {
	case errors.As(err, &op):
		return op.Err
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("it does not answer")
	}
	return nil
}

// lockMigration lets one process at a time change the tables; it lasts until
// the transaction ends. SQLite has one writer anyway.
func (db *DB) lockMigration(ctx context.Context, tx *sql.Tx) error {
	if !db.postgres {
		return nil
	}
	_, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(7104101)") // any number that others don't use
	return err
}
