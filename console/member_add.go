package console

import "nghe/staff"

// newMember shows an empty form.
func (c *Console) newMember(v *visit) error {
	return c.page(v, "member", "Thêm cán bộ", c.memberForm(v, Form{}, staff.Member{}))
}

// addMember adds a member and shows the link for them.
func (c *Console) addMember(v *visit) error {
	f, err := read(v)
	if err != nil {
		return err
	}
	m, link, err := c.Desk.Invite(v.Context(), v.me(), told(f))
	switch {
	case f.refuse(err):
		return c.again(v, "member", "Thêm cán bộ", c.memberForm(v, f, staff.Member{}))
	case err != nil:
		return err
	}
	// Shown at once and kept nowhere: only its hash is.
	p := c.memberForm(v, Form{}, m)
	p.Link = c.base(v) + "/console/invitation/" + link
	return c.page(v, "member", m.Name, p)
}
