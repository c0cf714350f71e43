package console

import "time"

// keepCanned keeps an answer of one's own; in the place of one of the same name.
func (c *Console) keepCanned(v *visit) error {
	return c.changeCanned(v, "canned-keep", func(f *Form, now time.Time) error {
		return c.Cases.KeepCanned(v.Context(), v.me(), f.Get("canned_title"), f.Get("canned_text"), now)
	})
}

// dropCanned removes one.
func (c *Console) dropCanned(v *visit) error {
	return c.changeCanned(v, "canned-drop", func(f *Form, _ time.Time) error {
		_, err := c.Cases.DropCanned(v.Context(), v.me(), f.Get("title"))
		return err
	})
}

// changeCanned changes one's own answers and shows all that can be put into an
// answer again: alone where it stands beside a case.
func (c *Console) changeCanned(v *visit, done string, do func(*Form, time.Time) error) error {
	k, err := c.Cases.Get(v.Context(), v.PathValue("id"), v.me())
	if err != nil {
		return missingCase(err)
	}
	f, err := read(v)
	if err != nil {
		return err
	}
	err = do(&f, c.Now())
	if text, refused := refusedCase(err); refused {
		f.note("canned_text", text)
	} else if err != nil {
		return err
	}
	part := v.FormValue("part") != ""
	if !f.Bad() && !part {
		return sendOn(v, casePath(k.ID)+"/attach", done)
	}
	if !f.Bad() {
		f = Form{}
	}
	p, err := c.attachmentsOf(v, k, f)
	if err != nil {
		return err
	}
	if part {
		return c.part(v, "attach", "attachments", p)
	}
	return c.again(v, "attach", "Chèn vào câu trả lời", p)
}
