package handoff_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"nghe/advice"
	"nghe/bot"
	"nghe/bot/bottest"
	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/handoff"
	"nghe/people"
	"nghe/staff"
	"nghe/store"
	"nghe/understand"
)

// monday is within the hours of every queue.
var monday = time.Date(2026, 11, 30, 1, 0, 0, 0, time.UTC)

var (
	hoa  = counsellor("hoa", "Hoa")
	binh = counsellor("binh", "Bình")
)

func counsellor(login, name string) staff.Member {
	return staff.Member{ID: login, Login: login, Name: name, Role: staff.Counsellor, Scope: staff.Scope{Province: true}}
}

// process is one of several over the same stores.
type process struct {
	*handoff.Desk
	turns *bot.Turns
}

// world is what processes share.
type world struct {
	t        testing.TB
	db       *store.DB
	sessions *bottest.Sessions
	brain    bot.Brain
}

func newWorld(t testing.TB) *world {
	t.Helper()
	db, err := store.Open(t.Context(), t.TempDir(), monday)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	lib, none := content.MustBuiltin(), course.NewCatalogue(nil)
	whole := advice.WithCourses(lib, none)
	return &world{t: t, db: db, sessions: &bottest.Sessions{}, brain: bot.Brain{
		Engine: dialog.New(whole, advice.Functions(lib, none)), Reader: understand.New(lib), Library: whole,
	}}
}

// start starts a process.
func (w *world) start() *process {
	log := slog.New(slog.DiscardHandler)
	desk := &handoff.Desk{Records: w.db, Sessions: w.sessions, Library: content.MustBuiltin, Zone: time.FixedZone("here", 7*3600), Log: log}
	book := people.Book{Records: w.db.People([]byte("key"))}
	effects := desk.Effects()
	for name, do := range (people.Links{Book: book, Records: w.db, Key: []byte("key")}).Effects() {
		effects[name] = do
	}
	turns := &bot.Turns{Brain: func() bot.Brain { return w.brain }, Sessions: w.sessions, People: book, Effects: effects, Cases: desk, Log: log}
	desk.Talks = turns
	return &process{desk, turns}
}

func web(n int) bot.Contact { return bot.Contact{Channel: "web", ID: fmt.Sprint("p", n)} }

// bubbles gives what is kept of a talk.
func (w *world) bubbles(c bot.Contact) []bot.Bubble {
	w.t.Helper()
	all, err := w.sessions.Bubbles(context.Background(), c, 0, monday)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// open gives the question that is open, as the beginning of its taps; "" is none.
func (w *world) open(c bot.Contact) string {
	w.t.Helper()
	l, err := w.sessions.Load(context.Background(), c, "", monday)
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := dialog.Decode(l.Session, nil)
	if err != nil || len(s.Stack) == 0 {
		return ""
	}
	f := s.Stack[len(s.Stack)-1]
	return f.Flow + "/" + f.Step + "="
}
