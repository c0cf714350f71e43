package console

import (
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"nghe/bot"
	"nghe/content"
	"nghe/draft"
	"nghe/release"
)

// contentForm is the page on which an entry is edited.
type contentForm struct {
	Form
	release.Entry
	Label, Name string
	Text        string // as it stands in the form
	Lines       int
	New         bool
	Beneath     []draft.Line // the edit against what lies beneath, where both changed
	Marks       []mark       // lines with something wrong
	Else        []string     // what goes wrong elsewhere
	Tried       *tried       // nil: not yet, or it can't be
	Said        []draft.Said // in the talk
}

// mark is what the check says beside a line; Line 0 is about the whole.
type mark struct {
	Line       int
	Text, What string
}

// tried is what a draft alters.
type tried struct {
	draft.Differences
	Entry []draft.Line // the entry itself
	Rests []string     // on the fact
	Shown []Said       // on channels
	Turns []draft.Turn
	Out   int // transcripts there are
}

// around is how many lines stand with those that differ.
const around = 2

// newID is how an entry may be called.
var newID = regexp.MustCompile(`^[a-z][a-z0-9]*([.-][a-z0-9]+)*$`)

func entryPath(kind, id string) string { return "/console/content/" + kind + "/" + url.PathEscape(id) }

// editContent shows an entry. With a way of asking in the address it stands in
// the entry already, and what that alters is shown.
func (c *Console) editContent(v *visit) error {
	e, err := c.entryOf(v)
	if err != nil {
		return err
	}
	f := Form{}
	if ask := strings.TrimSpace(v.FormValue("ask")); ask != "" && e.Kind.Understood() {
		text, err := release.Append(or(e.Text, fresh(e)), "asks", cutTo(ask, longestSaid))
		if err != nil {
			return err
		}
		f.Values = url.Values{"text": {text}, "seen": {e.Version()}}
		if e.Text != "" {
			return c.contentPage(v, f, e, true, c.page)
		}
	}
	return c.contentPage(v, f, e, false, c.page)
}

// tryContent shows what an edit would alter; nothing of it is kept.
func (c *Console) tryContent(v *visit) error {
	f, e, err := c.editOf(v)
	if err != nil {
		return err
	}
	return c.contentPage(v, f, e, true, c.page)
}

// editOf gives the form of an edit and the entry that it is for.
func (c *Console) editOf(v *visit) (Form, release.Entry, error) {
	f, err := read(v)
	if err != nil {
		return f, release.Entry{}, err
	}
	e, err := c.entryOf(v)
	return f, e, err
}

// entryOf gives the entry of the path as it is now; one without a text is not
// there, and might be.
func (c *Console) entryOf(v *visit) (release.Entry, error) {
	k, ok := release.KindOf(v.PathValue("kind"))
	if !ok {
		return release.Entry{}, errMissing
	}
	shelf, _, err := c.Editing.Shelf(v.Context())
	if err != nil {
		return release.Entry{}, err
	}
	id := v.PathValue("id")
	e, err := shelf.Entry(k, id)
	if errors.Is(err, release.ErrNone) {
		if beginnings[k.ID] == "" || !newID.MatchString(id) || len(id) > 80 {
			return e, errMissing
		}
		return release.Entry{Kind: k, ID: id}, nil
	}
	return e, err
}

// fresh is how an entry begins that is not there yet.
func fresh(e release.Entry) string {
	return content.Fill(beginnings[e.Kind.ID], "{id}", e.ID)
}

// contentPage shows the form; with try also what the draft in it alters.
func (c *Console) contentPage(v *visit, f Form, e release.Entry, try bool, show func(*visit, string, string, any) error) error {
	p := contentForm{Form: f, Entry: e, Label: kindWords[e.Kind.ID].One, Name: nameOf(e), New: e.Text == ""}
	p.Text = or(e.Text, fresh(e))
	if f.Values != nil {
		p.Text = strings.ReplaceAll(f.Get("text"), "\r\n", "\n")
	} else {
		p.Values = url.Values{"seen": {e.Version()}}
	}
	p.Lines = min(40, max(8, strings.Count(p.Text, "\n")+3))
	if e.Stale {
		if err := c.showBeneath(v, &p); err != nil {
			return err
		}
	}
	if try {
		if err := c.try(v, &p); err != nil {
			return err
		}
	}
	return show(v, "content", or(p.Name, p.ID), p)
}

// showBeneath puts what an upgrade brought beside the edit.
func (c *Console) showBeneath(v *visit, p *contentForm) error {
	shelf, _, err := c.Editing.Shelf(v.Context())
	if err != nil {
		return err
	}
	beneath, err := shelf.Beneath(p.Kind, p.ID)
	if err == nil {
		p.Beneath = draft.Near(draft.Lines(beneath.Text, p.Entry.Text), around)
	}
	return err
}

