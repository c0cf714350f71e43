package console

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"nghe/daily"
	"nghe/report"
	"nghe/staff"
)

// Figures are new for so many times as long as it took to sum them up, a minute at
// most: those of a few people are always new, those of a province, which take
// seconds, are summed up at most that part of the time.
const (
	keptTimes = 20
	keptMost  = time.Minute
)

// usualPatience is how long a page waits for figures to be summed up. After that it
// shows those that are there, or says that they are being made.
const usualPatience = 500 * time.Millisecond

// mostSumming is how long summing up may take.
const mostSumming = 2 * time.Minute

// mostFigures are kept, of scopes and times, and so many numbers in them (some 80
// bytes each): what nobody asked for longest goes first.
const (
	mostFigures = 300
	mostTallies = 400_000
)

// errMaking says that nothing is there yet to be shown.
var errMaking = errors.New("the figures are being summed up")

// keptFigures are what the database summed up last, by what was asked. What is old
// is shown while it is summed up anew, in the background: each at most once at a
// time, and one after the other, since it takes the database as long as everything
// else that it does.
type keptFigures struct {
	sum func(context.Context, report.Asked) (report.Figures, error)
	now func() time.Time
	log *slog.Logger

	life    context.Context // of what is done in the background
	end     context.CancelFunc
	working sync.WaitGroup
	turn    chan struct{} // holds something while figures are summed up in the background
	waited  chan struct{} // the same, while somebody waits for them

	mu   sync.Mutex
	kept map[figuresKey]*madeFigures
}

// figuresKey is all that figures depend on; the classes of an organisation go with it.
type figuresKey struct {
	report.Span
	cohort, all bool
	places, org string
}

func keyOf(a report.Asked) figuresKey {
	return figuresKey{a.Span, a.Cohort, a.Scope.All, strings.Join(slices.Sorted(slices.Values(a.Scope.Places)), ","), a.Scope.Org}
}

// madeFigures are guarded by keptFigures.mu; what is read of them never changes.
type madeFigures struct {
	report.Figures
	at     time.Time // as of when, by the console's clock; zero: nothing is there
	until  time.Time // they are new, by the process's clock
	took   time.Duration
	asked  time.Time
	making chan struct{} // closed when they are made; nil: nobody makes them
	err    error         // of the last time
}

func (m *madeFigures) there() bool { return !m.at.IsZero() }

func (m *madeFigures) fresh() bool { return m.there() && time.Now().Before(m.until) }

// take takes up what was made, unless something newer is there.
func (m *madeFigures) take(made madeFigures) {
	if m.err = made.err; made.err == nil && !made.at.Before(m.at) {
		m.Figures, m.at, m.until, m.took = made.Figures, made.at, made.until, made.took
	}
}

func newKeptFigures(sum func(context.Context, report.Asked) (report.Figures, error), now func() time.Time, log *slog.Logger) *keptFigures {
	k := &keptFigures{sum: sum, now: now, log: log, turn: make(chan struct{}, 1), waited: make(chan struct{}, 1), kept: map[figuresKey]*madeFigures{}}
	k.life, k.end = context.WithCancel(context.Background())
	return k
}

// close ends what is done in the background, and waits for it.
func (k *keptFigures) close() {
	k.end()
	k.working.Wait()
}

// ask gives what is kept of something, as it is now and where it will be, and has it
// made where it is not new.
func (k *keptFigures) ask(a report.Asked) (now madeFigures, kept *madeFigures) {
	k.mu.Lock()
	defer k.mu.Unlock()
	m := k.of(a)
	if !m.fresh() && m.making == nil && k.life.Err() == nil {
		m.making = make(chan struct{})
		k.working.Go(func() { k.make(m, a) })
	}
	return *m, m
}

// of is where figures are kept. The lock is held.
func (k *keptFigures) of(a report.Asked) *madeFigures {
	key := keyOf(a)
	m := k.kept[key]
	if m == nil {
		m = &madeFigures{}
		k.kept[key] = m
	}
	m.asked = time.Now()
	return m
}

// make sums up in the background.
func (k *keptFigures) make(m *madeFigures, a report.Asked) {
	made := k.exact(k.life, k.turn, a)
	k.mu.Lock()
	defer k.mu.Unlock()
	m.take(made)
	if made.err != nil && k.life.Err() == nil {
		k.log.Error("figures of a report can't be summed up", "error", made.err)
	}
	close(m.making)
	m.making = nil
	k.drop()
}

