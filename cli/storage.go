package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"nghe/bot"
	"nghe/bot/webchat"
	"nghe/people"
	"nghe/store"
)

// storage is what is kept, wherever it is.
type storage struct {
	sessions store.Sessions
	people   people.Book
	secret   []byte // key for cookies and links
	linkKey  []byte // key for the codes that link contacts

	db    *store.DB
	redis *store.Redis // nil: sessions are in db
}

// openStorage opens what the settings name.
func openStorage(ctx context.Context, e environment, now time.Time, log *slog.Logger) (*storage, error) {
	db, err := openRecords(ctx, e, now)
	if err != nil {
		return nil, err
	}
	s := &storage{db: db, sessions: db.Sessions()}
	if err := s.begin(ctx, e, log); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func openRecords(ctx context.Context, e environment, now time.Time) (*store.DB, error) {
	if e.Database != "" {
		return store.OpenPostgres(ctx, e.Database, now)
	}
	return store.Open(ctx, e.Data, now)
}

func (s *storage) begin(ctx context.Context, e environment, log *slog.Logger) error {
	made, err := s.db.Setting(ctx, store.SettingSecret, 32)
	if err != nil {
		return fmt.Errorf("records: %w", err)
	}
	if s.secret = made; e.Secret != "" {
		s.secret = []byte(e.Secret)
	}
	// The ledger of deletions must be readable whatever NGHE_SECRET becomes.
	s.people, s.linkKey = people.Book{Records: s.db.People(made)}, made
	if e.RedisURL == "" {
		return nil
	}
	if s.redis, err = store.OpenRedis(ctx, e.RedisURL, log); err != nil {
		return err
	}
	installation, err := s.db.Setting(ctx, store.SettingInstallation, 16)
	if err != nil {
		return fmt.Errorf("records: %w", err)
	}
	s.sessions = s.redis
	return s.redis.Same(ctx, installation)
}

// limits are what web chat takes of one, over all processes; nil: each process
// counts for itself.
func (s *storage) limits() webchat.Limits {
	if s.redis == nil {
		return nil
	}
	return s.redis
}

// tellSaid wakes the pages of a contact: those of this process at once, those
// of others by way of Redis.
func (s *storage) tellSaid(c bot.Contact, wake func(bot.Contact)) {
	wake(c)
	if s.redis != nil {
		s.redis.TellSaid(c)
	}
}

// contact gives a contact of a person by the id of their record; the zero
// Contact when there is no such record.
func (s *storage) contact(ctx context.Context, id string) (bot.Contact, error) {
	p, err := s.people.Records.FindID(ctx, id)
	if err != nil || p == nil || len(p.Contacts) == 0 {
		return bot.Contact{}, err
	}
	return p.Contacts[0], nil
}

// embedded says whether all is in one file on this machine.
func (s *storage) embedded() bool { return s.redis == nil && s.db.Embedded() }

// tidy removes what has outlived its time; Redis does that by itself.
func (s *storage) tidy(ctx context.Context, now time.Time) error { return s.db.Tidy(ctx, now) }

func (s *storage) close() error {
	var err error
	if s.redis != nil {
		err = s.redis.Close()
	}
	return errors.Join(err, s.db.Close())
}
