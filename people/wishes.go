package people

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nghe/bot"
	"nghe/course"
	"nghe/dialog"
)

// WishRecords keeps wishes. Package store has it; every method is harmless when
// called again.
type WishRecords interface {
	// PutInterest gives back what is kept: the wish, or one for the same that
	// was there before.
	PutInterest(ctx context.Context, i course.Interest) (kept course.Interest, err error)
	// Interests gives the wishes of a person, the oldest first.
	Interests(ctx context.Context, c bot.Contact) ([]course.Interest, error)
	// DropInterest says whether there was such a wish of the person.
	DropInterest(ctx context.Context, c bot.Contact, id string) (bool, error)
	// AnswerSurvey keeps a wish that answers a survey; one for the same that was
	// there before becomes the answer.
	AnswerSurvey(ctx context.Context, i course.Interest) error
}

// Wishes does for conversations what is to be done with wishes.
type Wishes struct {
	Records WishRecords
	// Courses gives the courses of the moment.
	Courses func() *course.Catalogue
}

// The effects, by the names that flows use.
const (
	EffectRegister = "register-interest"
	EffectWishes   = "list-interests"
	EffectDrop     = "withdraw-interest"
	EffectSurvey   = "survey-look"
	EffectAnswer   = "survey-answer"
)

// Effects are what flows may ask for.
func (w Wishes) Effects() map[string]bot.Effect {
	return map[string]bot.Effect{EffectRegister: w.register, EffectWishes: w.list, EffectDrop: w.drop, EffectSurvey: w.survey, EffectAnswer: w.answer}
}

// The slots that make a wish. Flow register fills them; flow and step name the
// question that asks for consent.
const (
	slotJoin    = "join"        // a course
	slotTrade   = "wish_trade"  // a trade that was offered, or else
	slotAsked   = "trade"       // one that was asked for
	slotPlace   = "place"       // where they live
	slotAgreed  = "interest_ok" // consent
	slotAdult   = "adult"       // "yes" from 16 years on
	slotName    = "person_name"
	slotPhone   = "person_phone"
	slotBirth   = "person_birth" // a day, a month or a year
	slotVillage = "village"
	slotRemind  = "remind"
	slotWish    = "wish" // one that is there, by "number-id"
	flowAsked   = "register"
	stepAsked   = "consent"
	adultAge    = 16 // years: younger people's data is not kept without an adult
)

// Outcomes of register, as the flow compares them.
const (
	Noted     = "noted"
	Already   = "already"
	Closed    = "closed"
	TooYoung  = "child"
	NotAgreed = "not-agreed"
)

// register keeps a wish that the person agreed to. Under the same turn it is
// the same wish.
func (w Wishes) register(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	outcome := func(s string) (dialog.Values, error) { return dialog.Values{"registered": dialog.Text(s)}, nil }
	if a.Slots[slotAgreed].Text() != "yes" {
		return outcome(NotAgreed)
	}
	trades := slices.Concat(a.Slots[slotTrade].List(), a.Slots[slotAsked].List())
	aim := w.Courses().Aim(a.Slots[slotJoin].Text(), trades, course.DayOf(a.At))
	if aim.Trade == "" || aim.Course != nil && aim.Standing == course.Past {
		return outcome(Closed)
	}
	born := birthYear(a.Slots[slotBirth].Text())
	if young(a, born) {
		return outcome(TooYoung)
	}
	words, err := a.Words(ctx, flowAsked, stepAsked)
	if err != nil {
		return nil, err
	}
	i := course.Interest{
		ID: wishID(a), Channel: a.Contact.Channel, Contact: a.Contact.ID, Whom: a.For, Trade: aim.Trade, Place: a.Slots[slotPlace].Text(),
		Name: a.Slots[slotName].Text(), Phone: a.Slots[slotPhone].Text(), BirthYear: born, Village: a.Slots[slotVillage].Text(),
		Remind: a.Slots[slotRemind].Text() == "yes", State: course.New, Source: course.FromTalk, Consent: words, CreatedAt: a.At, UpdatedAt: a.At,
	}
	if aim.Course != nil {
		i.Course, i.Level = aim.Course.ID, aim.Course.Level
	}
	kept, err := w.Records.PutInterest(ctx, i)
	switch {
	case err != nil:
		return nil, fmt.Errorf("keep wish: %w", err)
	case kept.ID != i.ID:
		return outcome(Already)
	}
	return outcome(Noted)
}

// young says that the wish is of somebody under 16. Of somebody else only a
// birth year tells it: then an adult asks for them, and that is as it should be.
func young(a bot.Asked, born int64) bool {
	if a.For != "" {
		return false
	}
	return a.Slots[slotAdult].Text() == "no" || born > 0 && int64(a.At.Year())-born < adultAge
}

func birthYear(day string) int64 {
	year, _, _ := strings.Cut(day, "-")
	n, err := strconv.ParseInt(year, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// wishID is made of the turn, so that a turn that is decided again makes the
// same wish.
func wishID(a bot.Asked) string {
	sum := sha256.Sum256([]byte(a.Contact.String() + " " + a.Turn))
	return base32.HexEncoding.EncodeToString(sum[:])[:26]
}

// list gives the wishes of a person for package advice to tell.
func (w Wishes) list(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	all, err := w.Records.Interests(ctx, a.Contact)
	if err != nil {
		return nil, fmt.Errorf("read wishes: %w", err)
	}
	return dialog.Values{"wish_list": described(all)}, nil
}

// drop removes the wish that the person chose, and gives it once more; when it
// is gone already, an empty list.
func (w Wishes) drop(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	_, id, _ := strings.Cut(a.Slots[slotWish].Text(), "-")
	all, err := w.Records.Interests(ctx, a.Contact)
	if err != nil {
		return nil, fmt.Errorf("read wishes: %w", err)
	}
	all = slices.DeleteFunc(all, func(i course.Interest) bool { return i.ID != id })
	if len(all) > 0 {
		if _, err := w.Records.DropInterest(ctx, a.Contact, id); err != nil {
			return nil, fmt.Errorf("withdraw wish: %w", err)
		}
	}
	return dialog.Values{"wish_list": described(all)}, nil
}

// described writes what wishes are for: "id|course|trade|place|whom".
func described(all []course.Interest) dialog.Value {
	items := make([]string, len(all))
	for i, w := range all {
		items[i] = strings.Join([]string{w.ID, w.Course, w.Trade, w.Place, w.Whom}, "|")
	}
	return dialog.List(items...)
}