// exact sums up now, when it is its turn.
func (k *keptFigures) exact(ctx context.Context, turn chan struct{}, a report.Asked) (m madeFigures) {
	select {
	case turn <- struct{}{}:
	case <-ctx.Done():
		return madeFigures{err: ctx.Err()}
	}
	defer func() { <-turn }()
	ctx, cancel := context.WithTimeout(ctx, mostSumming)
	defer cancel()
	began := time.Now()
	m.at = k.now()
	m.Figures, m.err = k.sum(ctx, a)
	m.took = time.Since(began)
	m.until = time.Now().Add(min(keptMost, keptTimes*m.took))
	return m
}

// drop forgets what nobody asked for longest, as far as there is too much.
func (k *keptFigures) drop() {
	tallies := 0
	for _, m := range k.kept {
		tallies += len(m.Steps)
	}
	for len(k.kept) > 1 && (len(k.kept) > mostFigures || tallies > mostTallies) {
		var oldest *figuresKey
		for key, m := range k.kept {
			if m.making == nil && (oldest == nil || m.asked.Before(k.kept[*oldest].asked)) {
				oldest = &key
			}
		}
		if oldest == nil {
			return
		}
		tallies -= len(k.kept[*oldest].Steps)
		delete(k.kept, *oldest)
	}
}

// figuresOf reads the figures of one page.
type figuresOf struct {
	*keptFigures
	report.Records
	until time.Time // the page waits for what is not new
	exact bool      // what is kept is not enough
	at    time.Time // as of when they are, the oldest of them
	old   bool      // new ones are being made
}

// figuresOf reads what a page shows: what is new, else what is there, else
// errMaking; each of what is asked for is begun at once.
func (c *Console) figuresOf(asked ...report.Asked) *figuresOf {
	for _, a := range asked {
		c.figures.ask(a)
	}
	return &figuresOf{keptFigures: c.figures, Records: c.Records, until: time.Now().Add(cmp.Or(c.Patience, usualPatience))}
}

// exactFigures reads what goes into a workbook.
func (c *Console) exactFigures() *figuresOf {
	return &figuresOf{keptFigures: c.figures, Records: c.Records, exact: true}
}

// Figures gives them. It is report.Records.
func (f *figuresOf) Figures(ctx context.Context, a report.Asked) (report.Figures, error) {
	if f.exact {
		m := f.keptFigures.exact(ctx, f.waited, a)
		if m.err != nil {
			return report.Figures{}, m.err
		}
		f.mu.Lock()
		f.of(a).take(m)
		f.drop()
		f.mu.Unlock()
		f.take(m, false)
		return m.Figures, nil
	}
	m, kept := f.ask(a)
	old := !m.fresh()
	if wait := time.Until(f.until); old && m.making != nil && (!m.there() || m.took < wait) {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-m.making:
			f.mu.Lock()
			m = *kept
			f.mu.Unlock()
			old = m.err != nil
		case <-timer.C:
		case <-ctx.Done():
			return report.Figures{}, ctx.Err()
		}
	}
	switch {
	case m.there():
		f.take(m, old)
		return m.Figures, nil
	case m.err != nil:
		return report.Figures{}, m.err
	}
	return report.Figures{}, errMaking
}

func (f *figuresOf) take(m madeFigures, old bool) {
	if f.at.IsZero() || m.at.Before(f.at) {
		f.at = m.at
	}
	f.old = f.old || old
}

// yearlyAsked is what the yearly report asks for, and its results.
func (c *Console) yearlyAsked(s report.Span, scope report.Scope) []report.Asked {
	this := report.Asked{Span: s, Zone: c.Zone, Scope: scope}
	last := this
	last.Span = report.Past(s, daily.DayOf(c.Now().In(c.Zone)))
	return []report.Asked{this, last}
}

func (c *Console) resultsAsked(s report.Span, scope report.Scope) report.Asked {
	return report.Asked{Span: s, Zone: c.Zone, Scope: scope, Cohort: true}
}

// prepareFigures has the figures of a member's own scope made before they ask for
// them, unless there are some.
func (c *Console) prepareFigures(m staff.Member) {
	if staff.AllowedSomewhere(m, staff.SeeReports) != nil {
		return
	}
	scope, s := c.ownReport(m.Scope), report.Year(report.YearDue(daily.DayOf(c.Now().In(c.Zone))))
	for _, a := range append(c.yearlyAsked(s, scope), c.resultsAsked(s, scope)) {
		if !c.figures.has(a) {
			c.figures.ask(a)
		}
	}
}

func (k *keptFigures) has(a report.Asked) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	m := k.kept[keyOf(a)]
	return m != nil && (m.there() || m.making != nil)
}
