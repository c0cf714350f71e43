package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"nghe/bot"
	"nghe/dialog"
	"nghe/viet"
)

var askCommand = command{
	name: "ask", synopsis: "[--json] [--edited] [TEXT… or -]", about: "what the bot would answer to a single question",
	help: `
“-” or nothing reads one question a line from standard input.
  --json    one JSON object a line: outcome, topic, score, candidates, answer, sources
  --edited  with what was edited in the console, as serve tells it`,
	run: runAsk,
}

// asked is one question with its answer.
type asked struct {
	Text       string             `json:"text"`
	Outcome    dialog.Outcome     `json:"outcome"`
	Topic      string             `json:"topic"`
	Score      float64            `json:"score"`
	Candidates []dialog.Candidate `json:"candidates"`
	Answer     string             `json:"answer"`
	Sources    []string           `json:"sources"`
}

func runAsk(ctx context.Context, p *Process, args []string) error {
	f := flags("ask")
	asJSON := f.Bool("json", false, "")
	edited := f.Bool("edited", false, "")
	words, err := parse(f, args, anyNumber)
	if err != nil {
		return err
	}
	e, err := readEnvironment(p.Environ)
	if err != nil {
		return err
	}
	holder, err := openEdited(ctx, p, e, *edited)
	if err != nil {
		return err
	}
	brain := newMind(holder).brain()
	answer := func(text string) error {
		a := ask(brain, text, here(p.Now()))
		if *asJSON {
			return printJSON(p, a)
		}
		_, err := fmt.Fprintln(p.Stdout, a.Answer)
		return err
	}
	if len(words) > 0 && !slices.Equal(words, []string{"-"}) {
		return answer(strings.Join(words, " "))
	}
	return eachLine(p.Stdin, answer)
}

// ask puts one question to somebody who has met us before: no introduction.
func ask(brain bot.Brain, text string, at time.Time) asked {
	const maxQuestion = 4000 // runes, as of any message
	clean := viet.Clean(text, maxQuestion)
	m := brain.Reader.Meaning(clean)
	a := asked{Text: text, Outcome: m.Outcome, Score: m.Score, Candidates: m.Candidates, Sources: []string{}}
	if a.Candidates == nil {
		a.Candidates = []dialog.Candidate{}
	}
	if (m.Outcome == dialog.Answer || m.Outcome == dialog.Offer) && len(m.Candidates) > 0 {
		a.Topic = m.Candidates[0].Topic
	}
	_, events := brain.Engine.Respond(dialog.Session{Met: true}, dialog.Utterance{Text: clean, At: at}, brain.Reader)
	var said []string
	for _, ev := range events {
		if ev.Type != dialog.MessageSaid {
			continue
		}
		said = append(said, ev.Message.Text)
		for _, o := range ev.Message.Options {
			said = append(said, "["+o.Label+"]")
		}
		for _, s := range ev.Message.Sources {
			if !slices.Contains(a.Sources, s) {
				a.Sources = append(a.Sources, s)
			}
		}
	}
	a.Answer = strings.Join(said, "\n")
	return a
}

// eachLine does something with every line that is not blank, however long.
func eachLine(r io.Reader, do func(string) error) error {
	in := bufio.NewReader(r)
	for {
		line, err := in.ReadString('\n')
		if text := strings.TrimRight(line, "\r\n"); strings.TrimSpace(text) != "" {
			if err := do(text); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read standard input: %w", err)
		}
	}
}
