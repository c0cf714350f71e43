package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"nghe/bot"
	"nghe/bot/zalobot"
	"nghe/broadcast"
	"nghe/dialog"
	"nghe/people"
	"nghe/staff"
	"nghe/store"
)

var broadcastCommand = command{
	name: "broadcast", synopsis: "new --json JSON [--yes] | show ID | pause ID | resume ID | cancel ID | list [--json]", about: "tell something to many",
	help: `
“new” makes a broadcast; JSON is one object, of which text or course is needed:
  {"text":"…","course":"ID","audience":{"places":["ba-che"],"near":true,
   "trades":["han"],"groups":["women"],"channels":["telegram"],
   "interest":["new"]},"at":"2026-12-01T08:00:00+07:00","urgent":false}
Kinds are joined by “and”, values within a kind by “or”; an empty audience is
everybody who agreed to be told. More than 200 people need a second person's
yes; --yes is the operator's. The same content to the same audience within 7
days gives the first one's id, unless "again":true.
“show”, “pause”, “resume”, “cancel” print how it stands then; “list” all of
them, with --json as a list of objects. A running “nghe serve” sends; all of
this works beside it.`,
	run: runBroadcast,
}

func runBroadcast(ctx context.Context, p *Process, args []string) error {
	f := flags("broadcast")
	var input jsonFlag
	f.Var(&input, "json", "")
	yes := f.Bool("yes", false, "")
	rest, err := parse(f, args, 2)
	if err != nil {
		return err
	}
	const actions = "new, show, pause, resume, cancel or list"
	if len(rest) == 0 {
		return wrongUse("broadcast: say %s", actions)
	}
	do := rest[0]
	// “--json JSON” of new; of the others --json stands alone.
	var letter string
	if do == "new" {
		letter = input.text
		if letter == "" && len(rest) == 2 {
			letter, rest = rest[1], rest[:1]
		}
	}
	switch {
	case !slices.Contains([]string{"new", "show", "pause", "resume", "cancel", "list"}, do):
		return wrongUse("broadcast: %q is none of %s", do, actions)
	case do == "new" && (len(rest) != 1 || letter == ""):
		return wrongUse("broadcast new: --json with an object is missing")
	case do == "list" && len(rest) != 1:
		return wrongUse("broadcast list: unexpected argument %q", rest[1])
	case do != "new" && do != "list" && len(rest) != 2:
		return wrongUse("broadcast %s: say which, by its id", do)
	case *yes && do != "new":
		return wrongUse("broadcast %s: --yes is for new", do)
	}
	parts, err := openQuietly(ctx, p)
	if err != nil {
		return err
	}
	defer parts.close()
	switch do {
	case "new":
		return parts.newBroadcast(ctx, p, letter, *yes)
	case "list":
		return parts.listBroadcasts(ctx, p, input.given)
	case "show":
		return parts.showBroadcast(ctx, p, rest[1])
	}
	desk, now := parts.broadcasts(), p.Now()
	operator := operating(now, "broadcast."+do)
	switch do {
	case "pause":
		_, err = desk.Pause(ctx, rest[1], operator, "", now)
	case "resume":
		_, err = desk.Resume(ctx, rest[1], operator, now)
	case "cancel":
		_, err = desk.Cancel(ctx, rest[1], operator, "", now)
	}
	if err != nil {
		return err
	}
	return parts.showBroadcast(ctx, p, rest[1])
}

// jsonFlag is --json with or without an object: of “new --json {…}” the object
// is the next argument.
type jsonFlag struct {
	given bool
	text  string
}

func (j *jsonFlag) String() string   { return j.text }
func (j *jsonFlag) IsBoolFlag() bool { return true }
func (j *jsonFlag) Set(s string) error {
	if j.given = true; s != "true" {
		j.text = s
	}
	return nil
}

// broadcasts is the desk where they are made and steered.
func (p *parts) broadcasts() *broadcast.Desk {
	return &broadcast.Desk{Records: p.storage.db, Library: p.mind.holder.Current, Courses: p.mind.courses.Load, Zone: zone()}
}

func (p *parts) newBroadcast(ctx context.Context, process *Process, text string, yes bool) error {
	var letter broadcast.Letter
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&letter); err != nil {
		return wrongUse("broadcast new: --json: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return wrongUse("broadcast new: --json: something stands behind the object")
	}
	now := process.Now()
	made, err := p.broadcasts().New(ctx, letter, operating(now, "broadcast.new"), now)
	if err != nil {
		return err
	}
	b := &made.Broadcast
	if yes && !made.Duplicate && b.State == broadcast.Awaiting {
		if b, err = p.broadcasts().Approve(ctx, b.ID, operating(now, "broadcast.approve"), now); err != nil {
			return err
		}
	}
	told := struct {
		ID          string          `json:"id"`
		State       broadcast.State `json:"state"`
		Planned     int             `json:"planned"`
		LeftOut     map[string]int  `json:"left_out"`
		DuplicateOf string          `json:"duplicate_of,omitempty"`
		Remarks     []string        `json:"remarks,omitempty"`
	}{b.ID, b.State, b.Planned, orEmpty(b.LeftOut), "", made.Remarks}
	if made.Duplicate {
		told.DuplicateOf = b.ID
	}
	return printJSON(process, told)
}

// operating is the operator, with the line of the audit log for what they do.
func operating(now time.Time, did string) broadcast.By {
	return broadcast.By{Name: broadcast.Operator, Urgent: true, Note: func(b *broadcast.Broadcast) staff.Entry {
		return staff.NewEntry(staff.Operator, now, did, "broadcast:"+b.ID, first(or(b.Text, b.Course), 60))
	}}
}

