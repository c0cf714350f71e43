package console

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"nghe/draft"
	"nghe/release"
)

// releaseList is the page of what was changed, the newest first.
type releaseList struct {
	Rows []releaseRow
	Next int64 // number before which the next page begins; 0: none
}

// releaseRow is one change.
type releaseRow struct {
	release.Release
	What string // that was changed, in words
	Path string // of it; "" none
}

// releasePage is one change.
type releasePage struct {
	Form
	releaseRow
	Changed []changedText
	Last    bool // it is the newest
}

// changedText is an entry, or a file, before and after.
type changedText struct {
	Name  string
	Lines []draft.Line
}

// listReleases shows who changed what, and why.
func (c *Console) listReleases(v *visit) error {
	const atATime = 40
	before, _ := strconv.ParseInt(v.FormValue("before"), 10, 64) // else the newest
	all, err := c.Editing.Records.Releases(v.Context(), before, atATime+1)
	if err != nil {
		return err
	}
	var p releaseList
	if len(all) > atATime {
		all = all[:atATime]
		p.Next = all[atATime-1].Number
	}
	for _, r := range all {
		p.Rows = append(p.Rows, rowOf(r))
	}
	return c.page(v, "releases", "Lịch sử nội dung", p)
}

func rowOf(r release.Release) releaseRow {
	row := releaseRow{Release: r}
	kind, id, _ := strings.Cut(r.About, ":")
	switch _, ok := release.KindOf(kind); {
	case ok:
		row.What, row.Path = kindWords[kind].One+" "+id, entryPath(kind, id)
	case r.About == "release:0":
		row.What = "Quay lại nội dung có sẵn"
	case kind == "release":
		row.What, row.Path = "Quay lại như sau bản "+id, "/console/content/history/"+id
	default:
		row.What = "Tệp trong thư mục nội dung"
	}
	return row
}

// showRelease shows what one change was. 0 is before the first.
func (c *Console) showRelease(v *visit) error { return c.releasePage(v, Form{}, c.page) }

func (c *Console) releasePage(v *visit, f Form, show func(*visit, string, string, any) error) error {
	number, err := strconv.ParseInt(v.PathValue("id"), 10, 64)
	if err != nil || number < 0 {
		return errMissing
	}
	last, err := c.Editing.Records.LastRelease(v.Context())
	if err != nil {
		return err
	}
	p := releasePage{Form: f, Last: number == last}
	if number == 0 {
		p.What = "Nội dung có sẵn, trước mọi lần sửa"
		return show(v, "release", "Trước bản 1", p)
	}
	r, err := c.Editing.Records.Release(v.Context(), number)
	if err != nil {
		return err
	}
	if r == nil {
		return errMissing
	}
	p.releaseRow = rowOf(*r)
	was, err := c.Editing.Records.EditedFiles(v.Context(), number-1)
	if err != nil {
		return err
	}
	is, err := c.Editing.Records.EditedFiles(v.Context(), number)
	if err != nil {
		return err
	}
	if p.Changed, err = c.changedEntry(*r, was, is); err != nil {
		return err
	}
	if p.Changed == nil {
		p.Changed = changedFiles(was, r.Files)
	}
	return show(v, "release", "Bản "+strconv.FormatInt(number, 10), p)
}

// changedEntry tells what a change was to the entry that it is about, against
// what lies beneath where nobody had edited it; nil when it is about more.
func (c *Console) changedEntry(r release.Release, was, is release.Files) ([]changedText, error) {
	kind, id, _ := strings.Cut(r.About, ":")
	k, ok := release.KindOf(kind)
	if !ok {
		return nil, nil
	}
	text := func(edited release.Files) (string, error) {
		e, err := release.Shelf{Base: c.Editing.Base, Edited: edited}.Entry(k, id)
		if errors.Is(err, release.ErrNone) {
			return "", nil
		}
		return e.Text, err
	}
	before, err := text(was)
	if err != nil {
		return nil, err
	}
	after, err := text(is)
	if err != nil {
		return nil, err
	}
	return []changedText{{id, draft.Near(draft.Lines(before, after), around)}}, nil
}

// changedFiles tells which lines of files are others.
func changedFiles(was, is release.Files) (all []changedText) {
	begins := func(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "- id:") }
	for _, path := range slices.Sorted(maps.Keys(is)) {
		all = append(all, changedText{path, draft.Around(draft.Lines(was[path], is[path]), begins)})
	}
	return all
}

// restoreRelease makes everything edited what it was after that change.
func (c *Console) restoreRelease(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(v.PathValue("id"), 10, 64)
	if err != nil || number < 0 {
		return errMissing
	}
	_, err = c.Editing.Restore(v.Context(), v.me(), number, f.Get("why"))
	var unsound *release.Unsound
	switch {
	case err == nil:
		return sendOn(v, "/console/content/history", "content-back")
	case errors.As(err, &unsound):
		f.note("", "Bản đó không còn dùng được với nội dung có sẵn bây giờ, nên chưa quay lại. Chỗ vướng đầu tiên: "+problemText(unsound.Problems[0]))
	case !f.refuse(err):
		return err
	}
	return c.releasePage(v, f, c.again)
}
