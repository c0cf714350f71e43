package telegram

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"nghe/bot"
)

// Errands are small calls beside a turn that nothing depends on: they never
// hold it up, are done once or not at all, and are left when there are too
// many.
type errands struct {
	room  chan struct{}
	wg    sync.WaitGroup
	open  context.Context // ends when no more are begun
	close context.CancelFunc
}

func newErrands() *errands {
	e := &errands{room: make(chan struct{}, errandsMax)}
	e.open, e.close = context.WithCancel(context.Background())
	return e
}

const (
	errandsMax  = 64
	errandTime  = 10 * time.Second
	typingAfter = 1500 * time.Millisecond // a turn takes milliseconds; this one is slow
	typingEvery = 4 * time.Second         // Telegram shows it for 5
	markAfter   = 1200 * time.Millisecond // a chat takes one message a second
	twice       = 10 * time.Second        // the same button pressed again by impatience
)

func (c *Channel) errand(name string, do func(ctx context.Context) error) {
	select {
	case c.errands.room <- struct{}{}:
	default:
		c.Log.Warn("errand left: too many are under way", "errand", name)
		return
	}
	c.errands.wg.Go(func() {
		defer func() { <-c.errands.room }()
		ctx, cancel := context.WithTimeout(context.Background(), errandTime)
		defer cancel()
		if err := do(ctx); err != nil {
			c.Log.Debug("errand failed", "errand", name, "error", err)
		}
	})
}

// answer ends the waiting sign on a pressed button.
func (c *Channel) answer(query string) {
	c.errand("answer", func(ctx context.Context) error {
		return c.client.call(ctx, "answerCallbackQuery", tgbotapi.Params{"callback_query_id": query}, nil)
	})
}

// mark shows what was pressed, a moment later: it counts like a message, and
// the answer goes first. A question keeps what was chosen in its text and
// loses its buttons; of things on offer the pressed one gets a mark, since the
// others may still be wanted.
func (c *Channel) mark(h heard) {
	method, params := markOf(h)
	if method == "" {
		return
	}
	params["chat_id"] = strconv.FormatInt(h.chat, 10)
	params["message_id"] = strconv.FormatInt(h.message, 10)
	edit := func(ctx context.Context) error {
		err := c.client.call(ctx, method, params, nil)
		var failed *CallError
		if errors.As(err, &failed) && strings.Contains(failed.Description, "message is not modified") {
			return nil // pressed once more, and marked already
		}
		return err
	}
	c.errands.wg.Go(func() {
		if c.pause(c.errands.open, markAfter) != nil {
			return
		}
		c.errand("mark", func(ctx context.Context) error {
			if c.Pace == nil {
				return edit(ctx)
			}
			return c.Pace(ctx, h.in.Contact, edit)
		})
	})
}

func markOf(h heard) (method string, params tgbotapi.Params) {
	m := h.pressed
	if m == nil || m.Keyboard == nil {
		return "", nil // out of reach, or pressed twice: the buttons are gone
	}
	tap := h.in.Tap
	if strings.Contains(tap, "=") && !strings.HasPrefix(tap, "flow:") {
		text := m.Text + "\n" + pressedMark + h.in.Text
		if m.Text == "" || h.in.Text == "" || units(text) > textLimit {
			return "editMessageReplyMarkup", tgbotapi.Params{"reply_markup": markup(keyboard(nil))}
		}
		return "editMessageText", tgbotapi.Params{
			"text": text, "link_preview_options": `{"is_disabled":true}`, "reply_markup": markup(keyboard(nil)),
		}
	}
	changed := false
	rows := [][]tgbotapi.InlineKeyboardButton{}
	for _, row := range m.Keyboard.Rows {
		var marked []tgbotapi.InlineKeyboardButton
		for _, b := range row {
			if b.Data == tap && !strings.HasPrefix(b.Text, pressedMark) {
				b.Text, changed = pressedMark+b.Text, true
			}
			marked = append(marked, tgbotapi.NewInlineKeyboardButtonData(b.Text, b.Data))
		}
		rows = append(rows, marked)
	}
	if !changed {
		return "", nil
	}
	return "editMessageReplyMarkup", tgbotapi.Params{"reply_markup": markup(tgbotapi.InlineKeyboardMarkup{InlineKeyboard: rows})}
}

// The sentence for groups; {name} is how the bot is found.
const phraseGroup = "telegram.group"

// leave says that we talk to one person at a time, and goes.
func (c *Channel) leave(chat int64) {
	text := strings.ReplaceAll(c.Phrase(phraseGroup), "{name}", "@"+c.Username())
	c.errand("leave", func(ctx context.Context) error {
		_, said := c.sendTo(ctx, chat, bot.Part{Text: text})
		return errors.Join(said, c.client.call(ctx, "leaveChat", tgbotapi.Params{"chat_id": strconv.FormatInt(chat, 10)}, nil))
	})
}

// typing shows that an answer is being written, once it takes long. Call done.
func (c *Channel) typing(ctx context.Context, chat int64) (done func()) {
	ctx, cancel := context.WithCancel(ctx)
	c.errands.wg.Go(func() {
		for wait := typingAfter; c.pause(ctx, wait) == nil; wait = typingEvery {
			c.errand("typing", func(ctx context.Context) error {
				return c.client.call(ctx, "sendChatAction", tgbotapi.Params{"chat_id": strconv.FormatInt(chat, 10), "action": "typing"}, nil)
			})
		}
	})
	return cancel
}

// Username is the bot's, for links; "" until Telegram told it.
func (c *Channel) Username() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.name
}

// phrases are the ones this package speaks.
func phrases() []string {
	list := []string{phraseGroup, phraseDescription, phraseShort}
	for _, command := range Commands {
		list = append(list, phraseCommand+command.Name)
	}
	return slices.Clip(list)
}
