package counsel

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"nghe/bot"
	"nghe/handoff"
	"nghe/viet"
)

// meant is what somebody meant by a message.
type meant struct {
	do     string     // a command or a button, by its name; "" for a plain word
	number int        // of the case that it names, 0 for none
	word   int        // of a button: the word that it is about
	rest   string     // what follows, with its lines
	quotes bool       // it answers another message
	media  *bot.Media // it is no text, or not only
	other  bool       // a button, or a command, of somebody else
}

// The commands, and the buttons that have no command.
const (
	cmdOn     = "truc"
	cmdOff    = "nghi"
	cmdList   = "ca"
	cmdClose  = "xong"
	cmdMove   = "chuyen"
	cmdBack   = "tra"
	cmdNote   = "ghichu"
	cmdCanned = "mau"
	cmdKeep   = "luumau"
	cmdForget = "xoamau"
	cmdHelp   = "lenh"
	tapTake   = "take"
	tapPass   = "pass"
	tapSend   = "send"
	tapDrop   = "drop"
)

// commands are what may be typed after "/".
var commands = []string{cmdOn, cmdOff, cmdList, cmdClose, cmdMove, cmdBack, cmdNote, cmdCanned, cmdKeep, cmdForget, cmdHelp}

// tapPrefix begins what our buttons send: "duty:send?3/12".
const tapPrefix = bot.TapDuty

func tap(name string, args ...string) string { return tapPrefix + name + "?" + strings.Join(args, "/") }

var titled = regexp.MustCompile(`^#(\d{1,9})(?:\s|:|$)`)

// read finds out what was meant.
func (d *Desk) read(in bot.Incoming) meant {
	if in.Tap == "" && in.Media == nil {
		if pressed := d.typed(in.Text); pressed != "" {
			in.Tap = pressed
		}
	}
	switch {
	case strings.HasPrefix(in.Tap, tapPrefix):
		return readTap(strings.TrimPrefix(in.Tap, tapPrefix))
	case in.Tap != "":
		return meant{other: true}
	case in.Media != nil:
		m := meant{media: in.Media, rest: in.Lines(), quotes: in.Quote != ""}
		if m.number, m.rest = numbered(m.rest); m.number == 0 && m.quotes {
			m.number, _ = numbered(in.Quote)
		}
		return m
	case in.Text == "" || in.Shared != nil:
		return meant{other: true}
	case strings.HasPrefix(in.Text, "/"):
		return readCommand(in.Lines())
	}
	m := meant{rest: in.Lines(), quotes: in.Quote != ""}
	if m.number, m.rest = numbered(m.rest); m.number == 0 && m.quotes {
		m.number, _ = numbered(in.Quote)
	}
	return m
}

// typed gives the button whose words or number were typed. Once something else
// was shown they are words for somebody, but for a label that names a case.
func (d *Desk) typed(text string) string {
	folded := viet.Fold(strings.TrimSpace(text))
	for i, o := range d.Options {
		label := viet.Fold(o.Label) == folded && (d.Fresh || strings.Contains(o.Label, "#"))
		if label || d.Fresh && folded == strconv.Itoa(i+1) {
			return o.Tap
		}
	}
	return ""
}

// numbered reads "#12 words".
func numbered(text string) (number int, rest string) {
	found := titled.FindStringSubmatch(text)
	if found == nil {
		return 0, text
	}
	number, _ = strconv.Atoi(found[1])
	return number, strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text[len(found[1])+1:]), ":"))
}

func readTap(text string) meant {
	name, args, _ := strings.Cut(text, "?")
	parts := strings.Split(args, "/")
	part := func(i int) string {
		if i < len(parts) {
			return parts[i]
		}
		return ""
	}
	number := func(i int) int { n, _ := strconv.Atoi(part(i)); return n }
	switch name {
	case tapSend:
		return meant{do: name, word: number(0), number: number(1)}
	case tapDrop:
		return meant{do: name, word: number(0)}
	case cmdOn, cmdOff, cmdList, cmdClose, cmdMove, cmdBack, cmdCanned, tapTake, tapPass:
		return meant{do: name, number: number(0), rest: part(1)}
	}
	return meant{other: true}
}

// readCommand reads "/xong #12 answered".
func readCommand(text string) meant {
	name, rest, _ := strings.Cut(strings.TrimPrefix(text, "/"), " ")
	if head, tail, ok := strings.Cut(name, "\n"); ok {
		name, rest = head, tail+" "+rest
	}
	name, _, _ = strings.Cut(strings.ToLower(name), "@")
	if name = viet.Fold(name); !slices.Contains(commands, name) {
		return meant{other: true}
	}
	m := meant{do: name}
	m.number, m.rest = numbered(strings.TrimSpace(rest))
	if name == cmdList && m.number == 0 {
		m.number, _ = strconv.Atoi(m.rest)
	}
	return m
}

// outcomeOf reads an outcome with what follows it: its id, its label, or the
// beginning of either; false for none.
func outcomeOf(text string) (o handoff.Outcome, note string, ok bool) {
	folded := viet.Fold(text)
	for _, o := range handoff.Outcomes {
		for _, name := range append([]string{string(o), o.Label()}, shortOutcomes[o]...) {
			name = viet.Fold(name)
			if rest, ok := strings.CutPrefix(folded, name); ok && (rest == "" || rest[0] == ' ') {
				return o, afterWords(text, len(strings.Fields(name))), true
			}
		}
	}
	return "", text, false
}

// shortOutcomes are what counsellors type for an outcome.
var shortOutcomes = map[handoff.Outcome][]string{
	handoff.Answered:    {"trả lời"},
	handoff.Enrolled:    {"đăng ký"},
	handoff.LoanApplied: {"vay"},
	handoff.Referred:    {"chuyển"},
	handoff.Unreachable: {"không gặp"},
}

func afterWords(text string, n int) string {
	fields := strings.Fields(text)
	return strings.TrimSpace(strings.TrimLeft(strings.Join(fields[min(n, len(fields)):], " "), ":-,"))
}
