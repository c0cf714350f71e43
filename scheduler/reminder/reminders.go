package reminder

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"nghe/bot"
	"nghe/broadcast"
	"nghe/content"
	"nghe/course"
	"nghe/dialog"
)

// Desk makes broadcasts: (*broadcast.Desk).
type Desk interface {
	New(ctx context.Context, l broadcast.Letter, by broadcast.By, now time.Time) (broadcast.Made, error)
	Preview(ctx context.Context, l broadcast.Letter, by broadcast.By, now time.Time) (broadcast.Made, broadcast.Counted, []broadcast.Sample, error)
}

// Staff is who of the office is told. A notice of a name is given once, to all
// whom it concerns; fresh says that it was not there before.
type Staff interface {
	Tell(ctx context.Context, n Notice) (fresh bool, err error)
}

// Notice is something that the office is told.
type Notice struct {
	Name     string
	Roles    []string // whom it concerns
	Province bool     // only those who work for the whole province
	Case     string   `json:",omitempty"` // id of the case that it is about: of use as long as nobody has taken that since
	Text     string
	At       time.Time
	Until    time.Time // it is of no more use then
}

// For says whether it concerns somebody of a role.
func (n Notice) For(role string, province bool) bool {
	return slices.Contains(n.Roles, role) && (province || !n.Province)
}

// Reminders tells what is due. All fields but Staff and Banks must be set.
type Reminders struct {
	Desk    Desk
	Records Records
	Library func() *content.Library
	Courses func() *course.Catalogue
	// Unfinished says whether a talk was left in the middle.
	Unfinished func(ctx context.Context, c bot.Contact, now time.Time) (bool, error)
	// Banks gives the bank days that are known; nil: none.
	Banks func(ctx context.Context) ([]BankDay, error)
	Staff Staff // nil: nobody of the office is told, and nothing is noted as told
	Zone  *time.Location
	Log   *slog.Logger
	Now   func() time.Time

	mu      sync.Mutex
	settled map[string]bool // names that need no look any more
	wrong   bool            // the clock, when last looked at
	warned  map[string]bool // names whose letter can't be made, told once
}

// MaxSkew is how far the clock may be from the store's.
const MaxSkew = 2 * time.Minute

// ErrClock says that nothing proactive is done, because the clock is wrong.
var ErrClock = errors.New("the clock is more than two minutes off the store's: no reminder and no broadcast goes out until it is right")

// Right says whether the clock is near enough to the store's for anything
// proactive to be done, and alarms when that changes. It gives the time that was
// compared: a clock that jumps afterwards has no say in what is done now.
func (r *Reminders) Right(ctx context.Context) (now time.Time, right bool, err error) {
	now = r.Now()
	theirs, err := r.Records.Clock(ctx)
	if err != nil {
		return now, false, fmt.Errorf("read the store's clock: %w", err)
	}
	off := now.Sub(theirs).Abs()
	wrong := off > MaxSkew
	r.mu.Lock()
	changed := wrong != r.wrong
	r.wrong = wrong
	r.mu.Unlock()
	switch {
	case changed && wrong:
		r.Log.Error("ALARM: "+ErrClock.Error(), "off", off.Round(time.Second))
	case changed:
		r.Log.Info("the clock is right again: what is due goes out")
	}
	return now, !wrong, nil
}

// Look tells what is due now. It may be called at any time, by any number of
// processes.
func (r *Reminders) Look(ctx context.Context) error {
	now, right, err := r.Right(ctx)
	switch {
	case err != nil:
		return err
	case !right:
		return ErrClock
	}
	known, err := r.known(ctx, now)
	if err != nil {
		return err
	}
	due, err := r.open(ctx, Due(known, now))
	if err != nil || len(due) == 0 {
		return err
	}
	wishing, err := r.wishing(ctx, due)
	if err != nil {
		return err
	}
	var failed []error
	for i := range due {
		if ctx.Err() != nil {
			break
		}
		if err := r.tell(ctx, &due[i], known, wishing, now); err != nil {
			// The others are told all the same.
			failed = append(failed, fmt.Errorf("reminder %s: %w", due[i].Name(), err))
		}
	}
	return errors.Join(failed...)
}

