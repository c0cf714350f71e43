package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"nghe/bot"
	"nghe/course"
	"nghe/report"
	"nghe/staff"
)

// PutCampaign keeps a survey; one that is there is replaced. The entries are
// written with it. Conversations see it as they see courses: CoursesChange.
func (db *DB) PutCampaign(ctx context.Context, c course.Campaign, now time.Time, entries ...staff.Entry) error {
	body, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("campaign %s: %w", c.ID, err)
	}
	return db.inTx(ctx, func(tx *sql.Tx) error {
		if err := exec(ctx, tx, "INSERT INTO campaign (id, body, created_at) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET body = excluded.body", c.ID, body, ms(now)); err != nil {
			return err
		}
		if err := coursesChanged(ctx, tx); err != nil {
			return err
		}
		return putEntries(ctx, tx, entries)
	})
}

// Campaigns gives all surveys, the newest first.
func (db *DB) Campaigns(ctx context.Context) ([]course.Campaign, error) {
	return list(ctx, db.read, func(rows *sql.Rows) (c course.Campaign, err error) {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return c, unavailable(err)
		}
		return c, json.Unmarshal(body, &c)
	}, "SELECT body FROM campaign ORDER BY created_at DESC, id")
}

// AnswerSurvey keeps the wish of somebody who was asked. When they have the same
// wish from before, that one becomes the answer; with the same ID it is the same
// answer, put again.
func (db *DB) AnswerSurvey(ctx context.Context, i course.Interest) error {
	kept, err := db.PutInterest(ctx, i)
	if err != nil || kept.ID == i.ID {
		return err
	}
	return db.inTx(ctx, func(tx *sql.Tx) error {
		who, err := whoOf(ctx, tx, bot.Contact{Channel: i.Channel, ID: i.Contact})
		if err != nil {
			return err
		}
		err = exec(ctx, tx, `UPDATE interest SET campaign = $2, level = $3, able = $4, consent = $5, updated_at = $6,
			village = CASE WHEN $7 = '' THEN village ELSE $7 END, state = CASE WHEN state = 'dropped' THEN 'new' ELSE state END WHERE id = $1`,
			kept.ID, i.Campaign, i.Level, i.Able, i.Consent, ms(i.UpdatedAt), i.Village)
		if err != nil {
			return err
		}
		return refresh(ctx, tx, who)
	})
}

// SurveySums sums up what a survey gave.
func (db *DB) SurveySums(ctx context.Context, id string) ([]report.Answer, error) {
	return list(ctx, db.read, func(rows *sql.Rows) (a report.Answer, err error) {
		err = rows.Scan(&a.Place, &a.Village, &a.Trade, &a.Level, &a.Able, &a.Paper, &a.N)
		if err != nil {
			err = unavailable(err)
		}
		return a, err
	}, `SELECT place, village, trade, level, able, source = 'paper', count(*) FROM interest WHERE campaign = $1
		GROUP BY place, village, trade, level, able, source = 'paper' ORDER BY 1, 2, 3, 4, 5, 6`, id)
}

// SurveyCounts counts the answers of every survey.
func (db *DB) SurveyCounts(ctx context.Context) (map[string]int, error) {
	all := map[string]int{}
	return all, db.each(ctx, func(rows *sql.Rows) error {
		var id string
		var n int
		err := rows.Scan(&id, &n)
		all[id] = n
		return err
	}, "SELECT campaign, count(*) FROM interest WHERE campaign <> '' GROUP BY campaign")
}
