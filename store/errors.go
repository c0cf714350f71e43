package store

import (
	"errors"
	"fmt"
)

// ErrUnavailable says that the store could not be reached or did not answer in
// time. Nothing is known about whether it wrote; ask again.
var ErrUnavailable = errors.New("storage can't be reached")

// StartError says why a store can't be opened, and what to do.
type StartError struct {
	Setting string // the variable to look at: NGHE_DATA, REDIS_URL
	What    string
	Try     string
	Err     error // the cause, may be nil
}

func (e *StartError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v: %s", e.Setting, e.What, e.Err, e.Try)
	}
	return fmt.Sprintf("%s: %s: %s", e.Setting, e.What, e.Try)
}

func (e *StartError) Unwrap() error { return e.Err }
