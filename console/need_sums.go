package console

import (
	"context"
	"fmt"
	"sync"

	"nghe/content"
	"nghe/course"
	"nghe/report"
	"nghe/staff"
)

// needScope bounds sums to what a member works for: the wishes of who lives
// there, or for the classes of their organisation. Unlike within, it leaves out
// people from elsewhere: of their commune it would tell only a part.
func (c *Console) needScope(m staff.Member) *course.Within {
	if m.Scope.Province {
		return nil
	}
	w := &course.Within{Places: m.Scope.Places}
	for _, k := range c.Courses().All() {
		if m.Scope.Org != "" && k.Provider == m.Scope.Org {
			w.Courses = append(w.Courses, k.ID)
		}
	}
	return w
}

// sums keeps what the database summed up last, by scope, for as long as no wish
// changes: to sum up a whole province takes it a good part of a second.
type sums struct {
	mu   sync.Mutex
	kept map[string]keptSums
}

type keptSums struct {
	of    report.Version
	lib   *content.Library
	needs report.Needs
}

// mostKept is of how many scopes sums are kept: more than there are communes.
const mostKept = 100

// needs gives what people of a member's scope need.
func (c *Console) needs(ctx context.Context, m staff.Member) (report.Needs, error) {
	within := c.needScope(m)
	scope := "province"
	if within != nil {
		scope = fmt.Sprintf("%q", *within)
	}
	version, err := c.Records.NeedsVersion(ctx)
	if err != nil {
		return report.Needs{}, err
	}
	c.sums.mu.Lock()
	kept, ok := c.sums.kept[scope]
	c.sums.mu.Unlock()
	if lib := c.Library(); !ok || kept.of != version || kept.lib != lib {
		all, err := c.Records.NeedSums(ctx, course.Search{Within: within})
		if err != nil {
			return report.Needs{}, err
		}
		kept = keptSums{version, lib, report.NewNeeds(lib, all)}
		c.sums.mu.Lock()
		if c.sums.kept == nil || len(c.sums.kept) >= mostKept {
			c.sums.kept = map[string]keptSums{}
		}
		c.sums.kept[scope] = kept
		c.sums.mu.Unlock()
	}
	return kept.needs, nil
}

// words are how tables of reports call things.
func (c *Console) words() report.Words {
	w := report.NewWords(c.Library(), c.Zone)
	w.State, w.Able = func(s course.State) string { return stateWords[s] }, func(a course.Able) string { return ableWords[a] }
	return w
}
