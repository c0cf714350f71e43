package console

import (
	"errors"

	"nghe/broadcast"
	"nghe/course"
	"nghe/staff"
)

// newBroadcast shows where an announcement is written; a class may be given in
// the address, as what it announces or, with cancelled, as whose people it is
// for.
func (c *Console) newBroadcast(v *visit) error {
	l := broadcast.Letter{}
	if k := c.Courses().Course(v.FormValue("course")); k != nil {
		if k.Status == course.Cancelled {
			l.Text = "Lớp “" + k.Title + "” không mở nữa. Có lớp khác phù hợp, chúng tôi sẽ báo."
			l.Audience.Course = k.ID
		} else {
			l.Course = k.ID
			if k.Place != "" {
				l.Audience.Places, l.Audience.Near = []string{k.Place}, v.me().Scope.Province
			}
			if k.Trade != "" {
				l.Audience.Trades = []string{k.Trade}
			}
		}
	} else if !v.me().Scope.Province {
		l.Audience.Places = v.me().Scope.Places
	}
	return c.letterPage(v, c.formOf(l), "", c.page)
}

func (c *Console) letterPage(v *visit, f Form, id string, show func(*visit, string, string, any) error) error {
	p := c.letterForm(v, f, id)
	var err error
	if p.Reach, err = c.reach(v, f); err != nil {
		return err
	}
	title := "Soạn thông báo"
	if id != "" {
		title = "Sửa thông báo"
	}
	return show(v, "letter", title, p)
}

// showReach shows whom what is chosen would reach, while it is chosen.
func (c *Console) showReach(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	r, err := c.reach(v, f)
	if err != nil {
		return err
	}
	return c.part(v, "letter", "chosen", r)
}

// addBroadcast keeps an announcement as a draft: it is looked at once more
// before anything is sent.
func (c *Console) addBroadcast(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	l := c.letter(&f)
	if f.Get("look") != "" || f.Bad() { // without scripts: only look
		if f.Bad() {
			return c.letterPage(v, f, "", c.again)
		}
		return c.letterPage(v, f, "", c.page)
	}
	l.Draft = true
	made, err := c.Broadcasts.New(v.Context(), l, c.by(v, l.Audience, "broadcast.new", c.told), c.Now())
	switch {
	case refuseLetter(&f, err):
		return c.letterPage(v, f, "", c.again)
	case err != nil:
		return err
	case made.Duplicate:
		return sendOn(v, "/console/broadcasts/"+made.ID, "broadcast-same")
	}
	return sendOn(v, "/console/broadcasts/"+made.ID, "")
}

// told names a broadcast for the books.
func (c *Console) told(b *broadcast.Broadcast) string {
	what := b.Text
	if what == "" {
		what = c.courseTitle(b.Course)
	}
	return brief(what) + " (" + b.Audience.Sentence(c.Library(), c.Courses(), c.Zone) + ")"
}

// noteBroadcast notes what is looked at or taken away, which changes nothing.
func (c *Console) noteBroadcast(v *visit, did string, b *broadcast.Broadcast, detail string) error {
	return c.Records.PutEntry(v.Context(), c.entry(v, did, "broadcast:"+b.ID, detail))
}

// broadcast gives the announcement of the path.
func (c *Console) broadcast(v *visit) (*broadcast.Broadcast, error) {
	b, err := c.Broadcasts.Records.Broadcast(v.Context(), v.PathValue("id"))
	switch {
	case err != nil:
		return nil, err
	case b == nil:
		return nil, errMissing
	}
	return b, nil
}

// mine gives the announcement of the path if who asks may do that with it:
// where its people are, or it is their own.
func (c *Console) mine(v *visit, a staff.Action) (*broadcast.Broadcast, error) {
	b, err := c.broadcast(v)
	if err != nil {
		return nil, err
	}
	return b, c.mayBroadcast(v.me(), a, b)
}

func (c *Console) mayBroadcast(m staff.Member, a staff.Action, b *broadcast.Broadcast) error {
	return staff.AllowedOf(m, a, b.Author, b.Audience.Where(c.Library(), c.Courses()))
}

// editBroadcast shows the form of an announcement that was not begun.
func (c *Console) editBroadcast(v *visit) error {
	b, err := c.mine(v, staff.NewBroadcast)
	if err != nil {
		return err
	}
	return c.letterPage(v, c.formOf(letterOf(b)), b.ID, c.page)
}

// changeBroadcast puts another text or audience in its place; a yes that was
// given is void.
func (c *Console) changeBroadcast(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	b, err := c.mine(v, staff.NewBroadcast)
	if err != nil {
		return err
	}
	l := c.letter(&f)
	if f.Bad() {
		return c.letterPage(v, f, b.ID, c.again)
	}
	if f.Get("look") != "" {
		return c.letterPage(v, f, b.ID, c.page)
	}
	l.Draft, l.Options = true, b.Options
	_, err = c.Broadcasts.Edit(v.Context(), b.ID, l, c.by(v, l.Audience, "broadcast.edit", c.told), c.Now())
	switch {
	case refuseLetter(&f, err):
		return c.letterPage(v, f, b.ID, c.again)
	case err != nil:
		return err
	}
	return sendOn(v, "/console/broadcasts/"+b.ID, "broadcast-edit")
}

// steer does something with an announcement, and says what can't be done. Done is
// the word of what was.
func (c *Console) steer(v *visit, a staff.Action, do func(*broadcast.Broadcast) (done string, err error)) error {
	b, err := c.mine(v, a)
	if err != nil {
		return err
	}
	done, err := do(b)
	var refused *broadcast.Refused
	switch {
	case errors.As(err, &refused):
		return &staff.Wrong{Text: sentence(refused.Why)}
	case err != nil:
		return err
	}
	return sendOn(v, "/console/broadcasts/"+b.ID, done)
}
