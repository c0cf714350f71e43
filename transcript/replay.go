package transcript

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"nghe/bot"
	"nghe/dialog"
)

// Stage is where a transcript is replayed.
type Stage struct {
	Zone *time.Location // of the times in it
	// Handle answers one message: (*bot.Turns).Handle.
	Handle func(context.Context, bot.Incoming) (bot.Turn, error)
	// Content exchanges the content for one with the overrides of a name.
	Content func(name string) error
	// Courses exchanges the classes for those of a name, "" for none.
	Courses func(name string) error
	// BankDay notes that the policy bank comes to a place on a day of each month.
	BankDay func(ctx context.Context, place string, day int) error
	// Remind tells somebody of a class, as the clock does: a reminder by its id.
	Remind func(ctx context.Context, to bot.Contact, id, class string, at time.Time) ([]bot.Bubble, error)
	// Staff makes a contact the chat of a member of staff.
	Staff func(login string, who bot.Contact) error
	// Counsel lets a counsellor do something with the case that was opened last,
	// and gives what they see of it. What they may not is a line of it too.
	Counsel func(ctx context.Context, login, do, text string, at time.Time) (seen []string, err error)
	// Office hears what the office writes to somebody in the platform's own app.
	Office func(ctx context.Context, to bot.Contact, text string, at time.Time) error
	// Tick lets the clock look at the cases.
	Tick func(ctx context.Context, at time.Time) error
	// Look shows counsellors on duty what there is for them. It is called after
	// each message once somebody went on duty in their chat.
	Look func(ctx context.Context, at time.Time) error
	// Said gives what is kept of a talk with Seq > after: what came into it
	// without being asked for.
	Said func(ctx context.Context, who bot.Contact, after int64, at time.Time) ([]bot.Bubble, error)
	// People invents people of a place who agreed to be told of a trade.
	People func(n int, place, trade string, now time.Time) error
}

// Contact is who talks in a transcript.
var Contact = bot.Contact{Channel: "terminal", ID: "transcript"}

// Others are who talks by the name of a channel.
var Others = map[string]bot.Contact{
	"Zalo":     {Channel: "zalo", ID: "transcript"},
	"Telegram": {Channel: "telegram", ID: "transcript"},
	"web":      {Channel: "web", ID: "transcript"},
}

