package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"nghe/dialog"
)

// Channel is a platform that messages are sent to. The web chat is none: its
// pages come for what was said.
type Channel interface {
	Name() string // as in Contact.Channel
	Can() Capabilities
	// Render makes messages of the platform of the bubbles of one turn, in
	// order: joined where the platform paces by chat, split at its length. It
	// is pure: the same bubbles give the same parts.
	Render(bubbles []Bubble) []Part
	// Send sends one part. It ends with the context. The error is nil or a
	// *SendError.
	Send(ctx context.Context, to Contact, p Part) (Receipt, error)
}

// Sharer is a Channel whose people can send contact details by a form or a
// button of the platform.
type Sharer interface {
	// Shares gives the parts of dialog.Shared that may be asked of a contact
	// in that way. Render is given options with Share, and bubbles with Form.
	Shares(to Contact) []string
}

// Part is one message of a platform.
type Part struct {
	Text string `json:"text"`
	// Options are its buttons; what is beyond the platform's is numbered in
	// Text already.
	Options []dialog.Option `json:"options,omitempty"`
	// File is sent with it, by its name in our records; Text is its caption.
	File *Media `json:"file,omitempty"`
	// Raw is what else the channel needs to send it, in a form of its own.
	Raw json.RawMessage `json:"raw,omitempty"`
}

// Receipt is what the platform says of a message that it took.
type Receipt struct {
	MessageID string `json:"message_id,omitempty"`
}

// Capabilities are what a channel can, for who renders, for checks of the
// content and for previews.
type Capabilities struct {
	Buttons    int    // most buttons of a message; 0 = none, options are numbered
	LabelRunes int    // most characters of a button's label
	TextLimit  int    // most of TextUnit in a message
	TextUnit   string // "utf16" or "runes"
	// SkipInWords: the option to leave a question open needs no button.
	SkipInWords bool
	// JoinsBubbles: the bubbles of a turn go as one message, since the
	// platform paces by chat.
	JoinsBubbles bool
	// PerSecond is how many messages a second the platform takes of the whole
	// bot, PerChatSecond of one chat; 0 = not limited.
	PerSecond, PerChatSecond float64
	// Files says that a bubble may have one.
	Files bool
	// Window is how long after their last word a person may be written to;
	// 0 = always.
	Window time.Duration
}

// Next says what to do after a send that failed.
type Next int

const (
	// Again: nothing was delivered; send again after SendError.After.
	Again Next = iota
	// Never: it will not go, now or later.
	Never
	// Gone: never, and the person can't be reached until they write.
	Gone
	// Doubtful: it was written to the platform, then there was silence. It
	// may have arrived.
	Doubtful
	// Halt: the platform refuses the channel itself (a revoked token):
	// nothing goes until somebody mends it.
	Halt
)

// Scope says for whom a SendError holds.
type Scope int

const (
	ThisChat Scope = iota
	WholeBot
)

// SendError is a send that failed, with what to do next.
type SendError struct {
	Next  Next
	After time.Duration // with Again
	Scope Scope
	// Reason is one word for statistics and staff: "blocked", "rate",
	// "window", "quota", "timeout", …
	Reason string
	Err    error // the cause, without secrets
}

func (e *SendError) Error() string {
	if e.Err == nil {
		return e.Reason
	}
	return fmt.Sprintf("%s: %v", e.Reason, e.Err)
}

func (e *SendError) Unwrap() error { return e.Err }
