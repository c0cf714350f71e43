package cli

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"nghe/bot"
	"nghe/bot/webchat"
	"nghe/broadcast"
	"nghe/console"
	"nghe/course/sheet"
	"nghe/handoff"
	"nghe/meter"
	"nghe/officer"
	"nghe/scheduler"
	"nghe/scheduler/reminder"
	"nghe/site"
	"nghe/staff"
	"nghe/unanswered"
)

// service is a program that serves: its parts, and the doors by which people,
// staff and platforms come to them.
type service struct {
	e    environment
	p    *Process
	log  *slog.Logger
	url  string    // where the outside reaches it
	held time.Time // since when nothing may be sent, because it is a copy; zero: it may

	parts     *parts
	counts    *counting
	stopCount func()
	channels  *channels
	messenger officer.Messenger
	reminders *reminder.Reminders
	road      *broadcast.Road

	desk   staff.Desk
	pages  *console.Console
	public *site.Site
	chat   *webchat.Chat
	said   chan struct{} // something was said in a case: files may be waiting
}

// assemble builds the service; nothing runs yet but the counting.
func assemble(ctx context.Context, e environment, p *Process, at net.Addr) (s *service, err error) {
	logged := meter.NewLog(slog.NewTextHandler(p.Stderr, nil))
	s = &service{e: e, p: p, log: slog.New(logged), url: or(e.PublicURL, "http://"+reachable(at)), said: make(chan struct{}, 1)}
	if s.parts, err = open(ctx, e, p, s.log); err != nil {
		return nil, err
	}
	s.counts = s.parts.count()
	s.stopCount = s.counts.run(ctx, s.log)
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if up := s.parts.storage.db.Upgraded(); len(up.Steps) > 0 {
		s.log.Info("tables brought up to date", "from", up.From, "to", up.To, "took", up.Took)
	}
	if s.held, err = s.parts.storage.db.SendingHeld(ctx); err != nil {
		return nil, err
	}
	if s.channels, err = openChannels(e, s.parts, s.url, s.log, p.Now); err != nil {
		return nil, err
	}
	s.channels.meter.Log(logged)
	s.messenger = s.parts.messenger(s.url)
	s.reminders = s.parts.reminders(s.messenger, p.Now, s.log)
	s.road = s.channels.road(ready(s.reminders, s.log))
	s.open()
	s.connect()
	return s, nil
}

// close ends what assemble began.
func (s *service) close() {
	if s.pages != nil {
		s.pages.Wait()
	}
	s.stopCount()
	s.parts.close()
}

// open makes the doors: the console, the public pages, the web chat.
func (s *service) open() {
	parts, secure := s.parts, strings.HasPrefix(s.url, "https://")
	try, opened := trying(s.road, s.channels.sender), s.road.Opened
	if !s.held.IsZero() { // a copy tells nobody anything
		try = func(context.Context, bot.Contact, *broadcast.Broadcast) error { return errHeld }
		opened = nil
	}
	s.desk = parts.storage.desk(s.p.Now)
	s.pages = console.New(console.Settings{
		Desk: s.desk, Records: deskRecords{parts.storage.db, s.desk.Records}, Library: parts.mind.holder.Current, Reader: func() sheet.Reader { return parts.mind.brain().Reader },
		Courses: parts.mind.courses.Load, Learn: func(ctx context.Context) error { _, err := parts.mind.learn(ctx, parts.storage.db); return err },
		Broadcasts: parts.broadcasts(), Say: saying(s.road), Try: try, Pace: func() map[string]float64 { return s.road.Pace },
		Editing: parts.editing, Bench: parts.mind.bench(), Render: parts.mind.rendering,
		Cases: parts.cases, Profile: parts.storage.people.Profile, Windows: windows, TellCourse: parts.mind.tellCourse,
		Asks: func() unanswered.Reader { return parts.mind.asks() }, Telegram: s.channels.telegramName,
		Log: s.log, Now: s.p.Now, Zone: zone(), URL: s.url, Secure: secure, Address: s.address,
	})
	s.public = site.New(site.Settings{
		Library: parts.mind.library, Courses: parts.mind.courses.Load, Picture: parts.storage.db.ToldPicture, Telegram: s.channels.telegramName,
		URL: s.url, Log: s.log, Now: s.p.Now, Zone: zone(),
	})
	s.chat = webchat.New(webchat.Settings{
		Turns: parts.turns, Log: s.log, Now: s.p.Now, Secret: parts.storage.secret, Opened: opened, Files: parts.cases.FileFor, Look: parts.cases.Look,
		Secure: secure, Proxies: s.e.Proxies, Limits: parts.storage.limits(),
	})
}

// address gives where a request comes from.
func (s *service) address(r *http.Request) string { return webchat.Address(r, s.e.Proxies) }

