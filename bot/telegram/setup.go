package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// What is told of the bot before somebody writes to it.
const (
	phraseDescription = "telegram.description"
	phraseShort       = "telegram.short"
	phraseCommand     = "telegram.command."
)

// Phrases are all that the channel speaks, for checks of the content.
var Phrases = phrases()

const (
	connections = 40               // that Telegram may deliver by at once
	watchEvery  = 10 * time.Minute // the webhook is looked at
	watchLeast  = time.Minute      // and not sooner again, whatever comes in
)

// SetUp tells Telegram how updates come to us and what is shown of the bot. It
// tries until Telegram can be reached, and gives up only when the token is
// refused.
func (c *Channel) SetUp(ctx context.Context) error {
	for n := 1; ; n++ {
		err := c.setUp(ctx)
		if err == nil {
			return nil
		}
		if refused(err) {
			c.alarm("token", err)
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		wait := c.backoff(n)
		var failed *CallError
		if errors.As(err, &failed) && failed.RetryAfter > 0 {
			wait = failed.RetryAfter
		}
		c.Log.Warn("telegram can't be set up yet", "error", err, "again", wait)
		if err := c.pause(ctx, wait); err != nil {
			return err
		}
	}
}

// refused says that the token is worthless or the address is no Bot API.
func refused(err error) bool {
	var failed *CallError
	return errors.As(err, &failed) && failed.Description != "" && (failed.Code == http.StatusUnauthorized || failed.Code == http.StatusNotFound)
}

func (c *Channel) setUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var me tgbotapi.User
	if err := c.client.call(ctx, "getMe", nil, &me); err != nil {
		return err
	}
	c.mu.Lock()
	c.name = me.UserName
	c.mu.Unlock()
	if c.Secret != "" {
		if err := c.register(ctx); err != nil {
			return err
		}
	} else if err := c.client.call(ctx, "deleteWebhook", nil, nil); err != nil {
		return err
	}
	if err := c.introduce(ctx); err != nil {
		if refused(err) {
			return err
		}
		c.Log.Warn("commands and descriptions are as they were", "error", err)
	}
	return nil
}

// webhookInfo is what getWebhookInfo tells.
type webhookInfo struct {
	URL         string   `json:"url"`
	Pending     int      `json:"pending_update_count"`
	LastError   string   `json:"last_error_message"`
	Connections int      `json:"max_connections"`
	Allowed     []string `json:"allowed_updates"`
}

// register sets the webhook where it is not as it should be. The secret can't
// be asked for: that it is another one shows in updates that wait because we
// refused them.
func (c *Channel) register(ctx context.Context) error {
	var info webhookInfo
	if err := c.client.call(ctx, "getWebhookInfo", nil, &info); err != nil {
		return err
	}
	slices.Sort(info.Allowed)
	want := slices.Sorted(slices.Values(wanted))
	stale := info.Pending > 0 && strings.Contains(info.LastError, strconv.Itoa(http.StatusUnauthorized))
	if info.URL == c.URL && info.Connections == connections && slices.Equal(info.Allowed, want) && !stale {
		if info.Pending > 0 && info.LastError != "" {
			c.Log.Warn("telegram waits with updates", "pending", info.Pending, "error", info.LastError)
		}
		return nil
	}
	params := tgbotapi.Params{"url": c.URL, "secret_token": c.Secret, "max_connections": strconv.Itoa(connections)}
	if err := params.AddInterface("allowed_updates", wanted); err != nil {
		return err
	}
	err := c.client.call(ctx, "setWebhook", params, nil)
	var failed *CallError
	if errors.As(err, &failed) && failed.Code == http.StatusBadRequest {
		c.alarm("webhook", err) // the address has to be another: https, one of four ports
	}
	if err == nil {
		c.Log.Info("webhook registered", "url", c.URL)
	}
	return err
}

// Watch keeps the webhook registered until the context ends.
func (c *Channel) Watch(ctx context.Context) error {
	for {
		if err := c.pause(ctx, watchLeast); err != nil {
			return err
		}
		rest, cancel := context.WithTimeout(ctx, watchEvery)
		select {
		case <-c.recheck:
		case <-c.After(rest, watchEvery-watchLeast):
		case <-ctx.Done():
		}
		cancel()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := c.register(ctx); refused(err) {
			c.alarm("token", err)
			return err
		} else if err != nil {
			c.Log.Warn("webhook can't be looked at", "error", err)
		}
	}
}

// introduce sets commands and descriptions, each where it is another one:
// setting them often is refused.
func (c *Channel) introduce(ctx context.Context) error {
	var want, have []tgbotapi.BotCommand
	for _, command := range Commands {
		want = append(want, tgbotapi.BotCommand{Command: command.Name, Description: c.Phrase(phraseCommand + command.Name)})
	}
	if err := c.client.call(ctx, "getMyCommands", nil, &have); err != nil {
		return err
	}
	if !slices.Equal(have, want) {
		list, err := json.Marshal(want)
		if err != nil {
			return err
		}
		if err := c.client.call(ctx, "setMyCommands", tgbotapi.Params{"commands": string(list)}, nil); err != nil {
			return err
		}
	}
	for _, text := range []struct{ get, set, name, phrase string }{
		{"getMyDescription", "setMyDescription", "description", phraseDescription},
		{"getMyShortDescription", "setMyShortDescription", "short_description", phraseShort},
	} {
		var have map[string]string
		if err := c.client.call(ctx, text.get, nil, &have); err != nil {
			return err
		}
		if want := c.Phrase(text.phrase); have[text.name] != want {
			if err := c.client.call(ctx, text.set, tgbotapi.Params{text.name: want}, nil); err != nil {
				return err
			}
		}
	}
	return nil
}
