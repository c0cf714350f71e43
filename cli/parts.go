package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"time"

	"nghe/announce"
	"nghe/bot"
	"nghe/bot/webchat"
	"nghe/broadcast"
	"nghe/counsel"
	"nghe/dialog"
	"nghe/handoff"
	"nghe/officer"
	"nghe/people"
	"nghe/release"
	"nghe/scheduler/reminder"
	"nghe/staff"
)

// parts is what a conversation needs, on any channel.
type parts struct {
	mind    *mind
	editing *release.Desk
	storage *storage
	turns   *bot.Turns
	office  officer.Office
	cases   *handoff.Desk
	chats   *counsel.Chats
	log     *slog.Logger
}

// open builds the parts: content, storage, turns.
func open(ctx context.Context, e environment, p *Process, log *slog.Logger) (*parts, error) {
	holder, err := openContent(e.Content)
	if err != nil {
		return nil, err
	}
	storage, err := openStorage(ctx, e, p.Now(), log)
	if err != nil {
		return nil, err
	}
	mind := newMind(holder)
	editing := openEditing(e.Content, mind, storage.db, p.Now, log)
	if _, err := mind.learn(ctx, storage.db); err != nil {
		return nil, errors.Join(err, storage.close())
	}
	if err := mind.takeUp(ctx, editing, log); err != nil {
		return nil, errors.Join(err, storage.close())
	}
	wishes := people.Wishes{Records: storage.db, Courses: mind.courses.Load}
	links := people.Links{Book: storage.people, Records: storage.db, Key: storage.linkKey}
	effects := wishes.Effects()
	maps.Copy(effects, links.Effects())
	maps.Copy(effects, people.News{Records: storage.db}.Effects())
	maps.Copy(effects, reminder.Banks{Days: storage.db.BankDays, Zone: zone()}.Effects())
	maps.Copy(effects, people.Said{Records: storage.db}.Effects())
	maps.Copy(effects, storage.desk(p.Now).Effects())
	maps.Copy(effects, broadcast.Answers{Records: storage.db, Courses: mind.courses.Load, Purpose: people.PurposeNews}.Effects())
	effects[people.EffectRegister] = registering(effects[people.EffectRegister], storage.db, log)
	office := officer.Office{
		Records: storage.db, Staff: storage.desk(p.Now), Library: mind.holder.Current, Courses: mind.courses.Load, Zone: zone(),
		Broadcasts: &broadcast.Desk{Records: storage.db, Library: mind.holder.Current, Courses: mind.courses.Load, Zone: zone()},
		Reader:     func() announce.Reader { return mind.brain().Reader },
		Learn:      func(ctx context.Context) error { _, err := mind.learn(ctx, storage.db); return err },
	}
	cases := openCases(mind, storage, log)
	cases.Others = storage.people.Others
	cases.Steers = func(text string) bool { return mind.brain().Reader.Command(text) != dialog.NoCommand }
	maps.Copy(effects, office.Effects())
	maps.Copy(effects, cases.Effects())
	turns := &bot.Turns{
		Brain: mind.brain, Sessions: storage.sessions, People: storage.people, Effects: effects, Log: log, Cases: cases,
		Pushed: pushes, Zone: zone(),
	}
	cases.Talks = turns
	all := &parts{mind: mind, editing: editing, storage: storage, log: log, turns: turns, cases: cases, office: office}
	all.chats = openCounsel(cases, turns, all.messenger(e.PublicURL), storage, p.Now, log)
	return all, nil
}

// openQuietly opens the parts for a command that does one thing and ends.
func openQuietly(ctx context.Context, p *Process) (*parts, error) {
	e, err := readEnvironment(p.Environ)
	if err != nil {
		return nil, err
	}
	return open(ctx, e, p, quietLog(p.Stderr))
}

// openCases makes the desk where counsellors take talks.
func openCases(mind *mind, storage *storage, log *slog.Logger) *handoff.Desk {
	return &handoff.Desk{
		Records: storage.db, Sessions: storage.sessions, Library: mind.holder.Current, Zone: zone(), Log: log, Pushed: pushes,
		Holiday: func(t time.Time) bool {
			return broadcast.Calendar{Zone: zone(), Holidays: mind.holder.Current().Holidays}.Holiday(t)
		},
	}
}

// pushes says whether messages of a channel are sent by whoever serves it; of
// the others a page or a terminal comes for them.
func pushes(channel string) bool { return channel != webchat.Channel && channel != channelTerminal }

// desk is where staff come in.
func (s *storage) desk(now func() time.Time) staff.Desk {
	return staff.Desk{Records: s.db.Staff(), Now: now, Key: s.linkKey}
}

func (p *parts) close() {
	if err := p.storage.close(); err != nil {
		p.log.Error("storage not closed", "error", err)
	}
}

// quietLog is for commands whose output is read by people and scripts: only
// what went wrong.
func quietLog(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelError}))
}

// warn says once which settings have no effect.
func (e environment) warn(w io.Writer) {
	for _, warning := range e.Warnings {
		fmt.Fprintf(w, "nghe: %s\n", warning)
	}
}