// try checks the draft of a form and, if it is sound, tells what it alters.
func (c *Console) try(v *visit, p *contentForm) error {
	shelf, _, err := c.Editing.Shelf(v.Context())
	if err != nil {
		return err
	}
	change, err := shelf.Put(p.Kind, p.ID, p.Text)
	var refused *release.Refused
	if errors.As(err, &refused) {
		p.refuseLine(refused.Line, refused.Why)
		return nil
	}
	if err != nil {
		return err
	}
	lib, problems := change.Load()
	if lib == nil {
		p.refuseAll(change, content.Errors(problems))
		return nil
	}
	m := c.Bench.Draft(lib, p.Kind.Understood())
	at := c.Now().In(c.Zone)
	p.Tried = &tried{Differences: c.Bench.Compare(m, at), Entry: draft.Near(draft.Lines(p.Entry.Text, p.Text), around), Out: draft.Transcripts()}
	if p.Kind.ID == "fact" {
		p.Tried.Rests = draft.Rests(lib, p.ID)
	}
	if p.Said = talkSoFar(p.Form); len(p.Said) > 0 {
		p.Tried.Turns = m.Talk(p.Said, at)
	}
	p.Tried.Shown = sameOn(c.Render(c.heard(m, p.Entry)))
	return nil
}

// refuseLine notes what is wrong with a line.
func (p *contentForm) refuseLine(line int, why string) {
	m := mark{Line: line, What: why}
	if lines := strings.Split(p.Text, "\n"); line > 0 && line <= len(lines) {
		m.Text = lines[line-1]
	}
	p.Marks = append(p.Marks, m)
	p.note("", "Chưa dùng được. Bot vẫn nói như cũ; anh/chị sửa các chỗ ghi dưới đây rồi xem lại.")
}

// refuseAll notes what the check says, beside the line or as something elsewhere.
func (p *contentForm) refuseAll(change release.Change, problems []content.Problem) {
	for _, x := range problems {
		if line, about := change.Beside(x); about {
			p.refuseLine(line, problemText(x))
			continue
		}
		p.note("", "Chưa dùng được: sửa như vậy thì chỗ khác sai theo.")
		p.Else = append(p.Else, x.File+": "+problemText(x))
	}
	slices.SortStableFunc(p.Marks, func(a, b mark) int { return a.Line - b.Line })
}

// Limits of a talk with a draft.
const (
	mostSaid    = 40
	longestSaid = 500 // characters
)

// talkSoFar gives what was said in the talk, with what is said now. The page
// carries it: nothing is kept here.
func talkSoFar(f Form) (all []draft.Said) {
	if f.Has("anew", "yes") {
		return nil
	}
	texts, taps := f.Values["said"], f.Values["tapped"]
	for i, text := range texts {
		if i < len(taps) {
			all = append(all, draft.Said{Text: cutTo(text, longestSaid), Tap: cutTo(taps[i], longestSaid)})
		}
	}
	if tap := f.Get("tap"); tap != "" {
		target, label, _ := strings.Cut(tap, "\t") // a browser leaves it as it is
		all = append(all, draft.Said{Text: cutTo(label, longestSaid), Tap: cutTo(target, longestSaid)})
	} else if text := strings.TrimSpace(f.Get("say")); text != "" {
		all = append(all, draft.Said{Text: cutTo(text, longestSaid)})
	}
	return all[:min(len(all), mostSaid)]
}

func cutTo(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// heard is what people hear of an entry.
func (c *Console) heard(m *draft.Mind, e release.Entry) []bot.Bubble {
	at := c.Now().In(c.Zone)
	var pairs []string
	for name, word := range m.Library.Form("") {
		pairs = append(pairs, "{"+name+"}", word)
	}
	var all []bot.Bubble
	say := func(texts ...string) {
		for _, text := range texts {
			all = append(all, bot.Bubble{From: bot.FromBot, Text: strings.TrimSpace(content.Fill(text, pairs...))})
		}
	}
	switch e.Kind.ID {
	case "topic", "danger":
		return m.Told(e.ID, at)
	case "phrase":
		say(m.Library.Phrase(e.ID)...)
	case "fact":
		if f := m.Library.Fact(e.ID); f != nil {
			note, _ := m.Library.SourceNote([]string{e.ID}, at)
			say(f.Statement + "\n" + note)
		}
	case "reminder":
		if r := m.Library.Reminder(e.ID); r != nil {
			say(c.sampleOf(r))
		}
	case "canned":
		for _, x := range m.Library.Canned {
			if x.ID == e.ID {
				say(x.Text)
			}
		}
	}
	return all
}

// sameOn puts channels together on which it looks the same.
func sameOn(all []Said) (out []Said) {
	byChannel := map[string][]Said{}
	var channels []string
	for _, s := range all {
		if byChannel[s.Channel] == nil {
			channels = append(channels, s.Channel)
		}
		byChannel[s.Channel] = append(byChannel[s.Channel], s)
	}
	same := func(a, b []Said) bool {
		return slices.EqualFunc(a, b, func(x, y Said) bool { return x.Text == y.Text && slices.Equal(x.Buttons, y.Buttons) })
	}
	var kept []string
next:
	for _, name := range channels {
		for _, other := range kept {
			if same(byChannel[name], byChannel[other]) {
				i := slices.IndexFunc(out, func(s Said) bool { return s.Channel == other })
				out[i].Also = append(out[i].Also, name)
				continue next
			}
		}
		kept = append(kept, name)
		out = append(out, byChannel[name]...)
	}
	return out
}