// Replay says again what the person says in a transcript and gives it as it
// should be written now. An error names the line.
func (s Stage) Replay(ctx context.Context, text string) (string, error) {
	r := replay{Stage: s, options: map[bot.Contact][]dialog.Option{}, seq: map[bot.Contact]int64{}}
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if err := r.line(ctx, strings.TrimRight(line, " \r")); err != nil {
			return r.out.String(), fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	return r.out.String(), nil
}

type replay struct {
	Stage
	out     strings.Builder
	now     time.Time
	said    int
	last    bot.Incoming
	options map[bot.Contact][]dialog.Option // all that were shown, the latest first
	seq     map[bot.Contact]int64           // of the last bubble that was written
	duty    bool                            // somebody went on duty in their chat
	blank   bool                            // a blank line stands before what comes next
}

// shows are how somebody writes that they send something that is no words.
var shows = map[string]string{"(ghi âm)": bot.MediaVoice, "(ảnh)": bot.MediaPhoto}

// goesOnDuty is what a counsellor types in their chat.
const goesOnDuty = "/truc"

func (r *replay) line(ctx context.Context, line string) error {
	word, rest, _ := strings.Cut(line, " ")
	switch {
	case line == "":
		r.blank = true
		return nil
	case strings.HasPrefix(line, " "), strings.HasPrefix(line, strings.TrimSpace(speaker)), strings.HasPrefix(line, human):
		r.blank = false // written anew
		return nil
	case strings.HasPrefix(line, "#"):
		r.keep(line)
		return nil
	case strings.HasPrefix(line, person):
		r.keep(line)
		return r.say(ctx, Contact, strings.TrimPrefix(line, person))
	case strings.HasPrefix(line, elsewhere):
		channel, text, _ := strings.Cut(strings.TrimPrefix(line, elsewhere), "): ")
		contact, ok := Others[channel]
		if !ok {
			return fmt.Errorf("%q is no channel of a transcript: write “Người (Zalo): …”, “Người (Telegram): …” or “Người (web): …”", channel)
		}
		r.keep(line)
		return r.say(ctx, contact, text)
	}
	r.keep(line)
	switch word {
	case "at":
		at, err := time.ParseInLocation(timeLayout, rest, r.Zone)
		if err != nil {
			return fmt.Errorf("%q is no time: write it as %s", rest, timeLayout)
		}
		r.now = at
		return nil
	case "wait":
		d, err := duration(rest)
		r.now = r.now.Add(d)
		return err
	case "again":
		if r.said == 0 {
			return fmt.Errorf("nothing was said that could be delivered again")
		}
		return r.hear(ctx, r.last)
	case "content":
		return r.Content(rest)
	case "courses":
		return r.Courses(rest)
	case "bank":
		place, text, _ := strings.Cut(rest, " ")
		day, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%q is no bank day: write the place and the day of the month", rest)
		}
		return r.BankDay(ctx, place, day)
	case "remind":
		return r.remind(ctx, rest)
	case "counsellor":
		return r.counsel(ctx, rest)
	case "office":
		return r.office(ctx, rest)
	case "tick":
		if err := r.Tick(ctx, r.now); err != nil {
			return err
		}
		if err := r.shown(ctx); err != nil {
			return err
		}
		return r.unasked(ctx)
	case "staff":
		return r.staff(rest)
	case "people":
		return r.people(rest)
	}
	return fmt.Errorf("%q is no line of a transcript: write “Người: …”, at, wait, again, content, courses, bank, remind, staff, counsellor, office, tick, people or # …", word)
}

// staff reads "LOGIN", or "LOGIN CHANNEL" for somebody's other chat.
func (r *replay) staff(rest string) error {
	login, channel, other := strings.Cut(rest, " ")
	who := Contact
	if other {
		var ok bool
		if who, ok = Others[channel]; !ok {
			return fmt.Errorf("%q is no channel of a transcript", channel)
		}
	}
	return r.Staff(login, who)
}

// people reads "12 ba-che nau-an".
func (r *replay) people(rest string) error {
	f := strings.Fields(rest)
	if len(f) != 3 {
		return fmt.Errorf("write people as: people 12 ba-che nau-an")
	}
	n, err := strconv.Atoi(f[0])
	if err != nil {
		return fmt.Errorf("%q is no number of people", f[0])
	}
	return r.People(n, f[1], f[2], r.now)
}

// keep writes a line as it was, with the blank line before it.
func (r *replay) keep(line string) {
	if r.blank {
		r.out.WriteString("\n")
	}
	r.blank = false
	r.out.WriteString(line + "\n")
}

func (r *replay) say(ctx context.Context, who bot.Contact, text string) error {
	if r.now.IsZero() {
		return fmt.Errorf("say first when this is: at %s", timeLayout)
	}
	r.said++
	in := bot.Incoming{Contact: who, Update: strconv.Itoa(r.said), Text: text, At: r.now}
	if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
		in.Text = text[1 : len(text)-1]
		options := r.options[who]
		i := slices.IndexFunc(options, func(o dialog.Option) bool { return o.Label == in.Text })
		if i < 0 {
			return fmt.Errorf("no option %q was shown", in.Text)
		}
		in.Tap = options[i].Tap
	}
	for mark, kind := range shows {
		if caption, ok := strings.CutPrefix(text, mark); ok {
			in.Media, in.Text = &bot.Media{Kind: kind, Ref: kind + in.Update}, strings.TrimSpace(caption)
		}
	}
	if quote, answer, ok := strings.Cut(strings.TrimPrefix(text, quoting), " "+quoting); ok && strings.HasPrefix(text, quoting) {
		in.Quote, in.Text = quote, answer
	}
	r.duty = r.duty || text == goesOnDuty
	r.last = in
	return r.hear(ctx, in)
}

