package bottest

import (
	"log/slog"
	"testing"
	"time"

	"nghe/bot"
	"nghe/dialog"
)

// World is Turns over stores in memory.
type World struct {
	*bot.Turns
	Sessions *Sessions
	People   *People
}

// New makes a world. What is logged shows when the test fails.
func New(t testing.TB) *World {
	w := &World{Sessions: &Sessions{}, People: &People{}}
	brain := bot.Brain{Engine: dialog.New(Library{}, nil), Reader: Reader{}, Library: Library{}}
	w.Turns = &bot.Turns{
		Brain:    func() bot.Brain { return brain },
		Sessions: w.Sessions,
		People:   w.People,
		Log:      slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	return w
}

// Start is when tests begin.
var Start = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

// Texts gives what was said.
func Texts(bubbles []bot.Bubble) []string {
	var texts []string
	for _, b := range bubbles {
		texts = append(texts, b.Text)
	}
	return texts
}
