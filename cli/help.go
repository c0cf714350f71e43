package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// helpCommand is a function because it names all commands, itself included.
func helpCommand() command {
	return command{name: "help", synopsis: "[COMMAND]", about: "explain the commands", run: runHelp}
}

func runHelp(_ context.Context, p *Process, args []string) error {
	rest, err := parse(flags("help"), args, 1)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		overview(p.Stdout)
		return nil
	}
	c, err := find(rest[0])
	if err != nil {
		return err
	}
	c.manual(p.Stdout)
	return nil
}

func overview(w io.Writer) {
	fmt.Fprint(w, "nghe counsels rural workers on trades, classes, training support and loans.\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  nghe %-9s %s\n", c.name, c.about)
	}
	fmt.Fprint(w, "\nWithout a command nghe serves. “nghe help COMMAND” tells more.\n")
}

func (c command) manual(w io.Writer) {
	fmt.Fprintf(w, "%s\n\n%s.\n", strings.TrimSpace("nghe "+c.name+" "+c.synopsis), upperFirst(c.about))
	if c.help != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(c.help))
	}
}

func upperFirst(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