func (r *replay) hear(ctx context.Context, in bot.Incoming) error {
	turn, err := r.Handle(ctx, in)
	if err != nil {
		return err
	}
	for _, b := range slices.Backward(turn.Bubbles) {
		r.options[in.Contact] = append(slices.Clone(b.Options), r.options[in.Contact]...)
	}
	r.out.WriteString(Answer(turn))
	if n := len(turn.Bubbles); n > 0 {
		r.seq[in.Contact] = max(r.seq[in.Contact], turn.Bubbles[n-1].Seq)
	}
	if err := r.shown(ctx); err != nil {
		return err
	}
	r.now = r.now.Add(time.Second)
	return nil
}

// shown writes what came into the talks because of what was just said, once
// somebody works from their chat.
func (r *replay) shown(ctx context.Context) error {
	if !r.duty {
		return nil
	}
	if err := r.Look(ctx, r.now); err != nil {
		return err
	}
	return r.unasked(ctx)
}

func (r *replay) office(ctx context.Context, text string) error {
	if err := r.Office(ctx, Others["Zalo"], text, r.now); err != nil {
		return err
	}
	if err := r.shown(ctx); err != nil {
		return err
	}
	r.now = r.now.Add(time.Second)
	return nil
}

// counsel reads "LOGIN: words", or "LOGIN DO TEXT".
func (r *replay) counsel(ctx context.Context, rest string) error {
	login, text, _ := strings.Cut(rest, " ")
	do := "say"
	if name, says := strings.CutSuffix(login, ":"); says {
		login = name
	} else {
		do, text, _ = strings.Cut(text, " ")
	}
	seen, err := r.Counsel(ctx, login, do, text, r.now)
	if err != nil {
		return err
	}
	for _, line := range seen {
		r.out.WriteString("  " + strings.ReplaceAll(line, "\n", "\n  ") + "\n")
	}
	if err := r.shown(ctx); err != nil {
		return err
	}
	if err := r.unasked(ctx); err != nil {
		return err
	}
	r.now = r.now.Add(time.Second)
	return nil
}

// unasked writes what came into the talks without being asked for.
func (r *replay) unasked(ctx context.Context) error {
	for _, channel := range []string{"", "Zalo", "Telegram", "web"} {
		who, other := Others[channel]
		if !other {
			who = Contact
		}
		all, err := r.Said(ctx, who, r.seq[who], r.now)
		if err != nil {
			return err
		}
		var turn bot.Turn
		for _, b := range all {
			r.seq[who] = b.Seq
			if b.From != bot.FromPerson {
				turn.Bubbles = append(turn.Bubbles, b)
				r.options[who] = append(slices.Clone(b.Options), r.options[who]...)
			}
		}
		if other && len(turn.Bubbles) > 0 {
			r.out.WriteString("  (" + channel + ")\n")
		}
		r.out.WriteString(Answer(turn))
	}
	return nil
}

func (r *replay) remind(ctx context.Context, rest string) error {
	id, class, ok := strings.Cut(rest, " ")
	if !ok {
		return fmt.Errorf("%q is no reminder: write its id and the class", rest)
	}
	bubbles, err := r.Remind(ctx, Contact, id, class, r.now)
	if err != nil {
		return err
	}
	turn := bot.Turn{Bubbles: bubbles}
	for _, b := range bubbles {
		r.options[Contact] = append(slices.Clone(b.Options), r.options[Contact]...)
	}
	r.out.WriteString(Answer(turn))
	r.now = r.now.Add(time.Second)
	return nil
}

// duration reads "3 weeks".
func duration(s string) (time.Duration, error) {
	number, unit, _ := strings.Cut(s, " ")
	n, err := strconv.Atoi(number)
	one, ok := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour}[strings.TrimSuffix(unit, "s")]
	if err != nil || !ok {
		return 0, fmt.Errorf("%q is no time to wait: write it as 3 weeks, 2 days, 5 hours or 10 minutes", s)
	}
	return time.Duration(n) * one, nil
}
