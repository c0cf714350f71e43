package cli

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"sync"
	"time"

	"nghe/bot"
	"nghe/bot/telegram"
	"nghe/bot/webchat"
	"nghe/bot/zalo"
	"nghe/bot/zalobot"
	"nghe/handoff"
	"nghe/meter"
	"nghe/store"
)

// channels are the platforms that messages are sent to, and the two roads:
// what they bring in is received, what is said goes out by one sender.
type channels struct {
	parts    *parts
	log      *slog.Logger
	now      func() time.Time
	owner    string // of what this process leases
	meter    *meter.Meter
	sender   *bot.Sender
	receiver *bot.Receiver

	hooks map[string]http.Handler // by path
	loops []func(context.Context) // run as long as the program does
	jobs  []job                   // done by the clock
	drain []func()
}

// job is something done by the clock.
type job struct {
	name, when string
	do         func(context.Context) error
}

// openChannels makes the channels that the settings name. Nobody is called yet.
func openChannels(e environment, parts *parts, url string, log *slog.Logger, now func() time.Time) (*channels, error) {
	c := &channels{parts: parts, log: log, now: now, owner: rand.Text(), hooks: map[string]http.Handler{}}
	s := parts.storage
	c.meter = parts.meter(now)
	c.sender = &bot.Sender{
		Outbox: s.sessions, Channels: map[string]bot.Channel{}, Log: log, Now: now, Owner: c.owner,
		Sent:    func(d *bot.Delivery) { c.meter.Sent(d.Contact.Channel, "sent"); parts.cases.Delivered(d) },
		Doubted: all(c.count("doubted"), c.trouble(store.Doubtful), parts.cases.Doubted),
		Lost:    all(c.count("lost"), c.trouble(store.Lost), parts.cases.Lost, parts.chats.Lost),
		Gone:    c.gone, Echoed: s.db.Echoed,
	}
	if s.redis != nil {
		c.sender.Slots = s.redis.Slots(nil) // one pace for all processes
	}
	c.receiver = &bot.Receiver{Inbox: s.sessions, Handle: parts.turns.Handle, Log: log, Now: now}
	if e.Telegram.Token != "" {
		if err := c.openTelegram(e.Telegram, url); err != nil {
			return nil, err
		}
	}
	if e.Zalo.AppID != "" {
		c.openZalo(e.Zalo, url)
	}
	if e.ZaloBot.Token != "" {
		c.openZaloBot(e.ZaloBot, url)
	}
	parts.cases.Fetcher, parts.cases.Carries = c.fetch, c.carries
	parts.turns.Shares = func(to bot.Contact) []string {
		if sharer, ok := c.sender.Channels[to.Channel].(bot.Sharer); ok {
			return sharer.Shares(to)
		}
		return nil
	}
	return c, nil
}

// telegramName is what the bot is called on Telegram; "" without it.
func (c *channels) telegramName() string {
	if ch, ok := c.sender.Channels[telegram.Name].(*telegram.Channel); ok {
		return ch.Username()
	}
	return ""
}

func (c *channels) openTelegram(e telegramSettings, url string) error {
	ch, err := telegram.New(telegram.Settings{
		Token: e.Token, API: e.API, Secret: e.Secret, URL: url + "/telegram",
		Turns: c.parts.turns, Phrase: c.phrase, Reach: c.reach, Shown: c.shown, Pace: c.sender.Paced, Files: c.parts.storage.db.File,
		Log: c.log, Now: c.now, Chance: mathrand.Float64,
	})
	if err != nil {
		return fmt.Errorf("TELEGRAM_TOKEN, TELEGRAM_API or TELEGRAM_WEBHOOK_SECRET: %w", err)
	}
	c.sender.Channels[telegram.Name] = ch
	c.drain = append(c.drain, ch.Drain)
	run := func(ctx context.Context) {
		if err := ch.Run(ctx); err != nil {
			c.log.Error("telegram: no updates are taken any more", "error", err)
		}
	}
	if e.Secret != "" {
		c.hooks["/telegram"] = ch.Webhook()
		c.loops = append(c.loops, run)
		return nil
	}
	// Two who poll would send each other away.
	c.loops = append(c.loops, func(ctx context.Context) { c.leased(ctx, "telegram poll", run) })
	return nil
}

