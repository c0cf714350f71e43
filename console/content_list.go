package console

import (
	"slices"
	"strings"

	"nghe/content"
	"nghe/release"
	"nghe/staff"
	"nghe/viet"
)

// contentList is the page of all entries of a kind.
type contentList struct {
	Kind  string
	Kinds []contentKind
	Q     string
	Rows  []contentRow
	New   bool // there may be new ones
	// Refused are why what was edited is not told; Edited counts it.
	Refused []string
	Edited  int
	Folder  bool
}

type contentKind struct {
	ID, Label string
	Count     int
	Here      bool
}

// contentRow is one entry.
type contentRow struct {
	release.Entry
	Name string
}

// rank puts what should be looked at first, then what was edited.
func (r contentRow) rank() int {
	switch {
	case r.Stale:
		return 0
	case r.Edited:
		return 1
	}
	return 2
}

// listContent shows what may be edited.
func (c *Console) listContent(v *visit) error {
	shelf, _, err := c.Editing.Shelf(v.Context())
	if err != nil {
		return err
	}
	p := contentList{Kind: or(v.FormValue("kind"), "topic"), Q: strings.TrimSpace(v.FormValue("q")), Folder: c.Editing.Folder != nil}
	if _, ok := release.KindOf(p.Kind); !ok {
		return errMissing
	}
	_, p.New = beginnings[p.Kind]
	for _, k := range release.Kinds {
		all, err := shelf.Entries(k)
		if err != nil {
			return err
		}
		p.Kinds = append(p.Kinds, contentKind{k.ID, kindWords[k.ID].All, len(all), k.ID == p.Kind})
		for _, e := range all {
			if e.Edited {
				p.Edited++
			}
			// Who looks for something looks in everything.
			if found := p.Q == "" && k.ID == p.Kind || p.Q != "" && strings.Contains(viet.Fold(e.Text), viet.Fold(p.Q)); found {
				p.Rows = append(p.Rows, contentRow{e, nameOf(e)})
			}
		}
	}
	slices.SortStableFunc(p.Rows, func(a, b contentRow) int { return a.rank() - b.rank() })
	if lib, problems := shelf.Load(); lib == nil {
		for _, x := range content.Errors(problems) {
			p.Refused = append(p.Refused, x.File+": "+problemText(x))
		}
	}
	return c.page(v, "contents", "Nội dung", p)
}

// newContent goes to the page of an entry that is not there yet.
func (c *Console) newContent(v *visit) error {
	kind, id := v.FormValue("kind"), strings.TrimSpace(v.FormValue("id"))
	if _, ok := beginnings[kind]; !ok || !newID.MatchString(id) {
		return &staff.Wrong{Text: "Mã của mục mới gồm chữ thường không dấu, số, dấu chấm hoặc gạch nối, ví dụ support.oto. Anh/chị quay lại và ghi mã khác."}
	}
	return sendOn(v, entryPath(kind, id)+"?"+v.URL.RawQuery, "")
}
