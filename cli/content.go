package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	_ "time/tzdata" // the zone below, wherever the program runs

	"nghe/advice"
	"nghe/bot"
	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/release"
	"nghe/store"
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

// mind holds the brain of the moment: it is made anew when the content or the
// courses change.
type mind struct {
	holder  *content.Holder
	current atomic.Pointer[bot.Brain]

	learning sync.Mutex // of those who look for courses

	mu      sync.Mutex // of those who make the brain
	reader  *understand.Reader
	of      *content.Library // that reader is made of: it is dear to make
	courses atomic.Pointer[course.Catalogue]
	change  int64 // of the courses, as the store counts

	released int64                   // the last change of the content that was looked at
	refused  atomic.Pointer[refusal] // why it is not told; nil: it is
}

func newMind(holder *content.Holder) *mind {
	m := &mind{holder: holder}
	m.courses.Store(course.NewCatalogue(nil))
	m.think()
	return m
}

// think makes a brain of the present content and courses.
func (m *mind) think() {
	m.mu.Lock()
	defer m.mu.Unlock()
	lib, courses := m.holder.Current(), m.courses.Load()
	if m.of != lib {
		m.reader, m.of = m.read(lib), lib
	}
	brain := brainOf(lib, courses, m.reader)
	m.current.Store(&brain)
}

// builtinReader reads the built-in content, which never changes: it is made
// once in a process.
var builtinReader = sync.OnceValue(func() *understand.Reader { return understand.New(content.MustBuiltin()) })

func (m *mind) read(lib *content.Library) *understand.Reader {
	if lib == content.MustBuiltin() {
		return builtinReader()
	}
	return understand.New(lib)
}

func brainOf(lib *content.Library, courses *course.Catalogue, reader *understand.Reader) bot.Brain {
	whole := advice.WithCourses(lib, courses)
	return bot.Brain{Engine: dialog.New(whole, advice.Functions(lib, courses)), Reader: reader, Library: whole}
}

// learn takes up the courses of the store if they are others than it knows,
// and says whether they were.
func (m *mind) learn(ctx context.Context, db *store.DB) (bool, error) {
	m.learning.Lock()
	defer m.learning.Unlock()
	change, err := db.CoursesChange(ctx)
	if err != nil || change == m.change {
		return false, err
	}
	courses, change, err := db.Courses(ctx)
	if err != nil {
		return false, err
	}
	campaigns, err := db.Campaigns(ctx)
	if err != nil {
		return false, err
	}
	m.courses.Store(course.NewCatalogue(courses).WithCampaigns(campaigns))
	m.change = change
	m.think()
	return true, nil
}

// lookEvery is how often it is looked for courses that another process, or
// another part of this one, has changed.
const lookEvery = 2 * time.Second

// watch learns courses and edited content as they change, until the context
// ends. What of the content can't be told, or should be looked at, is told by
// tell.
func (m *mind) watch(ctx context.Context, db *store.DB, editing *release.Desk, tell func(context.Context) error, log *slog.Logger) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	failing := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		changed, err := m.learn(ctx, db)
		if changed {
			log.Info("courses reloaded", "courses", len(m.courses.Load().All()))
		}
		err = errors.Join(err, m.takeUp(ctx, editing, log), tell(ctx))
		if ctx.Err() != nil {
			return
		}
		if err != nil && !failing { // once, not every two seconds
			log.Error("courses and content can't be looked for: those known before are told", "error", err)
		}
		failing = err != nil
	}
}

// asks gives what reads questions, for who looks after what was not answered.
func (m *mind) asks() *understand.Reader {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.reader
}

func (m *mind) brain() bot.Brain { return *m.current.Load() }

// reload takes up content that has changed. Content with errors is refused:
// the bot goes on with what it had.
func (m *mind) reload(log *slog.Logger) {
	was := m.holder.Current()
	m.logRefused(m.holder.Reload(), log)
	if m.holder.Current() == was {
		return
	}
	m.think()
	log.Info("content reloaded", "release", m.holder.Current().ReleaseID())
}

func (m *mind) logRefused(problems []content.Problem, log *slog.Logger) {
	for _, p := range content.Errors(problems) {
		log.Error("content refused", "problem", p.String())
	}
}
