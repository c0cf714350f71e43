package staff

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"nghe/bot"
	"nghe/dialog"
)

// A code for a chat is short, so it lives short, and few may be tried
// (people.WrongTries holds for the codes of people; the same here).
const (
	CodeLife   = 15 * time.Minute
	WrongTries = 5         // of a contact
	WrongTime  = time.Hour // in this time
)

// Outcomes of linking a chat, as the flow compares them.
const (
	Linked       = "linked"
	WrongCode    = "wrong"
	TooManyCodes = "many"
)

// EffectLink links a chat by the code in slot staff_code. Flow staff asks for
// it.
const (
	EffectLink = "link-staff"
	slotCode   = "staff_code"
)

// codes is how many there are: eight digits, so that none is taken for a code
// of two contacts of one person, which has six.
const codes = 100_000_000

// ChatCode makes a code that the member sends to the bot from their own chat.
func (d Desk) ChatCode(ctx context.Context, m Member) (string, error) {
	const tries = 10
	for range tries {
		_, random := token()
		digits := fmt.Sprintf("%08d", binary.BigEndian.Uint64(random)%codes)
		put, err := d.Records.PutCode(ctx, d.codeHash(digits), m.ID, d.Now(), d.Now().Add(CodeLife))
		if err != nil {
			return "", err
		}
		if put {
			return digits[:4] + " " + digits[4:], nil
		}
	}
	return "", fmt.Errorf("no code is free after %d tries", tries)
}

func (d Desk) codeHash(digits string) []byte {
	h := hmac.New(sha256.New, d.Key)
	h.Write([]byte("staff code " + digits))
	return h.Sum(nil)
}

// Unlink parts a member from their chat.
func (d Desk) Unlink(ctx context.Context, m Member) error {
	return d.Records.UnlinkChat(ctx, m.ID, d.entry(m, "staff.chat", about(m), "bỏ liên kết chat"))
}

// ByChat gives the member whose chat it is; nil when it is nobody's, or of
// somebody who is off.
func (d Desk) ByChat(ctx context.Context, c bot.Contact) (*Member, error) {
	m, err := d.Records.MemberByContact(ctx, c)
	if err != nil || m == nil || m.Off {
		return nil, err
	}
	return m, nil
}

// Effects are what flows may ask for.
func (d Desk) Effects() map[string]bot.Effect {
	return map[string]bot.Effect{EffectLink: d.linkChat}
}

func (d Desk) linkChat(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, a.Slots[slotCode].Text())
	e := NewEntry(Member{}, a.At, "staff.chat", "", "liên kết chat "+a.Contact.Channel)
	outcome, err := d.Records.LinkChat(ctx, d.codeHash(digits), a.Contact, a.Turn, e)
	if err != nil {
		return nil, fmt.Errorf("link chat of staff: %w", err)
	}
	values := dialog.Values{"staff_linked": dialog.Text(outcome)}
	if outcome == Linked {
		m, err := d.ByChat(ctx, a.Contact)
		if err != nil {
			return nil, err
		}
		if m != nil {
			values["staff_name"] = dialog.Text(m.Name)
		}
	}
	return values, nil
}
