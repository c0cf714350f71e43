package zalobot

import (
	"strings"
	"time"

	"nghe/bot"
	"nghe/bot/split"
)

// maxText is the most characters of a message.
const maxText = 2000

// Can says what the channel can.
func (b *Bot) Can() bot.Capabilities {
	return bot.Capabilities{TextLimit: maxText, TextUnit: "runes", JoinsBubbles: true, PerSecond: perSecond}
}

// perSecond is our own: no pace is published.
const perSecond = 10

// Render joins the bubbles of a turn: the plan counts messages. Options are
// numbered below their bubble.
func (b *Bot) Render(bubbles []bot.Bubble) []bot.Part {
	var text strings.Builder
	for _, bubble := range bubbles {
		text.WriteString("\n\n" + bubble.Text)
		if len(bubble.Options) > 0 {
			text.WriteString("\n\n" + split.Numbered(bubble.Options, 1))
		}
	}
	var parts []bot.Part
	for _, part := range split.Text(text.String(), maxText, split.Runes) {
		parts = append(parts, bot.Part{Text: part})
	}
	return parts
}

// at is when something was said: by the platform's clock, but never in the
// future nor long ago.
func at(said, now time.Time) time.Time {
	if said.After(now) || now.Sub(said) > bot.SeenLife(Channel) {
		return now
	}
	return said
}
