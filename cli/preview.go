package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"nghe/bot"
	"nghe/bot/telegram"
	"nghe/bot/zalo"
	"nghe/bot/zalobot"
	"nghe/content"
	"nghe/dialog"
)

var previewCommand = command{
	name: "preview", synopsis: "FLOW/STEP or TOPIC [--channel NAME] [--edited]", about: "how a step or an answer looks on each channel",
	help: `
Shows the messages that a channel makes of it, with [buttons], numbered lines
and where a long text is cut. It is what somebody sees of whom nothing is
known; what depends on the person stays {in braces}.
  --channel NAME    only telegram, zalo, zalobot or web
  --edited          with what was edited in the console, as serve tells it`,
	run: runPreview,
}

// web is the chat on the web pages: it shows bubbles as they are.
const web = "web"

// renderers are the channels that make messages of their own of what is said.
// To render they need no account, and call nobody.
func renderers(phrase func(id, address string) string) []bot.Channel {
	// Zalo has its form wherever the program is reached by https.
	account := zalo.Settings{Form: zalo.Form{Picture: "https://nghe.example.vn/"}, Skip: phrase("zalo.skip", "")}
	return []bot.Channel{&telegram.Channel{}, &zalo.Account{Settings: account}, &zalobot.Bot{}}
}

// shares gives what somebody on a channel can send by a form.
func shares(c bot.Channel) []string {
	if sharer, ok := c.(bot.Sharer); ok {
		return sharer.Shares(bot.Contact{Channel: c.Name(), ID: "1"})
	}
	return nil
}

