package people

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"strings"
	"time"

	"nghe/bot"
	"nghe/dialog"
)

// LinkRecords keeps which contacts are one person. Package store has it.
type LinkRecords interface {
	// PutCode lets a code, hashed, stand for a person until a time, in the
	// place of their earlier ones. False: it stands for somebody else.
	PutCode(ctx context.Context, code []byte, person string, now, ends time.Time) (bool, error)
	// Link makes a contact one of the person that a code stands for, and gives
	// the outcome; of a turn that did it before, the same one. The person of
	// the contact, if there is one, goes: their contacts, consents and wishes
	// are then of the other, who keeps the profile.
	Link(ctx context.Context, l Linking) (outcome string, err error)
	// Unlink takes a contact from its person: Apart or Alone. What the
	// person has stays with the other contacts, the wishes too.
	Unlink(ctx context.Context, c bot.Contact, turn string, at time.Time) (outcome string, err error)
}

// Linking is one try to link.
type Linking struct {
	Contact bot.Contact
	Turn    string
	Code    []byte // hashed
	Words   string // what they said yes to, as they read it
	At      time.Time
}

// A code is short, so it lives short and few may be tried.
const (
	CodeLife   = 15 * time.Minute
	WrongTries = 5         // of a contact
	WrongTime  = time.Hour // in this time
)

// PurposeLink: to be one person on several contacts.
const PurposeLink = "link"

// Outcomes, as the flows compare them.
const (
	Linked    = "linked"  // nothing was kept of the contact before
	Merged    = "merged"  // there was a person of its own
	Wrong     = "wrong"   // no such code, or it was used
	Expired   = "expired" //
	Same      = "same"    // the contact's own code
	Before    = "before"  // linked already
	TooMany   = "many"    // wrong tries
	NotLinked = "not-agreed"
	Apart     = "apart"
	Alone     = "alone" // there was nothing to take it from
)

// Links does for conversations what is to be done with contacts.
type Links struct {
	Book    Book
	Records LinkRecords
	Key     []byte // of codes; the same in every process
}

// The effects, by the names that flows use.
const (
	EffectContacts = "contacts"
	EffectCode     = "link-code"
	EffectLink     = "link"
	EffectUnlink   = "unlink"
)

// Effects are what flows may ask for.
func (l Links) Effects() map[string]bot.Effect {
	return map[string]bot.Effect{EffectContacts: l.contacts, EffectCode: l.code, EffectLink: l.link, EffectUnlink: l.unlink}
}

// The slots of flow link; flow and step name the question that asks for
// consent.
const (
	slotCode     = "link_code"
	slotLinkSure = "link_sure"
	flowLink     = "link"
	stepLink     = "sure"
)

// contacts gives the channels of the person, this one first, and whether the
// person is remembered: the session may not know what was said elsewhere.
func (l Links) contacts(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	p, err := l.Book.Records.Find(ctx, a.Contact)
	if err != nil {
		return nil, fmt.Errorf("find person: %w", err)
	}
	remembered := "no"
	if p.Remembers() {
		remembered = "yes"
	}
	return dialog.Values{"contact_list": channels(p, a.Contact), "remembered": dialog.Text(remembered)}, nil
}

func channels(p *Person, here bot.Contact) dialog.Value {
	list := []string{here.Channel}
	if p != nil {
		for _, c := range p.Contacts {
			if c != here {
				list = append(list, c.Channel)
			}
		}
	}
	return dialog.List(list...)
}

// codes is how many there are: six digits.
const codes = 1_000_000

// code gives a code for the person of the contact, "" when there is none. It
// is made of the turn and the secret, so that a turn that is decided again says
// the same one though it is kept nowhere.
func (l Links) code(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	p, err := l.Book.Records.Find(ctx, a.Contact)
	if err != nil {
		return nil, fmt.Errorf("find person: %w", err)
	}
	if p == nil {
		return dialog.Values{"link_given": dialog.Text("")}, nil
	}
	// Another one may have the same code just now: then the next.
	const tries = 10
	for try := range tries {
		sum := l.keyed(fmt.Sprintf("new code %d %s %s", try, a.Contact, a.Turn))
		digits := fmt.Sprintf("%06d", binary.BigEndian.Uint64(sum)%codes)
		put, err := l.Records.PutCode(ctx, l.keyed("code "+digits), p.ID, a.At, a.At.Add(CodeLife))
		if err != nil {
			return nil, fmt.Errorf("keep code: %w", err)
		}
		if put {
			return dialog.Values{"link_given": dialog.Text(digits[:3] + " " + digits[3:])}, nil
		}
	}
	return nil, fmt.Errorf("no code is free after %d tries", tries)
}

func (l Links) keyed(text string) []byte {
	h := hmac.New(sha256.New, l.Key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// link makes the contact one with the person whose code was typed. The
// profile that is now theirs fills the session's slots.
func (l Links) link(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	outcome := func(s string) (dialog.Values, error) { return dialog.Values{"linked": dialog.Text(s)}, nil }
	if a.Slots[slotLinkSure].Text() != "yes" {
		return outcome(NotLinked)
	}
	if a.Slots[slotAdult].Text() == "no" {
		return outcome(TooYoung)
	}
	words, err := a.Words(ctx, flowLink, stepLink)
	if err != nil {
		return nil, err
	}
	done, err := l.Records.Link(ctx, Linking{Contact: a.Contact, Turn: a.Turn, Code: l.keyed("code " + digits(a.Slots[slotCode].Text())), Words: words, At: a.At})
	if err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	if done != Linked && done != Merged {
		return outcome(done)
	}
	p, err := l.Book.Records.Find(ctx, a.Contact)
	if err != nil {
		return nil, fmt.Errorf("find person: %w", err)
	}
	profile, err := l.Book.Profile(ctx, a.Contact)
	if err != nil {
		return nil, err
	}
	values := dialog.Values{}
	maps.Copy(values, profile)
	values["linked"], values["contact_list"] = dialog.Text(done), channels(p, a.Contact)
	return values, nil
}

// digits leaves of what was typed what a code is made of.
func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

func (l Links) unlink(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	outcome, err := l.Records.Unlink(ctx, a.Contact, a.Turn, a.At)
	if err != nil {
		return nil, fmt.Errorf("unlink: %w", err)
	}
	return dialog.Values{"unlinked": dialog.Text(outcome)}, nil
}
