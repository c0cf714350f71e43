package release

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"nghe/content"
	"nghe/staff"
)

// Release is one change of the edited files.
type Release struct {
	Number   int64 // one more than the last
	At       time.Time
	By, Name string // who: login and name; "" the program found it so in the folder
	About    string // "topic:support.who", or "release:12"
	Why      string
	Base     string // state of the content beneath, as content.ReleaseID names it
	Files    Files  // those it changed, as they are after it
}

// Records keep releases. Package store has them.
type Records interface {
	// LastRelease gives the number of the newest; 0: there is none.
	LastRelease(ctx context.Context) (int64, error)
	// EditedFiles gives all files as they are after a release.
	EditedFiles(ctx context.Context, number int64) (Files, error)
	// Releases gives the newest first, those before a number (0: all), without
	// their files.
	Releases(ctx context.Context, before int64, limit int) ([]Release, error)
	// Release gives one with its files; nil: there is none.
	Release(ctx context.Context, number int64) (*Release, error)
	// PutRelease keeps one as the newest. False: its number is taken.
	PutRelease(ctx context.Context, r Release, entries ...staff.Entry) (bool, error)
}

// Folder is a folder of content that can be written to.
type Folder interface {
	Read() (map[string]string, error)
	// Write writes a file whole; "" removes it.
	Write(path, text string) error
}

// Desk is where content is edited. All fields but Folder must be set.
type Desk struct {
	Records Records
	Base    []fs.FS // the layers beneath what is edited
	Folder  Folder  // where edited files are; nil: in the records
	// Taken has this process take up what was just published.
	Taken func(context.Context) error
	Now   func() time.Time

	publishing sync.Mutex // of this process: a folder has no other guard
	base       string     // names what lies beneath, once it was asked for
}

// Changed is about somebody else who was faster: the entry is another one than
// they saw.
type Changed struct {
	Now Entry  // Text "" when it is gone
	By  string // name of who changed it; "" when it is not known
}

func (c *Changed) Error() string { return "the entry is another one than was seen" }

// Unsound is about content that the check refuses.
type Unsound struct{ Problems []content.Problem }

func (u *Unsound) Error() string {
	return fmt.Sprintf("the content is refused: %v", content.Errors(u.Problems))
}

// Edit is what somebody wants an entry to be.
type Edit struct {
	Kind Kind
	ID   string
	Text string // "" takes the edit of it away
	Seen string // version of the entry as they saw it; "" it was not there
}

// Shelf gives the content as it is edited now, and the last release.
func (d *Desk) Shelf(ctx context.Context) (Shelf, int64, error) {
	last, err := d.Records.LastRelease(ctx)
	if err != nil {
		return Shelf{}, 0, err
	}
	s := Shelf{Base: d.Base}
	if d.Folder != nil {
		files, err := d.Folder.Read()
		if err != nil {
			return Shelf{}, 0, fmt.Errorf("content folder: %w", err)
		}
		s.Edited = files
	} else if s.Edited, err = d.Records.EditedFiles(ctx, last); err != nil {
		return Shelf{}, 0, err
	}
	return s, last, nil
}

// Try gives the shelf with an edit on it.
func (s Shelf) Try(e Edit) (Change, error) {
	if e.Text == "" {
		return s.Drop(e.Kind, e.ID)
	}
	return s.Put(e.Kind, e.ID, e.Text)
}

// tries is how often a change is put on top of what others publish meanwhile.
const tries = 5

// maxWhy is how many characters a reason may have.
const maxWhy = 300

// Publish makes an edit what the bot says. It is a *staff.Denied, *staff.Wrong,
// *Refused, *Changed or *Unsound when it may not be.
func (d *Desk) Publish(ctx context.Context, by staff.Member, e Edit, why string) (Release, error) {
	about := e.Kind.ID + ":" + e.ID
	return d.publish(ctx, by, about, "content.edit", why, func(s Shelf) (Shelf, error) {
		now, err := s.Entry(e.Kind, e.ID)
		if err != nil && !errors.Is(err, ErrNone) {
			return Shelf{}, err
		}
		if now.Version() != e.Seen {
			return Shelf{}, &Changed{Now: now, By: d.lastBy(ctx, about)}
		}
		c, err := s.Try(e)
		return c.Shelf, err
	})
}

// Restore makes everything edited what it was after a release; 0 is before the
// first. What lies beneath is not gone back with.
func (d *Desk) Restore(ctx context.Context, by staff.Member, number int64, why string) (Release, error) {
	return d.publish(ctx, by, fmt.Sprintf("release:%d", number), "content.restore", why, func(s Shelf) (Shelf, error) {
		was, err := d.Records.EditedFiles(ctx, number)
		if err != nil {
			return Shelf{}, err
		}
		last, err := d.Records.LastRelease(ctx)
		if err != nil {
			return Shelf{}, err
		}
		all, err := d.Records.EditedFiles(ctx, last)
		if err != nil {
			return Shelf{}, err
		}
		back := Shelf{s.Base, maps.Clone(s.Edited)}
		if back.Edited == nil {
			back.Edited = Files{}
		}
		for path := range all { // what was never edited here is not ours
			back.Edited[path] = was[path]
			if _, known := was[path]; !known {
				if back.Edited[path], err = d.found(ctx, path, number); err != nil {
					return Shelf{}, err
				}
			}
		}
		return back, nil
	})
}

