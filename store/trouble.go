package store

import (
	"context"
	"database/sql"
	"time"

	"nghe/bot"
)

// Trouble is a delivery of which it is not known whether it arrived, or that
// was given up.
type Trouble struct {
	Contact bot.Contact
	Seq     int64
	Turn    string
	Kind    string // Doubtful or Lost
	Reason  string
	At      time.Time
}

// The kinds of trouble.
const (
	Doubtful = "doubtful" // may have arrived twice, or not at all
	Lost     = "lost"     // did not arrive
)

// troubleLife is how long staff may need to look into it.
const troubleLife = 30 * 24 * time.Hour

// NoteTrouble keeps a trouble; the same again changes nothing.
func (db *DB) NoteTrouble(ctx context.Context, t Trouble) error {
	_, err := db.write.ExecContext(ctx, "INSERT INTO trouble (channel, contact, seq, turn, kind, reason, at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
		t.Contact.Channel, t.Contact.ID, t.Seq, t.Turn, t.Kind, t.Reason, ms(t.At))
	if err != nil {
		return unavailable(err)
	}
	return nil
}

// Troubles gives those since a time, the newest first.
func (db *DB) Troubles(ctx context.Context, since time.Time, limit int) ([]Trouble, error) {
	return list(ctx, db.read, func(rows *sql.Rows) (t Trouble, err error) {
		var at int64
		err = rows.Scan(&t.Contact.Channel, &t.Contact.ID, &t.Seq, &t.Turn, &t.Kind, &t.Reason, &at)
		t.At = fromMS(at)
		return t, err
	}, "SELECT channel, contact, seq, turn, kind, reason, at FROM trouble WHERE at >= $1 ORDER BY at DESC, seq DESC LIMIT $2", ms(since), limit)
}