// known gathers what due work is computed from, and notes how classes stand.
func (r *Reminders) known(ctx context.Context, now time.Time) (Known, error) {
	k := Known{Reminders: r.Library().Reminders, Courses: r.Courses().All(), Zone: r.Zone}
	var err error
	if k.Begun, err = r.Records.Begun(ctx); err != nil {
		return k, fmt.Errorf("read when the records were begun: %w", err)
	}
	if k.Resumed, err = r.Records.Resumed(ctx); err != nil {
		return k, fmt.Errorf("read when the records were restored: %w", err)
	}
	if k.Switches, err = r.Records.Switches(ctx); err != nil {
		return k, fmt.Errorf("read which reminders are on: %w", err)
	}
	seen, err := r.Records.Seen(ctx)
	if err != nil {
		return k, fmt.Errorf("read how classes stood: %w", err)
	}
	today, changed := course.DayOf(now.In(r.Zone)), map[string]string{}
	for i := range k.Courses {
		c := &k.Courses[i]
		standing := seenOther
		switch c.Standing(today) {
		case course.Open:
			standing = seenOpen
		case course.Taken:
			standing = seenTaken
		}
		if was, ok := seen[c.ID]; !ok || was.Standing != standing {
			changed[c.ID] = standing
		}
	}
	if len(changed) > 0 {
		if err := r.Records.See(ctx, changed, now); err != nil {
			return k, fmt.Errorf("note how classes stand: %w", err)
		}
		if seen, err = r.Records.Seen(ctx); err != nil {
			return k, fmt.Errorf("read how classes stood: %w", err)
		}
	}
	k.Seen = seen
	if r.Banks != nil {
		if k.BankDays, err = r.Banks(ctx); err != nil {
			return k, fmt.Errorf("read bank days: %w", err)
		}
	}
	return k, nil
}

// open takes out what was told or given up.
func (r *Reminders) open(ctx context.Context, due []Item) ([]Item, error) {
	r.mu.Lock()
	if r.settled == nil {
		r.settled, r.warned = map[string]bool{}, map[string]bool{}
	}
	due = slices.DeleteFunc(due, func(i Item) bool { return r.settled[i.Name()] })
	r.mu.Unlock()
	if len(due) == 0 {
		return nil, nil
	}
	names := make([]string, len(due))
	for i := range due {
		names[i] = due[i].Name()
	}
	told, err := r.Records.Told(ctx, names)
	if err != nil {
		return nil, fmt.Errorf("read what was told: %w", err)
	}
	for name := range told {
		r.settle(name)
	}
	return slices.DeleteFunc(due, func(i Item) bool { return told[i.Name()] }), nil
}

func (r *Reminders) settle(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settled[name] = true
}

