package staff

import (
	"time"

	"github.com/oklog/ulid/v2"
)

// Entry is a line of the audit log: who did what to what, when.
type Entry struct {
	ID     string
	At     time.Time
	Member string // id
	Name   string // of the member at that time
	Did    string // a small word: "course.cancel", "signin"
	About  string // what it was done to: "course:k-12", "staff:01J…"
	Detail string // in Vietnamese, without anybody's telephone number
}

// NewEntry makes an entry of what a member does now.
func NewEntry(by Member, at time.Time, did, about, detail string) Entry {
	return Entry{ID: ulid.MustNew(ulid.Timestamp(at), ulid.DefaultEntropy()).String(), At: at, Member: by.ID, Name: by.Name, Did: did, About: about, Detail: detail}
}

// Query says which entries to give, the newest first.
type Query struct {
	Member string // "" = of anybody
	Did    string // the beginning of the word, "" = anything
	Except string // the word that is left out
	About  string
	Before string // ID of an entry: only older ones
	Limit  int
}