// connect has the rooms hear of each other.
func (s *service) connect() {
	turns, toPages := s.parts.turns, s.parts.storage.tellCases(s.pages, s.log)
	turns.Heard = s.road.Heard
	turns.Said = func(c bot.Contact) {
		s.channels.sender.Wake(c)
		if c.Channel == webchat.Channel {
			s.parts.storage.tellSaid(c, s.chat.Wake)
		}
	}
	turns.DataLink = func(c bot.Contact) string {
		if c.Channel == webchat.Channel {
			return s.url + "/chat/data"
		}
		return ""
	}
	s.parts.cases.Told = func(e handoff.Event) {
		s.parts.chats.Heard(e)
		toPages(e)
		select {
		case s.said <- struct{}{}:
		default: // who gets the files is woken already
		}
	}
}

// catchUp does what was left when the program ended before.
func (s *service) catchUp(ctx context.Context) error {
	if err := s.parts.storage.tidy(ctx, s.p.Now()); err != nil {
		return err
	}
	if err := s.parts.turns.Sweep(ctx, s.p.Now()); err != nil {
		return err
	}
	return s.parts.cases.Sweep(ctx, s.p.Now())
}

// attend begins all that goes on beside the answers, until stop.
func (s *service) attend(ctx context.Context) (stop func(), err error) {
	watcher, err := s.parts.mind.holder.Watch()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var background sync.WaitGroup
	background.Go(func() {
		if err := watcher.Run(ctx, func() { s.parts.mind.reload(s.log) }); err != nil {
			s.log.Error("changes of content are not seen any more: restart to read them", "error", err)
		}
	})
	if redis := s.parts.storage.redis; redis != nil {
		background.Go(func() { redis.HearSaid(ctx, s.chat.Wake) })
		background.Go(func() { s.parts.storage.hearCases(ctx, s.pages) })
	}
	background.Go(func() {
		s.parts.mind.watch(ctx, s.parts.storage.db, s.parts.editing, s.parts.mind.warnEditors(s.messenger, s.parts.editing, s.p.Now), s.log)
	})
	background.Go(func() { s.parts.chats.Run(ctx, s.p.Now) })
	background.Go(func() { s.parts.cases.Attend(ctx, s.said, s.p.Now) })
	if s.held.IsZero() { // nothing is due in a copy
		background.Go(func() { s.byTheClock(ctx) })
	}
	return func() { cancel(); background.Wait() }, nil
}

// byTheClock makes up what was missed while nobody ran, and then does each thing
// when its time comes.
func (s *service) byTheClock(ctx context.Context) {
	look := remind(s.reminders)
	jobs := append(s.parts.jobs(s.p.Now), look, approvals(s.messenger, ready(s.reminders, s.log)), s.counts.job(s.p.Now))
	for _, j := range s.channels.jobs {
		jobs = append(jobs, scheduler.Job{Name: j.name, When: j.when, Do: j.do})
	}
	if err := look.Do(ctx); err != nil {
		s.log.Error("job failed", "job", look.Name, "error", err)
	}
	if err := scheduler.Run(ctx, zone(), s.log, counted(s.channels.meter, jobs, s.p.Now)...); err != nil {
		s.log.Error("nothing is done by the clock", "error", err)
	}
}

// send begins to send what is said, until stop. It goes on when the program is
// told to end: what is said while the last turns drain is still sent.
func (s *service) send(ctx context.Context) (stop func()) {
	if !s.held.IsZero() {
		s.log.Warn("a backup was restored: nothing is sent and nothing is done by the clock until “nghe restore --go”", "since", here(s.held))
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var roads sync.WaitGroup
	roads.Go(func() { s.channels.run(ctx) })
	roads.Go(func() { s.road.Run(ctx) })
	return func() {
		cancel()
		if !waitAtMost(&roads, drainTime) {
			s.log.Warn("a platform does not answer: what was on its way to it is in doubt, and will be looked after at the next start")
		}
	}
}

// errHeld says why nothing is sent.
var errHeld = errors.New("a backup was restored: say nghe restore --go")

// reachable gives an address that a browser on this machine can open: who
// listens on all addresses is found on localhost.
func reachable(a net.Addr) string {
	if tcp, ok := a.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("localhost", strconv.Itoa(tcp.Port))
	}
	return a.String()
}

// waitAtMost says whether everything ended in time.
func waitAtMost(wg *sync.WaitGroup, limit time.Duration) bool {
	ended := make(chan struct{})
	go func() { wg.Wait(); close(ended) }()
	select {
	case <-ended:
		return true
	case <-time.After(limit):
		return false
	}
}

// jobs are what is done by the clock.
func (p *parts) jobs(now func() time.Time) []scheduler.Job {
	return []scheduler.Job{
		{Name: "cases", When: "* * * * *", Do: func(ctx context.Context) error { return p.cases.Tick(ctx, now()) }},
		{Name: "tidy", When: "7 * * * *", Do: func(ctx context.Context) error { return p.storage.tidy(ctx, now()) }},
	}
}
