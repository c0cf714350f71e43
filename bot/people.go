package bot

import (
	"context"
	"encoding/json"
	"time"

	"nghe/dialog"
)

// People keeps what a person agreed to have kept beyond the session. Package
// people has it. All methods are safe for several goroutines and harmless when
// called again.
type People interface {
	// Profile gives what is kept; nil when nothing is.
	Profile(ctx context.Context, c Contact) (dialog.Values, error)
	// Others gives the contacts that are known to be the same person's.
	Others(ctx context.Context, c Contact) ([]Contact, error)
	// Keep puts the profile in the place of what was kept, under the consent
	// given in the words shown.
	Keep(ctx context.Context, c Contact, k Keeping) error
	// Withdraw ends the consent of the person; what was kept because of it
	// goes, on all contacts.
	Withdraw(ctx context.Context, c Contact, at time.Time) error
	// Delete removes everything about the person of the contact, on all
	// contacts. It is no error when there is nothing.
	Delete(ctx context.Context, c Contact, at time.Time) error
	// Export gives all that is kept as JSON; nil when nothing is.
	Export(ctx context.Context, c Contact) (json.RawMessage, error)
}

// Keeping is what a person agreed to have kept.
type Keeping struct {
	Words   string // what they said yes to, as they read it
	Profile dialog.Values
	At      time.Time
}
