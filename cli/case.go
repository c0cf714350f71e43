package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"nghe/handoff"
	"nghe/staff"
)

var caseCommand = command{
	name: "case", synopsis: "list [--json] | show ID [--json] | reply ID --as STAFF TEXT | close ID --as STAFF --outcome O | merge ID ID --as STAFF", about: "a counsellor's case",
	help: `
ID is the id of a case or its number, for example 12.
“list” prints the cases that are open, then those closed lately; “show” one
case with its summary and what was said.
“reply” says something to the person as a member of staff, by their login; it
claims the case if nobody holds it. When somebody else does, it says who and
exits with 1.
“close” closes it; O is answered, enrolled, loan-applied, referred, unreachable
or abuse. --note says what colleagues should know (referred: to whom).
“merge” makes one case of two that one person has open in two places they linked
themself: the second goes into the first and is closed.
All of this works beside a running “nghe serve”, which brings what is said to
the person.`,
	run: runCase,
}

func runCase(ctx context.Context, p *Process, args []string) error {
	f := flags("case")
	asJSON := f.Bool("json", false, "")
	login := f.String("as", "", "")
	outcome := f.String("outcome", "", "")
	note := f.String("note", "", "")
	rest, err := parse(f, args, anyNumber)
	if err != nil {
		return err
	}
	const actions = "list, show, reply, close or merge"
	if len(rest) == 0 {
		return wrongUse("case: say %s", actions)
	}
	do, rest := rest[0], rest[1:]
	switch {
	case !slices.Contains([]string{"list", "show", "reply", "close", "merge"}, do):
		return wrongUse("case: %q is none of %s", do, actions)
	case do == "list" && len(rest) > 0:
		return wrongUse("case list: unexpected argument %q", rest[0])
	case do != "list" && len(rest) == 0:
		return wrongUse("case %s: say which, by its id or number", do)
	case do == "merge" && len(rest) == 1:
		return wrongUse("case merge: say which other case goes into it")
	case do == "merge" && len(rest) > 2:
		return wrongUse("case merge: unexpected argument %q", rest[2])
	case do != "reply" && do != "merge" && len(rest) > 1:
		return wrongUse("case %s: unexpected argument %q", do, rest[1])
	case do == "reply" && len(rest) == 1:
		return wrongUse("case reply: the text is missing")
	case (do == "reply" || do == "close" || do == "merge") && *login == "":
		return wrongUse("case %s: --as with the login of a member of staff is missing", do)
	case do == "close" && !slices.Contains(handoff.Outcomes, handoff.Outcome(*outcome)):
		return wrongUse("case close: --outcome %q is none of answered, enrolled, loan-applied, referred, unreachable, abuse", *outcome)
	case do != "close" && (*outcome != "" || *note != ""):
		return wrongUse("case %s: --outcome and --note are for close", do)
	}
	parts, err := openQuietly(ctx, p)
	if err != nil {
		return err
	}
	defer parts.close()
	switch do {
	case "list":
		return parts.listCases(ctx, p, *asJSON)
	case "show":
		return parts.showCase(ctx, p, rest[0], *asJSON)
	}
	by, err := parts.member(ctx, *login, p.Now)
	if err != nil {
		return err
	}
	if do == "merge" {
		_, err = parts.cases.Merge(ctx, rest[0], rest[1], by, p.Now())
	} else if do == "close" {
		_, err = parts.cases.Close(ctx, rest[0], by, handoff.Outcome(*outcome), *note, p.Now())
	} else {
		key := fmt.Sprint("terminal ", p.Now().UnixNano())
		_, err = parts.cases.Reply(ctx, rest[0], by, strings.Join(rest[1:], " "), key, p.Now())
	}
	if err != nil {
		return err
	}
	return parts.showCase(ctx, p, rest[0], *asJSON)
}

// member gives a member of staff by their login.
func (p *parts) member(ctx context.Context, login string, now func() time.Time) (staff.Member, error) {
	m, err := p.storage.desk(now).Records.MemberByLogin(ctx, login)
	switch {
	case err != nil:
		return staff.Member{}, err
	case m == nil || m.Off:
		return staff.Member{}, fmt.Errorf("--as: nobody of the staff has the login %q: see “nghe help staff”", login)
	}
	return *m, nil
}

