package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"nghe/bot"
	"nghe/dialog"
	"nghe/transcript"
)

var chatCommand = command{
	name: "chat", synopsis: "[--as ID] [--json] [--save FILE] [--at TIME]", about: "a conversation on the terminal",
	help: `
Over the same engine, content and storage as “nghe serve”; one line is one
message, blank lines are skipped. What is said is kept: the same person goes on
tomorrow where they stopped.
  --as ID       who talks (default: one fixed local person)
  --json        one JSON object a turn: replies, flow, step, events
  --save FILE   write a transcript, which can be run again as a test
  --at TIME     time of the first line, one second more for each next, as
                “2026-11-22 08:00” or 2026-11-22T08:00:00+07:00 (default: now)
Options are chosen by their label or their number.`,
	run: runChat,
}

const (
	channelTerminal = "terminal"
	localPerson     = "local"
)

func runChat(ctx context.Context, p *Process, args []string) (err error) {
	f := flags("chat")
	as := f.String("as", localPerson, "")
	asJSON := f.Bool("json", false, "")
	save := f.String("save", "", "")
	at := f.String("at", "", "")
	if _, err := parse(f, args, 0); err != nil {
		return err
	}
	if *as == "" || strings.ContainsFunc(*as, func(r rune) bool { return r <= ' ' || r == ':' }) || len(*as) > 64 {
		return wrongUse("chat: --as %q is no name: use up to 64 letters or digits", *as)
	}
	clock, err := chatClock(*at, p.Now)
	if err != nil {
		return err
	}
	parts, err := openQuietly(ctx, p)
	if err != nil {
		return err
	}
	defer parts.close()

	watching, stop := context.WithCancel(ctx)
	var background sync.WaitGroup
	defer background.Wait()
	defer stop()
	background.Go(func() {
		parts.mind.watch(watching, parts.storage.db, parts.editing, func(context.Context) error { return nil }, parts.log)
	})

	t := &terminal{
		process: p, turns: parts.turns, now: clock, json: *asJSON,
		contact: bot.Contact{Channel: channelTerminal, ID: *as},
		// Nothing delivers a typed line twice, so its id only has to be new.
		updates: fmt.Sprintf("%x-", p.Now().UnixNano()),
	}
	if *save != "" {
		file, err := os.Create(*save)
		if err != nil {
			return fmt.Errorf("transcript can't be written: %w: choose another --save", err)
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		t.transcript = file
	}
	return t.talk(ctx)
}

// chatClock gives the time of each line.
func chatClock(first string, now func() time.Time) (func() time.Time, error) {
	if first == "" {
		return func() time.Time { return here(now()) }, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", time.DateOnly} {
		t, err := time.ParseInLocation(layout, first, zone())
		if err != nil {
			continue
		}
		next := here(t).Add(-time.Second)
		return func() time.Time {
			next = next.Add(time.Second)
			return next
		}, nil
	}
	return nil, wrongUse("chat: --at %q is no time: write it as “2026-11-22 08:00”", first)
}

// terminal is one conversation.
type terminal struct {
	process    *Process
	turns      *bot.Turns
	contact    bot.Contact
	updates    string
	now        func() time.Time
	json       bool
	transcript io.Writer // nil: none

	turn    int
	options []dialog.Option // of the last thing said
}

// chatTurn is a turn as --json prints it.
type chatTurn struct {
	Turn    int            `json:"turn"`
	In      string         `json:"in"`
	Replies []chatReply    `json:"replies"`
	Flow    string         `json:"flow"`
	Step    string         `json:"step"`
	Events  []dialog.Event `json:"events"`
}

type chatReply struct {
	Text    string   `json:"text"`
	Options []string `json:"options"`
	Sources []string `json:"sources"`
}

// talk answers line after line until the input ends or the program is told
// to stop.
func (t *terminal) talk(ctx context.Context) error {
	lines, failed := make(chan string), make(chan error, 1)
	go func() {
		failed <- eachLine(t.process.Stdin, func(line string) error {
			select {
			case lines <- line:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	for {
		select {
		case line := <-lines:
			if err := t.say(ctx, line); err != nil {
				return err
			}
		case err := <-failed:
			return err
		case <-ctx.Done():
			return nil
		}
	}
}

func (t *terminal) say(ctx context.Context, line string) error {
	t.turn++
	in := bot.Incoming{Contact: t.contact, Update: fmt.Sprint(t.updates, t.turn), Text: line, At: t.now()}
	// A label that was shown is a tap on it. Numbers are left to the engine:
	// "2" may be an answer as well as an option.
	typed := strings.Trim(strings.TrimSpace(line), "[]")
	if i := slices.IndexFunc(t.options, func(o dialog.Option) bool { return strings.EqualFold(o.Label, typed) }); i >= 0 {
		in.Text, in.Tap = t.options[i].Label, t.options[i].Tap
	}
	turn, err := t.turns.Handle(ctx, in)
	if err != nil {
		fmt.Fprintf(t.process.Stderr, "nghe: turn %d was not kept: %s\n", t.turn, oneLine(err.Error()))
	}
	t.options = nil
	if n := len(turn.Bubbles); n > 0 {
		t.options = turn.Bubbles[n-1].Options
	}
	if err := t.write(in, turn); err != nil {
		return err
	}
	if t.json {
		return printJSON(t.process, t.record(line, turn))
	}
	return t.print(turn)
}

func (t *terminal) record(line string, turn bot.Turn) chatTurn {
	r := chatTurn{Turn: t.turn, In: line, Replies: []chatReply{}, Flow: turn.Flow, Step: turn.Step, Events: turn.Events}
	if r.Events == nil {
		r.Events = []dialog.Event{}
	}
	for _, b := range turn.Bubbles {
		reply := chatReply{Text: b.Text, Options: []string{}, Sources: b.Sources}
		if reply.Sources == nil {
			reply.Sources = []string{}
		}
		for _, o := range b.Options {
			reply.Options = append(reply.Options, o.Label)
		}
		r.Replies = append(r.Replies, reply)
	}
	return r
}

// print shows a turn to somebody who reads.
func (t *terminal) print(turn bot.Turn) error {
	var b strings.Builder
	for _, bubble := range turn.Bubbles {
		fmt.Fprintf(&b, "%s\n", bubble.Text)
		for i, o := range bubble.Options {
			fmt.Fprintf(&b, "  %d. %s\n", i+1, o.Label)
		}
		b.WriteString("\n")
	}
	_, err := io.WriteString(t.process.Stdout, b.String())
	return err
}

// write adds a turn to the transcript.
func (t *terminal) write(in bot.Incoming, turn bot.Turn) error {
	if t.transcript == nil {
		return nil
	}
	lines := transcript.Said(in) + transcript.Answer(turn)
	if t.turn == 1 {
		lines = transcript.Begin(in.At) + lines
	}
	if _, err := io.WriteString(t.transcript, lines); err != nil {
		return fmt.Errorf("transcript can't be written: %w", err)
	}
	return nil
}
