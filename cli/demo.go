package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nghe/demo"
)

var demoCommand = command{
	name: "demo", synopsis: "[--people N] [--courses N] [--cases N] [--turns N] [--channel web|telegram|zalo]", about: "fill an empty store with invented data",
	help: `
Invents courses, people with their wishes, and what was counted and could not be
answered in the last two months, to try things out and for load tests. All of it is marked as invented, also to those who talk with the bot. A
store with anything real in it is refused. Doing it again brings the days of
the courses up to date.
  --people N        how many people (20)
  --courses N       how many courses (two of each trade)
  --cases N         how many talks that humans took (none)
  --turns N         how many messages were counted, over a year (some thousands,
                    over two months)
  --channel NAME    where they can be reached (web)`,
	run: runDemo,
}

// maxInvented people are more than live in the province.
const maxInvented = 2_000_000

// maxInventedCourses are more than the province has held.
const maxInventedCourses = 100_000

// maxInventedTurns are more than there can be in a year.
const maxInventedTurns = 10_000_000

func runDemo(ctx context.Context, p *Process, args []string) error {
	f := flags("demo")
	n := f.Int("people", 20, "")
	classes := f.Int("courses", -1, "")
	cases := f.Int("cases", 0, "")
	turns := f.Int("turns", 0, "")
	channel := f.String("channel", "web", "")
	if _, err := parse(f, args, 0); err != nil {
		return err
	}
	switch {
	case *n < 0 || *n > maxInvented:
		return wrongUse("demo: --people %d: give a number from 0 to %d", *n, maxInvented)
	case *classes < -1 || *classes > maxInventedCourses:
		return wrongUse("demo: --courses %d: give a number from 0 to %d", *classes, maxInventedCourses)
	case *cases < 0 || *cases > maxInvented:
		return wrongUse("demo: --cases %d: give a number from 0 to %d", *cases, maxInvented)
	case *turns < 0 || *turns > maxInventedTurns:
		return wrongUse("demo: --turns %d: give a number from 0 to %d", *turns, maxInventedTurns)
	case !slices.Contains([]string{"web", "telegram", "zalo"}, *channel):
		return wrongUse("demo: --channel %q is none of web, telegram, zalo", *channel)
	}
	e, err := readEnvironment(p.Environ)
	if err != nil {
		return err
	}
	holder, err := openContent(e.Content)
	if err != nil {
		return err
	}
	storage, err := openStorage(ctx, e, p.Now(), quietLog(p.Stderr))
	if err != nil {
		return err
	}
	defer storage.close()
	if err := storage.onlyInvented(ctx, e.Data); err != nil {
		return err
	}
	lib := holder.Current()
	courses := demo.Courses(lib, here(p.Now()))
	if *classes >= 0 {
		courses = demo.ManyCourses(lib, *classes, here(p.Now()))
	}
	if _, err := storage.db.PutCourses(ctx, courses, p.Now()); err != nil {
		return err
	}
	const atATime = 10_000
	for from := 1; from <= *n; from += atATime {
		persons, wishes := demo.People(lib, courses, from, min(from+atATime, *n+1), *channel, p.Now())
		if err := storage.db.Fill(ctx, persons, wishes); err != nil {
			return err
		}
		if err := storage.db.FillMilestones(ctx, demo.Milestones(wishes, p.Now())); err != nil {
			return err
		}
	}
	for from := 1; from <= *cases; from += atATime {
		if err := storage.db.FillCases(ctx, demo.Cases(lib, from, min(from+atATime, *cases+1), p.Now())); err != nil {
			return err
		}
	}
	if err := storage.db.FillCounts(ctx, demo.ManyCounts(lib, *turns, here(p.Now())), demo.ManyUnanswered(*turns, here(p.Now()))); err != nil {
		return err
	}
	fmt.Fprintf(p.Stdout, "%d invented courses and %d invented people are in %s\n", len(courses), *n, e.Data)
	if *cases > 0 {
		fmt.Fprintf(p.Stdout, "and %d invented cases\n", *cases)
	}
	return nil
}

// onlyInvented refuses a store with anything real in it.
func (s *storage) onlyInvented(ctx context.Context, dir string) error {
	real, err := s.db.Real(ctx)
	if err != nil {
		return err
	}
	var what []string
	for _, x := range []struct {
		n    int64
		name string
	}{{real.People, "people"}, {real.Talks, "conversations"}, {real.Courses, "courses"}, {real.Wishes, "wishes"}, {real.Counts, "daily counts"}} {
		if x.n > 0 {
			what = append(what, fmt.Sprint(x.n, " ", x.name))
		}
	}
	if what != nil {
		return fmt.Errorf("%s holds %s that are real: set NGHE_DATA to a new folder", dir, strings.Join(what, ", "))
	}
	return nil
}
