package store

import (
	"context"
	"database/sql"

	"nghe/bot"
	"nghe/course"
)

const interestColumns = "id, channel, contact, whom, course, trade, place, name, phone, birth_year, village, remind, state, source, consent, created_at, updated_at, why, entered_by, papers, campaign, level, able"

const putInterest = "INSERT INTO interest (" + interestColumns + ", who) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24) ON CONFLICT DO NOTHING"

// interestRow is a wish as its table has it; who is "" for wishes on paper.
func interestRow(i course.Interest, who string) []any {
	return []any{i.ID, i.Channel, i.Contact, i.Whom, i.Course, i.Trade, i.Place, i.Name, i.Phone, i.BirthYear, i.Village, i.Remind, i.State, i.Source, i.Consent, ms(i.CreatedAt), ms(i.UpdatedAt), i.Why, i.EnteredBy, i.Papers, i.Campaign, i.Level, i.Able, who}
}

// PutInterest keeps a wish. When the person has one for the same somebody and
// course, or the same somebody, trade and place, that one stays as it is and is
// given back; with the same ID it is the same wish, put again.
func (db *DB) PutInterest(ctx context.Context, i course.Interest) (kept course.Interest, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		same := func() ([]course.Interest, error) {
			return interests(ctx, tx, `WHERE id = $3 OR channel <> '' AND (`+theirInterests[len("WHERE "):]+`) AND whom = $4 AND
				(course <> '' AND course = $5 OR course = '' AND $5 = '' AND trade = $6 AND place = $7) ORDER BY created_at, id`,
				i.Channel, i.Contact, i.ID, i.Whom, i.Course, i.Trade, i.Place)
		}
		there, err := same()
		if err != nil {
			return err
		}
		if len(there) > 0 {
			kept = there[0]
			return nil
		}
		who := ""
		if c := (bot.Contact{Channel: i.Channel, ID: i.Contact}); c.Channel != "" {
			if who, err = whoOf(ctx, tx, c); err != nil {
				return err
			}
		}
		if err := exec(ctx, tx, putInterest, interestRow(i, who)...); err != nil {
			return err
		}
		if err := putSteps(ctx, tx, i.ID, i.State, i.UpdatedAt, i.EnteredBy); err != nil {
			return err
		}
		if there, err = same(); err != nil {
			return err
		}
		kept = there[0] // there is one: what was put, or what stood in its way
		if who == "" {
			return nil
		}
		if err := refresh(ctx, tx, who); err != nil {
			return err
		}
		// They have just written; a contact without a person is known from here on.
		return exec(ctx, tx, "UPDATE recipient SET heard_at = $2 WHERE who = $1 AND heard_at < $2", who, ms(i.CreatedAt))
	})
	return kept, err
}

// Interests gives the wishes of a contact and of the same person's other
// contacts, the oldest first.
func (db *DB) Interests(ctx context.Context, c bot.Contact) ([]course.Interest, error) {
	return interests(ctx, db.read, theirInterests+" ORDER BY created_at, id", c.Channel, c.ID)
}

const theirInterests = `WHERE channel = $1 AND contact = $2 OR (channel, contact) IN
	(SELECT o.channel, o.contact FROM contact o JOIN contact me ON me.person = o.person WHERE me.channel = $1 AND me.contact = $2)`

// InterestsIn gives the wishes for a course, or, with trade and place, for a
// trade at a place when no course is named; "" is any. The oldest come first:
// who asked first is served first.
func (db *DB) InterestsIn(ctx context.Context, courseID, trade, place string) ([]course.Interest, error) {
	return interests(ctx, db.read, `WHERE ($1 = '' OR course = $1) AND ($2 = '' OR trade = $2) AND ($3 = '' OR place = $3) ORDER BY created_at, id`, courseID, trade, place)
}

// DropInterest removes a wish of a person and says whether there was one.
func (db *DB) DropInterest(ctx context.Context, c bot.Contact, id string) (dropped bool, err error) {
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		who, err := whoOf(ctx, tx, c)
		if err != nil {
			return err
		}
		r, err := tx.ExecContext(ctx, "DELETE FROM interest WHERE id = $3 AND ("+theirInterests[len("WHERE "):]+")", c.Channel, c.ID, id)
		if err != nil {
			return unavailable(err)
		}
		n, err := r.RowsAffected()
		if dropped = n > 0; err != nil || !dropped {
			return err
		}
		if err := refresh(ctx, tx, who); err != nil {
			return err
		}
		return db.leaveIfNobody(ctx, tx, who)
	})
	return dropped, err
}

func interests(ctx context.Context, q querier, where string, args ...any) ([]course.Interest, error) {
	return list(ctx, q, func(rows *sql.Rows) (i course.Interest, err error) {
		var created, updated int64
		err = rows.Scan(&i.ID, &i.Channel, &i.Contact, &i.Whom, &i.Course, &i.Trade, &i.Place, &i.Name, &i.Phone, &i.BirthYear, &i.Village, &i.Remind, &i.State, &i.Source, &i.Consent, &created, &updated, &i.Why, &i.EnteredBy, &i.Papers, &i.Campaign, &i.Level, &i.Able)
		if err != nil {
			return i, unavailable(err)
		}
		i.CreatedAt, i.UpdatedAt = fromMS(created), fromMS(updated)
		return i, nil
	}, "SELECT "+interestColumns+" FROM interest "+where, args...)
}
