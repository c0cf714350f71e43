package zalobot

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"golang.org/x/text/unicode/norm"

	"nghe/bot"
)

// Channel is the name of this channel in bot.Contact.
const Channel = "zalobot"

// Settings are what a Bot needs.
type Settings struct {
	// API is the base of the addresses: https://bot-api.zaloplatforms.com.
	API, Token string
	// Secret is what the platform shows with each call of the webhook, 8 to
	// 256 characters; "" = updates are polled.
	Secret string
	Now    func() time.Time
	Log    *slog.Logger
}

// Bot sends for one bot. It is a bot.Channel; make it with New.
type Bot struct {
	client *client
	secret string
	now    func() time.Time
	log    *slog.Logger
}

var _ bot.Channel = (*Bot)(nil)

// New makes a bot.
func New(s Settings) *Bot {
	if s.API == "" || s.Token == "" || s.Now == nil || s.Log == nil {
		panic("zalobot: settings are missing")
	}
	return &Bot{newClient(s.API, s.Token, s.Secret), s.Secret, s.Now, s.Log}
}

// Name is the name of the channel.
func (b *Bot) Name() string { return Channel }

// Check asks the platform who we are: it tells whether the token works.
func (b *Bot) Check(ctx context.Context) (name string, err error) {
	var me struct {
		Name string `json:"account_name"`
	}
	err = b.client.call(ctx, "getMe", struct{}{}, &me)
	return me.Name, err
}

// Typing shows that an answer is on its way. Nothing depends on it.
func (b *Bot) Typing(ctx context.Context, to bot.Contact) error {
	return b.client.call(ctx, "sendChatAction", map[string]any{"chat_id": to.ID, "action": "typing"}, nil)
}

// Send sends one part.
func (b *Bot) Send(ctx context.Context, to bot.Contact, p bot.Part) (bot.Receipt, error) {
	var sent struct {
		MessageID string `json:"message_id"`
	}
	err := b.client.call(ctx, "sendMessage", map[string]any{"chat_id": to.ID, "text": norm.NFC.String(p.Text)}, &sent)
	if err != nil {
		return bot.Receipt{}, failure(err)
	}
	return bot.Receipt{MessageID: sent.MessageID}, nil
}

// Waits that no error tells.
const (
	unsentWait = 5 * time.Second
	// quotaWait: the plan's messages of the month are used up, and nobody says
	// until when. Asking every minute would be hammering.
	quotaWait = time.Hour
)

// failure says what to do after a send that failed.
func failure(err error) *bot.SendError {
	e := &bot.SendError{Next: bot.Doubtful, Reason: "unknown", Err: err}
	switch c := code(err); {
	case c == 401: // a wrong or reset token
		e.Next, e.Scope, e.Reason = bot.Halt, bot.WholeBot, "token"
	case c == 429:
		e.Next, e.After, e.Scope, e.Reason = bot.Again, quotaWait, bot.WholeBot, "quota"
	case c == 403:
		e.Next, e.Reason = bot.Gone, "forbidden"
	case c == 408:
		e.Reason = "timeout"
	case c >= 400 && c < 500:
		e.Next, e.Reason = bot.Never, "invalid"
	case c != 0: // 5xx, told by the platform itself: nobody says what came of it
	case errors.Is(err, errUnsent):
		e.Next, e.After, e.Scope, e.Reason = bot.Again, unsentWait, bot.WholeBot, "connection"
	case errors.Is(err, context.DeadlineExceeded):
		e.Reason = "timeout"
	}
	return e
}
