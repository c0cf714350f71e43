package zalo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/unicode/norm"

	"nghe/bot"
	"nghe/bot/split"
	"nghe/dialog"
)

// Channel is the name of this channel in bot.Contact.
const Channel = "zalo"

// Settings are what an Account needs.
type Settings struct {
	// API is the base of the addresses: https://openapi.zalo.me.
	API       string
	AppSecret string // proves the tokens where the app requires it; "" = never
	// TapKey signs the payloads of buttons. Buttons made with another are
	// worth what stands on them.
	TapKey []byte
	Keeper *Keeper
	Now    func() time.Time
	Log    *slog.Logger
	// Budget pays for templates, at most MonthlyCap đồng a month of the Zone.
	// Without both no template is sent.
	Budget     Budget
	MonthlyCap int64
	// Form is how the request for contact details looks.
	Form Form
	// Skip is the line that says by which word a question is left open, for
	// questions whose own options take all the buttons.
	Skip string
	// References gives what Persons were told of by the key of an event, Files
	// what is to be sent that is no words; nil: nothing.
	References func(ctx context.Context, key string) ([]Media, error)
	Files      bot.Files
	// Reach is how what people sent is got; nil: the network.
	Reach http.RoundTripper
	// Zone is where the office is, for nights and days.
	Zone *time.Location
}

// Budget counts what messages cost, in records that all processes share.
type Budget interface {
	// Spend counts đồng in the month of a time, unless the sum would pass the
	// cap: then it counts nothing and gives false. A negative sum is given
	// back and always counts.
	Spend(ctx context.Context, dong, limit int64, at time.Time) (bool, error)
}

// Account sends for one official account. It is a bot.Channel; make it with New.
type Account struct {
	Settings
	client *client
	media  *http.Client // for what people sent: no token goes there
	taps   taps

	mu     sync.Mutex
	unpaid unpaid
}

// unpaid counts the templates of a month that the cap kept back.
type unpaid struct {
	month string
	count int
}

var (
	_ bot.Channel = (*Account)(nil)
	_ bot.Sharer  = (*Account)(nil)
)

// New makes an account.
func New(s Settings) *Account {
	if s.Keeper == nil || s.Now == nil || s.Log == nil || s.Zone == nil || len(s.TapKey) < 16 {
		panic("zalo: settings are missing")
	}
	s.API = strings.TrimRight(s.API, "/")
	media := newHTTP()
	if s.Reach != nil {
		media.Transport = s.Reach
	}
	return &Account{Settings: s, taps: taps{s.TapKey}, media: media, client: &client{
		caller: caller{http: newHTTP(), secrets: s.Keeper.secrets},
		api:    s.API, appSecret: s.AppSecret, keeper: s.Keeper, now: s.Now,
	}}
}

// Name is the name of the channel.
func (a *Account) Name() string { return Channel }

// Check asks Zalo who we are: it tells whether tokens and account work.
func (a *Account) Check(ctx context.Context) (name string, err error) {
	data, err := a.client.call(ctx, http.MethodGet, "/v2.0/oa/getoa", "", nil)
	if err != nil {
		return "", err
	}
	var oa struct{ Name string }
	_ = json.Unmarshal(data, &oa) // the answer itself is what counts
	return oa.Name, nil
}

// extra is bot.Part.Raw of this channel.
type extra struct {
	Numbered bool              `json:"numbered,omitempty"` // buttons have their numbers
	Image    string            `json:"image,omitempty"`    // address of a picture
	Ask      *contactRequest   `json:"ask,omitempty"`
	Template string            `json:"template,omitempty"`
	Data     map[string]string `json:"data,omitempty"`
	Dong     int64             `json:"dong,omitempty"`
}

type contactRequest struct {
	Title    string `json:"title"`
	Subtitle string `json:"subtitle,omitempty"`
	ImageURL string `json:"image_url"`
}

func (e extra) raw() json.RawMessage {
	b, err := json.Marshal(e)
	if err != nil {
		panic(err) // strings and numbers only
	}
	return b
}

