package dialog

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Limits that keep a session small however long the talk: 1 KB encoded.
const (
	Schema       = 1  // the shape of a session; raised when it changes
	maxDepth     = 4  // flows suspended at one time
	maxBack      = 6  // questions that can be gone back to
	maxTextSlot  = 60 // runes of a text in a slot
	maxOffers    = 8  // options a number can mean outside a flow
	maxEncoded   = 1024
	sensitiveFor = 24 * time.Hour
)

// ErrNewer says that a session was written by a newer program: this one must
// not touch it.
var ErrNewer = errors.New("session is of a newer schema than this program")

// Session is the state of one person's talk. The zero value is a talk that
// has not begun. Respond never changes the session it is given.
type Session struct {
	Schema  int    `json:"v"`
	Release string `json:"r,omitempty"` // content the person last heard
	Turns   int    `json:"n,omitzero"`
	Seen    int64  `json:"t,omitzero"` // last utterance, Unix seconds

	Stack []Frame `json:"s,omitempty"` // flows under way, the innermost last
	Back  []Frame `json:"b,omitempty"` // questions answered, the last one last

	Mine   Values `json:"m,omitempty"` // slots of the one who writes
	Theirs Values `json:"o,omitempty"` // slots of the one they ask for
	For    string `json:"f,omitempty"` // for whom they ask; "" = themself

	Offers []string `json:"x,omitempty"` // what was offered last: "topic.id", "flow:id?slot=value", "do:command"
	Picked []string `json:"p,omitempty"` // chosen so far of several; or the places a name may mean
	Misses int      `json:"e,omitzero"`  // in a row
	Met    bool     `json:"g,omitzero"`  // the introduction was said

	// Sensitive slots are kept apart, by the store with a life of their own.
	private Values
	// until is when the sensitive slots end, Unix seconds.
	until int64
}

// Frame is a place in a flow.
type Frame struct {
	Flow string `json:"f"`
	Step string `json:"s"`
}

// stored is how sessions are written: each turn reads and writes one, and this
// package does that in half the time of encoding/json. What is no text in
// UTF-8 must not cost a person their talk.
var stored = json.JoinOptions(json.Deterministic(true), jsontext.AllowInvalidUTF8(true))

// secret is the sensitive part as it is stored. Names of slots of the other
// person begin with theirs.
type secret struct {
	Until  int64  `json:"u"`
	Values Values `json:"s"`
}

// Encode writes the session in two parts: the plain one, at most 1 KB, and
// the sensitive one, nil when there is none, with the time at which it ends.
func (s Session) Encode() (plain, sensitive []byte, ends time.Time, err error) {
	s.Schema = Schema
	for {
		if plain, err = json.Marshal(s, stored); err != nil {
			return nil, nil, time.Time{}, fmt.Errorf("encode session: %w", err)
		}
		if len(plain) <= maxEncoded || !s.shed() {
			break
		}
	}
	if len(s.private) > 0 {
		ends = time.Unix(s.until, 0)
		if sensitive, err = json.Marshal(secret{s.until, s.private}, stored); err != nil {
			return nil, nil, time.Time{}, fmt.Errorf("encode session: %w", err)
		}
	}
	return plain, sensitive, ends, nil
}

// shed gives up what can be missed most easily, one thing at a time, and says
// whether there was anything.
func (s *Session) shed() bool {
	switch {
	case len(s.Back) > 0:
		s.Back = s.Back[1:]
	case len(s.Offers) > 0:
		s.Offers = nil
	case len(s.Theirs) > 0:
		s.Theirs = without(s.Theirs, longest(s.Theirs))
	case len(s.Mine) > 0:
		s.Mine = without(s.Mine, longest(s.Mine))
	default:
		return false
	}
	return true
}

// longest names the slot that takes the most room.
func longest(v Values) (name string) {
	most := -1
	for k, x := range v {
		if n := len(k) + len(x.String()); n > most || n == most && k < name {
			name, most = k, n
		}
	}
	return name
}

func without(v Values, name string) Values {
	v = maps.Clone(v)
	delete(v, name)
	return v
}

// Decode reads what Encode wrote. Nothing at all is a new session. It gives
// ErrNewer for a session that a newer program wrote.
func Decode(plain, sensitive []byte) (Session, error) {
	var s Session
	if len(plain) == 0 {
		return s, nil
	}
	if err := json.Unmarshal(plain, &s, stored); err != nil {
		return Session{}, fmt.Errorf("decode session: %w", err)
	}
	if s.Schema > Schema {
		return Session{}, ErrNewer
	}
	if len(sensitive) > 0 {
		var x secret
		if err := json.Unmarshal(sensitive, &x, stored); err != nil {
			return Session{}, fmt.Errorf("decode session: %w", err)
		}
		s.private, s.until = x.Values, x.Until
	}
	return s, nil
}

// Utterance is one message of a person.
type Utterance struct {
	Text string
	Tap  string // Option.Tap, when an option was tapped; Text is its label
	At   time.Time
	// Shares are the parts of Shared that the person's platform can ask for
	// by a form of its own; Shared is what such a form brought, instead of Text.
	Shares []string
	Shared *Shared
}
