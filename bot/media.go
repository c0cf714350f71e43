package bot

import (
	"context"
	"errors"
)

// Media is something that is no words. What a person sends has the platform's
// name for it; what is sent to a contact has the name of a File of ours.
type Media struct {
	Kind  string `json:"kind"`            // one of the Media words
	Ref   string `json:"ref,omitempty"`   // the platform's own name for it
	Group string `json:"group,omitempty"` // the platform's name for several sent as one
	Name  string `json:"name,omitempty"`  // as whoever sent it called it
	File  string `json:"file,omitempty"`  // what is sent to the contact, by its name in our records
}

// What a person may send besides text.
const (
	MediaVoice    = "voice"
	MediaPhoto    = "photo"
	MediaLocation = "location"
	MediaCard     = "card"  // somebody's phone number
	MediaOther    = "other" // a film, a file, a sticker, whatever comes next
)

// File is something that is no words, whole.
type File struct {
	Name string // with an ending that fits Type
	Type string // as HTTP names it
	Body []byte
}

// Fetcher is a Channel that gives out what its people sent, by Media.Ref.
type Fetcher interface {
	// Fetch gives at most so many bytes: longer ones are ErrFileSize. With
	// ErrNoFile it can't be had, now or later; other errors may pass.
	Fetch(ctx context.Context, ref string, most int64) (File, error)
}

// MaxFile is how many bytes are taken of what somebody sends.
const MaxFile = 10 << 20

// Why a file can't be had.
var (
	ErrNoFile    = errors.New("the platform does not give it out")
	ErrFileSize  = errors.New("it is too large")
	ErrFileLater = errors.New("it is handed over by itself, in a moment")
)

// Files gives what is to be sent, by its name in our records.
type Files func(ctx context.Context, name string) (*File, error)

// The phrases for what is given to a human.
const (
	PhraseFiled      = "media.filed"
	PhraseVoiceHuman = "media.voice-human"
	tapHuman         = "flow:human"
)

// Taking is what becomes of something that is no words.
type Taking int

const (
	NotTaken   Taking = iota // nobody can look at it
	TakenFiled               // it goes with the case that is open
	TakenOpens               // a human is asked for, to listen to it
)