func (c *channels) openZalo(e zaloSettings, url string) {
	records := c.parts.storage.db
	keeper := &zalo.Keeper{
		OAuth: e.OAuth, AppID: e.AppID, AppSecret: e.AppSecret, Consent: e.RefreshToken,
		Tokens: records.Tokens("zalo"), Owner: c.owner, Now: c.now, Log: c.log,
	}
	account := zalo.New(zalo.Settings{
		API: e.API, AppSecret: e.AppSecret, TapKey: c.key("zalo taps"), Keeper: keeper, Now: c.now, Log: c.log,
		Budget: records, MonthlyCap: e.MonthlyCap, Form: zaloForm(c.phrase, url), Skip: c.phrase("zalo.skip"), Zone: zone(),
		References: c.zaloMedia, Files: records.File,
	})
	c.sender.Channels[zalo.Channel] = account
	c.hooks["/zalo"] = &zalo.Webhook{
		AppID: e.AppID, OASecret: e.OASecret, AppSecret: e.AppSecret, Account: account,
		Accept: c.receiver, Persons: zaloPersons{c}, Settle: zaloPersons{c}, Humans: zaloPersons{c}, Now: c.now, Log: c.log,
	}
	c.loops = append(c.loops, func(ctx context.Context) { c.checkZalo(ctx, account) })
	c.jobs = append(c.jobs, job{"zalo tokens", "*/10 * * * *", func(ctx context.Context) error {
		_, err := keeper.Token(ctx)
		return err
	}})
}

// checkZalo asks once who we are, so that wrong settings are told at the start
// and not by the first person who is not answered.
func (c *channels) checkZalo(ctx context.Context, account *zalo.Account) {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	name, err := account.Check(ctx)
	switch {
	case err == nil:
		c.log.Info("zalo: connected", "account", name)
	case ctx.Err() == nil:
		c.log.Error("zalo: not connected yet", "error", err)
	}
}

const checkTime = 30 * time.Second

// zaloForm is the form for contact details, with the picture of the pages.
func zaloForm(phrase func(string) string, url string) zalo.Form {
	return zalo.Form{Title: phrase("zalo.form.title"), Note: phrase("zalo.form.note"), Picture: url + "/chat/assets/icon-512.png"}
}

func (c *channels) openZaloBot(e zaloBotSettings, url string) {
	c.log.Warn("the plan of the Zalo Bot Platform carries about 50 people: it is for trials and staff, not for the public")
	log := c.log.With("channel", zalobot.Channel)
	b := zalobot.New(zalobot.Settings{API: e.API, Token: e.Token, Secret: e.Secret, Now: c.now, Log: log})
	c.sender.Channels[zalobot.Channel] = b
	if e.Secret == "" {
		poller := &zalobot.Poller{Bot: b, Accept: c.receiver}
		c.loops = append(c.loops, func(ctx context.Context) {
			c.leased(ctx, "zalobot poll", func(ctx context.Context) {
				if err := poller.Run(ctx); err != nil {
					log.Error("no updates are taken any more", "error", err)
				}
			})
		})
		return
	}
	c.hooks["/zalobot"] = &zalobot.Webhook{Secret: e.Secret, Accept: c.receiver, Now: c.now, Log: log}
	c.loops = append(c.loops, func(ctx context.Context) {
		for {
			err := b.Register(ctx, url+"/zalobot", true)
			if err == nil {
				return
			}
			log.Warn("webhook can't be registered yet", "error", err)
			select {
			case <-ctx.Done():
				return
			case <-time.After(time.Minute):
			}
		}
	})
}

// run does what channels do until the context ends, and then finishes what was
// begun.
func (c *channels) run(ctx context.Context) {
	var wg sync.WaitGroup
	for _, loop := range c.loops {
		wg.Go(func() { loop(ctx) })
	}
	if len(c.sender.Channels) > 0 {
		wg.Go(func() { c.receiver.Run(ctx) })
		wg.Go(func() { c.sender.Run(ctx) })
	}
	wg.Wait()
	for _, drain := range c.drain {
		drain()
	}
}

// Numbers of a lease that is held as long as somebody works.
const (
	pollLease = 15 * time.Second // people wait so long when a process crashed
	renewal   = 5 * time.Second
)

// leased runs something in one process at a time.
func (c *channels) leased(ctx context.Context, name string, work func(context.Context)) {
	db := c.parts.storage.db
	for ctx.Err() == nil {
		held, err := db.Lease(ctx, name, c.owner, c.now(), c.now().Add(pollLease))
		if err != nil && ctx.Err() == nil {
			c.log.Error("lease can't be read", "lease", name, "error", err)
		}
		if held {
			c.holding(ctx, name, work)
		}
		select {
		case <-ctx.Done():
		case <-time.After(renewal):
		}
	}
}

// holding runs work as long as the lease can be renewed.
func (c *channels) holding(ctx context.Context, name string, work func(context.Context)) {
	db := c.parts.storage.db
	working, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { work(working); close(ended) }()
	tick := time.NewTicker(renewal)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			stop()
			// What ended by itself (a refused token) is not begun anew.
			<-ctx.Done()
			return
		case <-ctx.Done():
			stop()
			<-ended
			if err := db.EndLease(context.WithoutCancel(ctx), name, c.owner); err != nil {
				c.log.Warn("lease not given back: it ends by itself", "lease", name, "error", err)
			}
			return
		case <-tick.C:
			held, err := db.Lease(ctx, name, c.owner, c.now(), c.now().Add(pollLease))
			if err == nil && held {
				continue
			}
			c.log.Warn("lease lost", "lease", name, "error", err)
			stop()
			<-ended
			return
		}
	}
}

