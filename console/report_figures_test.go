package console

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"nghe/course"
	"nghe/report"
)

// summing is a database that takes its time.
type summing struct {
	takes   time.Duration
	err     error
	began   int
	atOnce  int
	most    int // at a time
	tallies int
}

func (s *summing) sum(ctx context.Context, a report.Asked) (report.Figures, error) {
	s.began++
	s.atOnce++
	s.most = max(s.most, s.atOnce)
	defer func() { s.atOnce-- }()
	of := fmt.Sprint(keyOf(a), " ", s.began)
	select {
	case <-time.After(s.takes):
	case <-ctx.Done():
		return report.Figures{}, ctx.Err()
	}
	steps := make([]report.Tally, max(1, s.tallies))
	steps[0] = report.Tally{Key: of, Step: course.Step("x"), N: s.began}
	return report.Figures{Steps: steps}, s.err
}

// patient is a console over it, in a bubble of time.
func patient(t *testing.T, takes time.Duration, test func(t *testing.T, c *Console, s *summing)) {
	synctest.Test(t, func(t *testing.T) {
		s := &summing{takes: takes}
		c := &Console{Settings: Settings{Zone: time.UTC, Now: time.Now}}
		c.figures = newKeptFigures(s.sum, time.Now, slog.New(slog.DiscardHandler))
		defer c.figures.close()
		test(t, c, s)
	})
}

var everybody = report.Asked{Span: report.Year(2026), Scope: report.Scope{All: true}}

// shown is what a page shows, how long it took, and as of when it is.
func shown(t *testing.T, c *Console, a report.Asked) (n int, old bool, at time.Time, took time.Duration, err error) {
	t.Helper()
	began := time.Now()
	of := c.figuresOf(a)
	f, err := of.Figures(t.Context(), a)
	if err == nil {
		n = f.Steps[0].N
	}
	return n, of.old, of.at, time.Since(began), err
}

func TestNobodyWaitsLongForFigures(t *testing.T) {
	patient(t, 5*time.Second, func(t *testing.T, c *Console, s *summing) {
		begin := time.Now()
		for range 3 {
			if _, _, _, took, err := shown(t, c, everybody); !errors.Is(err, errMaking) || took != usualPatience {
				t.Errorf("nothing is there: %v after %v", err, took)
			}
		}
		time.Sleep(5 * time.Second)
		n, old, at, took, err := shown(t, c, everybody)
		if n != 1 || old || at != begin || took != 0 || err != nil {
			t.Errorf("it is there: %d, old %t, as of %v, %v, %v", n, old, at.Sub(begin), took, err)
		}
		// Old ones are shown at once, with the time that they are of, and made anew once.
		time.Sleep(time.Hour)
		again := time.Now()
		for range 3 {
			n, old, at, took, err = shown(t, c, everybody)
			if n != 1 || !old || at != begin || took != 0 || err != nil {
				t.Errorf("they are old: %d, old %t, as of %v, %v, %v", n, old, at.Sub(begin), took, err)
			}
		}
		time.Sleep(6 * time.Second)
		if n, old, at, _, err = shown(t, c, everybody); n != 2 || old || at != again || err != nil || s.began != 2 {
			t.Errorf("they are new: %d, old %t, as of %v, %v; summed up %d times", n, old, at.Sub(again), err, s.began)
		}
	})
}

// What takes no time is always new.
func TestFiguresOfFewPeopleAreNew(t *testing.T) {
	patient(t, time.Millisecond, func(t *testing.T, c *Console, s *summing) {
		for i := range 5 {
			if n, old, _, took, err := shown(t, c, everybody); n != i+1 || old || took != time.Millisecond || err != nil {
				t.Errorf("%d: %d, old %t, %v, %v", i, n, old, took, err)
			}
			time.Sleep(keptTimes * time.Millisecond)
		}
	})
}

func TestFiguresOfOneScopeAreNeverAnothers(t *testing.T) {
	patient(t, time.Millisecond, func(t *testing.T, c *Console, s *summing) {
		asked := []report.Asked{everybody, {Span: everybody.Span}, {Span: report.Year(2025), Scope: everybody.Scope}, {Span: everybody.Span, Scope: everybody.Scope, Cohort: true}}
		for _, scope := range []report.Scope{{Places: []string{"ba-che"}}, {Places: []string{"ba-che", "ky-thuong"}}, {Org: "ba-che"}, {Org: "Trường A"}, {Org: "Trường A", Places: []string{"ba-che"}}} {
			asked = append(asked, report.Asked{Span: everybody.Span, Scope: scope})
		}
		for round := range 2 {
			for i, a := range asked {
				if n, _, _, _, err := shown(t, c, a); n != i+1 || err != nil {
					t.Errorf("round %d: %+v is %d, %v, want %d", round, a, n, err, i+1)
				}
			}
		}
	})
}

// Many scopes are summed up one after the other, and as many are kept as there is
// room for: those that were asked for last.
func TestKeptFiguresAreFew(t *testing.T) {
	patient(t, 10*time.Second, func(t *testing.T, c *Console, s *summing) {
		of := func(i int) report.Asked {
			return report.Asked{Span: everybody.Span, Scope: report.Scope{Org: fmt.Sprint(i)}}
		}
		for i := range mostFigures + 20 {
			shown(t, c, of(i))
		}
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if len(c.figures.kept) != mostFigures || s.most != 1 {
			t.Errorf("%d are kept, %d were summed up at a time", len(c.figures.kept), s.most)
		}
		if c.figures.has(of(0)) || !c.figures.has(of(mostFigures+19)) {
			t.Error("the last is gone, or the first is there")
		}
		s.tallies = mostTallies/2 + 1
		shown(t, c, of(1000))
		time.Sleep(time.Minute)
		synctest.Wait()
		shown(t, c, of(1001))
		time.Sleep(time.Minute)
		synctest.Wait()
		if c.figures.has(of(1000)) || !c.figures.has(of(1001)) {
			t.Error("more numbers are kept than there is room for")
		}
	})
}

func TestFiguresOfARecordsThatFail(t *testing.T) {
	patient(t, time.Second, func(t *testing.T, c *Console, s *summing) {
		broken := errors.New("broken")
		s.err = broken
		c.Patience = time.Minute
		if _, _, _, _, err := shown(t, c, everybody); !errors.Is(err, broken) {
			t.Error(err)
		}
		s.err = nil
		if n, _, _, _, err := shown(t, c, everybody); n != 2 || err != nil {
			t.Error(n, err)
		}
		time.Sleep(time.Hour)
		s.err = broken
		if n, old, _, _, err := shown(t, c, everybody); n != 2 || !old || err != nil {
			t.Error("what is there is not shown:", n, old, err)
		}
	})
}

// A workbook is summed up when it is asked for, and the page is not older than it.
func TestWorkbooksAreExact(t *testing.T) {
	patient(t, 5*time.Second, func(t *testing.T, c *Console, s *summing) {
		for i := range 2 {
			f, err := c.exactFigures().Figures(t.Context(), everybody)
			if err != nil || f.Steps[0].N != i+1 {
				t.Error(f, err)
			}
		}
		if n, old, _, took, err := shown(t, c, everybody); n != 2 || old || took != 0 || err != nil {
			t.Error(n, old, took, err)
		}
	})
}
