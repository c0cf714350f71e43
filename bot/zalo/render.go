package zalo

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"nghe/bot"
	"nghe/bot/split"
	"nghe/dialog"
)

// What an official account can send.
const (
	maxText    = 2000 // characters; longer is refused, not cut
	maxButtons = 5
	maxTitle   = 35 // characters: the smallest of what readers of the papers say
	maxPayload = 1000

	// Window is how long after their last word a person may be written to, and
	// FreeWindow how long it costs nothing.
	Window     = 7 * 24 * time.Hour
	FreeWindow = 48 * time.Hour
)

// Can says what the channel can.
func (a *Account) Can() bot.Capabilities {
	return bot.Capabilities{
		Buttons: maxButtons, LabelRunes: maxTitle, TextLimit: maxText, TextUnit: "runes",
		JoinsBubbles: true, PerSecond: perSecond, Window: Window, SkipInWords: true, Files: true,
	}
}

// perSecond keeps us below the 4000 calls a minute of an app.
const perSecond = 60

// Render joins the bubbles of a turn: free messages are few (eight to a word
// of the person, as far as is known). A bubble with options ends a message; the
// options go with its last part, as buttons. Where only the option to leave the
// question open is too many, a line says it in words and the buttons stay as
// they are; else those beyond five stand numbered in the text, and the buttons
// have their numbers too.
func (a *Account) Render(bubbles []bot.Bubble) []bot.Part {
	var parts []bot.Part
	var joined []string
	for i, b := range bubbles {
		if b.Media != nil && b.Media.File != "" {
			// A file may have no words with it, and no buttons.
			if text := strings.Join(append(joined, b.Text), "\n\n"); strings.TrimSpace(text) != "" {
				parts = append(parts, a.render(strings.TrimSpace(text), b.Options)...)
			}
			parts, joined = append(parts, bot.Part{File: b.Media}), nil
			continue
		}
		if b.Text != "" {
			joined = append(joined, b.Text)
		}
		text := strings.Join(joined, "\n\n")
		switch {
		case b.Template != nil:
			parts = append(parts, templatePart(b.Template, text))
		case b.Form:
			parts = append(parts, a.Form.part(text)) // our own words: short
		case len(b.Options) > 0 || i == len(bubbles)-1:
			parts = append(parts, a.render(text, b.Options)...)
		default:
			continue
		}
		joined = nil
	}
	return parts
}

// templatePart is a template as a message; the text is what it says, for our
// own eyes.
func templatePart(t *bot.Template, text string) bot.Part {
	return bot.Part{Text: text, Raw: extra{Template: t.ID, Data: t.Data, Dong: t.Dong}.raw()}
}

func (a *Account) render(text string, options []dialog.Option) []bot.Part {
	if len(options) == maxButtons+1 && a.Skip != "" {
		if i := slices.IndexFunc(options, dialog.Option.Skips); i >= 0 {
			if word := strings.ToLower(options[i].Label); !strings.Contains(strings.ToLower(text), word) {
				text += "\n\n" + a.Skip
			}
			options = slices.Delete(slices.Clone(options), i, i+1)
		}
	}
	buttons := options
	var raw json.RawMessage
	if len(options) > maxButtons {
		buttons = options[:maxButtons]
		text += "\n\n" + split.Numbered(options[maxButtons:], maxButtons+1)
		raw = extra{Numbered: true}.raw()
	}
	var parts []bot.Part
	for _, part := range split.Text(text, maxText, split.Runes) {
		parts = append(parts, bot.Part{Text: part})
	}
	if len(parts) > 0 && len(buttons) > 0 {
		last := &parts[len(parts)-1]
		last.Options, last.Raw = buttons, raw
	}
	return parts
}

// title is what stands on a button.
func title(label string) string {
	label = norm.NFC.String(label)
	if utf8.RuneCountInString(label) <= maxTitle {
		return label
	}
	return strings.TrimSpace(string([]rune(label)[:maxTitle-1])) + "…"
}

// taps make the payloads of buttons and know them again: a tap comes in as a
// text like any other. The signature keeps what somebody types from being
// taken for a tap that we never offered.
type taps struct{ key []byte }

const (
	tapMark   = "#nghe:"
	tapSigned = 12 // hexadecimal digits of the signature
)

// payload is mark, signature, tap and label: "#nghe:0123456789ab trade/q=han|Hàn".
// The tap alone is signed: what Zalo may do to the white space of a label does
// no harm.
func (t taps) payload(o dialog.Option) string {
	payload := tapMark + t.sign(o.Tap) + " " + o.Tap + "|" + strings.TrimSpace(norm.NFC.String(o.Label))
	if utf8.RuneCountInString(payload) > maxPayload {
		payload = string([]rune(payload)[:maxPayload])
	}
	return payload
}

func (t taps) sign(tap string) string {
	mac := hmac.New(sha256.New, t.key)
	mac.Write([]byte(tap))
	return hex.EncodeToString(mac.Sum(nil))[:tapSigned]
}

// read gives what a text says, and the tap when it is one of ours. A payload
// of ours with a wrong signature (forged, or made before the key changed) is
// worth what stood on the button.
func (t taps) read(text string) (label, tap string) {
	rest, ours := strings.CutPrefix(strings.TrimSpace(text), tapMark)
	sign, body, ok := strings.Cut(rest, " ")
	if !ours || !ok {
		return text, ""
	}
	tap, label, ok = strings.Cut(body, "|")
	if !ok {
		return text, ""
	}
	if !hmac.Equal([]byte(sign), []byte(t.sign(tap))) {
		return label, ""
	}
	return label, tap
}
