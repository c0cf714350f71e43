package content

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Folder is a folder of overrides that may be written to.
type Folder string

// beside is the beginning of the names of files that are being written. They are
// no content: nothing reads them.
const beside = ".nghe-"

// Writable says whether files can be made there.
func (f Folder) Writable() bool {
	probe, err := os.CreateTemp(string(f), beside)
	if err != nil {
		return false
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name())) == nil
}

// Read gives the texts of all content files by their path.
func (f Folder) Read() (map[string]string, error) {
	all := map[string]string{}
	files := os.DirFS(string(f))
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".yaml" {
			return err
		}
		text, err := fs.ReadFile(files, name)
		all[name] = string(text)
		return err
	})
	return all, err
}

// Write puts a text in the place of a file, or makes it; "" removes it. Whoever
// reads meanwhile finds the old or the new one, and a crash leaves one of them.
func (f Folder) Write(name, text string) error {
	if !fs.ValidPath(name) || path.Ext(name) != ".yaml" {
		return fmt.Errorf("%q is no file of content", name)
	}
	to := filepath.Join(string(f), filepath.FromSlash(name))
	if text == "" {
		if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(to), beside)
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // of no use once it was renamed
	_, err = temp.WriteString(text)
	if err = errors.Join(err, temp.Sync(), temp.Chmod(0o644), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), to)
}
