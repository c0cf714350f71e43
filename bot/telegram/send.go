package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"nghe/bot"
	"nghe/dialog"
)

// Name is the channel of contacts here; their id is the number of the chat.
const Name = "telegram"

// Name implements bot.Channel.
func (c *Channel) Name() string { return Name }

// How long to wait with a message when the failure is nobody's but the way's:
// such tries are not counted against it. Where no time is given, the sender
// waits longer each time, and gives up.
const (
	afterOutage = 10 * time.Second // Telegram can't be reached at all
	afterMove   = time.Second      // it moves between its data centres
)

// Send sends one message as plain text.
func (c *Channel) Send(ctx context.Context, to bot.Contact, p bot.Part) (bot.Receipt, error) {
	chat, err := strconv.ParseInt(to.ID, 10, 64)
	if err != nil {
		return bot.Receipt{}, &bot.SendError{Next: bot.Never, Reason: "address", Err: errors.New("a contact of Telegram is a number")}
	}
	receipt, err := c.sendTo(ctx, chat, p)
	var failed *CallError
	if errors.As(err, &failed) && failed.MigrateTo != 0 { // a group that is another one now
		receipt, err = c.sendTo(ctx, failed.MigrateTo, p)
	}
	if errors.As(err, &failed) {
		return bot.Receipt{}, c.verdict(chat, failed)
	}
	var other *bot.SendError
	if errors.As(err, &other) {
		return bot.Receipt{}, other
	}
	return receipt, nil
}

func (c *Channel) sendTo(ctx context.Context, chat int64, p bot.Part) (bot.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	params := tgbotapi.Params{"chat_id": strconv.FormatInt(chat, 10)}
	if len(p.Options) > 0 {
		params["reply_markup"] = markup(keyboard(p.Options))
		if slices.ContainsFunc(p.Options, func(o dialog.Option) bool { return o.Share != "" }) {
			params["reply_markup"] = markup(keys(p.Options))
		}
	}
	var sent struct {
		ID int64 `json:"message_id"`
	}
	if p.File != nil {
		if p.Text != "" {
			params["caption"] = p.Text
		}
		if err := c.sendFile(ctx, params, *p.File, &sent); err != nil {
			return bot.Receipt{}, err
		}
		return bot.Receipt{MessageID: strconv.FormatInt(sent.ID, 10)}, nil
	}
	params["text"], params["link_preview_options"] = p.Text, `{"is_disabled":true}`
	if err := c.client.call(ctx, "sendMessage", params, &sent); err != nil {
		return bot.Receipt{}, err
	}
	return bot.Receipt{MessageID: strconv.FormatInt(sent.ID, 10)}, nil
}

func markup(k any) string {
	body, err := json.Marshal(k)
	if err != nil {
		panic(err) // strings only
	}
	return string(body)
}

// verdict says what a failed send means for what comes next.
func (c *Channel) verdict(chat int64, e *CallError) *bot.SendError {
	v := &bot.SendError{Err: e}
	told := e.Description != "" // by Telegram itself: it was not carried out
	switch {
	case e.Code == http.StatusTooManyRequests:
		v.Next, v.Reason, v.After = bot.Again, "rate", max(e.RetryAfter, time.Second)
		v.Scope = c.crowd.refused(chat, c.Now())
	case e.Code == http.StatusUnauthorized && told, e.Code == http.StatusNotFound && told:
		v.Next, v.Reason, v.Scope = bot.Halt, "token", bot.WholeBot
	case e.Code == http.StatusForbidden && told:
		v.Next, v.Reason = bot.Gone, whyGone(e.Description)
	case e.Code == http.StatusBadRequest && told && strings.Contains(e.Description, "chat not found"):
		v.Next, v.Reason = bot.Gone, "unknown"
	case e.Code == http.StatusBadRequest && told && strings.Contains(e.Description, "too long"),
		e.Code == http.StatusRequestEntityTooLarge:
		v.Next, v.Reason = bot.Never, "too-long"
	case e.Code == http.StatusBadRequest && told:
		v.Next, v.Reason = bot.Never, "refused"
	case e.Code == http.StatusMisdirectedRequest:
		v.Next, v.Reason, v.After, v.Scope = bot.Again, "moving", afterMove, bot.WholeBot
	case e.Code == http.StatusConflict:
		v.Next, v.Reason, v.After, v.Scope = bot.Again, "conflict", e.RetryAfter, bot.WholeBot
	case e.Code == http.StatusBadGateway, e.Code == http.StatusGatewayTimeout:
		// The gateway does not know whether the server behind it did it.
		v.Next, v.Reason = bot.Doubtful, "gateway"
	case told: // 500 and whatever comes
		v.Next, v.Reason, v.After = bot.Again, "server", e.RetryAfter
	case e.Code >= 300 && e.Code < 500:
		// Somebody on the way refused it before it came to Telegram.
		v.Next, v.Reason, v.After, v.Scope = bot.Again, "proxy", max(e.RetryAfter, afterOutage), bot.WholeBot
	case !e.Written && errors.Is(e, context.Canceled):
		v.Next, v.Reason, v.After = bot.Again, "cancelled", afterMove
	case !e.Written:
		v.Next, v.Reason, v.After, v.Scope = bot.Again, "network", afterOutage, bot.WholeBot
	case errors.Is(e, context.DeadlineExceeded), errors.Is(e, context.Canceled):
		v.Next, v.Reason = bot.Doubtful, "timeout"
	default: // cut off, or an answer that nobody can read
		v.Next, v.Reason = bot.Doubtful, "no-answer"
	}
	return v
}

// whyGone reads why a chat is closed to us.
func whyGone(description string) string {
	for _, known := range []struct{ words, reason string }{
		{"blocked", "blocked"}, {"deactivated", "deactivated"}, {"initiate conversation", "never-wrote"},
		{"kicked", "left"}, {"not a member", "left"}, {"deleted", "left"},
	} {
		if strings.Contains(description, known.words) {
			return known.reason
		}
	}
	return "forbidden"
}

// crowd notices when the pace of the whole bot is refused and not that of one
// chat: several chats within a short time.
type crowd struct {
	mu    sync.Mutex
	chats map[int64]time.Time
}

const (
	crowdSpan = 3 * time.Second
	crowdSize = 3
)

func (c *crowd) refused(chat int64, now time.Time) bot.Scope {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.chats == nil {
		c.chats = map[int64]time.Time{}
	}
	c.chats[chat] = now
	for id, at := range c.chats {
		if now.Sub(at) > crowdSpan {
			delete(c.chats, id)
		}
	}
	if len(c.chats) >= crowdSize {
		return bot.WholeBot
	}
	return bot.ThisChat
}