// wishing counts the wishes for the classes of what is due, so that no audience
// is resolved where there is nobody.
func (r *Reminders) wishing(ctx context.Context, due []Item) (map[string]map[course.State]int, error) {
	var ids []string
	for i := range due {
		if c := due[i].Course; c != nil && due[i].Reminder.What != content.ByOpening && !slices.Contains(ids, c.ID) {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	counts, err := r.Records.Wishing(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("count wishes: %w", err)
	}
	return counts, nil
}

// tell makes a broadcast, or a notice, of what is due; or notes that it is not
// told.
func (r *Reminders) tell(ctx context.Context, i *Item, known Known, wishing map[string]map[course.State]int, now time.Time) error {
	lib := r.Library()
	if i.Reminder.OfOffice() {
		return r.tellOffice(ctx, lib, i, now)
	}
	if i.Course != nil && i.Reminder.What != content.ByOpening && !slices.ContainsFunc(i.Reminder.To, func(s string) bool { return wishing[i.Course.ID][course.State(s)] > 0 }) {
		return r.miss(ctx, i, Nobody, 0, now)
	}
	letter, err := r.letter(ctx, lib, i, known, now)
	if err != nil {
		return err
	}
	if letter == nil {
		return r.miss(ctx, i, Nobody, 0, now)
	}
	by := broadcast.By{Name: broadcast.Clock}
	if i.Late(now) {
		letter.UsefulUntil = now.Add(time.Hour) // only to be counted
	}
	made, counted, _, err := r.Desk.Preview(ctx, *letter, by, now)
	var refused *broadcast.Refused
	switch {
	case errors.As(err, &refused):
		return r.refused(i, refused)
	case err != nil:
		return err
	case counted.Planned == 0 && len(made.LeftOut) == 0, counted.Planned == 0 && i.Late(now):
		return r.miss(ctx, i, Nobody, 0, now)
	case i.Late(now):
		return r.miss(ctx, i, Late, counted.Planned, now)
	}
	told, err := r.Desk.New(ctx, *letter, by, now)
	switch {
	case errors.Is(err, broadcast.ErrMissed):
		r.settle(i.Name())
		return nil
	case errors.As(err, &refused):
		return r.refused(i, refused)
	case err != nil:
		return err
	}
	r.settle(i.Name())
	if !told.Duplicate {
		r.Log.Info("reminder told", "reminder", i.Name(), "broadcast", told.ID, "people", told.Planned)
	}
	return nil
}

// refused says once that a letter can't be made.
func (r *Reminders) refused(i *Item, why *broadcast.Refused) error {
	r.mu.Lock()
	before := r.warned[i.Name()]
	r.warned[i.Name()] = true
	r.mu.Unlock()
	if before {
		return nil
	}
	return why
}

func (r *Reminders) miss(ctx context.Context, i *Item, why string, people int, now time.Time) error {
	fresh, err := r.Records.Miss(ctx, Missed{Name: i.Name(), Reminder: i.Reminder.ID, Due: i.At, At: now, Why: why, People: people})
	if err != nil {
		return fmt.Errorf("note what is not told: %w", err)
	}
	r.settle(i.Name())
	if fresh && why == Late {
		r.Log.Warn("reminder dropped: it would come too late", "reminder", i.Name(), "due", i.At, "people", people)
	}
	return nil
}

// letter writes what is due; nil when there is nothing to tell.
func (r *Reminders) letter(ctx context.Context, lib *content.Library, i *Item, known Known, now time.Time) (*broadcast.Letter, error) {
	l, pairs := &broadcast.Letter{}, []string(nil)
	switch i.Reminder.What {
	case content.ByBankDay:
		place := lib.Place(i.Bank.Place)
		if place == nil {
			return nil, nil // it is no unit any more
		}
		l.Audience.Bank = place.ID
		l.Options = []dialog.Option{{Label: lib.Flow("loan").Title, Tap: "flow:loan"}}
		pairs = []string{"{place}", inText(place.Name), "{day}", dayName(course.Day(i.About)), "{where}", i.Bank.Where, "{hours}", i.Bank.Hours}
	case content.ByWeek:
		classes := fresh(known, i.At)
		if len(classes) == 0 {
			return nil, nil
		}
		for _, c := range classes {
			l.Audience.Fits = append(l.Audience.Fits, c.ID)
		}
		l.Options = []dialog.Option{{Label: lib.Flow("course").Title, Tap: "flow:course"}}
		pairs = []string{"{n}", strconv.Itoa(len(classes)), "{list}", listed(lib, classes)}
	case content.ByUnfinished:
		who, err := r.unfinished(ctx, i.At, now)
		if err != nil || len(who) == 0 {
			return nil, err
		}
		l.Audience.Who = who
		l.Options = []dialog.Option{{Label: say(lib, "option.resume"), Tap: "do:resume"}}
	default:
		if l = OfClass(lib, i.Reminder, i.Course); l == nil {
			return nil, nil
		}
	}
	l.Name, l.UsefulUntil = i.Name(), i.Until
	if l.Text == "" {
		l.Purpose, l.Text, l.Template = broadcast.PurposeNews, fill(lib, i.Reminder.Text, pairs...), template(i.Reminder, pairs)
	}
	return l, nil
}

// OfClass writes a reminder about a class: its text, its buttons, and for whom
// it is. Nil: nobody knows whom it suits.
func OfClass(lib *content.Library, r *content.Reminder, c *course.Course) *broadcast.Letter {
	pairs := ofCourse(lib, c)
	l := &broadcast.Letter{Purpose: broadcast.PurposeWish, Text: fill(lib, r.Text, pairs...), Template: template(r, pairs)}
	l.Audience.Interest = r.To
	switch r.What {
	case content.ByClosing, content.ByFreed:
		l.Course, l.Audience.Course = c.ID, c.ID
	case content.ByOpening:
		if c.Trade == "" || lib.Place(c.Place) == nil {
			return nil // an officer announces it
		}
		l.Course, l.Audience.Waiting, l.Audience.Trades, l.Audience.Places, l.Audience.Near = c.ID, true, []string{c.Trade}, []string{c.Place}, true
	default:
		l.Audience.Course, l.Audience.OwesPapers = c.ID, r.What == content.ByPapers
		l.Options = answers(lib, r, c)
		if c.Invented {
			l.Text = say(lib, "course.invented") + "\n" + l.Text
		}
	}
	return l
}

// template is the one that a reminder names, filled with what its text is
// filled with; nil when it names none.
func template(r *content.Reminder, pairs []string) *bot.Template {
	if r.Zalo == "" {
		return nil
	}
	data := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if strings.Contains(r.Text, pairs[i]) {
			data[strings.Trim(pairs[i], "{}")] = pairs[i+1]
		}
	}
	return &bot.Template{ID: r.Zalo, Data: data, Dong: r.ZaloPrice}
}

// fresh gives the classes that came to be open in the week before a time and
// still are, the earliest deadline first.
func fresh(k Known, at time.Time) (classes []*course.Course) {
	today := course.DayOf(at.In(k.Zone))
	for n := range k.Courses {
		c := &k.Courses[n]
		if since := k.Seen[c.ID].OpenAt; since.After(at.AddDate(0, 0, -7)) && !since.After(at) && c.Standing(today) == course.Open {
			classes = append(classes, c)
		}
	}
	slices.SortStableFunc(classes, func(a, b *course.Course) int { return strings.Compare(string(a.Deadline), string(b.Deadline)) })
	return classes
}

// Who is asked about an unfinished talk: those who wrote last between two days
// and one day before, so that everybody is in one day's message only.
const (
	leftAfter      = 24 * time.Hour
	leftBefore     = 48 * time.Hour
	mostUnfinished = 5000 // a day: more say that something else is wrong
	lookAtOnce     = 500
)

func (r *Reminders) unfinished(ctx context.Context, at, now time.Time) (who []string, err error) {
	for after := ""; len(who) < mostUnfinished; {
		heard, err := r.Records.Wrote(ctx, at.Add(-leftBefore), at.Add(-leftAfter), after, lookAtOnce)
		if err != nil {
			return nil, fmt.Errorf("read who wrote: %w", err)
		}
		for _, h := range heard {
			left, err := r.Unfinished(ctx, h.Contact, now)
			if err != nil {
				return nil, fmt.Errorf("read talk: %w", err)
			}
			if left {
				who = append(who, h.Who)
			}
			after = h.Who
		}
		if len(heard) < lookAtOnce {
			break
		}
	}
	return who[:min(len(who), mostUnfinished)], nil
}

// reviewDays is how long before its review date a fact is told of.
const reviewDays = 14

// tellOffice tells members of staff.
func (r *Reminders) tellOffice(ctx context.Context, lib *content.Library, i *Item, now time.Time) error {
	if i.Late(now) {
		return r.miss(ctx, i, Late, 0, now)
	}
	pairs := []string{"{year}", strings.SplitN(i.About, "-", 2)[0]}
	if i.Reminder.What == content.ByFacts {
		ids := reviews(lib, now.In(r.Zone), reviewDays)
		if len(ids) == 0 {
			return r.miss(ctx, i, Nobody, 0, now)
		}
		list := strings.Join(ids[:min(len(ids), maxListed)], ", ")
		if more := len(ids) - maxListed; more > 0 {
			list += ", " + say(lib, "reminder.more", "{n}", strconv.Itoa(more))
		}
		pairs = []string{"{n}", strconv.Itoa(len(ids)), "{list}", list}
	}
	if r.Staff == nil {
		return nil
	}
	_, err := r.Staff.Tell(ctx, Notice{Name: i.Name(), Roles: i.Reminder.Roles, Province: i.Reminder.Province, Text: fill(lib, i.Reminder.Text, pairs...), At: now, Until: i.Until})
	if err != nil {
		return fmt.Errorf("tell the office: %w", err)
	}
	r.settle(i.Name())
	return nil
}
