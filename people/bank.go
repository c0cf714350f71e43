package people

import (
	"context"
	"fmt"

	"github.com/oklog/ulid/v2"

	"nghe/bot"
	"nghe/dialog"
)

// BankDays stands in Following.Trade for what is no trade: to be told the day
// before the policy bank comes to Following.Place.
const BankDays = "bank-day"

// EffectBankFollow notes that somebody wants to be told of it.
const EffectBankFollow = "bank-follow"

const (
	slotBankOK = "bank_ok" // consent
	flowBank   = "bank-day"
	stepBank   = "consent"
)

// bankFollow notes that the person wants to be told of the bank's days.
func (n News) bankFollow(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	place := a.Slots[slotPlace].Text()
	switch outcome := func(s string) (dialog.Values, error) { return dialog.Values{"bank_done": dialog.Text(s)}, nil }; {
	case a.Slots[slotBankOK].Text() != "yes" || place == "":
		return outcome(NotAgreed)
	case a.Slots[slotAdult].Text() == "no":
		return outcome(TooYoung)
	}
	words, err := a.Words(ctx, flowBank, stepBank)
	if err != nil {
		return nil, err
	}
	fresh := Person{ID: ulid.Make().String(), Profile: []byte("{}"), UpdatedAt: a.At}
	f := Following{Trade: BankDays, Place: place, At: a.At}
	if err := n.Records.Follow(ctx, fresh, a.Contact, f, nil, Consent{Purpose: PurposeNews, Words: words, GivenAt: a.At}); err != nil {
		return nil, fmt.Errorf("keep what is followed: %w", err)
	}
	return dialog.Values{"bank_done": dialog.Text(Noted)}, nil
}