// Image is a part that shows a picture, by its address on https.
func Image(address, caption string) bot.Part {
	return bot.Part{Text: caption, Raw: extra{Image: address}.raw()}
}

// Form is how the request for contact details looks, beside what is said with
// it: Zalo's own form for name, phone and address, to be sent in one tap.
type Form struct {
	Title   string // of the account, at most 100 characters
	Note    string // what it asks for, at most 500
	Picture string // its address on https; without one there is no form
}

// part is the form as a message.
func (f Form) part(text string) bot.Part {
	return bot.Part{Text: text, Raw: extra{Ask: &contactRequest{f.Title, f.Note, f.Picture}}.raw()}
}

// Shares implements bot.Sharer: the form asks for name and phone, and brings
// the address too. Somebody without a Zalo account can't be sent one.
func (a *Account) Shares(to bot.Contact) []string {
	if !strings.HasPrefix(a.Form.Picture, "https://") || strings.HasPrefix(to.ID, anonymousPrefix) {
		return nil
	}
	return []string{dialog.ShareName, dialog.SharePhone}
}

// Send sends one part.
func (a *Account) Send(ctx context.Context, to bot.Contact, p bot.Part) (bot.Receipt, error) {
	var e extra
	if len(p.Raw) > 0 {
		if err := json.Unmarshal(p.Raw, &e); err != nil {
			return bot.Receipt{}, &bot.SendError{Next: bot.Never, Reason: "invalid", Err: err}
		}
	}
	if e.Template != "" {
		return a.sendTemplate(ctx, to, e)
	}
	if p.File != nil {
		return a.sendFile(ctx, to, p)
	}
	path, body := a.message(to, p, e)
	return a.send(ctx, path, body)
}

func (a *Account) send(ctx context.Context, path string, body any) (bot.Receipt, error) {
	data, err := a.client.post(ctx, path, body)
	if err != nil {
		return bot.Receipt{}, a.failure(err)
	}
	var r struct {
		MessageID string `json:"message_id"`
		Quota     *struct {
			Type   string `json:"quota_type"`
			Remain word   `json:"remain"`
		} `json:"quota"`
	}
	if err := json.Unmarshal(data, &r); err != nil || r.MessageID == "" {
		// It said success: sending again would double it.
		a.Log.Warn("Zalo took a message without naming it")
	}
	switch {
	case r.Quota == nil:
		a.Log.Info("a message is billed or its quota not told", "message", r.MessageID)
	case r.Quota.Remain == "0":
		a.Log.Warn("quota is used up", "quota", r.Quota.Type)
	}
	return bot.Receipt{MessageID: r.MessageID}, nil
}

// sendTemplate pays first: what is in doubt has cost.
func (a *Account) sendTemplate(ctx context.Context, to bot.Contact, e extra) (bot.Receipt, error) {
	at := a.Now().In(a.Zone)
	if a.Budget == nil || a.MonthlyCap <= 0 {
		return bot.Receipt{}, a.overspent(at, errors.New("no templates are paid for: set ZALO_MONTHLY_CAP to what they may cost in a month"))
	}
	ok, err := a.Budget.Spend(ctx, e.Dong, a.MonthlyCap, at)
	switch {
	case err != nil:
		return bot.Receipt{}, &bot.SendError{Next: bot.Again, After: shortWait, Reason: "storage", Err: err}
	case !ok:
		return bot.Receipt{}, a.overspent(at, fmt.Errorf("more than %d đồng this month", a.MonthlyCap))
	}
	r, err := a.send(ctx, "/v3.0/oa/message/template", map[string]any{
		"user_id": to.ID, "template_id": e.Template, "template_data": e.Data,
	})
	var failed *bot.SendError
	if errors.As(err, &failed) && failed.Next != bot.Doubtful {
		if _, back := a.Budget.Spend(context.WithoutCancel(ctx), -e.Dong, a.MonthlyCap, at); back != nil {
			a.Log.Error("a template that was not sent stays paid for", "đồng", e.Dong, "error", back)
		}
	}
	return r, err
}