func runPreview(ctx context.Context, p *Process, args []string) error {
	f := flags("preview")
	only := f.String("channel", "", "")
	edited := f.Bool("edited", false, "")
	rest, err := parse(f, args, 1)
	if err != nil {
		return err
	}
	if len(rest) == 0 {
		return wrongUse("preview: say what to show: FLOW/STEP, or the name of a topic")
	}
	names := []string{web, telegram.Name, zalo.Channel, zalobot.Channel}
	if *only != "" && !slices.Contains(names, *only) {
		return wrongUse("preview: there is no channel %q: use %s", *only, strings.Join(names, ", "))
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
	on := func(shares []string) ([]bot.Bubble, error) {
		return look(brain, holder.Current(), rest[0], shares, here(p.Now()))
	}
	bubbles, err := on(nil)
	if err != nil {
		return wrongUse("preview: %v", err)
	}
	for _, c := range renderers(brain.Phrase) {
		if *only != "" && *only != c.Name() {
			continue
		}
		own, err := on(shares(c))
		if err != nil {
			return wrongUse("preview: %v", err)
		}
		showParts(p.Stdout, c, c.Render(own))
	}
	if *only == "" || *only == web {
		for i, b := range bubbles {
			showMessage(p.Stdout, fmt.Sprintf("%s, bubble %d of %d", web, i+1, len(bubbles)), b.Text, labelsOf(b.Options))
		}
	}
	return nil
}

// errSilent is about steps that only lead on.
var errSilent = errors.New("the step says nothing by itself")

// look gives what is said at “FLOW/STEP”, or about a topic, where one can send
// shares by a form.
func look(brain bot.Brain, lib *content.Library, name string, shares []string, at time.Time) ([]bot.Bubble, error) {
	flow, step, isStep := strings.Cut(name, "/")
	if !isStep {
		topic := lib.Topic(name)
		if topic == nil {
			return nil, unknownName(lib, name)
		}
		_, events := brain.Engine.Respond(dialog.Session{Met: true}, dialog.Utterance{Tap: topic.ID, At: at}, brain.Reader)
		var said []dialog.Message
		for _, ev := range events {
			if ev.Type == dialog.MessageSaid {
				said = append(said, *ev.Message)
			}
		}
		return bubblesOf(said), nil
	}
	if f := lib.Flow(flow); f == nil || f.Steps[step] == nil {
		return nil, unknownName(lib, flow)
	}
	said, err := brain.Engine.Look(flow, step, shares, at)
	if err != nil {
		return nil, err
	}
	if len(said) == 0 {
		return nil, fmt.Errorf("%s: %w", name, errSilent)
	}
	return bubblesOf(said), nil
}

func bubblesOf(said []dialog.Message) []bot.Bubble {
	var bubbles []bot.Bubble
	for _, m := range said {
		bubbles = append(bubbles, bot.Bubble{From: bot.FromBot, Text: m.Text, Options: m.Options})
	}
	return bubbles
}

// unknownName says what there is instead.
func unknownName(lib *content.Library, name string) error {
	for _, f := range lib.Flows {
		if f.ID == name {
			var steps []string
			for _, s := range f.Steps {
				steps = append(steps, s.ID)
			}
			return fmt.Errorf("name a step of %s: %s", name, strings.Join(steps, ", "))
		}
	}
	var flows []string
	for _, f := range lib.Flows {
		flows = append(flows, f.ID)
	}
	return fmt.Errorf("no topic and no flow is called %q: flows are %s; a topic is named as in its file", name, strings.Join(flows, ", "))
}

func showParts(w io.Writer, c bot.Channel, parts []bot.Part) {
	can := c.Can()
	for i, part := range parts {
		about := fmt.Sprintf("%s, message %d of %d, %d of %d characters", c.Name(), i+1, len(parts), length(part.Text, can.TextUnit), can.TextLimit)
		showMessage(w, about, part.Text, buttonsOn(c, part))
	}
}

// buttonsOn gives what stands on the buttons of a part: what the channel says,
// else the labels.
func buttonsOn(c bot.Channel, p bot.Part) []string {
	if special, ok := c.(interface{ Labels(bot.Part) []string }); ok {
		return special.Labels(p)
	}
	return labelsOf(p.Options)
}

func labelsOf(options []dialog.Option) (labels []string) {
	for _, o := range options {
		labels = append(labels, o.Label)
	}
	return labels
}

func showMessage(w io.Writer, about, text string, buttons []string) {
	fmt.Fprintf(w, "-- %s --\n%s\n", about, text)
	for _, label := range buttons {
		fmt.Fprintf(w, "[%s]\n", label)
	}
	fmt.Fprintln(w)
}

func length(s, unit string) int {
	if unit == "utf16" {
		return len(utf16.Encode([]rune(s)))
	}
	return utf8.RuneCountInString(s)
}

// worse says what looks worse on a channel than it was written.
func worse(c bot.Channel, bubbles []bot.Bubble) (what []string) {
	can := c.Can()
	short := slices.Clone(bubbles)
	for i, b := range bubbles {
		n := len(b.Options)
		if can.SkipInWords && slices.ContainsFunc(b.Options, dialog.Option.Skips) {
			n--
		}
		if can.Buttons > 0 && n > can.Buttons {
			what = append(what, fmt.Sprintf("%d options, %d of them are buttons and the others numbered lines: offer fewer", n, can.Buttons))
		}
		short[i].Text = "…"
	}
	if n, whole := len(c.Render(bubbles)), len(c.Render(short)); n > whole {
		what = append(what, fmt.Sprintf("is cut into %d messages instead of %d: a message has at most %d characters", n, whole, can.TextLimit))
	}
	return what
}

// checkChannels writes a line for each step and topic that looks worse on a
// channel, and says whether there was one.
func checkChannels(w io.Writer, lib *content.Library, brain bot.Brain, at time.Time, end string) (found bool) {
	tell := func(name string) {
		for _, c := range renderers(brain.Phrase) {
			bubbles, err := look(brain, lib, name, shares(c), at)
			if err != nil {
				if !errors.Is(err, errSilent) {
					found = true
					fmt.Fprintf(w, "%s can't be shown: %v%s\n", name, err, end)
				}
				return
			}
			for _, what := range worse(c, bubbles) {
				found = true
				fmt.Fprintf(w, "%s on %s: %s%s\n", name, c.Name(), what, end)
			}
		}
	}
	for _, f := range lib.Flows {
		for _, s := range f.Steps {
			tell(f.ID + "/" + s.ID)
		}
	}
	for _, topics := range [][]*content.Topic{lib.Topics, lib.Dangers} {
		for _, t := range topics {
			tell(t.ID)
		}
	}
	return found
}