// publish keeps what make gives of the shelf of the moment.
func (d *Desk) publish(ctx context.Context, by staff.Member, about, did, why string, change func(Shelf) (Shelf, error)) (Release, error) {
	if err := staff.Allowed(by, staff.EditContent, staff.Where{}); err != nil {
		return Release{}, err
	}
	why = strings.Join(strings.Fields(why), " ")
	if n := utf8.RuneCountInString(why); n < 5 || n > maxWhy {
		return Release{}, &staff.Wrong{Field: "why", Text: fmt.Sprintf("Anh/chị ghi lý do, từ 5 đến %d chữ: người sau đọc sổ sẽ hiểu vì sao đổi.", maxWhy)}
	}
	d.publishing.Lock()
	defer d.publishing.Unlock()
	for range tries {
		r, won, err := d.once(ctx, Release{By: by.Login, Name: by.Name, About: about, Why: why}, by, did, change)
		if err != nil || won {
			return r, err
		}
	}
	return Release{}, fmt.Errorf("others published %d times meanwhile", tries)
}

func (d *Desk) once(ctx context.Context, r Release, by staff.Member, did string, change func(Shelf) (Shelf, error)) (Release, bool, error) {
	was, last, err := d.Shelf(ctx)
	if err != nil {
		return r, false, err
	}
	is, err := change(was)
	if err != nil {
		return r, false, err
	}
	lib, problems := is.Load()
	if lib == nil {
		return r, false, &Unsound{problems}
	}
	r.Base, r.Files = d.baseID(), Files{}
	for path := range is.Edited {
		if is.Edited[path] != was.Edited[path] {
			r.Files[path] = is.Edited[path]
		}
	}
	if len(r.Files) == 0 {
		return r, false, &staff.Wrong{Text: "Không có gì khác với bản đang dùng."}
	}
	if last, err = d.noteFound(ctx, was, r, last); err != nil {
		return r, false, err
	}
	r.Number, r.At = last+1, d.Now()
	entry := staff.NewEntry(by, r.At, did, r.About, fmt.Sprintf("bản %d: %s", r.Number, r.Why))
	if won, err := d.Records.PutRelease(ctx, r, entry); err != nil || !won {
		return r, false, err
	}
	// Kept before it is written: if this fails, what is in the folder is noted as
	// found there when the next change comes.
	if d.Folder != nil {
		for _, path := range slices.Sorted(maps.Keys(r.Files)) {
			if err := d.Folder.Write(path, r.Files[path]); err != nil {
				return r, false, fmt.Errorf("content folder: %w", err)
			}
		}
	}
	return r, true, d.Taken(ctx)
}

// baseID names what lies beneath, for the history; it is read once.
func (d *Desk) baseID() string {
	if d.base == "" {
		if lib, _ := (Shelf{Base: d.Base}).Load(); lib != nil {
			d.base = lib.ReleaseID()
		}
	}
	return d.base
}

// noteFound keeps how files that are to be changed stood in the folder, where
// somebody wrote them by other means: one can go back to that, too.
func (d *Desk) noteFound(ctx context.Context, was Shelf, r Release, last int64) (int64, error) {
	if d.Folder == nil {
		return last, nil
	}
	known, err := d.Records.EditedFiles(ctx, last)
	if err != nil {
		return last, err
	}
	found := Release{Number: last + 1, At: d.Now(), About: "folder", Why: "Như có sẵn trong thư mục nội dung", Base: r.Base, Files: Files{}}
	for path := range r.Files {
		if was.Edited[path] != known[path] {
			found.Files[path] = was.Edited[path]
		}
	}
	if len(found.Files) == 0 {
		return last, nil
	}
	won, err := d.Records.PutRelease(ctx, found)
	if err != nil || !won {
		return last, err // whoever was faster makes this number taken, too
	}
	return found.Number, nil
}

// found gives how a file stood in the folder before it was first edited here.
func (d *Desk) found(ctx context.Context, path string, after int64) (string, error) {
	all, err := d.Records.Releases(ctx, 0, mostReleases)
	if err != nil || d.Folder == nil {
		return "", err
	}
	for _, r := range slices.Backward(all) {
		if r.Number <= after || r.By != "" {
			continue
		}
		whole, err := d.Records.Release(ctx, r.Number)
		if err != nil {
			return "", err
		}
		if text, there := whole.Files[path]; there {
			return text, nil
		}
	}
	return "", nil
}

// mostReleases is how far back it is looked.
const mostReleases = 1000

// lastBy is the name of who changed an entry last.
func (d *Desk) lastBy(ctx context.Context, about string) string {
	all, err := d.Records.Releases(ctx, 0, 50)
	if err != nil {
		return "" // it is told without the name
	}
	for _, r := range all {
		if r.About == about {
			return r.Name
		}
	}
	return ""
}
