package staff

import (
	"context"
	"errors"
	"time"

	"nghe/bot"
)

// Member is somebody who works with nghe.
type Member struct {
	ID    string // a ULID
	Login string // small letters; what they sign in with
	Name  string
	Role  Role
	Scope Scope
	// Contact is their own chat with the bot, linked by a code.
	Contact bot.Contact
	Off     bool // may not do anything any more; their name stays in the books
	// Password is a hash, "" until they have set one; Secret is of one-time
	// codes, "" when they use none.
	Password string
	Secret   string

	CreatedAt time.Time
	UpdatedAt time.Time
}

// Operator is whoever works at the machine itself: the command line acts as
// them.
var Operator = Member{ID: "operator", Login: "operator", Name: "Người vận hành", Role: Administrator, Scope: Scope{Province: true}}

// Link lets somebody set a password, once. It is kept under the hash of its
// token.
type Link struct {
	Hash   []byte
	Member string // id; "" = whoever has it becomes the first administrator
	Ends   time.Time
}

// Session is a browser in which a member is signed in. It is kept under the
// hash of its token.
type Session struct {
	Hash    []byte
	ID      string // names it on a page; opens nothing
	Member  Member
	Agent   string // what the browser calls itself
	Address string
	Began   time.Time
	Seen    time.Time
	Ends    time.Time
}

// Errors of records.
var (
	ErrTaken = errors.New("the login is taken")
	ErrLast  = errors.New("nobody would be left who may manage staff")
	ErrGone  = errors.New("there is no such thing any more")
)

// Records keeps all of this. Package store has it. A change and its entry are
// written together. What is not there is nil.
type Records interface {
	Members(ctx context.Context) ([]Member, error) // by name
	Member(ctx context.Context, id string) (*Member, error)
	MemberByLogin(ctx context.Context, login string) (*Member, error)
	MemberByContact(ctx context.Context, c bot.Contact) (*Member, error)
	// Begun says whether an administrator of the province can sign in.
	Begun(ctx context.Context) (bool, error)
	// AddMember adds one; ErrTaken.
	AddMember(ctx context.Context, m Member, l Link, e Entry) error
	// ChangeMember changes name, role, scope and Off; ErrLast, ErrGone. Of
	// one who is off, sessions, links and chat end.
	ChangeMember(ctx context.Context, m Member, e Entry) error

	// PutLink keeps a link in the place of the member's earlier ones.
	PutLink(ctx context.Context, l Link, e *Entry) error
	Link(ctx context.Context, hash []byte, now time.Time) (*Link, error)
	// UseLink uses up a link: the member has then that password, no one-time
	// codes and no sessions. For the first administrator the member is added
	// and all such links end. ErrGone: it was used or has ended; ErrTaken.
	UseLink(ctx context.Context, hash []byte, m Member, e Entry) error

	// SetPassword ends all sessions but one.
	SetPassword(ctx context.Context, member, password string, keep []byte, e Entry) error
	// Rehash keeps the same password in another form.
	Rehash(ctx context.Context, member, old, password string) error
	// SetSecret sets or, with "", removes the secret of one-time codes.
	SetSecret(ctx context.Context, member, secret string, e Entry) error
	// UseStep says whether a code of this step was not used yet.
	UseStep(ctx context.Context, member string, step int64) (bool, error)

	PutSession(ctx context.Context, s Session, e Entry) error
	// Session gives a session that has not ended, of a member who is not off.
	Session(ctx context.Context, hash []byte, now time.Time) (*Session, error)
	// Seen puts off the end of a session.
	Seen(ctx context.Context, hash []byte, seen, ends time.Time) error
	Sessions(ctx context.Context, member string, now time.Time) ([]Session, error)
	// EndSession ends one by its ID, EndSessions all but one.
	EndSession(ctx context.Context, member, id string, e Entry) error
	EndSessions(ctx context.Context, member string, keep []byte, e Entry) error

	// NoteTries notes a try under each key; Tries counts them since.
	// ForgetTries forgets that try, and all of a key.
	NoteTries(ctx context.Context, id string, at time.Time, keys ...string) error
	Tries(ctx context.Context, key string, since time.Time) (int, error)
	ForgetTries(ctx context.Context, id, key string) error

	// PutCode lets a hashed code stand for a member; false: it is taken.
	PutCode(ctx context.Context, code []byte, member string, now, ends time.Time) (bool, error)
	// LinkChat makes a contact the chat of the member a code stands for, and
	// gives what came of it: Linked, Wrong, TooMany. The same turn again gives
	// the same.
	LinkChat(ctx context.Context, code []byte, c bot.Contact, turn string, e Entry) (string, error)
	UnlinkChat(ctx context.Context, member string, e Entry) error

	Entries(ctx context.Context, q Query) ([]Entry, error)
	PutEntry(ctx context.Context, e Entry) error
}