// key makes a key of its own for a purpose out of the installation's secret.
func (c *channels) key(purpose string) []byte {
	h := hmac.New(sha256.New, c.parts.storage.secret)
	h.Write([]byte(purpose))
	return []byte(hex.EncodeToString(h.Sum(nil)))
}

func (c *channels) phrase(id string) string { return c.parts.mind.brain().Phrase(id, "") }

// trouble keeps what a delivery came to, for staff.
func (c *channels) trouble(kind string) func(*bot.Delivery, string) {
	return func(d *bot.Delivery, reason string) {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		t := store.Trouble{Contact: d.Contact, Seq: d.Seq, Turn: d.Turn, Kind: kind, Reason: reason, At: c.now()}
		if err := c.parts.storage.db.NoteTrouble(ctx, t); err != nil {
			c.log.Error("trouble not kept", "contact", d.Contact.String(), "turn", d.Turn, "kind", kind, "error", err)
		}
	}
}

// all tells several of a delivery.
func all(hear ...func(*bot.Delivery, string)) func(*bot.Delivery, string) {
	return func(d *bot.Delivery, reason string) {
		for _, f := range hear {
			f(d, reason)
		}
	}
}

// count counts an answer that did not go out as it should.
func (c *channels) count(outcome string) func(*bot.Delivery, string) {
	return func(d *bot.Delivery, _ string) { c.meter.Sent(d.Contact.Channel, outcome) }
}

func (c *channels) gone(contact bot.Contact, reason string) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := c.parts.storage.db.Unreachable(ctx, contact, reason, c.now()); err != nil {
		c.log.Error("not kept that a contact can't be reached", "contact", contact.String(), "error", err)
	}
}

// fetch gets what somebody sent of its platform.
func (c *channels) fetch(ctx context.Context, channel, ref string, most int64) (bot.File, error) {
	if channel == webchat.Channel {
		return bot.File{}, bot.ErrFileLater // with its turn (bot.Incoming.File)
	}
	f, ok := c.sender.Channels[channel].(bot.Fetcher)
	if !ok {
		return bot.File{}, bot.ErrNoFile
	}
	return f.Fetch(ctx, ref, most)
}

// carries says whether files can be sent to somebody.
func (c *channels) carries(to bot.Contact) bool {
	if to.Channel == webchat.Channel {
		return true // the page gets it by itself
	}
	ch := c.sender.Channels[to.Channel]
	return ch != nil && ch.Can().Files
}

// reach is told by platforms who shut us out or let us in.
func (c *channels) reach(ctx context.Context, contact bot.Contact, can bool, at time.Time) error {
	if can {
		return c.parts.storage.db.Reachable(ctx, contact)
	}
	return c.parts.storage.db.Unreachable(ctx, contact, "blocked", at)
}

// shown keeps by what name a platform gives out what somebody showed us.
func (c *channels) shown(ctx context.Context, in bot.Incoming) error {
	body, err := json.Marshal([]bot.Media{*in.Media})
	if err != nil {
		return err
	}
	return c.parts.storage.db.Media(ctx, in.Contact, in.Update, body, in.At.Add(bot.BubbleLife))
}

// zaloMedia gives where Zalo keeps what came with an event.
func (c *channels) zaloMedia(ctx context.Context, key string) (all []zalo.Media, err error) {
	body, err := c.parts.storage.db.MediaOf(ctx, zalo.Channel, key, c.now())
	if err != nil || body == nil {
		return nil, err
	}
	return all, json.Unmarshal(body, &all)
}

// zaloPersons is what Zalo tells besides messages.
type zaloPersons struct{ c *channels }

func (z zaloPersons) Withdrawn(ctx context.Context, c bot.Contact, at time.Time) error {
	return z.c.parts.turns.Forget(ctx, c, at)
}

func (z zaloPersons) Reachable(ctx context.Context, c bot.Contact, yes bool, at time.Time) error {
	return z.c.reach(ctx, c, yes, at)
}

func (z zaloPersons) Sent(ctx context.Context, c bot.Contact, update string, media []zalo.Media, at time.Time) error {
	body, err := json.Marshal(media)
	if err != nil {
		return err
	}
	return z.c.parts.storage.db.Media(ctx, c, update, body, at.Add(zalo.MediaLife))
}

func (z zaloPersons) Settle(ctx context.Context, to bot.Contact, _, text string, at time.Time) error {
	return z.c.parts.storage.db.Echo(ctx, to, text, at)
}

func (z zaloPersons) Wrote(ctx context.Context, ev zalo.Event) error {
	w := handoff.OfficeWord{Contact: ev.Contact, Key: ev.Key, Text: ev.Text, Media: ev.Shown(), At: ev.At}
	return z.c.parts.cases.OfficeWrote(ctx, w, z.c.now())
}