// caseLine is a case as “list --json” tells it.
type caseLine struct {
	ID         string          `json:"id"`
	Number     int             `json:"number"`
	State      handoff.State   `json:"state"`
	Kind       handoff.Kind    `json:"kind"`
	Queue      string          `json:"queue"`
	Topic      string          `json:"topic"`
	Place      string          `json:"place"`
	Urgent     bool            `json:"urgent"`
	Counsellor string          `json:"counsellor"`
	OpenedAt   time.Time       `json:"opened_at"`
	ClosedAt   *time.Time      `json:"closed_at,omitempty"`
	Outcome    handoff.Outcome `json:"outcome,omitempty"`
	Rating     int             `json:"rating,omitempty"`
}

func lineOf(c *handoff.Case) caseLine {
	return caseLine{
		ID: c.ID, Number: c.Number, State: c.State, Kind: c.Kind, Queue: c.Queue, Topic: c.Topic, Place: c.Place, Urgent: c.Urgent, Counsellor: c.Holder,
		OpenedAt: here(c.OpenedAt), ClosedAt: when(c.ClosedAt), Outcome: c.Outcome, Rating: c.Rating,
	}
}

func (p *parts) listCases(ctx context.Context, process *Process, asJSON bool) error {
	const most = 1000
	var all []handoff.Case
	for _, states := range [][]handoff.State{{handoff.Waiting, handoff.Claimed}, {handoff.Closed}} {
		some, err := p.cases.List(ctx, handoff.Query{States: states, Limit: most}, staff.Operator)
		if err != nil {
			return err
		}
		all = append(all, some...)
	}
	if asJSON {
		lines := []caseLine{}
		for i := range all {
			lines = append(lines, lineOf(&all[i]))
		}
		return printJSON(process, lines)
	}
	t := tabwriter.NewWriter(process.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "CA\tTRẠNG THÁI\tHÀNG\tNGƯỜI GIỮ\tMỞ LÚC\tNGƯỜI DÂN NÓI")
	for _, c := range all {
		state := map[handoff.State]string{handoff.Waiting: "đang chờ", handoff.Claimed: "đang giữ", handoff.Closed: "đã đóng"}[c.State]
		if c.Urgent && c.Open() {
			state += " (gấp)"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", c.Title(), state, c.Queue, c.Holder, here(c.OpenedAt).Format("15:04 2/1/2006"), first(c.Summary.Wish, 40))
	}
	return t.Flush()
}

// caseSaid is a message as “show --json” tells it.
type caseSaid struct {
	From  handoff.From         `json:"from"`
	By    string               `json:"by,omitempty"`
	Text  string               `json:"text"`
	At    time.Time            `json:"at"`
	State handoff.MessageState `json:"state,omitempty"`
	Why   string               `json:"why,omitempty"`
}

func (p *parts) showCase(ctx context.Context, process *Process, id string, asJSON bool) error {
	c, said, err := p.cases.Read(ctx, id, staff.Operator, process.Now())
	if errors.Is(err, handoff.ErrNone) {
		return fmt.Errorf("không có ca nào mã “%s”: xem “nghe case list”", id)
	}
	if err != nil {
		return err
	}
	told := struct {
		caseLine
		Summary  string     `json:"summary"`
		Messages []caseSaid `json:"messages"`
	}{lineOf(c), strings.Join(c.Summary.Lines(), "\n"), []caseSaid{}}
	for _, m := range said {
		from := m.From
		switch {
		case from != handoff.FromSystem:
		case m.Toward():
			from = handoff.FromBot // told by the program, whatever happens
		default:
			from = handoff.FromNote
		}
		told.Messages = append(told.Messages, caseSaid{from, m.By, m.Text, here(m.At), m.State, m.Why})
	}
	if asJSON {
		return printJSON(process, told)
	}
	fmt.Fprintf(process.Stdout, "%s %s %s\n%s\n\n", c.Title(), c.State, c.Holder, told.Summary)
	for _, m := range told.Messages {
		fmt.Fprintf(process.Stdout, "%s %s: %s\n", m.At.Format("15:04 2/1"), or(m.By, string(m.From)), strings.TrimSpace(m.Text+" "+stateMark(m.State)))
	}
	return nil
}

func stateMark(s handoff.MessageState) string {
	if s == "" {
		return ""
	}
	return "[" + string(s) + "]"
}
