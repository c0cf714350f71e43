package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"nghe/bot"
)

var personCommand = command{
	name: "person", synopsis: "export|delete ID", about: "a person's data, by the operator on request",
	help: `
ID is the number of a person's record or a contact, for example web:QzR9….
“export” prints everything that is kept as JSON; “delete” removes it at once.`,
	run: runPerson,
}

func runPerson(ctx context.Context, p *Process, args []string) error {
	rest, err := parse(flags("person"), args, 2)
	if err != nil {
		return err
	}
	if len(rest) != 2 || rest[0] != "export" && rest[0] != "delete" {
		return wrongUse("person: say “export ID” or “delete ID”")
	}
	parts, err := openQuietly(ctx, p)
	if err != nil {
		return err
	}
	defer parts.close()
	contact, err := parts.whose(ctx, rest[1], p)
	if err != nil {
		return err
	}
	if rest[0] == "delete" {
		if err := parts.turns.Forget(ctx, contact, p.Now()); err != nil {
			return fmt.Errorf("person can't be deleted: %w", err)
		}
		fmt.Fprintf(p.Stdout, "everything about %s is deleted\n", contact)
		return nil
	}
	data, err := parts.turns.Export(ctx, contact, p.Now())
	if err != nil {
		return fmt.Errorf("person can't be exported: %w", err)
	}
	enc := json.NewEncoder(p.Stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(data)
}

// whose gives the contact that an id means, if anything is kept of it.
func (p *parts) whose(ctx context.Context, id string, process *Process) (bot.Contact, error) {
	contact, err := p.storage.contact(ctx, id)
	if err != nil {
		return contact, err
	}
	if channel, name, ok := strings.Cut(id, ":"); ok {
		contact = bot.Contact{Channel: channel, ID: name}
	}
	known, err := p.turns.Knows(ctx, contact, process.Now())
	if err != nil {
		return contact, err
	}
	if !known {
		return contact, fmt.Errorf("nothing is kept of %q: give the id of a person's record or a contact like web:QzR9…", id)
	}
	return contact, nil
}
