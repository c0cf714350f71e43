package people

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/oklog/ulid/v2"

	"nghe/bot"
	"nghe/course"
	"nghe/dialog"
)

// Person is what is kept of somebody who agreed to it.
type Person struct {
	ID        string          `json:"id"` // a ULID, or begins with InventedPrefix
	Contacts  []bot.Contact   `json:"contacts"`
	Profile   json.RawMessage `json:"profile"` // dialog.Values
	Consents  []Consent       `json:"consents"`
	News      []Following     `json:"news,omitempty"` // what they are told of unasked
	CreatedAt time.Time       `json:"created_at"`
	UpdatedAt time.Time       `json:"updated_at"`
}

// Consent is one yes, in the words that were read.
type Consent struct {
	Purpose string    `json:"purpose"`
	Words   string    `json:"words"`
	GivenAt time.Time `json:"given_at"`
}

// Following is something that a person agreed to be told of.
type Following struct {
	Trade string    `json:"trade,omitempty"` // "" = all trades, and news of other kinds
	Place string    `json:"place,omitempty"` // only near it; "" = wherever
	At    time.Time `json:"at"`
}

// InventedPrefix begins the ids of people who do not exist (package demo).
const InventedPrefix = "demo-"

// PurposeRemember: to be known again in a later talk.
const PurposeRemember = "remember"

// Records keeps people. Package store has it. Find gives nil when there is
// nobody; every method is harmless when called again.
type Records interface {
	Find(ctx context.Context, c bot.Contact) (*Person, error)
	FindID(ctx context.Context, id string) (*Person, error)
	// Keep puts profile and consent; the ID of fresh is used when there is
	// nobody yet.
	Keep(ctx context.Context, fresh Person, c bot.Contact, consent Consent) error
	// Interests gives the wishes of the person: they may have some without
	// being a Person, which needs another consent.
	Interests(ctx context.Context, c bot.Contact) ([]course.Interest, error)
	// Delete removes the person of a contact with all their contacts and all
	// that is kept of these, the wishes too. At is in milliseconds since 1970.
	Delete(ctx context.Context, c bot.Contact, at int64) error
}

// Book does for package bot what is to be done with people.
type Book struct{ Records Records }

var _ bot.People = Book{}

// Profile gives what is kept; nil when nothing is.
func (b Book) Profile(ctx context.Context, c bot.Contact) (dialog.Values, error) {
	p, err := b.Records.Find(ctx, c)
	if err != nil || p == nil {
		return nil, err
	}
	var values dialog.Values
	if err := json.Unmarshal(p.Profile, &values); err != nil {
		return nil, fmt.Errorf("profile of %s: %w", p.ID, err)
	}
	return values, nil
}

// Others gives the other contacts of the person.
func (b Book) Others(ctx context.Context, c bot.Contact) ([]bot.Contact, error) {
	p, err := b.Records.Find(ctx, c)
	if err != nil || p == nil {
		return nil, err
	}
	return slices.DeleteFunc(p.Contacts, func(o bot.Contact) bool { return o == c }), nil
}

// Remembers says whether the person agreed to be known again: somebody may only
// have agreed to be told of news.
func (p *Person) Remembers() bool {
	return p != nil && slices.ContainsFunc(p.Consents, func(c Consent) bool { return c.Purpose == PurposeRemember })
}

// Keep puts the profile in the place of what was kept.
func (b Book) Keep(ctx context.Context, c bot.Contact, k bot.Keeping) error {
	profile, err := json.Marshal(k.Profile)
	if err != nil {
		return fmt.Errorf("profile of %s: %w", c, err)
	}
	fresh := Person{ID: ulid.Make().String(), Profile: profile, UpdatedAt: k.At}
	return b.Records.Keep(ctx, fresh, c, Consent{Purpose: PurposeRemember, Words: k.Words, GivenAt: k.At})
}

// Withdraw ends every consent of the person, on all contacts: with it goes all that was kept, wishes too, and
// the record that there was a consent goes with the person. A single wish is
// withdrawn by itself (Wishes).
func (b Book) Withdraw(ctx context.Context, c bot.Contact, at time.Time) error {
	return b.Records.Delete(ctx, c, at.UnixMilli())
}

// Delete removes everything.
func (b Book) Delete(ctx context.Context, c bot.Contact, at time.Time) error {
	return b.Records.Delete(ctx, c, at.UnixMilli())
}

// Export gives all that is kept as JSON; nil when nothing is.
func (b Book) Export(ctx context.Context, c bot.Contact) (json.RawMessage, error) {
	p, err := b.Records.Find(ctx, c)
	if err != nil {
		return nil, err
	}
	wishes, err := b.Records.Interests(ctx, c)
	if err != nil || p == nil && len(wishes) == 0 {
		return nil, err
	}
	return json.Marshal(struct {
		*Person
		Interests []course.Interest `json:"interests,omitempty"`
	}{p, wishes})
}
