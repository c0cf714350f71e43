package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"strings"
	"time"

	"nghe/bot"
)

// Tokens keeps the tokens of one channel, which are exchanged by one process
// at a time. Package bot/zalo says what each method promises.
type Tokens struct {
	db   *DB
	name string
}

// Tokens gives the tokens of a name.
func (db *DB) Tokens(name string) Tokens { return Tokens{db, name} }

// Load gives what was saved last and its version; nil and 0 for nothing.
func (t Tokens) Load(ctx context.Context) (saved []byte, version int64, err error) {
	err = t.db.read.QueryRowContext(ctx, "SELECT body, version FROM token WHERE name = $1", t.name).Scan(&saved, &version)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, unavailable(err)
	}
	return saved, version, nil
}

// Lease gives one owner the right to exchange them.
func (t Tokens) Lease(ctx context.Context, owner string, now time.Time, life time.Duration) (bool, error) {
	return t.db.Lease(ctx, "token "+t.name, owner, now, now.Add(life))
}

// Save puts something in the place of the version that was loaded.
func (t Tokens) Save(ctx context.Context, saved []byte, version int64) (bool, error) {
	if version == 0 {
		return t.db.won(ctx, "INSERT INTO token (name, body, version) VALUES ($1, $2, 1) ON CONFLICT (name) DO NOTHING", t.name, saved)
	}
	return t.db.won(ctx, "UPDATE token SET body = $2, version = version + 1 WHERE name = $1 AND version = $3", t.name, saved, version)
}

// won runs a statement that changes one row, and says whether it did.
func (db *DB) won(ctx context.Context, query string, args ...any) (bool, error) {
	r, err := db.write.ExecContext(ctx, query, args...)
	if err != nil {
		return false, unavailable(err)
	}
	n, err := r.RowsAffected()
	if err != nil {
		return false, unavailable(err)
	}
	return n == 1, nil
}

// Spend counts đồng in the month of a time, unless the sum would pass the
// limit: then it counts nothing and gives false. A negative sum is given back
// and always counts.
func (db *DB) Spend(ctx context.Context, dong, limit int64, at time.Time) (bool, error) {
	month := at.Format("2006-01")
	if dong > 0 && dong > limit {
		return false, nil
	}
	return db.won(ctx, `INSERT INTO spent (month, dong) VALUES ($1, $2)
		ON CONFLICT (month) DO UPDATE SET dong = spent.dong + excluded.dong
		WHERE excluded.dong < 0 OR spent.dong + excluded.dong <= $3`, month, dong, limit)
}

func (db *DB) is(ctx context.Context, query string, args ...any) (yes bool, err error) {
	if err := db.read.QueryRowContext(ctx, query, args...).Scan(&yes); err != nil {
		return false, unavailable(err)
	}
	return yes, nil
}

// Echo notes that a message arrived, by its words.
func (db *DB) Echo(ctx context.Context, c bot.Contact, text string, at time.Time) error {
	_, err := db.won(ctx, "INSERT INTO echo (channel, contact, words, at) VALUES ($1, $2, $3, $4) ON CONFLICT (channel, contact, words) DO UPDATE SET at = excluded.at WHERE echo.at < excluded.at",
		c.Channel, c.ID, wordsOf(text), ms(at))
	return err
}

// Echoed says whether a message of these words has arrived since a time.
func (db *DB) Echoed(ctx context.Context, c bot.Contact, text string, since time.Time) (bool, error) {
	return db.is(ctx, "SELECT EXISTS (SELECT 1 FROM echo WHERE channel = $1 AND contact = $2 AND words = $3 AND at >= $4)", c.Channel, c.ID, wordsOf(text), ms(since))
}

// echoLife is how long a send may be in doubt.
const echoLife = time.Hour

// wordsOf names a text by its words: platforms change its white space.
func wordsOf(text string) []byte {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(text), " ")))
	return sum[:]
}

// Unreachable notes that a contact can't be written to until they write.
func (db *DB) Unreachable(ctx context.Context, c bot.Contact, reason string, at time.Time) error {
	return db.reach(ctx, c, "INSERT INTO unreachable (channel, contact, reason, at) VALUES ($1, $2, $3, $4) ON CONFLICT (channel, contact) DO UPDATE SET reason = excluded.reason, at = excluded.at",
		c.Channel, c.ID, reason, ms(at))
}

// Reachable takes that back.
func (db *DB) Reachable(ctx context.Context, c bot.Contact) error {
	return db.reach(ctx, c, "DELETE FROM unreachable WHERE channel = $1 AND contact = $2", c.Channel, c.ID)
}

// reach changes how a contact can be reached, and with it its recipient.
func (db *DB) reach(ctx context.Context, c bot.Contact, query string, args ...any) error {
	return db.inTx(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, query, args...); err != nil {
			return err
		}
		who, err := whoOf(ctx, tx, c)
		if err != nil {
			return err
		}
		return refresh(ctx, tx, who)
	})
}

// MediaOf gives what was kept of a turn of a channel; nil for nothing.
func (db *DB) MediaOf(ctx context.Context, channel, turn string, now time.Time) (body []byte, err error) {
	err = db.read.QueryRowContext(ctx, "SELECT body FROM media WHERE channel = $1 AND turn = $2 AND ends > $3", channel, turn, ms(now)).Scan(&body)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, unavailable(err)
	}
	return body, nil
}

// Media keeps references to what a person sent (JSON) until a time.
func (db *DB) Media(ctx context.Context, c bot.Contact, turn string, body []byte, ends time.Time) error {
	_, err := db.won(ctx, "INSERT INTO media (channel, contact, turn, body, ends) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING", c.Channel, c.ID, turn, body, ms(ends))
	return err
}
