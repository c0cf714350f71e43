package cli

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"time"

	"nghe/content"
	"nghe/course"
	"nghe/understand"
)

var checkCommand = command{
	name: "check", synopsis: "[DIR] [--strict] [--channels] [--edited] [--on DATE]", about: "check all content",
	help: `
DIR is a folder of overrides; without it NGHE_CONTENT, if set, is checked on
top of what is built in. Each problem is one line: FILE:LINE: what is wrong:
what to try. A fact past its review date is a warning.
  --strict     warnings are problems
  --channels   also warn of what looks worse on a channel than it was written:
               options beyond its buttons, texts that it cuts; “nghe preview”
               shows how
  --edited     with what was edited in the console
  --on DATE    the day to check for, as 2026-11-22 (default: today)`,
	run: runCheck,
}

func runCheck(ctx context.Context, p *Process, args []string) error {
	f := flags("check")
	strict := f.Bool("strict", false, "")
	channels := f.Bool("channels", false, "")
	edited := f.Bool("edited", false, "")
	day := f.String("on", "", "")
	rest, err := parse(f, args, 1)
	if err != nil {
		return err
	}
	on := here(p.Now())
	if *day != "" {
		if on, err = time.ParseInLocation(time.DateOnly, *day, zone()); err != nil {
			return wrongUse("check: --on %q is no day: write it as 2026-11-22", *day)
		}
	}
	e, err := readEnvironment(p.Environ)
	if err != nil {
		return err
	}
	dir := e.Content
	if len(rest) == 1 {
		dir = rest[0]
	}
	var overrides []fs.FS
	if dir != "" {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return wrongUse("check: %s is no folder", dir)
		}
		overrides = append(overrides, os.DirFS(dir))
	}
	if *edited {
		files, err := editedFiles(ctx, p, e)
		if err != nil {
			return err
		}
		if files != nil {
			overrides = append(overrides, files)
		}
	}
	lib, problems := content.Load(content.Builtin(), overrides...)
	if lib != nil {
		problems = append(problems, lib.Lapsed(on)...)
	}
	failed := false
	for _, problem := range problems {
		problem.Warning = problem.Warning && !*strict
		failed = failed || !problem.Warning
		fmt.Fprintln(p.Stdout, problem)
	}
	if *channels && lib != nil {
		mark := " (warning)"
		if *strict {
			mark = ""
		}
		found := checkChannels(p.Stdout, lib, brainOf(lib, course.NewCatalogue(nil), understand.New(lib)), on, mark)
		failed = failed || found && *strict
	}
	if failed {
		return errTold
	}
	return nil
}
