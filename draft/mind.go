package draft

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"nghe/advice"
	"nghe/bot"
	"nghe/content"
	"nghe/content/eval"
	"nghe/content/transcripts"
	"nghe/course"
	"nghe/dialog"
	"nghe/transcript"
	"nghe/understand/questions"
)

// Mind is the bot over one library, with nobody behind it. It is safe for use
// by several goroutines.
type Mind struct {
	Library *content.Library
	Reader  dialog.Reader

	courses *course.Catalogue
	engine  *dialog.Engine

	talks func() []string         // every transcript, as it goes
	score func() questions.Result // of the questions to develop with
}

// New makes one. Courses are those that a talk with it knows.
func New(lib *content.Library, r dialog.Reader, courses *course.Catalogue) *Mind {
	m := &Mind{Library: lib, Reader: r, courses: courses, engine: engine(lib, courses)}
	m.talks = sync.OnceValue(m.replayAll)
	m.score = sync.OnceValue(func() questions.Result { return questions.Score(m.Reader, asked()) })
	return m
}

func engine(lib *content.Library, courses *course.Catalogue) *dialog.Engine {
	return dialog.New(advice.WithCourses(lib, courses), advice.Functions(lib, courses))
}

var asked = sync.OnceValue(func() []questions.Question {
	list, err := questions.Read(strings.NewReader(eval.Dev))
	if err != nil {
		panic("questions to develop with: " + err.Error()) // they are built in
	}
	return list
})

// Turn is what came of one thing said.
type Turn struct {
	Said    Said
	Bubbles []bot.Bubble
	// Undone are effects that would have been carried out: nothing is, here.
	Undone []string
}

// Said is what somebody says in a talk: words, or a tap with its label.
type Said struct{ Text, Tap string }

// Talk gives a whole talk of somebody of whom nothing is known.
func (m *Mind) Talk(said []Said, at time.Time) []Turn {
	var turns []Turn
	var s dialog.Session
	for i, x := range said {
		u := dialog.Utterance{Text: x.Text, Tap: x.Tap, At: at.Add(time.Duration(i) * time.Second)}
		t := Turn{Said: x}
		var events []dialog.Event
		s, events = m.respond(m.engine, s, u)
		for _, ev := range events {
			if ev.Type == dialog.EffectAsked && !slices.Contains(t.Undone, ev.Effect) {
				t.Undone = append(t.Undone, ev.Effect)
			}
		}
		t.Bubbles = bubbles(events)
		turns = append(turns, t)
	}
	return turns
}

// Told gives what is said of a topic to somebody who taps it.
func (m *Mind) Told(topic string, at time.Time) []bot.Bubble {
	_, events := m.respond(m.engine, dialog.Session{Met: true}, dialog.Utterance{Tap: topic, At: at})
	return bubbles(events)
}

// maxOutcomes bounds how often a turn waits for an effect.
const maxOutcomes = 4

// respond answers one message. What it would wait for is taken as done, and each
// value that it would give is “…”.
func (m *Mind) respond(e *dialog.Engine, s dialog.Session, u dialog.Utterance) (after dialog.Session, all []dialog.Event) {
	defer func() {
		if p := recover(); p != nil { // content under work may be odd: it is told, as the bot would tell it
			after = s
			all = append(all, dialog.Event{Type: dialog.MessageSaid, Message: &dialog.Message{Text: m.Library.Phrase(bot.PhraseTurn)[0]}})
		}
	}()
	after, events := e.Respond(s, u, m.Reader)
	for range maxOutcomes {
		all = append(all, events...)
		n := len(events)
		if n == 0 || !events[n-1].Wait {
			break
		}
		outcome := dialog.Values{}
		for _, name := range content.Effects[events[n-1].Effect] {
			outcome[name] = dialog.Text("…")
		}
		after, events = e.Continue(after, u, m.Reader, outcome)
	}
	return after, all
}

func bubbles(events []dialog.Event) (all []bot.Bubble) {
	for _, ev := range events {
		if ev.Type == dialog.MessageSaid {
			all = append(all, bot.Bubble{From: bot.FromBot, Text: ev.Message.Text, Options: ev.Message.Options, Sources: ev.Message.Sources})
		}
	}
	return all
}

// errElsewhere ends a transcript where it needs what is not here: other people,
// the clock, other content. What went before counts.
var errElsewhere = errors.New("it goes on with what is not here")

func (m *Mind) replayAll() []string {
	all := transcripts.All()
	out := make([]string, len(all))
	for i, t := range all {
		out[i] = m.replay(t.Text)
	}
	return out
}

// replay says a transcript again.
func (m *Mind) replay(text string) string {
	sessions := map[bot.Contact]dialog.Session{}
	e := engine(m.Library, course.NewCatalogue(nil))
	stage := transcript.Stage{
		Zone: time.FixedZone("Asia/Ho_Chi_Minh", 7*3600),
		Handle: func(_ context.Context, in bot.Incoming) (bot.Turn, error) {
			if in.Text == "" && in.Tap == "" {
				return bot.Turn{}, nil
			}
			s, events := m.respond(e, sessions[in.Contact], dialog.Utterance{Text: in.Text, Tap: in.Tap, At: in.At})
			sessions[in.Contact] = s
			return bot.Turn{Events: events, Bubbles: bubbles(events)}, nil
		},
		Courses: func(name string) error {
			courses, err := transcripts.Courses(name)
			if err == nil {
				e = engine(m.Library, courses)
			}
			return err
		},
		Content: func(string) error { return errElsewhere },
		BankDay: func(context.Context, string, int) error { return nil },
		Remind: func(context.Context, bot.Contact, string, string, time.Time) ([]bot.Bubble, error) {
			return nil, errElsewhere
		},
		Staff:   func(string, bot.Contact) error { return errElsewhere },
		Counsel: func(context.Context, string, string, string, time.Time) ([]string, error) { return nil, errElsewhere },
		Office:  func(context.Context, bot.Contact, string, time.Time) error { return errElsewhere },
		Tick:    func(context.Context, time.Time) error { return errElsewhere },
		Look:    func(context.Context, time.Time) error { return errElsewhere },
		Said: func(context.Context, bot.Contact, int64, time.Time) ([]bot.Bubble, error) {
			return nil, nil
		},
		People: func(int, string, string, time.Time) error { return nil },
	}
	out, err := stage.Replay(context.Background(), text)
	if err != nil && !errors.Is(err, errElsewhere) {
		out += fmt.Sprintf("(%v)\n", err) // a button that is not there any more, for example
	}
	return out
}

// Transcripts is how many talks are compared.
func Transcripts() int { return len(transcripts.All()) }
