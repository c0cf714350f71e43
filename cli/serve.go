package cli

import (
	"context"
	"errors"
	"fmt"
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
	"nghe/scheduler"
	"nghe/site"
	"nghe/unanswered"
)

var serveCommand = command{
	name: "serve", about: "run everything; the same as “nghe” alone",
	help: `
Prints the addresses of the web chat and of the console, as long as there is no
administrator the link that makes one, and runs until SIGTERM or SIGINT.
  NGHE_LISTEN           address to listen on (127.0.0.1:8080)
  NGHE_PUBLIC_URL       where the outside reaches it (from NGHE_LISTEN)
  NGHE_DATA             folder of the embedded storage (./data)
  NGHE_CONTENT          folder of overrides of the content (none); what is edited in
                        the console is there if it can be written to, else in the
                        records
  REDIS_URL             keeps sessions there instead (none)
  DATABASE_URL          keeps records in PostgreSQL instead (none); more than one
                        process needs both
  NGHE_SECRET           key for cookies and links (made at the first start)
  TELEGRAM_TOKEN        opens Telegram; with TELEGRAM_WEBHOOK_SECRET it comes to
                        us at NGHE_PUBLIC_URL/telegram, else we ask it
  ZALO_APP_ID, ZALO_APP_SECRET, ZALO_OA_SECRET, ZALO_REFRESH_TOKEN
                        open the Zalo Official Account at …/zalo
  ZALO_MONTHLY_CAP      đồng that messages which cost something (ZBS templates)
                        may cost in a month; above it none is sent (0: none is)
  ZALO_BOT_TOKEN        opens a bot of the Zalo Bot Platform, for trials: its
                        plan carries about 50 people; with ZALO_BOT_SECRET it
                        comes to us at …/zalobot
  TELEGRAM_API, ZALO_API, ZALO_OAUTH, ZALO_BOT_API
                        other servers than the public ones
  NGHE_LINGER           how long it goes on answering after it was told to stop, while
                        /readyz says no, so that who stands in front leaves it in
                        time, for example 4s (0s)
  NGHE_TRUSTED_PROXIES  addresses whose X-Forwarded-For is believed (none)
Each secret may be given as NAME_FILE: NGHE_SECRET_FILE, REDIS_URL_FILE, …`,
	run: runServe,
}

// drainTime is for messages that are being answered when the program is told
// to stop; a turn takes milliseconds.
const drainTime = 10 * time.Second

