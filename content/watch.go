package content

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Holder holds the library of the moment. Others read it while it is swapped.
type Holder struct {
	dir     string // of overrides; "" = none
	current atomic.Pointer[Library]

	mu  sync.Mutex // of those who load
	top fs.FS      // on top of all; nil = nothing
}

// Open loads the built-in content with the overrides in dir, "" for none. It
// gives the problems; with any error among them there is no holder.
func Open(dir string) (*Holder, []Problem) {
	h := &Holder{dir: dir}
	problems := h.Reload()
	if h.Current() == nil {
		return nil, problems
	}
	return h, problems
}

// Current gives the library of the moment.
func (h *Holder) Current() *Library { return h.current.Load() }

// Reload reads everything again. Content with errors is refused: the library
// stays as it was.
func (h *Holder) Reload() []Problem {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.reload()
}

func (h *Holder) reload() []Problem {
	l, problems := h.load()
	if l != nil {
		h.current.Store(l)
	}
	return problems
}

// Lay puts files on top of everything else and reads it again. Where they make
// the content unsound they are left out, now and at each Reload, until there
// are others: what lies beneath is told, and the problems say why.
func (h *Holder) Lay(top fs.FS) []Problem {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.top = top
	return h.reload()
}

// load reads all layers; without the top one if that makes it unsound.
func (h *Holder) load() (*Library, []Problem) {
	if h.top == nil {
		return h.beneath()
	}
	layers, problems := h.layers()
	if problems != nil {
		return nil, problems
	}
	l, problems := Load(layers[0], append(layers[1:], h.top)...)
	if l == nil {
		l, _ = h.beneath()
	}
	return l, problems
}

func (h *Holder) beneath() (*Library, []Problem) {
	if h.dir == "" {
		return builtin()
	}
	layers, problems := h.layers()
	if problems != nil {
		return nil, problems
	}
	return Load(layers[0], layers[1:]...)
}

// layers are what lies beneath the top.
func (h *Holder) layers() ([]fs.FS, []Problem) {
	if h.dir == "" {
		return []fs.FS{Builtin()}, nil
	}
	if info, err := os.Stat(h.dir); err != nil || !info.IsDir() {
		return nil, []Problem{{File: h.dir, What: "there is no such folder", Try: "make it, or unset NGHE_CONTENT"}}
	}
	return []fs.FS{Builtin(), os.DirFS(h.dir)}, nil
}

// quiet is how long a folder must rest before it is read: editors write a
// file in several steps.
const quiet = 200 * time.Millisecond

// Watcher sees changes of the folder of overrides from the moment it is made.
type Watcher struct {
	dir string
	fs  *fsnotify.Watcher // nil: there is no folder
}

// Watch begins to watch the folder of overrides. Without a folder the watcher
// sees nothing. End it by the context of Run, which must be called.
func (h *Holder) Watch() (*Watcher, error) {
	w := &Watcher{dir: h.dir}
	if h.dir == "" {
		return w, nil
	}
	var err error
	if w.fs, err = fsnotify.NewWatcher(); err != nil {
		return nil, fmt.Errorf("watch %s: %w", h.dir, err)
	}
	if err := w.addAll(); err != nil {
		return nil, errors.Join(fmt.Errorf("watch %s: %w", h.dir, err), w.fs.Close())
	}
	return w, nil
}

// addAll watches the folder and those in it. Folders are watched, not their
// files: editors replace files.
func (w *Watcher) addAll() error {
	return filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && path == w.dir:
			return err
		case err == nil && d.IsDir():
			return w.fs.Add(path)
		}
		return nil // a folder that is gone already is no matter
	})
}

// Run calls changed each time the folder has changed since Watch and rests
// again, until the context ends.
func (w *Watcher) Run(ctx context.Context, changed func()) error {
	if w.fs == nil {
		<-ctx.Done()
		return nil
	}
	defer w.fs.Close()
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case _, ok := <-w.fs.Events:
			if !ok {
				return errors.New("watch " + w.dir + ": the watcher closed")
			}
			timer.Reset(quiet)
		case <-w.fs.Errors: // events were lost: something has changed
			timer.Reset(quiet)
		case <-timer.C:
			w.addAll() // new folders; the folder itself gone is told by changed
			changed()
		}
	}
}