// overspent counts a template that is not paid for. The first of a month is an
// alarm, the others are not.
func (a *Account) overspent(at time.Time, why error) *bot.SendError {
	const reason = "budget"
	a.mu.Lock()
	defer a.mu.Unlock()
	if month := at.Format("2006-01"); a.unpaid.month != month {
		a.unpaid = unpaid{month: month}
	}
	a.unpaid.count++
	level := slog.LevelInfo
	if a.unpaid.count == 1 {
		level = slog.LevelError
	}
	a.Log.Log(context.Background(), level, "a template is not sent: it would cost more than may be spent",
		"reason", reason, "cap", a.MonthlyCap, "refused this month", a.unpaid.count, "error", why)
	return &bot.SendError{Next: bot.Never, Reason: reason, Err: why}
}

// message is the body of a consultation message, and where it goes.
func (a *Account) message(to bot.Contact, p bot.Part, e extra) (path string, body any) {
	type object = map[string]any
	m := object{"text": norm.NFC.String(p.Text)}
	recipient := object{"user_id": to.ID}
	if rest, ok := strings.CutPrefix(to.ID, anonymousPrefix); ok {
		// They have neither buttons nor pictures.
		if list := split.Numbered(p.Options, 1); list != "" {
			m["text"] = norm.NFC.String(p.Text + "\n\n" + list)
		}
		id, conversation, _ := strings.Cut(rest, ".")
		return "/v2.0/oa/message", object{"recipient": object{"anonymous_id": id, "conversation_id": conversation}, "message": m}
	}
	template := func(payload object) { m["attachment"] = object{"type": "template", "payload": payload} }
	switch {
	case e.Image != "":
		template(object{"template_type": "media", "elements": []object{{"media_type": "image", "url": e.Image}}})
	case e.Ask != nil:
		template(object{"template_type": "request_user_info", "elements": []*contactRequest{e.Ask}})
	case len(p.Options) > 0:
		var buttons []object
		for i, title := range a.Labels(p) {
			buttons = append(buttons, object{"title": title, "type": "oa.query.hide", "payload": a.taps.payload(p.Options[i])})
		}
		template(object{"buttons": buttons})
	}
	return "/v3.0/oa/message/cs", object{"recipient": recipient, "message": m}
}

// Labels gives what stands on the buttons of a part that Render made.
func (a *Account) Labels(p bot.Part) (labels []string) {
	var e extra
	numbered := len(p.Raw) > 0 && json.Unmarshal(p.Raw, &e) == nil && e.Numbered
	for i, o := range p.Options[:min(len(p.Options), maxButtons)] {
		label := o.Label
		if numbered {
			label = fmt.Sprintf("%d. %s", i+1, label)
		}
		labels = append(labels, title(label))
	}
	return labels
}

// Waits that no error tells.
const (
	shortWait = 5 * time.Second
	longWait  = 30 * time.Second
)

