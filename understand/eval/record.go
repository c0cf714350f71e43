package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"nghe/understand/questions"
)

// compare tells what changed since the recorded run of a set of questions, and
// records this one when asked to. A record has a line a set, with tabs between:
// its name, and how many questions were in scope, right at once, right among
// three, answered outright, wrong of these, and answered though outside.
func compare(file, set string, now questions.Count, write bool) error {
	b, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	lines := map[string]string{}
	for line := range strings.Lines(string(b)) {
		name, rest, _ := strings.Cut(strings.TrimSpace(line), "\t")
		lines[name] = rest
	}
	if line, known := lines[set]; known {
		var was questions.Count
		if _, err := fmt.Sscan(line, &was.InScope, &was.First, &was.Third, &was.Answered, &was.Wrong, &was.OutsideAnswered); err != nil {
			return fmt.Errorf("%s: %s: %w", file, set, err)
		}
		fmt.Printf("recorded: of %d top-1 %.1f %%, top-3 %.1f %%, answered %.1f %%, wrong %.1f %%; since then top-1 %+.1f, top-3 %+.1f, answered %+.1f, wrong %+.1f\n", was.InScope,
			was.Percent(was.First), was.Percent(was.Third), was.Percent(was.Answered), was.Percent(was.Wrong),
			now.Percent(now.First)-was.Percent(was.First), now.Percent(now.Third)-was.Percent(was.Third),
			now.Percent(now.Answered)-was.Percent(was.Answered), now.Percent(now.Wrong)-was.Percent(was.Wrong))
	} else if !write {
		fmt.Printf("recorded: no run of %s\n", set)
	}
	if !write {
		return nil
	}
	lines[set] = fmt.Sprintf("%d\t%d\t%d\t%d\t%d\t%d", now.InScope, now.First, now.Third, now.Answered, now.Wrong, now.OutsideAnswered)
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(lines)) {
		fmt.Fprintf(&out, "%s\t%s\n", name, lines[name])
	}
	return os.WriteFile(file, []byte(out.String()), 0o644)
}
