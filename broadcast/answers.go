package broadcast

import (
	"context"
	"fmt"
	"time"

	"nghe/bot"
	"nghe/course"
	"nghe/dialog"
)

// AnswerRecords notes what people say to what they were told. Package store
// has it; every method is harmless when called again.
type AnswerRecords interface {
	Declined(ctx context.Context, c bot.Contact, courseID string, at time.Time) error
	// Unfollow: see people.NewsRecords.
	Unfollow(ctx context.Context, c bot.Contact, trade, purpose string, at int64) (bool, error)
}

// Answers does for conversations what is to be done with a class that somebody
// was told of and does not want.
type Answers struct {
	Records AnswerRecords
	Courses func() *course.Catalogue
	// Purpose of the consents that end when somebody stops everything.
	Purpose string
}

// The effects, by the names that flows use, and their slot.
const (
	EffectDecline      = "decline"       // this class
	EffectDeclineTrade = "decline-trade" // classes of its trade
	slotDecline        = "decline"
)

// Effects are what flows may ask for.
func (a Answers) Effects() map[string]bot.Effect {
	return map[string]bot.Effect{EffectDecline: a.decline, EffectDeclineTrade: a.declineTrade}
}

func (a Answers) decline(ctx context.Context, asked bot.Asked) (dialog.Values, error) {
	id := asked.Slots[slotDecline].Text()
	if err := a.Records.Declined(ctx, asked.Contact, id, asked.At); err != nil {
		return nil, fmt.Errorf("note that a class is declined: %w", err)
	}
	return dialog.Values{"declined_trade": dialog.Text(a.trade(id))}, nil
}

func (a Answers) declineTrade(ctx context.Context, asked bot.Asked) (dialog.Values, error) {
	trade := a.trade(asked.Slots[slotDecline].Text())
	if trade == "" {
		return nil, nil
	}
	if _, err := a.Records.Unfollow(ctx, asked.Contact, trade, a.Purpose, asked.At.UnixMilli()); err != nil {
		return nil, fmt.Errorf("end what is told of a trade: %w", err)
	}
	return nil, nil
}

func (a Answers) trade(courseID string) string {
	if c := a.Courses().Course(courseID); c != nil {
		return c.Trade
	}
	return ""
}
