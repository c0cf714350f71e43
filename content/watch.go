package content

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Holder holds the library of the moment. Others read it while it is swapped.
type Holder struct {
	dir     string // of overrides; "" = none
	current atomic.Pointer[Library]
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
	var overrides []fs.FS
	if h.dir != "" {
		if info, err := os.Stat(h.dir); err != nil || !info.IsDir() {
			return []Problem{{File: h.dir, What: "there is no such folder", Try: "make it, or unset NGHE_CONTENT"}}
		}
		overrides = append(overrides, os.DirFS(h.dir))
	}
	l, problems := Load(Builtin(), overrides...)
	if l != nil {
		h.current.Store(l)
	}
	return problems
}

// quiet is how long a folder must rest before it is read: editors write a
// file in several steps.
const quiet = 200 * time.Millisecond

// Watch calls changed each time the folder of overrides has changed and rests
// again, until the context ends. Without a folder it only waits.
func (h *Holder) Watch(ctx context.Context, changed func()) error {
	if h.dir == "" {
		<-ctx.Done()
		return nil
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch %s: %w", h.dir, err)
	}
	defer w.Close()
	// The folder is watched, not its files: editors replace files.
	watchAll := func() error {
		return filepath.WalkDir(h.dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				return w.Add(path)
			}
			return nil
		})
	}
	if err := watchAll(); err != nil {
		return fmt.Errorf("watch %s: %w", h.dir, err)
	}
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case _, ok := <-w.Events:
			if !ok {
				return errors.New("watch " + h.dir + ": the watcher closed")
			}
			timer.Reset(quiet)
		case <-timer.C:
			watchAll() // new folders; one that is gone already is no matter
			changed()
		}
	}
}
