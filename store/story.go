package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"nghe/staff"
	"nghe/story"
)

// PutStory keeps a story as it was changed, and says whether it was still as it was
// read (was nil: a new one). A new picture stands in for the old one; where the
// story names none, there is none any more. The entries are written with it.
// Conversations and pages see it as they see courses: CoursesChange.
func (db *DB) PutStory(ctx context.Context, was *story.Story, s story.Story, picture []byte, entries ...staff.Entry) (put bool, err error) {
	body, err := json.Marshal(s)
	if err != nil {
		return false, fmt.Errorf("story %s: %w", s.ID, err)
	}
	err = db.inTx(ctx, func(tx *sql.Tx) error {
		var n int64
		if was == nil {
			n, err = changed(ctx, tx, "INSERT INTO story (id, body, state, created_at, updated_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING", s.ID, body, s.State, ms(s.CreatedAt), ms(s.UpdatedAt))
		} else {
			// Withdrawn is the end, whatever somebody had on their screen.
			n, err = changed(ctx, tx, "UPDATE story SET body = $2, state = $3, updated_at = $4 WHERE id = $1 AND updated_at = $5 AND state = $6 AND state <> 'withdrawn'",
				s.ID, body, s.State, ms(s.UpdatedAt), ms(was.UpdatedAt), was.State)
		}
		if put = n == 1; err != nil || !put {
			return err
		}
		if picture != nil {
			if err := exec(ctx, tx, "INSERT INTO story_picture (name, story, body) VALUES ($1, $2, $3)", s.Picture, s.ID, picture); err != nil {
				return err
			}
		}
		if err := exec(ctx, tx, "DELETE FROM story_picture WHERE story = $1 AND name <> $2", s.ID, s.Picture); err != nil {
			return err
		}
		if err := coursesChanged(ctx, tx); err != nil {
			return err
		}
		return putEntries(ctx, tx, entries)
	})
	return put && err == nil, err
}

// Stories gives all stories, the newest first.
func (db *DB) Stories(ctx context.Context) ([]story.Story, error) {
	return list(ctx, db.read, func(rows *sql.Rows) (s story.Story, err error) {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return s, unavailable(err)
		}
		return s, json.Unmarshal(body, &s)
	}, "SELECT body FROM story ORDER BY created_at DESC, id")
}

// Story gives a story; nil for none.
func (db *DB) Story(ctx context.Context, id string) (*story.Story, error) {
	var body []byte
	err := db.read.QueryRowContext(ctx, "SELECT body FROM story WHERE id = $1", id).Scan(&body)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, unavailable(err)
	}
	var s story.Story
	if err := json.Unmarshal(body, &s); err != nil {
		return nil, fmt.Errorf("story %s: %w", id, err)
	}
	return &s, nil
}

// StoryPicture gives the picture of a story by its name; nil for none.
func (db *DB) StoryPicture(ctx context.Context, id, name string) (body []byte, err error) {
	err = db.read.QueryRowContext(ctx, "SELECT body FROM story_picture WHERE story = $1 AND name = $2", id, name).Scan(&body)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, unavailable(err)
	}
	return body, nil
}

// ToldPicture is StoryPicture for anybody: of stories that are told at this moment,
// on whatever process they were withdrawn a moment ago.
func (db *DB) ToldPicture(ctx context.Context, id, name string) ([]byte, error) {
	s, err := db.Story(ctx, id)
	if err != nil || s == nil {
		return nil, err
	}
	if told := s.Told(); told == nil || told.Picture == "" || told.Picture != name {
		return nil, nil
	}
	return db.StoryPicture(ctx, id, name)
}
