package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"nghe/content"
	"nghe/dialog"
	"nghe/staff"
)

var staffCommand = command{
	name: "staff", synopsis: "add --name N --login L --role R [--place P] [--org O]", about: "who works in the console",
	help: `
Adds a member of staff and prints a link by which they set their password, once
and within seven days. Who has no place and no organisation works for the whole
province.
  --name N    how they are called: "Nguyễn Thị Lan"
  --login L   what they sign in with: lan.bache
  --role R    administrator, editor, officer, counsellor or viewer
  --place P   communes, by id or name, with commas between them
  --org O     the organisation or school they work for`,
	run: runStaff,
}

func runStaff(ctx context.Context, p *Process, args []string) error {
	f := flags("staff")
	name, login, role := f.String("name", "", ""), f.String("login", "", ""), f.String("role", "", "")
	place, org := f.String("place", "", ""), f.String("org", "", "")
	rest, err := parse(f, args, 1)
	switch {
	case err != nil:
		return err
	case len(rest) != 1 || rest[0] != "add":
		return wrongUse("staff: say “add”")
	case *name == "" || *login == "" || *role == "":
		return wrongUse("staff add: --name, --login and --role are needed")
	}
	e, err := readEnvironment(p.Environ)
	if err != nil {
		return err
	}
	parts, err := open(ctx, e, p, quietLog(p.Stderr))
	if err != nil {
		return err
	}
	defer parts.close()
	places, err := readPlaces(parts.mind.holder.Current(), parts.mind.brain().Reader, *place)
	if err != nil {
		return err
	}
	m := staff.Member{Name: *name, Login: *login, Role: staff.Role(*role), Scope: staff.Scope{Province: len(places) == 0 && *org == "", Org: *org, Places: places}}
	m, link, err := parts.storage.desk(p.Now).Invite(ctx, staff.Operator, m)
	var wrong *staff.Wrong
	switch {
	case errors.As(err, &wrong):
		return fmt.Errorf("--%s: %s", or(wrong.Field, "name"), wrong.Text)
	case err != nil:
		return err
	}
	fmt.Fprintf(p.Stdout, "%s (%s) is added. The link to set a password, once and within 7 days:\n%s\n", m.Name, m.Login, invitationURL(or(e.PublicURL, "http://"+e.Listen), link))
	return nil
}

func invitationURL(base, link string) string { return base + "/console/invitation/" + link }

// placeReader reads a place as people type it.
type placeReader interface {
	Place(text string) (ids []string, label string, fit dialog.Fit)
}

// readPlaces reads places by id or name, with commas between them.
func readPlaces(lib *content.Library, reader placeReader, list string) ([]string, error) {
	var all []string
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		if lib.Place(one) == nil {
			ids, _, fit := reader.Place(one)
			if fit != dialog.Exact || len(ids) != 1 {
				return nil, fmt.Errorf("--place: %q is no commune: give its id (ba-che) or its name (Xã Ba Chẽ)", one)
			}
			one = ids[0]
		}
		all = append(all, one)
	}
	return all, nil
}
