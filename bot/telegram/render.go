package telegram

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"nghe/bot"
	"nghe/bot/split"
	"nghe/dialog"
)

const (
	textLimit  = 4096 // UTF-16 units of a message
	dataLimit  = 64   // bytes of what a button sends back
	buttonsMax = 100  // of a message
	labelRunes = 40   // of a button that has a row to itself on a small phone
	shortLabel = 12   // runes of a label that leaves room for another beside it
)

// Can says what Telegram can.
func (c *Channel) Can() bot.Capabilities {
	return bot.Capabilities{
		Buttons: buttonsMax, LabelRunes: labelRunes, TextLimit: textLimit, TextUnit: "utf16",
		JoinsBubbles: true, PerSecond: 30, PerChatSecond: 1, Files: true,
	}
}

// Gap is the least time between two messages of a chat. Groups, whose ids are
// negative, take 20 a minute; two are left for what we don't count.
func (c *Channel) Gap(to bot.Contact) time.Duration {
	if strings.HasPrefix(to.ID, "-") {
		return time.Minute / 18
	}
	return time.Second
}

// Render joins the bubbles of a turn and cuts what is too long. A bubble with
// options ends a message, so that its buttons stand below it.
func (c *Channel) Render(bubbles []bot.Bubble) []bot.Part {
	var parts []bot.Part
	var joined []string
	flush := func(options []dialog.Option) {
		buttons, rest := buttonsOf(options)
		texts := split.Text(strings.Join(append(joined, rest...), "\n\n"), textLimit, split.UTF16)
		for i, text := range texts {
			p := bot.Part{Text: text}
			if i == len(texts)-1 {
				p.Options = buttons
			}
			parts = append(parts, p)
		}
		joined = nil
	}
	for _, b := range bubbles {
		if b.Media != nil && b.Media.File != "" {
			flush(nil)
			parts = append(parts, filePart(b)...)
			continue
		}
		if text := readable(b.Text); text != "" {
			joined = append(joined, text)
		}
		if len(b.Options) > 0 {
			flush(b.Options)
		}
	}
	flush(nil)
	return parts
}

// captionLimit is how many UTF-16 units may stand below a file.
const captionLimit = 1024

// filePart is a file with its text below it, and what is too long for that after
// it. Its buttons stand below the last.
func filePart(b bot.Bubble) []bot.Part {
	buttons, rest := buttonsOf(b.Options)
	text := strings.Join(append([]string{readable(b.Text)}, rest...), "\n\n")
	parts := []bot.Part{{File: b.Media}}
	if units(text) <= captionLimit {
		parts[0].Text = text
	} else {
		for _, more := range split.Text(text, textLimit, split.UTF16) {
			parts = append(parts, bot.Part{Text: more})
		}
	}
	parts[len(parts)-1].Options = buttons
	return parts
}

// readable is a text as Telegram takes it.
func readable(s string) string { return strings.TrimSpace(strings.ToValidUTF8(s, "")) }

// buttonsOf gives the options that can be buttons, and the others as lines
// with the number that one types for them.
func buttonsOf(options []dialog.Option) (buttons []dialog.Option, lines []string) {
	for i, o := range options {
		o.Label = readable(o.Label)
		switch {
		case o.Hidden || o.Label == "":
		case o.Tap == "" || len(o.Tap) > dataLimit || !utf8.ValidString(o.Tap) || len(buttons) == buttonsMax:
			lines = append(lines, fmt.Sprintf("%d. %s", i+1, o.Label))
		default:
			buttons = append(buttons, o)
		}
	}
	if len(lines) > 0 {
		lines = []string{strings.Join(lines, "\n")}
	}
	return buttons, lines
}

// keyboard lays buttons out: two in a row where all are short.
func keyboard(options []dialog.Option) tgbotapi.InlineKeyboardMarkup {
	inRow := 1
	if len(options) > 2 && !slices.ContainsFunc(options, func(o dialog.Option) bool { return utf8.RuneCountInString(o.Label) > shortLabel }) {
		inRow = 2
	}
	rows := [][]tgbotapi.InlineKeyboardButton{} // an empty keyboard is a list, not null
	for some := range slices.Chunk(options, inRow) {
		var row []tgbotapi.InlineKeyboardButton
		for _, o := range some {
			row = append(row, tgbotapi.NewInlineKeyboardButtonData(o.Label, o.Tap))
		}
		rows = append(rows, row)
	}
	return tgbotapi.InlineKeyboardMarkup{InlineKeyboard: rows}
}

// keys is the keyboard in the place of letters that a question has whose answer
// is sent by a button of Telegram's own: only such a keyboard may have one. The
// other buttons of it write their labels, which are understood as typed.
func keys(options []dialog.Option) tgbotapi.ReplyKeyboardMarkup {
	k := tgbotapi.ReplyKeyboardMarkup{ResizeKeyboard: true, OneTimeKeyboard: true}
	for _, o := range options {
		b := tgbotapi.NewKeyboardButton(o.Label)
		b.RequestContact = o.Share == dialog.SharePhone
		k.Keyboard = append(k.Keyboard, []tgbotapi.KeyboardButton{b})
	}
	return k
}

// Shares implements bot.Sharer: the number of one's own phone, by a button. In
// groups there is none.
func (c *Channel) Shares(to bot.Contact) []string {
	if strings.HasPrefix(to.ID, "-") {
		return nil
	}
	return []string{dialog.SharePhone}
}

// units counts a text as Telegram does.
func units(s string) (n int) {
	for _, r := range s {
		n += split.UTF16(r)
	}
	return n
}