func runServe(ctx context.Context, p *Process, args []string) error {
	if _, err := parse(flags("serve"), args, 0); err != nil {
		return err
	}
	e, err := readEnvironment(p.Environ)
	if err != nil {
		return err
	}
	e.warn(p.Stderr)
	logged := meter.NewLog(slog.NewTextHandler(p.Stderr, nil))
	log := slog.New(logged)

	// Listened first: a second nghe on the same data says so at once.
	listener, err := net.Listen("tcp", e.Listen)
	if err != nil {
		return fmt.Errorf("can't listen on %s: %w: set NGHE_LISTEN to a free address", e.Listen, inner(err))
	}
	defer listener.Close()
	parts, err := open(ctx, e, p, log)
	if err != nil {
		return err
	}
	defer parts.close()
	if up := parts.storage.db.Upgraded(); len(up.Steps) > 0 {
		log.Info("tables brought up to date", "from", up.From, "to", up.To, "took", up.Took)
	}
	counts := parts.count()
	defer counts.run(ctx, log)()
	if err := parts.storage.tidy(ctx, p.Now()); err != nil {
		return err
	}
	if err := parts.turns.Sweep(ctx, p.Now()); err != nil {
		return err
	}
	if err := parts.cases.Sweep(ctx, p.Now()); err != nil {
		return err
	}

	url := or(e.PublicURL, "http://"+reachable(listener.Addr()))
	desk := parts.storage.desk(p.Now)
	channels, err := openChannels(e, parts, url, log, p.Now)
	if err != nil {
		return err
	}
	channels.meter.Log(logged)
	held, err := parts.storage.db.SendingHeld(ctx)
	if err != nil {
		return err
	}
	messenger := parts.messenger(url)
	reminders := parts.reminders(messenger, p.Now, log)
	road := channels.road(ready(reminders, log))
	address := func(r *http.Request) string { return webchat.Address(r, e.Proxies) }
	try, opened := trying(road, channels.sender), road.Opened
	if !held.IsZero() { // a copy tells nobody anything
		try = func(context.Context, bot.Contact, *broadcast.Broadcast) error { return errHeld }
		opened = nil
	}
	pages := console.New(console.Settings{
		Desk: desk, Records: deskRecords{parts.storage.db, desk.Records}, Library: parts.mind.holder.Current, Reader: func() sheet.Reader { return parts.mind.brain().Reader },
		Courses: parts.mind.courses.Load, Learn: func(ctx context.Context) error { _, err := parts.mind.learn(ctx, parts.storage.db); return err },
		Broadcasts: parts.broadcasts(), Say: saying(road), Try: try, Pace: func() map[string]float64 { return road.Pace },
		Editing: parts.editing, Bench: parts.mind.bench(), Render: parts.mind.rendering,
		Cases: parts.cases, Profile: parts.storage.people.Profile, Windows: windows, TellCourse: parts.mind.tellCourse,
		Asks: func() unanswered.Reader { return parts.mind.asks() }, Telegram: channels.telegramName,
		Log: log, Now: p.Now, Zone: zone(), URL: url, Secure: strings.HasPrefix(url, "https://"),
		Address: address,
	})
	parts.turns.Heard = road.Heard
	defer pages.Wait()
	toPages := parts.storage.tellCases(pages, log)
	said := make(chan struct{}, 1)
	parts.cases.Told = func(e handoff.Event) {
		parts.chats.Heard(e)
		toPages(e)
		select {
		case said <- struct{}{}:
		default: // who gets the files is woken already
		}
	}
	public := site.New(site.Settings{
		Library: parts.mind.library, Courses: parts.mind.courses.Load, Picture: parts.storage.db.ToldPicture, Telegram: channels.telegramName,
		URL: url, Log: log, Now: p.Now, Zone: zone(),
	})
	chat := webchat.New(webchat.Settings{
		Turns: parts.turns, Log: log, Now: p.Now, Secret: parts.storage.secret, Opened: opened, Files: parts.cases.FileFor, Look: parts.cases.Look,
		Secure: strings.HasPrefix(url, "https://"), Proxies: e.Proxies, Limits: parts.storage.limits(),
	})
	parts.turns.Said = func(c bot.Contact) {
		channels.sender.Wake(c)
		if c.Channel == webchat.Channel {
			parts.storage.tellSaid(c, chat.Wake)
		}
	}
	parts.turns.DataLink = func(c bot.Contact) string {
		if c.Channel == webchat.Channel {
			return url + "/chat/data"
		}
		return ""
	}

	watcher, err := parts.mind.holder.Watch()
	if err != nil {
		return err
	}
	watching, stopWatching := context.WithCancel(ctx)
	var background sync.WaitGroup
	defer background.Wait()
	defer stopWatching()
	background.Go(func() {
		if err := watcher.Run(watching, func() { parts.mind.reload(log) }); err != nil {
			log.Error("changes of content are not seen any more: restart to read them", "error", err)
		}
	})

	look := remind(reminders)
	jobs := append(parts.jobs(p.Now), look, approvals(messenger, ready(reminders, log)), counts.job(p.Now))
	for _, j := range channels.jobs {
		jobs = append(jobs, scheduler.Job{Name: j.name, When: j.when, Do: j.do})
	}
	jobs = counted(channels.meter, jobs, p.Now)

	if redis := parts.storage.redis; redis != nil {
		background.Go(func() { redis.HearSaid(watching, chat.Wake) })
		background.Go(func() { parts.storage.hearCases(watching, pages) })
	}
	background.Go(func() {
		parts.mind.watch(watching, parts.storage.db, parts.editing, parts.mind.warnEditors(messenger, parts.editing, p.Now), log)
	})
	background.Go(func() { parts.chats.Run(watching, p.Now) })
	background.Go(func() { parts.cases.Attend(watching, said, p.Now) })

	background.Go(func() {
		if !held.IsZero() {
			return // nothing is due in a copy
		}
		// What was missed while nobody ran is made up now.
		if err := look.Do(watching); err != nil {
			log.Error("job failed", "job", look.Name, "error", err)
		}
		if err := scheduler.Run(watching, zone(), log, jobs...); err != nil {
			log.Error("nothing is done by the clock", "error", err)
		}
	})

	health := channels.health(held)
	// What is said while the last turns drain is still sent.
	sending, stopSending := context.WithCancel(context.WithoutCancel(ctx))
	defer stopSending()
	var roads sync.WaitGroup
	server := &http.Server{
		Handler:           routes(chat, pages, public, channels, health, address),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      30 * time.Second, // event streams set their own
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	server.RegisterOnShutdown(chat.Close)
	server.RegisterOnShutdown(pages.Close)
	if held.IsZero() {
		roads.Go(func() { channels.run(sending) })
		roads.Go(func() { road.Run(sending) })
	} else {
		log.Warn("a backup was restored: nothing is sent and nothing is done by the clock until “nghe restore --go”", "since", here(held))
	}
	defer func() {
		stopSending()
		if !waitAtMost(&roads, drainTime) {
			log.Warn("a platform does not answer: what was on its way to it is in doubt, and will be looked after at the next start")
		}
	}()
	first, err := desk.FirstLink(ctx)
	if err != nil {
		return err
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	fmt.Fprintf(p.Stdout, "nghe: web chat at %s/\nnghe: console at %s/console/\n", url, url)
	if first != "" {
		fmt.Fprintf(p.Stdout, "nghe: the first administrator, once and within 7 days: %s\n", invitationURL(url, first))
	}
	log.Info("ready", "version", buildVersion(), "listen", listener.Addr().String(), "content", parts.mind.holder.Current().ReleaseID())

	select {
	case err := <-served:
		return fmt.Errorf("web server: %w", err)
	case <-ctx.Done():
	}
	if e.Linger > 0 {
		log.Info("lingering", "for", e.Linger)
		health.end()
		select {
		case err := <-served:
			return fmt.Errorf("web server: %w", err)
		case <-time.After(e.Linger):
		}
	}
	log.Info("draining")
	draining, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	if err := server.Shutdown(draining); err != nil {
		return fmt.Errorf("some messages were not answered in %v: %w", drainTime, err)
	}
	log.Info("stopped")
	return nil
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

// routes are all paths that nghe answers.
func routes(chat *webchat.Chat, pages *console.Console, public *site.Site, channels *channels, health *health, address func(*http.Request) string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", chat.Handler())
	staffPages := pages.Handler()
	mux.Handle("/console", staffPages)
	mux.Handle("/console/", staffPages)
	for _, path := range site.Paths {
		mux.Handle(path, public.Handler())
	}
	for path, hook := range channels.hooks {
		mux.Handle(path, hook)
	}
	mux.Handle("GET /metrics", inside(channels.meter, address))
	mux.HandleFunc("GET /healthz", health.alive)
	mux.HandleFunc("GET /readyz", health.ready(address)) // there is always content: without it there is no mind
	return mux
}

// inner gives the cause of a network error without its frame: "address
// already in use".
func inner(err error) error {
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		return op.Err
	}
	return err
}
