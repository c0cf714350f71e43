package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"
)

// Process is what the operating system gives a program.
type Process struct {
	Args    []string // without the program's own name
	Environ []string // "NAME=value"
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
	Now     func() time.Time
}

// command is one thing that nghe does.
type command struct {
	name     string
	synopsis string // what follows the name
	about    string // one line
	help     string // the rest of the manual
	run      func(ctx context.Context, p *Process, args []string) error
}

// commands are all that this version has, in the order of help.
func commands() []command {
	return []command{
		serveCommand, chatCommand, askCommand, supportCommand, loanCommand,
		checkCommand, previewCommand, courseCommand, broadcastCommand, caseCommand, reportCommand, staffCommand, personCommand, backupCommand, restoreCommand, migrateCommand, healthCommand, demoCommand, versionCommand, helpCommand(),
	}
}

// Run carries out a command and gives the exit code.
func Run(ctx context.Context, p *Process) int {
	name, args := "serve", p.Args
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	if name == "-h" || name == "--help" {
		name = "help"
	}
	c, err := find(name)
	if err == nil {
		err = c.run(ctx, p, args)
	}
	var wrong *usageError
	var settings settingsError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, flag.ErrHelp):
		c.manual(p.Stdout)
		return 0
	case errors.Is(err, errTold):
		return 1
	case errors.As(err, &wrong):
		about := "nghe help"
		if c.name != "" {
			about += " " + c.name
		}
		fmt.Fprintf(p.Stderr, "nghe: %s: try “%s”\n", oneLine(wrong.what), about)
		return 2
	case errors.As(err, &settings):
		for _, e := range settings {
			fmt.Fprintf(p.Stderr, "nghe: %s\n", oneLine(e.Error()))
		}
		return 1
	}
	fmt.Fprintf(p.Stderr, "nghe: %s\n", oneLine(err.Error()))
	return 1
}

func find(name string) (command, error) {
	for _, c := range commands() {
		if c.name == name {
			return c, nil
		}
	}
	if strings.HasPrefix(name, "-") {
		return command{}, wrongUse("a command comes before the flag %q", name)
	}
	return command{}, wrongUse("unknown command %q", name)
}

// usageError says that a command was asked for wrongly.
type usageError struct{ what string }

func (e *usageError) Error() string { return e.what }

func wrongUse(format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...)}
}

// errTold ends a command that has said already why it failed.
var errTold = errors.New("told already")

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// flags makes the set of flags of a command.
func flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	return f
}

// parse reads flags wherever they stand and gives the other arguments, at
// most so many. All that follows "--" is an argument.
func parse(f *flag.FlagSet, args []string, most int) ([]string, error) {
	var rest []string
	for {
		if err := f.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, err
			}
			return nil, wrongUse("%s: %v", f.Name(), err)
		}
		left := f.Args()
		if parsed := len(args) - len(left); parsed > 0 && args[parsed-1] == "--" {
			rest = append(rest, left...)
			break
		}
		if len(left) == 0 {
			break
		}
		rest, args = append(rest, left[0]), left[1:]
	}
	if len(rest) > most {
		return nil, wrongUse("%s: unexpected argument %q", f.Name(), rest[most])
	}
	return rest, nil
}

const anyNumber = 1 << 30
