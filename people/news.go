package people

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/oklog/ulid/v2"

	"nghe/bot"
	"nghe/dialog"
)

// NewsRecords keeps what somebody agreed to be told of unasked. Package store
// has it; every method is harmless when called again.
type NewsRecords interface {
	// Follow adds it, under a consent; the ID of fresh is used when the contact
	// is no person's yet. Groups are those they agreed to have kept for that.
	Follow(ctx context.Context, fresh Person, c bot.Contact, f Following, groups []string, consent Consent) error
	// Unfollow ends it for a trade, or with "" for everything, reminders of
	// wishes and the consents of a purpose too. At is in milliseconds since
	// 1970. It says whether there was anything.
	Unfollow(ctx context.Context, c bot.Contact, trade string, purpose string, at int64) (had bool, err error)
	// Following gives what there is, and whether somebody is reminded of a wish.
	Following(ctx context.Context, c bot.Contact) (news []Following, reminded bool, err error)
}

// PurposeNews: to be told of new classes.
const PurposeNews = "news"

// News does for conversations what is to be done with it.
type News struct{ Records NewsRecords }

// The effects, by the names that flows use.
const (
	EffectNewsOn   = "news-on"
	EffectNewsOff  = "news-off"  // everything; also what the stop word does
	EffectNewsDrop = "news-drop" // one trade
	EffectNewsList = "news-list"
)

// Effects are what flows may ask for.
func (n News) Effects() map[string]bot.Effect {
	return map[string]bot.Effect{EffectNewsOn: n.on, EffectNewsOff: n.off, EffectNewsDrop: n.drop, EffectNewsList: n.list, EffectBankFollow: n.bankFollow}
}

// The slots of flow news; flow and step name the question that asks for consent.
const (
	slotNewsWhat   = "news_what" // "all", or one trade
	slotNewsTrade  = "trade"
	slotNewsWhere  = "news_where"  // "near" their place, or anywhere
	slotNewsGroups = "news_groups" // what to keep, so that they hear of classes for them
	slotNewsOK     = "news_ok"     // consent
	slotNewsDrop   = "news_drop"   // a trade to hear no more of
	flowNews       = "news"
	stepNews       = "consent"
	valueNear      = "near"
	valueAll       = "all"
	valueNone      = "none"
)

// on notes that the person wants to be told.
func (n News) on(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	outcome := func(s string) (dialog.Values, error) { return dialog.Values{"news_done": dialog.Text(s)}, nil }
	switch {
	case a.Slots[slotNewsOK].Text() != "yes":
		return outcome(NotAgreed)
	case a.Slots[slotAdult].Text() == "no":
		return outcome(TooYoung)
	}
	f := Following{At: a.At}
	if a.Slots[slotNewsWhat].Text() != valueAll {
		if f.Trade = a.Slots[slotNewsTrade].Text(); f.Trade == "" {
			return outcome(NotAgreed)
		}
	}
	if a.Slots[slotNewsWhere].Text() == valueNear {
		f.Place = a.Slots[slotPlace].Text()
	}
	words, err := a.Words(ctx, flowNews, stepNews)
	if err != nil {
		return nil, err
	}
	groups := slices.DeleteFunc(slices.Clone(a.Slots[slotNewsGroups].List()), func(g string) bool { return g == valueNone })
	fresh := Person{ID: ulid.Make().String(), Profile: []byte("{}"), UpdatedAt: a.At}
	if err := n.Records.Follow(ctx, fresh, a.Contact, f, groups, Consent{Purpose: PurposeNews, Words: words, GivenAt: a.At}); err != nil {
		return nil, fmt.Errorf("keep what is followed: %w", err)
	}
	return outcome(Noted)
}

// off ends everything that is told unasked.
func (n News) off(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	return n.end(ctx, a, "")
}

// drop ends it for one trade.
func (n News) drop(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	trade := a.Slots[slotNewsDrop].Text()
	if trade == "" {
		return dialog.Values{"news_had": dialog.Text("no")}, nil
	}
	return n.end(ctx, a, trade)
}

func (n News) end(ctx context.Context, a bot.Asked, trade string) (dialog.Values, error) {
	had, err := n.Records.Unfollow(ctx, a.Contact, trade, PurposeNews, a.At.UnixMilli())
	if err != nil {
		return nil, fmt.Errorf("end what is followed: %w", err)
	}
	values := dialog.Values{"news_had": dialog.Text("no")}
	if had {
		values["news_had"] = dialog.Text("yes")
	}
	return values, nil
}

// list gives what is followed, for package advice to tell: "trade|place".
func (n News) list(ctx context.Context, a bot.Asked) (dialog.Values, error) {
	news, reminded, err := n.Records.Following(ctx, a.Contact)
	if err != nil {
		return nil, fmt.Errorf("read what is followed: %w", err)
	}
	items := make([]string, len(news))
	for i, f := range news {
		items[i] = strings.Join([]string{f.Trade, f.Place}, "|")
	}
	return dialog.Values{"news_list": dialog.List(items...), "reminded": yesNo(reminded)}, nil
}

func yesNo(b bool) dialog.Value {
	if b {
		return dialog.Text("yes")
	}
	return dialog.Text("no")
}
