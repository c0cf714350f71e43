package cli

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"

	"nghe/bot"
	"nghe/console"
	"nghe/content"
	"nghe/course"
	"nghe/dialog"
	"nghe/draft"
	"nghe/officer"
	"nghe/release"
	"nghe/scheduler/reminder"
	"nghe/staff"
	"nghe/store"
)

// openEditing makes the desk where content is edited. Where the folder of content
// can be written to, edited files are there; else they are in the records, on top
// of the folder, if there is one.
func openEditing(dir string, mind *mind, db *store.DB, now func() time.Time, log *slog.Logger) *release.Desk {
	d := &release.Desk{Records: db, Base: []fs.FS{content.Builtin()}, Now: now}
	if folder := content.Folder(dir); dir != "" && folder.Writable() {
		d.Folder = folder
		d.Taken = func(context.Context) error { mind.reload(log); return nil }
		return d
	}
	if dir != "" {
		d.Base = append(d.Base, os.DirFS(dir))
	}
	d.Taken = func(ctx context.Context) error { return mind.takeUp(ctx, d, log) }
	return d
}

// editedFiles gives what was edited in the console and is kept in the records; nil
// where nothing is: files in a folder are read with the folder.
func editedFiles(ctx context.Context, p *Process, e environment) (fs.FS, error) {
	log := quietLog(p.Stderr)
	storage, err := openStorage(ctx, e, p.Now(), log)
	if err != nil {
		return nil, err
	}
	defer storage.close()
	d := openEditing(e.Content, nil, storage.db, p.Now, log)
	if d.Folder != nil {
		return nil, nil
	}
	last, err := d.Records.LastRelease(ctx)
	if err != nil || last == 0 {
		return nil, err
	}
	edited, err := d.Records.EditedFiles(ctx, last)
	if err != nil {
		return nil, err
	}
	return edited.FS(), nil
}

// openEdited opens the content; with the edits of the records on top, if wanted, it
// is what “nghe serve” tells.
func openEdited(ctx context.Context, p *Process, e environment, edited bool) (*content.Holder, error) {
	holder, err := openContent(e.Content)
	if err != nil || !edited {
		return holder, err
	}
	files, err := editedFiles(ctx, p, e)
	if err != nil || files == nil {
		return holder, err
	}
	if errs := content.Errors(holder.Lay(files)); len(errs) > 0 {
		return nil, fmt.Errorf("the edits of the console can't be used, “nghe serve” leaves them out: %v: “nghe check --edited” shows all", errs[0])
	}
	return holder, nil
}

// refusal is why the last change of the content is not told.
type refusal struct {
	number   int64
	problems []content.Problem
}

// takeUp lays the edited files on top of the content if they are others than it
// knows. A folder is watched, not asked for.
func (m *mind) takeUp(ctx context.Context, d *release.Desk, log *slog.Logger) error {
	if d.Folder != nil {
		return nil
	}
	m.learning.Lock()
	defer m.learning.Unlock()
	last, err := d.Records.LastRelease(ctx)
	if err != nil || last == m.released {
		return err
	}
	edited, err := d.Records.EditedFiles(ctx, last)
	if err != nil {
		return err
	}
	problems := m.holder.Lay(edited.FS())
	m.refused.Store(nil)
	if errs := content.Errors(problems); len(errs) > 0 {
		m.refused.Store(&refusal{last, errs})
		m.logRefused(problems, log)
	}
	m.released = last
	m.think()
	log.Info("content reloaded", "release", m.holder.Current().ReleaseID(), "change", last)
	return nil
}

// warning is what the office is to know of edited content, and for how long it is
// told before it is looked at again.
type warning struct {
	name, text string
	life       time.Duration
}

// warnEditors gives what tells the office that edits are not used, or were made
// of older texts, as long as that is so: once in the life of a warning, however
// many processes see it.
func (m *mind) warnEditors(office officer.Messenger, d *release.Desk, now func() time.Time) func(context.Context) error {
	told := map[string]bool{}
	return func(ctx context.Context) error {
		for _, w := range m.warnings(d) {
			// Its name is of the days it is told for, on the calendar.
			begins := now().Truncate(w.life)
			name := w.name + ":" + begins.Format(time.DateOnly)
			if told[name] {
				continue
			}
			n := reminder.Notice{Name: name, Roles: []string{string(staff.Administrator), string(staff.Editor)}, Text: w.text, At: now(), Until: begins.Add(w.life)}
			if _, err := office.Tell(ctx, n); err != nil {
				return err
			}
			told[name] = true
		}
		return nil
	}
}

func (m *mind) warnings(d *release.Desk) []warning {
	const day = 24 * time.Hour
	lib := m.holder.Current()
	if r := m.refused.Load(); r != nil {
		return []warning{{fmt.Sprintf("content-refused:%d:%s", r.number, lib.ReleaseID()),
			fmt.Sprintf("Nội dung đã sửa ở bàn làm việc (bản %d) không dùng được với bản cài đặt này nên bot đang nói theo nội dung có sẵn. Chỗ vướng đầu tiên: tệp %s, dòng %d. Mở mục Nội dung trong bàn làm việc để sửa hoặc quay lại.", r.number, r.problems[0].File, r.problems[0].Line), day}}
	}
	var stale []string
	for _, o := range lib.Overrides {
		if o.Stale {
			stale = append(stale, o.ID)
		}
	}
	if len(stale) == 0 || d.Folder != nil { // whoever keeps a folder is told by “nghe check”
		return nil
	}
	return []warning{{"content-stale:" + lib.ReleaseID(),
		fmt.Sprintf("Bản cài đặt mới đổi %d mục mà bàn làm việc cũng đã sửa: %s. Bot vẫn nói theo bản đã sửa. Mở mục Nội dung trong bàn làm việc để so lại.", len(stale), strings.Join(stale, ", ")), 7 * day}}
}

// bench is where drafts are tried, on the content and courses of the moment.
func (m *mind) bench() *draft.Bench {
	return &draft.Bench{
		Live: func() (*content.Library, dialog.Reader) {
			m.mu.Lock()
			defer m.mu.Unlock()
			return m.of, m.reader
		},
		Courses: func() *course.Catalogue { return m.courses.Load() },
	}
}

// rendering gives bubbles as each channel shows them.
func (m *mind) rendering(bubbles []bot.Bubble) []console.Said {
	var all []console.Said
	for _, c := range renderers(m.brain().Phrase) {
		for _, part := range c.Render(bubbles) {
			all = append(all, console.Said{Channel: c.Name(), Text: part.Text, Buttons: buttonsOn(c, part)})
		}
	}
	for _, b := range bubbles {
		all = append(all, console.Said{Channel: web, Text: b.Text, Buttons: labelsOf(b.Options)})
	}
	return all
}
