package release

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"nghe/content"
	"nghe/staff"
)

// Shelf is all content at one moment, as files: what lies beneath, the lowest
// first, and on top what was edited.
type Shelf struct {
	Base   []fs.FS
	Edited Files
}

// Change is a shelf on which one entry is another.
type Change struct {
	Shelf
	File        string // that is different
	First, Last int    // lines of the entry in it, from 1; 0: it was taken away
	Replaces    bool   // it stands in for one beneath
}

// ErrNone is about an entry that is not there.
var ErrNone = errors.New("there is no such entry")

// Load reads it as the bot would; the library is nil when it is refused.
func (s Shelf) Load() (*content.Library, []content.Problem) {
	over := append(slices.Clone(s.Base[1:]), s.Edited.FS())
	return content.Load(s.Base[0], over...)
}

// Entries gives all entries of a kind in the order of their files. One that
// stands in for another stands where that one does.
func (s Shelf) Entries(k Kind) ([]Entry, error) {
	var all []Entry
	at := map[string]int{}
	for n, layer := range append(slices.Clone(s.Base), s.Edited.FS()) {
		files, err := fs.Glob(layer, k.pattern)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			text, err := fs.ReadFile(layer, file)
			if err != nil {
				return nil, err
			}
			d, err := cut(string(text), k.key)
			if err != nil {
				return nil, broken(file, err)
			}
			replaced := d.replaced()
			for _, span := range d.spans {
				e := Entry{Kind: k, ID: span.id, Text: d.text(span), File: file, Line: span.from + 1, Edited: n == len(s.Base), hash: content.Hash(span.node)}
				i, there := at[e.ID]
				if !there {
					at[e.ID] = len(all)
					all = append(all, e)
					continue
				}
				e.Base = true
				e.Stale = e.Edited && replaced[e.ID] != all[i].hash
				all[i] = e
			}
		}
	}
	for i := range all {
		all[i].Base = all[i].Base || !all[i].Edited
	}
	return all, nil
}

// broken tells who edits that a file can't be read: somebody wrote it by other
// means.
func broken(file string, err error) error {
	line, what := whereYAML(err)
	return &staff.Wrong{Text: fmt.Sprintf("Tệp %s của nội dung đang viết sai, dòng %d (%s), nên chưa sửa ở đây được. Bot vẫn nói như cũ. Nhờ người vận hành sửa tệp đó rồi mở lại trang này.", file, line, what)}
}

// replaced is which states of entries beneath a file says that it stands in for.
func (d *document) replaced() map[string]string {
	all := map[string]string{}
	for i := 0; i+1 < len(d.root.Content); i += 2 {
		if d.root.Content[i].Value == "replaces" {
			if err := d.root.Content[i+1].Load(&all); err != nil {
				return nil // told by the check
			}
		}
	}
	return all
}

// Entry gives one, or ErrNone.
func (s Shelf) Entry(k Kind, id string) (Entry, error) {
	all, err := s.Entries(k)
	if err != nil {
		return Entry{}, err
	}
	i := slices.IndexFunc(all, func(e Entry) bool { return e.ID == id })
	if i < 0 {
		return Entry{}, fmt.Errorf("%s %q: %w", k.ID, id, ErrNone)
	}
	return all[i], nil
}

// Beneath gives the entry that an edited one stands in for, or ErrNone.
func (s Shelf) Beneath(k Kind, id string) (Entry, error) {
	return Shelf{Base: s.Base}.Entry(k, id)
}

// Put gives the shelf with an entry as it was written; a new one goes to the
// end of its file. The error is a *Refused when the text can't be taken.
func (s Shelf) Put(k Kind, id, text string) (Change, error) {
	text = strings.Trim(strings.ReplaceAll(text, "\r\n", "\n"), "\n") + "\n"
	if _, err := parse(text, id); err != nil {
		return Change{}, err
	}
	// An edit stands where it stood, else in the file of what is beneath, else in
	// the one of its kind: never in one that a request names.
	now, err := s.Entry(k, id)
	beneath := now
	switch {
	case errors.Is(err, ErrNone):
		files, _ := fs.Glob(s.Base[0], k.pattern) // the patterns are ours
		now.File = k.home(id, files)
	case err != nil:
		return Change{}, err
	case now.Edited && now.Base:
		if beneath, err = s.Beneath(k, id); err != nil {
			return Change{}, err
		}
	case now.Edited:
		beneath = Entry{}
	}
	file := now.File
	d, err := cut(or(s.Edited[file], heading), k.key)
	if err != nil {
		return Change{}, broken(file, err)
	}
	d.put(k.key, id, text)
	return s.changed(k, id, file, d.String(), beneath.hash)
}

// Drop gives the shelf without the edit of an entry: the one beneath stands
// there again, if there is one.
func (s Shelf) Drop(k Kind, id string) (Change, error) {
	e, err := s.Entry(k, id)
	if err != nil {
		return Change{}, err
	}
	if !e.Edited {
		return Change{}, fmt.Errorf("%s %q is not edited: %w", k.ID, id, ErrNone)
	}
	d, err := cut(s.Edited[e.File], k.key)
	if err != nil {
		return Change{}, broken(e.File, err)
	}
	d.drop(id)
	return s.changed(k, id, e.File, d.String(), "")
}

// changed gives the shelf with a file as it is now.
func (s Shelf) changed(k Kind, id, file, text, hash string) (Change, error) {
	text, err := replacing(text, id, hash)
	if err != nil {
		return Change{}, broken(file, err)
	}
	c := Change{Shelf: Shelf{s.Base, s.Edited.with(file, text)}, File: file, Replaces: hash != ""}
	if n := c.Edited.size(); n > maxFiles {
		return Change{}, &Refused{0, fmt.Sprintf("Các mục đã sửa cộng lại quá %d KB. Nhờ người vận hành đưa chúng vào bản cài đặt.", maxFiles>>10)}
	}
	d, err := cut(text, k.key)
	if err != nil {
		return Change{}, broken(file, err)
	}
	if span, there := d.span(id); there {
		c.First, c.Last = span.from+1, span.to
	}
	return c, nil
}

// heading is the beginning of a file of edits.
const heading = "# Các mục đã sửa ở bàn làm việc (/console/content). Mục cùng id ở đây thay cho mục có sẵn.\n"

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// Beside gives the line of an entry that a problem is about: the one that is
// named, else the one that has what the problem quotes, else the first. False:
// the problem is not about this entry.
func (c Change) Beside(p content.Problem) (line int, about bool) {
	if c.First == 0 || p.File != c.File || p.Line < c.First || p.Line > c.Last {
		return 0, false
	}
	lines := strings.Split(c.Edited[c.File], "\n")[c.First-1 : c.Last]
	line = p.Line - c.First + 1
	begins := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(strings.TrimSpace(l), "-") }) + 1
	if line != begins {
		return line, true
	}
	// The check knows where an entry begins, and quotes what it does not like.
	for i, part := range strings.Split(p.What, `"`) {
		if i%2 == 0 || len(part) < 2 {
			continue
		}
		for n, l := range lines {
			if n+1 > begins && strings.Contains(l, part) {
				return n + 1, true
			}
		}
	}
	return line, true
}