func orEmpty(m map[string]int) map[string]int {
	if m == nil {
		return map[string]int{}
	}
	return m
}

// standing is how a broadcast stands, as “show --json” tells it.
type standing struct {
	ID    string          `json:"id"`
	State broadcast.State `json:"state"`
	Why   string          `json:"why,omitempty"`
	broadcast.Book
	LeftOut    map[string]int    `json:"left_out"`
	Text       string            `json:"text"`
	Course     string            `json:"course,omitempty"`
	Audience   string            `json:"audience"`
	Author     string            `json:"author"`
	ApprovedBy string            `json:"approved_by,omitempty"`
	At         time.Time         `json:"at"`
	StartedAt  *time.Time        `json:"started_at"`
	DoneAt     *time.Time        `json:"done_at"`
	History    []broadcast.Event `json:"history"`
}

func (p *parts) showBroadcast(ctx context.Context, process *Process, id string) error {
	db := p.storage.db
	b, err := db.Broadcast(ctx, id)
	if err != nil {
		return err
	}
	if b == nil {
		return fmt.Errorf("không có tin nào mã “%s”: xem “nghe broadcast list”", id)
	}
	s := standing{
		ID: b.ID, State: b.State, Why: b.Why, LeftOut: orEmpty(b.LeftOut), Text: b.Text, Course: b.Course,
		Audience: b.Audience.Sentence(p.mind.holder.Current(), p.mind.courses.Load(), zone()), Author: b.Author, ApprovedBy: b.ApprovedBy, At: here(b.At),
		StartedAt: when(b.StartedAt), DoneAt: when(b.DoneAt),
	}
	if s.Book, err = db.Book(ctx, id); err != nil {
		return err
	}
	if s.History, err = db.History(ctx, id); err != nil {
		return err
	}
	return printJSON(process, s)
}

// when gives a time as JSON has it; nil, null, when there is none.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	local := here(t)
	return &local
}

func (p *parts) listBroadcasts(ctx context.Context, process *Process, asJSON bool) error {
	const most = 1000
	all, err := p.storage.db.Broadcasts(ctx, most)
	if err != nil {
		return err
	}
	if !asJSON {
		t := tabwriter.NewWriter(process.Stdout, 0, 0, 2, ' ', 0)
		fmt.Fprintln(t, "TIN\tTRẠNG THÁI\tNGƯỜI NHẬN\tGỬI LÚC\tNỘI DUNG")
		for _, b := range all {
			fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\n", b.ID, broadcast.StateNames[b.State], b.Planned, here(b.At).Format("15:04 2/1/2006"), first(or(b.Text, b.Course), 40))
		}
		return t.Flush()
	}
	type item struct {
		ID        string          `json:"id"`
		State     broadcast.State `json:"state"`
		Planned   int             `json:"planned"`
		Text      string          `json:"text"`
		Course    string          `json:"course,omitempty"`
		Author    string          `json:"author"`
		At        time.Time       `json:"at"`
		StartedAt *time.Time      `json:"started_at"`
		DoneAt    *time.Time      `json:"done_at"`
	}
	items := []item{}
	for _, b := range all {
		items = append(items, item{b.ID, b.State, b.Planned, b.Text, b.Course, b.Author, here(b.At), when(b.StartedAt), when(b.DoneAt)})
	}
	return printJSON(process, items)
}

// first gives the first characters of a text on one line.
func first(text string, n int) string {
	r := []rune(oneLine(text))
	if len(r) <= n {
		return string(r)
	}
	return string(bytes.TrimSpace([]byte(string(r[:n-1])))) + "…"
}

// road is what sends broadcasts.
func (c *channels) road(ready func(context.Context) (time.Time, bool)) *broadcast.Road {
	pace := map[string]float64{}
	for name, channel := range c.sender.Channels {
		pace[name] = channel.Can().PerSecond
	}
	mind := c.parts.mind
	return &broadcast.Road{
		Rows: c.parts.storage.db, Send: c.sender.Bulk, Pace: pace, Tell: c.parts.turns.Tell,
		Bubbles: func(b *broadcast.Broadcast, channel string) []bot.Bubble {
			buttons := channel != zalobot.Channel // as it is when it is open
			if ch := c.sender.Channels[channel]; ch != nil {
				buttons = ch.Can().Buttons > 0
			}
			return broadcast.Bubbles(b, mind.brain().Library, mind.courses.Load(), buttons)
		},
		Calendar: func() broadcast.Calendar {
			return broadcast.Calendar{Zone: zone(), Holidays: mind.holder.Current().Holidays}
		},
		Ready: ready, Log: c.log, Now: c.now, Owner: c.owner,
	}
}

// registering counts, for the broadcasts that announced a class, who registers
// for it.
func registering(register bot.Effect, db *store.DB, log *slog.Logger) bot.Effect {
	return func(ctx context.Context, a bot.Asked) (dialog.Values, error) {
		values, err := register(ctx, a)
		id := a.Slots["join"].Text()
		if outcome := values["registered"].Text(); err == nil && id != "" && (outcome == people.Noted || outcome == people.Already) {
			if err := db.Registered(ctx, a.Contact, id, a.At); err != nil {
				log.Error("a registration is not counted for its broadcast", "contact", a.Contact.String(), "error", err)
			}
		}
		return values, err
	}
}
