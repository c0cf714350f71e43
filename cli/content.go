package cli

import (
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"
	_ "time/tzdata" // the zone below, wherever the program runs

	"nghe/advice"
	"nghe/bot"
	"nghe/content"
	"nghe/dialog"
	"nghe/understand"
)

// here gives a time as people in the province read it.
func here(t time.Time) time.Time { return t.In(zone()) }

func zone() *time.Location {
	zone, err := time.LoadLocation("Asia/Ho_Chi_Minh")
	if err != nil {
		panic(err) // it is built in
	}
	return zone
}

// openContent loads the content with the overrides in a folder, "" for none.
func openContent(dir string) (*content.Holder, error) {
	holder, problems := content.Open(dir)
	if holder == nil {
		return nil, contentError(dir, content.Errors(problems))
	}
	return holder, nil
}

func contentError(dir string, problems []content.Problem) error {
	if len(problems) == 1 {
		return fmt.Errorf("content: %v", problems[0])
	}
	return fmt.Errorf("content has %d problems, the first is %v: “%s” shows them all",
		len(problems), problems[0], strings.TrimSpace("nghe check "+dir))
}

// mind holds the brain of the moment.
type mind struct {
	holder  *content.Holder
	current atomic.Pointer[bot.Brain]
}

func newMind(holder *content.Holder) *mind {
	m := &mind{holder: holder}
	m.think()
	return m
}

// think makes a brain of the present content.
func (m *mind) think() {
	lib := m.holder.Current()
	m.current.Store(&bot.Brain{
		Engine: dialog.New(lib, advice.Functions(lib)), Reader: understand.New(lib), Library: lib,
	})
}

func (m *mind) brain() bot.Brain { return *m.current.Load() }

// reload takes up content that has changed. Content with errors is refused:
// the bot goes on with what it had.
func (m *mind) reload(log *slog.Logger) {
	problems := m.holder.Reload()
	if errs := content.Errors(problems); len(errs) > 0 {
		for _, p := range errs {
			log.Error("content refused", "problem", p.String())
		}
		return
	}
	m.think()
	log.Info("content reloaded", "release", m.holder.Current().ReleaseID())
}