// failure says what to do after a call that failed.
func (a *Account) failure(err error) *bot.SendError {
	var told *apiError
	switch {
	case errors.As(err, &told):
		e := a.told(told)
		e.Err = err
		if operators[e.Reason] {
			a.Log.Error("Zalo wants something of the operator", "reason", e.Reason, "error", err)
		}
		return e
	case errors.Is(err, ErrDead):
		return &bot.SendError{Next: bot.Halt, Scope: bot.WholeBot, Reason: "token", Err: err}
	case errors.Is(err, errElsewhere):
		return &bot.SendError{Next: bot.Again, After: 2 * time.Second, Scope: bot.WholeBot, Reason: "token", Err: err}
	case errors.Is(err, errResting):
		return &bot.SendError{Next: bot.Again, After: longWait, Scope: bot.WholeBot, Reason: "token", Err: err}
	case errors.Is(err, errPaused):
		return &bot.SendError{Next: bot.Again, After: a.untilNextMinute(), Scope: bot.WholeBot, Reason: "rate", Err: err}
	case errors.Is(err, errUnsent):
		return &bot.SendError{Next: bot.Again, After: shortWait, Scope: bot.WholeBot, Reason: "connection", Err: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &bot.SendError{Next: bot.Doubtful, Reason: "timeout", Err: err}
	}
	return &bot.SendError{Next: bot.Doubtful, Reason: "unknown", Err: err}
}

// operators are the reasons that somebody has to do something about.
var operators = map[string]bool{"disabled": true, "app": true, "tier": true, "money": true, "quota": true, "standards": true, "template": true, "proof": true, "token": true}

// told is the table of errors. All of them mean that nothing was delivered.
func (a *Account) told(e *apiError) *bot.SendError {
	again := func(after time.Duration, scope bot.Scope, reason string) *bot.SendError {
		return &bot.SendError{Next: bot.Again, After: after, Scope: scope, Reason: reason}
	}
	next := func(n bot.Next, reason string) *bot.SendError {
		scope := bot.ThisChat
		if n == bot.Halt {
			scope = bot.WholeBot
		}
		return &bot.SendError{Next: n, Scope: scope, Reason: reason}
	}
	switch e.Code {
	case -32: // too many calls of the app or the account this minute
		return again(a.untilNextMinute(), bot.WholeBot, "rate")
	case -200: // "Send message failed": a passing fault of theirs. The sender
		// counts the tries of an error that names no time.
		return again(0, bot.ThisChat, "failed")
	case -216, -220, -124: // refused again with a new token: the keeper rests, so do we
		return again(refreshGap, bot.WholeBot, "token")
	case -213: // not following
		return next(bot.Gone, "not-following")
	case -217, -139, -141: // invitation blocked; templates refused
		return next(bot.Gone, "blocked")
	case -244: // they restricted this kind of message
		return next(bot.Gone, "opted-out")
	case -227, -114, -118, -119: // banned, away for 45 days; can't receive; no account
		return next(bot.Gone, "inactive")
	case -230, -231, -232: // 7 days since their last word
		return next(bot.Gone, "window")
	case -218, -144: // they get no more today
		return again(a.untilMorning(true), bot.ThisChat, "day-quota")
	case -234, -133: // not at night
		return again(a.untilMorning(false), bot.ThisChat, "night")
	case -204, -205: // the account is disabled, or gone
		return next(bot.Halt, "disabled")
	case -209, -212, -219, -223, -235: // the app is not activated, removed, not allowed
		return next(bot.Halt, "app")
	case -221, -224: // not verified, too low a tier
		return next(bot.Halt, "tier")
	case -240: // that API is gone: our mistake
		return next(bot.Halt, "api")
	case -242: // wrong proof of the app's secret
		return next(bot.Halt, "proof")
	case -211: // the package is used up; what is free still goes
		return next(bot.Never, "quota")
	case -115, -320, -321: // no Zalo Cloud Account, or no money on it
		return next(bot.Never, "money")
	case -248:
		return next(bot.Never, "standards")
	case -131, -249: // not approved, not for user ids
		return next(bot.Never, "template")
	case -100: // what was uploaded expired
		return next(bot.Never, "attachment")
	case -108, -201, -210, -214, -233, -237, -403: // something in the message, or where it goes
		return next(bot.Never, "invalid")
	}
	return next(bot.Never, "refused")
}

func (a *Account) untilNextMinute() time.Duration {
	now := a.Now()
	return nextMinute(now).Sub(now)
}

// untilMorning is until 6 o'clock; of tomorrow when asked for.
func (a *Account) untilMorning(tomorrow bool) time.Duration {
	now := a.Now().In(a.Zone)
	six := time.Date(now.Year(), now.Month(), now.Day(), 6, 1, 0, 0, a.Zone)
	if tomorrow || !now.Before(six) {
		six = six.AddDate(0, 0, 1)
	}
	return six.Sub(now)
}
